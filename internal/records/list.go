package records

import (
	"context"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/query"
	"threadline/internal/store"
)

// Found is one page of an answer, and how it was found.
type Found struct {
	store.Page[crm.Record]
	Plan Explained
}

// Explained says how a query is answered.
type Explained struct {
	Query    string   `json:"query" doc:"As it was understood"`
	Index    string   `json:"index" doc:"Fields of the index that is read, in their order"`
	Filtered []string `json:"filtered,omitempty" doc:"Conditions that no index answers: records are read and tested"`
	Sorted   bool     `json:"sorted,omitempty" doc:"The order is made after reading, not by an index"`
	Bound    int      `json:"bound,omitempty" doc:"How many records are looked at for one answer, when not all of them are in it"`
	Scanned  int      `json:"scanned,omitempty" doc:"How many were looked at for this page"`
	Cut      bool     `json:"cut,omitempty" doc:"The bound was reached: of a sorted answer, what lies behind it is missing; of any other, the page is short and the next goes on"`
}

// List returns the records of a kind, newest first.
func (s *Service) List(ctx context.Context, v access.Viewer, kind crm.Kind, p Page) (store.Page[crm.Record], error) {
	found, err := s.Run(ctx, v, &query.Query{Kind: kind, Order: query.CreatedAt, Desc: true, Limit: p.Limit}, p.Cursor)
	return found.Page, err
}

// Run answers a query page by page. Conditions that no index answers are tested
// on a bounded number of records, which can leave a page short: only an empty
// Next is the end. A query without an order comes newest first where an index
// allows it, else in order of id.
//
// Words such as today keep the meaning that they had on the first page.
func (s *Service) Run(ctx context.Context, v access.Viewer, q *query.Query, cursor string) (Found, error) {
	const op = crm.Op("records.Run")
	a, err := s.ask(ctx, v, q, cursor)
	if err != nil {
		return Found{}, crm.Wrap(op, "the query cannot be answered", err)
	}
	page, err := a.page(ctx)
	if err != nil {
		return Found{}, crm.Wrap(op, "the "+a.b.Noun.Plural+" cannot be listed", err)
	}
	return Found{Page: page, Plan: a.explained()}, nil
}

// Explain says how a query would be answered, without answering it.
func (s *Service) Explain(ctx context.Context, v access.Viewer, q *query.Query) (Explained, error) {
	a, err := s.ask(ctx, v, q, "")
	if err != nil {
		return Explained{}, crm.Wrap("records.Explain", "the query cannot be answered", err)
	}
	return a.explained(), nil
}

// ask prepares an answer.
func (s *Service) ask(ctx context.Context, v access.Viewer, q *query.Query, cursor string) (*answer, error) {
	if err := mayRead(v); err != nil {
		return nil, err
	}
	ws, schema, err := s.words(ctx, v)
	if err != nil {
		return nil, err
	}
	a := &answer{s: s, sight: s.sight(v), text: query.Format(q, schema), same: sameQuery(*q, schema)}
	if a.at, err = s.readCursor(cursor, q, a.same); err != nil {
		return nil, err
	}
	if a.at.now == 0 {
		a.at.now = s.sp.Store().Now()
	}
	if a.b, err = query.Bind(q, schema, env(ws, v, a.at.now)); err != nil {
		return nil, err
	}
	if a.b.Limit == 0 {
		a.b.Limit = store.DefaultLimit
	}
	a.plan = planFor(a.b, v.Filter(a.b.Noun.Kind))
	a.near = newNear(a.sight, a.b)
	return a, nil
}

// env is who asks, and when: at their own clock.
func env(ws crm.Workspace, v access.Viewer, now crm.Time) query.Env {
	return query.Env{Now: now.Std().In(v.Zone(ws.Zone)), Me: v.User}
}

func (a *answer) explained() Explained {
	e := Explained{Query: a.text, Index: a.plan.index, Filtered: a.plan.rest, Sorted: a.plan.sorted, Scanned: a.scanned, Cut: a.cut}
	if len(a.plan.rest) > 0 || a.plan.sorted || a.plan.tail {
		e.Bound = scanBound
	}
	return e
}
