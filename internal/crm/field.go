package crm

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// FieldType is a type of field. Each reads one value from JSON or text into
// the one Go form that is stored: see its file.
type FieldType string

const (
	FieldText        FieldType = "text"
	FieldLongText    FieldType = "long_text"
	FieldEmail       FieldType = "email"
	FieldDomain      FieldType = "domain"
	FieldPhone       FieldType = "phone"
	FieldURL         FieldType = "url"
	FieldNumber      FieldType = "number"
	FieldMoney       FieldType = "currency"
	FieldCurrency    FieldType = "currency_code"
	FieldPercent     FieldType = "percent"
	FieldCheckbox    FieldType = "checkbox"
	FieldDate        FieldType = "date"
	FieldTime        FieldType = "datetime"
	FieldChoice      FieldType = "dropdown"
	FieldMultiSelect FieldType = "multi_select"
	FieldTags        FieldType = "tags"
	FieldRating      FieldType = "rating"
	FieldPostal      FieldType = "address"
	FieldRelation    FieldType = "relation"
	FieldRoles       FieldType = "roles"
	FieldUser        FieldType = "user"
	FieldFile        FieldType = "file"
	FieldAutoNumber  FieldType = "auto_number"
	FieldFormula     FieldType = "formula"
	FieldStatistic   FieldType = "statistic"
)

const (
	maxLine = 500
	maxText = 100_000
	maxList = 200
)

// Field is one field of a noun.
type Field struct {
	Key      string            `cbor:"key" json:"key"`
	Type     FieldType         `cbor:"type" json:"type"`
	Labels   map[string]string `cbor:"labels,omitempty" json:"labels,omitempty" doc:"Language to the name that people read"`
	Required bool              `cbor:"required,omitempty" json:"required,omitempty"`
	Unique   bool              `cbor:"unique,omitempty" json:"unique,omitempty" doc:"No two records of the folder have the same value"`
	Personal bool              `cbor:"personal,omitempty" json:"personal,omitempty" doc:"Says something about a person"`
	Default  any               `cbor:"default,omitempty" json:"default,omitempty" doc:"Value of a new record that says none"`
	Many     bool              `cbor:"many,omitempty" json:"many,omitempty" doc:"A list of values"`
	To       Kind              `cbor:"to,omitempty" json:"to,omitempty" doc:"Of a relation: the kind it points to; empty for any"`
	Roles    []string          `cbor:"roles,omitempty" json:"roles,omitempty" doc:"Of a relation: what a link may be"`
	Choices  []string          `cbor:"choices,omitempty" json:"choices,omitempty"`
	Digits   int               `cbor:"digits,omitempty" json:"digits,omitempty" doc:"Of a number: decimals"`
	Max      int               `cbor:"max,omitempty" json:"max,omitempty" doc:"Of a rating: its best"`
	Expr     string            `cbor:"expr,omitempty" json:"expr,omitempty" doc:"Of a formula"`
	Stat     *Statistic        `cbor:"stat,omitempty" json:"stat,omitempty" doc:"Of a statistic"`
	Money    string            `cbor:"-" json:"money,omitempty" doc:"Of a number: it counts minor units of the currency in this field"`
	Indexed  bool              `cbor:"indexed,omitempty" json:"indexed,omitempty" doc:"People sort and filter by it"`
	Slot     string            `cbor:"slot,omitempty" json:"-"` // of an indexed custom field
	System   bool              `cbor:"-" json:"system,omitempty" doc:"Set by the program, refused from outside"`
	Custom   bool              `cbor:"-" json:"custom,omitempty" doc:"Made by the workspace"`
	Figure   bool              `cbor:"-" json:"-"` // of a query: computed, see Figures
	Home     Country           `cbor:"-" json:"-"` // of a phone: the country of the workspace
	Kept     []string          `cbor:"-" json:"-"` // of a phone: what the record that is written has, see Keeping
}

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

