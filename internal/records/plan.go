package records

import (
	"slices"
	"strings"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/query"
	"threadline/internal/store"
)

// Limits of one answer.
const (
	scanBound = 10_000 // records that are looked at
	scanPage  = 500    // of them at a time
	maxIn     = 10     // values of a list that an index takes
	maxAny    = 30     // the same of a test on a list field
)

// plan is how a query is answered: which documents an index yields, and what is
// left to look for among them.
type plan struct {
	from   store.Collection[crm.Record]
	query  store.Query
	index  string   // fields of the index in words
	rest   []string // conditions that the index does not answer
	sorted bool     // the order is made after reading
	none   bool     // the viewer reads nothing of this kind
	figure bool     // the index is one of figures, which lag: what it finds is tested whole
	tail   bool     // records without the ordered field follow, found by a second scan
	score  int
}

// planFor chooses among the registered indexes. An index must hold every record
// that may be in the answer: one in order of a field holds only records that
// have it.
//
// Which is best is a rule of thumb, because counting would cost as much as
// reading: what names one record's friends (a relation, a user, a name) narrows
// most, then one value of few, then a range; and an index in the order that is
// asked for spares reading everything before the first page.
//
// For a viewer who does not read all records only the indexes of their audience
// serve, so that what they may not know of is not even counted.
func planFor(b *query.Bound, reach access.Filter) plan {
	if reach.None {
		return plan{from: collectionOf(b.Noun), none: true, index: "none"}
	}
	var best *plan
	parts := simple(b.Parts)
	for _, ix := range store.Shapes() {
		if ix.Collection != collectionOf(b.Noun).Name || !slices.Contains(ix.Equal, "kind") || reach.All == (ix.Array == audience) {
			continue
		}
		if p, ok := fit(b, parts, ix, reach); ok && (best == nil || p.score > best.score) {
			best = &p
		}
	}
	if p, ok := figurePlan(b, parts, reach); ok && p.score > best.score {
		best = &p
	}
	return *best // by age every record is found
}

// fitting tries one index.
type fitting struct {
	b     *query.Bound
	parts []query.Part
	plan  plan
	used  map[*query.Test]bool
	list  bool // a list of alternatives is taken
	reach access.Filter
}

// audience is where a record says who reaches it.
const audience = "audience"

func fit(b *query.Bound, parts []query.Part, ix store.Index, reach access.Filter) (plan, bool) {
	f := &fitting{reach: reach, b: b, parts: parts, used: map[*query.Test]bool{}, plan: plan{from: collectionOf(b.Noun)}}
	f.plan.query.Where = []store.Filter{store.Is("kind", b.Noun.Kind)}
	words := []string{"kind"}
	for _, field := range ix.Equal {
		if field == "kind" {
			continue
		}
		if !f.equal(field) {
			return plan{}, false
		}
		words = append(words, word(field))
	}
	if ix.Array != "" {
		if !f.array(ix.Array) {
			return plan{}, false
		}
		words = append(words, word(ix.Array))
	}
	if !f.order(ix.Order) {
		return plan{}, false
	}
	if ix.Order != "" {
		words = append(words, word(ix.Order))
	}
	f.plan.index = strings.Join(words, ", ")
	f.finish()
	return f.plan, true
}

// word is a path as the language calls the field.
func word(path string) string {
	return strings.TrimPrefix(strings.TrimPrefix(strings.TrimPrefix(path, "values."), "slots."), figurePath)
}

// tests visits the conditions on a field of the record itself that must hold.
func (f *fitting) tests(path string, try func(t *query.Test) bool) bool {
	for _, part := range f.parts {
		for _, p := range part.And {
			if t := p.Test; t != nil && t.Via == nil && pathOf(t.Field) == path && !f.used[t] && !tooLong(t) && try(t) {
				f.used[t] = true
				return true
			}
		}
	}
	return false
}

// simple writes the conditions in the words of indexes.
func simple(parts []query.Part) []query.Part {
	out := make([]query.Part, len(parts))
	for i, part := range parts {
		out[i] = query.Part{Text: part.Text, And: slices.Clone(part.And)}
		for j := range part.And {
			if t := alternatives(&part.And[j]); t != nil {
				out[i].And[j] = query.Pred{Test: t}
			}
		}
	}
	return out
}

// alternatives reads stage = a or stage = b as stage in (a, b).
func alternatives(p *query.Pred) *query.Test {
	var out *query.Test
	for _, q := range p.Or {
		switch {
		case q.Test == nil || q.Test.Via != nil || q.Test.Op != query.Eq && q.Test.Op != query.In:
			return nil
		case out == nil:
			out = &query.Test{Field: q.Test.Field, Op: query.In}
		case out.Field.Key != q.Test.Field.Key:
			return nil
		}
		out.Values = append(out.Values, q.Test.Values...)
	}
	return out
}

