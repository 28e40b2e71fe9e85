package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"threadline/internal/api"
	"threadline/internal/crm"
)

// client sends the API's own requests: to the running server over its socket,
// or to a server inside this process that has opened the data.
type client struct {
	http      *http.Client
	as        string // in whose name mail is read
	workspace string // by id or name; "" is the first
	match     string // the version that what is changed must have; "" is any
	close     func() error
	inside    bool   // the server is this process
	start     func() // of inside: begin to sync
	work      func() // of inside: begin to carry out long work
}

// connect finds the server of the data folder, or becomes it.
func (m *Main) connect(ctx context.Context, as string) (*client, error) {
	conn, err := dialSocket(ctx, m.opt.data)
	if err != nil {
		return nil, err
	}
	if conn != nil {
		dial := &firstConn{conn: conn, data: m.opt.data}
		t := &http.Transport{DialContext: dial.dial}
		return &client{http: &http.Client{Transport: t}, as: as, workspace: m.opt.workspace, close: func() error { t.CloseIdleConnections(); return dial.drop() }}, nil
	}
	return m.inside(ctx, as)
}

// firstConn uses the connection by which the server was found.
type firstConn struct {
	mu   sync.Mutex
	conn net.Conn
	data string
}

func (f *firstConn) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if c := f.conn; c != nil {
		f.conn = nil
		return c, nil
	}
	c, err := dialSocket(ctx, f.data)
	if c == nil && err == nil {
		err = crm.Errorf(crm.Unavailable, "dial", "the server has stopped")
	}
	return c, err
}

func (f *firstConn) drop() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.conn == nil {
		return nil
	}
	return f.conn.Close()
}

// inside opens the data and serves the same API within this process.
func (m *Main) inside(ctx context.Context, as string) (*client, error) {
	log := slog.New(slog.NewTextHandler(m.Err, &slog.HandlerOptions{Level: slog.LevelError}))
	h, err := m.open(ctx, log, nil)
	if err != nil {
		return nil, err
	}
	if err := m.catchUp(ctx, h); err != nil {
		return nil, errors.Join(err, h.Close())
	}
	w, err := m.workers(ctx, h, nil)
	if err != nil {
		return nil, errors.Join(err, h.Close())
	}
	l := newPipeListener()
	all := m.street(ctx, w, false)
	srv := &http.Server{Handler: all.front.Operator(), ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelError)}
	var serving sync.WaitGroup
	serving.Go(func() { _ = srv.Serve(l) }) // ends by Close below
	t := &http.Transport{DialContext: l.dial}
	closing := func() error {
		t.CloseIdleConnections()
		err := srv.Close()
		serving.Wait()
		// What the command changed is brought to the timelines now, not at the
		// next start of the server.
		return errors.Join(err, h.Follower.CatchUp(context.WithoutCancel(ctx)), all.stop(), w.stop(), h.Close())
	}
	return &client{http: &http.Client{Transport: t}, as: as, workspace: m.opt.workspace, close: closing, inside: true, start: w.start, work: w.work}, nil
}

// patience is how long a command works before it says at what.
const patience = 2 * time.Second

// catchUp lets links follow what was changed before: a server may have been
// stopped in between.
func (m *Main) catchUp(ctx context.Context, h *house) error {
	slow := time.AfterFunc(patience, func() { h.log.Error("timelines are brought up to date first; this may take a while") })
	defer slow.Stop()
	return errors.Join(h.Follower.CatchUp(ctx), h.Figures.CatchUp(ctx))
}

// send asks the API. A problem becomes an error; into takes the answer when it
// is not nil. The answer is returned as it came.
func (c *client) send(ctx context.Context, method, path string, in, into any) ([]byte, error) {
	res, err := c.request(ctx, method, path, in)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		return nil, crm.E(crm.Unavailable, "send", "the server's answer was cut", err)
	}
	if into == nil || len(raw) == 0 {
		return raw, nil
	}
	if err := json.Unmarshal(raw, into); err != nil {
		return raw, crm.E(crm.Internal, "send", "the server's answer cannot be read", err)
	}
	return raw, nil
}

