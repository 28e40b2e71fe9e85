package records

import (
	"context"
	"encoding/json"
	"log/slog"
	"maps"
	"slices"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// Projector keeps the figures of records, and the sums of boards, like what
// they follow from: it computes them all when there are none, then whatever
// changes and arrivals touch and what time alone has changed. Each is computed
// anew as a whole, so that following equals making anew.
type Projector struct {
	s   *Service
	log *slog.Logger
}

// NewProjector makes the projector of a workspace.
func NewProjector(s *Service, log *slog.Logger) *Projector { return &Projector{s: s, log: log} }

const (
	projectID      = "job_figures"
	projectVersion = 2    // of what is computed; another one makes all anew
	projectChunk   = 100  // records in a transaction
	projectGather  = 2000 // records that are gathered before they are computed
)

// projected says how far the projector has come.
type projected struct {
	Version  int
	Building bool
	Cursor   string // of the records that are read to make all
	Position string // in the feed
}

// Run follows until ctx ends.
func (p *Projector) Run(ctx context.Context) error {
	return p.s.sp.Follow(ctx, store.DefaultPace(), p.CatchUp, func(err error) {
		p.log.Error("the figures of records cannot be brought up to date", "err", err)
	})
}

// Rebuild forgets how far the projector has come, so that the next CatchUp
// computes everything.
func (p *Projector) Rebuild(ctx context.Context) error { return p.save(ctx, projected{}) }

// CatchUp brings figures to the present end of the feed, and to now.
func (p *Projector) CatchUp(ctx context.Context) error {
	st, err := p.state(ctx)
	if err != nil {
		return err
	}
	if st.Version != projectVersion {
		end, err := p.s.sp.FeedEnd(ctx)
		if err != nil {
			return err
		}
		st = projected{Version: projectVersion, Building: true, Position: string(end)}
		if err := p.save(ctx, st); err != nil {
			return err
		}
	}
	if st.Building {
		if err := p.build(ctx, &st); err != nil {
			return err
		}
	}
	for more := true; more; {
		if more, err = p.follow(ctx, &st); err != nil {
			return err
		}
	}
	return p.refresh(ctx)
}

func (p *Projector) state(ctx context.Context) (projected, error) {
	docs, err := store.Jobs.GetMany(ctx, p.s.sp, []string{projectID})
	var st projected
	if err != nil || !docs[0].Exists() || json.Unmarshal(docs[0].Value.Spec, &st) != nil {
		return projected{}, err
	}
	return st, nil
}

func (p *Projector) save(ctx context.Context, st projected) error {
	spec, err := json.Marshal(st)
	if err != nil {
		return crm.E(crm.Internal, "records.Projector", "the state cannot be written", err)
	}
	b := p.s.sp.Batch()
	store.Jobs.Put(b, &crm.Job{ID: projectID, Kind: "figures", State: crm.JobRunning, Position: st.Position, Spec: spec})
	return b.Commit(ctx)
}

// build computes the figures of all records, from where it stopped, and takes
// away those of records that are gone.
func (p *Projector) build(ctx context.Context, st *projected) error {
	for {
		page, err := store.Records.Query(ctx, p.s.sp, store.Query{Limit: projectChunk, After: st.Cursor})
		if err != nil {
			return err
		}
		var ids []crm.RecordID
		for _, d := range page.Items {
			ids = append(ids, d.Value.ID)
		}
		if err := p.compute(ctx, ids); err != nil {
			return err
		}
		if st.Cursor = page.Next; page.Next == "" {
			break
		}
		if err := p.save(ctx, *st); err != nil {
			return err
		}
	}
	var ids []crm.RecordID
	err := store.Figures.Each(ctx, p.s.sp, store.Query{Limit: store.MaxLimit}, func(d store.Doc[crm.Figures]) error {
		ids = append(ids, d.Value.ID)
		return nil
	})
	if err != nil {
		return err
	}
	for chunk := range slices.Chunk(ids, store.MaxLimit) {
		docs, err := fetch(ctx, p.s.sp, chunk)
		if err != nil {
			return err
		}
		var gone []crm.RecordID
		for i, d := range docs {
			if !d.Exists() {
				gone = append(gone, chunk[i])
			}
		}
		if err := p.compute(ctx, gone); err != nil {
			return err
		}
	}
	st.Building = false
	return p.save(ctx, *st)
}

// follow computes what the next entries of the feed touched.
func (p *Projector) follow(ctx context.Context, st *projected) (more bool, err error) {
	t := newReached(p.s)
	if err := t.settle(ctx); err != nil {
		return false, err
	}
	next := store.Position(st.Position)
	for len(t.records) < projectGather {
		items, after, err := p.s.sp.Changes(ctx, next, feedPage)
		if err != nil {
			return false, err
		}
		if len(items) == 0 {
			break
		}
		next = after
		for _, it := range items {
			if err := t.take(it); err != nil {
				return false, err
			}
		}
		more = true
	}
	if !more {
		return false, nil
	}
	if t.all { // a field or a pipeline is another: all may follow from it
		st.Building, st.Cursor, st.Position = true, "", string(next)
		if err := p.save(ctx, *st); err != nil {
			return false, err
		}
		return true, p.build(ctx, st)
	}
	if err := t.around(ctx); err != nil {
		return false, err
	}
	if err := p.compute(ctx, slices.Sorted(maps.Keys(t.records))); err != nil {
		return false, err
	}
	st.Position = string(next)
	return true, p.save(ctx, *st)
}

// refresh computes what time alone has changed.
func (p *Projector) refresh(ctx context.Context) error {
	for {
		now := p.s.sp.Store().Now()
		q := store.Query{Where: []store.Filter{{Field: "due", Op: store.Le, Value: now}}, Order: "due", Limit: projectChunk}
		page, err := store.Figures.Query(ctx, p.s.sp, q)
		if err != nil || len(page.Items) == 0 {
			return err
		}
		var ids []crm.RecordID
		for _, d := range page.Items {
			ids = append(ids, d.Value.ID)
		}
		if err := p.compute(ctx, ids); err != nil {
			return err
		}
	}
}
