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
	status, said := s.asked("POST", base+"api/v1/mailboxes", key, `{"server":"`+addr+`","tls":"none","login":"nora","password":"word-of-nora"}`)
	if status != http.StatusUnprocessableEntity || !strings.Contains(said, "--allow-net") {
		t.Errorf("a user reaches this machine: %d %s", status, said)
	}
	s.ok("mailbox", "add", "--owner", "nora@brightwell.example", "--imap", addr, "--tls", "none", "--login", "nora", "--password-file", password)
	if code, said := stop(); code != 0 {
		t.Errorf("exit %d: %s", code, said)
	}
	s.fails([]string{"allow-net"}, "serve", "--listen", "127.0.0.1:0", "--allow-net", "home")
}

// asked is what a server answers to JSON that comes with a key.
func (s *shell) asked(method, url, key, body string) (int, string) {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.t.Context(), method, url, strings.NewReader(body))
	must(s.t, err)
	req.Header.Set("Authorization", "Bearer "+key)
	req.Header.Set("Content-Type", "application/json")
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	res, err := client.Do(req)
	must(s.t, err)
	defer res.Body.Close()
	said, err := io.ReadAll(res.Body)
	must(s.t, err)
	return res.StatusCode, string(said)
}

// serveAt starts a server and also tells where it is.
func (s *shell) serveAt(args ...string) (stop func() (int, string), base string) {
	s.t.Helper()
	told := new(buffer)
	stop = s.serveTo(told, args...)
	base = regexp.MustCompile(`http://[0-9.:]+/`).FindString(told.String())
	return stop, base
}