// Check tells whether a workspace may have the field.
func (f Field) Check() error {
	const op = Op("crm.Field")
	t, ok := fieldTypes[f.Type]
	switch {
	case !word(f.Key, "_", 40) || reserved(f.Key):
		return Errorf(Invalid, op, "%q cannot be the key of a field", Clip(f.Key, 40)).WithField("key").
			WithHint("small letters, digits and _, at most 40, a letter first")
	case !ok || f.Type == FieldRoles:
		return Errorf(Invalid, op, "there is no type of field %q", Clip(string(f.Type), 40)).WithField("type").
			WithHint(Nearest(string(f.Type), FieldTypes()))
	case f.Many && (t.list || t.derived || t.parse != nil && !listable(f.Type)):
		return Errorf(Invalid, op, "a %s is no list", f.Type).WithField("many")
	case f.Unique && (f.List() || t.derived || t.compare == nil):
		return Errorf(Invalid, op, "a %s cannot be unique", f.Type).WithField("unique")
	case f.Indexed && (t.derived || t.compare == nil && !f.List()):
		return Errorf(Invalid, op, "a %s has no index", f.Type).WithField("indexed")
	case f.Required && (t.derived || f.Type == FieldAutoNumber):
		return Errorf(Invalid, op, "a %s is set by the program", f.Type).WithField("required")
	}
	if err := checkLabels(f.Labels); err != nil {
		return err
	}
	if t.check != nil {
		if err := t.check(f); err != nil {
			return err
		}
	}
	if f.Default == nil {
		return nil
	}
	if f.Type == FieldAutoNumber || f.Unique {
		return Errorf(Invalid, op, "a field whose values differ has no default").WithField("default")
	}
	if _, err := f.Parse(f.Default); err != nil {
		return err.(*Error).WithField("default")
	}
	return nil
}

// listable are the types of which a field may hold many.
func listable(t FieldType) bool {
	return slices.Contains([]FieldType{FieldText, FieldEmail, FieldDomain, FieldPhone, FieldURL, FieldRelation, FieldUser}, t)
}

// ParseValues checks the values of a noun as they come from a door and returns
// them in stored form. Unknown and system fields are refused by name; null and
// empty values are left out. Roles that links name come under RolesKey.
func (n Noun) ParseValues(in map[string]any) (map[string]any, error) {
	out := make(map[string]any, len(in))
	for key, raw := range in {
		f, ok := n.Field(key)
		if !ok {
			return nil, Errorf(Invalid, "crm.ParseValues", "%s has no field %q", n.Kind, Clip(key, 40)).
				WithField(key).WithHint("known fields: " + n.fieldList())
		}
		if f.System || f.Type.Derived() || f.Type == FieldAutoNumber {
			return nil, Errorf(Invalid, "crm.ParseValues", "%s is set by the program", key).WithField(key)
		}
		v, err := f.Parse(raw)
		if err != nil {
			return nil, err
		}
		if v != nil {
			out[key] = v
		}
		if len(f.Roles) == 0 {
			continue
		}
		roles, err := f.parseRoles(raw)
		if err != nil {
			return nil, err
		}
		if roles != nil {
			out[RolesKey(key)] = roles
		}
	}
	return out, nil
}

// Keeping returns the noun whose telephones take those of the record as they are:
// they may be of a time when less was asked of them.
func (n Noun) Keeping(r *Record) Noun {
	n.Fields = slices.Clone(n.Fields)
	for i := range n.Fields {
		if f := &n.Fields[i]; f.Type == FieldPhone {
			f.Kept = r.List(f.Key)
		}
	}
	return n
}

// Apply puts parsed values into the record; nil clears a field.
func (n Noun) Apply(r *Record, values map[string]any) {
	for _, f := range n.Fields {
		v, said := values[f.Key]
		if !said || f.Type == FieldRoles {
			continue
		}
		if v == nil {
			delete(r.Values, f.Key)
		} else {
			r.Values[f.Key] = v
		}
	}
	for _, f := range n.Fields {
		if len(f.Roles) > 0 {
			set, _ := values[RolesKey(f.Key)].(map[string]any)
			r.keepRoles(f, set)
		}
	}
}

// Defaults gives a new record the values that its fields have by default.
func (n Noun) Defaults(r *Record) {
	for _, f := range n.Fields {
		if _, said := r.Values[f.Key]; !said && f.Default != nil {
			r.Values[f.Key] = f.Default
		}
	}
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
		if !f.System && !f.Type.Derived() {
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
	t, ok := fieldTypes[f.Type]
	if !ok {
		return nil, Errorf(Internal, "crm.Field", "no such field type %q", f.Type).WithField(path)
	}
	v, err := t.parse(f, raw)
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
		return "", Errorf(Invalid, "crm.Field", "this takes text, not %s", shapeOf(raw))
	}
	s = strings.TrimSpace(s)
	if !utf8.ValidString(s) {
		return "", Errorf(Invalid, "crm.Field", "the text is not valid UTF-8")
	}
	if strings.ContainsRune(s, 0) {
		return "", Errorf(Invalid, "crm.Field", "the text holds a NUL character")
	}
	if len(s) > limit {
		return "", Errorf(TooLarge, "crm.Field", "at most %d bytes", limit)
	}
	return s, nil
}

// shapeOf names what came instead, in the words of JSON.
func shapeOf(raw any) string {
	switch raw.(type) {
	case nil:
		return "nothing"
	case bool:
		return "yes or no"
	case string:
		return "text"
	case []any, []string:
		return "a list"
	case map[string]any:
		return "an object"
	}
	return "a number"
}
