//go:build linux

package engine

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"threadline/internal/crm"
	"threadline/internal/store"
	"threadline/internal/testenv"
)

// heavyMails are mails whose text does not compress.
func heavyMails(n int) []testenv.Mail {
	rnd := rand.New(rand.NewPCG(3, 4))
	out := make([]testenv.Mail, n)
	for i := range out {
		var text strings.Builder
		for range 1500 {
			fmt.Fprintf(&text, "%x\r\n", rnd.Uint64())
		}
		out[i] = testenv.Mail{Raw: fmt.Appendf(nil, "From: Ann <ann%d@client.example>\r\nTo: rep@ours.example\r\nSubject: Heavy %d\r\n"+
			"Date: Mon, 2 Nov 2026 10:%02d:%02d +0000\r\nMessage-ID: <heavy-%d@client.example>\r\n\r\n%s", i%7, i, i/60, i%60, i, text.String())}
	}
	return out
}

// TestDiskFull fills the disk in the middle of a sync: what is stored can be
// read, the mailbox says by name what is wrong and keeps its place, and goes on
// by itself when there is room.
func TestDiskFull(t *testing.T) {
	t.Run("InMidSync", func(t *testing.T) { fillsUp(t, 3<<20) })
	t.Run("NoRoomForAnything", func(t *testing.T) { fillsUp(t, 0) })
}

func fillsUp(t *testing.T, free int64) {
	disk := testenv.SmallDisk(t, 64<<20)
	t.Setenv("TMPDIR", disk.Dir)
	w := newWorld(t, "rep@ours.example", "ours.example")
	w.cfg.Group = 20
	server := newFakeServer()
	server.create("INBOX", crm.RoleInbox)
	server.append("INBOX", heavyMails(300)...)
	w.addMailbox("rep@ours.example", fakeSource{server: server})
	disk.Fill(free)

	ctx, cancel := context.WithCancel(t.Context())
	e := New(w.sp, w.cfg)
	done := make(chan error, 1)
	go func() { done <- e.Run(ctx) }()
	defer func() { cancel(); <-done }()

	full := func(st Status) bool {
		return st.Trouble != nil && strings.Contains(st.Trouble.Msg+st.Trouble.Hint, "room")
	}
	st := w.until(e, "the disk is full", full)
	if st.Synced || st.Trouble.Hint == "" {
		t.Errorf("with a full disk: %s", asJSON(st))
	}
	page, err := store.Messages.Query(ctx, w.sp, store.Query{Limit: 10})
	if err != nil {
		t.Errorf("reading with a full disk: %v", err)
	}
	for _, m := range page.Values() {
		if _, err := store.Bodies.Get(ctx, w.sp, string(m.ID)); err != nil {
			t.Errorf("reading a body with a full disk: %v", err)
		}
	}
	disk.Clear()
	w.until(e, "all is stored", func(st Status) bool { return st.Synced && st.Total == 300 && st.Trouble == nil })
	cancel()
	w.verify()
}

// until waits for a state of the mailbox.
func (w *world) until(e *Engine, what string, ok func(Status) bool) Status {
	w.t.Helper()
	deadline := time.Now().Add(4 * time.Minute)
	for {
		doc, err := store.Mailboxes.Get(context.Background(), w.sp, string(w.mailbox.ID))
		must(w.t, err)
		st, err := e.Status(context.Background(), &doc.Value)
		must(w.t, err)
		if ok(st) {
			return st
		}
		if time.Now().After(deadline) {
			w.t.Fatalf("never so that %s: %s", what, asJSON(st))
		}
		time.Sleep(20 * time.Millisecond)
	}
}
