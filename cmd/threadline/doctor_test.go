package main

import (
	"encoding/json"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"
)

// TestSettings: what does not fit together is told with what to do, and what does
// is not told of.
func TestSettings(t *testing.T) {
	const id = "123-abc.apps.googleusercontent.com"
	for _, tc := range []struct {
		name string
		set  options
		want []string // what is looked at, and a word of the hint
	}{
		{"nothing", options{}, nil},
		{"all", options{public: "https://crm.example", listen: "127.0.0.1:8080", proxies: []string{"127.0.0.1"}, audiences: []string{"a"}, clientID: "c", serviceAccount: "s",
			google: googleOptions{clientID: id, secretFile: "f", topic: "projects/p/topics/t", pushAccount: "x@y", pushAudience: "z"}}, nil},
		{"a secret alone", options{google: googleOptions{secretFile: "f"}}, []string{"Google client", "--google-client-id"}},
		{"no client", options{google: googleOptions{clientID: "my project"}}, []string{"Google client", "apps.googleusercontent.com"}},
		{"no secret", options{public: "https://crm.example", listen: "0.0.0.0:8080", google: googleOptions{clientID: id}}, []string{"Google client", "--google-client-secret-file"}},
		{"a topic alone", options{google: googleOptions{clientID: id, topic: "projects/p/topics/t"}}, []string{"Gmail notices", "--gmail-subscription"}},
		{"no topic", options{google: googleOptions{clientID: id, subscription: "projects/p/subscriptions/s"}}, []string{"Gmail notices", "--gmail-topic"}},
		{"half a topic", options{google: googleOptions{clientID: id, topic: "t", subscription: "projects/p/subscriptions/s"}}, []string{"Gmail notices", "projects/PROJECT/topics/TOPIC"}},
		{"half a subscription", options{google: googleOptions{clientID: id, topic: "projects/p/topics/t", subscription: "s"}}, []string{"Gmail notices", "projects/PROJECT/subscriptions"}},
		{"push without TLS", options{google: googleOptions{clientID: id, topic: "projects/p/topics/t", pushAccount: "x@y"}}, []string{"Gmail notices", "https://"}},
		{"half a sidebar", options{clientID: "c"}, []string{"Gmail sidebar", "manifests/README.md"}},
		{"a script", options{scriptID: "c"}, nil},
		{"a proxy that is not named", options{public: "https://crm.example", listen: "127.0.0.1:8080"}, []string{"proxy", "--trusted-proxy"}},
	} {
		got := tc.set.looks()
		switch {
		case tc.want == nil && len(got) > 0:
			t.Errorf("%s: %+v", tc.name, got)
		case tc.want != nil && (len(got) != 1 || got[0].OK || got[0].What != tc.want[0] || !strings.Contains(got[0].Hint, tc.want[1]) || got[0].Told == ""):
			t.Errorf("%s: %+v, want %v", tc.name, got, tc.want)
		}
	}
}

// nameServer answers TXT and MX by a table and says of anything else that there is
// no such name.
func nameServer(t testing.TB, txt map[string]string) string {
	c, err := net.ListenPacket("udp", "127.0.0.1:0")
	must(t, err)
	done := make(chan struct{})
	go func() {
		defer close(done)
		buf := make([]byte, 1500)
		for {
			n, from, err := c.ReadFrom(buf)
			if err != nil {
				return
			}
			var m dnsmessage.Message
			if m.Unpack(buf[:n]) != nil || len(m.Questions) != 1 {
				continue
			}
			q := m.Questions[0]
			m.Response, m.RCode, m.Additionals = true, dnsmessage.RCodeNameError, nil
			h := dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type, Class: q.Class, TTL: 60}
			if text := txt[strings.TrimSuffix(q.Name.String(), ".")]; text != "" {
				m.RCode = dnsmessage.RCodeSuccess
				if q.Type == dnsmessage.TypeTXT {
					m.Answers = []dnsmessage.Resource{{Header: h, Body: &dnsmessage.TXTResource{TXT: []string{text}}}}
				}
			}
			if out, err := m.Pack(); err == nil {
				_, _ = c.WriteTo(out, from)
			}
		}
	}()
	t.Cleanup(func() { _ = c.Close(); <-done })
	return c.LocalAddr().String()
}

