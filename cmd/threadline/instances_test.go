package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"iter"
	mathrand "math/rand/v2"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"threadline/internal/crm"
	"threadline/internal/demo"
	"threadline/internal/store"
	"threadline/internal/store/firestore"
	"threadline/internal/testenv"
	"threadline/manifests"
)

// Sizes of the tests with several processes.
const (
	cloudBoxes = 2
	cloudMails = 8 // in each mailbox at the start
	shortLease = 3 * time.Second
)

// cloud is a prepared workspace on the emulator with several mailboxes on one
// Dovecot, and the real binary.
type cloud struct {
	t      *testing.T
	bin    string
	dir    string // key and blobs, which all instances share
	server *testenv.Server
	addr   string // of the emulator
	mails  []demo.Mail
	next   int // of mails
}

func newCloud(t *testing.T) (*cloud, string) {
	t.Helper()
	c := &cloud{t: t, dir: t.TempDir(), addr: emulator.Need(t).Addr, server: testenv.Dovecot(t, testenv.DovecotOptions{})}
	c.bin = buildWithFaults(t)
	for m := range demo.Bulk(400, 11) {
		c.mails = append(c.mails, m)
	}
	for i := range cloudBoxes {
		_, err := c.server.LoadMaildir(login(i), "INBOX", c.some(cloudMails))
		must(t, err)
	}
	must(t, os.WriteFile(filepath.Join(c.dir, "password"), []byte(testenv.Password), 0o600))
	project := c.project()
	stop := c.start(project, "--run", "web")
	for i := range cloudBoxes {
		c.ok(project, "user", "add", address(i))
		c.ok(project, "mailbox", "add", "--owner", address(i), "--imap", c.server.Addr, "--tls", "none", "--login", login(i), "--password-file", filepath.Join(c.dir, "password"))
	}
	stop(syscall.SIGTERM)
	return c, project
}

// faulty is the real binary with the flags of tests, built once for all of them.
var faulty struct {
	sync.Once
	dir, said string
	err       error
}

func buildWithFaults(t *testing.T) string {
	t.Helper()
	faulty.Do(func() {
		if faulty.dir, faulty.err = os.MkdirTemp("", "threadline-"); faulty.err != nil {
			return
		}
		out, err := exec.Command("go", "build", "-tags", "faults", "-o", filepath.Join(faulty.dir, "threadline"), ".").CombinedOutput()
		faulty.said, faulty.err = string(out), err
	})
	if faulty.err != nil {
		t.Fatalf("building the program: %v\n%s", faulty.err, faulty.said)
	}
	return filepath.Join(faulty.dir, "threadline")
}

func login(i int) string   { return fmt.Sprintf("rep%d", i) }
func address(i int) string { return login(i) + "@brightwell.example" }

// some takes the next mails; each goes to one mailbox only.
func (c *cloud) some(n int) iter.Seq[testenv.Mail] {
	return func(yield func(testenv.Mail) bool) {
		for range n {
			m := c.mails[c.next]
			c.next++
			if !yield(testenv.Mail{Raw: m.Raw, Internal: m.Date}) {
				return
			}
		}
	}
}

// deliver puts one more mail into a mailbox.
func (c *cloud) deliver(i int) {
	c.t.Helper()
	for m := range c.some(1) {
		_, err := c.server.Admin(login(i)).Append("INBOX", m)
		must(c.t, err)
	}
}

func (c *cloud) project() string {
	b := make([]byte, 6)
	_, err := rand.Read(b)
	must(c.t, err)
	return "demo-" + hex.EncodeToString(b)
}

// command is the program on a project, with a data folder of its own.
func (c *cloud) command(project, data string, args ...string) *exec.Cmd {
	blobs := url.URL{Scheme: "file", Path: filepath.Join(c.dir, "blobs"), RawQuery: "metadata=skip&create_dir=true&no_tmp_dir=true"}
	cmd := exec.Command(c.bin, args...)
	cmd.Env = append(os.Environ(), "THREADLINE_STORE=firestore", "THREADLINE_FIRESTORE_PROJECT="+project, "THREADLINE_BLOB="+blobs.String(),
		"THREADLINE_KEY_FILE="+filepath.Join(c.dir, "key"), "FIRESTORE_EMULATOR_HOST="+c.addr, "THREADLINE_DATA="+data, "THREADLINE_LEASE="+shortLease.String())
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	return cmd
}

// ok runs a command beside the servers, as an operator on another machine.
func (c *cloud) ok(project string, args ...string) string {
	c.t.Helper()
	var out, said bytes.Buffer
	cmd := c.command(project, c.t.TempDir(), args...)
	cmd.Stdout, cmd.Stderr = &out, &said
	if err := cmd.Run(); err != nil {
		c.t.Fatalf("%v: %v\n%s", args, err, said.String())
	}
	return out.String()
}

