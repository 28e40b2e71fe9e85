package engine

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// inBubble runs f with an engine that syncs a fake server in virtual time, and
// wants the mailbox true and settled in the end.
func inBubble(t *testing.T, f func(h *history)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		server := newFakeServer()
		server.delay = time.Millisecond
		h := &history{t: t, server: server, letters: letters(), w: fakeWorld(t, server)}
		h.start()
		f(h)
		h.stop()
		for _, s := range h.trouble {
			t.Error(s)
		}
		h.w.verify()
	})
}

func (h *history) mailbox() crm.Mailbox {
	h.t.Helper()
	doc, err := store.Mailboxes.Get(context.Background(), h.w.sp, string(h.w.mailbox.ID))
	must(h.t, err)
	return doc.Value
}

func (h *history) box(name string) crm.Box {
	h.t.Helper()
	for _, b := range boxesOf(h.t, h.w) {
		if b.Name == name {
			return b
		}
	}
	h.t.Fatalf("no folder %s", name)
	return crm.Box{}
}

// TestBusyServerIsNoMailsFault: throttled fetches make no dead letter.
func TestBusyServerIsNoMailsFault(t *testing.T) {
	inBubble(t, func(h *history) {
		h.settle()
		h.server.append("INBOX", h.letter())
		for range 30 {
			h.server.fault(func(s *fakeServer) { s.busy = 2 })
			time.Sleep(2 * time.Minute)
		}
		h.server.heal()
		h.settle()
		if b := h.box("INBOX"); b.Counts.Stored != 1 || len(b.Counts.Dead) > 0 {
			t.Errorf("after an hour of throttling: %s", asJSON(b.Counts))
		}
	})
}

// TestExceptionOfAFolderThatIsGone: what waits on the queue for a folder that
// vanished or was numbered anew is dropped and keeps nobody busy.
func TestExceptionOfAFolderThatIsGone(t *testing.T) {
	for name, end := range map[string]func(*fakeServer){
		"vanished": func(s *fakeServer) { s.drop("Work") },
		"renumbered": func(s *fakeServer) {
			s.poison("Work", false, s.keys("Work")...)
			s.renumber("Work")
		},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(h *history) {
				h.server.create("Work", crm.RoleOther)
				h.server.poison("Work", true, h.server.append("Work", h.letter())...)
				time.Sleep(2 * time.Minute)
				if n := h.w.count(store.Queue.Name); n != 1 {
					t.Fatalf("%d exceptions are queued, want 1", n)
				}
				end(h.server)
				time.Sleep(20 * time.Minute)
				before := h.server.served()
				time.Sleep(20 * time.Minute)
				if n := h.server.served() - before; n > 200 {
					t.Errorf("%d commands in twenty idle minutes", n)
				}
				h.settle()
				if n := h.w.count(store.Queue.Name); n != 0 {
					t.Errorf("%d exceptions are left", n)
				}
			})
		})
	}
}

// TestRefusedCredentials stops knocking after the second refusal, keeps what
// is stored, and goes on when a person repaired it.
func TestRefusedCredentials(t *testing.T) {
	inBubble(t, func(h *history) {
		h.server.append("INBOX", h.letter())
		h.settle()
		h.stop()
		h.server.fault(func(s *fakeServer) { s.refuse = 1000 })
		h.start()
		time.Sleep(time.Minute)
		if m := h.mailbox(); m.State != crm.StateThrottled || m.Trouble == nil || m.Trouble.Kind != crm.Unauthorized {
			t.Errorf("after one refusal: %s", asJSON(m))
		}
		time.Sleep(time.Hour)
		m := h.mailbox()
		if m.State != crm.StateAuthRequired || m.Trouble == nil || m.Trouble.Hint == "" {
			t.Errorf("after two refusals: %s", asJSON(m))
		}
		logins := h.server.served()
		h.stop()
		h.start() // a restart changes nothing about it
		time.Sleep(time.Hour)
		if n := h.server.served() - logins; n > 0 {
			t.Errorf("knocked %d times with a refused password", n)
		}
		h.server.heal()
		h.server.append("INBOX", h.letter())
		must(h.t, h.engine.Resume(context.Background(), h.w.mailbox.ID))
		h.settle()
		if m := h.mailbox(); m.Trouble != nil {
			t.Errorf("still in trouble: %s", asJSON(m))
		}
	})
}

// TestPauseStopsABackfill: a person does not wait for the end of it.
func TestPauseStopsABackfill(t *testing.T) {
	inBubble(t, func(h *history) {
		h.stop()
		h.w.cfg.Group = 100
		h.start()
		h.server.fault(func(s *fakeServer) { s.delay = time.Second })
		for range 60 {
			h.server.append("INBOX", h.letters...)
		}
		time.Sleep(5 * time.Minute)
		must(h.t, h.engine.Pause(context.Background(), h.w.mailbox.ID))
		time.Sleep(groupMails * time.Second)
		if m := h.mailbox(); m.State != crm.StatePaused {
			t.Errorf("paused a piece of work ago, and %s", m.State)
		}
		left := h.box("INBOX").Counts.Queued
		time.Sleep(time.Hour)
		if now := h.box("INBOX").Counts.Queued; left == 0 || now != left {
			t.Errorf("%d were waiting at the pause, %d an hour later", left, now)
		}
		must(h.t, h.engine.Resume(context.Background(), h.w.mailbox.ID))
		h.settle()
	})
}

// TestUnstorableMail: what the store refuses is a dead letter by itself, and
// hurts no other mail.
func TestUnstorableMail(t *testing.T) {
	inBubble(t, func(h *history) {
		bad := h.letter()
		bad.Flags = []crm.Flag{"\xff"}
		h.server.append("INBOX", h.letter(), bad, h.letter(), h.letter())
		h.settle()
		b := h.box("INBOX")
		if b.Counts.Stored != 3 || b.Counts.Dead[crm.DeadStore] != 1 {
			t.Errorf("counts %s; want three stored and one dead", asJSON(b.Counts))
		}
		h.server.setFlags("INBOX", nil, h.server.keys("INBOX")...)
		h.deadLetters()
		h.settle()
		if b := h.box("INBOX"); b.Counts.Stored != 4 {
			t.Errorf("counts %s after the retry; want four stored", asJSON(b.Counts))
		}
	})
}

// TestRenumberedFolder reads everything again: nothing doubles, nothing is new,
// no copy of the old epoch stays.
func TestRenumberedFolder(t *testing.T) {
	inBubble(t, func(h *history) {
		h.server.append("INBOX", h.letters[:10]...)
		h.settle()
		messages, arrivals := h.w.count(store.Messages.Name), h.w.events()
		h.server.renumber("INBOX")
		h.settle()
		if n := h.w.count(store.Messages.Name); n != messages {
			t.Errorf("%d messages, %d before", n, messages)
		}
		if n := h.w.events(); n != arrivals {
			t.Errorf("%d arrivals, %d before: a new epoch is no event", n, arrivals)
		}
		if n := h.w.count(store.Copies.Name); n != 10 {
			t.Errorf("%d copies of 10 mails", n)
		}
	})
}
