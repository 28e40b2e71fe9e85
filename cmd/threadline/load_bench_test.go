package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// sort is one kind of request in the mix of a working day.
type sort struct {
	name  string
	share int // of a hundred
	ask   func(n int) (method, path, body string, head [2]string)
}

// outcome is what became of requests of one kind.
type outcome struct {
	mu     sync.Mutex
	good   []time.Duration // from the moment at which it was due, not at which it was sent
	status map[int]int
	lost   int // no answer
}

func (o *outcome) add(took time.Duration, status int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	switch {
	case status == 0:
		o.lost++
	case status < 300 && took < patient:
		o.good = append(o.good, took)
	default:
		o.status[status]++
	}
}

// patient is how long somebody waits: what comes later is worth nothing to them.
const patient = 2 * time.Second

// load is a server with a small mailbox, and what asks it.
type load struct {
	b      *testing.B
	base   string
	client *http.Client
	sorts  []sort
}

// callers have so many connections between them: each one more is opened and served
// by the same two processors, and without a bound that alone takes most of them.
const (
	callers = 20
	conns   = 512
)

func newLoad(b *testing.B) *load {
	s := newShell(b)
	imap, password := s.mail()
	stop, base := s.serveAt("--trusted-proxy", "127.0.0.1", "--log-level", "warn")
	b.Cleanup(func() { stop() })
	l := &load{b: b, base: strings.TrimSuffix(base, "/")}
	l.client = &http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: conns, MaxConnsPerHost: conns,
		DialContext: (&net.Dialer{Timeout: 5 * time.Second}).DialContext}}
	b.Cleanup(l.client.CloseIdleConnections)
	const nora = "nora@brightwell.example"
	s.ok("user", "add", nora, "--name", "Nora")
	s.ok("mailbox", "add", "--owner", nora, "--imap", imap, "--tls", "none", "--login", "nora", "--password-file", password)
	s.ok("mailbox", "status", "--watch")
	s.ok("suggest", "--accept", "written-to", "--as", nora)
	var keys, cookies []string
	for range callers {
		keys = append(keys, "Bearer "+regexp.MustCompile(`tl_\S+`).FindString(s.ok("apikey", "add", nora)))
		token := regexp.MustCompile(`#(\S+)`).FindStringSubmatch(s.ok("user", "link", nora))[1]
		res, err := l.client.Post(l.base+"/api/v1/session", "application/json", strings.NewReader(`{"token":"`+token+`"}`))
		must(b, err)
		cookies = append(cookies, "tl_session="+cookieOf(b, res.Header))
		_ = res.Body.Close()
	}
	mails := l.mails(keys[0])
	l.sorts = []sort{
		{"card", 50, func(n int) (string, string, string, [2]string) {
			return "POST", "/addon/v1/event?t=message", `{"gmail":{"messageId":"tl-` + mails[n%len(mails)] + `"}}`, [2]string{"Cookie", cookies[n%callers]}
		}},
		{"api", 40, func(n int) (string, string, string, [2]string) {
			return "GET", "/api/v1/contacts?limit=20", "", [2]string{"Authorization", keys[n%callers]}
		}},
		{"pixel", 10, func(n int) (string, string, string, [2]string) {
			return "GET", "/t/o/x", "", [2]string{"X-Forwarded-For", fmt.Sprintf("198.51.%d.%d", n/250%250, n%250)}
		}},
	}
	return l
}

func (l *load) mails(key string) (ids []string) {
	req, err := http.NewRequest("GET", l.base+"/api/v1/messages?limit=50", nil)
	must(l.b, err)
	req.Header.Set("Authorization", key)
	res, err := l.client.Do(req)
	must(l.b, err)
	defer res.Body.Close()
	var page struct{ Items []struct{ ID string } }
	must(l.b, json.NewDecoder(res.Body).Decode(&page))
	for _, m := range page.Items {
		ids = append(ids, m.ID)
	}
	if len(ids) == 0 {
		l.b.Fatal("no mail to draw cards of")
	}
	return ids
}

func (l *load) sortOf(n int) int {
	at := n * 37 % 100 // every hundred holds each kind as often as its share says
	for i, s := range l.sorts {
		if at -= s.share; at < 0 {
			return i
		}
	}
	return 0
}

func (l *load) send(n int, due time.Time, out []*outcome) {
	i := l.sortOf(n)
	method, path, body, head := l.sorts[i].ask(n)
	req, err := http.NewRequest(method, l.base+path, strings.NewReader(body))
	if err != nil {
		return
	}
	req.Header.Set(head[0], head[1])
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	res, err := l.client.Do(req)
	if err != nil {
		out[i].add(0, 0)
		return
	}
	_, _ = io.Copy(io.Discard, res.Body)
	_ = res.Body.Close()
	out[i].add(time.Since(due), res.StatusCode)
}

