package crm

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// FieldType is a type of field. Each reads one value from JSON or text into
// the one Go type that is stored. A new type is a constant and a line in
// fieldTypes.
type FieldType string

const (
	FieldText     FieldType = "text"      // string, one line
	FieldLongText FieldType = "long_text" // string
	FieldEmail    FieldType = "email"     // string, an Address
	FieldDomain   FieldType = "domain"    // string, a Domain
	FieldPhone    FieldType = "phone"     // string, a Phone
	FieldURL      FieldType = "url"       // string, http or https
	FieldNumber   FieldType = "number"    // int64
	FieldCurrency FieldType = "currency"  // string, a Currency
	FieldDate     FieldType = "date"      // string, 2026-11-22
	FieldTime     FieldType = "time"      // Time
	FieldChoice   FieldType = "choice"    // string, one of the field's choices
	FieldRelation FieldType = "relation"  // string, a RecordID
	FieldUser     FieldType = "user"      // string, a UserID
)

const (
	maxLine = 500
	maxText = 100_000
	maxList = 200
)

// identity is the token prefix of values that are identities, or "".
func (t FieldType) identity() string {
	switch t {
	case FieldEmail:
		return "a:"
	case FieldDomain:
		return "d:"
	case FieldPhone:
		return "p:"
	}
	return ""
}

// ParseValues checks the values of a noun as they come from a door and returns
// them in stored form. Unknown and system fields are refused by name; null and
// empty values are left out.
func (n Noun) ParseValues(in map[string]any) (map[string]any, error) {
	out := make(map[string]any, len(in))
	for key, raw := range in {
		f, ok := n.Field(key)
		if !ok {
			return nil, Errorf(Invalid, "crm.ParseValues", "%s has no field %q", n.Kind, Clip(key, 40)).
				WithField(key).WithHint("known fields: " + n.fieldList())
		}
		if f.System {
			return nil, Errorf(Invalid, "crm.ParseValues", "%s is set by the program", key).WithField(key)
		}
		v, err := f.Parse(raw)
		if err != nil {
			return nil, err
		}
		if v != nil {
			out[key] = v
		}
	}
	return out, nil
}

// Validate checks a whole record: required fields and the noun's own rules.
func (n Noun) Validate(r *Record) error {
	for _, f := range n.Fields {
		if _, ok := r.Values[f.Key]; f.Required && !ok {
			return Errorf(Invalid, "crm.Validate", "%s needs %s", n.Kind, f.Key).WithField(f.Key)
		}
	}
	if n.Check != nil {
		return n.Check(r)
	}
	return nil
}

func (n Noun) fieldList() string {
	var keys []string
	for _, f := range n.Fields {
		if !f.System {
			keys = append(keys, f.Key)
		}
	}
	return strings.Join(keys, ", ")
}

// Parse reads one value of the field, or the list of them when Many; nil and
// empty give nil.
func (f Field) Parse(raw any) (any, error) {
	if raw == nil {
		return nil, nil
	}
	if !f.Many {
		return f.parseOne(raw, f.Key)
	}
	var items []any
	switch v := raw.(type) {
	case []any:
		items = v
	case []string:
		for _, s := range v {
			items = append(items, s)
		}
	default:
		items = []any{raw}
	}
	if len(items) > maxList {
		return nil, Errorf(TooLarge, "crm.Field", "at most %d values", maxList).WithField(f.Key)
	}
	var out []string
	for i, x := range items {
		v, err := f.parseOne(x, fmt.Sprintf("%s[%d]", f.Key, i))
		if err != nil {
			return nil, err
		}
		if s, ok := v.(string); ok && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	if len(out) == 0 {
		return nil, nil
	}
	return out, nil
}

func (f Field) parseOne(raw any, path string) (any, error) {
	parse, ok := fieldTypes()[f.Type]
	if !ok {
		return nil, Errorf(Internal, "crm.Field", "no such field type %q", f.Type).WithField(path)
	}
	v, err := parse(f, raw)
	if err != nil {
		if e, ok := err.(*Error); ok {
			return nil, e.WithField(path)
		}
		return nil, E(Invalid, "crm.Field", "not a valid value", err).WithField(path)
	}
	return v, nil
}

func textOf(raw any, limit int) (string, error) {
	s, ok := raw.(string)
	if !ok {
		return "", Errorf(Invalid, "crm.Field", "this takes text, not %T", raw)
	}
	s = strings.TrimSpace(s)
	if !utf8.ValidString(s) || strings.ContainsRune(s, 0) {
		return "", Errorf(Invalid, "crm.Field", "the text is not valid UTF-8")
	}
	if len(s) > limit {
		return "", Errorf(TooLarge, "crm.Field", "at most %d bytes", limit)
	}
	return s, nil
}
