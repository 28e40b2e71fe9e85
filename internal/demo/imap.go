package demo

import (
	"bytes"
	"context"
	"io"
	"log"
	"sync"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"

	"threadline/internal/crm"
)

// Server is the demo mailbox over IMAP (RFC 9051), without TLS and in memory.
// It has no CONDSTORE, no QRESYNC and no SPECIAL-USE.
type Server struct {
	user     *imapmemserver.User
	imap     *imapserver.Server
	listener *listener
	stop     func() bool // ends the watch over the context
	once     sync.Once
	err      error
	visits   visits
}

// ServeIMAP serves the mails of the world on a free loopback port until ctx
// ends or Close is called. One user may sign in.
func ServeIMAP(ctx context.Context, w *World, login, password string) (*Server, error) {
	const op = crm.Op("demo.ServeIMAP")
	s := &Server{user: imapmemserver.NewUser(login, password)}
	for _, name := range Folders() {
		if err := s.user.Create(name, nil); err != nil {
			return nil, crm.E(crm.Internal, op, "cannot create the folder "+name, err)
		}
	}
	for _, m := range w.Mails {
		if err := s.Deliver(m); err != nil {
			return nil, err
		}
	}
	l, err := listen(ctx, op)
	if err != nil {
		return nil, err
	}
	s.listener = l
	s.start(ctx)
	return s, nil
}

// start runs the accept loop.
func (s *Server) start(ctx context.Context) {
	memory := imapmemserver.New()
	memory.AddUser(s.user)
	s.imap = imapserver.New(&imapserver.Options{
		NewSession: func(*imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
			return s.session(memory.NewSession())
		},
		Caps:         imap.CapSet{imap.CapIMAP4rev1: {}, imap.CapIMAP4rev2: {}},
		Logger:       log.New(io.Discard, "", 0), // it reports every client that hangs up
		InsecureAuth: true,
	})
	s.visits.enter()
	go func() {
		defer s.visits.leave()
		_ = s.imap.Serve(s.listener) // ends with the listener
	}()
	s.stop = context.AfterFunc(ctx, s.shut)
}

// session counts a session of the library, so that Close can wait for it.
func (s *Server) session(inner imapserver.Session) (imapserver.Session, *imapserver.GreetingData, error) {
	both, ok := inner.(imapserver.SessionIMAP4rev2)
	if !ok || !s.visits.enter() {
		return nil, nil, &imap.Error{Type: imap.StatusResponseTypeBye, Text: "The server is going down"}
	}
	return &session{SessionIMAP4rev2: both, visits: &s.visits}, nil, nil
}

// session is one client's session.
type session struct {
	imapserver.SessionIMAP4rev2
	visits *visits
}

// Close ends the session.
func (s *session) Close() error {
	defer s.visits.leave()
	return s.SessionIMAP4rev2.Close()
}

// Idle runs in a goroutine of its own, which a cut connection does not wait for.
func (s *session) Idle(w *imapserver.UpdateWriter, stop <-chan struct{}) error {
	if !s.visits.enter() {
		return nil
	}
	defer s.visits.leave()
	return s.SessionIMAP4rev2.Idle(w, stop)
}

// Addr returns host:port.
func (s *Server) Addr() string { return s.listener.Addr().String() }

// Deliver puts a mail into its folder; clients that IDLE there are told.
func (s *Server) Deliver(m Mail) error {
	const op = crm.Op("demo.Server.Deliver")
	r := literal{bytes.NewReader(m.Raw)}
	if _, err := s.user.Append(m.Folder, r, &imap.AppendOptions{Flags: m.Flags, Time: m.Date}); err != nil {
		return crm.E(crm.NotFound, op, "cannot deliver into the folder "+m.Folder, err)
	}
	return nil
}

// literal is a mail as the library wants to be handed it.
type literal struct{ *bytes.Reader }

// Size returns the length in bytes.
func (l literal) Size() int64 { return l.Reader.Size() }

// Play delivers the next mails of the world, one per interval, until count
// mails are delivered or ctx ends. It returns nil in both cases.
func (s *Server) Play(ctx context.Context, w *World, interval time.Duration, count int, clock func() time.Time) error {
	tick := time.NewTicker(interval)
	defer tick.Stop()
	for n := range count {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		if err := s.Deliver(w.Next(clock(), n)); err != nil {
			return err
		}
	}
	return nil
}

// shut cuts every connection.
func (s *Server) shut() {
	s.once.Do(func() {
		s.visits.close()
		s.err = s.imap.Close()
		_ = s.listener.Close() // for a context that ended before Serve began
	})
}

// Close stops the server and waits until every session has ended.
func (s *Server) Close() error {
	s.stop()
	s.shut()
	s.visits.wait()
	if s.err != nil {
		return crm.E(crm.Unavailable, "demo.Server.Close", "the demo mailbox did not close cleanly", s.err)
	}
	return nil
}
