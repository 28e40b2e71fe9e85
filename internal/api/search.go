package api

import (
	"context"
	"net/http"
	"strings"

	"threadline/internal/access"
	"threadline/internal/search"
)

// Finder searches; Rebuild empties its index and has it made anew.
type Finder struct {
	Find    func(ctx context.Context, v access.Viewer, q search.Question) ([]search.Hit, error)
	Rebuild func(ctx context.Context) error
	Service *search.Service
}

func (s *Server) searchRoutes() {
	add(s, get("/api/v1/search", "search", "Find records, activities and mail by the beginnings of words", "search"), s.search)
	again := post("/api/v1/search/rebuild", "rebuild-search", "Make the search index anew from what is stored", "search")
	again.status = http.StatusAccepted
	add(s, again, s.rebuildSearch)
}

type searchQuery struct {
	Q     string `query:"q" maxLength:"1000" doc:"Words, or their beginnings, without regard to case and accents"`
	Kind  string `query:"kind" maxLength:"500" doc:"Only these folders or messages, separated by commas"`
	Limit int    `query:"limit" minimum:"1" maximum:"50" default:"20" doc:"How many hits at most"`
}

func (s *Server) search(ctx context.Context, in *searchQuery) (*body[items[search.Hit]], error) {
	q := search.Question{Text: in.Q, Limit: in.Limit}
	if in.Kind != "" {
		var err error
		if q.Kinds, err = s.deps.Search.Service.Kinds(ctx, viewerOf(ctx), strings.Split(in.Kind, ",")); err != nil {
			return nil, err
		}
	}
	hits, err := s.deps.Search.Find(ctx, viewerOf(ctx), q)
	return listed(hits), err
}

func (s *Server) rebuildSearch(ctx context.Context, _ *none) (*empty, error) {
	if err := operator(ctx, "make the search index anew"); err != nil {
		return nil, err
	}
	return &empty{}, s.deps.Search.Rebuild(ctx)
}
