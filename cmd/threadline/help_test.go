package main

import (
	"bytes"
	"strings"
	"testing"
)

// TestHelp: the help of a command tells what the command takes, and that of a
// server what a server takes; each command stands in one chapter.
func TestHelp(t *testing.T) {
	t.Parallel()
	help := func(args ...string) string {
		var out bytes.Buffer
		m := &Main{Args: append(args, "--help"), Out: &out, Err: &out, Env: func(string) (string, bool) { return "", false }}
		if code := m.Run(t.Context()); code != 0 {
			t.Errorf("%v ends with %d: %s", args, code, out.String())
		}
		return out.String()
	}
	for _, args := range [][]string{nil, {"campaign", "add"}, {"why"}} {
		if text := help(args...); !strings.Contains(text, "--data") || strings.Contains(text, "--addon-jwks") || !strings.Contains(text, "threadline serve --help") {
			t.Errorf("the help of %v: %s", args, text)
		}
	}
	if text := help("serve"); !strings.Contains(text, "--addon-jwks") || !strings.Contains(text, "--trusted-proxy") {
		t.Errorf("the help of serve: %s", text)
	}
	if text := help(); strings.Contains(text, "Additional") || !strings.Contains(text, "Mail to many:") {
		t.Errorf("the commands: %s", text)
	}
}

// TestSlips: who mistypes a command, a flag or the number of arguments reads what
// to write.
func TestSlips(t *testing.T) {
	t.Parallel()
	s := newShell(t)
	for _, c := range []struct{ words, args []string }{
		{[]string{"there is no command", "threadline campaign", "?"}, []string{"camapign", "list"}},
		{[]string{"there is no command", "threadline campaign start?"}, []string{"campaign", "strt"}},
		{[]string{"threadline campaign?"}, []string{"help", "campain"}},
		{[]string{"threadline campaign add?"}, []string{"help", "campaign", "ad"}},
		{[]string{"threadline query", "threadline query --help"}, []string{"query"}},
		{[]string{"--jsn", "threadline query --help"}, []string{"query", "contacts", "--jsn"}},
	} {
		s.fails(c.words, c.args...)
	}
	if out := s.ok("help", "campaign", "add"); !strings.Contains(out, "--audience") {
		t.Errorf("help of a command: %s", out)
	}
}
