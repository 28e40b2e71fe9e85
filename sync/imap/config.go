package imap

import (
	"context"
	"crypto/x509"
	"log/slog"
	"net"
	"strconv"
	"strings"
	"time"

	"github.com/emersion/go-sasl"

	"threadline/internal/crm"
)

// Config is one account on one server.
type Config struct {
	Server   string // host:port; without a port 993 for TLS, else 143
	TLS      crm.TLSMode
	Login    string
	Password Secret
	Auth     func(ctx context.Context) (sasl.Client, error) // in place of the password; nil: there is none
	RootCAs  *x509.CertPool                                 // nil: those of the system

	// Timeout is how long a command may take, and a message beyond what its
	// size explains; 60 s when zero. Progress is how long the server may say
	// nothing in between; Timeout when zero.
	Timeout  time.Duration
	Progress time.Duration

	// IdleFor ends a Wait that nothing happened in; 9 min when zero, which is
	// less than what routers and servers forget connections after. PollEvery
	// is the pause between questions to a server without IDLE; 60 s when zero.
	IdleFor   time.Duration
	PollEvery time.Duration

	// MaxAnswer is how many bytes an answer may have beside the mails in it; 32 MB
	// when zero: the numbers of four million mails.
	MaxAnswer int64

	// Dial opens the TCP connection; nil: net.Dialer.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
}

// Secret is text that shows itself only to who converts it to a string.
type Secret string

const redacted = "[redacted]"

// String hides the secret from printing.
func (Secret) String() string { return redacted }

// GoString hides the secret from %#v.
func (Secret) GoString() string { return redacted }

// MarshalText hides the secret from JSON and the like.
func (Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// LogValue hides the secret from logs.
func (Secret) LogValue() slog.Value { return slog.StringValue(redacted) }

// withDefaults fills in what was left out.
func (c Config) withDefaults() Config {
	if c.TLS == "" {
		c.TLS = crm.TLSImplicit
	}
	c.Server = withPort(c.Server, c.TLS)
	fill := func(d *time.Duration, def time.Duration) {
		if *d <= 0 {
			*d = def
		}
	}
	fill(&c.Timeout, 60*time.Second)
	fill(&c.Progress, c.Timeout)
	fill(&c.IdleFor, 9*time.Minute)
	fill(&c.PollEvery, 60*time.Second)
	if c.MaxAnswer <= 0 {
		c.MaxAnswer = 32 << 20
	}
	if c.Dial == nil {
		c.Dial = (&net.Dialer{}).DialContext
	}
	return c
}

func withPort(server string, mode crm.TLSMode) string {
	if _, _, err := net.SplitHostPort(server); err == nil || server == "" {
		return server
	}
	port := "143"
	if mode == crm.TLSImplicit {
		port = "993"
	}
	return net.JoinHostPort(strings.Trim(server, "[]"), port)
}

// check refuses what cannot work, before anything is sent.
func (c Config) check(op crm.Op) error {
	host, port, err := net.SplitHostPort(c.Server)
	n, numErr := strconv.Atoi(port)
	if err != nil || host == "" || numErr != nil || n < 1 || n > 65535 {
		return crm.Errorf(crm.Invalid, op, "The mail server %q is not host:port.", crm.Clip(c.Server, 80)).
			WithField("server").WithHint("write it like imap.example.org:993")
	}
	switch c.TLS {
	case crm.TLSImplicit, crm.TLSStart:
	case crm.TLSNone:
		if !loopback(host) {
			return crm.Errorf(crm.Invalid, op, "A connection to %s without encryption would show the password to everybody on the way.", host).
				WithField("tls").WithHint("use tls (port 993) or starttls (port 143); none is for a server on this machine")
		}
	default:
		return crm.Errorf(crm.Invalid, op, "The encryption %q is unknown.", crm.Clip(string(c.TLS), 20)).
			WithField("tls").WithHint("one of tls, starttls, none")
	}
	if c.Login == "" {
		return crm.Errorf(crm.Invalid, op, "The login is empty.").WithField("login")
	}
	return nil
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

func (c Config) host() string {
	host, _, _ := net.SplitHostPort(c.Server)
	return host
}
