package gmailtest

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// Second installs @emulators/google, a server that others wrote, in a folder, once,
// and serves it with so many accounts until the test ends: user0@example.com and
// on, whose address is their refresh token. The test is skipped, loudly, where it
// cannot be installed; in CI that is an error.
func Second(t testing.TB, dir string, accounts int) string {
	t.Helper()
	node, err := exec.LookPath("node")
	npm, err2 := exec.LookPath("npm")
	without := t.Skipf
	if os.Getenv("CI") != "" {
		without = t.Fatalf
	}
	if err != nil || err2 != nil {
		without("SKIPPED, NOT TESTED: Node and npm are not installed")
	}
	if _, err := os.Stat(filepath.Join(dir, "node_modules")); err != nil {
		install := exec.CommandContext(t.Context(), npm, "install", "--no-audit", "--no-fund", "--no-package-lock")
		install.Dir = dir
		if out, err := install.CombinedOutput(); err != nil {
			without("SKIPPED, NOT TESTED: @emulators/google cannot be installed: %v: %s", err, out)
		}
	}
	users := []any{}
	for n := range accounts {
		users = append(users, map[string]any{"email": fmt.Sprintf("user%d@example.com", n)})
	}
	seed, err := json.Marshal(map[string]any{"users": users})
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "seed.json")
	if err := os.WriteFile(file, seed, 0o600); err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(l.Addr().String())
	_ = l.Close()
	cmd := exec.Command(node, "serve.mjs", port, file)
	cmd.Dir = dir
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var said bytes.Buffer
	cmd.Stderr = &said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = in.Close(); _ = cmd.Wait() })
	if line, err := bufio.NewReader(out).ReadString('\n'); err != nil {
		t.Fatalf("the emulator does not start: %q %v %s", line, err, said.String())
	}
	return "http://127.0.0.1:" + port
}
