package engine

import (
	"context"
	"fmt"
	"io"
	"iter"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	goimap "github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"threadline/internal/crm"
	"threadline/internal/testenv"
	"threadline/sync/source"
)

const sideRounds = 3

// sideLimit is how long one step with another program or the server may take:
// what hangs there ends the benchmark and says where.
const sideLimit = 3 * time.Minute

// BenchmarkSideBySide measures the first sync of a big mailbox beside two other
// programs, in turn so that the state of the machine is the same for all: each
// figure is the median of the rounds, in mails per second. Then it looks at the
// same mailbox when nothing is new, and at new mail. Run it once
// (-benchtime 1x).
func BenchmarkSideBySide(b *testing.B) {
	server, n := bigServer(b, 5000)
	discard(b, server, n) // warms the server's caches
	var others, library, ours, cpu, memory []float64
	for b.Loop() {
		var w *world
		for range sideRounds {
			if seconds, ok := mbsync(b, server); ok {
				others = append(others, float64(n)/seconds)
			}
			library = append(library, float64(n)/discard(b, server, n))
			if w != nil {
				must(b, w.st.Close()) // its caches must not count as the next one's
			}
			w = newWorld(b, "rep@ours.example", "ours.example")
			w.cfg.Poll = time.Minute // as in production: a look meanwhile empties the pipeline
			w.addMailbox("rep@ours.example", dovecotSource(server))
			seconds, used, peak := measured(b, func() { w.sync(n) })
			ours, cpu, memory = append(ours, float64(n)/seconds), append(cpu, used), append(memory, peak)
		}
		nothingNew(b, w)
		arrivals(b, w, server, n)
	}
	if len(others) > 0 {
		b.ReportMetric(median(others), "mbsync-mails/s")
		b.ReportMetric(median(ours)/median(others), "x-mbsync")
	}
	b.ReportMetric(median(library), "discard-mails/s")
	b.ReportMetric(median(ours), "threadline-mails/s")
	b.ReportMetric(median(ours)/median(library), "x-discard")
	b.ReportMetric(median(cpu), "cpu-s")
	b.ReportMetric(slices.Max(memory), "peak-MB")
}

func median(list []float64) float64 { return percentile(list, 50) }

func percentile(list []float64, p int) float64 {
	list = slices.Sorted(slices.Values(list))
	return list[min(len(list)*p/100, len(list)-1)]
}

// measured returns the seconds that f takes, those of the processor that this
// process spends, and the most memory that is resident meanwhile, in MB.
func measured(b *testing.B, f func()) (seconds, cpu, peak float64) {
	syscall.Sync() // what others left to be written must not be waited for here
	debug.FreeOSMemory()
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		for {
			peak = max(peak, resident(b))
			select {
			case <-stop:
				return
			case <-time.After(20 * time.Millisecond):
			}
		}
	}()
	start, before := time.Now(), processor(b)
	f()
	seconds, cpu = time.Since(start).Seconds(), processor(b)-before
	close(stop)
	<-stopped
	return seconds, cpu, peak
}

func resident(b *testing.B) float64 {
	data, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0 // not on Linux
	}
	var size, pages int
	if _, err := fmt.Sscan(string(data), &size, &pages); err != nil {
		b.Error(err)
	}
	return float64(pages*os.Getpagesize()) / 1e6
}

func processor(b *testing.B) float64 {
	var u syscall.Rusage
	must(b, syscall.Getrusage(syscall.RUSAGE_SELF, &u))
	return time.Duration(u.Utime.Nano() + u.Stime.Nano()).Seconds()
}

