package demo

import (
	"context"
	"net"
	"sync"

	"threadline/internal/crm"
)

// listener is a loopback listener that knows its connections: closing it cuts
// them, which the server libraries leave to their peers.
type listener struct {
	net.Listener
	mu     sync.Mutex
	closed bool
	conns  map[*conn]struct{}
}

// conn leaves the listener's list when it is closed.
type conn struct {
	net.Conn
	home *listener
}

// listen opens a free port on the loopback interface.
func listen(ctx context.Context, op crm.Op) (*listener, error) {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, crm.E(crm.Unavailable, op, "no free port on the loopback interface", err)
	}
	return &listener{Listener: l, conns: map[*conn]struct{}{}}, nil
}

// Accept waits for the next connection.
func (l *listener) Accept() (net.Conn, error) {
	raw, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		raw.Close()
		return nil, net.ErrClosed
	}
	c := &conn{Conn: raw, home: l}
	l.conns[c] = struct{}{}
	return c, nil
}

// Close closes the listener and every connection that came through it.
func (l *listener) Close() error {
	err := l.Listener.Close()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closed = true
	for c := range l.conns {
		c.Conn.Close()
	}
	return err
}

// Close closes the connection.
func (c *conn) Close() error {
	c.home.mu.Lock()
	delete(c.home.conns, c)
	c.home.mu.Unlock()
	return c.Conn.Close()
}
