package query

import (
	"time"

	"threadline/internal/crm"
)

// dates binds comparisons with days and moments.
func (x *binder) dates(t target, op Op, texts []string) (Pred, error) {
	var spans []span
	for _, s := range texts {
		sp, err := x.span(t, s)
		if err != nil {
			return Pred{}, err
		}
		spans = append(spans, sp)
	}
	switch op {
	case Between:
		return both(t, t.bound(Ge, spans[0]), t.bound(Le, spans[1])), nil
	case In, Eq, Has:
		var or []Pred
		for _, sp := range spans {
			or = append(or, t.within(sp))
		}
		if len(or) == 1 {
			return or[0], nil
		}
		return Pred{Or: or}, nil
	}
	return t.bound(op, spans[0]), nil
}

// span reads one date.
func (x *binder) span(t target, text string) (span, error) {
	if w, ok := readWhen(text); ok {
		return w.at(x.env.Now, t.field.Type == crm.FieldDate), nil
	}
	v, err := x.value(t, text)
	if err != nil {
		return span{}, err
	}
	at, ok := v.(crm.Time)
	if !ok {
		return span{}, crm.Errorf(crm.Internal, "query.Bind", "a %s is a %T", t.field.Type, v)
	}
	return span{at.Std(), at.Std()}, nil
}

// stored is a moment as the field stores it.
func (t target) stored(at time.Time) any {
	switch y := at.Year(); {
	case t.field.Type != crm.FieldDate:
		return crm.At(at)
	case y < 1: // what is written in four digits compares as text
		return "0001-01-01"
	case y > 9999:
		return "9999-12-31"
	}
	return at.Format(time.DateOnly)
}

// bound compares with a span: before its start, after its end.
func (t target) bound(op Op, s span) Pred {
	if s.start.Equal(s.end) {
		return t.test(op, t.stored(s.start))
	}
	switch op {
	case Lt, Ge:
		return t.test(op, t.stored(s.start))
	case Le:
		return t.test(Lt, t.stored(s.end))
	}
	return t.test(Ge, t.stored(s.end))
}

// within tests that the field lies in a span.
func (t target) within(s span) Pred {
	if s.start.Equal(s.end) || t.field.Type == crm.FieldDate && s.start.AddDate(0, 0, 1).Equal(s.end) {
		return t.test(Eq, t.stored(s.start))
	}
	return both(t, t.bound(Ge, s), t.bound(Le, s))
}

// amounts binds comparisons with money. An amount with a currency is compared
// with amounts of that currency alone.
func (x *binder) amounts(t target, op Op, texts []string) (Pred, error) {
	var list []amount
	for _, s := range texts {
		a, err := readAmount(s, x.schema.Currency)
		if err != nil {
			return Pred{}, err
		}
		list = append(list, a)
	}
	switch op {
	case Between:
		return x.between(t, list[0], list[1])
	case In:
		var or []Pred
		for _, a := range list {
			p, err := x.amount(t, Eq, a)
			if err != nil {
				return Pred{}, err
			}
			or = append(or, p)
		}
		if len(or) > 1 {
			return Pred{Or: or}, nil
		}
		return or[0], nil
	}
	return x.amount(t, op, list[0])
}

func (x *binder) between(t target, a, b amount) (Pred, error) {
	return x.inCurrency(t, both(t, t.test(Ge, a.money.Minor), t.test(Le, b.money.Minor)), a)
}

func (x *binder) amount(t target, op Op, a amount) (Pred, error) {
	return x.inCurrency(t, t.test(op, a.money.Minor), a)
}

// inCurrency adds the condition on the currency of an amount.
func (x *binder) inCurrency(t target, p Pred, a amount) (Pred, error) {
	if a.any {
		return p, nil
	}
	f := crm.Field{Key: t.field.Key, Type: crm.FieldCurrency, Custom: true} // the currency within the value; in no index
	if t.field.Money != "" {
		n, _ := x.schema.noun(t.kind)
		var ok bool
		if f, ok = n.Field(t.field.Money); !ok {
			return p, crm.Errorf(crm.Internal, "query.Bind", "%s has no currency", t.key())
		}
	}
	cur := target{kind: t.kind, field: f, via: t.via}.test(Eq, string(a.money.Currency))
	if p.And != nil {
		return Pred{And: append(p.And, cur)}, nil
	}
	return Pred{And: []Pred{p, cur}}, nil
}
