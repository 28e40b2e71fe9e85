package api

import (
	"context"
	"encoding/json"
	"errors"

	"threadline/internal/crm"
	"threadline/internal/query"
	"threadline/internal/records"
)

func (s *Server) queryRoutes() {
	add(s, get("/api/v1/query/check", "check-query", "What a text in the query language means, or where it is wrong", "query"), s.checkQuery)
	add(s, post("/api/v1/query/check", "check-filter", "The text of a structured query", "query"), s.checkFilter)
}

type queryText struct {
	Q string `query:"q" maxLength:"10000" doc:"A whole query, or the beginning of one"`
}

// queryMeaning is what a text means, or what is wrong with it.
type queryMeaning struct {
	OK       bool               `json:"ok"`
	Text     string             `json:"text,omitempty" doc:"The query as it is kept"`
	Query    json.RawMessage    `json:"query,omitempty" doc:"The same as data: kind, where (and, or, not, test), order, desc, limit"`
	Plan     *records.Explained `json:"plan,omitempty"`
	Error    *queryFault        `json:"error,omitempty"`
	Complete query.Completion   `json:"complete" doc:"What may be written at the end of the text"`
}

type queryFault struct {
	At     int    `json:"at" doc:"Character, from 1, at which reading stopped; 0 when it is no single one"`
	Detail string `json:"detail"`
	Hint   string `json:"hint,omitempty"`
}

func (s *Server) checkQuery(ctx context.Context, in *queryText) (*body[queryMeaning], error) {
	schema, err := s.deps.Records.Words(ctx, viewerOf(ctx))
	if err != nil {
		return nil, err
	}
	q, err := query.Parse(in.Q, schema)
	out, err := s.meaning(ctx, schema, q, err)
	if err == nil {
		out.Body.Complete = query.Complete(in.Q, schema)
	}
	return out, err
}

// queryData is a structured query.
type queryData struct{ Body query.Query }

func (s *Server) checkFilter(ctx context.Context, in *queryData) (*body[queryMeaning], error) {
	schema, err := s.deps.Records.Words(ctx, viewerOf(ctx))
	if err != nil {
		return nil, err
	}
	q, err := query.Check(in.Body, schema)
	return s.meaning(ctx, schema, q, err)
}

// meaning tells what a query means; one that is wrong is no failure of asking.
func (s *Server) meaning(ctx context.Context, schema query.Schema, q *query.Query, err error) (*body[queryMeaning], error) {
	out := queryMeaning{Complete: query.Completion{Words: []string{}}}
	if err == nil {
		out.Plan, err = s.explain(ctx, q)
	}
	var e *crm.Error
	switch {
	case errors.As(err, &e) && e.Kind == crm.Invalid:
		out.Error = &queryFault{At: query.At(err), Detail: e.Msg, Hint: e.Hint}
		return answer(out), nil
	case err != nil:
		return nil, err
	}
	out.OK, out.Text = true, query.Format(q, schema)
	out.Query, err = json.Marshal(q)
	return answer(out), err
}

func (s *Server) explain(ctx context.Context, q *query.Query) (*records.Explained, error) {
	e, err := s.deps.Records.Explain(ctx, viewerOf(ctx), q)
	return &e, err
}
