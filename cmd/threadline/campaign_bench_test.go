package main

import (
	"bufio"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"threadline/internal/access"
	"threadline/internal/campaign"
	"threadline/internal/crm"
	"threadline/internal/dkim"
	"threadline/internal/job"
	"threadline/internal/letter"
	"threadline/internal/outbox"
	"threadline/internal/store"
	tt "threadline/internal/timeline/timelinetest"
	"threadline/internal/view"
	"threadline/sync/smtp"
)

// smtpSink is an SMTP server that takes everything and keeps nothing but counts.
type smtpSink struct {
	net.Listener
	took  atomic.Int64
	first atomic.Int64 // when the first mail was taken
	last  []byte
	mu    sync.Mutex
	wg    sync.WaitGroup
}

func newSMTPSink(b *testing.B) *smtpSink {
	b.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	s := &smtpSink{Listener: l}
	s.wg.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			s.wg.Go(func() { defer c.Close(); s.talk(c) })
		}
	})
	b.Cleanup(func() { l.Close() })
	return s
}

// talk answers what comes at once at once (RFC 2920), as mail servers do.
func (s *smtpSink) talk(c net.Conn) {
	in, out := bufio.NewReaderSize(c, 64<<10), bufio.NewWriter(c)
	_, _ = out.WriteString("220 sink\r\n")
	for {
		if in.Buffered() == 0 && out.Flush() != nil {
			return
		}
		word, err := in.ReadSlice('\n')
		if err != nil {
			return
		}
		answer := "250 ok\r\n"
		switch strings.ToUpper(string(word[:min(4, len(word))])) {
		case "EHLO":
			answer = "250-sink\r\n250-SIZE\r\n250 PIPELINING\r\n"
		case "DATA":
			_, _ = out.WriteString("354 go on\r\n")
			if out.Flush() != nil || !s.body(in) {
				return
			}
		case "QUIT":
			answer = "221 bye\r\n"
		}
		_, _ = out.WriteString(answer)
	}
}

func (s *smtpSink) body(in *bufio.Reader) bool {
	keep := s.took.Load() == 0
	for {
		text, err := in.ReadSlice('\n')
		if err != nil {
			return false
		}
		if string(text) == ".\r\n" {
			break
		}
		if keep {
			s.mu.Lock()
			s.last = append(s.last, text...)
			s.mu.Unlock()
		}
	}
	s.took.Add(1)
	s.first.CompareAndSwap(0, time.Now().UnixNano())
	return true
}

// memoryMB is a figure of this process's memory: VmHWM is the most that was
// resident since fresh, RssAnon what is resident now that is no page of a file.
func memoryMB(name string) float64 {
	raw, _ := os.ReadFile("/proc/self/status")
	_, rest, _ := strings.Cut(string(raw), name+":")
	kb, _ := strconv.ParseFloat(strings.Fields(rest + " 0")[0], 64)
	return kb / 1024
}

// fresh gives back what making the workspace took, and begins to watch memory anew.
func fresh(b *testing.B) {
	b.Helper()
	debug.FreeOSMemory()
	if err := os.WriteFile("/proc/self/clear_refs", []byte("5"), 0o600); err != nil {
		b.Logf("the peak is that of the filling too: %v", err)
	}
}

// processor is how much time this process has computed for.
func processor() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkCampaignSMTP sends a letter with five tracked links, a picture and
// fields to many people through a local server that discards, beside a bare
// sender of the same bytes on the same server and as many kept connections.
func BenchmarkCampaignSMTP(b *testing.B) {
	n := 20_000
	if text := os.Getenv("THREADLINE_BENCH_RECIPIENTS"); text != "" {
		n, _ = strconv.Atoi(text)
	}
	sendBeside(b, n, nil)
}

// BenchmarkCampaignSigned is the same with DKIM signatures of RSA, and 2,000
// people: the signature is what it costs.
func BenchmarkCampaignSigned(b *testing.B) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		b.Fatal(err)
	}
	sendBeside(b, 2_000, dkim.Signing("own.example", "tl", key))
}

func sendBeside(b *testing.B, n int, sign func([]byte) ([]byte, error)) {
	b.Helper()
	sink := newSMTPSink(b)
	w := tt.Open(b, b.TempDir()+"/data.db", time.Now)
	people(b, w, n)
	send := startCampaign(b, w, relay(b, sink, sign), n)
	fresh(b)
	ours, began := timed(b, n, send)
	b.ReportMetric(memoryMB("VmHWM"), "peak-MB")
	b.ReportMetric(memoryMB("RssAnon"), "own-MB")
	b.ReportMetric(float64(sink.first.Load()-began.UnixNano())/1e6, "first-ms")
	if got := sink.took.Load(); got != int64(n) {
		b.Fatalf("%d of %d mails arrived", got, n)
	}
	bare, _ := timed(b, n, bareSender(b, relay(b, sink, sign), sink.last, n))
	b.ReportMetric(ours.rate, "mails/s")
	b.ReportMetric(bare.rate, "bare-mails/s")
	b.ReportMetric(ours.rate/bare.rate, "x-bare")
	b.ReportMetric(ours.cpu, "cpu-µs/mail")
	b.ReportMetric(bare.cpu, "bare-cpu-µs/mail")
	b.ReportMetric(0, "ns/op")
}

