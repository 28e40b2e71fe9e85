package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"threadline/internal/demo"
	"threadline/internal/search"
	"threadline/internal/testenv"
)

// emulator is Google's Firestore for all tests of the package.
var emulator testenv.SharedFirestore

func TestMain(m *testing.M) {
	code := emulator.Main(m)
	if faulty.dir != "" {
		_ = os.RemoveAll(faulty.dir) // of no use any more
	}
	if code == 0 {
		if err := goleak.Find(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = 1
		}
	}
	os.Exit(code)
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// buffer is written by a server while a test reads.
type buffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

// shell runs the program on one data folder.
type shell struct {
	t    testing.TB
	data string
	in   string
	env  map[string]string
}

func newShell(t testing.TB) *shell { return &shell{t: t, data: filepath.Join(t.TempDir(), "data")} }

func (s *shell) main(out, err *buffer, args ...string) *Main {
	return &Main{Args: append([]string{"--data", s.data}, args...), In: strings.NewReader(s.in), Out: out, Err: err,
		Env: func(name string) (string, bool) { v, ok := s.env[name]; return v, ok }}
}

// run returns exit code, standard output and standard error.
func (s *shell) run(args ...string) (int, string, string) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), 4*time.Minute)
	defer cancel()
	var out, err buffer
	code := s.main(&out, &err, args...).Run(ctx)
	return code, out.String(), err.String()
}

// ok runs a command that must succeed.
func (s *shell) ok(args ...string) string {
	s.t.Helper()
	code, out, err := s.run(args...)
	if code != 0 {
		s.t.Fatalf("%v: exit %d\n%s%s", args, code, out, err)
	}
	return out
}

// fails runs a command that must fail and say the words.
func (s *shell) fails(words []string, args ...string) {
	s.t.Helper()
	code, out, err := s.run(args...)
	if code == 0 {
		s.t.Errorf("%v succeeded:\n%s", args, out)
	}
	for _, w := range words {
		if !strings.Contains(err, w) {
			s.t.Errorf("%v does not say %q:\n%s", args, w, err)
		}
	}
}

// serve starts a server; the returned function stops it and returns its exit
// code and what it said.
func (s *shell) serve(args ...string) func() (int, string) { return s.serveTo(new(buffer), args...) }

func (s *shell) serveTo(err *buffer, args ...string) func() (int, string) {
	s.t.Helper()
	ctx, cancel := context.WithCancel(s.t.Context())
	var out buffer
	m := s.main(&out, err, append([]string{"serve", "--listen", "127.0.0.1:0", "--own-domain", "brightwell.example"}, args...)...)
	code := make(chan int, 1)
	go func() { code <- m.Run(ctx) }()
	for start := time.Now(); !strings.Contains(err.String(), "serves http"); time.Sleep(10 * time.Millisecond) {
		if time.Since(start) > 3*time.Minute {
			cancel()
			s.t.Fatalf("the server does not start: %s", err.String())
		}
	}
	return func() (int, string) {
		cancel()
		return <-code, err.String()
	}
}

// mail serves a small mailbox and leaves its password in a file.
func (s *shell) mail() (addr, passwordFile string) {
	s.t.Helper()
	d := demo.NewWorld(time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC), 1)
	d.Mails = d.Mails[len(d.Mails)-60:]
	server, err := demo.ServeIMAP(context.Background(), d, "nora", "word-of-nora")
	must(s.t, err)
	s.t.Cleanup(func() { must(s.t, server.Close()) })
	file := filepath.Join(s.t.TempDir(), "password")
	must(s.t, os.WriteFile(file, []byte("word-of-nora\n"), 0o600))
	return server.Addr(), file
}

// TestLife goes the way of a new user: serve, add, sync, accept, look, undo,
// with and without a running server.
func TestLife(t *testing.T) {
	s := newShell(t)
	s.fails([]string{"no data", "threadline serve"}, "user", "list")
	stop := s.serve()
	s.fails([]string{"in use by process"}, "serve", "--listen", "127.0.0.1:0")
	s.live(stop)
	s.badIndex()
}

