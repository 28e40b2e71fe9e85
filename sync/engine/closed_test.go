package engine

import (
	"context"
	"slices"
	"testing"
	"time"

	"threadline/internal/crm"
	"threadline/internal/store"
	"threadline/sync/source"
)

func (s *fakeServer) close(name string, closed bool) {
	s.change(func() { s.folders[name].closed = closed })
}

// TestClosedFolder: a folder that the server does not open keeps nobody from the
// mail of the others, says why, and is read as soon as it is opened.
func TestClosedFolder(t *testing.T) {
	inBubble(t, func(h *history) {
		h.stop()
		for _, name := range []string{"A closed one", "Work"} {
			h.server.create(name, crm.RoleOther)
			h.server.append(name, h.letter(), h.letter())
		}
		h.server.append("INBOX", h.letter())
		h.server.close("A closed one", true)
		h.start()
		time.Sleep(time.Minute)
		for name, want := range map[string]int64{"INBOX": 1, "Work": 2, "A closed one": 0} {
			if b := h.box(name); b.Counts.Stored != want || (b.Closed != nil) != (want == 0) {
				t.Errorf("%s: %s", name, asJSON(b))
			}
		}
		m := h.mailbox()
		if m.State != crm.StateLive || m.Trouble != nil {
			t.Errorf("the mailbox: %s", asJSON(m))
		}
		st, err := h.engine.Status(context.Background(), &m)
		if err != nil || st.Synced || st.Queued != 2 {
			t.Errorf("status %s, %v", asJSON(st), err)
		}
		h.server.close("A closed one", false)
		h.settle()
		if b := h.box("A closed one"); b.Counts.Stored != 2 || b.Closed != nil {
			t.Errorf("opened: %s", asJSON(b))
		}
	})
}

// TestFolderCloses in the middle of its mails, with one of them on the queue: the
// server is not asked again and again, and nothing of what is stored is lost.
func TestFolderCloses(t *testing.T) {
	inBubble(t, func(h *history) {
		h.server.create("Work", crm.RoleOther)
		keys := h.server.append("Work", h.letter(), h.letter(), h.letter())
		h.server.poison("Work", true, keys[1])
		time.Sleep(time.Minute)
		h.server.close("Work", true)
		h.server.append("Work", h.letter())
		h.server.append("INBOX", h.letter())
		time.Sleep(time.Hour)
		before := h.server.served()
		time.Sleep(time.Hour)
		if n := h.server.served() - before; n > 400 {
			t.Errorf("%d commands in an hour with a closed folder", n)
		}
		if b := h.box("Work"); b.Closed == nil || b.Counts.Stored != 2 || len(b.Counts.Dead) > 0 {
			t.Errorf("closed: %s", asJSON(b))
		}
		if b := h.box("INBOX"); b.Counts.Stored != 1 {
			t.Errorf("the other: %s", asJSON(b))
		}
		h.server.close("Work", false)
		h.server.poison("Work", false, keys[1])
		h.settle()
		if b := h.box("Work"); b.Closed != nil || b.Counts.Stored != 4 || h.w.count(store.Queue.Name) != 0 {
			t.Errorf("opened: %s", asJSON(b))
		}
	})
}

// TestWhereClosed: what is told of a mail names the folders that were not looked
// through, and only these.
func TestWhereClosed(t *testing.T) {
	inBubble(t, func(h *history) {
		h.server.create("Work", crm.RoleOther)
		h.server.append("Work", h.letters[0])
		h.server.append("INBOX", h.letters[1])
		h.settle()
		for _, closed := range []bool{true, false} {
			var want []string
			state := map[int]string{0: WhereStored, 1: WhereStored, 2: WhereNeverSeen}
			if h.server.close("Work", closed); closed {
				want, state[0] = []string{"Work"}, WhereNeverSeen
			}
			m := h.mailbox()
			for i, st := range state {
				got, err := h.engine.Where(context.Background(), &m, crm.RFCID(letterID(i)))
				if err != nil || got.State != st || !slices.Equal(got.Closed, want) {
					t.Errorf("closed %t: letter %d: %s, %v; want %s, not looked through %q", closed, i, asJSON(got), err, st, want)
				}
			}
			list, err := h.engine.Trace(context.Background(), &m, source.Clue{With: "rep@ours.example"})
			if err != nil || len(list.Items) != 2-len(want) || !slices.Equal(list.Closed, want) {
				t.Errorf("closed %t: traced %s, %v; want not looked through %q", closed, asJSON(list), err, want)
			}
		}
	})
}

// TestAllClosed is the mailbox's trouble.
func TestAllClosed(t *testing.T) {
	inBubble(t, func(h *history) {
		h.stop()
		h.server.append("INBOX", h.letter())
		h.server.close("INBOX", true)
		h.start()
		time.Sleep(50 * time.Millisecond) // the pauses of the tests are short
		if m := h.mailbox(); m.State == crm.StateLive || m.Trouble == nil || m.Trouble.Kind != crm.Denied {
			t.Errorf("the mailbox: %s", asJSON(m))
		}
		h.server.close("INBOX", false)
		h.settle()
	})
}

// TestClosedQueue: however many mails of a closed folder are due to be tried again,
// those of open ones are tried when their time comes.
func TestClosedQueue(t *testing.T) {
	inBubble(t, func(h *history) {
		h.server.create("Work", crm.RoleOther)
		h.server.append("Work", h.letter())
		h.settle()
		h.server.close("Work", true)
		h.server.append("Work", h.letter()) // so that it is opened
		time.Sleep(time.Hour)
		shut := h.box("Work")
		b := h.w.sp.Batch()
		for n := range groupMails + 1 {
			key := crm.Key(1000 + n)
			store.Queue.Put(b, &crm.Queued{ID: queueID(crm.IDKey("k"), shut.ID, shut.Epoch, key), Mailbox: shut.Mailbox, Box: shut.ID, Epoch: shut.Epoch,
				Key: key, Attempts: 1, NextAt: 1})
		}
		must(t, b.Commit(context.Background()))
		key := h.server.append("INBOX", h.letter())[0]
		h.server.poison("INBOX", true, key)
		time.Sleep(30 * time.Second)
		h.server.poison("INBOX", false, key)
		time.Sleep(2 * retryBase)
		if open := h.box("INBOX"); open.Counts.Stored != 1 || open.Counts.Retrying != 0 || shut.Closed == nil {
			t.Errorf("closed %v, and of the other: %s", shut.Closed != nil, asJSON(open))
		}
		h.server.close("Work", false)
		b = h.w.sp.Batch()
		for n := range groupMails + 1 {
			store.Queue.Delete(b, queueID(crm.IDKey("k"), shut.ID, shut.Epoch, crm.Key(1000+n)))
		}
		must(t, b.Commit(context.Background()))
		h.settle()
	})
}
