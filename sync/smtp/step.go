package smtp

import (
	"bytes"
	"crypto/tls"
	"errors"
	"net"
	"syscall"
	"time"

	"threadline/internal/outbox"
)

// A dialogue is in step while the server has said nothing that it was not asked for:
// only then is what it says next the answer to what we say next. Nothing but the
// order tells which answer belongs to what (RFC 5321 §3.1), so that whoever spoke
// unasked once is never listened to again.

// ear is the socket of a connection, beneath its encryption.
func ear(conn net.Conn) syscall.RawConn {
	if secure, ok := conn.(*tls.Conn); ok {
		conn = secure.NetConn()
	}
	if socket, ok := conn.(syscall.Conn); ok {
		if raw, err := socket.SyscallConn(); err == nil {
			return raw
		}
	}
	return nil
}

// ask says commands on a dialogue that is in step.
func (w *wire) ask(commands ...string) error {
	if err := w.inStep(); err != nil {
		return err
	}
	return w.say(commands...)
}

// inStep fails when the server has said something more, or has hung up. It does not
// wait.
func (w *wire) inStep() error {
	if w.in.Buffered() > 0 {
		return outbox.ErrUnasked
	}
	if !w.stirs() {
		return nil
	}
	_, secure := w.Conn.(*tls.Conn)
	if secure { // it may be a message of the encryption itself, such as a ticket
		if err := w.SetReadDeadline(time.Now().Add(ticketTime)); err != nil {
			return err
		}
	}
	_, err := w.in.Peek(1)
	var silent net.Error
	switch {
	case err == nil:
		return outbox.ErrUnasked
	case secure && errors.As(err, &silent) && silent.Timeout():
		return w.SetReadDeadline(time.Time{})
	}
	return err
}

// ticketTime is how long it may take to read what has arrived already.
const ticketTime = 5 * time.Millisecond

// stirs tells whether the socket has something to be read, or its end.
func (w *wire) stirs() bool {
	if w.ear == nil {
		return false
	}
	var one [1]byte
	stirs := false
	err := w.ear.Read(func(fd uintptr) bool {
		_, _, err := syscall.Recvfrom(int(fd), one[:], syscall.MSG_PEEK|syscall.MSG_DONTWAIT)
		stirs = !errors.Is(err, syscall.EAGAIN) && !errors.Is(err, syscall.EINTR)
		return true
	})
	return err != nil || stirs
}

// beside is how many whole answers came with the last one. A server that is one
// ahead has answered a mail twice, or says that it hangs up; one that is further
// ahead may have answered another command than it seems to.
func (w *wire) beside() (n int) {
	heard, _ := w.in.Peek(w.in.Buffered()) // what is there already
	for line := range bytes.Lines(heard) {
		if len(line) < 4 || line[3] != '-' {
			n++
		}
	}
	return n
}
