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
			{Key: "priority", Type: FieldChoice, Choices: []string{"low", "medium", "high", "urgent"}},
			{Key: "remind_at", Type: FieldTime},
			{Key: "until_reply", Type: FieldCheckbox}, // it waits until somebody it is about writes
			{Key: "snoozed_until", Type: FieldTime},   // it is out of sight until then
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

// Comment is what people of the workspace say to each other about any records.
func Comment() Noun {
	return Noun{
		Kind: KindComment, Plural: "comments", Prefix: "cmt", Activity: true, Title: "title",
		Fields: []Field{
			{Key: "title", Type: FieldText},
			{Key: "text", Type: FieldLongText, Required: true},
			{Key: "mentions", Type: FieldUser, Many: true}, // who is told of it
			{Key: "records", Type: FieldRelation, Many: true},
		},
	}
}

// Meeting is an appointment with people of any records. One that came by mail as
// a calendar file follows its invitation: see Invite.
func Meeting() Noun {
	return Noun{
		Kind: KindMeeting, Plural: "meetings", Prefix: "mee", Activity: true, Title: "title",
		Fields: []Field{
			{Key: "title", Type: FieldText, Required: true},
			{Key: "started", Type: FieldTime, Required: true},
			{Key: "ends", Type: FieldTime},
			{Key: "all_day", Type: FieldCheckbox},
			{Key: "place", Type: FieldText},
			{Key: "status", Type: FieldChoice, Choices: []string{MeetingPlanned, "held", "not_held", MeetingCancelled}},
			{Key: "organizer", Type: FieldEmail},
			{Key: "attendees", Type: FieldEmail, Many: true},
			{Key: "attendance", Type: FieldChoice, Choices: Answers()}, // of our own people, the best of them
			{Key: "about", Type: FieldLongText},
			{Key: "records", Type: FieldRelation, Many: true},
			{Key: "proposed", Type: FieldTime, System: true}, // another time, which somebody who is invited asks for
			{Key: "proposed_ends", Type: FieldTime, System: true},
			{Key: "proposed_by", Type: FieldEmail, System: true},
			{Key: "proposed_of", Type: FieldTime, System: true},         // the one of a series that it is asked for
			{Key: "uid", Type: FieldText, System: true},                 // of the invitation
			{Key: "sequence", Type: FieldNumber, System: true},          // its revision
			{Key: "stamped", Type: FieldTime, System: true},             // when that was made
			{Key: "answers", Type: FieldText, Many: true, System: true}, // a MeetingAnswer each
			{Key: "revisions", Type: FieldText, Many: true, System: true},
			{Key: "off", Type: FieldText, Many: true, System: true}, // the revision that called it off
			{Key: "called_off", Type: FieldText, System: true},
			{Key: "counter", Type: FieldLongText, System: true}, // the latest proposal
			{Key: "named", Type: FieldLongText, System: true},   // title and place as they were put
			// Of a series, which stands at one of its times; see Series.
			{Key: "first", Type: FieldTime, System: true},
			{Key: "first_ends", Type: FieldTime, System: true},
			{Key: "zone", Type: FieldText, System: true},
			{Key: "repeats", Type: FieldText, System: true},
			{Key: "except", Type: FieldText, Many: true, System: true},
			{Key: "besides", Type: FieldText, Many: true, System: true},
			{Key: "occurrences", Type: FieldText, Many: true, System: true}, // an Occurrence each
			{Key: "over", Type: FieldTime, System: true},                    // when it goes on to the next time
		},
		Check: func(r *Record) error {
			if end := r.When("ends"); end != 0 && end < r.When("started") {
				return Errorf(Invalid, "crm.Meeting", "a meeting ends after it began").WithField("ends")
			}
			return nil
		},
	}
}
