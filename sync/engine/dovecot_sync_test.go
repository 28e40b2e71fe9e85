package engine

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"threadline/internal/crm"
	"threadline/internal/store"
	"threadline/internal/testenv"
	"threadline/sync/imap"
)

// live is an engine on a real server that runs until the test ends.
type live struct {
	*world
	engine *Engine
	stop   func()
}

func runLive(t *testing.T, addr, password string, alter func(*crm.Mailbox)) *live {
	t.Helper()
	w := newWorld(t, "rep@ours.example", "ours.example")
	w.addMailbox("rep@ours.example", imap.New(imap.Config{Server: addr, TLS: crm.TLSNone, Login: "rep", Password: imap.Secret(password)}))
	if alter != nil {
		alter(&w.mailbox)
		b := w.sp.Batch()
		store.Mailboxes.Put(b, &w.mailbox)
		must(t, b.Commit(t.Context()))
	}
	l := &live{world: w}
	l.start()
	t.Cleanup(func() { l.stop() })
	return l
}

func (l *live) start() {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	l.engine = New(l.sp, l.cfg)
	go func() { done <- l.engine.Run(ctx) }()
	l.stop = func() {
		cancel()
		if done != nil {
			<-done
			done = nil
		}
	}
}

// until waits for a condition on the status.
func (l *live) until(what string, ok func(Status) bool) Status {
	l.t.Helper()
	var st Status
	for end := time.Now().Add(4 * time.Minute); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		doc, err := store.Mailboxes.Get(context.Background(), l.sp, string(l.mailbox.ID))
		must(l.t, err)
		st, err = l.engine.Status(context.Background(), &doc.Value)
		must(l.t, err)
		if ok(st) {
			return st
		}
	}
	l.t.Fatalf("%s: not within a minute: %s", what, asJSON(st))
	return st
}

func (l *live) synced(copies int) Status {
	l.t.Helper()
	return l.until(fmt.Sprintf("%d copies synced", copies), func(st Status) bool {
		return st.Synced && st.State == crm.StateLive && st.Total == int64(copies)
	})
}

func folder(st Status, name string) BoxStatus {
	i := slices.IndexFunc(st.Boxes, func(b BoxStatus) bool { return b.Name == name })
	if i < 0 {
		return BoxStatus{}
	}
	return st.Boxes[i]
}

// realMail are the letters with a server date each.
func realMail(n int) []testenv.Mail { return letters()[:n] }

// TestDovecotFolders: what has a timeline is stored, the rest is counted.
func TestDovecotFolders(t *testing.T) {
	server := testenv.Dovecot(t, testenv.DovecotOptions{})
	all := realMail(12)
	for i, name := range []string{"INBOX", "Sent", "Archive", "Trash", "Junk", "Drafts"} {
		_, err := server.LoadMaildir("rep", name, slices.Values(all[2*i:2*i+2]))
		must(t, err)
	}
	l := runLive(t, server.Addr, testenv.Password, nil)
	st := l.synced(12)
	for name, why := range map[string]crm.SkipReason{"INBOX": "", "Sent": "", "Archive": "",
		"Trash": crm.SkipTrash, "Junk": crm.SkipJunk, "Drafts": crm.SkipDrafts} {
		b := folder(st, name)
		if why == "" && b.Stored != 2 || why != "" && (b.Stored != 0 || b.Skipped[why] != 2) {
			t.Errorf("%s: %s", name, asJSON(b))
		}
	}
	if n := l.count(store.Messages.Name); n != 6 {
		t.Errorf("%d messages, want 6", n)
	}
	l.stop()
	l.verify()
}

// TestDovecotSinceAndHeaders: the since-date by the server's own search, and
// headers alone.
func TestDovecotSinceAndHeaders(t *testing.T) {
	server := testenv.Dovecot(t, testenv.DovecotOptions{})
	all := realMail(10)
	_, err := server.LoadMaildir("rep", "INBOX", slices.Values(all))
	must(t, err)
	l := runLive(t, server.Addr, testenv.Password, func(m *crm.Mailbox) {
		m.Since, m.HeadersOnly = crm.At(all[6].Internal), true
	})
	b := folder(l.synced(10), "INBOX")
	if b.Stored < 3 || b.Stored > 5 || b.Skipped[crm.SkipSince] != 10-b.Stored {
		t.Errorf("%s; want those since the seventh, and the others counted", asJSON(b))
	}
	messages, _ := messagesOf(t, l.world)
	for _, m := range messages {
		if !m.Stub || !slices.Contains(m.Marks, crm.MarkHeadersOnly) {
			t.Errorf("%s is no stub: %v", m.RFCID, m.Marks)
		}
	}
	l.stop()
	l.verify()
}

