package engine

import (
	"context"
	"math/rand/v2"
	"os"
	"testing"
	"testing/synctest"
	"time"

	"threadline/internal/crm"
)

// TestDay is a day of virtual time on a mailbox with a bad server: mail comes,
// moves and goes, folders too; the line is cut, the server is busy, down or
// restarted, numbers folders anew, has poisonous mails; the engine is stopped
// and started; a person pauses, resumes, and chooses other folders. In the end
// everything is as if the final mailbox had been read once and undisturbed, the
// nightly audit found nothing, and no goroutine is left: the bubble would not
// end with one.
func TestDay(t *testing.T) {
	if raceDetector && os.Getenv("THREADLINE_SOAK") == "" {
		t.Skip("SKIPPED with the race detector, which makes the day a minute of two cores: make soak")
	}
	days := 1
	seed := uint64(24)
	if os.Getenv("THREADLINE_SOAK") != "" {
		days, seed = 5, uint64(time.Now().UnixNano())
	}
	for range days {
		seed++
		t.Logf("seed %d", seed)
		synctest.Test(t, func(t *testing.T) { day(t, rand.New(rand.NewPCG(seed, 1))) })
	}
}

// dayEvents are what a step of the day may be, beside those of histories.
var dayEvents = append([]string{"restart", "rest", "rest", "rest", "choose", "pause"}, stepKinds...)

func day(t *testing.T, rng *rand.Rand) {
	server := newFakeServer()
	server.create("Sent", crm.RoleSent)
	server.create("Trash", crm.RoleTrash)
	server.delay, server.mess = time.Millisecond, true
	h := &history{t: t, server: server, letters: letters(), w: fakeWorld(t, server)}
	h.w.cfg.Poll, h.w.cfg.Jitter = 5*time.Minute, func() float64 { return 0.5 }
	h.start()
	for end := time.Now().Add(24 * time.Hour); time.Now().Before(end); {
		h.event(rng)
		time.Sleep(time.Duration(rng.Int64N(int64(8 * time.Minute))))
	}
	h.orders(t, func(m *crm.Mailbox) { m.Folders = nil })
	must(t, h.engine.Resume(context.Background(), h.w.mailbox.ID))
	server.heal()
	h.settle()
	if len(h.trouble) == 0 {
		h.deadLetters()
		h.settle()
		time.Sleep(26 * time.Hour)
		h.nightFindsNothing()
	}
	h.stop()
	if len(h.trouble) == 0 {
		fresh := &history{t: t, server: server, w: fakeWorld(t, server)}
		fresh.start()
		fresh.settle()
		fresh.stop()
		h.trouble = append(fresh.trouble, unlike(t, h.w, fresh.w)...)
	}
	for _, s := range h.trouble {
		t.Error(s)
	}
}

// event is one thing that happens during the day.
func (h *history) event(rng *rand.Rand) {
	s := step{What: dayEvents[rng.IntN(len(dayEvents))], N: rng.IntN(10), M: rng.IntN(10), Key: rng.IntN(30)}
	switch s.What {
	case "rest", "pass":
		time.Sleep(time.Duration(s.N) * 10 * time.Minute)
	case "restart": // every connection is lost, and none is taken for a while
		h.server.fault(func(f *fakeServer) { f.down, f.cut = 3+s.N, 1 })
	case "choose":
		var only []string
		if s.M%2 == 0 {
			only = []string{"INBOX", "Work"}
		}
		h.orders(h.t, func(m *crm.Mailbox) { m.Folders = only })
	case "pause":
		must(h.t, h.engine.Pause(context.Background(), h.w.mailbox.ID))
		time.Sleep(time.Duration(s.N) * time.Minute)
		must(h.t, h.engine.Resume(context.Background(), h.w.mailbox.ID))
	case "refuse": // twice would need a person each time
		if h.mailbox().State == crm.StateAuthRequired {
			must(h.t, h.engine.Resume(context.Background(), h.w.mailbox.ID))
			return
		}
		h.do(s)
	default:
		h.do(s)
	}
}

func (h *history) orders(t *testing.T, change func(*crm.Mailbox)) {
	t.Helper()
	must(t, h.engine.Edit(context.Background(), h.w.mailbox.ID, change))
}

// nightFindsNothing wants the last audit to have agreed with the server.
func (h *history) nightFindsNothing() {
	h.t.Helper()
	for _, b := range boxesOf(h.t, h.w) {
		if b.Gone || b.Skip != "" {
			continue
		}
		if b.Audit == nil || b.Audit.Missing+b.Audit.Gone > 0 {
			h.t.Errorf("the night's audit of %s: %s", b.Name, asJSON(b.Audit))
		}
	}
}
