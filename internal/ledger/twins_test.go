package ledger_test

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	mathrand "math/rand/v2"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"threadline/internal/crm"
	"threadline/internal/directory"
	"threadline/internal/ledger"
	"threadline/internal/records"
	"threadline/internal/store"
	"threadline/internal/store/firestore"
	"threadline/internal/testenv"
	"threadline/manifests"
)

// deaf is an instance that is told of no news.
type deaf struct{ *firestore.Driver }

func (d deaf) News(ctx context.Context, ws crm.WorkspaceID, collections []string, since store.Look) ([]store.Raw, store.Look, bool, error) {
	_, next, _, err := d.Driver.News(ctx, ws, collections, since)
	return nil, next, true, err
}

// twins are two instances of one database; the first may be deaf.
func twins(t testing.TB, hears bool) (one, two *house) {
	t.Helper()
	emulator := testenv.Firestore(t)
	b := make([]byte, 6)
	_, err := rand.Read(b)
	must(t, err)
	list, err := store.ParseIndexes(manifests.Indexes)
	must(t, err)
	open := func(hears bool) *house {
		x := store.NewIndexes(list)
		d, err := firestore.Open(t.Context(), x, firestore.Options{Project: "demo-" + hex.EncodeToString(b), Emulator: emulator.Addr,
			Jitter: mathrand.Float64, Random: rand.Reader, Now: time.Now, Rate: 100_000,
			Rerun: func() bool { return mathrand.IntN(4) == 0 }})
		must(t, err)
		driver := store.Driver(d)
		if !hears {
			driver = deaf{d}
		}
		st, err := store.New(driver, store.Options{Indexes: x, Now: time.Now, Random: rand.Reader})
		must(t, err)
		t.Cleanup(func() { must(t, st.Close()) })
		return &house{store: st}
	}
	return open(hears), open(true)
}

// through is the same workspace in another instance.
func (w *world) through(h *house) *world {
	sp := h.store.In(w.sp.Workspace())
	return &world{t: w.t, ctx: w.ctx, sp: sp, records: records.New(sp), follower: ledger.NewFollower(sp, nil), by: w.by, known: directory.New(sp)}
}

// TestTwins lets mail arrive in two instances, each of which keeps what it knows of
// people, while both change the records, also between the decision on mail and its
// commit. In the end nothing differs from a full recompute.
func TestTwins(t *testing.T) {
	one, two := twins(t, true)
	rapid.Check(t, func(rt *rapid.T) {
		first := one.world(t.Context(), rt).through(one)
		both := []*world{first, first.through(two)}
		x := &history{rt: rt, h: one, mail: drawMail(rt)}
		turn := func() { x.world = rapid.SampledFrom(both).Draw(rt, "instance") }
		waiting := slices.Clone(x.mail)
		for range rapid.IntRange(1, 20).Draw(rt, "steps") {
			turn()
			switch {
			case len(waiting) > 0 && rapid.Bool().Draw(rt, "arrive"):
				if rapid.Bool().Draw(rt, "meanwhile") {
					here := x.world
					here.meanwhile = func() { turn(); x.do(rapid.IntRange(0, lastRecordOp).Draw(rt, "other")); x.world = here }
				}
				x.arrive(true, waiting[0])
				x.here, waiting = append(x.here, waiting[0]), waiting[1:]
			case rapid.IntRange(0, 3).Draw(rt, "catch up") == 0:
				x.catchUp()
			default:
				x.step()
			}
		}
		turn()
		x.catchUp()
		x.audit()
	})
}

// TestOvertaken: who became known by another instance is known to the mail that
// arrives next, and to mail that was decided on before and stored after. An
// instance that is not told knows nobody, which the audit finds.
func TestOvertaken(t *testing.T) {
	for _, hears := range []bool{true, false} {
		t.Run(map[bool]string{true: "told", false: "deaf"}[hears], func(t *testing.T) {
			one, two := twins(t, hears)
			for _, during := range []bool{false, true} {
				here := one.world(t.Context(), t).through(one)
				there := here.through(two)
				here.arrive(true, letter("first", nil, day(1), "stranger@new.example", olaMail))
				meet := func() {
					there.make(crm.KindContact, map[string]any{"name": "New", "emails": []any{"stranger@new.example"}})
				}
				last := letter("last", nil, day(2), "stranger@new.example", olaMail)
				if during {
					last = letter("last", nil, day(2), "other@new.example", olaMail)
					meet = func() {
						there.make(crm.KindContact, map[string]any{"name": "Other", "emails": []any{"other@new.example"}})
						there.catchUp()
					}
					here.meanwhile = meet
				} else {
					meet()
					there.catchUp()
				}
				here.arrive(true, last)
				here.catchUp()
				found := 0
				must(t, ledger.Audit(t.Context(), there.sp, func(ledger.Difference) { found++ }, nil))
				if hears != (found == 0) {
					t.Errorf("during the commit: %v: the audit finds %d differences", during, found)
				}
				if linked := len(there.message(last.ID).Links) > 0; linked != hears {
					t.Errorf("during the commit: %v: linked is %v", during, linked)
				}
			}
		})
	}
}
