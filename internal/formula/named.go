package formula

import (
	"maps"
	"slices"
	"strings"

	"threadline/internal/crm"
)

// named reads a constant, a field, or a field of a related record.
func (p *parser) named(t token) (node, error) {
	switch strings.ToLower(t.text) {
	case "true", "false":
		v := strings.EqualFold(t.text, "true")
		return node{Bool, t.at, func(Env) any { return v }}, nil
	}
	first, sub, dotted := strings.Cut(t.text, ".")
	if !dotted {
		return p.field(t, p.noun, first)
	}
	via, ok := p.noun.Field(first)
	to, known := p.sch.Noun(via.To)
	if !ok || via.Type != crm.FieldRelation || via.Many || !known {
		return node{}, fail(t.at, "%q is no relation to one record", crm.Clip(first, 40))
	}
	x, err := p.field(token{name, sub, t.at + len([]rune(first)) + 1}, to, sub)
	if err != nil {
		return node{}, err
	}
	return node{x.typ, t.at, func(e Env) any {
		id := crm.RecordID(e.Record.Text(first))
		if id == "" || e.Related == nil {
			return nil
		}
		if e.Record = e.Related(id); e.Record == nil {
			return nil
		}
		return x.eval(e)
	}}, nil
}

func (p *parser) field(t token, n crm.Noun, key string) (node, error) {
	if key == "created_at" {
		return node{Time, t.at, func(e Env) any { return some(e.Record.CreatedAt) }}, nil
	}
	f, ok := n.Field(key)
	if !ok {
		return node{}, fail(t.at, "%s have no field %q", n.Plural, crm.Clip(key, 40)).WithHint("one of " + keys(n))
	}
	if f.Type == crm.FieldFormula {
		return p.formula(t, n, f)
	}
	typ, read := reader(p.sch, f)
	if typ == "" {
		return node{}, fail(t.at, "%s is a %s, which no formula reads", key, f.Type)
	}
	return node{typ, t.at, read}, nil
}

// formula compiles another formula in place; one that leads back to itself is
// refused.
func (p *parser) formula(t token, n crm.Noun, f crm.Field) (node, error) {
	step := string(n.Kind) + "." + f.Key
	path := append(slices.Clone(p.path), step)
	if slices.Contains(p.path, step) {
		return node{}, fail(t.at, "the formula depends on itself: %s", strings.Join(path, " → "))
	}
	prog, err := compile(p.sch, n, f.Expr, path, p.budget)
	if err != nil {
		if e, ok := err.(*crm.Error); ok {
			return node{}, fail(t.at, "%s: %s", f.Key, e.Msg)
		}
		return node{}, err
	}
	return node{prog.Type, t.at, prog.eval}, nil
}

func keys(n crm.Noun) string {
	set := map[string]bool{}
	for _, f := range n.Fields {
		set[f.Key] = true
	}
	return strings.Join(slices.Sorted(maps.Keys(set)), ", ")
}

// reader tells the type of a field and how to read it; "" when no formula can.
func reader(sch crm.Schema, f crm.Field) (Type, func(Env) any) {
	key := f.Key
	value := func(e Env) any { return e.Record.Values[key] }
	if f.List() {
		return "", nil
	}
	switch f.Type {
	case crm.FieldNumber, crm.FieldPercent, crm.FieldRating, crm.FieldAutoNumber:
		return Number, func(e Env) any { return num(value(e)) }
	case crm.FieldMoney:
		return Number, func(e Env) any { return f.Major(value(e)) }
	case crm.FieldCheckbox:
		return Bool, func(e Env) any { b, _ := value(e).(bool); return b }
	case crm.FieldDate:
		return Date, value
	case crm.FieldTime:
		return Time, func(e Env) any { return some(e.Record.When(key)) }
	case crm.FieldStatistic:
		typ := figureType(sch, f.Stat)
		return typ, func(e Env) any {
			if e.Figure == nil {
				return nil
			}
			v := e.Figure(e.Record, key)
			if typ == Number {
				return num(v)
			}
			return v
		}
	case crm.FieldRelation, crm.FieldUser, crm.FieldPostal, crm.FieldFile, crm.FieldRoles:
		return "", nil
	}
	return Text, value
}

// figureType is what a statistic gives.
func figureType(sch crm.Schema, s *crm.Statistic) Type {
	switch {
	case s == nil:
		return ""
	case s.Do == crm.StatCount || s.Do == crm.StatSum:
		return Number
	case s.Value == "":
		return Time
	}
	plural, _, _ := s.Relation()
	n, _ := sch.Plural(plural)
	f, _ := n.Field(s.Value)
	if f.Type == crm.FieldStatistic || f.Type == "" {
		return ""
	}
	typ, _ := reader(sch, f)
	return typ
}

func num(v any) any {
	switch n := v.(type) {
	case int64:
		return float64(n)
	case float64:
		return n
	}
	return nil
}

func some(t crm.Time) any {
	if t == 0 {
		return nil
	}
	return t
}
