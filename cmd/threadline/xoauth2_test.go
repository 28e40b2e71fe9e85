package main

import (
	"bufio"
	"encoding/base64"
	"fmt"
	"net"
	"strings"
	"sync"
	"testing"

	"threadline/internal/crm"
	"threadline/internal/outbox"
	"threadline/sync/gmail"
	"threadline/sync/gmail/gmailtest"
	"threadline/sync/smtp"
)

// bearers is Gmail's SMTP server as far as signing in goes: it refuses the first
// token that it sees, as it does to one that was taken back.
type bearers struct {
	net.Listener
	wg sync.WaitGroup

	mu       sync.Mutex
	ended    string
	refusals int
	mails    int
	others   []string // what it was not meant to hear
}

func newBearers(t testing.TB) *bearers {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	b := &bearers{Listener: l}
	b.wg.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			b.wg.Go(func() { defer c.Close(); b.serve(c) })
		}
	})
	t.Cleanup(func() { _ = l.Close(); b.wg.Wait() })
	return b
}

func (b *bearers) serve(c net.Conn) {
	fmt.Fprint(c, "220 smtp.gmail.test\r\n")
	challenged, in, body := false, false, false
	for lines := bufio.NewScanner(c); lines.Scan(); {
		said := lines.Text()
		if answer := b.answer(said, &challenged, &in, &body); answer != "" {
			fmt.Fprint(c, answer+"\r\n")
		}
	}
}

func (b *bearers) answer(said string, challenged, in, body *bool) string {
	b.mu.Lock()
	defer b.mu.Unlock()
	blob, signs := strings.CutPrefix(said, "AUTH XOAUTH2 ")
	switch {
	case *body && said == ".":
		*body = false
		b.mails++
		return "250 taken"
	case *body:
		return ""
	case strings.HasPrefix(said, "EHLO"):
		return "250-smtp.gmail.test\r\n250 AUTH LOGIN PLAIN XOAUTH2"
	case *challenged && said == "":
		*challenged = false
		return "535-5.7.8 Username and Password not accepted.\r\n535 5.7.8  https://support.google.com/mail/?p=BadCredentials"
	case signs:
		raw, _ := base64.StdEncoding.DecodeString(blob)
		if b.ended == "" {
			b.ended = string(raw)
		}
		if *in = string(raw) != b.ended && strings.HasPrefix(string(raw), "user="+gmailUser+"\x01auth=Bearer ya29."); *in {
			return "235 2.7.0 Accepted"
		}
		b.refusals++
		*challenged = true
		return "334 " + base64.StdEncoding.EncodeToString([]byte(`{"status":"401","schemes":"Bearer","scope":"https://mail.google.com/"}`))
	case said == "DATA" && *in:
		*body = true
		return "354 go on"
	case *in:
		return "250 well"
	}
	if said != "*" { // the library takes back what is over
		b.others = append(b.others, said)
	}
	return "530 sign in first"
}

// TestTokenOverSMTP: two who send from one account with a token that has ended
// early hear of it, renew it once for both, and send each mail once.
func TestTokenOverSMTP(t *testing.T) {
	g := gmailtest.New(gmailtest.Options{ClientID: "client", Secret: "secret"})
	g.AddUser(gmailUser)
	project := gmail.NewProject(gmail.ProjectConfig{ClientID: "client", ClientSecret: "secret", URL: g.Start(t)})
	refresh, server := g.Grant(gmailUser, gmailtest.ScopeMail), newBearers(t)
	send := func(n int) error {
		s, err := smtp.New(smtp.Config{Server: server.Addr().String(), TLS: crm.TLSNone, Auth: project.Tokens(refresh, "connect again").SASL(gmailUser)})
		must(t, err)
		defer func() { _ = outbox.Close(s) }()
		_, err = s.Send(t.Context(), outbox.Mail{ID: crm.RFCID(fmt.Sprintf("tl.%d@x.example", n)), From: gmailUser, To: []crm.Address{"a@acme.example"}, Raw: []byte("Subject: x\r\n\r\nx\r\n")})
		return err
	}
	var wg sync.WaitGroup
	for n := range 2 {
		wg.Go(func() {
			if err := send(n); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if got := g.Calls()["token"]; got != 2 || server.mails != 2 || server.refusals == 0 || len(server.others) > 0 {
		t.Errorf("%d calls for a token, want the first and one renewal; %d mails, %d refusals, unsigned: %q", got, server.mails, server.refusals, server.others)
	}
	g.Revoke(gmailUser)
	server.mu.Lock()
	server.ended = "" // the next token that comes has ended too
	server.mu.Unlock()
	if err := send(3); !crm.IsKind(err, crm.Unauthorized) || !crm.IsFinal(err) || strings.Contains(err.Error(), "ya29") || !strings.Contains(err.Error(), "connect again") {
		t.Errorf("without a consent: %v", err)
	}
	if server.mails != 2 {
		t.Errorf("%d mails went out", server.mails)
	}
}
