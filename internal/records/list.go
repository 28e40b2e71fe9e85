package records

import (
	"context"
	"slices"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/query"
	"threadline/internal/store"
)

// List returns the records of a kind, newest first.
func (s *Service) List(ctx context.Context, v access.Viewer, kind crm.Kind, p Page) (store.Page[crm.Record], error) {
	return s.Run(ctx, v, &query.Query{Kind: kind, Order: query.CreatedAt, Desc: true, Limit: p.Limit}, p.Cursor)
}

// Run answers a query; crm.MissingIndex when no declared index serves it. A
// query without an order comes newest first where an index allows it, else in
// order of id.
func (s *Service) Run(ctx context.Context, v access.Viewer, q *query.Query, cursor string) (store.Page[crm.Record], error) {
	none := store.Page[crm.Record]{}
	if err := mayRead(v); err != nil {
		return none, err
	}
	sch, err := s.schema(ctx)
	if err != nil {
		return none, err
	}
	n, ok := sch.Noun(q.Kind)
	if !ok {
		return none, crm.Errorf(crm.Invalid, "records.Run", "%q is no kind of record", crm.Clip(string(q.Kind), 40)).WithField("kind")
	}
	sq := compile(n, q)
	sq.After = cursor
	page, err := ask(ctx, s.sp, n, sq)
	if q.Order == "" && crm.IsKind(err, crm.MissingIndex) {
		sq.Order, sq.Desc = "", false
		if byID, second := ask(ctx, s.sp, n, sq); !crm.IsKind(second, crm.MissingIndex) {
			page, err = byID, second
		}
	}
	if err != nil {
		return none, crm.Wrap("records.Run", "the "+n.Plural+" cannot be listed", err)
	}
	return page, nil
}

func ask(ctx context.Context, r store.Reader, n crm.Noun, q store.Query) (store.Page[crm.Record], error) {
	page, err := collectionOf(n).Query(ctx, r, q)
	for i := range page.Items {
		tidy(&page.Items[i].Value)
	}
	return page, err
}

// compile turns the words of a query into paths of documents.
func compile(n crm.Noun, q *query.Query) store.Query {
	out := store.Query{Where: []store.Filter{store.Is("kind", q.Kind)}, Limit: q.Limit, Desc: q.Desc}
	for _, c := range q.Where {
		out.Where = append(out.Where, store.Filter{Field: path(n, c.Field), Op: operator(c.Op), Value: c.Value})
	}
	switch ranged := rangeField(q); {
	case fixed(q, q.Order): // one value has no order
		out.Desc = false
	case q.Order != "":
		out.Order = path(n, q.Order)
	case ranged != "":
		out.Order = path(n, ranged)
	default:
		out.Order, out.Desc = query.CreatedAt, true
	}
	return out
}

// fixed tells whether the query asks for one value of the field.
func fixed(q *query.Query, field string) bool {
	return slices.ContainsFunc(q.Where, func(c query.Condition) bool { return c.Field == field && c.Op == query.Eq })
}

// operator says what a word of the language is to the store.
func operator(op query.Op) store.FilterOp {
	switch op {
	case query.Lt:
		return store.Lt
	case query.Le:
		return store.Le
	case query.Gt:
		return store.Gt
	case query.Ge:
		return store.Ge
	case query.In:
		return store.In
	case query.Has:
		return store.Contains
	}
	return store.Eq
}

// path is where a field lies in a document.
func path(n crm.Noun, field string) string {
	if f, ok := n.Field(field); ok {
		if p, ok := f.Path(); ok {
			return p
		}
	}
	if field == query.CreatedAt {
		return field
	}
	return "values." + field
}

// rangeField is the field of the first range, which a store orders by.
func rangeField(q *query.Query) string {
	for _, c := range q.Where {
		switch c.Op {
		case query.Lt, query.Le, query.Gt, query.Ge:
			return c.Field
		}
	}
	return ""
}
