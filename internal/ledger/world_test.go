package ledger_test

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"threadline/internal/crm"
	"threadline/internal/directory"
	"threadline/internal/ledger"
	"threadline/internal/records"
	"threadline/internal/store"
	"threadline/internal/store/sqlite"
	"threadline/internal/testenv"
)

// TestMain keeps random tests short, unless THREADLINE_SOAK is set.
func TestMain(m *testing.M) {
	if dir := os.Getenv(testenv.EnvChild); dir != "" { // a process that TestCrashWhileCorrecting kills
		if err := child(dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	checks := "15"
	if os.Getenv("THREADLINE_SOAK") != "" {
		checks = "3000"
	}
	if err := flag.Set("rapid.checks", checks); err != nil {
		panic(err)
	}
	goleak.VerifyTestMain(m)
}

const (
	ola     = crm.UserID("usr_olaaaaaaaaaaaaaaaaaaaaaaaa")
	jan     = crm.UserID("usr_janaaaaaaaaaaaaaaaaaaaaaaa")
	olaMail = crm.Address("ola@us.example")
)

// idKey is the same in all workspaces, so that the same mail has the same ids.
var idKey = crm.IDKey("0123456789abcdef0123456789abcdef")

// day is noon of a day; 1 is the first of September 2026.
func day(n int) crm.Time { return crm.At(time.Date(2026, 9, n, 12, 0, 0, 0, time.UTC)) }

// failer is what rapid.T and testing.T share.
type failer interface {
	Helper()
	Fatalf(format string, args ...any)
}

func must(t failer, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("%v", err)
	}
}

// house is an opened store, in which each world is a workspace.
type house struct {
	store *store.Store
	us    atomic.Int64 // the clock: a millisecond later at every look
	n     int
}

func newHouse(t testing.TB) *house {
	t.Helper()
	h := &house{}
	h.us.Store(int64(day(40)))
	now := func() time.Time { return time.UnixMicro(h.us.Add(1000)) }
	x := store.NewIndexes(store.Shapes())
	d, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "data.db"), x, sqlite.Options{Now: now})
	must(t, err)
	h.store, err = store.New(d, store.Options{Indexes: x, Now: now, Random: rand.NewChaCha8([32]byte{1})})
	must(t, err)
	t.Cleanup(func() { must(t, h.store.Close()) })
	return h
}

// world is a workspace with two users and the default pipeline.
type world struct {
	t        failer
	ctx      context.Context
	sp       *store.Space
	records  *records.Service
	follower *ledger.Follower
	by       records.By

	known     *directory.Directory // by which mail is linked; nil for none that is kept
	meanwhile func()               // what happens between the decision on mail and its commit
}

func newWorld(t testing.TB) *world { return newHouse(t).world(t.Context(), t) }

func (h *house) world(ctx context.Context, t failer) *world {
	t.Helper()
	h.n++
	h.us.Store(int64(day(40)))
	ws := crm.WorkspaceID(crm.DerivedID(crm.PrefixWorkspace, idKey, fmt.Sprint(h.n)))
	sp := h.store.In(ws)
	w := &world{t: t, ctx: ctx, sp: sp, records: records.New(sp), follower: ledger.NewFollower(sp, nil), by: records.By{Actor: ola, Cause: crm.CauseUI}}
	b := sp.Batch()
	store.Workspaces.Create(b, &crm.Workspace{ID: ws, Name: "Us", OwnDomains: []crm.Domain{"us.example"}, Currency: "EUR", Zone: "Europe/Warsaw", Locale: "en", IDKey: idKey})
	store.Users.Create(b, &crm.User{ID: ola, Email: olaMail, Name: "Ola", Status: crm.UserActive})
	store.Users.Create(b, &crm.User{ID: jan, Email: "jan@us.example", Name: "Jan", Status: crm.UserActive})
	store.Mailboxes.Create(b, &crm.Mailbox{ID: "mbx_a", Owner: ola, Kind: "imap", Address: olaMail})
	store.Boxes.Create(b, &crm.Box{ID: "box_in", Mailbox: "mbx_a", Name: "INBOX"})
	store.Boxes.Create(b, &crm.Box{ID: "box_club", Mailbox: "mbx_a", Name: "Club/2026"})
	must(t, b.Commit(ctx))
	w.change(func(tx *store.Tx) {
		s := crm.PipelineSetting(crm.DefaultPipeline())
		store.Settings.Create(tx, &s)
	})
	return w
}

// change writes to logged collections.
func (w *world) change(f func(tx *store.Tx)) string {
	w.t.Helper()
	batch, err := w.sp.Change(w.ctx, store.ChangeInfo{Cause: crm.CauseUI}, func(_ context.Context, tx *store.Tx) error { f(tx); return nil })
	must(w.t, err)
	return batch
}

func (w *world) catchUp() {
	w.t.Helper()
	must(w.t, w.follower.CatchUp(w.ctx))
}

