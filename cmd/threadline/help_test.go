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
