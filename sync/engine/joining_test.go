package engine

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"threadline/internal/crm"
	"threadline/internal/store"
	"threadline/internal/testenv"
	"threadline/sync/source"
)

// configure changes the mailbox while the engine is down.
func (h *history) configure(f func(*crm.Mailbox)) {
	h.t.Helper()
	h.stop()
	m := h.mailbox()
	f(&m)
	b := h.w.sp.Batch()
	store.Mailboxes.Put(b, &m)
	must(h.t, b.Commit(context.Background()))
	h.start()
}

// stubs counts the stored messages of which only the header is known, and all.
func (h *history) stubs() (stubs, all int) {
	h.t.Helper()
	messages, _ := messagesOf(h.t, h.w)
	for _, m := range messages {
		if m.Stub {
			stubs++
		}
	}
	return stubs, len(messages)
}

// TestHeadersBecomeText: what was stored by its header joins its text when that
// comes, with everything as if it had come at once; and a header that comes
// later joins the text that is there.
func TestHeadersBecomeText(t *testing.T) {
	inBubble(t, func(h *history) {
		h.configure(func(m *crm.Mailbox) { m.HeadersOnly = true })
		h.server.create("Sent", crm.RoleSent)
		h.server.append("INBOX", h.letters[:6]...)
		h.server.append("Sent", h.letters[2:8]...)
		h.settle()
		if stubs, all := h.stubs(); stubs != 8 || all != 8 {
			t.Fatalf("%d of %d messages are stubs, want all of 8", stubs, all)
		}
		h.configure(func(m *crm.Mailbox) { m.HeadersOnly = false })
		h.server.renumber("INBOX")
		h.server.renumber("Sent")
		h.settle()
		if stubs, all := h.stubs(); stubs != 0 || all != 8 {
			t.Errorf("%d of %d messages are stubs after their texts came", stubs, all)
		}
		if n := h.w.count(store.Bodies.Name); n != 8 {
			t.Errorf("%d bodies of 8 messages", n)
		}
		h.configure(func(m *crm.Mailbox) { m.HeadersOnly = true })
		h.server.renumber("Sent")
		h.settle()
		if stubs, all := h.stubs(); stubs != 0 || all != 8 {
			t.Errorf("%d of %d messages are stubs after their headers came again", stubs, all)
		}
		h.configure(func(m *crm.Mailbox) { m.HeadersOnly = false })
		h.sameAsFresh()
	})
}

// sameAsFresh compares with an engine that reads the server once.
func (h *history) sameAsFresh() {
	h.t.Helper()
	fresh := &history{t: h.t, server: h.server, w: fakeWorld(h.t, h.server)}
	fresh.start()
	fresh.settle()
	fresh.stop()
	for _, d := range append(fresh.trouble, unlike(h.t, h.w, fresh.w)...) {
		h.t.Error(d)
	}
}

// TestHeaderAndTextTogether: a copy without text comes in one group with the
// copy that has it, in either order.
func TestHeaderAndTextTogether(t *testing.T) {
	for _, first := range []int{0, 1} {
		inBubble(t, func(h *history) {
			keys := h.server.append("INBOX", h.letters[0], h.letters[0])
			h.server.edit("INBOX", func(m *fakeMail) { m.short = true }, keys[first])
			h.settle()
			if stubs, all := h.stubs(); stubs != 0 || all != 1 {
				t.Errorf("header at place %d: %d stubs of %d messages, want one message with text", first, stubs, all)
			}
			if b := h.box("INBOX"); b.Counts.Stored != 2 {
				t.Errorf("counts %s, want two copies", asJSON(b.Counts))
			}
		})
	}
}

// TestHeaderParts: a header that joined the only text with it is a message of its
// own again when another text with the same header appears, whatever came first;
// and so it is when the three come in one group.
func TestHeaderParts(t *testing.T) {
	for _, order := range [][]string{{"header", "text", "forged"}, {"text", "header", "forged"}, {"text", "forged", "header"},
		{"header", "text forged"}, {"text", "header forged"}, {"header text forged"}, {"text forged", "header", "text"}} {
		t.Run(strings.Join(order, ", "), func(t *testing.T) {
			inBubble(t, func(h *history) { h.parts(order) })
		})
	}
}