// audit fails when anything differs from a full recompute.
func (w *world) audit() {
	w.t.Helper()
	var all []ledger.Difference
	must(w.t, ledger.Audit(w.ctx, w.sp, func(d ledger.Difference) { all = append(all, d) }, nil))
	if len(all) > 0 {
		w.t.Fatalf("%d differences, the first: %+v", len(all), all[0])
	}
}

// letter makes a mail of a person: id, whom it answers, from, to.
func letter(id crm.RFCID, refs []crm.RFCID, date crm.Time, from crm.Address, to ...crm.Address) crm.Message {
	m := crm.Message{RFCID: id, References: refs, Date: date, Class: crm.ClassPerson, Subject: "About " + string(id), Size: 1000}
	if id != "" {
		m.Mentions = []crm.RFCID{id}
	}
	for _, r := range refs {
		if !slices.Contains(m.Mentions, r) {
			m.Mentions = append(m.Mentions, r)
		}
	}
	m.Participants = []crm.Participant{{Role: crm.RoleFrom, Address: from}}
	for _, a := range to {
		m.Participants = append(m.Participants, crm.Participant{Role: crm.RoleTo, Address: a})
	}
	m.ID = crm.MessageID(crm.DerivedID(crm.PrefixMessage, idKey, string(id), string(from), date.String(), fmt.Sprint(refs)))
	return m
}

// arrive stores mails as one group, as the engine does: what is known already
// is linked again.
func (w *world) arrive(historical bool, mails ...crm.Message) {
	w.t.Helper()
	err := w.sp.Transact(w.ctx, func(ctx context.Context, tx *store.Tx) error {
		var ids []string
		for _, m := range mails {
			ids = append(ids, string(m.ID))
		}
		docs, err := store.Messages.GetMany(ctx, tx, ids)
		if err != nil {
			return err
		}
		var drafts []*ledger.Draft
		for i, m := range mails {
			d := &ledger.Draft{Message: &m, Historical: historical}
			if docs[i].Exists() {
				old, next := docs[i].Value, docs[i].Value
				d.Message, d.Old = &next, &old
			}
			drafts = append(drafts, d)
		}
		out, err := ledger.LinkKnowing(ctx, tx, w.known, w.sp.Workspace(), drafts)
		if err != nil {
			return err
		}
		if f := w.meanwhile; f != nil {
			w.meanwhile = nil
			f()
		}
		out.Write(tx, "mbx_a")
		return nil
	})
	must(w.t, err)
}

func (w *world) make(kind crm.Kind, values map[string]any) records.Saved {
	w.t.Helper()
	s, err := w.records.Create(w.ctx, w.by, records.Draft{Kind: kind, Values: values})
	must(w.t, err)
	return s
}

func (w *world) update(id crm.RecordID, values map[string]any) string {
	w.t.Helper()
	s, err := w.records.Update(w.ctx, w.by, id, records.Patch{Values: values})
	must(w.t, err)
	return s.Batch
}

func (w *world) undo(batch string) {
	w.t.Helper()
	_, err := w.records.Undo(w.ctx, w.by, batch)
	must(w.t, err)
}

func (w *world) message(id crm.MessageID) crm.Message {
	w.t.Helper()
	d, err := store.Messages.Get(w.ctx, w.sp, string(id))
	must(w.t, err)
	return d.Value
}

// wantLinks compares the rules by which a message is linked to records.
func (w *world) wantLinks(id crm.MessageID, want map[crm.RecordID]crm.RuleName) {
	w.t.Helper()
	got := map[crm.RecordID]crm.RuleName{}
	for _, l := range w.message(id).Links {
		got[l.Record] = l.Rule
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		w.t.Fatalf("%s is linked to %v, want %v", id, got, want)
	}
}

// dump is every message as the canonical export has it.
func (w *world) dump() []crm.Message {
	w.t.Helper()
	docs, err := store.Messages.All(w.ctx, w.sp, store.Query{})
	must(w.t, err)
	out := make([]crm.Message, len(docs))
	for i, d := range docs {
		m := d.Value
		m.Thread, err = ledger.Talk(w.ctx, w.sp, &m)
		must(w.t, err)
		m.Part = ""
		m.Answered = false
		out[i] = m
	}
	slices.SortFunc(out, func(a, b crm.Message) int { return cmp.Compare(a.ID, b.ID) })
	return out
}

// arrivals collects what the feed tells of messages.
func (w *world) arrivals() []crm.ArrivalItem {
	w.t.Helper()
	var out []crm.ArrivalItem
	var at store.Position
	for {
		items, next, err := w.sp.Changes(w.ctx, at, store.MaxLimit)
		must(w.t, err)
		if len(items) == 0 {
			return out
		}
		for _, it := range items {
			if it.Arrival != nil {
				out = append(out, it.Arrival.Items...)
			}
		}
		at = next
	}
}
