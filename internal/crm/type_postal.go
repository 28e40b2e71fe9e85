package crm

import (
	"slices"
	"strings"
)

// postalParts are the parts of a postal address, in the order of its text; the
// country is an ISO 3166-1 code of two letters.
var postalParts = []string{"street", "postcode", "city", "region", "country"}

// postalType is a postal address, {street, postcode, city, region, country};
// its text has the parts between semicolons.
func postalType() fieldType {
	return fieldType{widget: "address", parse: parsePostal, format: formatPostal,
		plain:   func(v any) any { return postalOrder(v) },
		compare: func(a, b any) int { return strings.Compare(postalOrder(a), postalOrder(b)) }}
}

// postalOrder sorts addresses by country and place.
func postalOrder(v any) string {
	m, _ := v.(map[string]any)
	var out []string
	for _, part := range []string{"country", "region", "city", "postcode", "street"} {
		s, _ := m[part].(string)
		out = append(out, Fold(s))
	}
	return strings.Join(out, "\x01")
}

func formatPostal(_ Field, v any) string {
	m, _ := v.(map[string]any)
	var out []string
	for _, part := range postalParts {
		s, _ := m[part].(string)
		out = append(out, s)
	}
	return strings.Join(out, "; ")
}

func parsePostal(_ Field, raw any) (any, error) {
	in, ok := raw.(map[string]any)
	if s, text := raw.(string); text {
		in, ok = map[string]any{}, true
		parts := strings.Split(s, ";")
		if len(parts) > len(postalParts) {
			return nil, Errorf(Invalid, "crm.Field", "an address has %d parts between semicolons", len(postalParts)).
				WithHint(strings.Join(postalParts, "; "))
		}
		for i, part := range parts {
			in[postalParts[i]] = part
		}
	}
	if !ok {
		return nil, Errorf(Invalid, "crm.Field", "this takes an address, not %s", shapeOf(raw))
	}
	return postal(in)
}

func postal(in map[string]any) (any, error) {
	out := map[string]any{}
	for part, raw := range in {
		if !slices.Contains(postalParts, part) {
			return nil, Errorf(Invalid, "crm.Field", "an address has no part %q", Clip(part, 40)).
				WithHint("one of " + strings.Join(postalParts, ", "))
		}
		s, err := textOf(raw, maxLine)
		if err != nil {
			return nil, err
		}
		if s = strings.Join(strings.Fields(strings.ReplaceAll(s, ";", ",")), " "); s != "" {
			out[part] = s
		}
	}
	if c, ok := out["country"].(string); ok {
		c = strings.ToUpper(c)
		if len(c) != 2 || strings.Trim(c, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
			return nil, Errorf(Invalid, "crm.Field", "%q is no country", Clip(c, 40)).WithHint("use two letters such as PL")
		}
		out["country"] = c
	}
	if len(out) == 0 {
		return nil, nil
	}
	return out, nil
}
