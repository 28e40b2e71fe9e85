package firestore

import (
	"context"
	"crypto/rand"
	"fmt"
	"testing"
	"time"

	"threadline/internal/crm"
	"threadline/internal/store"
	"threadline/internal/store/storetest"
)

// TestShelf: what one process keeps at hand is never older than the last commit
// of another, and in quiet times costs a read for each kind of news.
func TestShelf(t *testing.T) {
	t.Parallel()
	o := options(t)
	open := func() (*store.Space, *Driver) {
		x := store.NewIndexes(storetest.Indexes())
		d, err := Open(t.Context(), x, o)
		must(t, err)
		s, err := store.New(d, store.Options{Indexes: x, Now: time.Now, Random: rand.Reader})
		must(t, err)
		t.Cleanup(func() { must(t, s.Close()) })
		return s.In("ws_one"), d
	}
	mine, d := open()
	theirs, _ := open()
	shelf := store.NewShelf(mine)
	ctx := t.Context()
	read := func() (name, page string, reads int64) {
		t.Helper()
		before := d.Use()
		must(t, shelf.Read(ctx, func(r store.Reader) error {
			docs, err := store.Records.GetMany(ctx, r, []string{"con_1", "con_none"})
			must(t, err)
			name = docs[0].Value.Text("name")
			mail, err := store.Messages.Query(ctx, r, store.Query{Where: []store.Filter{store.Is("thread", "t")}, Order: "date"})
			for _, m := range mail.Items {
				page += m.Value.Subject
			}
			return err
		}))
		return name, page, d.Use().Sub(before).Reads
	}
	write := func(sp *store.Space, name string) {
		t.Helper()
		_, err := sp.Change(ctx, store.ChangeInfo{Cause: crm.CauseUI}, func(ctx context.Context, tx *store.Tx) error {
			docs, err := store.Records.GetMany(ctx, tx, []string{"con_1"})
			next := crm.Record{ID: "con_1", Kind: crm.KindContact, Values: map[string]any{"name": name}}
			if docs[0].Exists() {
				store.Records.PutIf(tx, &next, docs[0].Version)
			} else {
				store.Records.Create(tx, &next)
			}
			return err
		})
		must(t, err)
	}
	arrive := func(id, subject string, told bool) {
		t.Helper()
		b := theirs.Batch()
		store.Messages.Put(b, &crm.Message{ID: crm.MessageID(id), Thread: "t", Subject: subject})
		if told {
			store.Tell(b, &crm.Arrival{Items: []crm.ArrivalItem{{Message: crm.MessageID(id)}}})
		}
		must(t, b.Commit(ctx))
	}
	want := func(name, page string) {
		t.Helper()
		if gotName, gotPage, _ := read(); gotName != name || gotPage != page {
			t.Fatalf("read %q and %q, want %q and %q", gotName, gotPage, name, page)
		}
		if gotName, gotPage, n := read(); gotName != name || gotPage != page || n != 2 {
			t.Errorf("again %q and %q with %d reads, want the same with 2", gotName, gotPage, n)
		}
	}
	want("", "")
	for i := range 3 {
		write(theirs, fmt.Sprint("Anna ", i))
		want(fmt.Sprint("Anna ", i), "")
	}
	write(mine, "Bea")
	want("Bea", "")
	arrive("m1", "one", true)
	want("Bea", "one")
	arrive("m1", "two", false) // flags, of which nothing is told
	want("Bea", "one")
	must(t, theirs.Derive(ctx, func(ctx context.Context, tx *store.Tx) error {
		docs, err := store.Records.GetMany(ctx, tx, []string{"con_1"})
		docs[0].Value.Values["name"] = "Derived"
		store.Records.Put(tx, &docs[0].Value)
		return err
	}))
	want("Derived", "two")
	for i := range 20 { // more than is told
		arrive(fmt.Sprint("n", i), "", true)
	}
	write(theirs, "Last")
	if name, _, _ := read(); name != "Last" {
		t.Errorf("read %q among many arrivals", name)
	}
	if name, _, n := read(); name != "Last" || n != 2 {
		t.Errorf("read %q with %d reads when it is quiet again, want the same with 2", name, n)
	}
	write(theirs, "After all")
	want("After all", "two")
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
