package firestore

import (
	"crypto/rand"
	"encoding/hex"
	mathrand "math/rand/v2"
	"os"
	"sync/atomic"
	"testing"
	"time"

	"threadline/internal/store"
	"threadline/internal/store/storetest"
	"threadline/internal/testenv"
)

// emulator is the server of all tests of the package.
var emulator testenv.SharedFirestore

func TestMain(m *testing.M) { os.Exit(emulator.Main(m)) }

// project makes the name of a project that nobody has used: an empty database.
func project(t testing.TB) string {
	t.Helper()
	b := make([]byte, 6)
	if _, err := rand.Read(b); err != nil {
		t.Fatal(err)
	}
	return "demo-" + hex.EncodeToString(b)
}

// options are those of every test: the emulator is no place for a ramp.
func options(t testing.TB) Options {
	t.Helper()
	return Options{Project: project(t), Emulator: emulator.Need(t).Addr, Jitter: mathrand.Float64, Random: rand.Reader,
		Now: time.Now, Rate: topRate, Patience: 2 * time.Minute}
}

func TestConformance(t *testing.T) {
	storetest.Run(t, func(t *testing.T) storetest.Harness {
		o := options(t)
		var again atomic.Bool
		o.Rerun = func() bool { return again.Swap(false) }
		var s *store.Store
		open := func(t *testing.T) *store.Store {
			x := store.NewIndexes(storetest.Indexes())
			d, err := Open(t.Context(), x, o)
			if err != nil {
				t.Fatal(err)
			}
			if s, err = store.New(d, store.Options{Indexes: x, Now: time.Now, Random: rand.Reader}); err != nil {
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
