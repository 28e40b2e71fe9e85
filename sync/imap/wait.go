package imap

import (
	"context"
	"time"

	goimap "github.com/emersion/go-imap/v2"

	"threadline/internal/crm"
)

// Wait blocks until the server says something new about the folder (IDLE,
// RFC 2177), at the latest for Config.IdleFor. No change falls between two
// calls: when the folder was opened in a state that is not the one that this
// session last told, Wait returns at once. A cancelled ctx ends the
// session.
func (s *session) Wait(ctx context.Context, folder string) error {
	const op = crm.Op("imap.Wait")
	return s.run(ctx, op, func(w *watch) error {
		if s.box == nil || s.box.folder != folder {
			if _, err := s.examine(op, folder); err != nil {
				return err
			}
		}
		known, now := s.told[folder], s.box.String()
		if s.told[folder] = now; known != now {
			return nil
		}
		if s.has(goimap.CapIdle) {
			return s.idle(ctx, w)
		}
		return s.poll(ctx, w)
	})
}

// idle starts with a NOOP, because not every server tells at the start of IDLE
// what it had not told before, and ends with one when nothing happened, which
// shows that the connection still lives.
func (s *session) idle(ctx context.Context, w *watch) error {
	if err := s.client.Noop().Wait(); err != nil || s.news.quiet() {
		return err
	}
	cmd, err := s.client.Idle()
	if refusal(err) != nil { // announced, and not meant
		delete(s.caps, goimap.CapIdle)
		return s.poll(ctx, w)
	}
	if err != nil {
		return err
	}
	w.rest()
	noticed, waitErr := s.notice(ctx, s.cfg.IdleFor)
	w.wake()
	if err := cmd.Close(); err != nil {
		return err
	}
	if err := cmd.Wait(); err != nil {
		return err
	}
	if noticed || waitErr != nil {
		return waitErr
	}
	return s.client.Noop().Wait()
}

// poll asks a server that cannot speak by itself.
func (s *session) poll(ctx context.Context, w *watch) error {
	for waited := time.Duration(0); waited < s.cfg.IdleFor; waited += s.cfg.PollEvery {
		if err := s.client.Noop().Wait(); err != nil {
			return err
		}
		w.rest()
		noticed, err := s.notice(ctx, min(s.cfg.PollEvery, s.cfg.IdleFor-waited))
		w.wake()
		if noticed || err != nil {
			return err
		}
	}
	return s.client.Noop().Wait()
}

// notice waits for news, for so long at most. It fails when the connection is
// gone.
func (s *session) notice(ctx context.Context, atMost time.Duration) (bool, error) {
	timer := time.NewTimer(atMost)
	defer timer.Stop()
	select {
	case <-s.news.bell:
		return true, nil
	case <-timer.C:
		return false, nil
	case <-ctx.Done():
		return false, stopped("imap.Wait", context.Cause(ctx))
	case <-s.client.Closed():
		return false, s.client.Noop().Wait()
	}
}
