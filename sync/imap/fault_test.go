package imap_test

import (
	"bytes"
	"context"
	"runtime"
	"testing"
	"time"

	"threadline/internal/crm"
	"threadline/internal/testenv"
	"threadline/sync/source"
)

// faulty is a Dovecot mailbox behind a proxy, with some mails.
func faulty(t *testing.T, mails ...testenv.Mail) (*testenv.Server, *testenv.Proxy, testenv.Admin) {
	t.Helper()
	srv := testenv.Dovecot(t, testenv.DovecotOptions{NoTLS: true})
	admin := srv.Admin("anna")
	if _, err := admin.Append("INBOX", mails...); err != nil {
		t.Fatal(err)
	}
	return srv, testenv.NewProxy(t, srv.Addr), admin
}

func large(size int) testenv.Mail {
	raw := append([]byte("Subject: large\r\n\r\n"), bytes.Repeat([]byte("0123456789abcde\r\n"), size/17)...)
	return testenv.Mail{Raw: raw}
}

// TestBrokenConnections breaks the stream from the server at many places of a
// fetch. However it breaks, what was yielded is complete, the error says
// unavailable, it comes in time, and a new session gets everything.
func TestBrokenConnections(t *testing.T) {
	t.Parallel()
	mails := []testenv.Mail{large(40_000), large(200), large(90_000), large(3000)}
	_, proxy, _ := faulty(t, mails...)
	total := 0
	for _, m := range mails {
		total += len(m.Raw)
	}
	for _, kind := range []string{"cut", "stall"} {
		for _, at := range []int{1, 50, 120, 1000, 39_000, 40_150, 70_000, total} {
			proxy.Set(testenv.Fault{})
			s := open(t, quick(proxy.Addr))
			d, err := s.Delta(t.Context(), "INBOX", "")
			if err != nil {
				t.Fatal(err)
			}
			if proxy.Set(testenv.Fault{CutAfter: int64(at)}); kind == "stall" {
				proxy.Set(testenv.Fault{StallAfter: int64(at)})
			}
			start := time.Now()
			items, err := collect(t, s, d.Epoch, d.Added, source.Want{})
			if !crm.IsKind(err, crm.Unavailable) || time.Since(start) > time.Minute {
				t.Errorf("%s at %d: %v after %s", kind, at, err, time.Since(start))
			}
			checkWhole(t, items, mails)
			_ = s.Close()
		}
	}
	proxy.Set(testenv.Fault{})
	s := open(t, quick(proxy.Addr))
	d, err := s.Delta(t.Context(), "INBOX", "")
	if err != nil {
		t.Fatal(err)
	}
	items, err := collect(t, s, d.Epoch, d.Added, source.Want{})
	if err != nil || len(items) != len(mails) {
		t.Errorf("afterwards: %d items, %v", len(items), err)
	}
	checkWhole(t, items, mails)
}

func checkWhole(t *testing.T, items []source.Item, mails []testenv.Mail) {
	t.Helper()
	for _, it := range items {
		if want := mails[it.Key-1].Raw; !bytes.Equal(it.Raw, want) {
			t.Errorf("key %d: %d bytes yielded, want %d", it.Key, len(it.Raw), len(want))
		}
	}
}

// TestMuteServer asks a server that fell silent for everything. Not the time of
// the whole command ends that but the shorter limit of silence.
func TestMuteServer(t *testing.T) {
	t.Parallel()
	_, proxy, _ := faulty(t, large(100))
	verbs := map[string]func(context.Context, source.Session) error{
		"Folders": func(ctx context.Context, s source.Session) error { _, err := s.Folders(ctx); return err },
		"Delta":   func(ctx context.Context, s source.Session) error { _, err := s.Delta(ctx, "INBOX", ""); return err },
		"List":    func(ctx context.Context, s source.Session) error { _, err := s.List(ctx, "INBOX", 0); return err },
		"Find": func(ctx context.Context, s source.Session) error {
			_, err := s.Find(ctx, "INBOX", source.Clue{ID: "a@b"})
			return err
		},
		"Wait": func(ctx context.Context, s source.Session) error { return s.Wait(ctx, "INBOX") },
		"Flags": func(ctx context.Context, s source.Session) error {
			for _, err := range s.Flags(ctx, "INBOX") {
				return err
			}
			return nil
		},
		"Fetch": func(ctx context.Context, s source.Session) error {
			for _, err := range s.Fetch(ctx, "INBOX", 1, crm.Span(1, 9), source.Want{}) {
				return err
			}
			return nil
		},
	}
	for name, verb := range verbs {
		proxy.Set(testenv.Fault{})
		cfg := quick(proxy.Addr)
		cfg.Timeout = 3 * time.Minute
		s := open(t, cfg)
		proxy.Set(testenv.Fault{Mute: true})
		start := time.Now()
		if err := verb(t.Context(), s); !crm.IsKind(err, crm.Unavailable) || time.Since(start) > time.Minute {
			t.Errorf("%s: %v after %s", name, err, time.Since(start))
		}
		_ = s.Close()
	}
}

