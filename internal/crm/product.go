package crm

// Product is something that is sold, by a number that no other has.
func Product() Noun {
	return Noun{
		Kind: KindProduct, Plural: "products", Prefix: "prd", Title: "name",
		Fields: []Field{
			{Key: "name", Type: FieldText, Required: true},
			{Key: "sku", Type: FieldText, Unique: true},
			{Key: "unit", Type: FieldText},
			{Key: "price", Type: FieldMoney},
			{Key: "tax", Type: FieldPercent},
			{Key: "active", Type: FieldCheckbox, Default: true},
			{Key: "about", Type: FieldLongText},
			{Key: "owner", Type: FieldUser},
		},
	}
}