// start starts a server; the returned function ends it by a signal and waits.
func (c *cloud) start(project string, args ...string) func(syscall.Signal) {
	c.t.Helper()
	_, stop := c.launch(project, args...)
	return stop
}

func (c *cloud) launch(project string, args ...string) (*os.Process, func(syscall.Signal)) {
	c.t.Helper()
	return launched(c.t, c.command(project, c.t.TempDir(), append([]string{"serve", "--listen", "127.0.0.1:0", "--own-domain", "brightwell.example"}, args...)...))
}

// launched starts a server and waits until it serves.
func launched(t *testing.T, cmd *exec.Cmd) (*os.Process, func(syscall.Signal)) {
	t.Helper()
	_, stop := launchedAt(t, cmd)
	return cmd.Process, stop
}

// launchedAt is launched with the address that the server says.
func launchedAt(t *testing.T, cmd *exec.Cmd) (address string, stop func(syscall.Signal)) {
	t.Helper()
	said := &buffer{}
	cmd.Stderr = said
	must(t, cmd.Start())
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	stopped := false
	stop = func(sig syscall.Signal) {
		if stopped {
			return
		}
		stopped = true
		_ = cmd.Process.Signal(sig) // it may be gone
		select {
		case <-ended:
		case <-time.After(2 * time.Minute):
			_ = cmd.Process.Kill()
			<-ended
			t.Errorf("the server did not stop: %s", said.String())
		}
	}
	t.Cleanup(func() { stop(syscall.SIGKILL) })
	says := regexp.MustCompile(`serves (http\S+)/ `)
	for start := time.Now(); ; time.Sleep(20 * time.Millisecond) {
		if found := says.FindStringSubmatch(said.String()); found != nil {
			return found[1], stop
		}
		if time.Since(start) > 3*time.Minute {
			t.Fatalf("the server does not start: %s", said.String())
		}
	}
}

// copyTo carries everything of a workspace, secrets too, into a new database.
func (c *cloud) copyTo(from, to string) {
	c.t.Helper()
	ctx := c.t.Context()
	src, dst := c.open(from), c.open(to)
	ids, err := src.Workspaces(ctx)
	must(c.t, err)
	for _, info := range store.CollectionInfos() {
		var docs []store.RawDoc
		must(c.t, src.In(ids[0]).EachRaw(ctx, info.Name, func(d store.RawDoc) error { docs = append(docs, d); return nil }))
		must(c.t, dst.In(ids[0]).Restore(ctx, docs))
	}
	must(c.t, src.Close())
	must(c.t, dst.Close())
}

func (c *cloud) open(project string) *store.Store {
	c.t.Helper()
	list, err := store.ParseIndexes(manifests.Indexes)
	must(c.t, err)
	x := store.NewIndexes(list)
	d, err := firestore.Open(c.t.Context(), x, firestore.Options{Project: project, Emulator: c.addr, Jitter: mathrand.Float64, Random: rand.Reader, Now: time.Now})
	must(c.t, err)
	st, err := store.New(d, store.Options{Indexes: x, Now: time.Now, Random: rand.Reader})
	must(c.t, err)
	return st
}

// settled waits until every mailbox is synced and holds what was put there, and
// returns the canonical export.
func (c *cloud) settled(project string, copies int) string {
	c.t.Helper()
	var said string
	for start := time.Now(); time.Since(start) < 3*time.Minute; time.Sleep(300 * time.Millisecond) {
		said = c.ok(project, "mailbox", "status", "--json")
		var page struct {
			Items []struct {
				Synced      bool
				Done, Total int
			}
		}
		must(c.t, json.Unmarshal([]byte(said), &page))
		done := 0
		for _, b := range page.Items {
			if b.Synced && b.Done == b.Total {
				done += b.Total
			}
		}
		if done == copies {
			if out := c.ok(project, "verify"); !strings.Contains(out, " 0 findings") {
				c.t.Errorf("verify: %s", out)
			}
			return c.ok(project, "export")
		}
	}
	c.t.Fatalf("not synced to %d copies: %s", copies, said)
	return ""
}

