package engine

import (
	"context"
	"slices"
	"testing"
	"time"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// entries are the messages as timelines show them, and the arrivals.
func (h *history) entries() (map[crm.MessageID]crm.Message, int) {
	h.t.Helper()
	out := map[crm.MessageID]crm.Message{}
	must(h.t, store.Messages.Each(context.Background(), h.w.sp, store.Query{Limit: 100}, func(d store.Doc[crm.Message]) error {
		m := d.Value
		m.Copies, m.Flags = nil, nil
		out[m.ID] = m
		return nil
	}))
	return out, h.w.events()
}

// unmoved wants every timeline as before: the same messages with the same links
// and dates, and nothing fired.
func (h *history) unmoved(was map[crm.MessageID]crm.Message, arrivals int) {
	h.t.Helper()
	now, fired := h.entries()
	if len(now) != len(was) || fired != arrivals {
		h.t.Errorf("%d messages and %d arrivals, before %d and %d", len(now), fired, len(was), arrivals)
	}
	for id, m := range was {
		if a, b := asJSON(m), asJSON(now[id]); a != b {
			h.t.Errorf("an entry changed\nfrom %s\n  to %s", a, b)
		}
	}
}

// TestMoves: a moved mail is the same message whichever folder is looked at
// first, with a restart in between, with a new epoch on either side, and when
// the connection breaks; its copy follows, and nothing fires.
func TestMoves(t *testing.T) {
	all := func(s *fakeServer, from string) []crm.Key { return s.keys(from) }
	for name, move := range map[string]func(h *history){
		// INBOX is looked at first, others by name: "A" and "Z" lie on both sides
		// of one another.
		"the source is looked at first":      func(h *history) { h.server.move("INBOX", "Z", all(h.server, "INBOX")...) },
		"the destination is looked at first": func(h *history) { h.server.move("Z", "INBOX", all(h.server, "Z")...) },
		"the source loses it later": func(h *history) { // a copy first, then a deletion
			keys := all(h.server, "A")
			h.server.append("Z", h.letters[4:8]...)
			time.Sleep(5 * time.Minute)
			h.server.delete("A", keys...)
		},
		"the destination has it later": func(h *history) {
			h.server.delete("A", all(h.server, "A")...)
			time.Sleep(5 * time.Minute)
			h.server.append("Z", h.letters[4:8]...)
		},
		"while nobody looks": func(h *history) {
			h.stop()
			h.server.move("A", "Z", all(h.server, "A")...)
			h.server.move("INBOX", "A", all(h.server, "INBOX")...)
			h.start()
		},
		"into a new epoch": func(h *history) {
			h.server.move("A", "Z", all(h.server, "A")...)
			h.server.renumber("Z")
		},
		"out of a new epoch": func(h *history) {
			h.server.renumber("A")
			h.server.move("A", "Z", all(h.server, "A")...)
			h.server.renumber("A")
		},
		"with the whole folder renamed": func(h *history) {
			h.server.fault(func(s *fakeServer) { s.folders["B"] = s.folders["A"]; delete(s.folders, "A") })
		},
		"with its folder made anew": func(h *history) {
			h.server.drop("A")
			h.server.create("A", crm.RoleOther)
			h.server.append("A", h.letters[4:8]...)
		},
		"over a broken line": func(h *history) {
			h.server.fault(func(s *fakeServer) { s.cut, s.down = 2, 2 })
			h.server.move("A", "Z", all(h.server, "A")...)
		},
		"there and back": func(h *history) {
			h.server.move("A", "Z", all(h.server, "A")...)
			time.Sleep(time.Minute)
			h.server.move("Z", "A", all(h.server, "Z")...)
		},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(h *history) {
				for _, f := range []string{"A", "Z"} {
					h.server.create(f, crm.RoleOther)
				}
				h.server.append("INBOX", h.letters[:4]...)
				h.server.append("A", h.letters[4:8]...)
				h.server.append("Z", h.letters[8:10]...)
				h.settle()
				was, arrivals := h.entries()
				move(h)
				time.Sleep(5 * time.Minute)
				h.settle()
				h.unmoved(was, arrivals)
				h.lies()
			})
		})
	}
}

// lies wants every copy where its mail is now, each message with its copies.
func (h *history) lies() {
	h.t.Helper()
	copies := copiesByPlace(h.t, h.w)
	n := 0
	for _, name := range h.server.names() {
		for _, k := range h.server.keys(name) {
			n++
			c, ok := copies[place(name, k)]
			if !ok {
				h.t.Errorf("%s is on the server and nowhere here", place(name, k))
				continue
			}
			doc, err := store.Messages.Get(context.Background(), h.w.sp, string(c.Message))
			must(h.t, err)
			if !slices.ContainsFunc(doc.Value.Copies, func(r crm.CopyRef) bool { return r.Copy == c.ID }) {
				h.t.Errorf("the message does not list its copy %s", place(name, k))
			}
		}
	}
	if n != len(copies) {
		h.t.Errorf("%d copies of %d mails", len(copies), n)
	}
}