func (h *history) parts(order []string) {
	text := h.letters[0]
	forged := testenv.Mail{Raw: append(slices.Clone(text.Raw), "One more line.\r\n"...), Internal: text.Internal}
	h.server.create("Sent", crm.RoleSent)
	for _, group := range order {
		for name := range strings.FieldsSeq(group) {
			switch name {
			case "header":
				h.server.edit("Sent", func(m *fakeMail) { m.short = true }, h.server.append("Sent", text)...)
			case "text":
				h.server.append("INBOX", text)
			case "forged":
				h.server.append("INBOX", forged)
			}
		}
		h.settle()
	}
	messages := map[crm.MessageID]crm.Message{}
	must(h.t, store.Messages.Each(context.Background(), h.w.sp, store.Query{Limit: store.MaxLimit}, func(d store.Doc[crm.Message]) error {
		messages[d.Value.ID] = d.Value
		return nil
	}))
	if len(messages) != 3 {
		h.t.Errorf("%d messages, want two texts and a header", len(messages))
	}
	for _, m := range messages {
		marked := slices.Contains(m.Marks, crm.MarkSameID)
		if marked == m.Stub || m.Sides != nil || m.Was != nil || m.Stub && len(m.Copies) != 1 {
			h.t.Errorf("stub %v, marks %v, %d copies, was %v", m.Stub, m.Marks, len(m.Copies), m.Was)
		}
	}
	if n := h.w.count(store.Bodies.Name); n != len(messages) {
		h.t.Errorf("%d bodies", n)
	}
	h.sameAsFresh()
}

// TestSince leaves out what is older than the date, also what is moved in
// later, and counts it.
func TestSince(t *testing.T) {
	inBubble(t, func(h *history) {
		h.configure(func(m *crm.Mailbox) { m.Since = crm.At(h.letters[5].Internal) })
		h.server.create("Work", crm.RoleOther)
		h.server.append("INBOX", h.letters[:10]...)
		h.settle()
		older := int64(0)
		for _, l := range h.letters[:10] {
			if l.Internal.Before(h.letters[5].Internal.Truncate(24 * time.Hour)) {
				older++
			}
		}
		if b := h.box("INBOX"); b.Counts.Skipped[crm.SkipSince] != older || b.Counts.Stored != 10-older || older == 0 {
			t.Errorf("counts %s; want %d skipped", asJSON(b.Counts), older)
		}
		h.server.move("INBOX", "Work", h.server.keys("INBOX")[0], h.server.keys("INBOX")[8])
		h.server.append("INBOX", h.letters[0], h.letters[12])
		h.settle()
		if b := h.box("Work"); b.Counts.Skipped[crm.SkipSince] != 1 || b.Counts.Stored != 1 {
			t.Errorf("counts %s after an old and a new mail were moved in", asJSON(b.Counts))
		}
		if b := h.box("INBOX"); b.Counts.Skipped[crm.SkipSince] != older || b.Counts.Stored != 10-older {
			t.Errorf("counts %s after an old and a new mail arrived", asJSON(b.Counts))
		}
	})
}

