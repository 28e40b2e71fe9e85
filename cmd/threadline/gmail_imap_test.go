package main

import (
	"slices"
	"strings"
	"testing"

	"threadline/internal/testenv"
)

// TestGmailOverIMAP reads an account through IMAP with the token of its consent, from
// a Dovecot that asks whose a token is: a token that ended early is renewed unseen, a
// consent that was taken back is told with what to do, and given again it goes on.
func TestGmailOverIMAP(t *testing.T) {
	s, g := gmailShell(t, 0)
	server := testenv.Dovecot(t, testenv.DovecotOptions{Tokens: s.env["THREADLINE_GOOGLE_URL"] + "/tokeninfo?access_token="})
	s.env["THREADLINE_GOOGLE_IMAP"] = server.Addr
	deliver := func(ids ...string) {
		t.Helper()
		var mails []testenv.Mail
		for _, id := range ids {
			mails = append(mails, testenv.Mail{Raw: []byte("From: a@acme.example\r\nTo: " + gmailUser + "\r\nMessage-ID: <" + id + "@acme.example>\r\nDate: Fri, 20 Nov 2026 12:00:00 +0000\r\nSubject: " + id + "\r\n\r\nHello.\r\n")})
		}
		_, err := server.LoadMaildir(gmailUser, "INBOX", slices.Values(mails))
		must(t, err)
	}
	deliver("one", "two", "three")
	stop := s.serve()
	defer stop()
	s.ok("user", "add", gmailUser)
	if code, out, said := s.consents("mailbox", "add", "--gmail", "--over-imap", "--owner", gmailUser); code != 0 || !strings.Contains(out, gmailUser+" is connected") {
		t.Fatalf("exit %d: %s%s", code, out, said)
	}
	status := []string{"--json", "mailbox", "status", gmailUser}
	s.awaits("msg_", "--json", "why", "<three@acme.example>", "--as", gmailUser)
	s.awaits(`"synced":true`, status...)

	g.ExpireTokens()
	deliver("later")
	must(t, server.Restart(t.Context()))
	s.run("mailbox", "sync", gmailUser)
	s.awaits("msg_", "--json", "why", "<later@acme.example>", "--as", gmailUser)
	if n := g.Calls()["token"]; n < 2 {
		t.Errorf("%d calls for a token, want that of the consent and a renewal", n)
	}

	g.Revoke(gmailUser)
	deliver("latest")
	must(t, server.Restart(t.Context()))
	s.run("mailbox", "sync", gmailUser)
	out := s.awaits("auth_required", status...)
	if !strings.Contains(out, "revoked") || !strings.Contains(out, "/google/connect?mailbox=mbx_") || strings.Contains(out, "ya29") {
		t.Errorf("the status does not say why and how to repair it: %s", out)
	}
	g.Reset()
	if code, _, said := s.consents("mailbox", "add", "--gmail", "--over-imap", "--again", gmailUser); code != 0 {
		t.Fatalf("exit %d: %s", code, said)
	}
	s.awaits("msg_", "--json", "why", "<latest@acme.example>", "--as", gmailUser)
	s.awaits(`"synced":true`, status...)
	if api := g.Calls()["messages.list"]; api != 0 {
		t.Errorf("the API was asked %d times for mail", api)
	}
}
