package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"log"
	mathrand "math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	gosmtp "github.com/emersion/go-smtp"

	"threadline/internal/crm"
	"threadline/internal/testenv"
)

// filing is an SMTP server that files what it takes among the sent mail of the
// account, as the large mail systems do, and counts it.
type filing struct {
	addr string
	sent testenv.Admin
	mu   sync.Mutex
	took map[string]int // by recipient
	all  int
}

func newFiling(t *testing.T, sent testenv.Admin) *filing {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	f := &filing{addr: l.Addr().String(), sent: sent, took: map[string]int{}}
	srv := gosmtp.NewServer(gosmtp.BackendFunc(func(*gosmtp.Conn) (gosmtp.Session, error) { return &filingVisit{f: f}, nil }))
	srv.ErrorLog = log.New(io.Discard, "", 0) // clients are killed
	done := make(chan struct{})
	go func() { defer close(done); _ = srv.Serve(l) }()
	t.Cleanup(func() { _ = srv.Close(); <-done })
	return f
}

type filingVisit struct {
	f  *filing
	to string
}

func (v *filingVisit) Mail(string, *gosmtp.MailOptions) error      { return nil }
func (v *filingVisit) Rcpt(to string, _ *gosmtp.RcptOptions) error { v.to = to; return nil }
func (v *filingVisit) Reset()                                      {}
func (v *filingVisit) Logout() error                               { return nil }

func (v *filingVisit) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	v.f.mu.Lock()
	defer v.f.mu.Unlock()
	v.f.took[v.to]++
	v.f.all++
	_, err = v.f.sent.Append("Sent", testenv.Mail{Raw: raw, Internal: time.Now()})
	return err
}

func (f *filing) count() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.all
}

// mailing is a campaign that is sent by processes that die.
type mailing struct {
	t       *testing.T
	command func(args ...string) *exec.Cmd
	post    *filing
	dir     string
	ahead   time.Duration // of the processes' clock
	step    time.Duration // by which it is set on before those in doubt are looked up; 0: they stay in doubt
	id      string
	people  int
	moved   time.Time // when something was seen to happen last
}

func (m *mailing) start(people int) {
	m.t.Helper()
	server := testenv.Dovecot(m.t, testenv.DovecotOptions{})
	_, err := server.LoadMaildir(login(0), "Sent", func(func(testenv.Mail) bool) {})
	must(m.t, err)
	m.post, m.people = newFiling(m.t, server.Admin(login(0))), people
	secret, page, list := filepath.Join(m.dir, "password"), filepath.Join(m.dir, "letter.html"), filepath.Join(m.dir, "people.csv")
	must(m.t, os.WriteFile(secret, []byte(testenv.Password), 0o600))
	must(m.t, os.WriteFile(page, []byte("<p>Dear {{contact.name}}</p>"), 0o600))
	var rows strings.Builder
	rows.WriteString("name,emails\n")
	for i := range people {
		fmt.Fprintf(&rows, "Person %d,p%d@people.example\n", i, i)
	}
	must(m.t, os.WriteFile(list, []byte(rows.String()), 0o600))
	stop := m.serve("--run", "web")
	m.ok("user", "add", address(0))
	m.ok("role", "give", address(0), "admin")
	as := func(args ...string) []string { return append(args, "--as", address(0)) }
	box := m.made("mailbox", "add", "--owner", address(0), "--imap", server.Addr, "--tls", "none", "--login", login(0), "--password-file", secret, "--smtp", m.post.addr, "--smtp-tls", "none")
	m.ok("mailbox", "edit", box, "--budget", "10000")
	m.ok("mailing", "--postal", "Acme, 1 Main Street")
	m.ok(as("import", list, "--folder", "contacts")...)
	letter := m.made(as("template", "add", page, "--name", "Offer", "--subject", "For {{contact.name}}")...)
	m.id = m.made(as("campaign", "add", "--name", "Autumn", "--template", letter, "--audience", "contacts", "--mailbox", box, "--per-day", "1000000", "--per-minute", "600", "--marketing")...)
	m.ok(as("campaign", "prepare", m.id)...)
	m.until("prepared", func() bool { return strings.Contains(m.ok(as("campaign", "show", m.id, "--json")...), `"ready"`) })
	m.ok(as("campaign", "start", m.id)...)
	stop(syscall.SIGTERM)
}

// ok runs a command beside the processes.
func (m *mailing) ok(args ...string) string {
	m.t.Helper()
	var out, said bytes.Buffer
	cmd := m.timed(args...)
	cmd.Stdout, cmd.Stderr = &out, &said
	if err := cmd.Run(); err != nil {
		m.t.Fatalf("%v: %v\n%s", args, err, said.String())
	}
	return out.String()
}

