package view

import (
	"context"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/query"
	"threadline/internal/records"
)

// Part narrows what a view shows: to one group, or to some days of a calendar.
type Part struct {
	Group    string // value of the field that makes groups
	None     bool   // the records without a value in it
	From, To string // days, both included
	Limit    int
	Cursor   string
}

// Show answers a page of a view.
func (s *Service) Show(ctx context.Context, v access.Viewer, x *crm.View, p Part) (records.Found, error) {
	q, err := s.narrowed(ctx, v, x, p)
	if err != nil {
		return records.Found{}, err
	}
	found, err := s.records.Run(ctx, v, q, p.Cursor)
	if err != nil {
		return found, err
	}
	return found, s.records.Figures(ctx, v, found.Items)
}

// narrowed is the query of a view with the conditions of a part.
func (s *Service) narrowed(ctx context.Context, v access.Viewer, x *crm.View, p Part) (*query.Query, error) {
	q, _, err := s.parse(ctx, v, x.Kind, x.Query)
	if err != nil {
		return nil, err
	}
	q.Limit = p.Limit // a view means all its records: an old one may still say how many
	var more []query.Condition
	if p.Group != "" || p.None {
		c, err := s.groupCondition(ctx, v, x, p)
		if err != nil {
			return nil, err
		}
		more = append(more, c)
	}
	if p.From != "" || p.To != "" {
		if x.Date == "" {
			return nil, crm.Errorf(crm.Invalid, "view.Show", "this view has no dates").WithField("from")
		}
		if p.From != "" {
			more = append(more, query.Condition{Field: x.Date, Op: query.Ge, Values: []string{p.From}})
		}
		if p.To != "" {
			more = append(more, query.Condition{Field: x.Date, Op: query.Le, Values: []string{p.To}})
		}
		if q.Order == "" {
			q.Order = x.Date
		}
	}
	if len(more) == 0 {
		return q, nil
	}
	words, err := s.records.Words(ctx, v)
	if err != nil {
		return nil, err
	}
	return query.Check(*and(q, more...), words)
}

func (s *Service) groupCondition(ctx context.Context, v access.Viewer, x *crm.View, p Part) (query.Condition, error) {
	n, err := s.records.Noun(ctx, v, x.Kind)
	if err != nil {
		return query.Condition{}, err
	}
	f, ok := n.Field(x.GroupBy)
	switch {
	case !ok:
		return query.Condition{}, crm.Errorf(crm.Invalid, "view.Show", "this view has no groups").WithField("group")
	case p.None:
		return query.Condition{Field: f.Key, Op: query.Empty}, nil
	case f.List():
		return query.Condition{Field: f.Key, Op: query.Has, Values: []string{p.Group}}, nil
	}
	return query.Condition{Field: f.Key, Op: query.Eq, Values: []string{p.Group}}, nil
}

// and adds conditions to a query.
func and(q *query.Query, more ...query.Condition) *query.Query {
	out := *q
	var parts []query.Expr
	if q.Where != nil {
		if parts = append(parts, q.Where.And...); q.Where.And == nil {
			parts = append(parts, *q.Where)
		}
	}
	for i := range more {
		parts = append(parts, query.Expr{Test: &more[i]})
	}
	out.Where = &query.Expr{And: parts}
	if len(parts) == 1 {
		out.Where = &parts[0]
	}
	return &out
}