// mbsync copies the mailbox into an empty Maildir, without syncing the disk.
func mbsync(b *testing.B, server *testenv.Server) (seconds float64, ok bool) {
	if _, err := exec.LookPath("mbsync"); err != nil {
		b.Log("SKIPPED, NOT TESTED: mbsync is not installed (apt-get install isync)")
		return 0, false
	}
	host, port, _ := strings.Cut(server.Addr, ":")
	dir := b.TempDir()
	defer func() { must(b, os.RemoveAll(dir)) }()
	conf := strings.NewReplacer("$DIR", dir, "$HOST", host, "$PORT", port, "$PASSWORD", testenv.Password).Replace(`FSync no
IMAPAccount far
Host $HOST
Port $PORT
User rep
Pass $PASSWORD
SSLType None
AuthMechs LOGIN

IMAPStore far
Account far

MaildirStore near
Path $DIR/
Inbox $DIR/INBOX
SubFolders Verbatim

Channel all
Far :far:
Near :near:
Patterns INBOX
Create Near
Sync Pull
SyncState *
`)
	must(b, os.WriteFile(filepath.Join(dir, "rc"), []byte(conf), 0o600))
	ctx, cancel := context.WithTimeout(b.Context(), sideLimit)
	defer cancel()
	syscall.Sync()
	start := time.Now()
	out, err := exec.CommandContext(ctx, "mbsync", "-q", "-c", filepath.Join(dir, "rc"), "all").CombinedOutput()
	if err != nil {
		b.Fatalf("mbsync: %v: %s", err, out)
	}
	return time.Since(start).Seconds(), true
}

func dial(b *testing.B, server *testenv.Server) *imapclient.Client {
	conn, err := net.DialTimeout("tcp", server.Addr, sideLimit)
	must(b, err)
	must(b, conn.SetDeadline(time.Now().Add(sideLimit)))
	c := imapclient.New(conn, nil)
	must(b, c.Login("rep", testenv.Password).Wait())
	_, err = c.Select("INBOX", nil).Wait()
	must(b, err)
	return c
}

// discard fetches the mailbox with one command and throws it away.
func discard(b *testing.B, server *testenv.Server, want int) (seconds float64) {
	start := time.Now()
	c := dial(b, server)
	defer c.Close()
	cmd := c.Fetch(goimap.UIDSet{{Start: 1, Stop: 0}}, &goimap.FetchOptions{UID: true, Flags: true, RFC822Size: true,
		InternalDate: true, BodySection: []*goimap.FetchItemBodySection{{Peek: true}}})
	n := 0
	for msg := cmd.Next(); msg != nil; msg = cmd.Next() {
		n++
		for item := msg.Next(); item != nil; item = msg.Next() {
			if body, ok := item.(imapclient.FetchItemDataBodySection); ok {
				_, err := io.Copy(io.Discard, body.Literal)
				must(b, err)
			}
		}
	}
	must(b, cmd.Close())
	if n != want {
		b.Fatalf("fetched %d of %d", n, want)
	}
	return time.Since(start).Seconds()
}

// nothingNew reports how long a look at a synced mailbox takes, in
// milliseconds.
func nothingNew(b *testing.B, w *world) {
	ctx := b.Context()
	r, end := benchRun(b, w)
	defer end()
	var list []float64
	for range 20 {
		start := time.Now()
		must(b, r.look(ctx, r.session))
		list = append(list, time.Since(start).Seconds()*1e3)
	}
	b.ReportMetric(median(list), "nothing-new-ms")
}

// noticing is a source that remembers when a waiting session was last told
// that something is new, and how long the server took to answer since.
type noticing struct {
	source.Source
	at, asked *atomic.Int64
}

type noticingSession struct {
	source.Session
	noticing
}

func (n noticing) Open(ctx context.Context) (source.Session, error) {
	s, err := n.Source.Open(ctx)
	return noticingSession{s, n}, err
}

func (s noticingSession) Close() error { return s.Session.Close() }

func (s noticingSession) Wait(ctx context.Context, folder string) error {
	err := s.Session.Wait(ctx, folder)
	s.asked.Store(0)
	s.at.Store(time.Now().UnixNano())
	return err
}

func (s noticingSession) asking(since time.Time) { s.asked.Add(int64(time.Since(since))) }

