package main

import (
	"crypto/rand"
	"encoding/hex"
	"net/url"
	"path/filepath"
	"testing"
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
