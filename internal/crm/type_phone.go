package crm

import "slices"

// phoneType is a Phone in E.164. One without a country code is of the home of the
// workspace.
func phoneType() fieldType {
	return texted("phone", func(f Field, raw any) (any, error) {
		if s, ok := raw.(string); ok && slices.Contains(f.Kept, s) {
			return s, nil
		}
		return viaText(func(s string) (Phone, error) { return ParsePhone(s, f.Home) })(f, raw)
	})
}
