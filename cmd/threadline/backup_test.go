package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"threadline/internal/backup"
	"threadline/internal/crm"
	"threadline/internal/store"
)

// writing is several who make numbered contacts, each one after the other, until
// told to stop; all together at a rate.
type writing struct {
	done  []atomic.Int64 // of each: answered
	wg    sync.WaitGroup
	slow  atomic.Int64 // longest answer, ns
	total atomic.Int64
}

// write starts writers. A rate of 0 is as fast as they can.
func write(t *testing.T, ctx context.Context, base, key string, writers int, rate float64) *writing {
	w := &writing{done: make([]atomic.Int64, writers)}
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: writers}}
	t.Cleanup(client.CloseIdleConnections)
	begun := time.Now()
	for who := range writers {
		w.wg.Go(func() {
			for n := 1; ctx.Err() == nil; n++ {
				if rate > 0 {
					due := begun.Add(time.Duration(float64(n*writers+who) / rate * 1e9))
					select {
					case <-time.After(time.Until(due)):
					case <-ctx.Done():
						return
					}
				}
				if !w.one(t, client, base, key, who, n) {
					return
				}
			}
		})
	}
	return w
}

func (w *writing) one(t *testing.T, client *http.Client, base, key string, who, n int) bool {
	begun := time.Now()
	req, err := http.NewRequest("POST", base+"api/v1/contacts", strings.NewReader(fmt.Sprintf(`{"values":{"name":"Number %d of Writer %d"}}`, n, who)))
	if err != nil {
		t.Error(err)
		return false
	}
	req.Header.Set("Authorization", "Bearer "+key)
	req.Header.Set("Content-Type", "application/json")
	res, err := client.Do(req)
	if err != nil {
		t.Error(err)
		return false
	}
	_, _ = io.Copy(io.Discard, res.Body)
	_ = res.Body.Close()
	if res.StatusCode != http.StatusCreated && res.StatusCode != http.StatusOK {
		t.Errorf("contact %d of %d: %s", n, who, res.Status)
		return false
	}
	w.done[who].Store(int64(n))
	w.total.Add(1)
	w.slow.Store(max(w.slow.Load(), int64(time.Since(begun))))
	return true
}

// answered is how far each writer is.
func (w *writing) answered() []int {
	var out []int
	for i := range w.done {
		out = append(out, int(w.done[i].Load()))
	}
	return out
}

var numbered = regexp.MustCompile(`"Number (\d+) of Writer (\d+)"`)

// numbers returns which contacts an export holds, of each writer.
func numbers(t *testing.T, export string, writers int) []map[int]bool {
	t.Helper()
	out := make([]map[int]bool, writers)
	for who := range out {
		out[who] = map[int]bool{}
	}
	for _, m := range numbered.FindAllStringSubmatch(export, -1) {
		n, err := strconv.Atoi(m[1])
		must(t, err)
		who, err := strconv.Atoi(m[2])
		must(t, err)
		out[who][n] = true
	}
	return out
}

// history are the changes of a house in the order in which they were made.
func (s *shell) history() (ids []string) {
	s.t.Helper()
	s.within(func(sp *store.Space) {
		for at, more := store.Position(""), true; more; {
			items, next, err := sp.Changes(s.t.Context(), at, 0)
			must(s.t, err)
			for _, x := range items {
				if x.Change != nil {
					ids = append(ids, x.Change.ID)
				}
			}
			at, more = next, len(items) > 0
		}
	})
	return ids
}

// moveIn restores a backup to a new folder with the key of the old one.
func (s *shell) moveIn(file string) (*shell, restored) {
	s.t.Helper()
	to := newShell(s.t)
	var out restored
	must(s.t, json.Unmarshal([]byte(to.ok("restore", file, "--json")), &out))
	key, err := os.ReadFile(filepath.Join(s.data, "key"))
	must(s.t, err)
	must(s.t, os.WriteFile(filepath.Join(to.data, "key"), key, 0o600))
	return to, out
}

