package export_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"threadline/internal/crm"
	"threadline/internal/export"
	"threadline/internal/store"
	tt "threadline/internal/timeline/timelinetest"
)

func verify(t testing.TB, w *tt.World) []string {
	t.Helper()
	var out []string
	must(t, export.Verify(t.Context(), w.Space, w.Bodies, w.Blobs, func(f export.Finding) {
		if f.What == "" || f.Todo == "" || f.ID == "" {
			t.Errorf("a finding that says nothing: %+v", f)
		}
		out = append(out, f.String())
	}, nil))
	slices.Sort(out)
	return out
}

// damaged is a sound world and the documents that the tests break.
type damaged struct {
	*tt.World
	ids []crm.MessageID
	msg crm.Message
	cpy crm.Copy
	box crm.Box
}

func sound(t *testing.T) *damaged {
	t.Helper()
	w := tt.New(t)
	people(w)
	d := &damaged{World: w, ids: w.Store(letters(12)...)}
	m, err := store.Messages.Get(t.Context(), w.Space, string(d.ids[0]))
	must(t, err)
	d.msg = m.Value
	c, err := store.Copies.Get(t.Context(), w.Space, string(d.msg.Copies[0].Copy))
	must(t, err)
	d.cpy = c.Value
	b, err := store.Boxes.Get(t.Context(), w.Space, string(d.cpy.Box))
	must(t, err)
	d.box = b.Value
	return d
}

func TestSoundDataHasNoFindings(t *testing.T) {
	w := sound(t)
	if got := verify(t, w.World); len(got) > 0 {
		t.Error(got)
	}
	// An old numbering waits to be taken off, and a listing is due.
	b := w.Space.Batch()
	w.box.Relist, w.box.Server = true, 99
	store.Boxes.Put(b, &w.box)
	must(t, b.Commit(t.Context()))
	if got := verify(t, w.World); len(got) > 0 {
		t.Error(got)
	}
}

