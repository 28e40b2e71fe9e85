package engine

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
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

// trips counts the calls of the Gmail API and what they would cost.
type trips struct {
	mu    sync.Mutex
	n     int
	units int
	whole int // mails that were asked for once more, byte by byte
}

// RoundTrip implements http.RoundTripper.
func (c *trips) RoundTrip(r *http.Request) (*http.Response, error) {
	path, method := strings.TrimPrefix(r.URL.Path, "/gmail/v1/users/me/"), gmail.GetProfile
	switch {
	case path == "messages":
		method = gmail.MessagesList
	case strings.HasPrefix(path, "messages/"):
		method = gmail.MessagesGet
	case path == "history":
		method = gmail.HistoryList
	}
	c.mu.Lock()
	c.n++
	c.units += gmail.NewLimits().Prices[method]
	if r.URL.Query().Get("format") == "raw" {
		c.whole++
	}
	c.mu.Unlock()
	return http.DefaultTransport.RoundTrip(r)
}

// BenchmarkSecondGmailFirstSync syncs as many mails of @emulators/google, which
// others wrote, in another process. It reads what is 8-bit as UTF-8 whatever its
// charset, so that characters are lost and those mails are asked for once more as
// bytes: that, and no page or retry, is what it costs above our own server.
func BenchmarkSecondGmailFirstSync(b *testing.B) {
	const n, address = 5000, "user0@example.com"
	base := gmailtest.Second(b, filepath.Join("..", "gmail", "testdata", "emulator"), 1)
	oauth := &oauth2.Config{ClientID: "client", Endpoint: oauth2.Endpoint{TokenURL: base + "/token", AuthStyle: oauth2.AuthStyleInParams}}
	tokens := gmail.NewTokens(oauth, nil, address, "")
	fill(b, base, tokens, n)
	for b.Loop() {
		w := newWorld(b, address, "ours.example")
		w.cfg.Poll = time.Minute
		count := &trips{}
		w.addMailbox(address, gmail.New(gmail.Config{Address: address, Base: base, Client: &http.Client{Transport: count}, Poll: time.Minute, Tokens: tokens}))
		seconds, _, peak := measured(b, func() { w.sync(n) })
		b.ReportMetric(n/seconds, "mails/s")
		b.ReportMetric(float64(count.units)/n, "units/mail")
		b.ReportMetric(float64(count.n), "round-trips")
		b.ReportMetric(float64(count.whole), "asked-twice")
		b.ReportMetric(peak, "peak-MB")
	}
}

// fill puts mails into an account of the emulator.
func fill(b *testing.B, base string, tokens *gmail.Tokens, n int) {
	b.Helper()
	token, err := tokens.Access(b.Context())
	must(b, err)
	for m := range bulkMail(n) {
		body, err := json.Marshal(map[string]any{"raw": base64.URLEncoding.EncodeToString(m.Raw), "labelIds": []string{"INBOX", "UNREAD"}})
		must(b, err)
		r, err := http.NewRequestWithContext(b.Context(), http.MethodPost, base+"/gmail/v1/users/me/messages", bytes.NewReader(body))
		must(b, err)
		r.Header.Set("Authorization", "Bearer "+token)
		r.Header.Set("Content-Type", "application/json")
		res, err := http.DefaultClient.Do(r)
		must(b, err)
		_, _ = io.Copy(io.Discard, res.Body)
		must(b, res.Body.Close())
		if res.StatusCode >= 300 {
			b.Fatalf("the emulator takes no mail: %s", res.Status)
		}
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
