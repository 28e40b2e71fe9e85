// Package querytest makes random queries, to hold what answers them against
// query.Match. It stores nothing.
package querytest

import (
	"pgregory.net/rapid"

	"threadline/internal/crm"
	"threadline/internal/query"
)

// Samples are values that fields may be compared with, by the name of the field
// in the language; company.name names a field of a related record.
type Samples map[string][]string

// Draw makes a query for records of a kind over the fields that have samples.
func Draw(t *rapid.T, s query.Schema, kind crm.Kind, samples Samples) *query.Query {
	d := drawer{t: t, schema: s, kind: kind, samples: samples}
	for _, n := range s.Nouns {
		if n.Kind != kind {
			continue
		}
		for _, f := range append(n.Fields, crm.Field{Key: query.CreatedAt, Type: crm.FieldTime}) {
			d.add(f.Key, f)
			if !f.List() && (samples[f.Key] != nil || f.Key == query.CreatedAt) {
				d.orders = append(d.orders, f.Key)
			}
			for _, to := range s.Nouns {
				if f.Type == crm.FieldRelation && to.Kind == f.To {
					for _, g := range to.Fields {
						d.add(f.Key+"."+g.Key, g)
					}
				}
			}
		}
	}
	q := query.Query{Kind: kind}
	if rapid.IntRange(0, 9).Draw(t, "all") > 0 {
		e := d.expr(3)
		q.Where = &e
	}
	if rapid.Bool().Draw(t, "ordered") {
		q.Order = rapid.SampledFrom(d.orders).Draw(t, "order")
		q.Desc = rapid.Bool().Draw(t, "desc")
	}
	out, err := query.Check(q, s)
	if err != nil {
		t.Fatalf("a query made of good parts is refused: %v\n%s", err, query.Format(&q, s))
	}
	return out
}

type drawer struct {
	t       *rapid.T
	schema  query.Schema
	kind    crm.Kind
	samples Samples
	names   []string
	fields  map[string]crm.Field
	orders  []string
}

func (d *drawer) add(name string, f crm.Field) {
	if d.samples[name] == nil {
		return
	}
	if d.fields == nil {
		d.fields = map[string]crm.Field{}
	}
	d.names, d.fields[name] = append(d.names, name), f
}

func (d *drawer) expr(depth int) query.Expr {
	switch n := rapid.IntRange(0, 9).Draw(d.t, "sort"); {
	case depth > 0 && n < 3:
		return query.Expr{And: d.group(depth)}
	case depth > 0 && n < 5:
		return query.Expr{Or: d.group(depth)}
	case depth > 0 && n < 6:
		e := d.expr(depth - 1)
		return query.Expr{Not: &e}
	}
	return d.test()
}

func (d *drawer) group(depth int) []query.Expr {
	out := make([]query.Expr, rapid.IntRange(2, 3).Draw(d.t, "members"))
	for i := range out {
		out[i] = d.expr(depth - 1)
	}
	return out
}

func (d *drawer) test() query.Expr {
	name := rapid.SampledFrom(d.names).Draw(d.t, "field")
	op := rapid.SampledFrom(query.Ops(d.fields[name])).Draw(d.t, "op")
	n := 1
	switch op {
	case query.In, query.NotIn, query.Has:
		n = rapid.IntRange(1, 3).Draw(d.t, "values")
	case query.Between:
		n = 2
	case query.Empty, query.NotEmpty:
		n = 0
	}
	c := query.Condition{Field: name, Op: op}
	for range n {
		c.Values = append(c.Values, rapid.SampledFrom(d.samples[name]).Draw(d.t, "value"))
	}
	if op == query.Between && d.fields[name].Money != "" {
		c.Values[1] = c.Values[0] // two ends of one currency
	}
	return query.Expr{Test: &c}
}