func TestVerifyFindsEachFault(t *testing.T) {
	batch := func(f func(w *damaged, b *store.Batch)) func(*testing.T, *damaged) {
		return func(t *testing.T, w *damaged) {
			b := w.Space.Batch()
			f(w, b)
			must(t, b.Commit(t.Context()))
		}
	}
	change := func(f func(w *damaged, tx *store.Tx)) func(*testing.T, *damaged) {
		return func(t *testing.T, w *damaged) {
			_, err := w.Space.Change(t.Context(), store.ChangeInfo{Cause: crm.CauseSystem}, func(ctx context.Context, tx *store.Tx) error {
				if _, err := store.Records.GetMany(ctx, tx, []string{tt.ID("con", 0)}); err != nil {
					return err
				}
				if _, err := store.Identities.GetMany(ctx, tx, []string{crm.IdentityID(w.Key, "a:nora@nord.example")}); err != nil {
					return err
				}
				f(w, tx)
				return nil
			})
			must(t, err)
		}
	}
	message := func(f func(m *crm.Message)) func(*testing.T, *damaged) {
		return batch(func(w *damaged, b *store.Batch) { f(&w.msg); store.Messages.Put(b, &w.msg) })
	}
	for name, c := range map[string]struct {
		harm func(*testing.T, *damaged)
		want string
	}{
		"a copy is lost": {batch(func(w *damaged, b *store.Batch) { store.Copies.Delete(b, string(w.cpy.ID)) }), "which does not exist"},
		"a copy is lost, the count": {batch(func(w *damaged, b *store.Batch) { store.Copies.Delete(b, string(w.cpy.ID)) }),
			"stored copies and has"},
		"a copy is there twice": {batch(func(w *damaged, b *store.Batch) {
			w.cpy.ID = "cpy_other"
			store.Copies.Create(b, &w.cpy)
		}), "is there twice"},
		"a copy is not listed": {message(func(m *crm.Message) { m.Copies = m.Copies[1:] }), "which does not list it"},
		"a copy is of another message": {batch(func(w *damaged, b *store.Batch) {
			w.cpy.Message = w.ids[3]
			store.Copies.Put(b, &w.cpy)
		}), "which is not one of it"},
		"a copy says nothing":  {batch(func(w *damaged, b *store.Batch) { w.cpy.State = "?"; store.Copies.Put(b, &w.cpy) }), "neither stored nor"},
		"a copy has no folder": {batch(func(w *damaged, b *store.Batch) { w.cpy.Box = "box_none"; store.Copies.Put(b, &w.cpy) }), "folder box_none"},
		"a message is lost":    {batch(func(w *damaged, b *store.Batch) { store.Messages.Delete(b, string(w.msg.ID)) }), "belongs to no message"},
		"a body is lost":       {batch(func(w *damaged, b *store.Batch) { store.Bodies.Delete(b, string(w.msg.ID)) }), "it has no body"},
		"a body is broken": {batch(func(w *damaged, b *store.Batch) {
			store.Bodies.Put(b, &crm.Body{ID: w.msg.ID, Data: []byte("broken")})
		}), "cannot be unpacked"},
		"a blob is lost": {batch(func(w *damaged, b *store.Batch) {
			store.Bodies.Put(b, &crm.Body{ID: w.msg.ID, Blob: strings.Repeat("0", 64)})
		}), "its body should be in the blob store"},
		"raw bytes are lost": {batch(func(w *damaged, b *store.Batch) {
			doc, err := store.Bodies.Get(w.T.Context(), w.Space, string(w.msg.ID))
			must(w.T, err)
			doc.Value.Raw = strings.Repeat("0", 64)
			store.Bodies.Put(b, &doc.Value)
		}), "its raw bytes should be"},
		"a blob was changed": {func(t *testing.T, w *damaged) { w.Tamper(string(w.ids[4])) }, "was changed"},
		"the counter of stored": {batch(func(w *damaged, b *store.Batch) {
			w.box.Counts.Stored++
			w.box.Server++
			store.Boxes.Put(b, &w.box)
		}), "stored copies and has"},
		"the equation": {batch(func(w *damaged, b *store.Batch) { w.box.Server++; store.Boxes.Put(b, &w.box) }), "are accounted for"},
		"the counter of retries": {batch(func(w *damaged, b *store.Batch) {
			w.box.Counts.Retrying++
			store.Boxes.Put(b, &w.box)
		}), "tried again and has"},
		"the counter of dead letters": {batch(func(w *damaged, b *store.Batch) {
			w.box.Counts.Dead = map[crm.DeadReason]int64{crm.DeadFetch: 1}
			store.Boxes.Put(b, &w.box)
		}), "dead letters"},
		"the counter of what is never stored": {batch(func(w *damaged, b *store.Batch) {
			w.box.Counts.Skipped = map[crm.SkipReason]int64{crm.SkipNeverStore: 1, crm.SkipSince: 5}
			store.Boxes.Put(b, &w.box)
		}), "skipped as never_store and has 0"},
		"known and not there": {batch(func(w *damaged, b *store.Batch) {
			w.box.Known = crm.Span(1, 1000)
			store.Boxes.Put(b, &w.box)
		}), "knows 9"},
		"it waits and is stored": {batch(func(w *damaged, b *store.Batch) {
			store.Queue.Create(b, &crm.Queued{ID: "que_1", Mailbox: w.cpy.Mailbox, Box: w.cpy.Box, Epoch: w.cpy.Epoch, Key: w.cpy.Key, NextAt: 1})
		}), "is settled already"},
		"it waits nowhere": {batch(func(w *damaged, b *store.Batch) {
			store.Queue.Create(b, &crm.Queued{ID: "que_1", Mailbox: w.cpy.Mailbox, Box: "box_none", Key: 1, NextAt: 1})
		}), "it waits in a folder"},
		"flags":      {message(func(m *crm.Message) { m.Flags = nil }), "its flags are not"},
		"owners":     {message(func(m *crm.Message) { m.Owners = m.Owners[:1] }), "is not among its owners"},
		"links":      {message(func(m *crm.Message) { m.Links = m.Links[1:] }), "links differ from a recompute"},
		"feed":       {message(func(m *crm.Message) { m.Feed = append(m.Feed, "con_x/members") }), "feed differ from a recompute"},
		"direction":  {message(func(m *crm.Message) { m.Direction = crm.Within }), "direction differ from a recompute"},
		"thread":     {message(func(m *crm.Message) { m.Thread = "msg_zzzzzzzzzzzzzzzzzzzzzzzzzz" }), "smallest id"},
		"date":       {message(func(m *crm.Message) { m.Date = 0 }), "no date"},
		"id":         {batch(func(w *damaged, b *store.Batch) { w.msg.ID = "msg_short"; store.Messages.Put(b, &w.msg) }), "has not the form"},
		"alias up":   {batch(func(w *damaged, b *store.Batch) { store.Threads.Put(b, &crm.Thread{ID: "msg_a", Into: "msg_b"}) }), "not a smaller name"},
		"alias ring": {batch(func(w *damaged, b *store.Batch) { store.Threads.Put(b, &crm.Thread{ID: "msg_a", Into: "msg_a"}) }), "in a ring"},
		"an identity": {change(func(w *damaged, tx *store.Tx) {
			store.Identities.Delete(tx, crm.IdentityID(w.Key, "a:nora@nord.example"))
		}), "does not lead to it"},
		"a holder": {change(func(w *damaged, tx *store.Tx) { store.Records.Delete(tx, tt.ID("con", 0)) }), "is held by con_"},
		"an identity's id": {change(func(w *damaged, tx *store.Tx) {
			store.Identities.Create(tx, &crm.Identity{ID: "idn_odd", Token: "a:x@y.example"})
		}), "its id is not that of a:x@y.example"},
		"the change log": {batch(func(w *damaged, b *store.Batch) {
			store.ChangeLog.Create(b, &crm.Change{ID: "chg_1", Batch: "bat_1", Touched: []string{"con_1"},
				Entries: []crm.ChangeEntry{{Collection: "record", ID: "con_1", Before: []byte{0xff}}}})
		}), "cannot be undone"},
		"its history": {batch(func(w *damaged, b *store.Batch) {
			store.ChangeLog.Create(b, &crm.Change{ID: "chg_1", Batch: "bat_1", Entries: []crm.ChangeEntry{{Collection: "record", ID: "con_1"}}})
		}), "not found in the history"},
	} {
		t.Run(name, func(t *testing.T) {
			w := sound(t)
			c.harm(t, w)
			before := write(t, w.World, true)
			got := verify(t, w.World)
			if !slices.ContainsFunc(got, func(s string) bool { return strings.Contains(s, c.want) }) {
				t.Errorf("%q is not found among %q", c.want, got)
			}
			if again := verify(t, w.World); !slices.Equal(got, again) {
				t.Errorf("a repeat says something else: %q", again)
			}
			if write(t, w.World, true) != before {
				t.Error("it changed something")
			}
		})
	}
}