// badIndex damages the file by which is searched, which documents alone would
// not have.
func (s *shell) badIndex() {
	t := s.t
	must(t, os.WriteFile(searchFile(s.data), []byte("no index"), 0o600))
	if _, _, said := s.run("user", "list"); !strings.Contains(said, "made anew") { // whatever opens it says so
		t.Errorf("an index that is none is made anew silently: %s", said)
	}
	if _, out, _ := s.run("doctor"); !strings.Contains(out, search.AsideOf(searchFile(s.data))) {
		t.Errorf("doctor does not name the index that was made anew: %s", out)
	}
	must(t, os.Remove(search.AsideOf(searchFile(s.data))))
	if _, out, _ := s.run("doctor"); strings.Contains(out, "made anew") {
		t.Errorf("doctor still names it: %s", out)
	}
}

// live is the life of a new user, from a running server on.
func (s *shell) live(stop func() (int, string)) {
	t := s.t
	imap, password := s.mail()
	const nora = "nora@brightwell.example"
	if out := s.ok("user", "add", nora, "--name", "Nora"); !strings.Contains(out, "/sign-in#") {
		t.Errorf("no link: %s", out)
	}
	s.fails([]string{"user already", "about: email"}, "user", "add", nora)
	add := []string{"mailbox", "add", "--owner", nora, "--imap", imap, "--tls", "none", "--login", "nora", "--password-file", password}
	s.in = "wrong\n"
	s.fails([]string{"refused", "about: password", "what to do"}, append(add[:len(add)-1:len(add)-1], "-")...)
	if out := s.ok(add...); !strings.Contains(out, "status --watch") {
		t.Errorf("nothing to do next: %s", out)
	}
	s.ok("mailbox", "status", "--watch")
	s.ok("mailbox", "pause", nora)
	if out := s.ok("mailbox", "list"); !strings.Contains(out, "paused") {
		t.Errorf("not paused: %s", out)
	}
	s.ok("mailbox", "resume", nora)
	s.ok("mailbox", "status", "--watch")
	out := s.ok("suggest", "--accept", "written-to", "--as", nora, "--json")
	var accepted struct{ Batch string }
	must(t, json.Unmarshal([]byte(out), &accepted))
	if code, said := stop(); code != 0 {
		t.Fatalf("exit %d: %s", code, said)
	}
	s.without(accepted.Batch, nora)
}

// without goes on without a server.
func (s *shell) without(batch, nora string) {
	t := s.t
	before := filepath.Join(t.TempDir(), "before")
	s.ok("export", "-o", before)
	if !strings.Contains(s.ok("query", "companies where name = Caskharbour"), "caskharbour.example") {
		t.Error("the company is not there")
	}
	s.ok("undo", batch)
	s.ok("undo", s.undone(batch))
	after := filepath.Join(t.TempDir(), "after")
	s.ok("export", "-o", after)
	one, err := os.ReadFile(before)
	must(t, err)
	two, err := os.ReadFile(after)
	must(t, err)
	if !bytes.Equal(one, two) {
		t.Error("undo and its undo change the export")
	}
	if out := s.ok("verify"); !strings.Contains(out, " 0 findings") {
		t.Errorf("verify: %s", out)
	}
	s.ok("mailbox", "pause", nora)
	if out := s.ok("mailbox", "list"); !strings.Contains(out, "paused") {
		t.Errorf("not paused: %s", out)
	}
	s.fails([]string{"need attention"}, "doctor")
	s.ok("mailbox", "resume", nora)
	if out := s.ok("mailbox", "sync", "--wait", "30s"); !strings.Contains(out, "live") {
		t.Errorf("not synced: %s", out)
	}
	s.ok("doctor")
	if out := s.ok("mailbox", "audit", nora, "--repair"); !strings.Contains(out, "yes") || !strings.Contains(out, "next sync") {
		t.Errorf("audit: %s", out)
	}
	if out := s.ok("mailbox", "where", nora, "<nix@nowhere.example>"); !strings.Contains(out, "the server has no such mail") {
		t.Errorf("where: %s", out)
	}
	s.ok("mailbox", "edit", nora, "--folder", "INBOX", "--since", "2026-01-31")
	s.fails([]string{"nothing is to be changed"}, "mailbox", "edit", nora)
	s.ok("mailbox", "sync", "--wait", "30s")
	if out := s.ok("mailbox", "status", nora); !strings.Contains(out, "folder_not_chosen") {
		t.Errorf("the choice has no effect: %s", out)
	}
	if out := s.ok("rematch", "--dry-run"); !strings.Contains(out, " 0 would change") {
		t.Errorf("rematch: %s", out)
	}
	if out := s.ok("mailbox", "delete", nora, "--erase"); !strings.Contains(out, "is deleted") {
		t.Errorf("delete: %s", out)
	}
	s.fails([]string{"no mailbox"}, "mailbox", "status", nora)
	if out := s.ok("verify"); !strings.Contains(out, " 0 findings") {
		t.Errorf("verify: %s", out)
	}
}

