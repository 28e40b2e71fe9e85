package engine

import (
	"context"
	"fmt"
	mathrand "math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"threadline/internal/crm"
	"threadline/internal/ledger"
	"threadline/internal/records"
	"threadline/internal/store"
)

// fakeWorld is a workspace with a mailbox on the fake server, and a customer
// whose mail is linked. All such worlds give the same things the same ids.
func fakeWorld(t testing.TB, server *fakeServer) *world {
	t.Helper()
	w := newWorldFrom(t, "rep@ours.example", "ours.example", mathrand.NewChaCha8([32]byte{1}))
	w.cfg.Group, w.cfg.Poll = 3, time.Minute
	w.cfg.Lease, w.cfg.round = 10*time.Minute, 20*time.Second // a day of renewals costs more than the mail
	svc := records.New(w.sp)
	for _, d := range []records.Draft{
		{Kind: crm.KindCompany, Values: map[string]any{"name": "Acme", "domains": []any{"acme.example"}}},
		{Kind: crm.KindContact, Values: map[string]any{"name": "Anna", "emails": []any{"anna@acme.example"}}},
	} {
		_, err := svc.Create(context.Background(), records.By{Cause: crm.CauseSystem}, d)
		must(t, err)
	}
	w.addMailbox("rep@ours.example", fakeSource{server: server})
	return w
}

func place(folder string, k crm.Key) string { return fmt.Sprintf("%s/%d", folder, k) }

// copiesByPlace are the copies by folder and key, as their documents say.
func copiesByPlace(t testing.TB, w *world) map[string]crm.Copy {
	t.Helper()
	names := map[crm.BoxID]crm.Box{}
	for _, b := range boxesOf(t, w) {
		names[b.ID] = b
	}
	out := map[string]crm.Copy{}
	must(t, w.sp.EachRaw(context.Background(), store.Copies.Name, func(d store.RawDoc) error {
		c, err := store.Copies.Get(context.Background(), w.sp, d.ID)
		at := place(names[c.Value.Box].Name, c.Value.Key)
		if c.Value.Epoch != names[c.Value.Box].Epoch {
			at += fmt.Sprintf(" of epoch %d", c.Value.Epoch)
		}
		out[at] = c.Value
		return err
	}))
	return out
}

func boxesOf(t testing.TB, w *world) []crm.Box {
	t.Helper()
	docs, err := store.Boxes.All(context.Background(), w.sp, store.Query{Where: []store.Filter{store.Is("mailbox", w.mailbox.ID)}})
	must(t, err)
	var out []crm.Box
	for _, d := range docs {
		out = append(out, d.Value)
	}
	return out
}

// picture is everything of a world that must not depend on how it came about:
// boxes, copies, messages that lie somewhere with their bodies and, when asked,
// threads.
func picture(t testing.TB, w *world, threads bool) map[string]any {
	t.Helper()
	ctx := context.Background()
	out := map[string]any{}
	must(t, ledger.NewFollower(w.sp, w.cfg.Log).CatchUp(ctx))
	must(t, ledger.Audit(ctx, w.sp, func(d ledger.Difference) { out["audit "+string(d.Message)] = d.What }, nil))
	for _, b := range boxesOf(t, w) {
		b.Cursor, b.Listed, b.FlagsAt, b.Audit = "", 0, 0, nil
		if !b.Gone {
			out["box "+b.Name] = b
		}
	}
	for at, c := range copiesByPlace(t, w) {
		out["copy "+at] = c
	}
	messages, smallest := messagesOf(t, w)
	for _, m := range messages {
		m.Thread, m.Was, m.Sides = smallest[m.Thread], nil, nil // what it was called on the way
		if !threads {
			m.Thread = ""
			passedOn(&m)
		}
		for i := range m.Links { // the witness of a thread may lie nowhere any more
			m.Links[i].Evidence.Message = ""
		}
		m.Turn, m.Wait = "", nil // hang on mail of the thread that was deleted on the server, too
		body, err := store.Bodies.Get(ctx, w.sp, string(m.ID))
		must(t, err)
		out["message "+string(m.ID)] = m
		out["body "+string(m.ID)] = body.Value
	}
	queued := 0
	must(t, w.sp.EachRaw(ctx, store.Queue.Name, func(store.RawDoc) error { queued++; return nil }))
	out["queue"] = queued
	return out
}

// passedOn takes off the links that a thread passes on, which may come from mail
// that lies nowhere any more.
func passedOn(m *crm.Message) {
	var from []crm.FeedToken
	for _, l := range m.Links {
		if l.Rule == crm.ByThread {
			from = append(from, crm.Feed(l.Record, crm.Members))
		}
	}
	m.Links = slices.DeleteFunc(m.Links, func(l crm.Link) bool { return l.Rule == crm.ByThread })
	if len(m.Links) == 0 {
		m.Links = nil
	}
	m.Feed = slices.DeleteFunc(m.Feed, func(t crm.FeedToken) bool { return slices.Contains(from, t) })
}

// messagesOf are the messages that lie on the server, and the smallest of them
// in each thread. Marks that come from a message that lies nowhere any more
// are left out.
func messagesOf(t testing.TB, w *world) ([]crm.Message, map[crm.ThreadID]crm.ThreadID) {
	t.Helper()
	ctx := context.Background()
	var out []crm.Message
	smallest, twins := map[crm.ThreadID]crm.ThreadID{}, map[crm.RFCID]int{}
	must(t, w.sp.EachRaw(ctx, store.Messages.Name, func(d store.RawDoc) error {
		doc, err := store.Messages.Get(ctx, w.sp, d.ID)
		if err != nil || len(doc.Value.Copies) == 0 {
			return err
		}
		m := doc.Value
		if m.Thread, err = ledger.Talk(ctx, w.sp, &m); err != nil {
			return err
		}
		m.Part = ""
		id := crm.ThreadID(m.ID)
		if have, ok := smallest[m.Thread]; !ok || id < have {
			smallest[m.Thread] = id
		}
		twins[m.RFCID]++
		out = append(out, m)
		return nil
	}))
	for i, m := range out {
		if twins[m.RFCID] == 1 {
			out[i].Marks = slices.DeleteFunc(m.Marks, func(k crm.Mark) bool { return k == crm.MarkSameID })
			if len(out[i].Marks) == 0 {
				out[i].Marks = nil
			}
		}
	}
	return out, smallest
}

// unlike tells what of a mailbox is not as in one that reads the server afresh.
// Mail that was deleted on the server stays where it is, and may be what joins
// two others to a thread, or gives them its company: then only the recompute,
// which is in the picture, can tell whether threads are right.
func unlike(t testing.TB, here, fresh *world) []string {
	t.Helper()
	whole := true
	must(t, here.sp.EachRaw(context.Background(), store.Messages.Name, func(d store.RawDoc) error {
		doc, err := store.Messages.Get(context.Background(), here.sp, d.ID)
		whole = whole && len(doc.Value.Copies) > 0
		return err
	}))
	return differences(picture(t, here, whole), picture(t, fresh, whole))
}

// differences tells what of a is not as in b.
func differences(a, b map[string]any) []string {
	var out []string
	for k, v := range a {
		w, ok := b[k]
		if !ok {
			out = append(out, "not in a fresh mailbox: "+k+" "+asJSON(v))
		} else if diff := cmp.Diff(w, v); diff != "" {
			out = append(out, k+" (-fresh +here):\n"+diff)
		}
	}
	for k, v := range b {
		if _, ok := a[k]; !ok {
			out = append(out, "only in a fresh mailbox: "+k+" "+asJSON(v))
		}
	}
	slices.Sort(out)
	return out
}
