package smtp_test

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	gosmtp "github.com/emersion/go-smtp"

	"threadline/internal/crm"
	"threadline/internal/outbox"
	"threadline/sync/smtp"
)

// certified is a certificate of 127.0.0.1, and who vouches for it.
func certified(t *testing.T) (*tls.Config, *x509.CertPool) {
	t.Helper()
	s := httptest.NewTLSServer(nil)
	t.Cleanup(s.Close)
	roots := x509.NewCertPool()
	roots.AddCert(s.Certificate())
	return &tls.Config{Certificates: s.TLS.Certificates}, roots
}

// TestEncrypts sends over both kinds of encryption with a login, two mails on one
// connection, and nothing when the server is not who it should be.
func TestEncrypts(t *testing.T) {
	set, roots := certified(t)
	for mode, wrap := range map[crm.TLSMode]func(net.Listener) net.Listener{
		crm.TLSStart:    func(l net.Listener) net.Listener { return l },
		crm.TLSImplicit: func(l net.Listener) net.Listener { return tls.NewListener(l, set) },
	} {
		s := serveOn(t, func(srv *gosmtp.Server, l net.Listener) net.Listener { srv.TLSConfig = set; return wrap(l) })
		cfg := smtp.Config{Server: s.addr, TLS: mode, Login: "nora", Password: "secret", RootCAs: roots, Timeout: 10 * time.Second}
		m := outbox.Mail{ID: "x@own.example", From: "nora@own.example", To: []crm.Address{"anna@acme.example"}, Raw: []byte("Subject: x\r\n\r\nhello\r\n")}
		for range 2 {
			if err := sendBy(t, cfg, m, m); err != nil {
				t.Errorf("%s: %v", mode, err)
			}
		}
		if cfg.RootCAs = nil; sendBy(t, cfg, m) == nil || len(s.received()) != 4 {
			t.Errorf("%s: %d mails arrived, want 4, and none at a stranger's", mode, len(s.received()))
		}
	}
}

// TestNeedsEncryption refuses a server that offers none, and one that speaks on
// before it begins, which somebody on the way may have written.
func TestNeedsEncryption(t *testing.T) {
	for name, lines := range map[string][2]string{"offers none": {"250 mail.test", ""}, "speaks on": {"250-mail.test\r\n250 STARTTLS", "220 go on\r\n250 more"}} {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		done := make(chan bool)
		go func() {
			defer close(done)
			c, err := l.Accept()
			if err != nil {
				return
			}
			defer c.Close()
			in := bufio.NewScanner(c)
			fmt.Fprint(c, "220 mail.test\r\n")
			for in.Scan() {
				answer := lines[0]
				if strings.HasPrefix(in.Text(), "STARTTLS") {
					answer = lines[1]
				}
				fmt.Fprint(c, answer+"\r\n")
			}
		}()
		cfg := smtp.Config{Server: l.Addr().String(), TLS: crm.TLSStart, Timeout: 10 * time.Second}
		err = sendBy(t, cfg, outbox.Mail{From: "nora@own.example", To: []crm.Address{"anna@acme.example"}, Raw: []byte("x\r\n")})
		if !crm.IsKind(err, crm.Denied) {
			t.Errorf("%s: %v", name, err)
		}
		l.Close()
		<-done
	}
}

func sendBy(t *testing.T, cfg smtp.Config, mails ...outbox.Mail) error {
	t.Helper()
	c, err := smtp.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	for _, m := range mails {
		if _, err := c.Send(t.Context(), m); err != nil {
			return err
		}
	}
	return nil
}
