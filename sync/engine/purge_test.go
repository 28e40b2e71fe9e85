package engine

import (
	"context"
	"encoding/base64"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"threadline/internal/crm"
	"threadline/internal/ledger"
	"threadline/internal/store"
	"threadline/internal/testenv"
	"threadline/sync/source"
)

// second gives another person of the workspace a mailbox on a server of its
// own.
func (h *history) second() *fakeServer {
	h.t.Helper()
	server := newFakeServer()
	first := h.w.mailbox.ID
	b := h.w.sp.Batch()
	store.Users.Create(b, &crm.User{ID: "usr_bbbbbbbbbbbbbbbbbbbbbbbbbb", Email: "boss@ours.example"})
	store.Mailboxes.Create(b, &crm.Mailbox{ID: "mbx_bbbbbbbbbbbbbbbbbbbbbbbbbb", Owner: "usr_bbbbbbbbbbbbbbbbbbbbbbbbbb", Kind: "imap",
		Address: "boss@ours.example", State: crm.StateNew, CreatedAt: h.w.st.Now()})
	must(h.t, b.Commit(context.Background()))
	mine := fakeSource{server: h.server}
	h.stop()
	h.w.cfg.Open = func(m crm.Mailbox) (source.Source, error) {
		if m.ID == first {
			return mine, nil
		}
		return fakeSource{server: server}, nil
	}
	h.start()
	return server
}

// TestDelete takes a mailbox away, with its mail or without, also when the
// process is killed meanwhile. What others have stays in any case.
func TestDelete(t *testing.T) {
	for name, c := range map[string]struct {
		erase, kill bool
		messages    int
	}{"keep": {false, false, 12}, "erase": {true, false, 4}, "erase, killed": {true, true, 4}} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(h *history) {
				theirs := h.second()
				h.server.create("Work", crm.RoleOther)
				h.server.append("INBOX", h.letters[:8]...)
				h.server.append("Work", h.letters[4:12]...)
				theirs.append("INBOX", h.letters[0], h.letters[3], h.letters[4], h.letters[9])
				h.server.poison("INBOX", true, h.server.append("INBOX", h.letters[15])...)
				time.Sleep(10 * time.Minute)
				if n := h.w.count(store.Messages.Name); n != 12 {
					t.Fatalf("%d messages before", n)
				}
				must(t, h.engine.Delete(context.Background(), h.w.mailbox.ID, c.erase))
				if h.mailbox().Password != "" {
					t.Error("the password outlives the order")
				}
				if c.kill {
					h.stop()
					h.start()
				}
				time.Sleep(10 * time.Minute)
				h.gone(c.messages)
				if err := h.engine.Resume(context.Background(), h.w.mailbox.ID); err == nil && h.mailbox().State != crm.StateDeleted {
					t.Error("a deleted mailbox was brought back to life")
				}
				knocked := h.server.served()
				time.Sleep(time.Hour)
				if h.server.served() != knocked {
					t.Error("the server is asked for a deleted mailbox")
				}
			})
		})
	}
}

// gone wants nothing of the mailbox but its address, and the rest as a recompute
// has it.
func (h *history) gone(messages int) {
	h.t.Helper()
	ctx := context.Background()
	m := h.mailbox()
	if m.State != crm.StateDeleted || m.Address != "rep@ours.example" || m.Server+m.Login+m.Password != "" {
		h.t.Errorf("what is left of the mailbox: %s", asJSON(m))
	}
	if len(boxesOf(h.t, h.w)) > 0 || h.w.count(store.Queue.Name) > 0 {
		h.t.Errorf("%d folders and %d exceptions are left", len(boxesOf(h.t, h.w)), h.w.count(store.Queue.Name))
	}
	if n := h.w.count(store.Messages.Name); n != messages || h.w.count(store.Bodies.Name) != n {
		h.t.Errorf("%d messages with %d bodies, want %d", n, h.w.count(store.Bodies.Name), messages)
	}
	must(h.t, store.Messages.Each(ctx, h.w.sp, store.Query{Limit: 100}, func(d store.Doc[crm.Message]) error {
		if slices.ContainsFunc(d.Value.Copies, func(c crm.CopyRef) bool { return c.Mailbox == m.ID }) {
			h.t.Errorf("%s still lists a copy", d.Value.ID)
		}
		return nil
	}))
	must(h.t, ledger.NewFollower(h.w.sp, h.w.cfg.Log).CatchUp(ctx))
	must(h.t, ledger.Audit(ctx, h.w.sp, func(d ledger.Difference) { h.t.Errorf("%s: %s", d.Message, d.What) }, nil))
}

// TestEraseSweepsBlobs: a large body goes with its message; that of a message
// that stays, and what was written a moment ago, is left.
func TestEraseSweepsBlobs(t *testing.T) {
	inBubble(t, func(h *history) {
		ctx := context.Background()
		theirs := h.second()
		mine, shared := h.large(1), h.large(2)
		h.server.append("INBOX", mine, shared)
		theirs.append("INBOX", shared)
		time.Sleep(3 * time.Hour)
		blobs := h.blobs()
		if len(blobs) != 2 {
			t.Fatalf("%d bodies lie in blobs, want 2", len(blobs))
		}
		young, err := h.w.cfg.Blobs.Put(ctx, h.w.sp.Workspace(), []byte("a commit that names this is on its way"))
		must(t, err)
		must(t, h.engine.Delete(ctx, h.w.mailbox.ID, true))
		time.Sleep(time.Minute)
		left := h.blobs()
		if len(left) != 1 {
			t.Fatalf("%d bodies are left", len(left))
		}
		for ref := range blobs {
			_, err := h.w.cfg.Blobs.Get(ctx, h.w.sp.Workspace(), ref)
			if left[ref] && err != nil || !left[ref] && !crm.IsKind(err, crm.NotFound) {
				t.Errorf("a blob that is named (%v): %v", left[ref], err)
			}
		}
		if _, err := h.w.cfg.Blobs.Get(ctx, h.w.sp.Workspace(), young); err != nil {
			t.Errorf("a young blob: %v", err)
		}
	})
}

// large is a letter whose body does not fit into a document.
func (h *history) large(seed byte) testenv.Mail {
	noise := make([]byte, 600<<10)
	_, _ = rand.NewChaCha8([32]byte{seed}).Read(noise)
	m := h.letters[seed]
	m.Raw = append(slices.Clone(m.Raw), base64.StdEncoding.EncodeToString(noise)...)
	return m
}

// blobs are the addresses that bodies name.
func (h *history) blobs() map[string]bool {
	out := map[string]bool{}
	must(h.t, store.Bodies.Each(context.Background(), h.w.sp, store.Query{Limit: 100}, func(d store.Doc[crm.Body]) error {
		if d.Value.Blob != "" {
			out[d.Value.Blob] = true
		}
		return nil
	}))
	return out
}