// TestBackup backs up a server that takes writes all the time, in soak as many as it
// can of a thousand a second, then one that rests. What is restored is a prefix of what was
// written: nothing that was answered before is missing, nothing has a gap before it.
func TestBackup(t *testing.T) {
	writers, rate, warm := 4, 0.0, 40
	if os.Getenv("THREADLINE_SOAK") != "" {
		writers, rate, warm = 32, 1000, 5_000
	}
	s := newShell(t)
	addr, password := s.mail()
	stop, base := s.serveAt("--log-level", "warn")
	s.ok("user", "add", "nora@brightwell.example")
	key := regexp.MustCompile(`tl_\S+`).FindString(s.ok("apikey", "add", "nora@brightwell.example"))
	s.ok("mailbox", "add", "--owner", "nora@brightwell.example", "--imap", addr, "--tls", "none", "--login", "nora", "--password-file", password)
	dir := t.TempDir()
	ctx, cancel := context.WithCancel(t.Context())
	begun := time.Now()
	w := write(t, ctx, base, key, writers, rate)
	for w.total.Load() < int64(warm) && time.Since(begun) < time.Minute {
		time.Sleep(time.Millisecond)
	}
	before, all := w.answered(), w.total.Load()
	pace := float64(all) / time.Since(begun).Seconds()
	busy := filepath.Join(dir, "busy.tar")
	s.ok("backup", busy)
	after, meanwhile := w.answered(), w.total.Load()-all
	cancel()
	w.wg.Wait()
	if meanwhile < 2 {
		t.Fatalf("nothing was written meanwhile: %v, %v", before, after)
	}
	t.Logf("%.0f contacts a second; while the backup was made: %d, the slowest in %v", pace, meanwhile, time.Duration(w.slow.Load()))
	to, out := s.moveIn(busy)
	if len(out.Findings) != 0 || out.Checked < all {
		t.Errorf("restored with %+v", out)
	}
	for who, have := range numbers(t, to.ok("export"), writers) {
		if len(have) < before[who] || len(have) > after[who]+1 {
			t.Errorf("%d contacts of writer %d, %d before the backup and %d after it", len(have), who, before[who], after[who])
		}
		for n := 1; n <= len(have); n++ {
			if !have[n] {
				t.Fatalf("contact %d of %d of writer %d is missing: no prefix of what was written", n, len(have), who)
			}
		}
	}
	to.ok("audit", "verify")
	restored := to.history()
	offer := upload(t, base, key, "offer.pdf", "what we offer")
	s.rests(stop, filepath.Join(dir, "rest.tar"))
	whole := s.history()
	if len(restored) < int(all) || len(restored) > len(whole) || !slices.Equal(restored, whole[:min(len(restored), len(whole))]) {
		t.Errorf("%d changes were restored, which are not the first of the %d that were made", len(restored), len(whole))
	}
	s.moves(filepath.Join(dir, "house.jsonl"), offer)
}

// upload keeps a file, and returns the address of its content.
func upload(t *testing.T, base, key, name, content string) string {
	t.Helper()
	req, err := http.NewRequest("POST", base+"api/v1/files?name="+name, strings.NewReader(content))
	must(t, err)
	req.Header.Set("Authorization", "Bearer "+key)
	req.Header.Set("Content-Type", "application/octet-stream")
	client := &http.Client{Transport: &http.Transport{}}
	defer client.CloseIdleConnections()
	res, err := client.Do(req)
	must(t, err)
	defer res.Body.Close()
	var kept crm.StoredFile
	must(t, json.NewDecoder(res.Body).Decode(&kept))
	if kept.Blob != store.BlobName([]byte(content)) {
		t.Fatalf("%s: %+v", res.Status, kept)
	}
	return kept.Blob
}

// moves carries a house that rests to another folder by its full export, and
// then one of which a file was lost.
func (s *shell) moves(file, blob string) {
	t := s.t
	t.Helper()
	was := s.ok("export")
	s.ok("export", "--full", "-o", file)
	to := newShell(t)
	if out := to.ok("import", "--full", file); !strings.Contains(out, "contents of 1 files") {
		t.Errorf("it does not tell of the file: %s", out)
	}
	in := func(s *shell) string { // "" when the house has lost it
		found, err := filepath.Glob(filepath.Join(s.data, "blobs", "*", blob[:2], blob))
		must(t, err)
		return strings.Join(found, "")
	}
	if in(to) == "" {
		t.Error("the file has not moved")
	}
	if now := to.ok("export"); now != was {
		t.Errorf("the new house differs: %d bytes, %d before", len(now), len(was))
	}
	to.fails([]string{"a workspace already"}, "import", "--full", file)
	must(t, os.Remove(in(s)))
	s.fails([]string{"missing: the file offer.pdf", "lacks 1 contents", "last backup"}, "export", "--full", "-o", file)
	s.fails([]string{"promises are broken"}, "verify")
	poor := newShell(t)
	whole, err := os.ReadFile(file)
	must(t, err)
	must(t, os.WriteFile(file+".cut", whole[:bytes.LastIndexByte(whole[:len(whole)-1], '\n')+1], 0o600))
	poor.fails([]string{"last line is missing", "make another"}, "import", "--full", file+".cut")
	for _, command := range []string{"verify", "serve"} {
		poor.fails([]string{"the move was cut", "import --full"}, command)
	}
	if code, out, said := poor.run("import", "--full", file); code != 0 || !strings.Contains(said, "missing: the file offer.pdf") {
		t.Errorf("exit %d: %s%s", code, out, said)
	}
	if now := poor.ok("export"); now != was {
		t.Errorf("the poor house differs: %d bytes, %d before", len(now), len(was))
	}
}

