package testenv

import (
	"errors"
	"io"
	"net"
	"sync"
	"testing"
)

// Proxy forwards TCP connections to a server and breaks them on demand.
type Proxy struct {
	Addr string // where clients connect

	target   string
	listener net.Listener
	all      sync.WaitGroup

	mu     sync.Mutex
	fault  Fault
	conns  map[net.Conn]struct{}
	closed bool
	down   int64         // bytes from the server so far
	thaw   chan struct{} // closed when stalled connections may go on
}

// Fault is what the proxy does to the stream from the server. Counting starts
// when it is set. The zero value does nothing.
type Fault struct {
	CutAfter   int64 // close both sides after so many bytes; 0 never
	StallAfter int64 // forward nothing more after so many bytes; 0 never
	Mute       bool  // forward nothing at all, but stay connected
	Refuse     bool  // close new connections at once
}

// NewProxy starts a proxy in front of target (host:port) and ends it with the
// test.
func NewProxy(t testing.TB, target string) *Proxy {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &Proxy{Addr: l.Addr().String(), target: target, listener: l,
		conns: map[net.Conn]struct{}{}, thaw: make(chan struct{})}
	p.all.Go(p.accept)
	t.Cleanup(p.Close)
	return p
}

// Set replaces the fault; connections that an earlier one stalled go on.
func (p *Proxy) Set(f Fault) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.fault, p.down = f, 0
	close(p.thaw)
	p.thaw = make(chan struct{})
}

// Drop closes every connection that is open now.
func (p *Proxy) Drop() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.dropLocked()
}

func (p *Proxy) dropLocked() {
	for c := range p.conns {
		_ = c.Close()
	}
}

// Close ends the proxy and waits for its goroutines.
func (p *Proxy) Close() {
	p.mu.Lock()
	first := !p.closed
	p.closed = true
	_ = p.listener.Close()
	p.dropLocked()
	if first {
		close(p.thaw)
	}
	p.mu.Unlock()
	p.all.Wait()
}

func (p *Proxy) accept() {
	for {
		client, err := p.listener.Accept()
		if err != nil {
			return
		}
		if !p.track(client) {
			continue
		}
		server, err := net.Dial("tcp", p.target)
		if err != nil || !p.track(server) {
			_ = client.Close()
			continue
		}
		p.all.Go(func() {
			_, _ = io.Copy(server, client)
			_ = server.Close()
			p.forget(client)
		})
		p.all.Go(func() {
			_ = p.pump(client, server)
			_ = client.Close()
			p.forget(server)
		})
	}
}

// track remembers a connection, or closes it when the proxy wants none.
func (p *Proxy) track(c net.Conn) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed || p.fault.Refuse {
		_ = c.Close()
		return false
	}
	p.conns[c] = struct{}{}
	return true
}

func (p *Proxy) forget(c net.Conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	_ = c.Close()
	delete(p.conns, c)
}

var errCut = errors.New("cut by the proxy")

// pump forwards what the server says, as far as the fault allows.
func (p *Proxy) pump(client, server net.Conn) error {
	buf := make([]byte, 16<<10)
	for {
		n, err := server.Read(buf)
		if err != nil {
			return err
		}
		for chunk := buf[:n]; len(chunk) > 0; {
			allowed, wait, err := p.allow(len(chunk))
			if allowed > 0 {
				if _, err := client.Write(chunk[:allowed]); err != nil {
					return err
				}
				chunk = chunk[allowed:]
			}
			if err != nil {
				return err
			}
			if wait != nil {
				<-wait
			}
		}
	}
}

// allow says how many of n bytes may pass now, and what comes after them.
func (p *Proxy) allow(n int) (allowed int, wait <-chan struct{}, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.closed:
		return 0, nil, errCut
	case p.fault.Mute:
		return 0, p.thaw, nil
	case p.fault.CutAfter > 0 && p.down+int64(n) >= p.fault.CutAfter:
		allowed, err = int(p.fault.CutAfter-p.down), errCut
	case p.fault.StallAfter > 0 && p.down+int64(n) >= p.fault.StallAfter:
		allowed, wait = int(p.fault.StallAfter-p.down), p.thaw
	default:
		allowed = n
	}
	p.down += int64(allowed)
	return allowed, wait, err
}
