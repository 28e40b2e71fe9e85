package imap_test

import (
	"context"
	"encoding/base64"
	"net"
	"strings"
	"testing"

	"github.com/emersion/go-sasl"

	"threadline/internal/crm"
	"threadline/sync/imap"
)

// mechanism is a client that tells everything at once, as XOAUTH2 does.
type mechanism struct{ said string }

func (m mechanism) Start() (string, []byte, error) { return "XOAUTH2", []byte(m.said), nil }
func (m mechanism) Next([]byte) ([]byte, error)    { return []byte{}, nil }
func with(said string) func(context.Context) (sasl.Client, error) {
	return func(context.Context) (sasl.Client, error) { return mechanism{said}, nil }
}

// TestConsentInPlaceOfPassword: a mailbox with a consent sends no LOGIN; a
// refusal, after its reasons were heard, says what to do; no token, no connection.
func TestConsentInPlaceOfPassword(t *testing.T) {
	const good = "user=n@x.example\x01auth=Bearer good\x01\x01"
	said, caps := make(chan string, 20), "IMAP4rev1 SASL-IR AUTH=XOAUTH2"
	challenged := false
	server := script{caps: caps, answer: func(c net.Conn, tag, command string) bool {
		said <- command
		if blob, ok := strings.CutPrefix(command, "AUTHENTICATE XOAUTH2 "); ok {
			token, _ := base64.StdEncoding.DecodeString(blob)
			if string(token) == good {
				say(c, tag+" OK [CAPABILITY "+caps+"] in")
				return true
			}
			challenged = true
			say(c, "+ "+base64.StdEncoding.EncodeToString([]byte(`{"status":"401"}`)))
			return true
		}
		if challenged { // the empty answer to the reasons
			challenged = false
			say(c, "T1 NO [AUTHENTICATIONFAILED] Invalid credentials")
			return true
		}
		return false
	}}.listen(t)
	cfg := imap.Config{Server: server, TLS: crm.TLSNone, Login: "n@x.example", Auth: with(good)}
	s, err := imap.New(cfg).Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	_ = s.Close()
	cfg.Auth = with("user=n@x.example\x01auth=Bearer stale\x01\x01")
	if _, err := imap.New(cfg).Open(t.Context()); !crm.IsKind(err, crm.Unauthorized) || !strings.Contains(err.Error(), "consent") || strings.Contains(err.Error(), "stale") {
		t.Errorf("a refused token: %v", err)
	}
	gone := crm.Errorf(crm.Unauthorized, "test", "revoked").AsFinal()
	cfg.Auth = func(context.Context) (sasl.Client, error) { return nil, gone }
	for len(said) > 0 {
		if c := <-said; strings.HasPrefix(c, "LOGIN") {
			t.Errorf("said %q", c)
		}
	}
	if _, err := imap.New(cfg).Open(t.Context()); !crm.IsKind(err, crm.Unauthorized) || len(said) > 0 {
		t.Errorf("without a token: %v, and %d commands", err, len(said))
	}
}