// TestDovecotNotice: arrivals, flags and deletions are seen because the server
// says so, long before the next look.
func TestDovecotNotice(t *testing.T) {
	server := testenv.Dovecot(t, testenv.DovecotOptions{})
	all, admin := realMail(6), server.Admin("rep")
	keys, err := admin.Append("INBOX", all[:3]...)
	must(t, err)
	l := runLive(t, server.Addr, testenv.Password, nil)
	l.stop()
	l.cfg.Poll = time.Hour
	l.start()
	l.synced(3)
	_, err = admin.Append("INBOX", all[3])
	must(t, err)
	l.synced(4)
	must(t, admin.SetFlags("INBOX", []crm.Flag{crm.FlagSeen, crm.FlagFlagged}, keys[0]))
	l.until("flags seen", func(Status) bool {
		messages, _ := messagesOf(t, l.world)
		return slices.ContainsFunc(messages, func(m crm.Message) bool {
			return m.RFCID == crm.RFCID(letterID(0)) && slices.Equal(m.Flags, []crm.Flag{crm.FlagFlagged, crm.FlagSeen})
		})
	})
	must(t, admin.Delete("INBOX", keys[1]))
	if b := folder(l.synced(3), "INBOX"); b.Stored != 3 {
		t.Errorf("after a deletion: %s", asJSON(b))
	}
	if n := l.count(store.Messages.Name); n != 4 {
		t.Errorf("%d messages, want all four: what was deleted on the server stays", n)
	}
	l.stop()
	l.verify()
}

// TestDovecotRestart: the connection is cut in the middle of fetching, then the
// server goes away and comes back; nothing is lost or doubled.
func TestDovecotRestart(t *testing.T) {
	server := testenv.Dovecot(t, testenv.DovecotOptions{})
	const n = 300
	loaded, err := server.LoadMaildir("rep", "INBOX", bulkMail(n))
	must(t, err)
	proxy := testenv.NewProxy(t, server.Addr)
	proxy.Set(testenv.Fault{CutAfter: 200 << 10})
	l := runLive(t, proxy.Addr, testenv.Password, nil)
	l.until("cut", func(st Status) bool { return st.State == crm.StateThrottled || st.Trouble != nil || st.Done > 0 })
	proxy.Set(testenv.Fault{StallAfter: 200 << 10})
	must(t, server.Restart(t.Context()))
	proxy.Drop()
	proxy.Set(testenv.Fault{})
	if b := folder(l.synced(loaded), "INBOX"); b.Stored != int64(loaded) || len(b.Dead) > 0 {
		t.Errorf("after the restart: %s", asJSON(b))
	}
	l.stop()
	l.verify()
}

// TestDovecotRenumbered: another UIDVALIDITY makes no message twice and fires
// nothing.
func TestDovecotRenumbered(t *testing.T) {
	server := testenv.Dovecot(t, testenv.DovecotOptions{})
	_, err := server.Admin("rep").Append("INBOX", realMail(8)...)
	must(t, err)
	l := runLive(t, server.Addr, testenv.Password, nil)
	l.synced(8)
	l.stop()
	messages, arrivals := l.count(store.Messages.Name), l.events()
	was := boxesOf(t, l.world)
	must(t, server.SetUIDValidity(t.Context(), "rep", "INBOX", 4_000_000))
	l.start()
	l.until("a new epoch", func(st Status) bool {
		return st.Synced && slices.ContainsFunc(boxesOf(t, l.world), func(b crm.Box) bool { return b.Name == "INBOX" && b.Epoch == 4_000_000 })
	})
	l.synced(8)
	l.stop()
	if n := l.count(store.Messages.Name); n != messages {
		t.Errorf("%d messages, %d before (%s)", n, messages, asJSON(was))
	}
	if n := l.events(); n != arrivals {
		t.Errorf("%d arrivals, %d before", n, arrivals)
	}
	if n := l.count(store.Copies.Name); n != 8 {
		t.Errorf("%d copies of 8 mails", n)
	}
	l.verify()
}

// TestDovecotWrongPassword stops after the second refusal and says what to do.
func TestDovecotWrongPassword(t *testing.T) {
	server := testenv.Dovecot(t, testenv.DovecotOptions{})
	l := runLive(t, server.Addr, "wrong", nil)
	first := l.until("refused", func(st Status) bool { return st.State == crm.StateThrottled })
	if wait := first.NextAt.Sub(l.st.Now()); wait < time.Minute {
		t.Errorf("tried again after %s", wait)
	}
	l.engine.Wake(l.mailbox.ID)
	st := l.until("refused for good", func(st Status) bool { return st.State == crm.StateAuthRequired })
	if st.Trouble == nil || st.Trouble.Kind != crm.Unauthorized || st.Trouble.Hint == "" {
		t.Errorf("trouble %s; want what to do", asJSON(st.Trouble))
	}
	l.stop()
}

// TestDovecotBig syncs 2,000 mails, 20,000 in the soak, and watches the heap.
func TestDovecotBig(t *testing.T) {
	n := 2000
	if raceDetector {
		n = 600
	}
	if os.Getenv("THREADLINE_SOAK") != "" {
		n = 20_000
	}
	server := testenv.Dovecot(t, testenv.DovecotOptions{})
	loaded, err := server.LoadMaildir("rep", "INBOX", bulkMail(n))
	must(t, err)
	var peak atomic.Uint64
	ended := make(chan struct{})
	watching := make(chan struct{})
	go func() {
		defer close(watching)
		for {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			peak.Store(max(peak.Load(), m.HeapInuse))
			select {
			case <-ended:
				return
			case <-time.After(50 * time.Millisecond):
			}
		}
	}()
	l := runLive(t, server.Addr, testenv.Password, nil)
	l.synced(loaded)
	close(ended)
	<-watching
	l.stop()
	if mib := peak.Load() >> 20; mib > 150 {
		t.Errorf("the heap grew to %d MiB", mib)
	}
	t.Logf("%d mails, heap at most %d MiB", loaded, peak.Load()>>20)
	l.verify()
}
