package records

import (
	"context"
	"crypto/rand"
	"maps"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"threadline/internal/access"
	"threadline/internal/auth"
	"threadline/internal/crm"
	"threadline/internal/store"
	"threadline/internal/store/sqlite"
	"threadline/manifests"
)

// clock ticks a millisecond at every look and can be moved.
type clock struct{ us atomic.Int64 }

func (c *clock) now() time.Time          { return time.UnixMicro(c.us.Add(1000)) }
func (c *clock) advance(d time.Duration) { c.us.Add(d.Microseconds()) }

// world is a workspace with one user to test in.
type world struct {
	*Service
	t    testing.TB
	c    *clock
	user crm.User
	key  crm.IDKey
	by   By
	see  access.Viewer
}

// failer is what rapid.T and testing.T share.
type failer interface {
	Helper()
	Fatalf(format string, args ...any)
}

func newWorld(t testing.TB) *world {
	t.Helper()
	list, err := store.ParseIndexes(manifests.Indexes)
	must(t, err)
	c := &clock{}
	c.us.Store(time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC).UnixMicro())
	x := store.NewIndexes(list)
	d, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "data.db"), x, sqlite.Options{Now: c.now})
	must(t, err)
	st, err := store.New(d, store.Options{Indexes: x, Now: c.now, Random: rand.Reader})
	must(t, err)
	t.Cleanup(func() { must(t, st.Close()) })
	people := auth.New(st, rand.Reader)
	ws, err := people.Bootstrap(t.Context(), auth.BootstrapInput{
		OwnDomains: []crm.Domain{"us.example"}, Currency: "PLN",
	})
	must(t, err)
	sp := st.In(ws)
	doc, err := store.Workspaces.Get(t.Context(), sp, string(ws))
	must(t, err)
	u, _, err := people.AddUser(t.Context(), sp, "ola@us.example", "Ola", "pl")
	must(t, err)
	return &world{
		Service: New(sp), t: t, c: c, user: u, key: doc.Value.IDKey,
		by: By{Actor: u.ID, Cause: crm.CauseUI}, see: access.Member(u.ID),
	}
}

func must(t failer, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("%v", err)
	}
}

func (w *world) create(kind crm.Kind, values map[string]any) Saved {
	w.t.Helper()
	s, err := w.Create(w.t.Context(), w.by, Draft{Kind: kind, Values: values})
	must(w.t, err)
	return s
}

func (w *world) contact(name string, emails ...string) Saved {
	w.t.Helper()
	return w.create(crm.KindContact, map[string]any{"name": name, "emails": emails})
}

func (w *world) update(id crm.RecordID, values map[string]any) Saved {
	w.t.Helper()
	s, err := w.Update(w.t.Context(), w.by, id, Patch{Values: values})
	must(w.t, err)
	return s
}

// holders returns who holds a token: the name of a record to its times.
func (w *world) holders(t crm.Token) []crm.Holder {
	w.t.Helper()
	docs, err := store.Identities.GetMany(w.t.Context(), w.sp, []string{crm.IdentityID(w.key, t)})
	must(w.t, err)
	return docs[0].Value.Holders
}

func (w *world) wantHolders(t crm.Token, want ...crm.Holder) {
	w.t.Helper()
	if d := cmp.Diff(want, w.holders(t)); d != "" {
		w.t.Errorf("holders of %s (-want +got):\n%s", t, d)
	}
}

func (w *world) wantError(err error, kind crm.ErrorKind, field string) {
	w.t.Helper()
	e, ok := err.(*crm.Error)
	if !ok || e.Kind != kind || field != "" && e.Field != field {
		w.t.Errorf("got %v, want %s of field %q", err, kind, field)
	}
}

// state is every document of the logged collections, byte for byte.
func (w *world) state(t failer) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, c := range store.CollectionInfos() {
		if !c.Logged {
			continue
		}
		must(t, w.sp.EachRaw(w.t.Context(), c.Name, func(d store.RawDoc) error {
			out[c.Name+"/"+d.ID] = string(d.Data)
			return nil
		}))
	}
	return out
}

func (w *world) wantState(t failer, want map[string]string) {
	t.Helper()
	got := w.state(t)
	if maps.Equal(want, got) {
		return
	}
	for key, v := range want {
		if got[key] != v {
			a, _ := w.flat([]byte(v))
			var b map[string]any
			if got[key] != "" {
				b, _ = w.flat([]byte(got[key]))
			}
			t.Fatalf("%s is not what it was (-want +got):\n%s", key, cmp.Diff(a, b))
		}
	}
	for key := range got {
		if _, ok := want[key]; !ok {
			t.Fatalf("%s was left", key)
		}
	}
}

// undoOne takes one group of an undo back.
func undoOne(u *undo, g []step) func(context.Context, *store.Tx) error {
	return func(ctx context.Context, tx *store.Tx) error {
		_, err := u.write(ctx, tx, g)
		return err
	}
}
