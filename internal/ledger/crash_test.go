package ledger_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"threadline/internal/crm"
	"threadline/internal/ledger"
	"threadline/internal/records"
	"threadline/internal/store"
	"threadline/internal/store/sqlite"
	"threadline/internal/testenv"
)

const crashStep = 67 // of the points outside of the soak, which takes every one

// TestCrashWhileCorrecting kills a process that corrects, excludes, matches again
// and undoes, at every point before, in and after every call of the store.
// Afterwards the links follow, nothing differs from a recompute, and undoing
// whatever was done gives the old export.
func TestCrashWhileCorrecting(t *testing.T) {
	m, seed := testenv.BuildMortal(t, t.TempDir()), t.TempDir()
	before, had := crashSeed(t, seed)
	testenv.EveryPoint(t, crashStep, crashStep, func(at int) bool {
		dir := filepath.Join(t.TempDir(), "data")
		must(t, os.CopyFS(dir, os.DirFS(seed)))
		killed := m.Dies(t, dir, at)
		crashed(t, dir, at, before, had)
		must(t, os.RemoveAll(dir))
		return killed
	})
}

// crashed looks at what a killed process left.
func crashed(t *testing.T, dir string, at int, before []byte, had []string) {
	t.Helper()
	st, err := openStore(dir)
	must(t, err)
	defer func() { must(t, st.Close()) }()
	ids, err := st.Workspaces(t.Context())
	must(t, err)
	sp := st.In(ids[0])
	f := ledger.NewFollower(sp, nil)
	must(t, f.CatchUp(t.Context()))
	must(t, ledger.Audit(t.Context(), sp, func(d ledger.Difference) { t.Errorf("killed at point %d: %s: %s", at, d.Message, d.What) }, nil))
	undoAll(t, t.Context(), sp, had)
	must(t, f.CatchUp(t.Context()))
	if after := exported(t, t.Context(), sp); !bytes.Equal(before, after) {
		t.Fatalf("killed at point %d, then all was undone, and it is not as before:\n%s\nwas\n%s", at, after, before)
	}
}

// crashSeed fills a folder, and returns its export and the batches that made it.
func crashSeed(t *testing.T, dir string) ([]byte, []string) {
	t.Helper()
	st, err := openStore(dir)
	must(t, err)
	h := &house{store: st}
	w := h.world(t.Context(), t)
	var mail []crm.Message
	for i := range 12 {
		m := letter(crm.RFCID("r"+strconv.Itoa(i)), nil, day(1+i), addresses[i%4], olaMail)
		if i%3 > 0 {
			m = letter(m.RFCID, []crm.RFCID{crm.RFCID("r" + strconv.Itoa(i-i%3))}, m.Date, m.From().Address, olaMail)
		}
		m.Owners = []crm.UserID{ola}
		mail = append(mail, m)
	}
	w.arrive(true, mail...)
	w.make(crm.KindContact, map[string]any{"name": "A", "emails": "a@acme.example"})
	w.make(crm.KindCompany, map[string]any{"name": "Acme", "domains": "acme.example"})
	w.make(crm.KindCompany, map[string]any{"name": "Byte", "domains": "byte.example"})
	w.catchUp()
	before, had := exported(t, t.Context(), w.sp), batches(t, t.Context(), w.sp)
	must(t, st.Close())
	return before, had
}

func openStore(dir string) (*store.Store, error) {
	x := store.NewIndexes(store.Shapes())
	d, err := sqlite.Open(context.Background(), filepath.Join(dir, "data.db"), x, sqlite.Options{Now: time.Now})
	if err != nil {
		return nil, err
	}
	return store.New(d, store.Options{Indexes: x, Now: time.Now, Random: rand.Reader})
}

// child is what the killed process does.
func child(dir string) (err error) {
	ctx, cancel := context.WithTimeout(context.Background(), 4*time.Minute)
	defer cancel()
	st, err := openStore(dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	ids, err := st.Workspaces(ctx)
	if err != nil {
		return err
	}
	return correcting(ctx, st.In(ids[0]))
}

// correcting corrects by thread and by address, excludes, matches all again and
// undoes the second of these.
func correcting(ctx context.Context, sp *store.Space) error {
	messages, err := store.Messages.All(ctx, sp, store.Query{})
	if err != nil {
		return err
	}
	f, m := ledger.NewFollower(sp, nil), messages[0].Value
	for _, one := range messages {
		if len(one.Value.Links) > 0 {
			m = one.Value
		}
	}
	c := ledger.Correction{Message: m.ID, Scope: crm.ScopeThread, Effect: crm.EffectPrivate, By: ola, Cause: crm.CauseUI}
	if _, err := ledger.Correct(ctx, sp, c); err != nil {
		return err
	}
	c.Scope, c.Effect, c.Record, c.Address = crm.ScopeAddress, crm.EffectNever, m.Links[0].Record, m.From().Address
	batch, err := ledger.Correct(ctx, sp, c)
	if err != nil {
		return err
	}
	e := crm.Exclusion{Pattern: crm.SubjectToken("about r1"), Effect: crm.DropCopy, Owner: ola}
	if _, _, err := ledger.Exclude(ctx, sp, store.ChangeInfo{Actor: ola, Cause: crm.CauseUI}, e); err != nil {
		return err
	}
	if err := f.CatchUp(ctx); err != nil {
		return err
	}
	if _, err := ledger.Rematch(ctx, sp, false, nil); err != nil {
		return err
	}
	if _, err := records.New(sp).Undo(ctx, records.By{Actor: ola, Cause: crm.CauseUI}, batch); err != nil {
		return err
	}
	return f.CatchUp(ctx)
}