// made is the id of what a command makes.
func (m *mailing) made(args ...string) string {
	m.t.Helper()
	var out struct{ ID string }
	must(m.t, json.Unmarshal([]byte(m.ok(append(args, "--json")...)), &out))
	return out.ID
}

func (m *mailing) timed(args ...string) *exec.Cmd {
	cmd := m.command(args...)
	cmd.Env = append(cmd.Env, "THREADLINE_CLOCK_OFFSET="+m.ahead.String())
	return cmd
}

func (m *mailing) serve(args ...string) func(syscall.Signal) {
	m.t.Helper()
	_, stop := launched(m.t, m.timed(append([]string{"serve", "--listen", "127.0.0.1:0", "--own-domain", "brightwell.example"}, args...)...))
	return stop
}

func (m *mailing) until(what string, is func() bool) {
	m.t.Helper()
	for m.moved = time.Now(); !is(); time.Sleep(300 * time.Millisecond) {
		if time.Since(m.moved) > 5*time.Minute {
			m.t.Fatalf("not %s, and nothing happened for five minutes", what)
		}
	}
}

// alive waits until some more mails went out, or a while.
func (m *mailing) alive(more int) {
	for start, from := time.Now(), m.post.count(); m.post.count() < from+more && time.Since(start) < 3*time.Second; {
		time.Sleep(5 * time.Millisecond)
	}
}

// ledger counts the lines by state, and looks at each of them: nobody got two
// mails, whoever is said to have got one did, and after the look-ups nobody whose
// mail lies among the sent ones is unknown.
func (m *mailing) ledger() map[crm.RecipientState]int {
	m.t.Helper()
	rows, err := csv.NewReader(strings.NewReader(m.ok("campaign", "recipients", m.id, "--csv", "--as", address(0)))).ReadAll()
	must(m.t, err)
	out := map[crm.RecipientState]int{}
	col := map[string]int{}
	for i, name := range rows[0] {
		col[name] = i
	}
	for _, row := range rows[1:] {
		to, state := row[col["address"]], crm.RecipientState(row[col["state"]])
		out[state]++
		switch n := m.post.took[to]; {
		case n > 1:
			m.t.Errorf("%s got it %d times", to, n)
		case m.step == 0 && (state == crm.RecipientUnknown || state == crm.RecipientClaimed):
		case (state == crm.RecipientSent) != (n == 1):
			m.t.Errorf("%s is %s and got %d mails", to, state, n)
		}
	}
	return out
}

// through ends the campaign with processes that live, each a little later, until
// everybody in doubt was looked up: that many times.
func (m *mailing) through(looks int) {
	m.t.Helper()
	for range looks {
		m.ahead += m.step
		stop := m.serve("--run", "web,send")
		last, same := "", 0
		m.until("through", func() bool {
			var now struct {
				Recipients map[crm.RecipientState]int64 `json:"recipients"`
			}
			text := m.ok("campaign", "results", m.id, "--json", "--as", address(0))
			must(m.t, json.Unmarshal([]byte(text), &now))
			open := now.Recipients[crm.RecipientQueued] + now.Recipients[crm.RecipientClaimed]
			if state := fmt.Sprint(now); state == last && open == 0 && len(now.Recipients) > 0 {
				same++
			} else {
				last, same, m.moved = state, 0, time.Now()
			}
			return same > 2
		})
		stop(syscall.SIGTERM)
	}
}

// check says how it ended.
func (m *mailing) check(most int) {
	m.t.Helper()
	got := m.counted()
	if got[crm.RecipientSent]+got[crm.RecipientUnknown] != m.people || got[crm.RecipientUnknown] > most {
		m.t.Errorf("%v of %d people; at most %d may be unknown", got, m.people, most)
	}
}

// counted is the ledger at rest, and every promise.
func (m *mailing) counted() map[crm.RecipientState]int {
	m.t.Helper()
	stop := m.serve("--run", "web")
	defer stop(syscall.SIGTERM)
	got := m.ledger()
	m.t.Logf("%v", got)
	if all := got[crm.RecipientQueued] + got[crm.RecipientClaimed] + got[crm.RecipientSent] + got[crm.RecipientUnknown]; all != m.people {
		m.t.Errorf("%v of %d people", got, m.people)
	}
	if out := m.ok("verify"); !strings.Contains(out, " 0 findings") {
		m.t.Errorf("verify: %s", out)
	}
	return got
}

// claimedAtOnce is how many lines a process that is killed leaves in doubt, at
// the pace of these campaigns.
func claimedAtOnce() int { return groups().Lanes * groups().Group }

