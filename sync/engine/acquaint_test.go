package engine

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"threadline/internal/crm"
	"threadline/internal/records"
	"threadline/internal/store"
	"threadline/sync/gmail"
	"threadline/sync/gmail/gmailtest"
)

// TestKnownOnly: of the mail before a mailbox was connected only that of known
// people is fetched, the rest is counted, and comes when its people become known.
func TestKnownOnly(t *testing.T) {
	s := gmailtest.New(gmailtest.Options{Page: 7})
	s.AddUser(gmailRep)
	all := letters() // three of them name nobody but a robot and the rep
	ids := s.Add(gmailRep, gmailMails(all)...)
	w := gmailWorld(t, s)
	must(t, New(w.sp, w.cfg).Edit(t.Context(), w.mailbox.ID, func(m *crm.Mailbox) { m.KnownOnly = true }))
	follow := NewAcquainter(New(w.sp, w.cfg), slog.New(slog.DiscardHandler))
	wants := func(server, stored, strange int64, gets int) {
		t.Helper()
		must(t, follow.CatchUp(t.Context()))
		s.Reset()
		w.syncFolder(gmail.AllMail, int(server))
		w.verify()
		for _, b := range boxesOf(t, w) {
			if b.Name == gmail.AllMail && (b.Counts.Stored != stored || b.Counts.Skipped[crm.SkipStranger] != strange || b.Counts.Total() != b.Server) {
				t.Errorf("%s, want %d stored and %d of strangers", asJSON(b.Counts), stored, strange)
			}
		}
		if n := s.Calls()["messages.get"]; n != gets {
			t.Errorf("%d messages were fetched, want %d", n, gets)
		}
	}
	wants(30, 27, 3, 27)
	doc, err := store.Mailboxes.Get(t.Context(), w.sp, string(w.mailbox.ID))
	must(t, err)
	found, err := New(w.sp, w.cfg).Where(t.Context(), &doc.Value, crm.RFCID(letterID(5)))
	must(t, err)
	if found.State != WhereSkipped || found.Skip != crm.SkipStranger {
		t.Errorf("a stranger's mail is %+v", found)
	}
	s.Add(gmailRep, gmailtest.Mail{Raw: all[5].Raw, Internal: time.Now().Add(time.Minute), Labels: []string{gmailtest.Inbox}}) // news of strangers are wanted
	wants(31, 28, 3, 1)
	saved, err := records.New(w.sp).Create(t.Context(), records.By{Cause: crm.CauseSystem}, records.Draft{Kind: crm.KindContact,
		Values: map[string]any{"name": "Robot", "emails": []any{"news@robots.example"}}})
	must(t, err)
	wants(31, 31, 0, 3)
	if links := linksTo(t, w, saved.Record.ID); links == 0 {
		t.Error("the mail that came with the contact is not on its timeline")
	}
	s.Remove(gmailRep, ids[5])
	wants(30, 30, 0, 0)
}

// linksTo counts the messages on a record's timeline.
func linksTo(t *testing.T, w *world, r crm.RecordID) (n int) {
	t.Helper()
	must(t, store.Messages.Each(context.Background(), w.sp, store.Query{Limit: 500}, func(d store.Doc[crm.Message]) error {
		for _, l := range d.Value.Links {
			if l.Record == r {
				n++
			}
		}
		return nil
	}))
	return n
}
