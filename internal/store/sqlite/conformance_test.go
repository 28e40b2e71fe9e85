package sqlite

import (
	"crypto/rand"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"threadline/internal/store"
	"threadline/internal/store/storetest"
)

func TestConformance(t *testing.T) {
	storetest.Run(t, func(t *testing.T) storetest.Harness {
		path := filepath.Join(t.TempDir(), "data.db")
		var again atomic.Bool
		var s *store.Store
		open := func(t *testing.T) *store.Store {
			x := store.NewIndexes(storetest.Indexes())
			d, err := Open(t.Context(), path, x, Options{Now: time.Now, Rerun: func() bool { return again.Swap(false) }})
			if err != nil {
				t.Fatal(err)
			}
			s, err = store.New(d, store.Options{Indexes: x, Now: time.Now, Random: rand.Reader})
			if err != nil {
				t.Fatal(err)
			}
			return s
		}
		h := storetest.Harness{
			Store: open(t),
			Reopen: func(t *testing.T) *store.Store {
				if err := s.Close(); err != nil {
					t.Fatal(err)
				}
				return open(t)
			},
			Rerun: func() { again.Store(true) },
		}
		t.Cleanup(func() {
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		})
		return h
	})
}
