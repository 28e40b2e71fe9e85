package outbox_test

import (
	"context"
	"log/slog"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"threadline/internal/crm"
	"threadline/internal/outbox"
	"threadline/internal/store"
	tt "threadline/internal/timeline/timelinetest"
)

// TestBudgetRolls: in any 24 hours a mailbox sends so many mails, those counted
// that its owner sent with other programs, and none twice.
func TestBudgetRolls(t *testing.T) {
	now := tt.Start
	w := tt.Open(t, filepath.Join(t.TempDir(), "data.db"), func() time.Time { return now })
	ago := func(hours int) crm.Time { return crm.At(now).Add(-time.Duration(hours) * time.Hour) }
	sent := func(id string, hours int, from crm.Address, box crm.MailboxID) tt.Mail {
		return tt.Mail{ID: crm.RFCID(id), From: from, To: []crm.Address{"eve@acme.example"}, Subject: id, Text: id, Date: ago(hours), Mailbox: box, Box: "Sent", Role: crm.RoleSent}
	}
	w.Store(sent("old@own", 25, tt.AnnaAtWork, tt.AnnaMail), sent("leaves@own", 23, tt.AnnaAtWork, tt.AnnaMail), sent("fresh@own", 1, tt.AnnaAtWork, tt.AnnaMail),
		sent("tl.abc@own", 2, tt.AnnaAtWork, tt.AnnaMail), sent("bob@own", 1, tt.BobAtWork, tt.BobMail))
	w.Store(tt.Mail{ID: "in@acme", From: "eve@acme.example", To: []crm.Address{tt.AnnaAtWork}, Subject: "in", Text: "in", Date: ago(1)})
	b := w.Space.Batch()
	for id, hours := range map[string]int{"out_aaaaaaaaaaaaaaaaaaaaaaaaaa": 22, "out_bbbbbbbbbbbbbbbbbbbbbbbbbb": 30} {
		store.Outgoing.Create(b, &crm.Outgoing{ID: id, Mailbox: tt.AnnaMail, SentAt: ago(hours), State: crm.OutSent})
	}
	// of campaigns: an hour ago, and so long ago that the hour is no more of the day
	for at, n := range map[int]int64{1: 2, 26: 7} {
		store.Counters.Put(b, &crm.Counter{ID: crm.CampaignHours(tt.AnnaMail, ago(at))[0], Last: n})
	}
	if err := b.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	s := outbox.New(w.Space, outbox.Config{Log: slog.New(slog.DiscardHandler)})
	m := crm.Mailbox{ID: tt.AnnaMail, Owner: tt.Anna, Address: tt.AnnaAtWork, Budget: 5}
	for _, want := range []struct {
		later              time.Duration
		ours, manual, many int
	}{{0, 1, 2, 2}, {90 * time.Minute, 1, 1, 2}, {time.Hour, 0, 1, 2}, {22 * time.Hour, 0, 0, 0}} {
		now = now.Add(want.later)
		got, err := s.Budget(t.Context(), &m)
		if err != nil || got.Ours != want.ours || got.Manual != want.manual || got.Many != want.many || got.Left() != 5-want.ours-want.manual-want.many {
			t.Errorf("at %s: %+v %v, want %d of ours, %d of hers, %d of campaigns", now, got, err, want.ours, want.manual, want.many)
		}
	}
}

// TestRaisedBudget holds a mail back because the budget is spent, and raises it: the
// mail is tried within minutes, and not when the oldest one is a day old.
func TestRaisedBudget(t *testing.T) {
	var late atomic.Int64
	now := func() time.Time { return tt.Start.Add(time.Duration(late.Load())) }
	w := tt.Open(t, filepath.Join(t.TempDir(), "data.db"), now)
	const held = "out_aaaaaaaaaaaaaaaaaaaaaaaaaa"
	budget := func(n int) {
		t.Helper()
		box, err := store.Mailboxes.Get(t.Context(), w.Space, string(tt.AnnaMail))
		must(t, err)
		box.Value.Budget = n
		b := w.Space.Batch()
		store.Mailboxes.Put(b, &box.Value)
		must(t, b.Commit(t.Context()))
	}
	budget(1)
	b := w.Space.Batch()
	store.Outgoing.Create(b, &crm.Outgoing{ID: held, Mailbox: tt.AnnaMail, State: crm.OutQueued, NextAt: crm.At(now())})
	store.Outgoing.Create(b, &crm.Outgoing{ID: "out_bbbbbbbbbbbbbbbbbbbbbbbbbb", Mailbox: tt.AnnaMail, State: crm.OutSent, SentAt: crm.At(now()).Add(-time.Hour)})
	must(t, b.Commit(t.Context()))
	shut := crm.Errorf(crm.Unavailable, "test", "nobody answers")
	s := outbox.New(w.Space, outbox.Config{Log: slog.New(slog.DiscardHandler), Open: func(context.Context, crm.Mailbox) (outbox.Sender, error) { return nil, shut }})
	until := func(is func(*crm.Outgoing) bool) {
		t.Helper()
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- s.Run(ctx) }()
		defer func() { stop(); <-done }()
		for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(5 * time.Millisecond) {
			doc, err := store.Outgoing.Get(t.Context(), w.Space, held)
			must(t, err)
			if is(&doc.Value) {
				return
			}
			if time.Now().After(deadline) {
				t.Fatalf("it stands at %+v", doc.Value)
			}
		}
	}
	until(func(o *crm.Outgoing) bool { return o.Trouble != "" && o.Attempts == 0 })
	budget(2)
	late.Store(int64(6 * time.Minute))
	until(func(o *crm.Outgoing) bool { return o.Attempts == 1 })
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
