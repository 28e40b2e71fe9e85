package crm

// emailType is an Address.
func emailType() fieldType { return texted("email", viaText(ParseAddress)) }
