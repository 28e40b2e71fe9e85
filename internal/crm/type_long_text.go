package crm

// longTextType is text of any number of lines.
func longTextType() fieldType {
	return texted("textarea", func(_ Field, raw any) (any, error) { return some(textOf(raw, maxText)) })
}
