package crm

// phoneType is a Phone in E.164.
func phoneType() fieldType { return texted("phone", viaText(ParsePhone)) }
