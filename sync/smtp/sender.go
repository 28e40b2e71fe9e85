package smtp

import (
	"context"
	"crypto/x509"
	"errors"
	"net"
	"strconv"
	"time"

	"github.com/emersion/go-sasl"

	"threadline/internal/crm"
	"threadline/internal/outbox"
)

// Config is one account on one server.
type Config struct {
	Server   string // host:port
	TLS      crm.TLSMode
	Login    string // "" sends without signing in
	Password Secret
	Auth     func(ctx context.Context) (sasl.Client, error) // in place of the password; nil: there is none
	Name     string                                         // that we greet with; "" is localhost
	RootCAs  *x509.CertPool
	Timeout  time.Duration // of the whole dialogue; 0 is two minutes

	Dial func(ctx context.Context, network, address string) (net.Conn, error)
	// Find looks for sent mails in the account, and returns those that are there; nil:
	// nothing can be looked up.
	Find func(ctx context.Context, ids []crm.RFCID) (map[crm.RFCID]bool, error)
	// Sign puts a signature before a mail; nil: mail goes as it is.
	Sign func(raw []byte) ([]byte, error)
	// Keep puts a copy of a sent mail into the account; nil: its server does.
	Keep func(ctx context.Context, raw []byte)
	// KeepDraft and DropDraft put a draft into the account and take it out again, by
	// its Message-ID; nil: it keeps none for us.
	KeepDraft func(ctx context.Context, id crm.RFCID, raw []byte) error
	DropDraft func(ctx context.Context, id crm.RFCID) error
}

// Secret is text that shows itself only to who converts it to a string.
type Secret string

// String hides the secret from printing.
func (Secret) String() string { return "[redacted]" }

// Sender sends through one account. It is safe for concurrent use: every mail has
// a connection to itself, which is kept for the next one until Close.
type Sender struct {
	cfg  Config
	pool pool
}