func (s noticingSession) Folders(ctx context.Context) ([]source.Folder, error) {
	defer s.asking(time.Now())
	return s.Session.Folders(ctx)
}

func (s noticingSession) Delta(ctx context.Context, folder, cursor string) (source.Delta, error) {
	defer s.asking(time.Now())
	return s.Session.Delta(ctx, folder, cursor)
}

// Fetch counts as the server's what passes until its first answer: it walks through
// the folder once more before it hands a new mail out.
func (s noticingSession) Fetch(ctx context.Context, folder string, epoch uint64, keys crm.KeySet, want source.Want) iter.Seq2[source.Item, error] {
	return func(yield func(source.Item, error) bool) {
		since, first := time.Now(), true
		for item, err := range s.Session.Fetch(ctx, folder, epoch, keys, want) {
			if first {
				s.asking(since)
				first = false
			}
			if !yield(item, err) {
				return
			}
		}
	}
}

// arrivals reports how long new mail takes, in milliseconds: from the append to
// the server's notice, from the notice until it is stored and matched, and what
// is left of this without the time in which the server looked through its
// folders to say what is new, and to hand it out.
func arrivals(b *testing.B, w *world, server *testenv.Server, have int) {
	const count = 100
	var noticed, asked atomic.Int64
	w.cfg.Poll = time.Minute
	src := noticing{dovecotSource(server), &noticed, &asked}
	w.cfg.Open = func(crm.Mailbox) (source.Source, error) { return src, nil }
	ctx, cancel := context.WithCancel(b.Context())
	e := New(w.sp, w.cfg)
	done := make(chan error, 1)
	go func() { done <- e.Run(ctx) }()
	defer func() { cancel(); <-done }()
	_, err := e.Ready(ctx, w.mailbox.ID, 10*time.Second)
	must(b, err)
	time.Sleep(2 * time.Second) // until both connections wait
	c := dial(b, server)
	defer c.Close()
	var theirs, total, ours []float64
	for i := range count {
		woken := w.sp.Woken()
		deliver(b, c, i)
		sent := time.Now()
		select {
		case <-woken:
		case <-time.After(10 * time.Second):
			b.Fatalf("mail %d was not stored", i)
		}
		stored := time.Now()
		at := time.Unix(0, noticed.Load())
		took := stored.Sub(at)
		theirs, total = append(theirs, at.Sub(sent).Seconds()*1e3), append(total, took.Seconds()*1e3)
		ours = append(ours, (took-time.Duration(asked.Load())).Seconds()*1e3)
		time.Sleep(20 * time.Millisecond) // until the server is asked to wait again
	}
	if st, err := e.Ready(ctx, w.mailbox.ID, 10*time.Second); err != nil || st.Total != int64(have+count) {
		b.Fatalf("not all are stored: %v %s", err, asJSON(st))
	}
	b.ReportMetric(percentile(theirs, 50), "server-notice-p50-ms")
	b.ReportMetric(percentile(total, 50), "stored-p50-ms")
	b.ReportMetric(percentile(total, 99), "stored-p99-ms")
	b.ReportMetric(percentile(ours, 50), "own-p50-ms")
	b.ReportMetric(percentile(ours, 99), "own-p99-ms")
}

func deliver(b *testing.B, c *imapclient.Client, i int) {
	raw := fmt.Sprintf("From: Ann <ann@client.example>\r\nTo: rep@ours.example\r\nSubject: News %d\r\nDate: %s\r\nMessage-ID: <new-%d-%d@client.example>\r\n\r\nThere is news.\r\n",
		i, time.Now().Format(time.RFC1123Z), i, time.Now().UnixNano())
	cmd := c.Append("INBOX", int64(len(raw)), nil)
	_, err := io.WriteString(cmd, raw)
	must(b, err)
	must(b, cmd.Close())
	_, err = cmd.Wait()
	must(b, err)
}
