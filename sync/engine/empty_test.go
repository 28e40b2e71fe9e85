package engine

import (
	"fmt"
	"testing"

	"threadline/internal/crm"
)

// TestEmptyFolders are told from each other by one question each.
func TestEmptyFolders(t *testing.T) {
	inBubble(t, func(h *history) {
		h.settle()
		before := h.server.served()
		const n = 200
		for i := range n {
			h.server.create(fmt.Sprintf("Project %d", i), crm.RoleOther)
		}
		h.settle()
		if asked := h.server.served() - before; asked > n+n/2 {
			t.Errorf("%d commands for %d folders without mail", asked, n)
		}
		h.server.append("Project 7", h.letter())
		h.settle()
		if b := h.box("Project 7"); b.Counts.Stored != 1 {
			t.Errorf("the first mail: %s", asJSON(b))
		}
	})
}