// rests backs up a server that does nothing else, and compares.
func (s *shell) rests(stop func() (int, string), file string) {
	t := s.t
	t.Helper()
	old := s.ok("doctor", "--json")
	s.ok("keys", "rotate")
	if now := s.ok("doctor", "--json"); now == old || !strings.Contains(now, "seals 1 secrets") {
		t.Errorf("the key is the same: %s", now)
	}
	s.ok("verify") // waits until timelines have followed
	was := s.ok("export")
	s.ok("backup", file)
	if code, said := stop(); code != 0 {
		t.Errorf("exit %d: %s", code, said)
	}
	to, _ := s.moveIn(file)
	if now := to.ok("export"); now != was {
		t.Errorf("the restored house differs: %d bytes, %d before", len(now), len(was))
	}
	to.ok("mailbox", "list")
	to.calm()
	if exists(filepath.Join(s.data, ".backup")) || exists(filepath.Join(to.data, stageName)) {
		t.Error("temporary files are left")
	}
	sealed, err := os.ReadFile(filepath.Join(s.data, "key"))
	must(t, err)
	secret := regexp.MustCompile(`"key": "([^"]+)"`).FindSubmatch(sealed)
	archive, err := os.ReadFile(file)
	must(t, err)
	if secret == nil || bytes.Contains(archive, secret[1]) || bytes.Contains(archive, []byte("word-of-nora")) {
		t.Error("the archive holds a key or a password")
	}
	to.fails([]string{"is not empty", "nothing was changed"}, "restore", file)
	brokenArchives(t, archive)
}

// calm looks that nothing of the old house is at work in this one.
func (s *shell) calm() {
	s.t.Helper()
	s.within(func(sp *store.Space) {
		sessions, err := store.Sessions.All(s.t.Context(), sp, store.Query{})
		must(s.t, err)
		leases, err := store.Leases.All(s.t.Context(), sp, store.Query{})
		must(s.t, err)
		if len(sessions)+len(leases) > 0 {
			s.t.Errorf("%d sessions and %d leases live on", len(sessions), len(leases))
		}
	})
}

// within reads the workspaces of a house in which nobody is at work.
func (s *shell) within(f func(sp *store.Space)) {
	s.t.Helper()
	m := &Main{Now: time.Now}
	m.opt.data = s.data
	st, err := m.openCopy(s.t.Context(), m.databaseFile())
	must(s.t, err)
	defer func() { must(s.t, st.Close()) }()
	spaces, err := st.Workspaces(s.t.Context())
	must(s.t, err)
	for _, ws := range spaces {
		f(st.In(ws))
	}
}

func brokenArchives(t testing.TB, archive []byte) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "broken.tar")
	try := func(data []byte, words ...string) {
		t.Helper()
		must(t, os.WriteFile(file, data, 0o600))
		s := newShell(t)
		s.fails(append(words, file), "restore", file)
		if left, err := os.ReadDir(s.data); err != nil || len(left) > 0 {
			t.Errorf("a refused archive leaves %v, %v", left, err)
		}
	}
	try(archive[:len(archive)/2], "was cut")
	try(archive[:len(archive)-2048], "was cut")
	try(nil, "was cut")
	try(bytes.Repeat([]byte("no archive"), 200), "is no backup of threadline")
	try(bytes.Replace(archive, []byte(`"format":1`), []byte(`"format":9`), 1), "newer program")
	flips, noticed := 0, 0
	for at := 0; at < len(archive)-1024; at += max(1, len(archive)/150) {
		data := bytes.Clone(archive)
		data[at] ^= 0x10
		flips++
		if readsAs(t, data) == nil {
			t.Logf("byte %d means nothing", at) // filling between entries
			continue
		}
		noticed++
	}
	if noticed < flips*9/10 {
		t.Errorf("only %d of %d changed bytes were noticed", noticed, flips)
	}
}

func readsAs(t testing.TB, data []byte) error {
	_, err := backup.Read(t.Context(), bytes.NewReader(data), "x", backup.Sink{Data: &bytes.Buffer{}, Blob: func(_ context.Context, _ crm.WorkspaceID, data []byte) (string, error) {
		return store.BlobName(data), nil
	}})
	return err
}

func TestBackupOnFirestore(t *testing.T) {
	s := newShell(t)
	s.env = map[string]string{}
	for _, args := range [][]string{{"backup", "x"}, {"restore", "x"}} {
		s.fails([]string{"gcloud firestore export", "key file"}, append(args, "--store", "firestore", "--firestore-project", "acme", "--blob", "gs://bucket", "--key-file", "k")...)
	}
}
