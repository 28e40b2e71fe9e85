package smtp

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"time"

	"github.com/emersion/go-sasl"
	gosmtp "github.com/emersion/go-smtp"

	"threadline/internal/crm"
	"threadline/internal/outbox"
)

// Config is one account on one server.
type Config struct {
	Server   string // host:port
	TLS      crm.TLSMode
	Login    string // "" sends without signing in
	Password Secret
	Auth     sasl.Client // in place of login and password
	Name     string      // that we greet with; "" is localhost
	RootCAs  *x509.CertPool
	Timeout  time.Duration // of the whole dialogue; 0 is two minutes

	Dial func(ctx context.Context, network, address string) (net.Conn, error)
	// Find looks for a sent mail in the account; nil: nothing can be looked up.
	Find func(ctx context.Context, id crm.RFCID) (bool, error)
	// Keep puts a copy of a sent mail into the account; nil: its server does.
	Keep func(ctx context.Context, raw []byte)
}

// Secret is text that shows itself only to who converts it to a string.
type Secret string

// String hides the secret from printing.
func (Secret) String() string { return "[redacted]" }

// Sender sends through one account. It is safe for concurrent use: every mail has
// a connection of its own.
type Sender struct{ cfg Config }

// New makes a sender. It fails with crm.Invalid on what cannot work.
func New(cfg Config) (*Sender, error) {
	host, _, err := net.SplitHostPort(cfg.Server)
	if err != nil || host == "" {
		return nil, crm.Errorf(crm.Invalid, "smtp.New", "The SMTP server %q is not host:port.", crm.Clip(cfg.Server, 80)).
			WithField("smtp").WithHint("write it like smtp.example.org:465")
	}
	ip := net.ParseIP(host)
	if cfg.TLS == crm.TLSNone && host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return nil, crm.Errorf(crm.Invalid, "smtp.New", "A connection to %s without encryption would show password and mail to everybody on the way.", host).
			WithField("smtp_tls").WithHint("use tls (port 465) or starttls (port 587)")
	}
	if cfg.Timeout == 0 {
		cfg.Timeout = 2 * time.Minute
	}
	if cfg.Dial == nil {
		cfg.Dial = (&net.Dialer{}).DialContext
	}
	if cfg.Name == "" {
		cfg.Name = "localhost"
	}
	return &Sender{cfg}, nil
}

// Send hands a mail over.
func (s *Sender) Send(ctx context.Context, m outbox.Mail) (outbox.Receipt, error) {
	const op = crm.Op("smtp.Send")
	ctx, done := context.WithTimeout(ctx, s.cfg.Timeout)
	defer done()
	c, err := s.open(ctx)
	if err != nil {
		return outbox.Receipt{}, explain(op, err)
	}
	defer c.Close()
	stop := context.AfterFunc(ctx, func() { c.Close() })
	defer stop()
	if err := s.greet(c); err != nil {
		return outbox.Receipt{}, barred(op, err)
	}
	if err := envelope(c, m); err != nil {
		return outbox.Receipt{}, err
	}
	w, err := c.Data()
	if err != nil {
		return outbox.Receipt{}, explain(op, err)
	}
	if _, err := w.Write(m.Raw); err != nil { // without its last line nobody takes it
		return outbox.Receipt{}, explain(op, err)
	}
	said, err := w.CloseWithResponse()
	if err != nil {
		return outbox.Receipt{}, afterBody(op, err)
	}
	_ = c.Quit() // the mail is taken, whatever the server says to that
	if s.cfg.Keep != nil {
		keeping, done := context.WithTimeout(context.WithoutCancel(ctx), s.cfg.Timeout)
		defer done()
		s.cfg.Keep(keeping, m.Raw)
	}
	return outbox.Receipt{Remote: crm.Clip(said.StatusText, 200)}, nil
}

