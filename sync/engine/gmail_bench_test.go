package engine

import (
	"context"
	"fmt"
	"testing"
	"time"

	"golang.org/x/oauth2"

	"threadline/internal/crm"
	"threadline/internal/testenv"
	"threadline/sync/gmail"
	"threadline/sync/gmail/gmailtest"
)

// BenchmarkGmailFirstSync syncs 5,000 mails of an account from our own server,
// without its limits: what is measured is the engine and the round trips.
func BenchmarkGmailFirstSync(b *testing.B) {
	const n = 5000
	s := gmailtest.New(gmailtest.Options{})
	s.AddUser(gmailRep)
	var mails []testenv.Mail
	for m := range bulkMail(n) {
		mails = append(mails, m)
	}
	s.Add(gmailRep, gmailMails(mails)...)
	base := s.Start(b)
	for b.Loop() {
		w := newWorld(b, gmailRep, "ours.example")
		w.cfg.Poll = time.Minute
		w.addMailbox(gmailRep, gmailSource(base, s.Grant(gmailRep, gmailtest.ScopeReadonly), nil))
		s.Reset()
		seconds, _, peak := measured(b, func() { w.sync(n) })
		trips := 0
		for _, calls := range s.Calls() {
			trips += calls
		}
		b.ReportMetric(n/seconds, "mails/s")
		b.ReportMetric(float64(s.Units())/n, "units/mail")
		b.ReportMetric(float64(trips), "round-trips")
		b.ReportMetric(peak, "peak-MB")
	}
}

// BenchmarkGmailPush is how long it takes from a notice of a new mail until the
// mail is stored with its links, which is when its card can be drawn.
func BenchmarkGmailPush(b *testing.B) {
	s := gmailtest.New(gmailtest.Options{})
	s.AddUser(gmailRep)
	s.Add(gmailRep, gmailMails(letters())...)
	w := newWorld(b, gmailRep, "ours.example")
	w.cfg.Poll = time.Minute
	src, hub := pushedSource(s.Start(b), s.Grant(gmailRep, gmailtest.ScopeReadonly))
	w.addMailbox(gmailRep, src)
	w.sync(len(letters()))
	ctx, cancel := context.WithCancel(context.Background())
	e := New(w.sp, w.cfg)
	done := make(chan error, 1)
	go func() { done <- e.Run(ctx) }()
	for !hub.Waits(gmailRep) {
		time.Sleep(10 * time.Millisecond)
	}
	var took []float64
	stored := len(letters())
	for b.Loop() {
		s.Add(gmailRep, gmailMails([]testenv.Mail{fresh(stored)})...)
		stored++
		begun := time.Now()
		for !hub.Waits(gmailRep) { // the watcher is back from the notice before
			time.Sleep(100 * time.Microsecond)
		}
		hub.Notify(crm.Address(gmailRep), 0)
		for {
			st, err := e.Status(ctx, &w.mailbox)
			must(b, err)
			if st.Synced && st.Total == int64(stored) {
				break
			}
			time.Sleep(500 * time.Microsecond)
		}
		took = append(took, time.Since(begun).Seconds()*1000)
	}
	cancel()
	<-done
	b.ReportMetric(percentile(took, 50), "p50-ms")
	b.ReportMetric(percentile(took, 99), "p99-ms")
}

// pushedSource reads the account and hears of changes at a hub alone.
func pushedSource(base, refresh string) (*gmail.Source, *gmail.Hub) {
	oauth := &oauth2.Config{ClientID: "client", ClientSecret: "secret", Endpoint: oauth2.Endpoint{TokenURL: base + "/token", AuthStyle: oauth2.AuthStyleInParams}}
	hub := gmail.NewHub()
	return gmail.New(gmail.Config{Address: gmailRep, Base: base, Hub: hub, Poll: time.Hour, Tokens: gmail.NewTokens(oauth, nil, refresh, "")}), hub
}

// fresh is the n-th mail that arrives.
func fresh(n int) testenv.Mail {
	raw := fmt.Sprintf("From: <anna@acme.example>\r\nTo: <%s>\r\nMessage-ID: <fresh-%d@acme.example>\r\nSubject: News %d\r\n\r\nIt is number %d.\r\n", gmailRep, n, n, n)
	return testenv.Mail{Raw: []byte(raw), Internal: time.Now()}
}
