package crm

import "strconv"

// autoNumberType is a number that the program gives once, an int64: no two
// records of a kind have the same; there may be gaps.
func autoNumberType() fieldType {
	return fieldType{widget: "auto_number", compare: compareNumbers,
		parse: func(f Field, raw any) (any, error) {
			f.Digits = 0
			return parseNumber(f, raw)
		},
		format: func(_ Field, v any) string {
			n, _ := v.(int64)
			return strconv.FormatInt(n, 10)
		}}
}
