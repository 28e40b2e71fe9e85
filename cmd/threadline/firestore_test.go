package main

import (
	"crypto/rand"
	"encoding/hex"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"threadline/internal/seal"
)

// onFirestore makes the shell work on an empty database of the emulator.
func (s *shell) onFirestore() *shell {
	s.t.Helper()
	b := make([]byte, 6)
	_, err := rand.Read(b)
	must(s.t, err)
	dir := s.t.TempDir()
	blobs := url.URL{Scheme: "file", Path: filepath.Join(dir, "blobs"), RawQuery: "metadata=skip&create_dir=true&no_tmp_dir=true"}
	s.env = map[string]string{
		"THREADLINE_STORE": "firestore", "THREADLINE_FIRESTORE_PROJECT": "demo-" + hex.EncodeToString(b), "THREADLINE_BLOB": blobs.String(),
		"THREADLINE_KEY_FILE": filepath.Join(dir, "key"), "FIRESTORE_EMULATOR_HOST": emulator.Need(s.t).Addr,
	}
	return s
}

// TestLifeOnFirestore is TestLife on the other engine: the same words, the same
// outcome.
func TestLifeOnFirestore(t *testing.T) {
	s := newShell(t).onFirestore()
	s.fails([]string{"no workspace", "threadline serve"}, "user", "list")
	s.live(s.serve())
}

// TestFirestoreFlags refuses whatever would store mail where nobody meant.
func TestFirestoreFlags(t *testing.T) {
	s := newShell(t)
	args := []string{"user", "list", "--store", "firestore"}
	s.fails([]string{"no Google Cloud project", "--firestore-project"}, args...)
	args = append(args, "--firestore-project", "brightwell-crm")
	s.fails([]string{"large bodies", "--blob gs://"}, args...)
	args = append(args, "--blob", "gs://brightwell-bodies")
	s.fails([]string{"no key file", "--key-file"}, args...)
	args = append(args, "--key-file", filepath.Join(t.TempDir(), "key"))
	for _, name := range []string{"FIRESTORE_EMULATOR_HOST", "STORAGE_EMULATOR_HOST"} {
		s.env = map[string]string{name: "127.0.0.1:1"}
		s.fails([]string{name + " is set", "unset it"}, args...)
	}
	s.env = nil
	s.fails([]string{"emulator only", "FIRESTORE_EMULATOR_HOST"}, append(args, "--firestore-project", "demo-x")...)
}

// TestManifestsNameFlags: every variable that a manifest sets is a flag of
// serve, and the key that the script makes opens.
func TestManifestsNameFlags(t *testing.T) {
	m := newShell(t).main(&buffer{}, &buffer{})
	serve, _, err := m.root().Find([]string{"serve"})
	must(t, err)
	for _, file := range []string{"cloudrun.service.yaml", "Containerfile", "threadline.service"} {
		text, err := os.ReadFile(filepath.Join("../../manifests", file))
		must(t, err)
		found := regexp.MustCompile(`THREADLINE_[A-Z_]+`).FindAllString(string(text), -1)
		if len(found) == 0 {
			t.Errorf("%s sets nothing", file)
		}
		for _, name := range found {
			flag := strings.ToLower(strings.ReplaceAll(strings.TrimPrefix(name, "THREADLINE_"), "_", "-"))
			if serve.Flag(flag) == nil {
				t.Errorf("%s sets %s, and there is no --%s", file, name, flag)
			}
		}
	}
	key, err := exec.Command("bash", "../../manifests/gcloud.sh", "key-file").Output()
	must(t, err)
	file := filepath.Join(t.TempDir(), "key")
	must(t, os.WriteFile(file, key, 0o600))
	_, err = seal.Open(file, false, rand.Reader)
	must(t, err)
}

// TestWorkspacesOnFirestore makes a second workspace of one database, syncs a
// mailbox there, and keeps the two apart, also after a restart.
func TestWorkspacesOnFirestore(t *testing.T) {
	s := newShell(t).onFirestore()
	addr, password := s.mail()
	stop, base := s.serveAt()
	const nora, olga = "nora@brightwell.example", "olga@second.example"
	s.ok("user", "add", nora)
	first := regexp.MustCompile(`tl_\S+`).FindString(s.ok("apikey", "add", nora))
	s.ok("workspace", "add", "Second", "--own-domain", "second.example")
	s.ok("user", "add", olga, "--workspace", "Second")
	second := regexp.MustCompile(`tl_\S+`).FindString(s.ok("apikey", "add", olga, "--workspace", "Second"))
	s.ok("mailbox", "add", "--owner", olga, "--workspace", "Second", "--imap", addr, "--tls", "none", "--login", "nora", "--password-file", password)
	s.ok("mailbox", "status", "--watch", "--workspace", "Second")
	ask := func(method, path, key, body string) (int, string) {
		t.Helper()
		return s.asked(method, base+path, key, body)
	}
	if status, said := ask("POST", "api/v1/contacts", second, `{"values":{"name":"Only there"}}`); status != http.StatusCreated {
		t.Fatalf("%d %s", status, said)
	}
	look := func() {
		t.Helper()
		if _, said := ask("GET", "api/v1/contacts", first, ""); strings.Contains(said, "Only there") {
			t.Errorf("the first workspace shows what is of the second: %s", said)
		}
		if status, said := ask("GET", "api/v1/contacts", second, ""); status != 200 || !strings.Contains(said, "Only there") {
			t.Errorf("the second workspace: %d %s", status, said)
		}
		if status, said := ask("GET", "api/v1/messages?limit=5", second, ""); status != 200 || !strings.Contains(said, "msg_") {
			t.Errorf("the mail of the second workspace: %d %s", status, said)
		}
		if status, said := ask("GET", "api/v1/messages?limit=5", first, ""); status != 200 || strings.Contains(said, "msg_") {
			t.Errorf("the mail of the first workspace: %d %s", status, said)
		}
	}
	look()
	if code, said := stop(); code != 0 {
		t.Fatalf("exit %d: %s", code, said)
	}
	stop, base = s.serveAt()
	look()
	if out := s.ok("verify", "--workspace", "Second"); !strings.Contains(out, " 0 findings") {
		t.Error(out)
	}
	if code, said := stop(); code != 0 {
		t.Errorf("exit %d: %s", code, said)
	}
}
