package store

import (
	"context"
	"io"
	"slices"
	"sync/atomic"
	"time"

	"threadline/internal/crm"
)

// Store is the document store. It is safe for concurrent use.
type Store struct {
	driver  Driver
	indexes *Indexes
	codec   codec
	now     func() time.Time
	random  io.Reader
	wake    *bell
	rules   atomic.Uint64 // commits of settings
}

// Options are the values that come in from outside.
type Options struct {
	Indexes *Indexes // required
	Now     func() time.Time
	Random  io.Reader
}

// New makes a store over an opened driver, which Close closes.
func New(driver Driver, o Options) (*Store, error) {
	c, err := newCodec()
	if err != nil {
		return nil, crm.E(crm.Internal, "store.New", "the encoding cannot be set up", err)
	}
	return &Store{driver: faulty(driver), indexes: o.Indexes, codec: c, now: o.Now, random: o.Random, wake: newBell()}, nil
}

// Close closes the driver; nothing may be running.
func (s *Store) Close() error { return s.driver.Close() }

// Room says how much callers that choose the size of a commit put into it.
func (s *Store) Room() Room { return s.driver.Room() }

// Alone tells that only this process writes: what it read holds until it writes
// something else.
func (s *Store) Alone() bool { return s.driver.Alone() }

// Now is the store's clock, cut to what is stored.
func (s *Store) Now() crm.Time { return crm.At(s.now()) }

// NewID makes a random id with the prefix: for what a person's click creates.
func (s *Store) NewID(prefix string) (string, error) { return crm.RandomID(prefix, s.random) }

// Workspaces lists the workspaces that hold documents.
func (s *Store) Workspaces(ctx context.Context) ([]crm.WorkspaceID, error) {
	return s.driver.Workspaces(ctx)
}

// In returns the part of the store that belongs to a workspace.
func (s *Store) In(ws crm.WorkspaceID) *Space { return &Space{store: s, ws: ws} }

// Space is one workspace of the store: nothing outside of it can be named.
type Space struct {
	store *Store
	ws    crm.WorkspaceID
}

// Workspace returns the id of the workspace.
func (sp *Space) Workspace() crm.WorkspaceID { return sp.ws }

// Store returns the store that the space is a part of.
func (sp *Space) Store() *Store { return sp.store }

func (sp *Space) get(ctx context.Context, collection string, ids []string) ([]Raw, error) {
	keys, err := sp.keys(collection, ids)
	if err != nil {
		return nil, err
	}
	return sp.store.driver.Get(ctx, keys)
}

func (sp *Space) keys(collection string, ids []string) ([]Key, error) {
	keys := make([]Key, len(ids))
	for i, id := range ids {
		if err := sp.check(id); err != nil {
			return nil, err
		}
		keys[i] = Key{Workspace: sp.ws, Collection: collection, ID: id}
	}
	return keys, nil
}

func (sp *Space) query(ctx context.Context, collection string, q Query) ([]Raw, string, error) {
	return sp.page(ctx, sp.store.driver, collection, q)
}

// page runs one page of a query: it asks for one document more than wanted to
// know whether there is a next page.
func (sp *Space) page(ctx context.Context, r DriverReader, collection string, q Query) ([]Raw, string, error) {
	if err := sp.check("any"); err != nil {
		return nil, "", err
	}
	if q.Limit == 0 {
		q.Limit = DefaultLimit
	}
	if q.Limit < 0 || q.Limit > MaxLimit {
		return nil, "", crm.Errorf(crm.Invalid, "store.Query", "a page has 1 to %d entries", MaxLimit).WithField("limit")
	}
	plan, err := sp.plan(collection, q)
	if err != nil {
		return nil, "", err
	}
	plan.Limit = q.Limit + 1
	raws, err := r.Query(ctx, plan)
	if err != nil || len(raws) <= q.Limit {
		return q.wanted(raws), "", err
	}
	raws = raws[:q.Limit]
	next, err := q.cursorAfter(collection, raws[q.Limit-1])
	return q.wanted(raws), next, err
}

// wanted leaves out what the caller has.
func (q Query) wanted(raws []Raw) []Raw {
	if q.Without == nil {
		return raws
	}
	return slices.DeleteFunc(raws, func(r Raw) bool { return q.Without(r.Key.ID) })
}

func (sp *Space) plan(collection string, q Query) (*Plan, error) {
	return sp.store.indexes.plan(sp.ws, collection, q, sp.room().Width)
}

func (sp *Space) room() Room { return sp.store.driver.Room() }

func (sp *Space) decode(raw Raw, v any) error { return sp.store.decode(raw, v) }

func (s *Store) decode(raw Raw, v any) error {
	if err := s.codec.dec.Unmarshal(raw.Data, v); err != nil {
		return crm.E(crm.Internal, "store.decode", raw.Key.Collection+" "+raw.Key.ID+" cannot be read", err)
	}
	return nil
}

// Count counts the documents of a query, whatever its limit.
func (sp *Space) Count(ctx context.Context, collection string, q Query) (int64, error) {
	return sp.aggregate(ctx, collection, q, "")
}

// Sum adds up a number field over the documents of a query; what is no whole
// number counts nothing, and the sum of nothing is 0.
func (sp *Space) Sum(ctx context.Context, collection string, q Query, field string) (int64, error) {
	return sp.aggregate(ctx, collection, q, field)
}

func (sp *Space) aggregate(ctx context.Context, collection string, q Query, field string) (int64, error) {
	if err := sp.check("any"); err != nil {
		return 0, err
	}
	q.After = "" // a count is one of the whole query
	plan, err := sp.plan(collection, q)
	if err != nil {
		return 0, err
	}
	return sp.store.driver.Aggregate(ctx, plan, field)
}

// RawDoc is a document with its generic fields.
type RawDoc struct {
	Collection string
	ID         string
	Version    Version
	Data       []byte
}

// EachRaw calls f with every document of a collection in order of id: for
// exports and checks.
func (sp *Space) EachRaw(ctx context.Context, collection string, f func(RawDoc) error) error {
	q := Query{Limit: 500}
	for {
		raws, next, err := sp.query(ctx, collection, q)
		if err != nil {
			return err
		}
		for _, r := range raws {
			if err := f(RawDoc{Collection: collection, ID: r.Key.ID, Version: r.Version, Data: r.Data}); err != nil {
				return err
			}
		}
		if next == "" {
			return nil
		}
		q.After = next
	}
}

// check tells whether a document of this workspace may have the id.
func (sp *Space) check(id string) error {
	if err := checkID(string(sp.ws)); err != nil {
		return crm.E(crm.Invalid, "store.In", "this is not a workspace", err)
	}
	return checkID(id)
}

// checkID tells whether id may name a document: 1 to 256 bytes of
// [A-Za-z0-9_-], not of the form __x__.
func checkID(id string) error {
	ok := len(id) >= 1 && len(id) <= 256
	for i := 0; ok && i < len(id); i++ {
		c := id[i]
		ok = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '-'
	}
	if ok && len(id) >= 4 && id[:2] == "__" && id[len(id)-2:] == "__" {
		ok = false
	}
	if !ok {
		return crm.Errorf(crm.Invalid, "store.checkID", "%q is not an id", crm.Clip(id, 60)).WithField("id")
	}
	return nil
}
