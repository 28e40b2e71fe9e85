package engine

import (
	"context"
	"sync"
	"testing"
	"time"

	"threadline/internal/crm"
	"threadline/internal/store"
	"threadline/sync/source"
)

// TestServerAsksToWait leaves a server alone for as long as it asks, and not
// for longer than a day.
func TestServerAsksToWait(t *testing.T) {
	inBubble(t, func(h *history) {
		h.settle()
		h.server.fault(func(s *fakeServer) { s.busy, s.after = 1, 3*time.Hour })
		time.Sleep(2 * time.Minute)
		asked := h.server.served()
		time.Sleep(170 * time.Minute)
		if n := h.server.served() - asked; n > 0 {
			t.Errorf("%d commands within the three hours that the server asked for", n)
		}
		h.server.fault(func(s *fakeServer) { s.busy, s.after = 1, 99*time.Hour })
		time.Sleep(20 * time.Minute)
		if next := h.mailbox().NextAt.Sub(h.w.st.Now()); next <= 23*time.Hour || next > 24*time.Hour {
			t.Errorf("tried again after %s", next)
		}
		time.Sleep(25 * time.Hour)
		h.settle()
	})
}

// TestOrdersThroughAnotherProcess: a person turns to a process that does not
// hold the mailbox, and the one that does obeys.
func TestOrdersThroughAnotherProcess(t *testing.T) {
	inBubble(t, func(h *history) {
		h.settle()
		elsewhere := New(h.w.sp, h.w.cfg) // not running
		must(t, elsewhere.Pause(context.Background(), h.w.mailbox.ID))
		time.Sleep(2 * time.Minute)
		before := h.server.served()
		h.server.append("INBOX", h.letter())
		time.Sleep(time.Hour)
		if m := h.mailbox(); m.State != crm.StatePaused || h.server.served() != before {
			t.Errorf("%s, and %d commands after the pause", m.State, h.server.served()-before)
		}
		must(t, elsewhere.Resume(context.Background(), h.w.mailbox.ID))
		time.Sleep(2 * time.Minute)
		h.settle()
		if n := h.box("INBOX").Counts.Stored; n != 1 {
			t.Errorf("%d stored after it went on", n)
		}
	})
}

// TestPauseDuringTrouble is not overwritten by what the run wanted to say, and
// a restart keeps to it.
func TestPauseDuringTrouble(t *testing.T) {
	inBubble(t, func(h *history) {
		h.settle()
		h.stop()
		h.w.cfg.Jitter = func() float64 { return 0.5 }
		h.start()
		h.server.fault(func(s *fakeServer) { s.down = 1 << 20 })
		time.Sleep(10 * time.Minute)
		must(t, New(h.w.sp, h.w.cfg).Pause(context.Background(), h.w.mailbox.ID))
		time.Sleep(time.Hour)
		h.stop()
		h.start()
		time.Sleep(time.Hour)
		if m := h.mailbox(); m.State != crm.StatePaused {
			t.Errorf("paused, and %s", m.State)
		}
		h.server.heal()
		must(t, h.engine.Resume(context.Background(), h.w.mailbox.ID))
		h.settle()
	})
}

// TestAnotherWayIn: a live mailbox whose credentials are replaced signs in with them
// at once. The old ones may end at any time, which says nothing of the new ones.
func TestAnotherWayIn(t *testing.T) {
	inBubble(t, func(h *history) {
		h.stop()
		var mu sync.Mutex
		var ways []string
		open := h.w.cfg.Open
		h.w.cfg.Open = func(m crm.Mailbox) (source.Source, error) {
			mu.Lock()
			defer mu.Unlock()
			ways = append(ways, m.Password)
			return open(m)
		}
		seen := func() (int, string) {
			mu.Lock()
			defer mu.Unlock()
			return len(ways), ways[len(ways)-1]
		}
		h.start()
		h.settle()
		before, _ := seen()
		h.edit(func(m *crm.Mailbox) { m.Password = "sealed anew" })
		n, way := seen()
		if n != before+1 || way != "sealed anew" {
			t.Errorf("signed in %d times more, the last time with %q", n-before, way)
		}
		h.edit(func(m *crm.Mailbox) { m.Budget = 7 })
		if again, _ := seen(); again != n {
			t.Error("it signs in anew for what has nothing to do with that")
		}
	})
}

