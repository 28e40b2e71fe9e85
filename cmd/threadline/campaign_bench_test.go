package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"threadline/internal/access"
	"threadline/internal/campaign"
	"threadline/internal/crm"
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

func (s *smtpSink) talk(c net.Conn) {
	in := bufio.NewReaderSize(c, 64<<10)
	_, _ = io.WriteString(c, "220 sink\r\n")
	for {
		word, err := in.ReadString('\n')
		if err != nil {
			return
		}
		answer := "250 ok\r\n"
		switch strings.ToUpper(word[:min(4, len(word))]) {
		case "DATA":
			_, _ = io.WriteString(c, "354 go on\r\n")
			if !s.body(in) {
				return
			}
		case "QUIT":
			_, _ = io.WriteString(c, "221 bye\r\n")
			return
		}
		if _, err := io.WriteString(c, answer); err != nil {
			return
		}
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

// peakMB is the most memory that this process had resident.
func peakMB() float64 {
	raw, _ := os.ReadFile("/proc/self/status")
	_, rest, _ := strings.Cut(string(raw), "VmHWM:")
	kb, _ := strconv.ParseFloat(strings.Fields(rest + " 0")[0], 64)
	return kb / 1024
}

// BenchmarkCampaignSMTP sends a letter with five tracked links, a picture and
// fields to many people through a local server that discards, beside a bare
// sender of the same bytes on the same server and as many kept connections.
func BenchmarkCampaignSMTP(b *testing.B) {
	n := 20_000
	if text := os.Getenv("THREADLINE_BENCH_RECIPIENTS"); text != "" {
		n, _ = strconv.Atoi(text)
	}
	for b.Loop() {
		sink := newSMTPSink(b)
		w := tt.Open(b, b.TempDir()+"/data.db", time.Now)
		people(b, w, n)
		mails, first := sendCampaign(b, w, sink, n)
		bare := sendBare(b, sink, n)
		b.ReportMetric(mails, "mails/s")
		b.ReportMetric(bare, "bare-mails/s")
		b.ReportMetric(mails/bare, "x-bare")
		b.ReportMetric(first, "first-ms")
		b.ReportMetric(peakMB(), "peak-MB")
	}
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

func relay(b *testing.B, sink *smtpSink) *smtp.Sender {
	b.Helper()
	s, err := smtp.New(smtp.Config{Server: sink.Addr().String(), TLS: crm.TLSNone})
	if err != nil {
		b.Fatal(err)
	}
	return s
}

func sendCampaign(b *testing.B, w *tt.World, sink *smtpSink, n int) (perSecond, firstMS float64) {
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
	began := time.Now()
	must(campaigns.WorkOff(ctx, campaign.Config{Owner: "bench", Lease: time.Minute, Group: 20, Most: 200, Lanes: 2, Parallel: 4, PublicURL: "https://crm.own.example", Log: quiet,
		Open:   func(context.Context, crm.Mailbox) (outbox.Sender, error) { return relay(b, sink), nil },
		Budget: func(context.Context, *crm.Mailbox) (int, error) { return 1_000_000, nil }}))
	took := time.Since(began).Seconds()
	if got := sink.took.Load(); got != int64(n) {
		b.Fatalf("%d of %d mails arrived", got, n)
	}
	return float64(n) / took, float64(sink.first.Load()-began.UnixNano()) / 1e6
}

// sendBare hands the same bytes over as often, and keeps no account.
func sendBare(b *testing.B, sink *smtpSink, n int) float64 {
	b.Helper()
	s := relay(b, sink)
	defer s.Close()
	m := outbox.Mail{ID: "x@own.example", From: "anna@own.example", To: []crm.Address{"p@people.example"}, Raw: sink.last}
	began := time.Now()
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range n / 8 {
				if _, err := s.Send(b.Context(), m); err != nil {
					b.Error(err)
				}
			}
		})
	}
	wg.Wait()
	return float64(n) / time.Since(began).Seconds()
}
