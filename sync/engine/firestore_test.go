package engine

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	mathrand "math/rand/v2"
	"strings"
	"testing"
	"time"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/export"
	"threadline/internal/ledger"
	"threadline/internal/records"
	"threadline/internal/store"
	"threadline/internal/store/firestore"
	"threadline/internal/testenv"
	"threadline/internal/timeline"
	"threadline/manifests"
)

// onFirestore moves the prepared world of a test to an empty database of the
// emulator: the same documents under the same ids.
func (w *world) onFirestore(addr string) (*world, *firestore.Driver) {
	w.t.Helper()
	ctx := context.Background()
	b := make([]byte, 6)
	_, err := rand.Read(b)
	must(w.t, err)
	list, err := store.ParseIndexes(manifests.Indexes)
	must(w.t, err)
	open := func() (*store.Store, *firestore.Driver) {
		x := store.NewIndexes(list)
		d, err := firestore.Open(ctx, x, firestore.Options{Project: "demo-" + hex.EncodeToString(b), Emulator: addr, Jitter: mathrand.Float64,
			Random: rand.Reader, Now: time.Now, Rate: 100_000})
		must(w.t, err)
		st, err := store.New(d, store.Options{Indexes: x, Now: time.Now, Random: rand.Reader})
		must(w.t, err)
		w.t.Cleanup(func() { must(w.t, st.Close()) })
		return st, d
	}
	st, d := open()
	eyes, _ := open() // what the test looks at is nothing that syncing costs
	other := *w
	other.st, other.sp, other.eyes = st, st.In(w.sp.Workspace()), eyes.In(w.sp.Workspace())
	for _, info := range store.CollectionInfos() {
		var docs []store.RawDoc
		must(w.t, w.sp.EachRaw(ctx, info.Name, func(d store.RawDoc) error { docs = append(docs, d); return nil }))
		must(w.t, other.sp.Restore(ctx, docs))
	}
	return &other, d
}

func (w *world) export() string {
	w.t.Helper()
	var out bytes.Buffer
	must(w.t, export.Write(context.Background(), w.sp, w.cfg.Bodies, w.cfg.Blobs, &out, export.Options{}))
	return out.String()
}

// TestBothEngines syncs one mailbox into SQLite and into Firestore: the same
// canonical export, the same promises kept, and a repeat changes nothing.
func TestBothEngines(t *testing.T) {
	emulator := testenv.Firestore(t)
	server := testenv.Dovecot(t, testenv.DovecotOptions{})
	n, err := server.LoadMaildir("rep", "INBOX", bulkMail(60))
	must(t, err)
	lite := newWorld(t, "rep@ours.example", "ours.example")
	lite.addMailbox("rep@ours.example", dovecotSource(server))
	fire, d := lite.onFirestore(emulator.Addr)
	before := d.Use()
	fire.billed = func() bool { return d.Use().Sub(before).Writes >= 3*int64(n) } // message, body and copy of each, once the commit is answered
	var said []string
	for _, w := range []*world{lite, fire} {
		w.sync(n)
		if w == fire {
			w.affordable(t, d.Use().Sub(before), n)
		}
		w.verify()
		once := w.export()
		w.sync(n)
		if again := w.export(); again != once {
			t.Error("a second sync changed something")
		}
		said = append(said, once)
	}
	if said[0] != said[1] {
		a, b := strings.Split(said[0], "\n"), strings.Split(said[1], "\n")
		for i := range min(len(a), len(b)) {
			if a[i] != b[i] {
				t.Fatalf("line %d of %d and %d:\n%.500s\n%.500s", i, len(a), len(b), a[i], b[i])
			}
		}
		t.Errorf("%d and %d lines", len(a), len(b))
	}
	opened, warm := fire.cards(t, d, fire.busiest(t))
	t.Logf("cards: %+v the first time, %+v again", opened, warm)
	if warm.n == 0 || warm.most > 6 || opened.most > 16 {
		t.Error("a card is dear: at most 6 reads for one that was opened before, 16 for a new one")
	}
}

// affordable holds what a first sync used, and what a card reads that was opened
// before, to the bounds of the README.
func (w *world) affordable(t *testing.T, used firestore.Use, mails int) {
	t.Helper()
	reads, writes := used.Reads*1000/int64(mails), used.Writes*1000/int64(mails)
	t.Logf("%d mails: %+v; 1,000 mails: %d reads, %d writes", mails, used, reads, writes)
	if reads > 3000 || writes > 4500 { // of so few mails, of which each group reads who we are
		t.Errorf("a first sync is dear: %d reads and %d writes for 1,000 mails", reads, writes)
	}
}

// List prices of Firestore, Standard edition, one region, in dollars for
// 100,000 documents (October 2026).
const (
	readPrice   = 0.03
	writePrice  = 0.09
	deletePrice = 0.01
)

func price(u firestore.Use) float64 {
	return (float64(u.Reads)*readPrice + float64(u.Writes)*writePrice + float64(u.Deletes)*deletePrice) / 100_000
}

