package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"
)

// TestSuppressionFiles reads lists of addresses as people have them. No row is
// passed over in silence: who does not want to be written to relies on it.
func TestSuppressionFiles(t *testing.T) {
	t.Parallel()
	s := newShell(t)
	stop, _ := s.serveAt("--log-level", "warn")
	defer stop()
	s.ok("user", "add", "nora@brightwell.example")
	wide := func(text string) string {
		out := []byte{0xff, 0xfe}
		for _, u := range utf16.Encode([]rune(text)) {
			out = append(out, byte(u), byte(u>>8))
		}
		return string(out)
	}
	for name, c := range map[string]struct{ text, want string }{
		"lines":           {"a1@x.example\n\n  A2@x.example  \n", "added 2, already there 0, refused 0"},
		"heading":         {"address\nb1@x.example\n", "added 1, already there 0, refused 0"},
		"mark":            {"\ufeffc1@x.example\nc2@x.example\n", "added 2, already there 0, refused 0"},
		"names first":     {"\"Nowak, Anna\";d1@x.example\nBo;d2@x.example\n", "added 2, already there 0, refused 0"},
		"tabs":            {"e1@x.example\tx\ne2@x.example\ty\n", "added 2, already there 0, refused 0"},
		"names around":    {"Eva <f1@x.example>\n<f2@x.example>\n", "added 2, already there 0, refused 0"},
		"two bytes":       {wide("g1@x.example\r\ng2@x.example\r\n"), "added 2, already there 0, refused 0"},
		"a row too long":  {"h1@x.example\n" + strings.Repeat("z", 2<<20) + "\nh2@x.example\n", "added 2, already there 0, refused 1"},
		"no address":      {"i1@x.example\nBo\na@b@c.example\n", "added 1, already there 0, refused 2"},
		"zero":            {"j1@x.example\n\x00k@x.example\n", "added 1, already there 0, refused 1"},
		"nothing":         {"", "added 0, already there 0, refused 0"},
		"one purpose":     {"address,reason,campaign,at,purpose\nl1@x.example,unsubscribed,,2026-01-01,news\nl2@x.example,bounced,,2026-01-01,\n", "added 2, already there 0, refused 0"},
		"guarded formula": {"'=k1@x.example\n", "added 1, already there 0, refused 0"},
	} {
		file := filepath.Join(t.TempDir(), "list.csv")
		must(t, os.WriteFile(file, []byte(c.text), 0o600))
		if out := s.ok("suppression", "import", file, "--as", "nora@brightwell.example"); !strings.Contains(out, c.want) {
			t.Errorf("%s: %s, want %s", name, out, c.want)
		}
	}
	out := s.ok("suppression", "export", "--as", "nora@brightwell.example")
	for _, a := range []string{"\nc1@x.example,", "\nd1@x.example,", "\nh2@x.example,", "\n'=k1@x.example,"} {
		if !strings.Contains(out, a) {
			t.Errorf("the list lacks %q: %s", a, out)
		}
	}
	s.fails([]string{"no purpose", "moon"}, "suppression", "release", "l1@x.example", "--purpose", "moon", "--as", "nora@brightwell.example")
	s.fails([]string{"not suppressed", "naming the purpose"}, "suppression", "release", "l1@x.example", "--as", "nora@brightwell.example")
	freed := s.ok("suppression", "release", "l1@x.example", "--purpose", "news", "--as", "nora@brightwell.example")
	if now := s.ok("suppression", "export", "--as", "nora@brightwell.example"); strings.Contains(now, "\nl1@") || !strings.Contains(now, "\nl2@") {
		t.Errorf("released: %s", now)
	}
	_, batch, _ := strings.Cut(strings.TrimSuffix(strings.TrimSpace(freed), ")"), "threadline undo ")
	s.ok("undo", batch)
	out = s.ok("suppression", "export", "--as", "nora@brightwell.example")
	if !strings.Contains(out, "\nl1@") {
		t.Errorf("the undo of %q does not bring it back: %s", freed, out)
	}
	for line := range strings.Lines(out) { // whoever wants no news may want all else
		if got := strings.HasSuffix(strings.TrimSpace(line), ",news"); got != strings.HasPrefix(line, "l1@") {
			t.Errorf("the list has %q", line)
		}
	}
}
