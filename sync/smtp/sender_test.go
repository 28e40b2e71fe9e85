package smtp_test

import (
	"context"
	"errors"
	"io"
	"net"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	gosmtp "github.com/emersion/go-smtp"

	"threadline/internal/crm"
	"threadline/internal/mail"
	"threadline/internal/outbox"
	"threadline/internal/outbox/outboxtest"
	"threadline/sync/smtp"
)

// server is an SMTP server that misbehaves on demand.
type server struct {
	addr string
	srv  *gosmtp.Server

	mu              sync.Mutex
	mails           [][]byte
	drafts          map[crm.RFCID][]byte
	lose, cut, busy bool
}

func serve(t *testing.T) *server {
	return serveOn(t, func(_ *gosmtp.Server, l net.Listener) net.Listener { return l })
}

// serveOn lets a test set the server up before it serves.
func serveOn(t *testing.T, set func(*gosmtp.Server, net.Listener) net.Listener) *server {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &server{addr: l.Addr().String()}
	s.srv = gosmtp.NewServer(gosmtp.BackendFunc(func(c *gosmtp.Conn) (gosmtp.Session, error) { return &visit{s: s, c: c}, nil }))
	s.srv.Domain, s.srv.AllowInsecureAuth = "mail.test", true
	l = set(s.srv, l)
	done := make(chan struct{})
	go func() { defer close(done); _ = s.srv.Serve(l) }()
	t.Cleanup(func() { _ = s.srv.Close(); <-done })
	return s
}

// once tells whether a fault is due, and takes it.
func (s *server) once(f *bool) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	was := *f
	*f = false
	return was
}

func (s *server) order(f *bool) func() {
	return func() { s.mu.Lock(); defer s.mu.Unlock(); *f = true }
}

func (s *server) received() [][]byte { s.mu.Lock(); defer s.mu.Unlock(); return s.mails }

// draft keeps one draft of a name, or drops it.
func (s *server) draft(id crm.RFCID, raw []byte) {
	if s.drafts == nil {
		s.drafts = map[crm.RFCID][]byte{}
	}
	if s.drafts[id] = raw; raw == nil {
		delete(s.drafts, id)
	}
}

func (s *server) kept() (out [][]byte) {
	for _, raw := range s.drafts {
		out = append(out, raw)
	}
	return out
}

type visit struct {
	s *server
	c *gosmtp.Conn
}

func (v *visit) AuthMechanisms() []string { return []string{sasl.Plain} }

func (v *visit) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != "nora" || password != "secret" {
			return gosmtp.ErrAuthFailed
		}
		return nil
	}), nil
}

func (v *visit) Mail(string, *gosmtp.MailOptions) error {
	switch {
	case v.s.once(&v.s.cut):
		return errors.Join(v.c.Conn().Close(), errors.New("cut"))
	case v.s.once(&v.s.busy):
		return &gosmtp.SMTPError{Code: 451, EnhancedCode: gosmtp.EnhancedCode{4, 3, 2}, Message: "later, please"}
	}
	return nil
}

func (v *visit) Rcpt(to string, _ *gosmtp.RcptOptions) error {
	if to == "nobody@acme.example" {
		return &gosmtp.SMTPError{Code: 550, EnhancedCode: gosmtp.EnhancedCode{5, 1, 1}, Message: "no such user"}
	}
	return nil
}

func (v *visit) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	v.s.mu.Lock()
	v.s.mails = append(v.s.mails, raw)
	v.s.mu.Unlock()
	if v.s.once(&v.s.lose) {
		return errors.Join(v.c.Conn().Close(), errors.New("cut"))
	}
	return nil
}

func (v *visit) Reset()        {}
func (v *visit) Logout() error { return nil }

func TestSender(t *testing.T) {
	outboxtest.Run(t, func(t *testing.T) outboxtest.Harness {
		s := serve(t)
		sender := func(t *testing.T, password string) outbox.Sender {
			c, err := smtp.New(smtp.Config{Server: s.addr, TLS: crm.TLSNone, Login: "nora", Password: smtp.Secret(password), Timeout: 10 * time.Second,
				Find: func(_ context.Context, ids []crm.RFCID) (map[crm.RFCID]bool, error) {
					out := map[crm.RFCID]bool{}
					for _, raw := range s.received() {
						if id := mail.Parse(raw).RFCID; slices.Contains(ids, id) {
							out[id] = true
						}
					}
					return out, nil
				},
				KeepDraft: func(_ context.Context, id crm.RFCID, raw []byte) error { s.draft(id, raw); return nil },
				DropDraft: func(_ context.Context, id crm.RFCID) error { s.draft(id, nil); return nil }})
			if err != nil {
				t.Fatal(err)
			}
			return c
		}
		return outboxtest.Harness{Sender: sender(t, "secret"), From: "nora@ours.example", To: "anna@acme.example", Refused: "nobody@acme.example",
			Received: s.received, LoseOne: s.order(&s.lose), CutOne: s.order(&s.cut), BusyOne: s.order(&s.busy),
			Drafts: s.kept, Forget: func() { s.drafts = nil },
			Wrong: func(t *testing.T) outbox.Sender { return sender(t, "wrong") }}
	})
}

func TestRefusesOpenConnections(t *testing.T) {
	for _, bad := range []smtp.Config{{Server: "smtp.example.org:25", TLS: crm.TLSNone}, {Server: "smtp.example.org", TLS: crm.TLSImplicit},
		{Server: "smtp.example.org:", TLS: crm.TLSImplicit}, {Server: "smtp.example.org:0", TLS: crm.TLSImplicit}, {Server: "smtp.example.org:65536", TLS: crm.TLSImplicit}, {Server: ":25", TLS: crm.TLSImplicit}} {
		if _, err := smtp.New(bad); !crm.IsKind(err, crm.Invalid) {
			t.Errorf("%s with %s: %v", bad.Server, bad.TLS, err)
		}
	}
}

// TestKeepsTheCopy: what tracks who reads a mail does not stand in the copy that
// its sender opens.
func TestKeepsTheCopy(t *testing.T) {
	srv := serve(t)
	var kept []string
	c, err := smtp.New(smtp.Config{Server: srv.addr, TLS: crm.TLSNone, Timeout: 5 * time.Second, Keep: func(_ context.Context, raw []byte) { kept = append(kept, string(raw)) }})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	m := outbox.Mail{ID: "x@own.example", From: "nora@own.example", To: []crm.Address{"anna@acme.example"}, Raw: []byte("A: b\r\n\r\ntracked\r\n")}
	for _, copied := range []func() []byte{nil, func() []byte { return []byte("A: b\r\n\r\nplain\r\n") }} {
		m.Copy = copied
		if _, err := c.Send(t.Context(), m); err != nil {
			t.Fatal(err)
		}
	}
	if len(kept) != 2 || kept[0] != string(m.Raw) || kept[1] != "A: b\r\n\r\nplain\r\n" {
		t.Errorf("kept %q", kept)
	}
	for _, got := range srv.received() {
		if string(got) != string(m.Raw) {
			t.Errorf("sent %q", got)
		}
	}
}