// equal takes an equality, or a list of alternatives.
func (f *fitting) equal(path string) bool {
	return f.tests(path, func(t *query.Test) bool {
		switch {
		case t.Field.List():
			return false
		case t.Op == query.Eq:
			f.add(store.Filter{Field: path, Op: store.Eq, Value: t.Values[0]}, narrows(t.Field))
			return true
		case t.Op == query.In && !f.list && len(t.Values) <= maxIn:
			f.list = true
			f.add(store.Filter{Field: path, Op: store.In, Value: t.Values}, narrows(t.Field)-10)
			return true
		}
		return false
	})
}

// narrows guesses how well one value of a field narrows a search.
func narrows(f crm.Field) int {
	switch f.Type {
	case crm.FieldRelation:
		return 300
	case crm.FieldUser:
		return 90
	case crm.FieldChoice:
		return 60
	}
	switch f.Key {
	case "stage", "pipeline", "stage_kind":
		return 60
	}
	return 250
}

func (f *fitting) add(s store.Filter, score int) {
	f.plan.query.Where = append(f.plan.query.Where, s)
	f.plan.score += score
}

// array takes a test on a list field.
func (f *fitting) array(path string) bool {
	if path == audience {
		f.list = true
		f.add(store.HasAny(audience, f.reach.Tokens), 0)
		return true
	}
	return f.tests(path, func(t *query.Test) bool {
		switch {
		case t.Op != query.Has:
			return false
		case len(t.Values) == 1:
			f.add(store.Has(path, t.Values[0]), 300)
			return true
		case len(t.Values) <= maxAny && !f.list:
			f.list = true
			f.add(store.HasAny(path, t.Values), 280)
			return true
		}
		return false
	})
}

// order decides in which order the index is read: by id where its last field is
// compared for equality, else by that field, within a range where there is one.
func (f *fitting) order(path string) bool {
	if path == "" || f.equal(path) {
		return true
	}
	q := &f.plan.query
	q.Order = path
	for f.ranged(path) {
	}
	if len(q.Where) > 1 && q.Where[len(q.Where)-1].Field == path {
		f.plan.score += 40
	}
	return f.holdsAll(path)
}

// ranged takes one more end of a range.
func (f *fitting) ranged(path string) bool {
	return f.tests(path, func(t *query.Test) bool {
		op, ok := map[query.Op]store.FilterOp{query.Lt: store.Lt, query.Le: store.Le, query.Gt: store.Gt, query.Ge: store.Ge}[t.Op]
		if !ok || t.Field.List() {
			return false
		}
		f.add(store.Filter{Field: path, Op: op, Value: t.Values[0]}, 0)
		return true
	})
}

// holdsAll tells whether an index in order of a field holds every record of the
// answer, or lets the rest follow.
func (f *fitting) holdsAll(path string) bool {
	if path == query.CreatedAt || f.plan.query.Where[len(f.plan.query.Where)-1].Field == path {
		return true
	}
	for _, part := range f.parts {
		for _, p := range part.And {
			if p.Not != nil && p.Not.Test != nil && p.Not.Test.Op == query.Empty && p.Not.Test.Via == nil && pathOf(p.Not.Test.Field) == path {
				return true
			}
		}
	}
	if f.b.Order == nil || pathOf(*f.b.Order) != path {
		return false
	}
	f.plan.tail = true
	return true
}

// finish works out what is left to do.
func (f *fitting) finish() {
	p, b := &f.plan, f.b
	switch {
	case b.Order == nil && p.query.Order == query.CreatedAt:
		p.query.Desc = true
		p.score += 5
	case b.Order == nil:
	case p.query.Order != "" && p.query.Order == pathOf(*b.Order):
		p.query.Desc = b.Desc
		p.score += 100
	case !slices.ContainsFunc(p.query.Where, func(s store.Filter) bool { return s.Field == pathOf(*b.Order) && s.Op == store.Eq }):
		p.sorted = true
	}
	if p.sorted {
		p.query.Desc = p.query.Order == query.CreatedAt // when not all can be read, the newest are
	}
	for _, part := range f.parts {
		if slices.ContainsFunc(part.And, func(q query.Pred) bool { return q.Test == nil || !f.used[q.Test] }) {
			p.rest = append(p.rest, part.Text)
		}
	}
}

// pathOf is where an index finds a field, "" when none does.
func pathOf(f crm.Field) string {
	if f.Key == query.CreatedAt {
		return f.Key
	}
	path, _ := f.Path()
	return path
}

// maxSlot is where indexes of custom fields cut a text: longer ones are tested.
const maxSlot = 200

func tooLong(t *query.Test) bool {
	return t.Field.Slot != "" && slices.ContainsFunc(t.Values, func(v any) bool { s, ok := v.(string); return ok && len(s) >= maxSlot })
}
