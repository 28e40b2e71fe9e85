package api

import (
	"context"

	"threadline/internal/ledger"
	"threadline/internal/records"
)

func (s *Server) suggestionRoutes() {
	list := get("/api/v1/suggestions", "list-suggestions", "People in the mail who are no contacts, the most written-to first", "suggestions")
	list.limit = slowLimit
	add(s, list, s.listSuggestions)
	accept := post("/api/v1/suggestions/accept", "accept-suggestions", "Make contacts and companies of everybody who was written to, as one batch", "suggestions")
	accept.limit = longLimit
	add(s, accept, s.acceptSuggestions)
}

func (s *Server) listSuggestions(ctx context.Context, in *struct {
	Limit int `query:"limit" minimum:"1" maximum:"10000" default:"200"`
}) (*body[items[ledger.Person]], error) {
	people, err := ledger.Suggest(ctx, s.deps.Space, viewerOf(ctx))
	if err != nil {
		return nil, err
	}
	return listed(people[:min(in.Limit, len(people))]), nil
}

type acceptInput struct {
	Body struct {
		Mode string `json:"mode" enum:"written_to" doc:"written_to: everybody to whom we wrote"`
	}
}

func (s *Server) acceptSuggestions(ctx context.Context, _ *acceptInput) (*body[records.Accepted], error) {
	out, err := s.deps.Records.AcceptWrittenTo(ctx, viewerOf(ctx), by(ctx, ""))
	return answer(out), err
}
