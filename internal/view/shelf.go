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

// shelf keeps what people name and share: views and segments.
type shelf[T any] struct {
	s      *Service
	docs   store.Collection[T]
	prefix string // of the ids
	noun   string
	face   func(*T) face
}

// face are the fields that all of a shelf have in common.
type face struct {
	id        *string
	name      string
	kind      crm.Kind
	sharing   crm.Shared
	team      string
	owner, by *crm.UserID
	made      *crm.Time
}

// sees tells whether the viewer may know of it.
func (x face) sees(v access.Viewer, teams []string) bool {
	switch {
	case v.Operator:
		return true
	case x.sharing == crm.SharedPrivate:
		return v.User != "" && *x.owner == v.User
	case x.sharing == crm.SharedTeam:
		return *x.by == v.User || slices.Contains(teams, x.team)
	}
	return v.Records()
}

// changes tells whether the viewer may change it.
func (x face) changes(v access.Viewer) bool {
	return v.Operator || v.User != "" && *x.by == v.User || x.sharing != crm.SharedPrivate && v.May(crm.RightSettings)
}

// list returns what the viewer may see, by name; of one kind, or of all when it
// is empty.
func (h shelf[T]) list(ctx context.Context, v access.Viewer, kind crm.Kind) ([]store.Doc[T], error) {
	op, said := crm.Op("view.list"), "the "+h.noun+"s cannot be read"
	teams, err := h.s.teams(ctx, h.s.sp, v)
	if err != nil {
		return nil, crm.Wrap(op, said, err)
	}
	docs, err := h.docs.All(ctx, h.s.sp, store.Query{})
	docs = slices.DeleteFunc(docs, func(d store.Doc[T]) bool {
		f := h.face(&d.Value)
		return !f.sees(v, teams) || kind != "" && f.kind != kind
	})
	slices.SortFunc(docs, func(a, b store.Doc[T]) int {
		x, y := h.face(&a.Value), h.face(&b.Value)
		return cmp.Or(strings.Compare(crm.Fold(x.name), crm.Fold(y.name)), strings.Compare(*x.id, *y.id))
	})
	return docs, crm.Wrap(op, said, err)
}

// get returns what the viewer may see.
func (h shelf[T]) get(ctx context.Context, r store.Reader, v access.Viewer, id string) (store.Doc[T], error) {
	missing := crm.Errorf(crm.NotFound, "view.get", "there is no %s %s", h.noun, crm.Clip(id, 60)).WithField("id")
	if _, err := crm.ParseID[string](h.prefix, id); err != nil {
		return store.Doc[T]{}, missing
	}
	docs, err := h.docs.GetMany(ctx, r, []string{id})
	if err != nil {
		return store.Doc[T]{}, err
	}
	teams, err := h.s.teams(ctx, r, v)
	if err != nil {
		return docs[0], err
	}
	if !docs[0].Exists() || !h.face(&docs[0].Value).sees(v, teams) {
		return docs[0], missing
	}
	return docs[0], nil
}

// own returns what the viewer may change.
func (h shelf[T]) own(ctx context.Context, r store.Reader, v access.Viewer, id string) (store.Doc[T], error) {
	d, err := h.get(ctx, r, v, id)
	if err == nil && !h.face(&d.Value).changes(v) {
		err = crm.Errorf(crm.Denied, "view.own", "this %s is somebody else's", h.noun).WithHint("make one of your own like it")
	}
	return d, err
}

// save makes one, or changes one when it has an id; version 0 takes any. check
// is asked in the transaction; old is nil of a new one.
func (h shelf[T]) save(ctx context.Context, v access.Viewer, by records.By, x T, version store.Version,
	check func(ctx context.Context, tx *store.Tx, old, x *T) error) (store.Doc[T], string, error) {
	f := h.face(&x)
	made := *f.id == ""
	if made {
		var err error
		if *f.id, err = h.s.sp.Store().NewID(h.prefix); err != nil {
			return store.Doc[T]{}, "", err
		}
	}
	batch, err := h.s.sp.Change(ctx, info(by, "keep the "+h.noun+" "+f.name), func(ctx context.Context, tx *store.Tx) error {
		x := x
		f := h.face(&x)
		*f.by, *f.made, *f.owner = by.Actor, h.s.sp.Store().Now(), ""
		var before *T
		if !made {
			old, err := h.own(ctx, tx, v, *f.id)
			if err != nil {
				return err
			}
			if version != 0 && version != old.Version {
				return crm.Errorf(crm.Conflict, "view.save", "the %s changed in the meantime", h.noun).WithHint("read it again and repeat the change")
			}
			before = &old.Value
			*f.by, *f.made = *h.face(before).by, *h.face(before).made
		}
		if f.sharing == crm.SharedPrivate {
			*f.owner = *f.by
		}
		if err := check(ctx, tx, before, &x); err != nil {
			return err
		}
		if made {
			h.docs.Create(tx, &x)
		} else {
			h.docs.Put(tx, &x)
		}
		return nil
	})
	if err != nil {
		return store.Doc[T]{}, "", err
	}
	out, err := h.get(ctx, h.s.sp, v, *f.id)
	return out, batch, err
}

// remove takes one away, when check has nothing against it.
func (h shelf[T]) remove(ctx context.Context, v access.Viewer, by records.By, id string, check func(context.Context, *store.Tx) error) (string, error) {
	return h.s.sp.Change(ctx, info(by, "delete a "+h.noun), func(ctx context.Context, tx *store.Tx) error {
		if _, err := h.own(ctx, tx, v, id); err != nil {
			return err
		}
		if err := check(ctx, tx); err != nil {
			return err
		}
		h.docs.Delete(tx, id)
		return nil
	})
}
