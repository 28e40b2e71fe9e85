package query

import (
	"time"

	"threadline/internal/crm"
)

// Env is who asks, and when: Now stands in the person's zone.
type Env struct {
	Now time.Time
	Me  crm.UserID // empty for the operator, who is no user
}

// Bound is a query whose values have the types of their fields.
type Bound struct {
	Noun  crm.Noun
	Where *Pred      // nil: all of them
	Parts []Part     // what Where joins with and
	Order *crm.Field // nil when not given
	Desc  bool
	Limit int
}

// Pred is one test, or a group of them: exactly one of its parts is set.
type Pred struct {
	And, Or []Pred
	Not     *Pred
	Test    *Test
}

// Part is one of the conditions that must all hold.
type Part struct {
	Text string // in the language
	And  []Pred // what it means; all of them must hold
}

// Test compares a field: with one value for = < <= > >= and ~ (which is
// folded), with any of several for in and has, with none for is empty.
type Test struct {
	Via    *crm.Field // the relation that leads to the field; nil for the record's own
	Field  crm.Field
	Op     Op
	Values []any // of the stored type
}

// Bind gives the words of a query their meaning.
func Bind(q *Query, s Schema, env Env) (*Bound, error) {
	n, ok := s.noun(q.Kind)
	if !ok {
		return nil, crm.Errorf(crm.Invalid, "query.Bind", "%q is no kind of record", crm.Clip(string(q.Kind), 40)).WithField("kind")
	}
	b := &Bound{Noun: n, Desc: q.Desc, Limit: q.Limit}
	x := binder{schema: &s, noun: n, env: env}
	if q.Order != "" {
		t, err := s.find(n, q.Order, 0)
		if err != nil {
			return nil, err
		}
		if err := orderable(t, 0); err != nil {
			return nil, err
		}
		b.Order = &t.field
	}
	if q.Where == nil {
		return b, nil
	}
	group := q.Where.And
	if group == nil {
		group = []Expr{*q.Where}
	}
	b.Where = &Pred{}
	for i := range group {
		p, err := x.expr(&group[i])
		if err != nil {
			return nil, err
		}
		part := Part{Text: s.text(n, &group[i]), And: p.And}
		if p.And == nil {
			part.And = []Pred{p}
		}
		b.Parts = append(b.Parts, part)
		b.Where.And = append(b.Where.And, part.And...)
	}
	return b, nil
}

type binder struct {
	schema *Schema
	noun   crm.Noun
	env    Env
}

func (x *binder) expr(e *Expr) (Pred, error) {
	switch {
	case e.Test != nil:
		return x.test(e.Test)
	case e.Not != nil:
		p, err := x.expr(e.Not)
		return not(p), err
	}
	group := e.And
	if e.Or != nil {
		group = e.Or
	}
	var out []Pred
	for i := range group {
		p, err := x.expr(&group[i])
		if err != nil {
			return p, err
		}
		if e.Or == nil && p.And != nil {
			out = append(out, p.And...)
		} else {
			out = append(out, p)
		}
	}
	if e.Or != nil {
		return Pred{Or: out}, nil
	}
	return Pred{And: out}, nil
}

func not(p Pred) Pred {
	if p.Not != nil {
		return *p.Not
	}
	return Pred{Not: &p}
}

func (x *binder) test(c *Condition) (Pred, error) {
	t, err := x.schema.find(x.noun, c.Field, 0)
	if err != nil {
		return Pred{}, err
	}
	switch c.Op {
	case Ne:
		p, err := x.positive(t, Eq, c.Values)
		return not(p), err
	case NotIn:
		p, err := x.positive(t, In, c.Values)
		return not(p), err
	case Empty:
		return t.test(Empty), nil
	case NotEmpty:
		return not(t.test(Empty)), nil
	}
	return x.positive(t, c.Op, c.Values)
}

func (t target) test(op Op, values ...any) Pred {
	return Pred{Test: &Test{Via: t.via, Field: t.field, Op: op, Values: values}}
}

// positive binds a comparison that is not a negation.
func (x *binder) positive(t target, op Op, texts []string) (Pred, error) {
	switch {
	case op == Like:
		return t.test(Like, crm.Fold(texts[0])), nil
	case t.field.Type == crm.FieldTime, dated(t.field.Type):
		return x.dates(t, op, texts)
	case monied(t.field):
		return x.amounts(t, op, texts)
	}
	var values []any
	for _, s := range texts {
		v, err := x.value(t, s)
		if err != nil {
			return Pred{}, err
		}
		values = append(values, v)
	}
	if op == Between {
		return both(t, t.test(Ge, values[0]), t.test(Le, values[1])), nil
	}
	if op == In && len(values) == 1 {
		op = Eq
	}
	return t.test(op, values...), nil
}

// both joins the ends of a range. Of related records one and the same must lie
// within, so that the range is one test there.
func both(t target, a, b Pred) Pred {
	if t.via == nil {
		return Pred{And: []Pred{a, b}}
	}
	return Pred{Test: &Test{Via: t.via, Field: t.field, Op: Between, Values: []any{a.Test, b.Test}}}
}

func (x *binder) value(t target, text string) (any, error) {
	f := t.field
	f.Many = false
	if f.Type == crm.FieldUser && text == me {
		if x.env.Me == "" {
			return nil, crm.Errorf(crm.Invalid, "query.Bind", "whoever asks is no user, so that nothing is theirs").
				WithField("q").WithHint("name a user by address, or ask in the name of one: --as EMAIL")
		}
		return string(x.env.Me), nil
	}
	v, err := f.Parse(text)
	if err == nil && v == nil {
		err = crm.Errorf(crm.Invalid, "query.Bind", "a value cannot be empty").WithField(f.Key)
	}
	return v, err
}
