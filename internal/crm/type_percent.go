package crm

import "strings"

// percentDigits is how many decimals a percentage has.
const percentDigits = 2

// percentType is a percentage, a float64: 12.5 is 12.5 %.
func percentType() fieldType {
	return fieldType{widget: "percent", compare: compareNumbers, format: formatNumber,
		parse: func(_ Field, raw any) (any, error) {
			if s, ok := raw.(string); ok {
				raw = strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(s), "%"))
			}
			return parseDecimal(raw, percentDigits)
		}}
}
