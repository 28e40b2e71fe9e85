package main

import (
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
)

// TestUsersDoNotReachInside lets a user name a server on this machine, which is
// refused, and then the operator, who may.
func TestUsersDoNotReachInside(t *testing.T) {
	s := newShell(t)
	addr, password := s.mail()
	stop, base := s.serveAt()
	s.ok("user", "add", "nora@brightwell.example")
	made := s.ok("apikey", "add", "nora@brightwell.example")
	key := regexp.MustCompile(`tl_\S+`).FindString(made)
	req, err := http.NewRequestWithContext(t.Context(), "POST", base+"api/v1/mailboxes",
		strings.NewReader(`{"server":"`+addr+`","tls":"none","login":"nora","password":"word-of-nora"}`))
	must(t, err)
	req.Header.Set("Authorization", "Bearer "+key)
	req.Header.Set("Content-Type", "application/json")
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	res, err := client.Do(req)
	must(t, err)
	said, err := io.ReadAll(res.Body)
	must(t, err)
	must(t, res.Body.Close())
	if res.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(string(said), "--allow-net") {
		t.Errorf("a user reaches this machine: %d %s", res.StatusCode, said)
	}
	s.ok("mailbox", "add", "--owner", "nora@brightwell.example", "--imap", addr, "--tls", "none", "--login", "nora", "--password-file", password)
	if code, said := stop(); code != 0 {
		t.Errorf("exit %d: %s", code, said)
	}
	s.fails([]string{"allow-net"}, "serve", "--listen", "127.0.0.1:0", "--allow-net", "home")
}

// serveAt starts a server and also tells where it is.
func (s *shell) serveAt(args ...string) (stop func() (int, string), base string) {
	s.t.Helper()
	told := new(buffer)
	stop = s.serveTo(told, args...)
	base = regexp.MustCompile(`http://[0-9.:]+/`).FindString(told.String())
	return stop, base
}
