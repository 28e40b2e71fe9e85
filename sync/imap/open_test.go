package imap_test

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"threadline/internal/crm"
	"threadline/internal/testenv"
	"threadline/sync/imap"
)

// speaker listens and greets every connection with the text, over TLS when
// conf is set.
func speaker(t *testing.T, greeting string, conf *tls.Config) string {
	t.Helper()
	addr := ""
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr = l.Addr().String()
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			if conf != nil {
				c = tls.Server(c, conf)
			}
			_ = c.SetDeadline(time.Now().Add(2 * time.Second))
			_, _ = c.Write([]byte(greeting))
			_, _ = c.Read(make([]byte, 100)) // until the client hangs up
			_ = c.Close()
		}
	}()
	t.Cleanup(func() {
		_ = l.Close()
		<-done
	})
	return addr
}

func TestOpenRefusals(t *testing.T) {
	t.Parallel()
	good, err := testenv.NewCertificate()
	if err != nil {
		t.Fatal(err)
	}
	old, err := testenv.NewExpiredCertificate()
	if err != nil {
		t.Fatal(err)
	}
	with := func(c *testenv.Certificate) *tls.Config { return &tls.Config{Certificates: []tls.Certificate{c.TLS}} }
	const hello = "* OK hello\r\n"
	onTLS := func(addr string) imap.Config {
		_, port, _ := net.SplitHostPort(addr)
		return imap.Config{Server: "localhost:" + port, TLS: crm.TLSImplicit, Login: "anna", Password: "hush-hush"}
	}
	trusted := onTLS(speaker(t, hello, with(old)))
	trusted.RootCAs = old.Roots
	_, port, _ := net.SplitHostPort(speaker(t, hello, with(good)))
	other := onTLS("x:" + port)
	other.RootCAs, other.Server = good.Roots, "127.0.0.2:"+port
	other.Dial = func(ctx context.Context, network, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, network, "127.0.0.1:"+port)
	}
	unknown := onTLS("nowhere:993")
	unknown.Server = "imap.nowhere.invalid:993"
	unknown.Dial = func(context.Context, string, string) (net.Conn, error) {
		return nil, &net.OpError{Op: "dial", Err: &net.DNSError{Err: "no such host", Name: "imap.nowhere.invalid", IsNotFound: true}}
	}
	start := onTLS(script{caps: "IMAP4rev1 LOGINDISABLED", answer: func(c net.Conn, tag, command string) bool {
		say(c, tag+" BAD what?")
		return true
	}}.listen(t))
	start.TLS = crm.TLSStart
	remote := config("mail.example.org:143", "anna")
	noPort := config("localhost:imap", "anna")
	for _, c := range []struct {
		name string
		cfg  imap.Config
		kind crm.ErrorKind
		says string
	}{
		{"unknown signer", onTLS(speaker(t, hello, with(good))), crm.Unavailable, "signed by nobody"},
		{"expired certificate", trusted, crm.Unavailable, "not valid"},
		{"certificate for another name", other, crm.Unavailable, "another name"},
		{"no TLS on the port", onTLS(speaker(t, hello, nil)), crm.Unavailable, "does not speak TLS"},
		{"nobody listens", onTLS("127.0.0.1:1"), crm.Unavailable, "Nothing answers"},
		{"unknown host", unknown, crm.Unavailable, "unknown"},
		{"no STARTTLS", start, crm.Unavailable, "does not offer STARTTLS"},
		{"no greeting", config(speaker(t, "", nil), "anna"), crm.Unavailable, "did not answer"},
		{"busy", config(speaker(t, "* BYE too many\r\n", nil), "anna"), crm.Unavailable, "no connections"},
		{"not IMAP", config(speaker(t, "220 smtp.example.org ESMTP\r\n", nil), "anna"), crm.Unavailable, "not an IMAP server"},
		{"plain text over the net", remote, crm.Invalid, "without encryption"},
		{"a port by name", noPort, crm.Invalid, "host:port"},
		{"no server", imap.Config{Login: "anna"}, crm.Invalid, "host:port"},
		{"no login", imap.Config{Server: "localhost"}, crm.Invalid, "login"},
		{"odd encryption", imap.Config{Server: "localhost", TLS: "ssl3", Login: "anna"}, crm.Invalid, "encryption"},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.cfg.Timeout = 20 * time.Second
			if c.says == "did not answer" {
				c.cfg.Timeout = time.Second
			}
			s, err := imap.New(c.cfg).Open(t.Context())
			if err == nil {
				_ = s.Close()
				t.Fatal("opened")
			}
			var e *crm.Error
			if !errors.As(err, &e) || e.Kind != c.kind || !strings.Contains(e.Msg, c.says) {
				t.Errorf("got %q: %v; want %q saying %q", crm.KindOf(err), err, c.kind, c.says)
			}
			if e != nil && e.Hint == "" && e.Field == "" {
				t.Errorf("no hint in %v", err)
			}
			if strings.Contains(fmt.Sprintf("%v %+v", err, err), "hush-hush") {
				t.Error("the password is in the error")
			}
		})
	}
}

func TestRefusedLogins(t *testing.T) {
	t.Parallel()
	for answer, want := range map[string]crm.ErrorKind{
		"NO [AUTHENTICATIONFAILED] wrong": crm.Unauthorized,
		"NO wrong":                        crm.Unauthorized,
		"NO [UNAVAILABLE] directory down": crm.Unavailable,
		"NO [LIMIT] slow down":            crm.Throttled,
		"BAD what":                        crm.Unauthorized,
	} {
		addr := script{caps: "IMAP4rev1", answer: func(c net.Conn, tag, command string) bool {
			if strings.HasPrefix(command, "LOGIN") {
				say(c, tag+" "+answer)
				return true
			}
			return false
		}}.listen(t)
		if _, err := imap.New(quick(addr)).Open(t.Context()); !crm.IsKind(err, want) {
			t.Errorf("%s: %v of kind %q, want %q", answer, err, crm.KindOf(err), want)
		}
	}
}

// TestPasswordBeyondASCII goes by AUTHENTICATE, also where LOGIN is disabled.
func TestPasswordBeyondASCII(t *testing.T) {
	t.Parallel()
	seen := make(chan string, 2)
	addr := script{caps: "IMAP4rev1 LOGINDISABLED SASL-IR AUTH=PLAIN", answer: func(c net.Conn, tag, command string) bool {
		if strings.HasPrefix(command, "AUTHENTICATE") {
			seen <- command
			say(c, tag+" OK in")
			return true
		}
		return false
	}}.listen(t)
	cfg := quick(addr)
	cfg.Password = "hasło"
	open(t, cfg)
	if got, want := <-seen, "AUTHENTICATE PLAIN AGFubmEAaGFzxYJv"; got != want {
		t.Errorf("sent %q, want %q", got, want)
	}
}

func TestSecretShowsNothing(t *testing.T) {
	cfg := imap.Config{Login: "anna", Password: "hush-hush"}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q"} {
		if out := fmt.Sprintf(verb, cfg); strings.Contains(out, "hush") {
			t.Errorf("%s shows %s", verb, out)
		}
	}
}
