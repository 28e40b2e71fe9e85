package records

import (
	"context"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/formula"
	"threadline/internal/query"
	"threadline/internal/store"
)

// figurePath begins the paths of fields that lie in figures.
const figurePath = "figures."

// figurePlan tries the indexes of figures.
func figurePlan(b *query.Bound, parts []query.Part, reach access.Filter) (best plan, ok bool) {
	if b.Noun.Activity || !reach.All {
		return plan{}, false
	}
	for _, key := range crm.IndexedFigures() {
		p, fits := fit(b, parts, store.Index{Equal: []string{"kind"}, Order: figurePath + key}, reach)
		if !fits || ok && p.score <= best.score {
			continue
		}
		p.figure = true
		for i, f := range p.query.Where {
			if f.Field == figurePath+key {
				p.query.Where[i].Field = "values." + key
			}
		}
		if p.query.Order != "" {
			p.query.Order = "values." + key
		}
		best, ok = p, true
	}
	return best, ok
}

// source reads records by the index of the plan, with figures where the query
// needs them.
func (a *answer) source(ctx context.Context, q store.Query) (store.Page[crm.Record], error) {
	if !a.plan.figure || a.at.tail {
		page, err := a.plan.from.Query(ctx, a.s.sp, q)
		if err == nil && a.b.Figures() {
			err = withFigures(ctx, a.s.sp, page.Items)
		}
		return page, err
	}
	found, err := store.Figures.Query(ctx, a.s.sp, q)
	if err != nil {
		return store.Page[crm.Record]{}, err
	}
	ids := make([]string, len(found.Items))
	for i, d := range found.Items {
		ids[i] = string(d.Value.ID)
	}
	docs, err := store.Records.GetMany(ctx, a.s.sp, ids)
	for i := range docs {
		docs[i].Value.Derived = found.Items[i].Value.Values
	}
	return store.Beside(found, docs), err
}

// withFigures puts what is kept of records into Derived.
func withFigures(ctx context.Context, r store.Reader, docs []store.Doc[crm.Record]) error {
	ids := make([]string, len(docs))
	for i := range docs {
		ids[i] = string(docs[i].Value.ID)
	}
	figures, err := store.Figures.GetMany(ctx, r, ids)
	for i := range figures {
		docs[i].Value.Derived = figures[i].Value.Values
	}
	return err
}

// told leaves of what is kept of a record what the viewer may ask for.
func (a *answer) told(r *crm.Record) {
	if r.Derived == nil {
		return
	}
	kept := map[string]any{}
	for _, f := range a.b.Noun.Fields {
		if v, ok := r.Derived[f.Key]; ok && f.Figure {
			kept[f.Key] = v
		}
	}
	r.Derived = kept
}

// figured are the nouns with what follows from their records as fields that a
// viewer can ask for. Figures that add up other records are for those who read
// all of them, because a condition on a sum tells of its parts.
func figured(sch crm.Schema, v access.Viewer) []crm.Noun {
	whole := true
	for _, n := range sch.Nouns() {
		whole = whole && v.Filter(n.Kind).All
	}
	tasks := v.Filter(crm.KindTask).All
	var out []crm.Noun
	for _, n := range sch.Nouns() {
		var fields []crm.Field
		for _, f := range crm.FigureFields(n) {
			if tasks || f.Key != crm.NextTask && f.Key != crm.NextTaskDue {
				fields = append(fields, f)
			}
		}
		for _, f := range n.Fields {
			if g, ok := computed(sch, n, f); ok && whole && !n.Activity {
				fields = append(fields, g)
			}
		}
		out = append(out, n.WithFigures(fields))
	}
	return out
}

// computed is a formula or a statistic as a field of what it gives.
func computed(sch crm.Schema, n crm.Noun, f crm.Field) (crm.Field, bool) {
	out := crm.Field{Key: f.Key, Labels: f.Labels, Custom: f.Custom, System: true, Figure: true}
	switch f.Type {
	case crm.FieldFormula:
		p, err := formula.Compile(sch, n, f.Expr)
		if err != nil { // it lost a field
			return out, false
		}
		out.Type = map[formula.Type]crm.FieldType{formula.Number: crm.FieldNumber, formula.Text: crm.FieldText,
			formula.Bool: crm.FieldCheckbox, formula.Date: crm.FieldDate, formula.Time: crm.FieldTime}[p.Type]
		out.Digits = maxDigits
	case crm.FieldStatistic:
		out.Type, out.Digits = statisticGives(sch, f), maxDigits
	}
	return out, out.Type != ""
}

// maxDigits is how exact a number in a condition on a computed field may be.
const maxDigits = 6

// statisticGives is the type of what a statistic gives, "" when nothing can be
// asked about it.
func statisticGives(sch crm.Schema, f crm.Field) crm.FieldType {
	if f.Stat == nil {
		return ""
	}
	n, _, ok := over(sch, *f.Stat)
	switch {
	case !ok:
		return ""
	case f.Stat.Do == crm.StatCount || f.Stat.Do == crm.StatSum:
		return crm.FieldNumber
	case f.Stat.Value == "":
		return crm.FieldTime
	}
	g, ok := n.Field(f.Stat.Value)
	if !ok || g.Type == crm.FieldRelation || g.Type == crm.FieldUser || g.Type == crm.FieldMoney {
		return ""
	}
	return g.Type
}
