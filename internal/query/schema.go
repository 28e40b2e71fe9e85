package query

import (
	"slices"
	"strings"

	"threadline/internal/crm"
)

// Schema is what the words of a query can mean in a workspace.
type Schema struct {
	Nouns    []crm.Noun
	Choices  map[string][]Choice // of a field by "kind.field": stages, pipelines
	Users    []Choice            // values of all fields that hold a user
	Currency crm.Currency        // of amounts without one
}

// Choice is one value of a field and how people call it.
type Choice struct {
	Value string
	Names []string
}

// noun finds a noun by its kind.
func (s *Schema) noun(k crm.Kind) (crm.Noun, bool) {
	i := slices.IndexFunc(s.Nouns, func(n crm.Noun) bool { return n.Kind == k })
	if i < 0 {
		return crm.Noun{}, false
	}
	return s.Nouns[i], true
}

// target is the field that a condition is about.
type target struct {
	kind  crm.Kind // of the record that has the field
	field crm.Field
	via   *crm.Field // the relation that leads there; nil for a field of the record itself
}

// key names the target as the language does.
func (t target) key() string {
	if t.via != nil {
		return t.via.Key + "." + t.field.Key
	}
	return t.field.Key
}

// own finds a field of a noun.
func own(n crm.Noun, key string) (crm.Field, bool) {
	if key == CreatedAt {
		return crm.Field{Key: CreatedAt, Type: crm.FieldTime}, true
	}
	return n.Field(key)
}

// find finds a field of a noun, or of what a relation of it points to. at is the
// place of its name in the text.
func (s *Schema) find(n crm.Noun, name string, at int) (target, error) {
	key, sub, dotted := strings.Cut(strings.ToLower(name), ".")
	f, ok := own(n, key)
	switch {
	case ok && f.Type.Derived():
		return target{}, fail(at, "%s is computed when a record is read, and cannot be asked for", f.Key)
	case !ok:
		return target{}, unknown(at, n.Plural, name, s.fieldNames(n, strings.Contains(name, ".")))
	case !dotted:
		return target{kind: n.Kind, field: f}, nil
	case f.Type != crm.FieldRelation:
		return target{}, fail(at, "%s points to no other record", f.Key).WithHint("only relations have fields: " + strings.Join(relations(n), ", "))
	case f.To == "":
		return target{}, fail(at, "%s points to records of any kind, whose fields differ", f.Key)
	}
	to, _ := s.noun(f.To)
	g, ok := own(to, sub)
	if ok && g.Type.Derived() {
		return target{}, fail(at, "%s is computed when a record is read, and cannot be asked for", g.Key)
	}
	if !ok {
		names := []string{CreatedAt}
		for _, x := range to.Fields {
			names = append(names, x.Key)
		}
		e := unknown(at, to.Plural, sub, names)
		return target{}, e
	}
	return target{kind: to.Kind, field: g, via: &f}, nil
}

func unknown(at int, plural, name string, names []string) *crm.Error {
	return fail(at, "%s have no field %q", plural, crm.Clip(name, 40)).WithHint(crm.Nearest(strings.ToLower(name), names))
}

// relations lists the relations of a noun through which one can ask.
func relations(n crm.Noun) []string {
	var out []string
	for _, f := range n.Fields {
		if f.Type == crm.FieldRelation && f.To != "" {
			out = append(out, f.Key)
		}
	}
	return out
}

// fieldNames lists what can be compared, with the fields of related records when
// asked.
func (s *Schema) fieldNames(n crm.Noun, related bool) []string {
	out := []string{CreatedAt}
	for _, f := range n.Fields {
		if f.Type.Derived() {
			continue
		}
		out = append(out, f.Key)
		to, ok := s.noun(f.To)
		if !related || !ok || f.Type != crm.FieldRelation {
			continue
		}
		for _, g := range to.Fields {
			out = append(out, f.Key+"."+g.Key)
		}
	}
	return out
}

// choices lists the values of a field, nil when it takes any.
func (s *Schema) choices(t target) []Choice {
	if list := s.Choices[string(t.kind)+"."+t.field.Key]; list != nil {
		return list
	}
	if t.field.Type == crm.FieldUser {
		return s.Users
	}
	var out []Choice
	for _, c := range t.field.Choices {
		out = append(out, Choice{Value: c})
	}
	return out
}

// called returns the values that people call by a name, whatever its case,
// accents and spacing; a value itself is a name too.
func called(list []Choice, name string) []string {
	var out []string
	name = plain(name)
	for _, c := range list {
		hit := plain(c.Value) == name || slices.ContainsFunc(c.Names, func(n string) bool { return plain(n) == name })
		if hit && !slices.Contains(out, c.Value) {
			out = append(out, c.Value)
		}
	}
	return out
}

func plain(s string) string {
	return strings.Join(strings.FieldsFunc(crm.Fold(s), func(r rune) bool { return r == ' ' || r == '_' || r == '-' }), " ")
}

// names lists what the values of a field are called.
func names(list []Choice) []string {
	var out []string
	for _, c := range list {
		if len(c.Names) > 0 {
			out = append(out, c.Names[0])
		} else {
			out = append(out, c.Value)
		}
	}
	return out
}
