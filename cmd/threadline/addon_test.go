package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
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
	dir := filepath.Join(t.TempDir(), "script")
	if code, _, said := run("addon", "manifest", "--public-url", "https://crm.acme.example", "--script", dir); code != 0 {
		t.Fatal(said)
	}
	for _, name := range []string{"appsscript.json", "main.js", "cards.js", "answers.js", ".claspignore"} {
		b, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil || strings.Contains(string(b), "threadline.example") {
			t.Errorf("%s: %v %s", name, err, b)
		}
	}
	if code, _, said := run("addon", "manifest", "--public-url", "https://crm.acme.example", "--script", dir); code == 0 || !strings.Contains(said, "exists") {
		t.Errorf("a folder is written over: %d %s", code, said)
	}
	for _, args := range [][]string{{"addon", "manifest"}, {"addon", "manifest", "--public-url", "http://crm.acme.example"}, {"addon", "manifest", "--public-url", "crm"}} {
		if code, out, said := run(args...); code == 0 || out != "" || !strings.Contains(said, "public-url") {
			t.Errorf("%v: %d %q %q", args, code, out, said)
		}
	}
}
