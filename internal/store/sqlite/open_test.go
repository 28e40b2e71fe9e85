package sqlite

import (
	"context"
	"crypto/rand"
	"path/filepath"
	"testing"
	"time"

	"threadline/internal/crm"
	"threadline/internal/store"
)

func openAt(t *testing.T, path string, list []store.Index) (*store.Store, *Driver) {
	t.Helper()
	x := store.NewIndexes(list)
	d, err := Open(t.Context(), path, x, Options{Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	s, err := store.New(d, store.Options{Indexes: x, Now: time.Now, Random: rand.Reader})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s, d
}

func TestReopen(t *testing.T) {
	path := filepath.Join(t.TempDir(), "data.db")
	s, _ := openAt(t, path, store.Shapes())
	sp := s.In("wsp_a")
	b := sp.Batch()
	store.Users.Create(b, &crm.User{ID: "usr_1", Email: "anna@example.org", Status: crm.UserActive})
	if err := b.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	before, err := store.Users.Get(t.Context(), sp, "usr_1")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s, _ = openAt(t, path, store.Shapes())
	sp = s.In("wsp_a")
	page, err := store.Users.Query(t.Context(), sp, store.Query{Where: []store.Filter{store.Is("email", "anna@example.org")}})
	if err != nil {
		t.Fatal(err)
	}
	if len(page.Items) != 1 || page.Items[0] != before {
		t.Fatalf("after reopening: %+v, want %+v", page.Items, before)
	}
	err = sp.Transact(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		d, err := store.Users.Get(ctx, tx, "usr_1")
		if err != nil {
			return err
		}
		d.Value.Name = "Anna"
		store.Users.PutIf(tx, &d.Value, d.Version)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	after, err := store.Users.Get(t.Context(), sp, "usr_1")
	if err != nil || after.Version <= before.Version || after.Value.Name != "Anna" {
		t.Fatalf("after the change: %+v, %v", after, err)
	}
}