func (h *history) edit(change func(*crm.Mailbox)) {
	h.t.Helper()
	must(h.t, h.engine.Edit(context.Background(), h.w.mailbox.ID, change))
	time.Sleep(time.Minute)
	h.settle()
}

// TestAnotherChoice: folders and since-date of a running mailbox are changed
// there and back. The counters follow, messages that are stored stay.
func TestAnotherChoice(t *testing.T) {
	inBubble(t, func(h *history) {
		h.server.create("Work", crm.RoleOther)
		h.server.append("INBOX", h.letters[:10]...)
		h.server.append("Work", h.letters[10:14]...)
		h.settle()
		h.edit(func(m *crm.Mailbox) { m.Folders = []string{"INBOX"} })
		if b := h.box("Work"); b.Skip != crm.SkipFolder || b.Counts.Stored != 0 || b.Counts.Skipped[crm.SkipFolder] != 4 {
			t.Errorf("a folder that was left out: %s", asJSON(b))
		}
		if n := h.w.count(store.Messages.Name); n != 14 {
			t.Errorf("%d messages, want the 14 that were stored", n)
		}
		h.server.append("Work", h.letters[14:16]...)
		h.edit(func(m *crm.Mailbox) { m.Folders = nil })
		if b := h.box("Work"); b.Skip != "" || b.Counts.Stored != 6 {
			t.Errorf("a folder that was chosen again: %s", asJSON(b))
		}
		h.edit(func(m *crm.Mailbox) { m.Since = crm.At(h.letters[5].Internal) })
		b := h.box("INBOX")
		if b.Counts.Stored != 10 || b.Counts.Skipped[crm.SkipSince] != 0 {
			t.Errorf("a later date left out what was stored: %s", asJSON(b))
		}
	})
}

// TestSinceIsWidened fetches old mail when the date is put back.
func TestSinceIsWidened(t *testing.T) {
	inBubble(t, func(h *history) {
		h.server.append("INBOX", h.letters[:20]...)
		h.stop()
		h.w.mailbox = h.mailbox()
		h.w.mailbox.Since, h.w.mailbox.State = crm.At(h.letters[12].Internal), crm.StateNew
		b := h.w.sp.Batch()
		store.Mailboxes.Put(b, &h.w.mailbox)
		boxes := boxesOf(t, h.w)
		for i := range boxes {
			store.Boxes.Delete(b, string(boxes[i].ID))
		}
		must(t, b.Commit(context.Background()))
		h.start()
		h.settle()
		few := h.box("INBOX").Counts
		if few.Stored < 7 || few.Stored > 9 || few.Skipped[crm.SkipSince] != 20-few.Stored {
			t.Errorf("since the thirteenth: %s", asJSON(few))
		}
		h.edit(func(m *crm.Mailbox) { m.Since = crm.At(h.letters[4].Internal) })
		if more := h.box("INBOX").Counts; more.Stored < few.Stored+7 || more.Stored+more.Skipped[crm.SkipSince] != 20 {
			t.Errorf("since the fifth: %s", asJSON(more))
		}
		h.edit(func(m *crm.Mailbox) { m.Since = 0 })
		if all := h.box("INBOX").Counts; all.Stored != 20 || len(all.Skipped) > 0 {
			t.Errorf("without a date: %s", asJSON(all))
		}
	})
}

// TestBusyInbox: a server that speaks of its INBOX all the time does not keep
// us from looking at the other folders.
func TestBusyInbox(t *testing.T) {
	inBubble(t, func(h *history) {
		h.server.create("Work", crm.RoleOther)
		h.settle()
		h.server.append("Work", h.letters[0])
		for i := range 12 {
			time.Sleep(20 * time.Second)
			h.server.append("INBOX", h.letters[1+i])
		}
		if n := h.box("Work").Counts.Stored; n != 1 {
			t.Errorf("%d of one mail stored after four busy minutes", n)
		}
		h.settle()
	})
}
