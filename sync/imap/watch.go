package imap

import (
	"context"
	"errors"
	"time"

	"github.com/emersion/go-imap/v2/imapclient"
)

// errMute is the reason of a connection that the watchdog closed.
var errMute = errors.New("no answer in time")

// watch is the watchdog of one call: it closes the connection when the call's
// context ends or when its time is up.
type watch struct {
	s       *session
	timer   *time.Timer
	stopCtx func() bool
}

// watch starts the watchdog. The caller must end it.
func (s *session) watch(ctx context.Context) *watch {
	w := &watch{s: s}
	w.timer = time.AfterFunc(s.cfg.Timeout, func() { s.conn.abort(errMute) })
	w.stopCtx = context.AfterFunc(ctx, func() { s.conn.abort(context.Cause(ctx)) })
	s.conn.arm(s.cfg.Progress)
	return w
}

// slowest is the rate below which a server counts as dead, however often it
// sends a byte.
const slowest = 4 << 10 // bytes per second

// expect restarts the clock for an answer of so many bytes.
func (w *watch) expect(size int64) {
	w.s.conn.allow(size)
	w.timer.Reset(w.s.cfg.Timeout + time.Duration(size)*time.Second/slowest)
}

// pause stops the clock while the caller of the session works.
func (w *watch) pause() { w.timer.Stop() }

// rest stops the clock and allows silence, but keeps watching the context.
func (w *watch) rest() {
	w.timer.Stop()
	w.s.conn.arm(0)
}

// wake starts the clock again after a rest.
func (w *watch) wake() {
	w.timer.Reset(w.s.cfg.Timeout)
	w.s.conn.arm(w.s.cfg.Progress)
}

func (w *watch) end() {
	w.stopCtx()
	w.rest()
}

// abandonPatience is how long the rest of an unwanted answer may take before
// closing the connection is the better way.
const abandonPatience = 2 * time.Second

// abandon reads the rest of an answer that nobody wants. It must be read, or
// the library's reader waits for ever.
func (s *session) abandon(w *watch, cmd *imapclient.FetchCommand) {
	w.timer.Reset(abandonPatience)
	_ = cmd.Close()
	w.pause()
}
