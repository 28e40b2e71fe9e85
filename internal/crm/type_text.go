package crm

import "strings"

// textType is one line of text.
func textType() fieldType {
	return texted("text", func(_ Field, raw any) (any, error) {
		s, err := textOf(raw, maxLine)
		return some(strings.Join(strings.Fields(s), " "), err)
	})
}
