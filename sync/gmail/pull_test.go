package gmail_test

import (
	"context"
	"encoding/base64"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"threadline/internal/crm"
	"threadline/sync/gmail"
	"threadline/sync/gmail/gmailtest"
)

// TestPullFromPubSub takes a notice from Google's own emulator and wants a
// session that waits to be woken by it.
func TestPullFromPubSub(t *testing.T) {
	base := pubsub(t)
	put := func(path, body string) {
		t.Helper()
		method := http.MethodPut
		if strings.HasSuffix(path, ":publish") {
			method = http.MethodPost
		}
		r, err := http.NewRequestWithContext(t.Context(), method, base+"/v1/"+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/json")
		res, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		if res.Body.Close(); res.StatusCode != http.StatusOK {
			t.Fatalf("%s: %s", path, res.Status)
		}
	}
	put("projects/tests/topics/notices", "{}")
	put("projects/tests/subscriptions/server", `{"topic": "projects/tests/topics/notices"}`)
	a := newAccount(t, gmailtest.Options{})
	cfg := a.config(a.Grant(rep, gmailtest.ScopeReadonly))
	cfg.Hub, cfg.Poll = gmail.NewHub(), time.Hour
	s, err := gmail.New(cfg).Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if _, err := s.Delta(t.Context(), gmail.AllMail, ""); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	pulled, woken := make(chan error, 1), make(chan error, 1)
	go func() {
		pulled <- (&gmail.Puller{Subscription: "projects/tests/subscriptions/server", Base: base, Hub: cfg.Hub, Log: slog.New(slog.DiscardHandler)}).Run(ctx)
	}()
	go func() { woken <- s.Wait(ctx, gmail.AllMail) }()
	for !cfg.Hub.Waits(crm.Address(rep)) {
		time.Sleep(time.Millisecond)
	}
	a.Add(rep, gmailtest.Mail{Raw: testMail(1).Raw})
	put("projects/tests/topics/notices:publish", fmt.Sprintf(`{"messages": [{"data": %q}]}`, base64.StdEncoding.EncodeToString(a.Notice(rep))))
	select {
	case err := <-woken:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(3 * time.Minute):
		t.Error("nobody was woken")
	}
	cancel()
	<-pulled
}

// pubsub starts Google's emulator until the test ends.
func pubsub(t *testing.T) string {
	t.Helper()
	jars, _ := filepath.Glob("/usr/lib/google-cloud-sdk/platform/pubsub-emulator/lib/*.jar")
	java, err := exec.LookPath("java")
	if err != nil || len(jars) == 0 {
		t.Skip("SKIPPED, NOT TESTED: Google's Pub/Sub emulator is not installed (apt-get install google-cloud-cli-pubsub-emulator)")
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(l.Addr().String())
	_ = l.Close()
	cmd := exec.Command(java, "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-jar", jars[0], "--host=127.0.0.1", "--port="+port)
	cmd.Dir = t.TempDir()
	log, err := os.Create(filepath.Join(cmd.Dir, "out"))
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	for begun := time.Now(); ; time.Sleep(50 * time.Millisecond) {
		if c, err := net.Dial("tcp", "127.0.0.1:"+port); err == nil {
			_ = c.Close()
			return "http://127.0.0.1:" + port
		}
		if time.Since(begun) > 3*time.Minute {
			out, _ := os.ReadFile(log.Name())
			t.Fatalf("the emulator does not start: %s", out)
		}
	}
}
