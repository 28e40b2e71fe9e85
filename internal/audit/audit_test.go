package audit

import (
	"bytes"
	"context"
	"crypto/rand"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"threadline/internal/crm"
	"threadline/internal/store"
	"threadline/internal/store/sqlite"
	"threadline/manifests"
)

func space(t *testing.T) *store.Space {
	t.Helper()
	list, err := store.ParseIndexes(manifests.Indexes)
	if err != nil {
		t.Fatal(err)
	}
	x := store.NewIndexes(list)
	d, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "data.db"), x, sqlite.Options{Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	st, err := store.New(d, store.Options{Indexes: x, Now: time.Now, Random: rand.Reader})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	return st.In("wsp_test")
}

func change(t *testing.T, sp *store.Space, name string) {
	t.Helper()
	id, err := sp.Store().NewID("con")
	if err != nil {
		t.Fatal(err)
	}
	_, err = sp.Change(t.Context(), store.ChangeInfo{Cause: crm.CauseCLI, Title: name}, func(_ context.Context, tx *store.Tx) error {
		store.Records.Create(tx, &crm.Record{ID: crm.RecordID(id), Kind: crm.KindContact, Values: map[string]any{"name": name}})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func verify(t *testing.T, sp *store.Space) Report {
	t.Helper()
	r, err := Verify(t.Context(), sp)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestSealersAtOnce lets four seal the same log.
func TestSealersAtOnce(t *testing.T) {
	sp := space(t)
	for range 250 {
		change(t, sp, "Ada")
	}
	if r := verify(t, sp); r.Broken != nil || r.Unsealed != page {
		t.Errorf("before: %+v", r)
	}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			if err := NewSealer(sp, rand.Reader, slog.New(slog.DiscardHandler)).CatchUp(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if r := verify(t, sp); r.Broken != nil || r.Entries != 250 || r.Unsealed != 0 || r.Head == "" {
		t.Errorf("after: %+v", r)
	}
}

// TestTampering alters the log and the chain in every way, one at a time, and
// wants the very entry named.
func TestTampering(t *testing.T) {
	for name, alter := range map[string]func(b *store.Batch, e crm.AuditEntry, c crm.Change){
		"title": func(b *store.Batch, _ crm.AuditEntry, c crm.Change) { c.Title = "nothing"; store.ChangeLog.Put(b, &c) },
		"actor": func(b *store.Batch, _ crm.AuditEntry, c crm.Change) {
			c.Actor = "usr_other"
			store.ChangeLog.Put(b, &c)
		},
		"value": func(b *store.Batch, _ crm.AuditEntry, c crm.Change) {
			c.Entries[0].After = nil
			store.ChangeLog.Put(b, &c)
		},
		"removed": func(b *store.Batch, _ crm.AuditEntry, c crm.Change) { store.ChangeLog.Delete(b, c.ID) },
		"entry":   func(b *store.Batch, e crm.AuditEntry, _ crm.Change) { store.Audit.Delete(b, e.ID) },
		"resealed": func(b *store.Batch, e crm.AuditEntry, c crm.Change) {
			c.Title = "nothing"
			e.Sum = sum(e.Salt, &c)
			store.ChangeLog.Put(b, &c)
			store.Audit.Put(b, &e)
		},
		"time": func(b *store.Batch, e crm.AuditEntry, _ crm.Change) { e.At++; store.Audit.Put(b, &e) },
	} {
		t.Run(name, func(t *testing.T) {
			sp, entries := sealed(t)
			e := entries[2]
			c, err := store.ChangeLog.Get(t.Context(), sp, e.ID)
			if err != nil {
				t.Fatal(err)
			}
			b := sp.Batch()
			alter(b, e, c.Value)
			if err := b.Commit(t.Context()); err != nil {
				t.Fatal(err)
			}
			if r := verify(t, sp); r.Broken == nil || r.Broken.Seq != 3 || r.Entries != 2 {
				t.Errorf("%+v, broken %+v", r, r.Broken)
			}
		})
	}
}

// sealed is a workspace with five changes, and their entries.
func sealed(t *testing.T) (*store.Space, []crm.AuditEntry) {
	t.Helper()
	sp := space(t)
	for range 5 {
		change(t, sp, "Ada")
	}
	if err := NewSealer(sp, rand.Reader, slog.New(slog.DiscardHandler)).CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	p, err := store.Audit.Query(t.Context(), sp, store.Query{Order: "seq", Limit: 10})
	if err != nil || len(p.Items) != 5 {
		t.Fatalf("%d entries, %v", len(p.Items), err)
	}
	return sp, p.Values()
}

// TestUnreadable changes the third change, or its entry, so that it cannot be read any
// more: that very one is named.
func TestUnreadable(t *testing.T) {
	for _, c := range []struct{ collection, head, what string }{
		{store.ChangeLog.Name, "etitlecAda", "the change cannot be read"}, // text becomes bytes
		{store.Audit.Name, "csumX ", "the entry cannot be read"},          // bytes become text
	} {
		sp, entries := sealed(t)
		third := entries[2].ID
		err := sp.EachRaw(t.Context(), c.collection, func(d store.RawDoc) error {
			if d.ID != third {
				return nil
			}
			at := bytes.Index(d.Data, []byte(c.head))
			if at < 0 {
				t.Fatalf("%s has no such field in %q", c.collection, d.Data)
			}
			d.Data = bytes.Clone(d.Data)
			d.Data[at+1+int(c.head[0]&0x1f)] ^= 0x20
			if c.collection == store.Audit.Name { // the store takes no text that is none
				copy(d.Data[at+len(c.head):], strings.Repeat("a", 32))
			}
			return sp.Restore(t.Context(), []store.RawDoc{d})
		})
		if err != nil {
			t.Fatal(err)
		}
		r := verify(t, sp)
		if r.Broken == nil || r.Broken.Seq != 3 || r.Entries != 2 || r.Broken.What != c.what {
			t.Errorf("%s: %+v, broken %+v", c.collection, r, r.Broken)
		}
	}
}
