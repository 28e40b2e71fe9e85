package crm

// Company is an organisation outside the workspace. Its domains are identities:
// mail of anybody at one of them belongs to it. Free-mail domains are refused
// by package records, because anybody may be there.
func Company() Noun {
	return Noun{
		Kind: KindCompany, Plural: "companies", Prefix: "com", Title: "name",
		Fields: []Field{
			{Key: "name", Type: FieldText, Required: true},
			{Key: "domains", Type: FieldDomain, Many: true},
			{Key: "phones", Type: FieldPhone, Many: true},
			{Key: "website", Type: FieldURL},
			{Key: "country", Type: FieldText},
			{Key: Lifecycle, Type: FieldChoice, Choices: lifecycles()},
			{Key: "owner", Type: FieldUser},
			{Key: "about", Type: FieldLongText},
			{Key: "former", Type: FieldText, Many: true, System: true}, // tokens held in the past
		},
	}
}
