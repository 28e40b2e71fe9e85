package crm

// Contact is a person outside the workspace, with any number of addresses and
// phones; each address and phone is an identity that the contact holds.
func Contact() Noun {
	return Noun{
		Kind: KindContact, Plural: "contacts", Prefix: "con", Title: "name",
		Fields: []Field{
			{Key: "name", Type: FieldText, Personal: true},
			{Key: "title", Type: FieldText},
			{Key: "emails", Type: FieldEmail, Many: true, Personal: true},
			{Key: "phones", Type: FieldPhone, Many: true, Personal: true},
			{Key: "company", Type: FieldRelation, To: KindCompany},
			{Key: Lifecycle, Type: FieldChoice, Choices: lifecycles()},
			{Key: "owner", Type: FieldUser},
			{Key: "about", Type: FieldLongText},
			{Key: "former", Type: FieldText, Many: true, System: true}, // tokens held in the past
		},
		Check: func(r *Record) error {
			if r.Text("name") == "" && len(r.List("emails")) == 0 {
				return Errorf(Invalid, "crm.Contact", "a contact needs a name or an address").WithField("name")
			}
			return nil
		},
	}
}
