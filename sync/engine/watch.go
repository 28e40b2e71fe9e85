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

// watch starts a watcher that rings noticed when something happened in
// watchFolder; stop ends it and waits.
func watch(ctx context.Context, src source.Source, noticed chan<- struct{}, jitter func() float64) *watcher {
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

func listen(ctx context.Context, src source.Source, noticed chan<- struct{}, fails *int) error {
	s, err := src.Open(ctx)
	if err != nil {
		return err
	}
	defer s.Close()
	for {
		if err := s.Wait(ctx, watchFolder); err != nil {
			return err
		}
		*fails = 0
		ring(noticed)
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
