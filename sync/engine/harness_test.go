package engine

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"io"
	"log/slog"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"gocloud.dev/blob/memblob"

	"threadline/internal/auth"
	"threadline/internal/crm"
	"threadline/internal/ledger"
	"threadline/internal/store"
	"threadline/internal/store/sqlite"
	"threadline/manifests"
	"threadline/sync/source"
)

// world is a workspace with one mailbox on a store in a temporary folder.
type world struct {
	t       testing.TB
	dir     string // of the database
	st      *store.Store
	sp      *store.Space
	eyes    *store.Space // what the test looks with, nil: sp
	billed  func() bool  // what was stored has been counted, nil: nobody counts
	user    crm.User
	mailbox crm.Mailbox
	cfg     Config
}

func newWorld(t testing.TB, owner, domain string) *world {
	t.Helper()
	return newWorldFrom(t, owner, domain, rand.Reader)
}

// newWorldFrom draws every id from random: two worlds from the same source
// give their documents the same ids.
func newWorldFrom(t testing.TB, owner, domain string, random io.Reader) *world {
	t.Helper()
	ctx := context.Background()
	list, err := store.ParseIndexes(manifests.Indexes)
	must(t, err)
	indexes := store.NewIndexes(list)
	dir := t.TempDir()
	driver, err := sqlite.Open(ctx, filepath.Join(dir, "threadline.db"), indexes, sqlite.Options{Now: time.Now})
	must(t, err)
	st, err := store.New(driver, store.Options{Indexes: indexes, Now: time.Now, Random: random})
	must(t, err)
	t.Cleanup(func() { must(t, st.Close()) })
	w := &world{t: t, dir: dir, st: st}
	a := auth.New(st, random)
	ws, err := a.Bootstrap(ctx, auth.BootstrapInput{Name: "Test", OwnDomains: []crm.Domain{crm.Domain(domain)}})
	must(t, err)
	w.sp = st.In(ws)
	w.user, _, err = a.AddUser(ctx, w.sp, crm.Address(owner), "Rep", "en")
	must(t, err)
	bodies, err := store.NewBodyCodec()
	must(t, err)
	bucket := memblob.OpenBucket(nil)
	t.Cleanup(func() { must(t, bucket.Close()) })
	w.cfg = Config{Bodies: bodies, Blobs: store.NewBlobs(bucket), Log: slog.New(slog.DiscardHandler), Owner: "test",
		Jitter: func() float64 { return 0 }, Poll: 200 * time.Millisecond}
	return w
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// addMailbox stores a mailbox of the user whose source is src.
func (w *world) addMailbox(address string, src source.Source) {
	w.mailbox = crm.Mailbox{ID: "mbx_aaaaaaaaaaaaaaaaaaaaaaaaaa", Owner: w.user.ID, Kind: "imap",
		Address: crm.Address(address), State: crm.StateNew, CreatedAt: w.st.Now()}
	b := w.sp.Batch()
	store.Mailboxes.Create(b, &w.mailbox)
	must(w.t, b.Commit(context.Background()))
	w.cfg.Open = func(crm.Mailbox) (source.Source, error) { return src, nil }
}

// sync runs the engine until the mailbox is synced and holds so many copies on
// the server.
func (w *world) sync(copies int) Status {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 4*time.Minute)
	defer cancel()
	e := New(w.sp, w.cfg)
	looks, sp := e, w.sp
	if w.eyes != nil {
		looks, sp = New(w.eyes, w.cfg), w.eyes
	}
	done := make(chan error, 1)
	go func() { done <- e.Run(ctx) }()
	var st Status
	for woken := sp.Woken(); ; woken = sp.Woken() {
		doc, err := store.Mailboxes.Get(ctx, sp, string(w.mailbox.ID))
		must(w.t, err)
		st, err = looks.Status(ctx, &doc.Value)
		must(w.t, err)
		if st.Synced && st.State == crm.StateLive && st.Total == int64(copies) && st.LastOK != 0 && (w.billed == nil || w.billed()) {
			break
		}
		select {
		case <-ctx.Done():
			w.t.Fatalf("not synced: %s", asJSON(st))
		case <-woken:
		case <-time.After(20 * time.Millisecond): // not everything rings
		}
	}
	cancel()
	<-done
	return st
}

// verify checks that links are what a recompute gives and that the counters
// are what the copies say.
func (w *world) verify() {
	w.t.Helper()
	ctx := context.Background()
	must(w.t, ledger.NewFollower(w.sp, w.cfg.Log).CatchUp(ctx))
	must(w.t, ledger.Audit(ctx, w.sp, func(d ledger.Difference) { w.t.Errorf("%s: %s", d.Message, d.What) }, nil))
	boxes, err := store.Boxes.All(ctx, w.sp, store.Query{})
	must(w.t, err)
	for _, d := range boxes {
		b := d.Value
		if b.Skip != "" || b.Gone {
			continue
		}
		n, err := w.sp.Count(ctx, store.Copies.Name, store.Query{
			Where: []store.Filter{store.Is("box", b.ID), store.Is("state", crm.CopyStored)}, Order: "key"})
		must(w.t, err)
		if len(b.Known) < knownRanges && !complete(&b) {
			w.t.Errorf("%s: it knows %d copies of %s", b.Name, b.Known.Size(), asJSON(b.Counts))
		}
		if n != b.Counts.Stored || b.Counts.Total() != b.Server {
			w.t.Errorf("%s: %d copies are stored; the folder says %s", b.Name, n, asJSON(b))
		}
	}
}

func (w *world) count(collection string) int {
	w.t.Helper()
	n := 0
	must(w.t, w.sp.EachRaw(context.Background(), collection, func(store.RawDoc) error { n++; return nil }))
	return n
}

// events counts the arrivals by which something may fire: others only tell that a
// message is another than it was.
func (w *world) events() int {
	w.t.Helper()
	n := 0
	must(w.t, store.Arrivals.Each(context.Background(), w.sp, store.Query{Limit: 100}, func(d store.Doc[crm.Arrival]) error {
		if slices.ContainsFunc(d.Value.Items, func(it crm.ArrivalItem) bool { return it.New || len(it.Gained)+len(it.Lost) > 0 }) {
			n++
		}
		return nil
	}))
	return n
}

func asJSON(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return string(b)
}
