package engine

import (
	"testing"
	"time"

	"threadline/internal/crm"
)

// TestRenamed: a folder keeps its document and its copies under another name,
// and one that only has its numbering is read.
func TestRenamed(t *testing.T) {
	for name, c := range map[string]struct {
		do   func(h *history)
		kept bool
	}{
		"renamed": {func(h *history) {}, true},
		"renamed, and mail came and went": {func(h *history) {
			h.server.delete("B", h.server.keys("B")[1])
			h.server.append("B", h.letters[8:10]...)
		}, true},
		"another one was made under the old name": {func(h *history) {
			h.server.create("A", crm.RoleOther)
			h.server.append("A", h.letters[10])
		}, false}, // nothing vanished: a copy could look the same
		"another folder with the same numbering": {func(h *history) {
			keys := h.server.keys("B")
			h.server.append("B", h.letters[8:12]...)
			h.server.delete("B", keys...)
			h.server.fault(func(s *fakeServer) {
				f := s.folders["B"]
				for i := range f.mails {
					f.mails[i].key = keys[i]
				}
			})
		}, false},
		"numbered anew": {func(h *history) { h.server.renumber("B") }, false},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(h *history) {
				h.server.create("A", crm.RoleOther)
				h.server.append("A", h.letters[:4]...)
				h.settle()
				was, copies := h.box("A"), idsOf(copiesByPlace(t, h.w))
				h.stop()
				h.server.fault(func(s *fakeServer) { s.folders["B"] = s.folders["A"]; delete(s.folders, "A") })
				c.do(h)
				h.start()
				time.Sleep(5 * time.Minute)
				h.settle()
				if kept := h.box("B").ID == was.ID; kept != c.kept {
					t.Errorf("the folder is the same one: %v, want %v", kept, c.kept)
				}
				h.lies()
				same := 0
				for id := range idsOf(copiesByPlace(t, h.w)) {
					if copies[id] {
						same++
					}
				}
				if c.kept && same < 3 {
					t.Errorf("%d copies are the same documents", same)
				}
			})
		})
	}
}

// idsOf are the documents of copies.
func idsOf(copies map[string]crm.Copy) map[crm.CopyID]bool {
	out := map[crm.CopyID]bool{}
	for _, c := range copies {
		out[c.ID] = true
	}
	return out
}
