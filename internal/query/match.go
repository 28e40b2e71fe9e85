package query

import (
	"bytes"
	"cmp"
	"slices"
	"strings"

	"threadline/internal/crm"
)

// Match tells whether a record fulfils a query. related returns a record that
// the record points to, nil when there is none. It is the meaning of the
// language: whatever an index answers must be what Match would.
func (b *Bound) Match(r *crm.Record, related func(crm.RecordID) *crm.Record) bool {
	return r.Kind == b.Noun.Kind && (b.Where == nil || b.Where.holds(r, related))
}

func (p *Pred) holds(r *crm.Record, related func(crm.RecordID) *crm.Record) bool {
	holds := func(q Pred) bool { return q.holds(r, related) }
	switch {
	case p.Test != nil:
		return p.Test.holds(r, related)
	case p.Not != nil:
		return !p.Not.holds(r, related)
	case p.Or != nil:
		return slices.ContainsFunc(p.Or, holds)
	}
	return !slices.ContainsFunc(p.And, func(q Pred) bool { return !holds(q) })
}

func (t *Test) holds(r *crm.Record, related func(crm.RecordID) *crm.Record) bool {
	if t.Via == nil {
		return t.of(r)
	}
	if t.Op == Empty {
		full := Test{Field: t.Field, Op: Empty}
		return !slices.ContainsFunc(r.Records(t.Via.Key), func(id crm.RecordID) bool {
			to := related(id)
			return to != nil && !full.of(to)
		})
	}
	return slices.ContainsFunc(r.Records(t.Via.Key), func(id crm.RecordID) bool {
		to := related(id)
		return to != nil && t.of(to)
	})
}

// of tests the field of the record itself.
func (t *Test) of(r *crm.Record) bool {
	have := elements(r, t.Field)
	switch t.Op {
	case Empty:
		return len(have) == 0
	case Like:
		part, _ := t.Values[0].(string)
		return slices.ContainsFunc(have, func(v any) bool {
			s, ok := v.(string)
			return ok && strings.Contains(crm.Fold(s), part)
		})
	}
	return slices.ContainsFunc(have, t.one)
}

// one compares one value of the field.
func (t *Test) one(v any) bool {
	switch t.Op {
	case Eq, In, Has:
		return slices.ContainsFunc(t.Values, func(w any) bool { c, ok := compare(v, w); return ok && c == 0 })
	case Between:
		return !slices.ContainsFunc(t.Values, func(end any) bool { e, ok := end.(*Test); return !ok || !e.one(v) })
	}
	c, ok := compare(v, t.Values[0])
	switch t.Op {
	case Lt:
		return ok && c < 0
	case Le:
		return ok && c <= 0
	case Gt:
		return ok && c > 0
	case Ge:
		return ok && c >= 0
	}
	return false
}

// elements returns the values of a field, none when it is empty.
func elements(r *crm.Record, f crm.Field) []any {
	if f.Key == CreatedAt {
		return []any{r.CreatedAt}
	}
	stored := r.Values[f.Key]
	if f.Figure {
		stored = r.Derived[f.Key]
	}
	switch v := stored.(type) {
	case nil:
		return nil
	case []string:
		out := make([]any, len(v))
		for i, s := range v {
			out[i] = s
		}
		return out
	case []any:
		return v
	case string:
		if v == "" {
			return nil
		}
		return []any{v}
	case map[string]any:
		return []any{part(f, v)}
	default:
		return []any{v}
	}
}

// part is what of a value with parts is compared: the minor units of an amount,
// or its currency.
func part(f crm.Field, v map[string]any) any {
	switch f.Type {
	case crm.FieldMoney:
		return v["minor"]
	case crm.FieldCurrency:
		return v["currency"]
	}
	return v
}

