package api

import (
	"context"
	"encoding/json"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"threadline/internal/ledger"
	"threadline/internal/timeline"
)

type rematchInput struct {
	Body *struct {
		DryRun bool `json:"dry_run,omitempty" doc:"Only say what would change"`
	}
}

// rematched is the outcome of a rematch; the items of a dry run come with
// reasons.
type rematched struct {
	Seen    int64           `json:"seen"`
	Changed int64           `json:"changed"`
	Rules   []ledger.Tally  `json:"rules"`
	Items   []timeline.Move `json:"items"`
}

func (s *Server) rematch(ctx context.Context, in *rematchInput) (*huma.StreamResponse, error) {
	if err := operator(ctx, "match everything again"); err != nil {
		return nil, err
	}
	dry := in.Body != nil && in.Body.DryRun
	return s.stream(func(ctx context.Context, w *lineWriter) error { return s.rematching(ctx, w, dry) }), nil
}

// progressEvery is how often a long run says how far it has come.
const progressEvery = time.Second

// progress returns a function that writes how far a run has come, from time to
// time, and ends the run when nobody listens any more.
func (s *Server) progress(w *lineWriter, cancel context.CancelCauseFunc) func(ledger.Progress) {
	told := s.deps.Space.Store().Now()
	return func(p ledger.Progress) {
		now := s.deps.Space.Store().Now()
		if now.Sub(told) < progressEvery {
			return
		}
		told = now
		err := json.NewEncoder(w).Encode(map[string]ledger.Progress{"progress": p})
		if err == nil {
			err = w.Push()
		}
		if err != nil {
			cancel(err)
		}
	}
}

// rematching writes how far it has come, line by line, and what came out.
func (s *Server) rematching(ctx context.Context, w *lineWriter, dry bool) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	enc := json.NewEncoder(w)
	done, err := ledger.Rematch(ctx, s.deps.Space, dry, s.progress(w, cancel))
	if err != nil {
		return err
	}
	moves, err := s.deps.Timeline.In(lang(ctx)).Moves(ctx, viewerOf(ctx), done.Items)
	if err != nil {
		return err
	}
	out := rematched{Seen: done.Seen, Changed: done.Changed, Rules: done.Rules, Items: moves}
	if out.Rules == nil {
		out.Rules = []ledger.Tally{}
	}
	return enc.Encode(map[string]rematched{"outcome": out})
}
