package sqlite

import (
	"path/filepath"
	"testing"
	"time"

	"threadline/internal/store"
	"threadline/internal/store/storetest"
)

func TestConformance(t *testing.T) {
	storetest.Run(t, func(t *testing.T) storetest.Open {
		path := filepath.Join(t.TempDir(), "data.db")
		return func(t *testing.T, x *store.Indexes, rerun func() bool) store.Driver {
			d, err := Open(t.Context(), path, x, Options{Now: time.Now, Rerun: rerun})
			if err != nil {
				t.Fatal(err)
			}
			return d
		}
	})
}
