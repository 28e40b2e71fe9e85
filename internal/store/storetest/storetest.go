// Package storetest holds every engine of package store to the same semantics.
//
// Run takes a function that opens an empty store and checks every promise of
// packages store and store.Driver: preconditions and atomicity, serialisable
// transactions, the order of values of all types, cursors, transforms, refusals,
// the feed and the change log, and random documents and queries against a naive
// model. An engine plugs in by the function that opens its driver; what an engine
// cannot do is not skipped, it is no engine then.
package storetest

import (
	"context"
	"crypto/rand"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// Open opens the driver of one database, again and again; rerun tells the engine
// whether it must discard the first run of a transaction's function and run it
// again.
type Open func(t *testing.T, x *store.Indexes, rerun func() bool) store.Driver

// harness is one database under test.
type harness struct {
	store *store.Store
	again atomic.Bool // the next transaction runs twice
	open  Open
}

// reopen closes the store, when it is open, and opens it as a new process would.
func (h *harness) reopen(t *testing.T) *store.Store {
	t.Helper()
	h.close(t)
	x := store.NewIndexes(Indexes())
	s, err := store.New(h.open(t, x, func() bool { return h.again.Swap(false) }), store.Options{Indexes: x, Now: time.Now, Random: rand.Reader})
	if err != nil {
		t.Fatal(err)
	}
	h.store = s
	return s
}

func (h *harness) close(t *testing.T) {
	t.Helper()
	if h.store == nil {
		return
	}
	if err := h.store.Close(); err != nil {
		t.Error(err)
	}
	h.store = nil
}

// Indexes are what the store under test is opened with.
func Indexes() []store.Index {
	return append(store.Shapes(),
		store.Index{Collection: things.Name, Order: "f.v"},
		store.Index{Collection: things.Name, Array: "f.tags"},
		store.Index{Collection: things.Name, Array: "f.tags", Order: "f.v"},
		store.Index{Collection: things.Name, Equal: []string{"f.k"}, Order: "f.v"},
		store.Index{Collection: things.Name, Equal: []string{"f.k"}, Array: "f.tags", Order: "f.v"},
		store.Index{Collection: things.Name, Equal: []string{"f.k", "f.j"}},
	)
}

// thing is a document of any fields, all of them below "f".
type thing struct {
	ID string         `cbor:"-"`
	F  map[string]any `cbor:"f"`
}

var things = store.NewCollection("storetest", func(v *thing) *string { return &v.ID })

// fields is short for the fields of a thing.
type fields = map[string]any

// env is what one test works with.
type env struct {
	*testing.T
	h  *harness
	sp *store.Space
}

// Run checks an engine; database is called once a test, for an empty one.
func Run(t *testing.T, database func(t *testing.T) Open) {
	for _, c := range slices.Concat(writeCases, txCases, orderCases, pageCases, transformCases, refusalCases, feedCases, changeCases, aggregateCases, modelCases) {
		t.Run(c.name, func(t *testing.T) {
			h := &harness{open: database(t)}
			t.Cleanup(func() { h.close(t) })
			c.run(&env{T: t, h: h, sp: h.reopen(t).In("wsp_one")})
		})
	}
}

type testCase struct {
	name string
	run  func(e *env)
}

// must fails the test at once.
func (e *env) must(err error) {
	e.Helper()
	if err != nil {
		e.Fatal(err)
	}
}

// wants checks the kind of an error.
func (e *env) wants(what string, err error, kind crm.ErrorKind) *crm.Error {
	e.Helper()
	if !crm.IsKind(err, kind) {
		e.Errorf("%s: error %v (%s), want %s", what, err, crm.KindOf(err), kind)
	}
	known, _ := err.(*crm.Error)
	if known == nil {
		known = &crm.Error{}
	}
	return known
}

// put stores things in one batch.
func (e *env) put(list ...thing) {
	e.Helper()
	b := e.sp.Batch()
	for i := range list {
		things.Put(b, &list[i])
	}
	e.must(b.Commit(e.Context()))
}

// commit runs a batch that f fills.
func (e *env) commit(f func(b *store.Batch)) error {
	b := e.sp.Batch()
	f(b)
	return b.Commit(e.Context())
}

// get reads one thing, which must be there.
func (e *env) get(id string) store.Doc[thing] {
	e.Helper()
	d, err := things.Get(e.Context(), e.sp, id)
	e.must(err)
	return d
}

// version returns the version of a thing, 0 when there is none.
func (e *env) version(id string) store.Version {
	e.Helper()
	list, err := things.GetMany(e.Context(), e.sp, []string{id})
	e.must(err)
	return list[0].Version
}

// ids runs a query to its end, page by page.
func (e *env) ids(q store.Query) []string {
	e.Helper()
	out := []string{}
	e.must(things.Each(e.Context(), e.sp, q, func(d store.Doc[thing]) error {
		out = append(out, d.Value.ID)
		return nil
	}))
	return out
}

// list checks the ids of a query, in order.
func (e *env) list(what string, q store.Query, want ...string) {
	e.Helper()
	if got := e.ids(q); !slices.Equal(got, want) {
		e.Errorf("%s: %v, want %v", what, got, want)
	}
}

// change runs a transaction.
func (e *env) change(f func(ctx context.Context, tx *store.Tx) error) error {
	return e.sp.Transact(e.Context(), f)
}
