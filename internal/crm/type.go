package crm

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// fieldType is what a type of field does. Parse takes what JSON or a text cell
// holds; format writes text that parse reads back as the same value.
type fieldType struct {
	widget  string              // what a screen edits it with
	list    bool                // one value is a list of texts
	derived bool                // computed when read, never written
	check   func(f Field) error // of a definition; nil when there is nothing to say
	parse   func(f Field, raw any) (any, error)
	compare func(a, b any) int // nil: there is no order
	format  func(f Field, v any) string
	plain   func(v any) any // what an index compares; nil: the value itself
}

// fieldTypes is the one table of field types: a new one is a file and a line
// here.
var fieldTypes = map[FieldType]fieldType{
	FieldText:        textType(),
	FieldLongText:    longTextType(),
	FieldEmail:       emailType(),
	FieldDomain:      domainType(),
	FieldPhone:       phoneType(),
	FieldURL:         urlType(),
	FieldNumber:      numberType(),
	FieldMoney:       moneyType(),
	FieldCurrency:    currencyCodeType(),
	FieldPercent:     percentType(),
	FieldCheckbox:    checkboxType(),
	FieldDate:        dateType(),
	FieldTime:        datetimeType(),
	FieldChoice:      dropdownType(),
	FieldMultiSelect: multiSelectType(),
	FieldTags:        tagsType(),
	FieldRating:      ratingType(),
	FieldPostal:      postalType(),
	FieldRelation:    relationType(),
	FieldRoles:       rolesType(),
	FieldUser:        userType(),
	FieldFile:        fileType(),
	FieldAutoNumber:  autoNumberType(),
	FieldFormula:     formulaType(),
	FieldStatistic:   statisticType(),
}

// Derived tells whether values of the type are computed when they are read.
func (t FieldType) Derived() bool { return fieldTypes[t].derived }

// Widget names what a screen edits values of the type with.
func (t FieldType) Widget() string { return fieldTypes[t].widget }

// FieldTypes lists the types that people may choose, by name. Roles come with a
// relation.
func FieldTypes() []string {
	var out []string
	for t := range fieldTypes {
		if t != FieldRoles {
			out = append(out, string(t))
		}
	}
	slices.Sort(out)
	return out
}

// Known tells whether there is such a type.
func (t FieldType) Known() bool { _, ok := fieldTypes[t]; return ok }

// List tells whether the field holds a list of values.
func (f Field) List() bool { return f.Many || fieldTypes[f.Type].list }

// Format writes a stored value as text that Parse reads back; the items of a
// list stand between semicolons. nil gives "".
func (f Field) Format(v any) string {
	t, ok := fieldTypes[f.Type]
	if v == nil || !ok {
		return ""
	}
	if f.Many {
		if list, ok := v.([]string); ok {
			return strings.Join(list, "; ")
		}
	}
	return t.format(f, v)
}

// Compare orders two stored values of the field; ok is false when the type has
// no order. A missing value comes first.
func (f Field) Compare(a, b any) (order int, ok bool) {
	t := fieldTypes[f.Type]
	switch {
	case t.compare == nil || f.Many:
		return 0, false
	case a == nil && b == nil:
		return 0, true
	case a == nil:
		return -1, true
	case b == nil:
		return 1, true
	}
	return t.compare(a, b), true
}

// plainOf is the value that an index compares, nil for none.
func (f Field) plainOf(v any) any {
	t := fieldTypes[f.Type]
	if v == nil || t.plain == nil {
		return v
	}
	return t.plain(v)
}

// comparing compares values of one Go type.
func comparing[T cmp.Ordered](a, b any) int {
	x, _ := a.(T)
	y, _ := b.(T)
	return cmp.Compare(x, y)
}

// compareNumbers compares whole and broken numbers.
func compareNumbers(a, b any) int {
	x, _ := float(a)
	y, _ := float(b)
	return cmp.Compare(x, y)
}

func float(v any) (float64, bool) {
	switch n := v.(type) {
	case int64:
		return float64(n), true
	case float64:
		return n, true
	}
	return 0, false
}

// plainText writes values whose Go form is their text.
func plainText(_ Field, v any) string { return fmt.Sprint(v) }

// texted is a type of text.
func texted(widget string, parse func(Field, any) (any, error)) fieldType {
	return fieldType{widget: widget, parse: parse, compare: comparing[string], format: plainText}
}

// some turns "" into nil, so that empty input clears a field.
func some(s string, err error) (any, error) {
	if err != nil || s == "" {
		return nil, err
	}
	return s, nil
}

func viaText[T ~string](parse func(string) (T, error)) func(Field, any) (any, error) {
	return func(_ Field, raw any) (any, error) {
		s, err := textOf(raw, maxLine)
		if err != nil || s == "" {
			return nil, err
		}
		v, err := parse(s)
		if err != nil {
			return nil, err
		}
		return string(v), nil
	}
}
