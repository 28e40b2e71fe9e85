package crm

// currencyCodeType is a Currency: the code alone, without an amount.
func currencyCodeType() fieldType { return texted("currency_code", viaText(ParseCurrency)) }
