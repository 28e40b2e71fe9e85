package view

import (
	"context"
	"strings"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/records"
	"threadline/internal/store"
)

func (s *Service) views() shelf[crm.View] {
	return shelf[crm.View]{s, store.Views, crm.PrefixView, "view", func(x *crm.View) face {
		return face{&x.ID, x.Name, x.Kind, x.Sharing, x.Team, &x.Owner, &x.By, &x.CreatedAt}
	}}
}

// List returns the views that the viewer may see, by name; of one kind, or of
// all when it is empty.
func (s *Service) List(ctx context.Context, v access.Viewer, kind crm.Kind) ([]store.Doc[crm.View], error) {
	return s.views().list(ctx, v, kind)
}

// Get returns a view that the viewer may see.
func (s *Service) Get(ctx context.Context, v access.Viewer, id string) (store.Doc[crm.View], error) {
	return s.views().get(ctx, s.sp, v, id)
}

// Save makes a view, or changes one when it has an id; version 0 takes any.
func (s *Service) Save(ctx context.Context, v access.Viewer, by records.By, x crm.View, version store.Version) (store.Doc[crm.View], string, error) {
	n, err := s.records.Noun(ctx, v, x.Kind)
	if err != nil {
		return store.Doc[crm.View]{}, "", err
	}
	if strings.TrimSpace(x.Query) == "" {
		x.Query = n.Plural
	}
	if err := x.Check(n); err != nil {
		return store.Doc[crm.View]{}, "", err
	}
	q, text, err := s.parse(ctx, v, x.Kind, x.Query)
	if err == nil {
		err = q.NoLimit("query")
	}
	if err != nil {
		return store.Doc[crm.View]{}, "", err
	}
	x.Query = text
	return s.views().save(ctx, v, by, x, version, func(context.Context, *store.Tx, *crm.View, *crm.View) error { return nil })
}

// Delete takes a view away.
func (s *Service) Delete(ctx context.Context, v access.Viewer, by records.By, id string) (string, error) {
	return s.views().remove(ctx, v, by, id, func(context.Context, *store.Tx) error { return nil })
}