// TestMuteDuringIdle finds out at the end of IdleFor, and not before.
func TestMuteDuringIdle(t *testing.T) {
	t.Parallel()
	_, proxy, _ := faulty(t, large(100))
	cfg := quick(proxy.Addr)
	cfg.IdleFor = 2 * time.Second // longer than the deadline of a command
	s := open(t, cfg)
	if _, err := s.Delta(t.Context(), "INBOX", ""); err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	if err := s.Wait(t.Context(), "INBOX"); err != nil || time.Since(start) < cfg.IdleFor {
		t.Fatalf("a quiet Wait ended with %v after %s", err, time.Since(start))
	}
	done := make(chan error, 1)
	go func() { done <- s.Wait(t.Context(), "INBOX") }()
	time.Sleep(300 * time.Millisecond)
	proxy.Set(testenv.Fault{Mute: true})
	if err := <-done; !crm.IsKind(err, crm.Unavailable) {
		t.Errorf("Wait on a dead connection: %v", err)
	}
}

// TestServerRestart restarts the server under a session that waits, and under
// one that fetches.
func TestServerRestart(t *testing.T) {
	t.Parallel()
	srv, _, _ := faulty(t, large(8<<20), large(8<<20))
	waiting, fetching := open(t, config(srv.Addr, "anna")), open(t, config(srv.Addr, "anna"))
	d, err := waiting.Delta(t.Context(), "INBOX", "")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- waiting.Wait(t.Context(), "INBOX") }()
	var fetchErr error
	arrived := 0
	for it, err := range fetching.Fetch(t.Context(), "INBOX", d.Epoch, d.Added, source.Want{}) {
		if fetchErr = err; err != nil {
			continue
		}
		if arrived++; int64(len(it.Raw)) != it.Size {
			t.Errorf("a mail of %d bytes came as %d", it.Size, len(it.Raw))
		}
		if arrived == 1 {
			if err := srv.Restart(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
	}
	// A server that is quick sends the rest before it goes down.
	if whole := fetchErr == nil && arrived == 2; !whole && !crm.IsKind(fetchErr, crm.Unavailable) {
		t.Errorf("%d mails arrived, then: %v", arrived, fetchErr)
	}
	if err := <-done; err != nil && !crm.IsKind(err, crm.Unavailable) {
		t.Errorf("wait: %v", err)
	}
	s := open(t, config(srv.Addr, "anna"))
	if again, err := s.Delta(t.Context(), "INBOX", d.Cursor); err != nil || again.Void || len(again.Added) > 0 {
		t.Errorf("after the restart: %+v, %v", again, err)
	}
}

// TestFolderDeletedUnderUs takes the folder away from a session that has it
// open: Dovecot hangs up, and the next session learns why.
func TestFolderDeletedUnderUs(t *testing.T) {
	t.Parallel()
	srv, _, admin := faulty(t, large(10))
	if err := admin.CreateFolder("Passing"); err != nil {
		t.Fatal(err)
	}
	if _, err := admin.Append("Passing", large(10)); err != nil {
		t.Fatal(err)
	}
	s := open(t, config(srv.Addr, "anna"))
	d, err := s.Delta(t.Context(), "Passing", "")
	if err != nil {
		t.Fatal(err)
	}
	if err := admin.DeleteFolder("Passing"); err != nil {
		t.Fatal(err)
	}
	var fetchErr error
	for _, err := range s.Fetch(t.Context(), "Passing", d.Epoch, d.Added, source.Want{}) {
		fetchErr = err
	}
	if fetchErr != nil && !crm.IsKind(fetchErr, crm.Unavailable) && !crm.IsKind(fetchErr, crm.NotFound) {
		t.Errorf("fetch: %v of kind %q", fetchErr, crm.KindOf(fetchErr))
	}
	if _, err := open(t, config(srv.Addr, "anna")).Delta(t.Context(), "Passing", d.Cursor); !crm.IsKind(err, crm.NotFound) {
		t.Errorf("delta of the deleted folder: %v", err)
	}
}

// TestGateBoundsMemory fetches a mail of 30 MB whose body nobody wants.
func TestGateBoundsMemory(t *testing.T) {
	srv, _, _ := faulty(t, large(30<<20), large(100))
	s := open(t, config(srv.Addr, "anna"))
	d, err := s.Delta(t.Context(), "INBOX", "")
	if err != nil {
		t.Fatal(err)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	items, err := collect(t, s, d.Epoch, d.Added, source.Want{MaxSize: 10 << 20})
	runtime.ReadMemStats(&after)
	if err != nil || len(items) != 2 || items[0].Part != crm.MarkTooLarge || items[0].Size < 29<<20 {
		t.Fatalf("%d items, %v", len(items), err)
	}
	if used := after.TotalAlloc - before.TotalAlloc; used > 4<<20 {
		t.Errorf("allocated %d bytes for a mail over the gate", used)
	}
}