// request sends and returns an answer that is no problem.
func (c *client) request(ctx context.Context, method, path string, in any) (*http.Response, error) {
	if in == nil {
		return c.carry(ctx, method, path, "", http.NoBody)
	}
	raw, err := json.Marshal(in)
	if err != nil {
		return nil, crm.E(crm.Internal, "request", "the request cannot be written", err)
	}
	return c.carry(ctx, method, path, "application/json", bytes.NewReader(raw))
}

// upload sends a file of any size and reads the answer.
func (c *client) upload(ctx context.Context, path, kind string, file io.Reader, into any) error {
	res, err := c.carry(ctx, "POST", path, kind, file)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if err := json.NewDecoder(res.Body).Decode(into); err != nil {
		return crm.E(crm.Internal, "upload", "the server's answer cannot be read", err)
	}
	return nil
}

// carry sends a body of a content type and returns an answer that is no problem.
func (c *client) carry(ctx context.Context, method, path, kind string, body io.Reader) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, method, "http://localhost/api/v1"+path, body)
	if err != nil {
		return nil, crm.E(crm.Invalid, "request", "the request cannot be made", err)
	}
	if kind != "" {
		req.Header.Set("Content-Type", kind)
	}
	if c.workspace != "" {
		req.Header.Set(api.WorkspaceHeader, c.workspace)
	}
	if c.as != "" {
		req.Header.Set("X-Threadline-As", c.as)
	}
	if c.match != "" {
		req.Header.Set("If-Match", c.match)
	}
	res, err := c.http.Do(req)
	if err != nil {
		return nil, crm.E(crm.Unavailable, "request", "the server does not answer", errors.Unwrap(err))
	}
	if res.StatusCode < 400 {
		return res, nil
	}
	defer res.Body.Close()
	var p struct {
		Code, Detail, Field, Hint, Request string
		Conflict                           struct {
			Fields []struct {
				Field      string
				Yours, Now json.RawMessage
			}
		}
	}
	if err := json.NewDecoder(io.LimitReader(res.Body, 1<<20)).Decode(&p); err != nil || p.Code == "" {
		return nil, crm.Errorf(crm.Internal, "request", "the server answers %s", res.Status)
	}
	if p.Code == string(crm.Internal) {
		p.Hint = "look for request " + p.Request + " in the server's log"
	}
	for _, f := range p.Conflict.Fields {
		p.Detail += fmt.Sprintf("; %s: yours %s, now %s", f.Field, f.Yours, f.Now)
	}
	return nil, (&crm.Error{Kind: crm.ErrorKind(p.Code), Op: "request", Msg: p.Detail}).WithField(p.Field).WithHint(p.Hint)
}

// path escapes the parts of an address.
func path(parts ...string) string {
	var b strings.Builder
	for _, p := range parts {
		b.WriteByte('/')
		b.WriteString(url.PathEscape(p))
	}
	return b.String()
}

// pipeListener accepts connections from within the process.
type pipeListener struct {
	conns chan net.Conn
	done  chan struct{}
	once  sync.Once
}

func newPipeListener() *pipeListener {
	return &pipeListener{conns: make(chan net.Conn), done: make(chan struct{})}
}

func (l *pipeListener) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	near, far := net.Pipe()
	select {
	case l.conns <- far:
		return near, nil
	case <-l.done:
	case <-ctx.Done():
	}
	_ = near.Close() // a pipe always closes
	_ = far.Close()
	return nil, net.ErrClosed
}

// Accept implements net.Listener.
func (l *pipeListener) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.done:
		return nil, net.ErrClosed
	}
}

// Close implements net.Listener.
func (l *pipeListener) Close() error {
	l.once.Do(func() { close(l.done) })
	return nil
}

// Addr implements net.Listener.
func (l *pipeListener) Addr() net.Addr { return &net.UnixAddr{Name: "pipe", Net: "unix"} }
