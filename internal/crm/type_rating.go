package crm

// maxRating is the longest scale.
const maxRating = 10

// ratingType is a number of stars, an int64 from 1 to the field's Max (5 when
// it says nothing).
func ratingType() fieldType {
	return fieldType{widget: "rating", compare: compareNumbers, format: plainText,
		check: func(f Field) error {
			if f.Max < 0 || f.Max > maxRating {
				return Errorf(Invalid, "crm.Field", "a rating has at most %d steps", maxRating).WithField("max")
			}
			return nil
		},
		parse: func(f Field, raw any) (any, error) {
			f.Digits = 0
			v, err := parseNumber(f, raw)
			top := int64(f.Max)
			if top == 0 {
				top = 5
			}
			if n, ok := v.(int64); ok && (n < 1 || n > top) {
				return nil, Errorf(Invalid, "crm.Field", "this takes a number from 1 to %d", top)
			}
			return v, err
		}}
}