func (l *load) outcomes() []*outcome {
	var out []*outcome
	for range l.sorts {
		out = append(out, &outcome{status: map[int]int{}})
	}
	return out
}

// capacity is how many are answered a second when each of some callers waits for
// the answer before it asks again.
func (l *load) capacity(d time.Duration) float64 {
	out := l.outcomes()
	var n atomic.Int64
	var wg sync.WaitGroup
	begun := time.Now()
	for range callers {
		wg.Go(func() {
			for time.Since(begun) < d {
				l.send(int(n.Add(1)), time.Now(), out)
			}
		})
	}
	wg.Wait()
	return float64(n.Load()) / time.Since(begun).Seconds()
}

// open asks at a rate, whether answers come or not.
func (l *load) open(rate float64, d time.Duration) []*outcome {
	out := l.outcomes()
	var wg sync.WaitGroup
	begun := time.Now()
	for n := 0; ; {
		now := time.Since(begun)
		if now > d {
			break
		}
		for ; float64(n) < rate*now.Seconds(); n++ {
			due := begun.Add(time.Duration(float64(n) / rate * 1e9))
			wg.Go(func() { l.send(n, due, out) })
		}
		time.Sleep(time.Millisecond)
	}
	wg.Wait()
	return out
}

// BenchmarkLoad asks a server for what a working day asks, at half of what it can
// answer, at that, at twice and at five times: asked in this very process, so that
// those who ask take their part of the processors.
func BenchmarkLoad(b *testing.B) {
	l := newLoad(b)
	const d = 4 * time.Second
	l.capacity(d / 2) // warms caches
	for b.Loop() {
		can := l.capacity(d)
		b.ReportMetric(can, "answers/s")
		for _, times := range []float64{0.5, 1, 2, 5} {
			l.report(times, can, l.open(times*can, d), d)
		}
	}
}

func (l *load) report(times, can float64, out []*outcome, d time.Duration) {
	name := func(what string) string { return fmt.Sprintf("%s-%gx", what, times) }
	good, lost := 0, 0
	for i, o := range out {
		good, lost = good+len(o.good), lost+o.lost
		slices.Sort(o.good)
		if n := len(o.good); n > 0 {
			l.b.ReportMetric(float64(o.good[n*99/100].Microseconds())/1000, name(l.sorts[i].name+"-p99-ms"))
		}
		refused := 0
		for _, n := range o.status {
			refused += n
		}
		l.b.ReportMetric(100*float64(refused)/float64(max(1, refused+len(o.good)+o.lost)), name(l.sorts[i].name+"-refused-%"))
		l.b.Logf("%s %s: %d good, %d lost, others %v", name("load"), l.sorts[i].name, len(o.good), o.lost, o.status)
	}
	l.b.ReportMetric(float64(good)/d.Seconds()/min(can, times*can), name("goodput"))
	l.b.ReportMetric(float64(lost), name("lost"))
}

// BenchmarkSignInFlood lets 200 people sign in by password at once.
func BenchmarkSignInFlood(b *testing.B) {
	s := newShell(b)
	stop, base := s.serveAt("--trusted-proxy", "127.0.0.1", "--log-level", "error")
	b.Cleanup(func() { stop() })
	s.ok("user", "add", "nora@brightwell.example")
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	for b.Loop() {
		fresh(b)
		before, begun := memoryMB("VmHWM"), time.Now()
		var wg sync.WaitGroup
		var mu sync.Mutex
		status := map[int]int{}
		for n := range 200 {
			wg.Go(func() {
				req, err := http.NewRequest("POST", base+"api/v1/session/password", strings.NewReader(fmt.Sprintf(`{"email":"p%d@brightwell.example","password":"wrong words here"}`, n)))
				must(b, err)
				req.Header.Set("Content-Type", "application/json")
				req.Header.Set("X-Forwarded-For", fmt.Sprintf("203.0.113.%d", n))
				res, err := client.Do(req)
				if err != nil {
					b.Error(err)
					return
				}
				_ = res.Body.Close()
				mu.Lock()
				status[res.StatusCode]++
				mu.Unlock()
			})
		}
		wg.Wait()
		b.ReportMetric(time.Since(begun).Seconds(), "seconds")
		b.ReportMetric(memoryMB("VmHWM"), "peak-MB")
		b.ReportMetric(memoryMB("VmHWM")-before, "more-MB")
		b.ReportMetric(float64(status[http.StatusUnauthorized]), "answered")
		b.ReportMetric(float64(status[http.StatusServiceUnavailable]+status[http.StatusTooManyRequests]), "sent-away")
	}
}