// TestInstances runs three processes of the real binary on one database and
// kills one at random again and again, while mail arrives: the end state is
// that of one undisturbed process.
func TestInstances(t *testing.T) {
	t.Parallel() // it mostly waits
	c, first := newCloud(t)
	alone, many := c.project(), c.project()
	c.copyTo(first, alone)
	c.copyTo(first, many)
	kills := 2
	if os.Getenv("THREADLINE_SOAK") != "" {
		kills = 20
	}
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	rng := mathrand.New(mathrand.NewPCG(seed, 1))
	var stops [3]func(syscall.Signal)
	for i := range stops {
		stops[i] = c.start(many)
	}
	for range kills {
		time.Sleep(time.Duration(rng.IntN(int(shortLease))))
		c.deliver(rng.IntN(cloudBoxes))
		i := rng.IntN(len(stops))
		stops[i](syscall.SIGKILL)
		stops[i] = c.start(many)
	}
	copies := cloudBoxes*cloudMails + kills
	got := c.settled(many, copies)
	for _, stop := range stops {
		stop(syscall.SIGTERM)
	}
	stop := c.start(alone)
	want := c.settled(alone, copies)
	stop(syscall.SIGTERM)
	if got != want {
		a, b := strings.Split(want, "\n"), strings.Split(got, "\n")
		for i := range min(len(a), len(b)) {
			if a[i] != b[i] {
				t.Fatalf("after %d kills line %d differs (of %d and %d):\n%.600s\n%.600s", kills, i, len(a), len(b), a[i], b[i])
			}
		}
		t.Fatalf("after %d kills there are %d lines, want %d", kills, len(b), len(a))
	}
}

// TestStalledInstance stops a process for two lease lengths while another one
// takes its mailboxes over: when it goes on, it writes nothing more to them.
func TestStalledInstance(t *testing.T) {
	t.Parallel() // it mostly waits
	c, project := newCloud(t)
	stalled, stopFirst := c.launch(project)
	c.settled(project, cloudBoxes*cloudMails)
	first := c.leases(project)
	must(t, stalled.Signal(syscall.SIGSTOP))
	stopSecond := c.start(project)
	for i := range cloudBoxes {
		c.deliver(i)
	}
	c.settled(project, cloudBoxes*(cloudMails+1))
	time.Sleep(2 * shortLease)
	before := c.leases(project)
	for id, now := range before {
		if now.Owner == first[id].Owner || now.Fence <= first[id].Fence {
			t.Errorf("%s is still the stalled process's: %s, fence %d", id, now.Owner, now.Fence)
		}
	}
	must(t, stalled.Signal(syscall.SIGCONT))
	for i := range cloudBoxes {
		c.deliver(i)
	}
	c.settled(project, cloudBoxes*(cloudMails+2))
	time.Sleep(shortLease)
	for id, now := range c.leases(project) {
		switch was := before[id]; {
		case now.Fence < was.Fence:
			t.Errorf("the fence of %s went back from %d to %d", id, was.Fence, now.Fence)
		case now.Fence == was.Fence && now.Owner != was.Owner:
			t.Errorf("%s and %s both held %s with fence %d", was.Owner, now.Owner, id, now.Fence)
		}
	}
	stopFirst(syscall.SIGTERM)
	stopSecond(syscall.SIGTERM)
}

// leases returns who holds each mailbox, and with which fence.
func (c *cloud) leases(project string) map[string]crm.Lease {
	c.t.Helper()
	st := c.open(project)
	defer func() { must(c.t, st.Close()) }()
	ids, err := st.Workspaces(c.t.Context())
	must(c.t, err)
	docs, err := store.Leases.All(c.t.Context(), st.In(ids[0]), store.Query{})
	must(c.t, err)
	out := map[string]crm.Lease{}
	for _, d := range docs {
		out[string(d.Value.ID)] = d.Value
	}
	return out
}

// TestInstanceWithWrongClock: a process whose clock is ten minutes off does not
// start, and nothing that it would do is done.
func TestInstanceWithWrongClock(t *testing.T) {
	t.Parallel() // it mostly waits
	c := &cloud{t: t, dir: t.TempDir(), addr: emulator.Need(t).Addr}
	c.bin = buildWithFaults(t)
	project := c.project()
	off := regexp.MustCompile(`the clock of this machine is (9m5\d|10m\d)s (ahead of|behind) Firestore's`) // as the asking takes a while
	for _, offset := range []string{"10m", "-10m"} {
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
		cmd := c.command(project, t.TempDir(), "serve", "--listen", "127.0.0.1:0", "--clock-offset", offset)
		context.AfterFunc(ctx, func() { _ = cmd.Process.Kill() })
		out, err := cmd.CombinedOutput()
		cancel()
		if err == nil || !off.Match(out) {
			t.Errorf("%s: %v\n%s", offset, err, out)
		}
	}
	if st := c.open(project); st != nil {
		ids, err := st.Workspaces(t.Context())
		must(t, err)
		if len(ids) != 0 {
			t.Errorf("it made %v", ids)
		}
		must(t, st.Close())
	}
}