// pace is what sending took.
type pace struct{ rate, cpu float64 } // mails a second, and µs of the processor for one

func timed(b *testing.B, n int, send func() error) (pace, time.Time) {
	b.Helper()
	began, idle := time.Now(), processor()
	if err := send(); err != nil {
		b.Fatal(err)
	}
	took := time.Since(began)
	return pace{rate: float64(n) / took.Seconds(), cpu: float64((processor() - idle).Microseconds()) / float64(n)}, began
}

// people makes contacts, each with an address of their own.
func people(b *testing.B, w *tt.World, n int) {
	b.Helper()
	const group = 200
	for from := 0; from < n; from += group {
		_, err := w.Space.Change(b.Context(), store.ChangeInfo{Cause: crm.CauseImport}, func(_ context.Context, tx *store.Tx) error {
			for i := from; i < min(from+group, n); i++ {
				store.Records.Create(tx, &crm.Record{ID: crm.RecordID(crm.DerivedID("con", w.Key, strconv.Itoa(i))), Kind: crm.KindContact, CreatedAt: crm.At(tt.Start),
					Values: map[string]any{"name": fmt.Sprintf("Person %d", i), "emails": []string{fmt.Sprintf("person%d@company%d.example", i, i%1000)}}})
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}

func relay(b *testing.B, sink *smtpSink, sign func([]byte) ([]byte, error)) *smtp.Sender {
	b.Helper()
	s, err := smtp.New(smtp.Config{Server: sink.Addr().String(), TLS: crm.TLSNone, Sign: sign})
	if err != nil {
		b.Fatal(err)
	}
	return s
}

// startCampaign prepares a campaign for everybody and returns what sends it.
func startCampaign(b *testing.B, w *tt.World, sender *smtp.Sender, n int) func() error {
	b.Helper()
	ctx, anna := b.Context(), access.Member(tt.Anna)
	quiet := slog.New(slog.NewTextHandler(io.Discard, nil))
	letters := letter.New(w.Space, w.Records)
	campaigns := campaign.New(w.Space, w.Records, letters, view.New(w.Space, w.Records))
	jobs := job.New(w.Space, job.Config{Owner: "bench", Log: quiet}, campaigns.Kind())
	info := store.ChangeInfo{Actor: tt.Anna, Cause: crm.CauseUI, Title: "bench"}
	page := "<p>Dear {{contact.name}} of {{company.name|your company}},</p>" + strings.Repeat("<p>Some words that fill a letter of the usual length, as people write them to one another.</p>", 16)
	for i := range 5 {
		page += fmt.Sprintf(`<p><a href="https://shop.example/offer/%d?from=letter">Offer %d</a></p>`, i, i)
	}
	must := func(err error) {
		b.Helper()
		if err != nil {
			b.Fatal(err)
		}
	}
	t, err := letters.Save(ctx, anna, info, "", letter.Draft{Name: "Offer", Subject: "Offer for {{contact.name}}", HTML: page}, 0)
	must(err)
	c, err := campaigns.Create(ctx, anna, info, campaign.Draft{Name: "Bench", Template: t.Template.ID, Audience: "contacts", Mailbox: tt.AnnaMail,
		Track: crm.TrackIndividual, Pace: crm.Pace{PerDay: 1_000_000, PerMinute: 1_000_000}})
	must(err)
	_, err = campaigns.Prepare(ctx, anna, info, jobs, c.Campaign.ID)
	must(err)
	must(jobs.WorkOff(ctx))
	_, err = campaigns.Start(ctx, anna, info, c.Campaign.ID)
	must(err)
	cfg := groups()
	cfg.Owner, cfg.PublicURL, cfg.Log = "bench", "https://crm.own.example", quiet
	cfg.Open = func(context.Context, crm.Mailbox) (outbox.Sender, error) { return sender, nil }
	cfg.Budget = func(context.Context, *crm.Mailbox) (int, error) { return 1_000_000, nil }
	return func() error { return campaigns.WorkOff(ctx, cfg) }
}

// bareSender hands the same bytes over as often, and keeps no account.
func bareSender(b *testing.B, s *smtp.Sender, raw []byte, n int) func() error {
	b.Helper()
	b.Cleanup(func() { s.Close() })
	m := outbox.Mail{ID: "x@own.example", From: "anna@own.example", To: []crm.Address{"p@people.example"}, Raw: raw}
	return func() error {
		lanes := groups().Parallel
		failed := make([]error, lanes)
		var wg sync.WaitGroup
		for i := range lanes {
			wg.Go(func() {
				for range n / lanes {
					if _, err := s.Send(b.Context(), m); err != nil {
						failed[i] = err
						return
					}
				}
			})
		}
		wg.Wait()
		return errors.Join(failed...)
	}
}