// New makes a sender. It fails with crm.Invalid on what cannot work.
func New(cfg Config) (*Sender, error) {
	host, port, err := net.SplitHostPort(cfg.Server)
	if n, wrong := strconv.Atoi(port); err != nil || host == "" || wrong != nil || n < 1 || n > 65535 {
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
	return &Sender{cfg: cfg}, nil
}

// Send hands a mail over.
func (s *Sender) Send(ctx context.Context, m outbox.Mail) (outbox.Receipt, error) {
	ctx, done := context.WithTimeout(ctx, s.cfg.Timeout)
	defer done()
	raw := m.Raw
	if s.cfg.Sign != nil {
		signed, err := s.cfg.Sign(raw)
		if err != nil {
			return outbox.Receipt{}, crm.E(crm.Unavailable, "smtp.Send", "The mail cannot be signed.", err)
		}
		raw = signed
	}
	l, err := s.begin(ctx, m, len(raw))
	if err != nil {
		return outbox.Receipt{}, err
	}
	answer, err := s.body(ctx, l, raw)
	if err != nil {
		return outbox.Receipt{}, err
	}
	if s.cfg.Keep != nil && !m.NoCopy {
		keeping, done := context.WithTimeout(context.WithoutCancel(ctx), s.cfg.Timeout)
		defer done()
		if m.Copy != nil {
			raw = m.Copy()
		}
		s.cfg.Keep(keeping, raw)
	}
	return outbox.Receipt{Remote: crm.Clip(answer, 200)}, nil
}

// begin finds a connection and names sender and recipients on it. A connection
// that was kept, and that the server has hung up on since, is replaced: it never
// heard of the mail.
func (s *Sender) begin(ctx context.Context, m outbox.Mail, size int) (*line, error) {
	if l := s.pool.take(time.Now()); l != nil {
		err := s.named(ctx, l, m, size)
		if err == nil {
			return l, nil
		}
		if !gone(err) || ctx.Err() != nil {
			return nil, err
		}
	}
	l, err := s.dial(ctx)
	if err != nil {
		return nil, err
	}
	return l, s.named(ctx, l, m, size)
}

// named is the envelope on a connection, which ends with a failure: but for a
// refusal of who is to get the mail, after which it is as good as before.
func (s *Sender) named(ctx context.Context, l *line, m outbox.Mail, size int) error {
	stop := context.AfterFunc(ctx, func() { l.Close() })
	defer stop()
	err := l.envelope(m, size)
	if err == nil {
		return nil
	}
	var first atOnce
	if crm.IsKind(err, crm.Invalid) && !errors.As(err, &first) && l.reset() {
		s.pool.give(l, time.Now())
	} else {
		_ = l.Close() // it failed already
	}
	return err
}

// body gives the mail itself over.
func (s *Sender) body(ctx context.Context, l *line, raw []byte) (answer string, err error) {
	const op = crm.Op("smtp.Send")
	stop := context.AfterFunc(ctx, func() { l.Close() })
	defer stop()
	defer func() {
		if err != nil {
			_ = l.Close() // nobody knows where the dialogue stands
		}
	}()
	if err := l.data(); err != nil {
		return "", explain(op, err)
	}
	begun, err := l.wire.body(raw)
	if err != nil && !begun { // without its last line nobody takes it
		return "", explain(op, err)
	}
	if err == nil {
		answer, err = l.answer('2')
	}
	if err == nil && l.beside() > 1 {
		err = outbox.ErrUnasked
	}
	if err != nil {
		return "", afterBody(op, err)
	}
	if l.mails++; stop() {
		s.pool.give(l, time.Now())
	}
	return answer, nil
}

// explain makes an error of what happened before the end of the body: the mail
// was not sent.
func explain(op crm.Op, err error) error {
	var own *crm.Error
	answer, refused := saidBy(err)
	switch {
	case errors.As(err, &own): // there is no token to sign in with
		return own
	case errors.Is(err, net.ErrClosed): // by us, when its time was over
		return crm.Errorf(crm.Unavailable, op, "The SMTP server does not answer in time.")
	case errors.Is(err, outbox.ErrUnasked):
		return crm.E(crm.Unavailable, op, "The SMTP server does not answer what it is asked.", err)
	case !refused:
		return crm.E(crm.Unavailable, op, "The SMTP server cannot be reached, or hung up.", err)
	}
	switch answer.code {
	case 535, 530, 534, 538:
		return crm.E(crm.Unauthorized, op, "The SMTP server refuses the login.", err).WithHint("check login and password; many providers want a password made for this app")
	case 421, 450, 451, 452, 454:
		return crm.E(crm.Throttled, op, "The SMTP server does not take the mail now.", err)
	}
	switch answer.code / 100 {
	case 4:
		return crm.E(crm.Unavailable, op, "The SMTP server has trouble.", err)
	case 2, 3: // no refusal: it answered something that was not asked
		return crm.E(crm.Unavailable, op, "The SMTP server does not answer what it is asked.", err)
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
	if answer, ok := saidBy(err); ok && answer.code >= 400 {
		return explain(op, err)
	}
	return outbox.NotKnown(op, err)
}

// Proves is false: a copy among the sent mail is put there by somebody else,
// after sending.
func (s *Sender) Proves() bool { return false }

// Find looks mails up in the account, where that is possible.
func (s *Sender) Find(ctx context.Context, ids ...crm.RFCID) (map[crm.RFCID]outbox.Receipt, error) {
	if s.cfg.Find == nil {
		return nil, outbox.NotKept("smtp.Find")
	}
	found, err := s.cfg.Find(ctx, ids)
	out := map[crm.RFCID]outbox.Receipt{}
	for id, there := range found {
		if there {
			out[id] = outbox.Receipt{}
		}
	}
	return out, err
}

// SaveDraft puts a draft into the account, where one with its Message-ID stood. It
// is called by that.
func (s *Sender) SaveDraft(ctx context.Context, m outbox.Mail) (string, error) {
	if s.cfg.KeepDraft == nil {
		return "", crm.Errorf(crm.Denied, "smtp.SaveDraft", "This account keeps no drafts for us.")
	}
	return string(m.ID), s.cfg.KeepDraft(ctx, m.ID, m.Raw)
}

// DropDraft takes a draft out of the account.
func (s *Sender) DropDraft(ctx context.Context, m outbox.Mail) error {
	if s.cfg.DropDraft == nil {
		return nil
	}
	return s.cfg.DropDraft(ctx, m.ID)
}
