package smtp

import (
	"errors"
	"sync"
	"time"
)

const (
	idleMost = 20 * time.Second // servers hang up on who is silent for longer; few do before
	perConn  = 500              // mails on one connection: many servers allow no more
	quitTime = time.Second
)

// line is one connection on which a dialogue has begun.
type line struct {
	*wire
	mails int
	idle  time.Time // since when nothing was said
}

// pool keeps connections whose last mail went well, for the next one.
type pool struct {
	mu     sync.Mutex
	free   []*line
	closed bool
}

// take is the connection that was used last; nil when none is fresh. The others
// are then old too, and are closed.
func (p *pool) take(now time.Time) *line {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := len(p.free)
	if n == 0 {
		return nil
	}
	l := p.free[n-1]
	p.free = p.free[:n-1]
	if now.Sub(l.idle) < idleMost {
		return l
	}
	for _, old := range append(p.free, l) {
		_ = old.Close() // nothing is under way on it
	}
	p.free = nil
	return nil
}

// give puts a connection back, or ends it: also one whose server speaks unasked,
// whose answers would be taken for those to the next mail.
func (p *pool) give(l *line, now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if l.idle = now; p.closed || l.mails >= perConn || l.in.Buffered() > 0 {
		l.quit()
		return
	}
	p.free = append(p.free, l)
}

// Close ends the connections that are kept. Mails that are being sent are not
// disturbed; their connections end after them.
func (s *Sender) Close() error {
	s.pool.mu.Lock()
	defer s.pool.mu.Unlock()
	s.pool.closed = true
	var wg sync.WaitGroup
	for _, l := range s.pool.free {
		wg.Go(l.quit)
	}
	wg.Wait()
	s.pool.free = nil
	return nil
}

// gone tells whether a connection that was kept is of no use any more, and the
// server was given no mail: it hung up, or answers something else than it is asked,
// as one does that answered the last mail twice, or refuses what nobody knows.
func gone(err error) bool {
	answer, ok := saidBy(err)
	var first atOnce
	return !ok || answer.code == 421 || answer.code < 400 || answer.code >= 500 && errors.As(err, &first)
}