// TestWhere asks for everything that can have become of a mail.
func TestWhere(t *testing.T) {
	inBubble(t, func(h *history) {
		h.configure(func(m *crm.Mailbox) { m.Since = crm.At(h.letters[2].Internal) })
		h.server.create("Trash", crm.RoleTrash)
		h.server.create("Archive", crm.RoleArchive)
		h.server.append("INBOX", h.letters[0], h.letters[3])
		h.server.append("Trash", h.letters[3], h.letters[4])
		h.server.poison("Archive", true, h.server.append("Archive", h.letters[5])...)
		time.Sleep(time.Minute)
		want := map[int]Whereabouts{
			0: {State: WhereSkipped, Folder: "INBOX", Skip: crm.SkipSince},
			3: {State: WhereStored, Folder: "INBOX"},
			4: {State: WhereSkipped, Folder: "Trash", Skip: crm.SkipTrash},
			5: {State: WhereWaiting, Folder: "Archive", Detail: "The connection to the mail server was cut."},
			6: {State: WhereNeverSeen},
		}
		h.whereabouts("at once", want)
		h.settle()
		want[5] = Whereabouts{State: WhereDead, Folder: "Archive", Dead: crm.DeadFetch, Detail: "The connection to the mail server was cut."}
		h.whereabouts("in the end", want)
		h.traced(want)
		h.audited(0)
		h.server.fault(func(s *fakeServer) { s.delay = 0 })
		h.stop()
		h.server.append("INBOX", testenv.Mail{Raw: h.letters[6].Raw, Internal: h.letters[6].Internal})
		want[6] = Whereabouts{State: WhereWaiting, Folder: "INBOX"}
		h.whereabouts("not noticed yet", want)
		h.audited(1)
		h.start()
		h.settle()
	})
}

func (h *history) whereabouts(when string, want map[int]Whereabouts) {
	h.t.Helper()
	m := h.mailbox()
	for i, w := range want {
		got, err := h.engine.Where(context.Background(), &m, crm.RFCID(letterID(i)))
		must(h.t, err)
		if got.Copy = ""; got.Whereabouts != w {
			h.t.Errorf("%s: letter %d: %+v; want %+v", when, i, got, w)
		}
	}
}

// traced looks for all letters by who wrote them, and for one by its day.
func (h *history) traced(want map[int]Whereabouts) {
	h.t.Helper()
	m := h.mailbox()
	list, err := h.engine.Trace(context.Background(), &m, source.Clue{With: "rep@ours.example"})
	must(h.t, err)
	if len(list.Items) != 4 || list.More {
		h.t.Errorf("traced %s; want the four of the server", asJSON(list))
	}
	for _, one := range list.Items {
		at := one.Whereabouts
		at.Copy = ""
		i := slices.IndexFunc([]int{0, 3, 4, 5}, func(i int) bool { return want[i] == at })
		broken := at.State == WhereDead
		if i < 0 || broken != (one.From.Address == "") || broken != (one.MessageID == "") || (at.State == WhereStored) != (one.Message != "") {
			h.t.Errorf("traced %s", asJSON(one))
		}
	}
	day := crm.At(h.letters[3].Internal)
	list, err = h.engine.Trace(context.Background(), &m, source.Clue{With: "rep@ours.example", From: day, Until: day + 1})
	must(h.t, err)
	if len(list.Items) != 1 || list.Items[0].State != WhereStored || list.Items[0].MessageID != crm.RFCID(letterID(3)) {
		h.t.Errorf("traced %s of one moment; want letter 3 alone, as stored", asJSON(list))
	}
	if _, err := h.engine.Trace(context.Background(), &m, source.Clue{From: day}); !crm.IsKind(err, crm.Invalid) {
		h.t.Errorf("traced mail of which nothing is known: %v", err)
	}
}

// audited compares every folder with the server now: all is proven, and so many
// mails of INBOX wait.
func (h *history) audited(waiting int64) {
	h.t.Helper()
	m := h.mailbox()
	folders, err := h.engine.Audit(context.Background(), &m)
	must(h.t, err)
	for _, a := range folders {
		waits := a.Folder == "INBOX" && a.Waiting != waiting
		if !a.Proven || waits || a.Known+a.Waiting+a.Skipped+a.Missing != a.Server {
			h.t.Errorf("audit of %s: %s; want it proven, %d waiting", a.Folder, asJSON(a), waiting)
		}
	}
	if len(folders) != 3 {
		h.t.Errorf("%d folders were audited, want 3", len(folders))
	}
}
