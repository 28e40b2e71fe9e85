package view

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/records"
	"threadline/internal/store"
)

func sharedView(x *crm.View) shared { return shared{x.Sharing, x.Team, x.Owner, x.By} }

// List returns the views that the viewer may see, by name; of one kind, or of
// all when it is empty.
func (s *Service) List(ctx context.Context, v access.Viewer, kind crm.Kind) ([]store.Doc[crm.View], error) {
	const op = crm.Op("view.List")
	teams, err := s.teams(ctx, s.sp, v)
	if err != nil {
		return nil, crm.Wrap(op, "the views cannot be read", err)
	}
	docs, err := store.Views.All(ctx, s.sp, store.Query{})
	docs = slices.DeleteFunc(docs, func(d store.Doc[crm.View]) bool {
		return !sharedView(&d.Value).sees(v, teams) || kind != "" && d.Value.Kind != kind
	})
	slices.SortFunc(docs, func(a, b store.Doc[crm.View]) int {
		return cmp.Or(strings.Compare(crm.Fold(a.Value.Name), crm.Fold(b.Value.Name)), strings.Compare(a.Value.ID, b.Value.ID))
	})
	return docs, crm.Wrap(op, "the views cannot be read", err)
}

// Get returns a view that the viewer may see.
func (s *Service) Get(ctx context.Context, v access.Viewer, id string) (store.Doc[crm.View], error) {
	return s.get(ctx, s.sp, v, id)
}

func (s *Service) get(ctx context.Context, r store.Reader, v access.Viewer, id string) (store.Doc[crm.View], error) {
	if _, err := crm.ParseID[string](crm.PrefixView, id); err != nil {
		return store.Doc[crm.View]{}, notFound("view", id)
	}
	docs, err := store.Views.GetMany(ctx, r, []string{id})
	if err != nil {
		return store.Doc[crm.View]{}, err
	}
	teams, err := s.teams(ctx, r, v)
	if err == nil && (!docs[0].Exists() || !sharedView(&docs[0].Value).sees(v, teams)) {
		err = notFound("view", id)
	}
	return docs[0], err
}

// Save makes a view, or changes one when it has an id; version 0 takes any.
func (s *Service) Save(ctx context.Context, v access.Viewer, by records.By, x crm.View, version store.Version) (store.Doc[crm.View], string, error) {
	var out store.Doc[crm.View]
	n, err := s.records.Noun(ctx, v, x.Kind)
	if err != nil {
		return out, "", err
	}
	if strings.TrimSpace(x.Query) == "" {
		x.Query = n.Plural
	}
	if err := x.Check(n); err != nil {
		return out, "", err
	}
	if _, x.Query, err = s.parse(ctx, v, x.Kind, x.Query); err != nil {
		return out, "", err
	}
	made := x.ID == ""
	if made {
		if x.ID, err = s.sp.Store().NewID(crm.PrefixView); err != nil {
			return out, "", err
		}
	}
	batch, err := s.sp.Change(ctx, info(by, "keep the view "+x.Name), func(ctx context.Context, tx *store.Tx) error {
		x := x
		x.By, x.CreatedAt = by.Actor, s.sp.Store().Now()
		if !made {
			old, err := s.get(ctx, tx, v, x.ID)
			switch {
			case err != nil:
				return err
			case !sharedView(&old.Value).changes(v):
				return crm.Errorf(crm.Denied, "view.Save", "this view is somebody else's").WithHint("make one of your own like it")
			case version != 0 && version != old.Version:
				return crm.Errorf(crm.Conflict, "view.Save", "the view changed in the meantime").WithHint("read it again and repeat the change")
			}
			x.By, x.CreatedAt = old.Value.By, old.Value.CreatedAt
		}
		if x.Owner = ""; x.Sharing == crm.SharedPrivate {
			x.Owner = x.By
		}
		if made {
			store.Views.Create(tx, &x)
		} else {
			store.Views.Put(tx, &x)
		}
		return nil
	})
	if err != nil {
		return out, "", err
	}
	out, err = s.Get(ctx, v, x.ID)
	return out, batch, err
}

// Delete takes a view away.
func (s *Service) Delete(ctx context.Context, v access.Viewer, by records.By, id string) (string, error) {
	return s.sp.Change(ctx, info(by, "delete a view"), func(ctx context.Context, tx *store.Tx) error {
		old, err := s.get(ctx, tx, v, id)
		if err != nil {
			return err
		}
		if !sharedView(&old.Value).changes(v) {
			return crm.Errorf(crm.Denied, "view.Delete", "this view is somebody else's")
		}
		store.Views.Delete(tx, id)
		return nil
	})
}
