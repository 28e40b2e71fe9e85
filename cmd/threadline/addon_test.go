package main

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
)

// TestAddonManifest: the manifest carries the public address everywhere, and an
// address that Google cannot call is refused with what to do.
func TestAddonManifest(t *testing.T) {
	run := func(args ...string) (code int, out, said string) {
		var stdout, stderr bytes.Buffer
		m := &Main{Args: append(args, "--data", t.TempDir()), Out: &stdout, Err: &stderr, Env: func(string) (string, bool) { return "", false }}
		code = m.Run(t.Context())
		return code, stdout.String(), stderr.String()
	}
	code, out, said := run("addon", "manifest", "--public-url", "https://crm.acme.example")
	if code != 0 || !json.Valid([]byte(out)) || strings.Contains(out, "threadline.example") || strings.Count(out, "https://crm.acme.example/addon/v1/event?t=") != 4 {
		t.Errorf("%d %s%s", code, out, said)
	}
	for _, args := range [][]string{{"addon", "manifest"}, {"addon", "manifest", "--public-url", "http://crm.acme.example"}, {"addon", "manifest", "--public-url", "crm"}} {
		if code, out, said := run(args...); code == 0 || out != "" || !strings.Contains(said, "public-url") {
			t.Errorf("%v: %d %q %q", args, code, out, said)
		}
	}
}
