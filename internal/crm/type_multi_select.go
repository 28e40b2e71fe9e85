package crm

import (
	"cmp"
	"slices"
)

// multiSelectType is any of the field's choices, []string in their order.
func multiSelectType() fieldType {
	return fieldType{widget: "multiselect", list: true, check: checkChoices, format: formatList,
		parse: func(f Field, raw any) (any, error) {
			list, err := listOf(raw, func(s string) (string, error) {
				_, err := parseChoice(f, s)
				return s, err
			})
			slices.SortFunc(list, func(a, b string) int {
				return cmp.Compare(slices.Index(f.Choices, a), slices.Index(f.Choices, b))
			})
			return someList(list, err)
		}}
}
