package smtp

import (
	"context"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"threadline/internal/crm"
	"threadline/internal/outbox"
)

// TestSink hands a mail to Postfix's smtp-sink, which offers to take a login and
// answers one with 250.
func TestSink(t *testing.T) {
	path := "/usr/sbin/smtp-sink"
	if _, err := os.Stat(path); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("smtp-sink is not installed")
		}
		t.Skip("SKIPPED, NOT TESTED: smtp-sink is not installed (apt-get install postfix)")
	}
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := free.Addr().String()
	free.Close()
	dir := t.TempDir()
	for d := dir; d != os.TempDir() && len(d) > len(os.TempDir()); d = filepath.Dir(d) {
		if err := os.Chmod(d, 0o777); err != nil {
			t.Fatal(err)
		}
	}
	args := []string{"-d", "mail.", address, "10"}
	if os.Getuid() == 0 {
		args = append([]string{"-u", "nobody"}, args...)
	}
	sink := exec.Command(path, args...)
	sink.Dir = dir
	if err := sink.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = sink.Process.Kill(); _ = sink.Wait() })
	s, err := New(Config{Server: address, TLS: crm.TLSNone, Login: "nora", Password: "secret", Dial: (&net.Dialer{}).DialContext})
	if err != nil {
		t.Fatal(err)
	}
	m := outbox.Mail{ID: "one@own.example", From: "nora@own.example", To: []crm.Address{"bo@else.example"}, Raw: []byte("Subject: x\r\n\r\nhello\r\n")}
	for deadline := time.Now().Add(3 * time.Minute); ; time.Sleep(50 * time.Millisecond) {
		if _, err = s.Send(context.Background(), m); err == nil {
			break
		}
		if !crm.IsKind(err, crm.Unavailable) || time.Now().After(deadline) {
			t.Fatal(err)
		}
	}
	files, err := filepath.Glob(filepath.Join(dir, "mail.*"))
	if err != nil || len(files) != 1 {
		t.Fatalf("the sink holds %v, %v", files, err)
	}
	if raw, err := os.ReadFile(files[0]); err != nil || !strings.Contains(string(raw), "hello") {
		t.Errorf("the sink took %q, %v", raw, err)
	}
}