func (s *Sender) open(ctx context.Context) (*gosmtp.Client, error) {
	conn, err := s.cfg.Dial(ctx, "tcp", s.cfg.Server)
	if err != nil {
		return nil, err
	}
	host, _, _ := net.SplitHostPort(s.cfg.Server)
	set := &tls.Config{ServerName: host, RootCAs: s.cfg.RootCAs, MinVersion: tls.VersionTLS12}
	switch s.cfg.TLS {
	case crm.TLSNone:
		return gosmtp.NewClient(conn), nil
	case crm.TLSStart:
		return gosmtp.NewClientStartTLS(conn, set)
	}
	secure := tls.Client(conn, set)
	if err := secure.HandshakeContext(ctx); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return gosmtp.NewClient(secure), nil
}

func (s *Sender) greet(c *gosmtp.Client) error {
	c.CommandTimeout, c.SubmissionTimeout = s.cfg.Timeout, s.cfg.Timeout
	if s.cfg.TLS != crm.TLSStart { // it has said hello by then
		if err := c.Hello(s.cfg.Name); err != nil {
			return err
		}
	}
	auth := s.cfg.Auth
	if auth == nil && s.cfg.Login != "" {
		auth = sasl.NewPlainClient("", s.cfg.Login, string(s.cfg.Password))
	}
	if offered, _ := c.Extension("AUTH"); auth == nil || !offered { // a relay that asks for no login
		return nil
	}
	err := c.Auth(auth)
	var said *gosmtp.SMTPError
	if errors.As(err, &said) && said.Code/100 == 2 { // 250 where 235 is meant
		return nil
	}
	return err
}

// envelope names sender and recipients; one that is refused ends it.
func envelope(c *gosmtp.Client, m outbox.Mail) error {
	const op = crm.Op("smtp.Send")
	if err := c.Mail(string(m.From), &gosmtp.MailOptions{Size: int64(len(m.Raw))}); err != nil {
		return explain(op, err)
	}
	for _, to := range m.To {
		err := c.Rcpt(string(to), nil)
		if err == nil {
			continue
		}
		out := explain(op, err)
		if crm.IsKind(out, crm.Invalid) {
			return crm.E(crm.Invalid, op, "The server refuses the recipient "+string(to)+".", err).WithField("to")
		}
		return out
	}
	return nil
}

// explain makes an error of what happened before the end of the body: the mail
// was not sent.
func explain(op crm.Op, err error) error {
	var said *gosmtp.SMTPError
	if !errors.As(err, &said) {
		return crm.E(crm.Unavailable, op, "The SMTP server cannot be reached, or hung up.", err)
	}
	switch {
	case said.Code == 535 || said.Code == 530 || said.Code == 534 || said.Code == 538:
		return crm.E(crm.Unauthorized, op, "The SMTP server refuses the login.", err).WithHint("check login and password; many providers want a password made for this app")
	case said.Code == 421 || said.Code == 450 || said.Code == 451 || said.Code == 452 || said.Code == 454:
		return crm.E(crm.Throttled, op, "The SMTP server does not take the mail now.", err)
	case said.Temporary():
		return crm.E(crm.Unavailable, op, "The SMTP server has trouble.", err)
	}
	return crm.E(crm.Invalid, op, "The SMTP server refuses the mail.", err)
}

// barred explains what happened before any mail was spoken of: a refusal then is
// about the account, and no fault of a recipient.
func barred(op crm.Op, err error) error {
	out := explain(op, err)
	if crm.IsKind(out, crm.Invalid) {
		return crm.E(crm.Denied, op, "The SMTP server does not let this account send.", err)
	}
	return out
}

// afterBody is a failure after the last line: only what the server says is sure.
func afterBody(op crm.Op, err error) error {
	var said *gosmtp.SMTPError
	if errors.As(err, &said) {
		return explain(op, err)
	}
	return outbox.NotKnown(op, err)
}

// Proves is false: a copy among the sent mail is put there by somebody else,
// after sending.
func (s *Sender) Proves() bool { return false }

// Find looks the mail up in the account, where that is possible.
func (s *Sender) Find(ctx context.Context, id crm.RFCID) (outbox.Receipt, bool, error) {
	if s.cfg.Find == nil {
		return outbox.Receipt{}, false, nil
	}
	ok, err := s.cfg.Find(ctx, id)
	return outbox.Receipt{}, ok, err
}
