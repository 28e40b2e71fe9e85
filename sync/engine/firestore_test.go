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
	x := store.NewIndexes(list)
	d, err := firestore.Open(ctx, x, firestore.Options{Project: "demo-" + hex.EncodeToString(b), Emulator: addr, Jitter: mathrand.Float64,
		Random: rand.Reader, Now: time.Now, Rate: 100_000})
	must(w.t, err)
	st, err := store.New(d, store.Options{Indexes: x, Now: time.Now, Random: rand.Reader})
	must(w.t, err)
	w.t.Cleanup(func() { must(w.t, st.Close()) })
	other := *w
	other.st, other.sp = st, st.In(w.sp.Workspace())
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
	fire, _ := lite.onFirestore(emulator.Addr)
	var said []string
	for _, w := range []*world{lite, fire} {
		w.sync(n)
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
		w.sync(n)
		u := d.Use().Sub(before)
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

// reading reports what it costs to look: at the card of a message, warm, and at
// the timeline of a contact with mail on it.
func (w *world) reading(b *testing.B, d *firestore.Driver) {
	ctx := b.Context()
	s := timeline.New(w.sp, w.cfg.Bodies, w.cfg.Blobs)
	viewer := access.Member(w.user.ID)
	contact := w.busiest(b)
	must(b, ledger.NewFollower(w.sp, w.cfg.Log).CatchUp(ctx))
	before := d.Use()
	page, err := s.Of(ctx, viewer, contact, "", 50)
	must(b, err)
	b.ReportMetric(float64(d.Use().Sub(before).Reads), "page-reads")
	b.ReportMetric(float64(len(page.Items)), "page-rows")
	var sum, most, cards int64
	for i, row := range page.Items[:min(len(page.Items), 11)] {
		if row.Kind != "mail" {
			continue
		}
		before := d.Use()
		_, err := s.Sheet(ctx, viewer, row.ID)
		must(b, err)
		if i == 0 {
			continue // the first one warms up
		}
		reads := d.Use().Sub(before).Reads
		sum, most, cards = sum+reads, max(most, reads), cards+1
	}
	b.ReportMetric(float64(sum)/float64(max(cards, 1)), "card-reads")
	b.ReportMetric(float64(most), "card-reads-most")
}

// busiest makes a contact of whoever wrote most.
func (w *world) busiest(b *testing.B) crm.RecordID {
	from := map[crm.Address]int{}
	most := crm.Address("")
	must(b, store.Messages.Each(b.Context(), w.sp, store.Query{Limit: 500}, func(m store.Doc[crm.Message]) error {
		a := m.Value.From().Address
		if from[a]++; a != "" && from[a] > from[most] {
			most = a
		}
		return nil
	}))
	saved, err := records.New(w.sp).Create(b.Context(), records.By{Cause: crm.CauseSystem}, records.Draft{Kind: crm.KindContact,
		Values: map[string]any{"name": "Busiest", "emails": []any{string(most)}}})
	must(b, err)
	return saved.Record.ID
}
