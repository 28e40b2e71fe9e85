package crm

import (
	"slices"
	"strings"
)

// tagsType is any number of free words, []string in order of the alphabet.
func tagsType() fieldType {
	return fieldType{widget: "tags", list: true, format: formatList,
		parse: func(_ Field, raw any) (any, error) {
			one := func(s string) (string, error) { return strings.Join(strings.Fields(s), " "), nil }
			list, err := listOf(raw, one)
			if all := strings.Join(list, ";"); err == nil && strings.Count(all, ";") >= len(list) { // as text they are several
				list, err = listOf(all, one)
			}
			slices.Sort(list)
			return someList(list, err)
		}}
}

// listOf reads a list of texts, or one text with semicolons between them, and
// leaves out what is empty or said twice.
func listOf(raw any, one func(string) (string, error)) ([]string, error) {
	var items []any
	switch v := raw.(type) {
	case []any:
		items = v
	case []string:
		for _, s := range v {
			items = append(items, s)
		}
	case string:
		for s := range strings.SplitSeq(v, ";") {
			items = append(items, s)
		}
	default:
		return nil, Errorf(Invalid, "crm.Field", "this takes a list of texts, not %s", shapeOf(raw))
	}
	if len(items) > maxList {
		return nil, Errorf(TooLarge, "crm.Field", "at most %d values", maxList)
	}
	var out []string
	for _, x := range items {
		s, err := textOf(x, maxLine)
		if err == nil {
			s, err = one(s)
		}
		if err != nil {
			return nil, err
		}
		if s != "" && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out, nil
}

// someList turns an empty list into nil.
func someList(list []string, err error) (any, error) {
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return list, nil
}

func formatList(_ Field, v any) string {
	list, _ := v.([]string)
	return strings.Join(list, "; ")
}
