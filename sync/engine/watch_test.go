package engine

import (
	"testing"
	"time"
)

// TestWatchedServerHangsUp: a server that ends every wait is not signed in to again
// and again.
func TestWatchedServerHangsUp(t *testing.T) {
	inBubble(t, func(h *history) {
		h.server.append("INBOX", h.letter())
		h.settle()
		h.server.fault(func(s *fakeServer) { s.hangUp = true })
		time.Sleep(time.Hour)
		before := h.server.logins()
		time.Sleep(time.Hour)
		if n := h.server.logins() - before; n > 40 {
			t.Errorf("signed in %d times in an hour", n)
		}
		h.server.fault(func(s *fakeServer) { s.hangUp = false })
		h.settle()
	})
}