// TestCampaignKills kills the real binary again and again while it sends: nobody
// gets two mails, only claimed lines are in doubt, and those that went out are
// found among the sent mail. Four thousand people and two hundred kills in make
// soak.
func TestCampaignKills(t *testing.T) {
	t.Parallel() // it mostly waits
	people, kills, looks := 40, 2, 2
	if os.Getenv("THREADLINE_SOAK") != "" {
		people, kills, looks = 4000, 200, 5
	}
	m := &mailing{t: t, dir: t.TempDir(), step: 6 * time.Minute}
	bin := buildWithFaults(t)
	m.command = func(args ...string) *exec.Cmd {
		cmd := exec.Command(bin, args...)
		cmd.Env = append(os.Environ(), "THREADLINE_DATA="+filepath.Join(m.dir, "data"))
		cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
		return cmd
	}
	m.start(people)
	for range kills {
		m.ahead += 3 * time.Minute
		stop := m.serve("--run", "web,send")
		m.alive(1 + mathrand.IntN(12))
		stop(syscall.SIGKILL)
	}
	t.Logf("after %d kills %d went out", kills, m.post.count())
	// An orderly end leaves nothing in doubt.
	m.ahead += 3 * time.Minute
	stop := m.serve("--run", "web,send")
	m.alive(5)
	stop(syscall.SIGTERM)
	m.through(looks)
	m.check(kills * claimedAtOnce())
}

// TestCampaignRestored goes back to a backup that was made while a campaign was
// sent: those who got their letter after it are found among the sent mail, the
// others wait for a person's word, and nobody gets two.
func TestCampaignRestored(t *testing.T) {
	t.Parallel() // it mostly waits
	people := 40
	if os.Getenv("THREADLINE_SOAK") != "" {
		people = 2000
	}
	m := &mailing{t: t, dir: t.TempDir(), step: 6 * time.Minute}
	bin, data := buildWithFaults(t), "data"
	m.command = func(args ...string) *exec.Cmd {
		cmd := exec.Command(bin, args...)
		cmd.Env = append(os.Environ(), "THREADLINE_DATA="+filepath.Join(m.dir, data))
		cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
		return cmd
	}
	m.start(people)
	stop := m.serve("--run", "web,send")
	m.alive(people / 8)
	saved := filepath.Join(m.dir, "saved.tar")
	m.ok("backup", saved)
	atBackup := m.post.count()
	m.alive(people / 4)
	stop(syscall.SIGKILL)
	had := m.post.count()
	key, err := os.ReadFile(filepath.Join(m.dir, data, "key"))
	must(t, err)
	data = "restored"
	m.ahead += time.Hour
	m.ok("restore", saved)
	must(t, os.WriteFile(filepath.Join(m.dir, data, "key"), key, 0o600))
	t.Logf("%d had it at the backup, %d when the house was lost", atBackup, had)
	as := func(args ...string) []string { return append(args, "--as", address(0)) }
	if out := m.ok(as("campaign", "show", m.id)...); !strings.Contains(out, "looked up among the sent mail") {
		t.Errorf("nobody is told: %s", out)
	}
	m.ok(as("campaign", "start", m.id)...)
	m.through(4) // what was claimed when the backup was made is looked up three times before a person's word counts
	got := m.counted()
	if n := got[crm.RecipientUnknown]; had <= atBackup || n != people-m.post.count() || m.post.count() != had {
		t.Errorf("%v, and %d mails were sent", got, m.post.count())
	}
	m.ok(as("campaign", "settle", m.id, "--send")...)
	m.through(1)
	if got := m.counted(); got[crm.RecipientSent] != people || m.post.count() != people {
		t.Errorf("%v, and %d mails were sent to %d people", got, m.post.count(), people)
	}
}

// TestCampaignInstances sends with three processes on one database, of which one
// is killed again and again; a hundred people and twenty kills in make soak.
// Firestore refuses a clock that is set on, so that nobody in doubt is looked up.
func TestCampaignInstances(t *testing.T) {
	t.Parallel() // it mostly waits
	people, kills, soak := 20, 2, os.Getenv("THREADLINE_SOAK") != ""
	if soak {
		people, kills = 100, 20
	}
	c := &cloud{t: t, dir: t.TempDir(), addr: emulator.Need(t).Addr}
	c.bin = buildWithFaults(t)
	project := c.project()
	m := &mailing{t: t, dir: c.dir, command: func(args ...string) *exec.Cmd { return c.command(project, t.TempDir(), args...) }}
	m.start(people)
	var stops [3]func(syscall.Signal)
	for i := range stops {
		stops[i] = m.serve("--run", "web,send")
	}
	m.until("sending", func() bool { return m.post.count() > 0 })
	for range kills {
		m.alive(1 + mathrand.IntN(5))
		i := mathrand.IntN(len(stops))
		stops[i](syscall.SIGKILL)
		stops[i] = m.serve("--run", "web,send")
	}
	for _, stop := range stops {
		stop(syscall.SIGTERM)
	}
	if !soak { // a claim holds for minutes after a kill
		m.counted()
		return
	}
	m.through(1)
	m.check(kills * claimedAtOnce())
}