// BenchmarkFirestoreUse counts what Firestore would bill: for a first sync, for
// live mail, for a card, for a page of a timeline.
func BenchmarkFirestoreUse(b *testing.B) {
	emulator := testenv.Firestore(b)
	server := testenv.Dovecot(b, testenv.DovecotOptions{})
	const mails = 500
	n, err := server.LoadMaildir("rep", "INBOX", bulkMail(mails))
	must(b, err)
	for b.Loop() {
		lite := newWorld(b, "rep@ours.example", "ours.example")
		lite.addMailbox("rep@ours.example", dovecotSource(server))
		w, d := lite.onFirestore(emulator.Addr)
		before := d.Use()
		w.billed = func() bool { return d.Use().Sub(before).Writes >= 3*int64(n) }
		w.sync(n)
		u := d.Use().Sub(before)
		w.billed = nil
		b.ReportMetric(float64(u.Writes)/float64(n)*1000, "writes/1000-mails")
		b.ReportMetric(float64(u.Reads)/float64(n)*1000, "reads/1000-mails")
		b.ReportMetric(price(u)/float64(n)*1000*100, "cents/1000-mails")
		before = d.Use()
		must(b, ledger.NewFollower(w.sp, w.cfg.Log).CatchUp(b.Context()))
		b.ReportMetric(float64(d.Use().Sub(before).Reads)/float64(n)*1000, "follow-reads/1000-mails")
		w.reading(b, d)
		w.amongFriends(b, n, emulator.Addr, server)
	}
}

// amongFriends reports what a first sync reads when everybody who wrote is a
// contact already.
func (w *world) amongFriends(b *testing.B, n int, emulator string, server *testenv.Server) {
	lite := newWorld(b, "rep@ours.example", "ours.example")
	lite.addMailbox("rep@ours.example", dovecotSource(server))
	made := map[crm.Address]bool{"": true}
	must(b, store.Messages.Each(b.Context(), w.sp, store.Query{Limit: 500}, func(m store.Doc[crm.Message]) error {
		a := m.Value.From().Address
		if made[a] || m.Value.Direction != crm.Inbound {
			return nil
		}
		made[a] = true
		_, err := records.New(lite.sp).Create(b.Context(), records.By{Cause: crm.CauseSystem}, records.Draft{Kind: crm.KindContact,
			Values: map[string]any{"name": string(a), "emails": []any{string(a)}}})
		return err
	}))
	friends, d := lite.onFirestore(emulator)
	before := d.Use()
	friends.sync(n)
	b.ReportMetric(float64(d.Use().Sub(before).Reads)/float64(n)*1000, "known-reads/1000-mails")
	b.ReportMetric(float64(len(made)-1), "known")
}

// reading reports what it costs to look: at the timeline of a contact with mail
// on it, and at the cards of that mail.
func (w *world) reading(b *testing.B, d *firestore.Driver) {
	contact := w.busiest(b)
	opened, warm := w.cards(b, d, contact)
	before := d.Use()
	page, err := timeline.New(w.sp, w.cfg.Bodies, w.cfg.Blobs).Of(b.Context(), access.Member(w.user.ID), contact, "", 50)
	must(b, err)
	b.ReportMetric(float64(d.Use().Sub(before).Reads), "page-reads")
	b.ReportMetric(float64(len(page.Items)), "page-rows")
	b.ReportMetric(opened.mean(), "first-card-reads")
	b.ReportMetric(float64(opened.most), "first-card-reads-most")
	b.ReportMetric(warm.mean(), "card-reads")
	b.ReportMetric(float64(warm.most), "card-reads-most")
}

// cards opens the cards of the last mails with a contact, each twice: what the
// first time reads, and what the second time, as after every click in it.
func (w *world) cards(b testing.TB, d *firestore.Driver, contact crm.RecordID) (opened, warm reads) {
	ctx := context.Background()
	must(b, ledger.NewFollower(w.sp, w.cfg.Log).CatchUp(ctx))
	s, viewer := timeline.New(w.sp, w.cfg.Bodies, w.cfg.Blobs), access.Member(w.user.ID)
	page, err := s.Of(ctx, viewer, contact, "", 11)
	must(b, err)
	for i, row := range page.Items {
		if row.Kind != "mail" {
			continue
		}
		card := func() int64 {
			before := d.Use()
			_, err := s.Sheet(ctx, viewer, row.ID)
			must(b, err)
			return d.Use().Sub(before).Reads
		}
		if first, again := card(), card(); i > 0 { // the very first one reads who we are
			opened.add(first)
			warm.add(again)
		}
	}
	return opened, warm
}

// reads adds up what was read.
type reads struct{ n, sum, most int64 }

func (r *reads) add(n int64) { r.n, r.sum, r.most = r.n+1, r.sum+n, max(r.most, n) }

func (r *reads) mean() float64 { return float64(r.sum) / float64(max(r.n, 1)) }

// busiest makes a contact of whoever wrote most.
func (w *world) busiest(b testing.TB) crm.RecordID {
	from := map[crm.Address]int{}
	most := crm.Address("")
	must(b, store.Messages.Each(context.Background(), w.sp, store.Query{Limit: 500}, func(m store.Doc[crm.Message]) error {
		a := m.Value.From().Address
		if from[a]++; a != "" && from[a] > from[most] {
			most = a
		}
		return nil
	}))
	saved, err := records.New(w.sp).Create(context.Background(), records.By{Cause: crm.CauseSystem}, records.Draft{Kind: crm.KindContact,
		Values: map[string]any{"name": "Busiest", "emails": []any{string(most)}}})
	must(b, err)
	return saved.Record.ID
}
