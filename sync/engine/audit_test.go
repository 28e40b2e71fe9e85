package engine

import (
	"context"
	"testing"
	"time"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// harm makes our books of a folder untrue behind the engine's back, as a fault
// of ours would: a copy that is forgotten while its folder counts it, and one
// that the server never had.
func (h *history) harm(name string) {
	h.t.Helper()
	ctx := context.Background()
	box := h.box(name)
	copies := copiesByPlace(h.t, h.w)
	lost := copies[place(name, 2)]
	doc, err := store.Messages.Get(ctx, h.w.sp, string(lost.Message))
	must(h.t, err)
	doc.Value.Copies = dropCopy(doc.Value.Copies, lost.ID)
	ws, err := store.Workspaces.Get(ctx, h.w.sp, string(h.w.sp.Workspace()))
	must(h.t, err)
	ghost := crm.Copy{ID: copyID(ws.Value.IDKey, box.ID, box.Epoch, 900), Mailbox: box.Mailbox, Box: box.ID, Epoch: box.Epoch, Key: 900,
		State: crm.CopyDead, Dead: crm.DeadFetch, Detail: "made up"}
	box.Counts.Stored, box.Counts.Dead = box.Counts.Stored-1, map[crm.DeadReason]int64{crm.DeadFetch: 1}
	b := h.w.sp.Batch()
	store.Messages.Put(b, &doc.Value)
	store.Copies.Delete(b, string(lost.ID))
	store.Copies.Create(b, &ghost)
	store.Boxes.Put(b, &box)
	must(h.t, b.Commit(ctx))
}

// TestNightlyAudit finds and repairs within a day what no cursor shows, and the
// folder keeps what was found; the next night is clean.
func TestNightlyAudit(t *testing.T) {
	inBubble(t, func(h *history) {
		h.server.append("INBOX", h.letters[:8]...)
		h.settle()
		h.harm("INBOX")
		if st, err := StatusOf(context.Background(), h.w.sp, &h.w.mailbox); err != nil || !st.Synced {
			t.Fatalf("the harm is seen without an audit: %v %s", err, asJSON(st))
		}
		list, err := h.engine.Audit(context.Background(), &h.w.mailbox)
		if err != nil || len(list) != 1 || list[0].Missing != 1 || list[0].Gone != 1 || list[0].Proven {
			t.Errorf("an audit on demand: %v %s", err, asJSON(list))
		}
		time.Sleep(26 * time.Hour)
		b := h.box("INBOX")
		if a := b.Audit; a == nil || a.Missing != 1 || a.Gone != 1 || a.Server != 8 {
			t.Errorf("what the night found: %s", asJSON(a))
		}
		if b.Counts.Stored != 8 || len(b.Counts.Dead) != 0 {
			t.Errorf("after the night: %s", asJSON(b.Counts))
		}
		first := h.mailbox().AuditedAt
		time.Sleep(24 * time.Hour)
		if b = h.box("INBOX"); b.Audit.Missing+b.Audit.Gone != 0 || h.mailbox().AuditedAt.Sub(first).Round(time.Hour) != 24*time.Hour {
			t.Errorf("the next night, %s later: %s", h.mailbox().AuditedAt.Sub(first), asJSON(b.Audit))
		}
	})
}

// TestAuditIsAskedFor repairs at once what a person asks for, and calls mail
// that has just come neither missing nor gone.
func TestAuditIsAskedFor(t *testing.T) {
	inBubble(t, func(h *history) {
		h.server.append("INBOX", h.letters[:8]...)
		h.settle()
		h.harm("INBOX")
		must(t, h.engine.AskAudit(context.Background(), h.w.mailbox.ID))
		time.Sleep(time.Second)
		if b := h.box("INBOX"); b.Audit == nil || b.Audit.Missing != 1 || b.Counts.Stored != 8 {
			t.Errorf("a second after it was asked for: %s", asJSON(b))
		}
		must(t, h.engine.Pause(context.Background(), h.w.mailbox.ID))
		time.Sleep(time.Minute)
		h.server.append("INBOX", h.letters[8:12]...)
		h.server.delete("INBOX", 1)
		list, err := h.engine.Audit(context.Background(), &h.w.mailbox)
		if err != nil || list[0].Missing != 0 || list[0].Waiting != 4 || list[0].Gone != 1 {
			t.Errorf("with mail that nobody looked at: %v %s", err, asJSON(list))
		}
		must(t, h.engine.Resume(context.Background(), h.w.mailbox.ID))
		h.settle()
	})
}

// TestNights are those of the workspace's zone; a missed one is made up for.
func TestNights(t *testing.T) {
	rome, err := time.LoadLocation("Europe/Rome")
	must(t, err)
	at := func(day, hour int) crm.Time { return crm.At(time.Date(2026, 3, day, hour, 59, 59, 0, rome)) }
	m := crm.Mailbox{ID: "mbx_a", CreatedAt: at(10, 12)}
	for _, c := range []struct {
		audited, asked, now crm.Time
		want                bool
	}{
		{0, 0, at(10, 23), false}, // no night yet
		{0, 0, at(11, 1), false},
		{0, 0, at(11, 4), true},
		{at(11, 4), 0, at(11, 23), false},
		{at(11, 4), 0, at(12, 4), true},
		{at(11, 4), 0, at(20, 12), true}, // was off for days
		{at(28, 12), 0, at(29, 4), true}, // the clock goes forward
		{at(11, 4), at(11, 9), at(11, 9), true},
		{at(11, 10), at(11, 9), at(11, 12), false},
	} {
		m.AuditedAt, m.AuditAsked = c.audited, c.asked
		if got := auditDue(&m, rome, c.now); got != c.want {
			t.Errorf("audited %s, asked %s, now %s: due %v", c.audited, c.asked, c.now, got)
		}
	}
}
