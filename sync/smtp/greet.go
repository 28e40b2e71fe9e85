package smtp

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"strings"
	"time"

	"github.com/emersion/go-sasl"
	gosmtp "github.com/emersion/go-smtp"

	"threadline/internal/crm"
	"threadline/internal/outbox"
)

// dial is a new connection that is ready for a mail. A token may end early: when one
// is refused the next one is tried, once.
func (s *Sender) dial(ctx context.Context) (*line, error) {
	l, err := s.dialOnce(ctx)
	if s.cfg.Auth != nil && crm.IsKind(err, crm.Unauthorized) && !crm.IsFinal(err) {
		return s.dialOnce(ctx)
	}
	return l, err
}

func (s *Sender) dialOnce(ctx context.Context) (*line, error) {
	const op = crm.Op("smtp.Send")
	conn, err := s.cfg.Dial(ctx, "tcp", s.cfg.Server)
	if err != nil {
		return nil, outbox.NotReached(explain(op, err))
	}
	stop := context.AfterFunc(ctx, func() { conn.Close() })
	defer stop()
	w, err := s.greet(ctx, conn)
	if err != nil {
		return nil, outbox.NotReached(errors.Join(barred(op, err), ignore(conn.Close())))
	}
	return &line{wire: w}, nil
}

// greet encrypts a connection as the account wants it, says hello and signs in.
func (s *Sender) greet(ctx context.Context, conn net.Conn) (*wire, error) {
	host, _, _ := net.SplitHostPort(s.cfg.Server)
	set := &tls.Config{ServerName: host, RootCAs: s.cfg.RootCAs, MinVersion: tls.VersionTLS12}
	speak := conn
	switch s.cfg.TLS {
	case crm.TLSStart:
		secure, err := s.upgrade(ctx, conn, set)
		if err != nil {
			return nil, err
		}
		// After STARTTLS the server does not greet again.
		conn, speak = secure, &replay{Conn: secure, first: strings.NewReader("220 encrypted\r\n")}
	case crm.TLSNone:
	default:
		secure := tls.Client(conn, set)
		if err := secure.HandshakeContext(ctx); err != nil {
			return nil, err
		}
		conn, speak = secure, secure
	}
	c, err := s.hello(speak)
	if err == nil {
		err = s.signIn(ctx, c)
	}
	if err != nil {
		return nil, err
	}
	return newWire(conn, c), conn.SetDeadline(time.Time{})
}

func (s *Sender) hello(conn net.Conn) (*gosmtp.Client, error) {
	c := gosmtp.NewClient(&scarce{Conn: conn, left: maxGreeting})
	c.CommandTimeout, c.SubmissionTimeout = s.cfg.Timeout, s.cfg.Timeout
	return c, c.Hello(s.cfg.Name)
}

// maxGreeting is how many bytes a server may say until it has taken our login.
const maxGreeting = 64 << 10

// scarce is a connection of which only so much is read: what greets without end is
// no server, and all that it says would be kept.
type scarce struct {
	net.Conn
	left int
}

func (s *scarce) Read(p []byte) (int, error) {
	if s.left <= 0 {
		return 0, errors.New("the server does not end its greeting")
	}
	n, err := s.Conn.Read(p[:min(len(p), s.left)])
	s.left -= n
	return n, err
}

// upgrade begins encryption on a connection that was opened without (RFC 3207).
func (s *Sender) upgrade(ctx context.Context, conn net.Conn, set *tls.Config) (net.Conn, error) {
	c, err := s.hello(conn)
	if err != nil {
		return nil, err
	}
	if offered, _ := c.Extension("STARTTLS"); !offered {
		return nil, crm.Errorf(crm.Denied, "smtp.Send", "The SMTP server offers no encryption.").WithHint("use tls, usually on port 465")
	}
	w := newWire(conn, c)
	if err := errors.Join(conn.SetDeadline(time.Now().Add(s.cfg.Timeout)), w.say("STARTTLS")); err != nil {
		return nil, err
	}
	if _, err := w.answer('2'); err != nil {
		return nil, err
	}
	if w.in.Buffered() > 0 { // somebody on the way wants it to count as encrypted
		return nil, crm.Errorf(crm.Denied, "smtp.Send", "The SMTP server spoke on before the encryption began.")
	}
	secure := tls.Client(conn, set)
	return secure, secure.HandshakeContext(ctx)
}

// replay reads some words before those of a connection.
type replay struct {
	net.Conn
	first io.Reader
}

func (r *replay) Read(p []byte) (int, error) {
	if n, err := r.first.Read(p); err == nil {
		return n, nil
	}
	return r.Conn.Read(p)
}

func (s *Sender) signIn(ctx context.Context, c *gosmtp.Client) error {
	var auth sasl.Client
	switch {
	case s.cfg.Auth != nil:
		var err error
		if auth, err = s.cfg.Auth(ctx); err != nil {
			return err
		}
	case s.cfg.Login != "":
		auth = sasl.NewPlainClient("", s.cfg.Login, string(s.cfg.Password))
	}
	if offered, _ := c.Extension("AUTH"); auth == nil || !offered { // a relay that asks for no login
		return nil
	}
	err := c.Auth(auth)
	if answer, ok := saidBy(err); ok && answer.code/100 == 2 { // 250 where 235 is meant
		return nil
	}
	return scrubbed(err, auth)
}

// scrubbed is what went wrong with a login without the words that signed in, which
// a server may repeat.
func scrubbed(err error, auth sasl.Client) error {
	if err == nil {
		return nil
	}
	_, initial, _ := auth.Start() // it began before
	if answer, ok := saidBy(err); ok {
		return &said{code: answer.code, text: crm.Scrub(answer.text, string(initial))}
	}
	if clean := crm.Scrub(err.Error(), string(initial)); clean != err.Error() {
		return errors.New(clean)
	}
	return err
}

// ignore drops the error of closing what failed already.
func ignore(error) error { return nil }
