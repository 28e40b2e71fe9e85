package demo

import (
	"context"
	"io"
	"log"
	"sync"
	"sync/atomic"
	"time"

	"github.com/emersion/go-smtp"

	"threadline/internal/crm"
)

// Sink is an SMTP server (RFC 5321) that accepts every mail and keeps none.
type Sink struct {
	smtp     *smtp.Server
	listener *listener
	stop     func() bool
	once     sync.Once
	done     chan struct{} // closed when the accept loop has ended
	err      error

	mails, recipients, bytes atomic.Int64
}

// Sunk is what a sink has taken so far.
type Sunk struct{ Mails, Recipients, Bytes int64 }

// ServeSMTP opens a sink on a free loopback port until ctx ends or Close is
// called. It wants no authentication and takes mails of up to 32 MB.
func ServeSMTP(ctx context.Context) (*Sink, error) {
	l, err := listen(ctx, "demo.ServeSMTP")
	if err != nil {
		return nil, err
	}
	s := &Sink{listener: l, done: make(chan struct{})}
	s.smtp = smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &delivery{sink: s}, nil }))
	s.smtp.Domain = "mail.brightwell.example"
	s.smtp.MaxMessageBytes = 32 << 20
	s.smtp.MaxRecipients = 1000
	s.smtp.EnableSMTPUTF8 = true
	s.smtp.ReadTimeout, s.smtp.WriteTimeout = time.Minute, time.Minute
	s.smtp.ErrorLog = log.New(io.Discard, "", 0) // it reports every client that hangs up
	go func() {
		defer close(s.done)
		_ = s.smtp.Serve(l) // ends with the listener
	}()
	s.stop = context.AfterFunc(ctx, s.shut)
	return s, nil
}

// Addr returns host:port.
func (s *Sink) Addr() string { return s.listener.Addr().String() }

// Taken returns what came in so far.
func (s *Sink) Taken() Sunk {
	return Sunk{Mails: s.mails.Load(), Recipients: s.recipients.Load(), Bytes: s.bytes.Load()}
}

// shut cuts every connection and waits for their goroutines.
func (s *Sink) shut() {
	s.once.Do(func() {
		// The listener goes first and its loop with it: Shutdown waits for the
		// connections that were counted by then.
		err := s.listener.Close()
		<-s.done
		_ = s.smtp.Shutdown(context.Background()) // closes the listener again, which fails
		s.err = err
	})
}

// Close stops the sink and waits until every connection has ended.
func (s *Sink) Close() error {
	s.stop()
	s.shut()
	if s.err != nil {
		return crm.E(crm.Unavailable, "demo.Sink.Close", "the mail sink did not close cleanly", s.err)
	}
	return nil
}

// delivery is one client's mail in the making.
type delivery struct {
	sink       *Sink
	recipients int64
}

// Mail begins a mail.
func (d *delivery) Mail(string, *smtp.MailOptions) error { d.recipients = 0; return nil }

// Rcpt takes a recipient.
func (d *delivery) Rcpt(string, *smtp.RcptOptions) error { d.recipients++; return nil }

// Data reads the mail to its end and counts it.
func (d *delivery) Data(r io.Reader) error {
	n, err := io.Copy(io.Discard, r)
	if err != nil {
		return err
	}
	d.sink.mails.Add(1)
	d.sink.recipients.Add(d.recipients)
	d.sink.bytes.Add(n)
	return nil
}

// Reset forgets the mail in the making.
func (d *delivery) Reset() { d.recipients = 0 }

// Logout ends the client's session.
func (d *delivery) Logout() error { return nil }
