package crm

// Ticket is a request of somebody for help, with a number of its own.
func Ticket() Noun {
	n := Noun{
		Kind: KindTicket, Plural: "tickets", Prefix: "tic", Title: "name", Staged: true,
		Fields: []Field{
			{Key: "name", Type: FieldText, Required: true},
			{Key: "number", Type: FieldAutoNumber},
			{Key: "type", Type: FieldChoice, Choices: []string{"question", "incident", "problem", "request"}},
			{Key: "category", Type: FieldText},
			{Key: "company", Type: FieldRelation, To: KindCompany},
			{Key: "contacts", Type: FieldRelation, To: KindContact, Many: true},
			{Key: "owner", Type: FieldUser},
			{Key: "about", Type: FieldLongText},
		},
	}
	return n.with(staged()...)
}
