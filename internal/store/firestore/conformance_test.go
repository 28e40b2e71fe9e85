package firestore

import (
	"crypto/rand"
	"encoding/hex"
	mathrand "math/rand/v2"
	"os"
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
	storetest.Run(t, func(t *testing.T) storetest.Open {
		o := options(t)
		return func(t *testing.T, x *store.Indexes, rerun func() bool) store.Driver {
			o.Rerun = rerun
			d, err := Open(t.Context(), x, o)
			if err != nil {
				t.Fatal(err)
			}
			return d
		}
	})
}
