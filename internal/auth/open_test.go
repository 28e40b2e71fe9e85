package auth

import (
	"crypto/rand"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"threadline/internal/crm"
	"threadline/internal/seal"
	"threadline/internal/store"
	"threadline/internal/store/sqlite"
	"threadline/manifests"
)

// clock is a time that tests move.
type clock struct{ us atomic.Int64 }

func (c *clock) now() time.Time          { return time.UnixMicro(c.us.Load()) }
func (c *clock) advance(d time.Duration) { c.us.Add(d.Microseconds()) }

func openStore(t testing.TB) (*store.Store, *clock) {
	t.Helper()
	list, err := store.ParseIndexes(manifests.Indexes)
	if err != nil {
		t.Fatal(err)
	}
	c := &clock{}
	c.us.Store(time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC).UnixMicro())
	x := store.NewIndexes(list)
	d, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "data.db"), x, sqlite.Options{Now: c.now})
	if err != nil {
		t.Fatal(err)
	}
	st, err := store.New(d, store.Options{Indexes: x, Now: c.now, Random: rand.Reader})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	return st, c
}

// start makes a service with a workspace.
func start(t testing.TB) (*Service, *store.Space, *clock) {
	t.Helper()
	st, c := openStore(t)
	box, err := seal.Open(filepath.Join(t.TempDir(), "key"), true, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	s := New(st, rand.Reader).Sealing(box)
	ws, err := s.Bootstrap(t.Context(), BootstrapInput{Name: "Acme", OwnDomains: []crm.Domain{"acme.example"}})
	if err != nil {
		t.Fatal(err)
	}
	return s, st.In(ws), c
}

func addUser(t testing.TB, s *Service, sp *store.Space, email crm.Address) (crm.User, string) {
	t.Helper()
	u, token, err := s.AddUser(t.Context(), sp, email, "", "pl")
	if err != nil {
		t.Fatal(err)
	}
	return u, token
}

func wantKind(t *testing.T, err error, kind crm.ErrorKind) {
	t.Helper()
	if !crm.IsKind(err, kind) {
		t.Errorf("got %v, want %s", err, kind)
	}
}
