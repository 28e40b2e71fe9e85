package imap

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"

	goimap "github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
	"github.com/emersion/go-sasl"

	"threadline/internal/crm"
	"threadline/sync/source"
)

// Open connects, protects the connection and signs in. It fails with
// crm.Invalid for a configuration that cannot work or would send the password
// in the clear, with crm.Unauthorized for a refused login, and with
// crm.Unavailable when no protected connection comes about.
func (src *Source) Open(ctx context.Context) (source.Session, error) {
	const op = crm.Op("imap.Open")
	if err := src.cfg.check(op); err != nil {
		return nil, err
	}
	s, err := src.open(ctx, op)
	if src.cfg.Auth != nil && crm.IsKind(err, crm.Unauthorized) && !crm.IsFinal(err) {
		s, err = src.open(ctx, op) // a token may end early, and the next one is new
	}
	if err != nil {
		return nil, err
	}
	return s, nil
}

func (src *Source) open(ctx context.Context, op crm.Op) (*session, error) {
	var auth sasl.Client
	if src.cfg.Auth != nil {
		var err error
		if auth, err = src.cfg.Auth(ctx); err != nil {
			return nil, err
		}
	}
	s, err := src.connect(ctx, op)
	if err != nil {
		return nil, unreachable(ctx, op, src.cfg, err)
	}
	s.auth = auth
	err = s.run(ctx, op, func(*watch) error { return s.signIn(op) })
	if err != nil {
		_ = s.Close()
		return nil, err
	}
	return s, nil
}

// connect ends with a greeting over a connection that may carry a password.
func (src *Source) connect(ctx context.Context, op crm.Op) (*session, error) {
	dialCtx, cancel := context.WithTimeoutCause(ctx, src.cfg.Timeout, errMute)
	defer cancel()
	raw, err := src.cfg.Dial(dialCtx, "tcp", src.cfg.Server)
	if err != nil {
		return nil, err
	}
	s := &session{cfg: src.cfg, conn: guard(raw, src.cfg.MaxAnswer), names: newMender(), news: newNews(), told: map[string]string{}}
	stop := context.AfterFunc(dialCtx, func() { s.conn.abort(context.Cause(dialCtx)) })
	defer stop()
	s.conn.arm(src.cfg.Progress)
	defer s.conn.arm(0)
	if err := s.protect(dialCtx, op); err != nil {
		_ = s.conn.Close()
		return nil, s.handshakeFailed(op, err)
	}
	if err := s.greeted(); err != nil {
		_ = s.Close()
		return nil, s.noGreeting(op, err)
	}
	return s, nil
}

// greeted waits for the server's greeting. When the server hangs up right after it,
// the library has both and tells either, by chance: it is asked until that is the
// greeting, or often enough to know that there was none.
func (s *session) greeted() error {
	err := s.client.WaitGreeting()
	for range 60 {
		if err == nil || refusal(err) != nil {
			break
		}
		err = s.client.WaitGreeting()
	}
	return err
}

// handshakeFailed prefers our own reason to the error that it caused.
func (s *session) handshakeFailed(op crm.Op, err error) error {
	if reason, _ := s.conn.verdict(); reason != nil {
		return reason
	}
	return err
}

func (s *session) noGreeting(op crm.Op, err error) error {
	reason, failed := s.conn.verdict()
	switch no := refusal(err); {
	case no != nil:
		return crm.E(crm.Unavailable, op, "The mail server takes no connections now.", clipped(no)).WithHint("it is tried again by itself")
	case reason != nil:
		return reason
	case failed != nil:
		return errors.Join(failed, err)
	}
	return s.noServer(op, err)
}

func (s *session) noServer(op crm.Op, err error) error {
	return crm.E(crm.Unavailable, op, fmt.Sprintf("What answers at %s is not an IMAP server.", s.cfg.Server), err).
		WithHint("check server and port; usual is 993 with tls")
}

func (s *session) protect(ctx context.Context, op crm.Op) error {
	opts := &imapclient.Options{UnilateralDataHandler: s.news.handler(), TLSConfig: &tls.Config{
		ServerName: s.cfg.host(), RootCAs: s.cfg.RootCAs, MinVersion: tls.VersionTLS12, NextProtos: []string{"imap"}}}
	switch s.cfg.TLS {
	case crm.TLSNone:
		// The name may resolve to anywhere; what counts is where it led.
		if a, ok := s.conn.RemoteAddr().(*net.TCPAddr); ok && !a.IP.IsLoopback() {
			return crm.Errorf(crm.Invalid, op, "The mail server is not on this machine, and the connection would not be encrypted.").WithField("tls")
		}
		s.names.Conn = s.conn
		s.client = imapclient.New(s.names, opts)
	case crm.TLSStart:
		conn, err := s.startTLS(ctx, op, opts.TLSConfig)
		if err != nil {
			return err
		}
		s.names.Conn = conn
		s.client = imapclient.New(s.names, opts)
	default:
		conn := tls.Client(s.conn, opts.TLSConfig)
		if err := conn.HandshakeContext(ctx); err != nil {
			return err
		}
		s.names.Conn = conn
		s.client = imapclient.New(s.names, opts)
	}
	return nil
}

// signIn ends with the capabilities that hold for the signed-in user.
func (s *session) signIn(op crm.Op) error {
	caps := s.client.Caps()
	if s.client.State() == goimap.ConnStateNotAuthenticated {
		if err := s.login(caps); err != nil {
			return refusedLogin(op, s.scrubbed(err), s.auth != nil)
		}
		caps = s.client.Caps()
	}
	if caps == nil {
		return errors.New("the server did not tell its capabilities")
	}
	s.caps = caps
	return s.enable()
}

// scrubbed is what went wrong with a login without the words that signed in, which
// a server may repeat.
func (s *session) scrubbed(err error) error {
	secrets := []string{string(s.cfg.Password)}
	if s.auth != nil {
		if _, initial, err := s.auth.Start(); err == nil {
			secrets = append(secrets, string(initial))
		}
	}
	if no := refusal(err); no != nil {
		clean := *no
		clean.Text = crm.Scrub(no.Text, secrets...)
		return &clean
	}
	if clean := crm.Scrub(err.Error(), secrets...); clean != err.Error() {
		return errors.New(clean)
	}
	return err
}

// enable switches a server of both revisions to IMAP4rev2: it expects folder
// names in modified UTF-7 until then (RFC 9051 §6.3.1), and the library writes
// them in UTF-8 as soon as the revision is announced. A server that refuses
// stays as it is.
func (s *session) enable() error {
	_, both := s.caps[goimap.CapIMAP4rev1]
	if !both || !s.has(goimap.CapIMAP4rev2) {
		return nil
	}
	if _, err := s.client.Enable(goimap.CapIMAP4rev2).Wait(); refusal(err) == nil {
		return err
	}
	return nil
}

// login prefers LOGIN, which every server has; AUTHENTICATE PLAIN (RFC 4616)
// carries text beyond ASCII and works where LOGIN is disabled.
func (s *session) login(caps goimap.CapSet) error {
	if s.auth != nil {
		return s.client.Authenticate(s.auth)
	}
	login, password := s.cfg.Login, string(s.cfg.Password)
	plain := caps.Has(goimap.AuthCap("PLAIN"))
	if plain && (caps.Has(goimap.CapLoginDisabled) || !ascii(login+password)) {
		return s.client.Authenticate(sasl.NewPlainClient("", login, password))
	}
	return s.client.Login(login, password).Wait()
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}