// undone returns the batch that took a batch back.
func (s *shell) undone(batch string) string {
	s.t.Helper()
	var page struct {
		Items []struct{ Batch, Undoes string }
	}
	must(s.t, json.Unmarshal([]byte(s.ok("changes", "--json")), &page))
	for _, c := range page.Items {
		if c.Undoes == batch {
			return c.Batch
		}
	}
	s.t.Fatal("nothing undoes the batch")
	return ""
}

func TestKeyFile(t *testing.T) {
	s := newShell(t)
	imap, password := s.mail()
	stop := s.serve("--run", "web")
	s.ok("user", "add", "nora@brightwell.example")
	s.ok("mailbox", "add", "--owner", "nora@brightwell.example", "--imap", imap, "--tls", "none", "--login", "nora", "--password-file", password)
	stop()
	key := filepath.Join(s.data, "key")
	must(t, os.Rename(key, key+".away"))
	s.fails([]string{"key file", "is missing", "put the key file back"}, "mailbox", "list")
	s.fails([]string{"is missing"}, "serve", "--listen", "127.0.0.1:0")
	other := newShell(t)
	other.serve()()
	foreign := filepath.Join(other.data, "key")
	s.fails([]string{"is not the one", "put back the key file", "keys lost"}, "serve", "--listen", "127.0.0.1:0", "--key-file", foreign)
	s.fails([]string{"have to be entered again", "--yes"}, "keys", "lost", "--key-file", foreign)
	s.ok("keys", "lost", "--yes", "--key-file", foreign)
	stop = s.serve("--key-file", foreign)
	var out string
	for start := time.Now(); !strings.Contains(out, "trouble since") && time.Since(start) < 15*time.Second; time.Sleep(50 * time.Millisecond) {
		out = s.ok("mailbox", "status")
	}
	if !strings.Contains(out, "trouble since") || !strings.Contains(out, "what to do") {
		t.Errorf("a secret that was given up is not told in the status:\n%s", out)
	}
	s.ok("mailbox", "password", "nora@brightwell.example", "--password-file", password) // and then works
	s.ok("mailbox", "status", "--watch")
	if code, said := stop(); code != 0 {
		t.Errorf("exit %d: %s", code, said)
	}
}

func TestLongDataPath(t *testing.T) {
	s := newShell(t)
	s.data = filepath.Join(s.data, strings.Repeat("long", 30))
	stop := s.serve()
	if _, err := os.Stat(addrFile(s.data)); err != nil {
		t.Fatalf("the short socket is not named: %v", err)
	}
	if out := s.ok("doctor"); !strings.Contains(out, "a server runs") {
		t.Errorf("the server is not found: %s", out)
	}
	stop()
	if _, err := os.Stat(addrFile(s.data)); err == nil {
		t.Error("the name of the socket stays behind")
	}
	s.ok("user", "list")
}

func TestFlags(t *testing.T) {
	s := newShell(t)
	s.fails([]string{"no store", "--store sqlite"}, "serve", "--store", "paper")
	s.fails([]string{"no part"}, "serve", "--run", "web,nix")
	s.fails([]string{"address and a port"}, "serve", "--listen", "nix")
	s.fails([]string{"address of a server"}, "serve", "--listen", "127.0.0.1:0", "--public-url", "nix")
	s.fails([]string{"there is no command"}, "nix")
	s.fails([]string{"time zone"}, "serve", "--listen", "127.0.0.1:0", "--zone", "Mars/Olympus")
	s.env = map[string]string{"THREADLINE_STORE": "firestore"}
	s.fails([]string{"no Google Cloud project"}, "user", "list")
	s.env = map[string]string{"THREADLINE_JSON": "true"}
	if out := s.ok("version"); !strings.HasPrefix(out, "{") {
		t.Errorf("THREADLINE_JSON is not heard: %s", out)
	}
	s.fails([]string{`"code":"not_found"`, `"hint":`}, "user", "list")
}

func TestPlain(t *testing.T) {
	if got := plain("a\x1b[2Jb\u202ec\nd\x00"); got != "a[2Jbc d" {
		t.Errorf("%q", got)
	}
}