// TestDoctor breaks one thing after the other by hand: each is found, and each
// finding says what to do.
func TestDoctor(t *testing.T) {
	s := newShell(t)
	addr, password := s.mail()
	s.env = map[string]string{"THREADLINE_RESOLVER": nameServer(t, map[string]string{
		"brightwell.example": "v=spf1 -all", "_dmarc.brightwell.example": "v=DMARC1; p=nonsense"})}
	stop := s.serve("--google-client-id", "my project")
	s.ok("user", "add", "nora@brightwell.example")
	s.ok("mailbox", "add", "--owner", "nora@brightwell.example", "--imap", addr, "--tls", "none", "--login", "nora", "--password-file", password)
	box := s.ok("mailbox", "list", "--json")
	id := box[strings.Index(box, "mbx_"):][:30]
	s.ok("mailbox", "edit", id, "--smtp", "mail.brightwell.example:465", "--smtp-tls", "tls")
	found := s.findings()
	for _, what := range []string{"spf of brightwell.example", "dmarc of brightwell.example", "dkim of brightwell.example", "mx of brightwell.example", "Google client"} {
		if f, ok := found[what]; !ok || f.OK || f.Hint == "" {
			t.Errorf("%s: %+v", what, f)
		}
	}
	stop()
	delete(s.env, "THREADLINE_RESOLVER")
	s.breaks("data folder", "chmod 700", func() { must(t, os.Chmod(s.data, 0o755)) }, func() { must(t, os.Chmod(s.data, 0o700)) })
	key := filepath.Join(s.data, "key")
	s.breaks("key file", "chmod 600", func() { must(t, os.Chmod(key, 0o644)) }, func() { must(t, os.Chmod(key, 0o600)) })
	s.breaks("key file", "put it back", func() { must(t, os.Rename(key, key+".away")) }, func() { must(t, os.Rename(key+".away", key)) })
	s.breaks("clock", "set the clock", func() {
		must(t, os.Chtimes(filepath.Join(s.data, "threadline.db"), time.Now(), time.Now().Add(time.Hour)))
	}, func() { must(t, os.Chtimes(filepath.Join(s.data, "threadline.db"), time.Now(), time.Now())) })
	if f := diskSpace(10 << 20); f.OK || !strings.Contains(f.Hint, "make room") {
		t.Errorf("a small disk: %+v", f)
	}
	if f := diskSpace(10 << 30); !f.OK {
		t.Errorf("a large disk: %+v", f)
	}
	s.data = filepath.Join(s.data, "nowhere")
	if f := s.findings()["data folder"]; f.OK || !strings.Contains(f.Hint, "threadline serve") {
		t.Errorf("no folder: %+v", f)
	}
}

// findings are what doctor says, by what it looked at.
func (s *shell) findings() map[string]finding {
	s.t.Helper()
	_, out, said := s.run("doctor", "--json")
	var list struct{ Items []finding }
	if err := json.Unmarshal([]byte(out), &list); err != nil {
		s.t.Fatalf("%v: %s%s", err, out, said)
	}
	all := map[string]finding{}
	for _, f := range list.Items {
		if all[f.What] = f; !f.OK && f.Hint == "" {
			s.t.Errorf("a finding that does not say what to do: %+v", f)
		}
	}
	return all
}

// breaks one thing, wants it found, and mends it.
func (s *shell) breaks(what, hint string, harm, mend func()) {
	s.t.Helper()
	harm()
	if f := s.findings()[what]; f.OK || !strings.Contains(f.Hint, hint) {
		s.t.Errorf("%s: %+v, want %q", what, f, hint)
	}
	mend()
	if f := s.findings()[what]; !f.OK {
		s.t.Errorf("%s is mended, and told of: %+v", what, f)
	}
}
