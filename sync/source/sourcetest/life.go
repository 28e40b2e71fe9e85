package sourcetest

import (
	"context"
	"errors"
	"testing"
	"time"

	"threadline/internal/crm"
	"threadline/internal/testenv"
	"threadline/sync/source"
)

// inTime fails the test when the call takes too long.
func (b *bench) inTime(what string, call func() error) (err error) {
	b.Helper()
	done := make(chan error, 1)
	go func() { done <- call() }()
	select {
	case err = <-done:
	case <-time.After(soon):
		b.Fatalf("%s did not end within %s", what, soon)
	}
	return err
}

func waitWakes(b *bench) {
	b.appendN(1)
	s := b.open()
	b.settle(s)
	done := make(chan error, 1)
	go func() { done <- s.Wait(b.Context(), b.Inbox) }()
	select {
	case err := <-done:
		b.Fatalf("Wait returned %v though nothing happened", err)
	case <-time.After(300 * time.Millisecond):
	}
	late := b.append(letter(4))
	b.must(b.inTime("Wait after an arrival", func() error { return <-done }))
	if d := b.delta(s, ""); !d.Added.Has(late[0]) {
		b.Errorf("woken, but delta has %v without %v", d.Added, late)
	}
}

// settle brings the session to where a Wait blocks.
func (b *bench) settle(s source.Session) { b.delta(s, "") }

// waitMissesNothing lets mail arrive between the last look and Wait, also
// while the session looked at another folder, and on a session that never
// looked.
func waitMissesNothing(b *bench) {
	s := b.open()
	b.settle(s)
	b.append(letter(1))
	b.must(b.inTime("Wait after a missed arrival", func() error { return s.Wait(b.Context(), b.Inbox) }))

	b.settle(s)
	b.append(letter(2))
	b.list(s) // looks at the folder, but does not tell its cursor
	b.must(b.inTime("Wait after an arrival that a listing saw", func() error { return s.Wait(b.Context(), b.Inbox) }))

	fresh := b.open()
	b.must(b.inTime("the first Wait of a session", func() error { return fresh.Wait(b.Context(), b.Inbox) }))
	b.append(letter(3))
	b.must(b.inTime("Wait after a missed arrival on a session that only waits",
		func() error { return fresh.Wait(b.Context(), b.Inbox) }))
}

func vanished(b *bench) {
	if b.DeleteFolder == nil {
		b.Skip("no folders here")
	}
	b.must(b.CreateFolder("Passing"))
	s := b.open()
	d, err := s.Delta(b.Context(), "Passing", "")
	b.must(err)
	b.must(s.Close())
	b.must(b.DeleteFolder("Passing"))
	s = b.open()
	for name, verb := range b.verbs(s, "Passing", d.Epoch) {
		b.Run(name, func(t *testing.T) {
			newBench(t, b.Harness).wantKind(verb(t.Context()), crm.NotFound)
		})
	}
}

func cancelled(b *bench) {
	b.appendN(1)
	ctx, cancel := context.WithCancel(b.Context())
	cancel()
	s := b.open()
	verbs := b.verbs(s, b.Inbox, 1)
	verbs["Folders"] = func(ctx context.Context) error { _, err := s.Folders(ctx); return err }
	verbs["Open"] = func(ctx context.Context) error { _, err := b.Source.Open(ctx); return err }
	for name, verb := range verbs {
		err := b.inTime(name, func() error { return verb(ctx) })
		if !errors.Is(err, context.Canceled) {
			b.Errorf("%s with a cancelled context: %v", name, err)
		}
	}
}

func cancelledWait(b *bench) {
	s := b.open()
	b.settle(s)
	ctx, cancel := context.WithTimeout(b.Context(), 200*time.Millisecond)
	defer cancel()
	start := time.Now()
	err := b.inTime("Wait", func() error { return s.Wait(ctx, b.Inbox) })
	if !errors.Is(err, context.DeadlineExceeded) || time.Since(start) > 2*time.Second {
		b.Errorf("Wait ended with %v after %s", err, time.Since(start))
	}
}

// cancelledFetch cancels while copies are coming.
func cancelledFetch(b *bench) {
	var mails []testenv.Mail
	for i := range 30 {
		mails = append(mails, sized(i, 300<<10))
	}
	b.append(mails...)
	s := b.open()
	d := b.delta(s, "")
	ctx, cancel := context.WithCancel(b.Context())
	defer cancel()
	var last error
	n := 0
	for it, err := range s.Fetch(ctx, b.Inbox, d.Epoch, d.Added, source.Want{}) {
		if last = err; err == nil {
			b.sameMail(it, mails[n])
			n++
		}
		cancel()
		time.Sleep(20 * time.Millisecond)
	}
	if !errors.Is(last, context.Canceled) || n == len(mails) {
		b.Errorf("a cancelled fetch yielded %d of %d copies and ended with %v", n, len(mails), last)
	}
}

func twoSessions(b *bench) {
	keys := b.appendN(30)
	a, z := b.open(), b.open()
	d := b.delta(a, "")
	done := make(chan int, 2)
	for _, s := range []source.Session{a, z} {
		go func() {
			n := 0
			for _, err := range s.Fetch(b.Context(), b.Inbox, d.Epoch, d.Added, source.Want{}) {
				if err != nil {
					b.Error(err)
					break
				}
				n++
			}
			done <- n
		}()
	}
	if n, m := <-done, <-done; n != len(keys) || m != len(keys) {
		b.Errorf("fetched %d and %d, want %d each", n, m, len(keys))
	}
}

func closing(b *bench) {
	s := b.open()
	b.settle(s)
	b.must(b.inTime("Close", s.Close))
	b.must(b.inTime("Close again", s.Close))
	for name, verb := range b.verbs(s, b.Inbox, 1) {
		b.wantKind(b.inTime(name+" after Close", func() error { return verb(b.Context()) }), crm.Unavailable)
	}
}

func wrongPassword(b *bench) {
	if b.WrongPassword == nil {
		b.Skip("no password here")
	}
	s, err := b.WrongPassword.Open(b.Context())
	if err == nil {
		_ = s.Close()
	}
	b.wantKind(err, crm.Unauthorized)
	var e *crm.Error
	if errors.As(err, &e) && e.Hint == "" {
		b.Errorf("no hint what to do about %v", err)
	}
}
