package engine

import (
	"context"
	"testing"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// TestKnown takes what a folder's document says that it has, in turn whole,
// cut and missing: what left the server is found all the same.
func TestKnown(t *testing.T) {
	for name, change := range map[string]func(*crm.Box){
		"whole":   func(*crm.Box) {},
		"cut":     func(b *crm.Box) { b.Known = b.Known.Top(3) },
		"missing": func(b *crm.Box) { b.Known = nil },
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(h *history) {
				keys := h.server.append("INBOX", h.letters[:10]...)
				h.settle()
				h.stop()
				box := h.box("INBOX")
				change(&box)
				b := h.w.sp.Batch()
				store.Boxes.Put(b, &box)
				must(t, b.Commit(context.Background()))
				h.server.delete("INBOX", keys[1], keys[4], keys[9])
				h.start()
				h.settle()
				if box := h.box("INBOX"); box.Counts.Stored != 7 || !complete(&box) {
					t.Errorf("7 are left; the folder says %s", asJSON(box))
				}
			})
		})
	}
}

// TestKnownIsBounded keeps no set with more gaps than a document should carry.
func TestKnownIsBounded(t *testing.T) {
	var box crm.Box
	for i := range crm.Key(knownRanges) {
		know(&box, crm.Keys(2*i))
	}
	if len(box.Known) != knownRanges {
		t.Fatalf("%d ranges", len(box.Known))
	}
	if know(&box, crm.Keys(1<<40)); box.Known != nil {
		t.Errorf("%d ranges are kept", len(box.Known))
	}
}
