package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"threadline/internal/testenv"
)

// TestWhereClosed: whoever asks where a mail is hears of the folder that the server
// lists and does not open, as long as it does not.
func TestWhereClosed(t *testing.T) {
	const nora, login = "nora@brightwell.example", "nora"
	server := testenv.Dovecot(t, testenv.DovecotOptions{})
	for _, folder := range []string{"INBOX", "Shared"} {
		mail := testenv.Mail{Raw: []byte("From: a@acme.example\r\nTo: " + nora + "\r\nMessage-ID: <" + folder + "@acme.example>\r\nDate: Fri, 20 Nov 2026 12:00:00 +0000\r\nSubject: Pumps\r\n\r\nHello.\r\n")}
		_, err := server.LoadMaildir(login, folder, slices.Values([]testenv.Mail{mail}))
		must(t, err)
	}
	must(t, server.CloseFolder(login, "Shared"))
	password := filepath.Join(t.TempDir(), "password")
	must(t, os.WriteFile(password, []byte(testenv.Password), 0o600))
	s := newShell(t)
	stop := s.serve()
	defer stop()
	s.ok("user", "add", nora)
	s.ok("mailbox", "add", "--owner", nora, "--imap", server.Addr, "--tls", "none", "--login", login, "--password-file", password)
	s.awaits("msg_", "--json", "why", "<INBOX@acme.example>", "--as", nora)
	asks := [][]string{
		{"mailbox", "where", nora, "<Shared@acme.example>"},
		{"mailbox", "where", nora, "--subject", "Pumps", "--as", nora},
		{"mailbox", "where", nora, "--subject", "nothing", "--as", nora},
		{"why", "<nix@acme.example>", "--as", nora},
	}
	s.ok("mailbox", "status", "--watch") // ends
	for _, closed := range []bool{true, false} {
		for _, ask := range asks {
			said, raw := s.ok(ask...), strings.Join(strings.Fields(s.ok(append(ask, "--json")...)), "")
			if strings.Contains(said, "not looked through: Shared") != closed || strings.Contains(raw, `"closed":["Shared"]`) != closed {
				t.Errorf("closed %t: %q says %s%s", closed, ask, said, raw)
			}
		}
		if said := s.ok("mailbox", "status", nora); closed && (!strings.Contains(said, `does not open the folder "Shared"`) || !strings.Contains(said, " closed ")) {
			t.Errorf("the status does not name the folder: %s", said)
		}
		must(t, server.OpenFolder(login, "Shared"))
	}
}
