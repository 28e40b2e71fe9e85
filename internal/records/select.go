package records

import (
	"context"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/query"
	"threadline/internal/store"
)

// Noun is a noun with what is computed among its fields, as the viewer may ask
// for them; crm.Invalid when there is none.
func (s *Service) Noun(ctx context.Context, v access.Viewer, kind crm.Kind) (crm.Noun, error) {
	words, err := s.Words(ctx, v)
	if err != nil {
		return crm.Noun{}, err
	}
	for _, n := range words.Nouns {
		if n.Kind == kind {
			return n, nil
		}
	}
	return crm.Noun{}, crm.NoKind("records.Noun", kind, words.Nouns).WithField("kind")
}

// Matches tells of each record whether it fits a query.
func (s *Service) Matches(ctx context.Context, v access.Viewer, q *query.Query, docs []store.Doc[crm.Record]) ([]bool, error) {
	a, err := s.ask(ctx, v, q, "")
	if err != nil {
		return nil, err
	}
	docs = append([]store.Doc[crm.Record](nil), docs...)
	if a.b.Figures() {
		if err := withFigures(ctx, s.sp, docs); err != nil {
			return nil, err
		}
	}
	out := make([]bool, len(docs))
	for i := range docs {
		if err := a.near.fetch(ctx, &docs[i].Value, docs[i:]); err != nil {
			return nil, err
		}
		out[i] = a.b.Match(&docs[i].Value, a.near.get)
	}
	return out, nil
}

// Figures puts into Derived what is kept of the records, as far as the viewer
// may ask for it: for lists, whose figures may lag by seconds.
func (s *Service) Figures(ctx context.Context, v access.Viewer, docs []store.Doc[crm.Record]) error {
	words, err := s.Words(ctx, v)
	if err != nil {
		return err
	}
	may := map[crm.Kind]map[string]bool{}
	for _, n := range words.Nouns {
		may[n.Kind] = map[string]bool{}
		for _, f := range n.Fields {
			may[n.Kind][f.Key] = f.Figure
		}
	}
	if err := withFigures(ctx, s.sp, docs); err != nil {
		return crm.Wrap("records.Figures", "the figures cannot be read", err)
	}
	for i := range docs {
		r := &docs[i].Value
		kept := map[string]any{}
		for key, value := range r.Derived {
			if may[r.Kind][key] {
				kept[key] = value
			}
		}
		r.Derived = kept
	}
	return nil
}

// Tallies are the counts and sums of a pipeline's stages as the viewer may know
// them.
func (s *Service) Tallies(ctx context.Context, v access.Viewer, kind crm.Kind, pipeline string) ([]crm.Tally, error) {
	f := v.Filter(kind)
	if f.None {
		return nil, nil
	}
	q := store.Query{Where: []store.Filter{store.Is("kind", kind), store.Is("pipeline", pipeline)}, Limit: store.MaxLimit}
	var out []crm.Tally
	err := store.Tallies.Each(ctx, s.sp, q, func(d store.Doc[crm.Tally]) error {
		if f.Holds(d.Value.Audience) {
			out = append(out, d.Value)
		}
		return nil
	})
	return out, crm.Wrap("records.Tallies", "the sums cannot be read", err)
}
