package crm

// Task is something to do by a date, about any records.
func Task() Noun {
	return Noun{
		Kind: KindTask, Plural: "tasks", Prefix: "tas", Activity: true, Title: "title",
		Fields: []Field{
			{Key: "title", Type: FieldText, Required: true},
			{Key: "about", Type: FieldLongText},
			{Key: "due", Type: FieldDate},
			{Key: "status", Type: FieldChoice, Choices: []string{"todo", "in_progress", "done", "cancelled"}},
			{Key: "done_at", Type: FieldTime},
			{Key: "assignee", Type: FieldUser},
			{Key: "records", Type: FieldRelation, Many: true},
		},
	}
}

// Note is a remark about any records.
func Note() Noun {
	return Noun{
		Kind: KindNote, Plural: "notes", Prefix: "not", Activity: true, Title: "title",
		Fields: []Field{
			{Key: "title", Type: FieldText},
			{Key: "text", Type: FieldLongText, Required: true},
			{Key: "records", Type: FieldRelation, Many: true},
		},
	}
}

// Call is a telephone call with people of any records.
func Call() Noun {
	return Noun{
		Kind: KindCall, Plural: "calls", Prefix: "cal", Activity: true, Title: "title",
		Fields: []Field{
			{Key: "title", Type: FieldText},
			{Key: "direction", Type: FieldChoice, Choices: []string{"inbound", "outbound"}},
			{Key: "started", Type: FieldTime, Required: true},
			{Key: "seconds", Type: FieldNumber},
			{Key: "outcome", Type: FieldText},
			{Key: "about", Type: FieldLongText},
			{Key: "records", Type: FieldRelation, Many: true},
		},
	}
}
