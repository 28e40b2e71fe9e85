package addon

import (
	"crypto/rand"
	"encoding/hex"
	mathrand "math/rand/v2"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"threadline/internal/crm"
	"threadline/internal/store"
	"threadline/internal/store/firestore"
	"threadline/internal/store/sqlite"
	"threadline/internal/testenv"
	"threadline/manifests"
)

// TestDraftOnceInStores: on either engine, of clicks that come at once through several
// instances one makes the draft, and all open it.
func TestDraftOnceInStores(t *testing.T) {
	for name, open := range map[string]func(testing.TB, *store.Indexes) (store.Driver, error){
		"sqlite": func(t testing.TB, x *store.Indexes) (store.Driver, error) {
			return sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "data.db"), x, sqlite.Options{Now: time.Now, Rerun: func() bool { return mathrand.IntN(3) == 0 }})
		},
		"firestore": func(t testing.TB, x *store.Indexes) (store.Driver, error) {
			b := make([]byte, 6)
			rand.Read(b)
			return firestore.Open(t.Context(), x, firestore.Options{Project: "demo-" + hex.EncodeToString(b), Emulator: testenv.Firestore(t).Addr,
				Jitter: mathrand.Float64, Random: rand.Reader, Now: time.Now})
		},
	} {
		t.Run(name, func(t *testing.T) {
			list, err := store.ParseIndexes(manifests.Indexes)
			if err != nil {
				t.Fatal(err)
			}
			x := store.NewIndexes(list)
			d, err := open(t, x)
			if err != nil {
				t.Fatal(err)
			}
			st, err := store.New(d, store.Options{Indexes: x, Now: time.Now, Random: rand.Reader})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = st.Close() })
			var calls atomic.Int32
			var clicks errgroup.Group
			for range 6 {
				c := &click{h: &Handler{cfg: Config{Now: time.Now}}, book: &Book{Space: st.In("wsp_1")}, user: "usr_1"}
				clicks.Go(func() error {
					made, err := c.draftOnce(t.Context(), "out_1", func() (GmailDraft, error) {
						calls.Add(1)
						return GmailDraft{ID: "r-1", Thread: "15e9fa"}, nil
					})
					if err == nil && made.ID != "r-1" {
						err = crm.Errorf(crm.Internal, "test", "a click opens %v", made)
					}
					return err
				})
			}
			if err := clicks.Wait(); err != nil {
				t.Error(err)
			}
			if n := calls.Load(); n != 1 {
				t.Errorf("%d drafts were made", n)
			}
		})
	}
}
