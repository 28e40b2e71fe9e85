package crm

// domainType is a Domain.
func domainType() fieldType { return texted("domain", viaText(ParseDomain)) }
