package engine

import (
	"context"
	"testing"
	"time"

	"threadline/internal/crm"
	"threadline/internal/store"
)

func (h *history) leased() crm.Lease {
	h.t.Helper()
	doc, err := store.Leases.Get(context.Background(), h.w.sp, "lea_"+string(h.w.mailbox.ID))
	must(h.t, err)
	return doc.Value
}

// other is a second engine on the same store.
func (h *history) other(owner string) *history {
	w := *h.w
	w.cfg.Owner = owner
	o := &history{t: h.t, server: h.server, w: &w, letters: h.letters}
	o.start()
	return o
}

// TestTwoEngines on one store: one works, the other takes over when it lets go,
// and again when it dies without a word.
func TestTwoEngines(t *testing.T) {
	inBubble(t, func(h *history) {
		h.server.append("INBOX", h.letter())
		h.settle()
		two := h.other("two")
		h.server.append("INBOX", h.letter())
		time.Sleep(time.Hour)
		h.settle()
		if l := h.leased(); l.Owner != "test" || l.Fence != 1 {
			t.Errorf("the lease is %s; want the first owner to have kept it", asJSON(l))
		}
		h.stop()
		time.Sleep(3 * h.w.cfg.round)
		if l := h.leased(); l.Owner != "two" || l.Fence != 2 {
			t.Errorf("the lease is %s; want the second owner to have taken over", asJSON(l))
		}
		h.server.append("INBOX", h.letter())
		two.settle()
		two.stop()
		h.start()
	})
}

// TestLostLease: whoever lost the lease writes nothing more, and takes it again
// only when it is free.
func TestLostLease(t *testing.T) {
	inBubble(t, func(h *history) {
		h.server.append("INBOX", h.letter())
		h.settle()
		stolen := h.leased()
		stolen.Owner, stolen.Until = "thief", h.w.st.Now().Add(time.Hour)
		stolen.Fence++
		b := h.w.sp.Batch()
		store.Leases.Put(b, &stolen)
		must(t, b.Commit(context.Background()))
		before := asJSON(boxesOf(t, h.w)) + asJSON(h.mailbox())
		h.server.append("INBOX", h.letters[5:9]...)
		h.server.setFlags("INBOX", []crm.Flag{crm.FlagSeen}, 1)
		time.Sleep(50 * time.Minute)
		if after := asJSON(boxesOf(t, h.w)) + asJSON(h.mailbox()); after != before || h.w.count(store.Messages.Name) != 1 {
			t.Errorf("written without the lease:\n%s\n%s", before, after)
		}
		if l := h.leased(); l != stolen {
			t.Errorf("the lease was taken from its owner: %s", asJSON(l))
		}
		time.Sleep(11 * time.Minute)
		h.settle()
		if l := h.leased(); l.Owner != "test" || l.Fence != stolen.Fence+1 {
			t.Errorf("the lease is %s; want it back", asJSON(l))
		}
	})
}
