package engine

import (
	"context"
	"time"

	"threadline/sync/source"
)

// watcher keeps a second connection that waits for the server's notice. What
// it says is a hint: polling is the safety net, so its failures only make it
// try again later.
type watcher struct {
	cancel context.CancelFunc
	done   chan struct{}
}

const watchFolder = "INBOX"

// notice is the session that was told of something new in watchFolder, on loan
// until it is given back: it sees the news already, which others would have to
// look for.
type notice struct {
	session source.Session
	back    chan struct{}
}

func (n notice) giveBack() { close(n.back) }

// watch starts a watcher that leaves a notice, one at a time, when something
// happened in watchFolder; stop ends it and waits. Nobody may have its session
// then.
func watch(ctx context.Context, src source.Source, noticed chan notice, jitter func() float64) *watcher {
	ctx, cancel := context.WithCancel(ctx)
	w := &watcher{cancel: cancel, done: make(chan struct{})}
	go func() {
		defer close(w.done)
		for fails := 0; ctx.Err() == nil; {
			if err := listen(ctx, src, noticed, &fails); err != nil && ctx.Err() == nil {
				fails++
				sleep(ctx, backoffBase<<min(fails, 8)+time.Duration(jitter()*float64(time.Second)))
			}
		}
	}()
	return w
}

// steady is how long a session has to wait in peace to be a good one.
const steady = time.Minute

func listen(ctx context.Context, src source.Source, noticed chan notice, fails *int) error {
	s, err := src.Open(ctx)
	if err != nil {
		return err
	}
	defer s.Close()
	for {
		begun := time.Now()
		if err := s.Wait(ctx, watchFolder); err != nil {
			return err
		}
		if time.Since(begun) > steady { // the first Wait may return at once, on a server that hangs up at the second
			*fails = 0
		}
		lend(ctx, s, noticed)
	}
}

// lend leaves a notice and waits until the session is back, or until ctx ends
// while nobody has taken it.
func lend(ctx context.Context, s source.Session, noticed chan notice) {
	n := notice{session: s, back: make(chan struct{})}
	noticed <- n // empty: one watcher runs at a time, and leaves one at a time
	select {
	case <-n.back:
	case <-ctx.Done():
		select {
		case <-noticed:
		case <-n.back:
		}
	}
}

func (w *watcher) stop() {
	w.cancel()
	<-w.done
}

// ring leaves one wake-up, however many came.
func ring(wake chan<- struct{}) {
	select {
	case wake <- struct{}{}:
	default:
	}
}

func sleep(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}