// compare orders two values of one type; ok is false for values of different
// types.
func compare(a, b any) (int, bool) {
	switch x := a.(type) {
	case string:
		y, ok := b.(string)
		return strings.Compare(x, y), ok
	case crm.Time:
		y, ok := b.(crm.Time)
		return cmp.Compare(x, y), ok
	case bool:
		y, ok := b.(bool)
		return cmp.Compare(rank(x), rank(y)), ok
	case []byte:
		y, ok := b.([]byte)
		return bytes.Compare(x, y), ok
	case int64:
		if y, ok := b.(int64); ok {
			return cmp.Compare(x, y), true
		}
		y, ok := b.(float64)
		return cmp.Compare(float64(x), y), ok
	case float64:
		if y, ok := b.(int64); ok {
			return cmp.Compare(x, float64(y)), true
		}
		y, ok := b.(float64)
		return cmp.Compare(x, y), ok
	}
	return 0, false
}

func rank(b bool) int {
	if b {
		return 1
	}
	return 0
}

// Compare orders two records as the query asks; records without the field come
// last, the newest first, and equal ones follow their ids.
func (b *Bound) Compare(x, y *crm.Record) int {
	if b.Order == nil {
		return newest(x, y)
	}
	v, w := b.OrderValue(x), b.OrderValue(y)
	switch {
	case v == nil && w == nil:
		return newest(x, y)
	case v == nil:
		return 1
	case w == nil:
		return -1
	}
	c, ok := compare(v, w)
	if !ok || c == 0 {
		c = strings.Compare(string(x.ID), string(y.ID))
	}
	if b.Desc {
		c = -c
	}
	return c
}

func newest(x, y *crm.Record) int {
	if c := cmp.Compare(y.CreatedAt, x.CreatedAt); c != 0 {
		return c
	}
	return strings.Compare(string(y.ID), string(x.ID))
}

// HasOrder tells whether a record has a value in the field that gives the order.
func (b *Bound) HasOrder(r *crm.Record) bool { return b.Order == nil || b.OrderValue(r) != nil }

// orderBytes is how much of a text gives it its place: a page remembers that of
// its last record.
const orderBytes = 500

// OrderValue is what gives a record its place among others: the first value of the
// field, of a long text its beginning; nil when there is none.
func (b *Bound) OrderValue(r *crm.Record) any {
	values := elements(r, *b.Order)
	if len(values) == 0 {
		return nil
	}
	if text, ok := values[0].(string); ok && len(text) > orderBytes {
		return strings.ToValidUTF8(text[:orderBytes], "")
	}
	return values[0]
}

// Relations visits the relations through which the query asks.
func (b *Bound) Relations(f func(crm.Field)) {
	if b.Where != nil {
		b.Where.relations(f)
	}
}

func (p *Pred) relations(f func(crm.Field)) {
	for i := range p.And {
		p.And[i].relations(f)
	}
	for i := range p.Or {
		p.Or[i].relations(f)
	}
	if p.Not != nil {
		p.Not.relations(f)
	}
	if p.Test != nil && p.Test.Via != nil {
		f(*p.Test.Via)
	}
}

// Figures tells whether the query asks for what is computed, so that the
// records that are tested need it.
func (b *Bound) Figures() bool {
	return b.Order != nil && b.Order.Figure || b.Where != nil && b.Where.figures()
}

func (p *Pred) figures() bool {
	return p.Test != nil && p.Test.Field.Figure || p.Not != nil && p.Not.figures() ||
		slices.ContainsFunc(p.And, func(q Pred) bool { return q.figures() }) || slices.ContainsFunc(p.Or, func(q Pred) bool { return q.figures() })
}

// Holds tells whether a record alone fulfils the condition, as if it pointed to
// nothing.
func (p Part) Holds(r *crm.Record) bool {
	return (&Pred{And: p.And}).holds(r, func(crm.RecordID) *crm.Record { return nil })
}

// Field is the first field that the condition asks about.
func (p Part) Field() string {
	for i := range p.And {
		if key := p.And[i].field(); key != "" {
			return key
		}
	}
	return ""
}

func (p *Pred) field() string {
	switch {
	case p.Test != nil:
		return p.Test.Field.Key
	case p.Not != nil:
		return p.Not.field()
	}
	return Part{And: append(p.And[:len(p.And):len(p.And)], p.Or...)}.Field()
}
