package imap

import (
	"bufio"
	"errors"
	"net"
	"sync"
	"time"
)

// guarded is a network connection whose bounds are ours: the IMAP client library
// waits for the first byte of an answer without a deadline, and keeps lines,
// names and lists of any length in memory.
type guarded struct {
	net.Conn
	buf *bufio.Reader

	mu       sync.Mutex
	progress time.Duration // longest silence allowed; 0 while none is owed an answer
	most     int64         // bytes that an answer may have beside mail
	left     int64         // bytes that may come before the next call of allow
	reason   error         // why we closed it, if we did
	failed   error         // first error of a read: the network's fault, not the answer's
}

// errFlood is the reason of a connection on which more came than any answer holds.
var errFlood = errors.New("the answer has no end")

// readBuffer holds many small messages, so that fetching them costs few
// system calls.
const readBuffer = 64 << 10

func guard(c net.Conn, most int64) *guarded {
	g := &guarded{Conn: c, most: most, left: most}
	g.buf = bufio.NewReaderSize(rawReader{g}, readBuffer)
	return g
}

// Read waits at most as long as the progress limit says.
func (g *guarded) Read(p []byte) (int, error) { return g.buf.Read(p) }

// SetReadDeadline does nothing: the library would take our deadline away.
func (g *guarded) SetReadDeadline(time.Time) error { return nil }

// SetDeadline sets the write deadline only.
func (g *guarded) SetDeadline(t time.Time) error { return g.SetWriteDeadline(t) }

// arm sets the longest silence from now on, also for a read that is waiting.
func (g *guarded) arm(progress time.Duration) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.progress, g.left = progress, g.most
	g.deadlineLocked()
}

// allow lets an answer with so many bytes of mail come.
func (g *guarded) allow(mail int64) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.left = g.most + mail + mail/8 // encrypted, it is a little more
}

// came counts what was read; an answer without end ends the connection.
func (g *guarded) came(n int) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.left -= int64(n); g.left >= 0 {
		return nil
	}
	if g.reason == nil {
		g.reason = errFlood
	}
	_ = g.Conn.Close()
	return errFlood
}

func (g *guarded) deadlineLocked() {
	var t time.Time
	if g.progress > 0 {
		t = time.Now().Add(g.progress)
	}
	_ = g.Conn.SetReadDeadline(t) // fails on a closed connection, which the read notices
}

// abort closes the connection and remembers the first reason.
func (g *guarded) abort(reason error) {
	g.mu.Lock()
	if g.reason == nil {
		g.reason = reason
	}
	g.mu.Unlock()
	_ = g.Close()
}

// verdict returns why we closed the connection, and how the network failed.
func (g *guarded) verdict() (reason, failed error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.reason, g.failed
}

type rawReader struct{ g *guarded }

// Read fails for ever after its first failure: the library tries again a few
// times, and each would be another wait.
func (r rawReader) Read(p []byte) (int, error) {
	r.g.mu.Lock()
	if err := r.g.failed; err != nil {
		r.g.mu.Unlock()
		return 0, err
	}
	r.g.deadlineLocked()
	r.g.mu.Unlock()
	n, err := r.g.Conn.Read(p)
	if err == nil {
		err = r.g.came(n)
	}
	if err != nil {
		r.g.mu.Lock()
		r.g.failed = err
		r.g.mu.Unlock()
	}
	return n, err
}
