package track_test

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"threadline/internal/crm"
	"threadline/internal/store"
	tt "threadline/internal/timeline/timelinetest"
	"threadline/internal/track"
)

var links = track.Links{Base: "https://crm.own.example", Key: crm.IDKey("a key of the tests")}

func about() track.About {
	return track.About{Campaign: tt.ID(crm.PrefixCampaign, 1), Recipient: tt.ID(crm.PrefixRecipient, 1)}
}

func TestLetter(t *testing.T) {
	const page = `<p>Read <a class="x" href="https://shop.example/?a=1&amp;b=2">this</a>, <a href="mailto:a@b.example">write</a>, ` +
		`<a href="https://crm.own.example/u/x">leave</a>, <a name="x">no link</a> or <a href="http://else.example">that</a>.</p>`
	got := links.Letter(page, about())
	if strings.Count(got, track.ClickPath) != 2 || strings.Count(got, track.OpenPath) != 1 || !strings.Contains(got, `"mailto:a@b.example"`) ||
		!strings.Contains(got, `"https://crm.own.example/u/x"`) || strings.Contains(got, "shop.example") {
		t.Fatalf("%s", got)
	}
	rest := got[strings.Index(got, track.ClickPath)+len(track.ClickPath):]
	token, target, _ := strings.Cut(rest[:strings.IndexByte(rest, '"')], "/")
	h, ok := links.ReadClick(token, target)
	if !ok || h.Target != "https://shop.example/?a=1&b=2" || h.Link != 1 || h.Recipient != about().Recipient || h.Campaign != about().Campaign {
		t.Errorf("%+v %v", h, ok)
	}
}

// TestUndress: the copy among the sent mail is what was written, and counts nobody.
func TestUndress(t *testing.T) {
	for _, page := range []string{
		`<p>Read <a class="x" href="https://shop.example/?a=1&amp;b=2">this</a>, <a href="mailto:a@b.example">write</a> or <a href="http://else.example">that</a>.</p>`,
		`<p>nothing</p>`, "",
	} {
		if got := links.Undress(links.Letter(page, about())); got != page {
			t.Errorf("%s became %s", page, got)
		}
	}
	foreign := `<img src="https://crm.own.example/t/o/a.x.y.0.zzzz"><a href="https://crm.own.example/t/c/a.x.y.1.zzzz/aHR0">x</a><a href="https://crm.own.example/t/c/`
	if got := links.Undress(foreign); got != foreign {
		t.Errorf("what is not ours became %s", got)
	}
}

// TestNobodyMakesUpAnAddress: each part of an address is under its signature.
func TestNobodyMakesUpAnAddress(t *testing.T) {
	click := strings.TrimPrefix(links.Click(about(), 1, "https://shop.example/"), links.Base+track.ClickPath)
	open := strings.TrimPrefix(links.Open(about()), links.Base+track.OpenPath)
	token, target, _ := strings.Cut(click, "/")
	_, evil, _ := strings.Cut(strings.TrimPrefix(links.Click(about(), 1, "https://evil.example/"), links.Base+track.ClickPath), "/")
	if _, ok := links.ReadClick(token, target); !ok {
		t.Fatal("a good address is refused")
	}
	for name, bad := range map[string][2]string{
		"other target": {token, evil}, "other purpose": {open, target}, "other key": {"b" + token[1:], target}, "other link": {strings.Replace(token, ".1.", ".2.", 1), target},
		"cut": {token[:len(token)-3], target}, "nothing": {"", ""}, "no base64": {token, "%%%"}, "other recipient": {strings.Replace(token, "rcp_", "rcp_b", 1), target},
	} {
		if h, ok := links.ReadClick(bad[0], bad[1]); ok {
			t.Errorf("%s leads to %s", name, h.Target)
		}
	}
	for _, bad := range []string{"javascript:alert(1)", "//evil.example", "ftp://x.example", "/local", "https:", "data:text/html,x"} {
		if track.Trackable(bad) {
			t.Errorf("%s is tracked", bad)
		}
	}
	if _, ok := links.ReadOpen(token); ok {
		t.Error("a click serves as an open")
	}
}

func TestJudge(t *testing.T) {
	const chrome = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36"
	for _, c := range []struct {
		kind  crm.HitKind
		agent string
		ahead bool
		want  crm.Verdict
	}{
		{crm.HitClick, chrome, false, crm.VerdictHuman},
		{crm.HitClick, chrome, true, crm.VerdictMachine},
		{crm.HitOpen, "", false, crm.VerdictMachine},
		{crm.HitOpen, "Mozilla/5.0", false, crm.VerdictMachine},
		{crm.HitOpen, "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)", false, crm.VerdictMachine},
		{crm.HitOpen, "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)", false, crm.VerdictHuman},
		{crm.HitClick, "python-requests/2.32", false, crm.VerdictMachine},
		{crm.HitClick, "Mozilla/5.0 (compatible; bingbot/2.0)", false, crm.VerdictMachine},
		{crm.HitOpen, "Outlook-iOS/2.0", false, crm.VerdictUnknown},
	} {
		if got, why := track.Judge(c.kind, track.Request{Agent: c.agent, Prefetch: c.ahead}); got != c.want || got != crm.VerdictHuman && why == "" {
			t.Errorf("%s %q is %s (%s), want %s", c.kind, c.agent, got, why, c.want)
		}
	}
}

// world collects in a store until the test ends.
func world(t *testing.T) (*tt.World, *track.Collector, *track.Folder) {
	start, clock := time.Now(), tt.Start
	w := tt.Open(t, t.TempDir()+"/data.db", func() time.Time { return clock.Add(time.Since(start)) })
	c := track.NewCollector(w.Space)
	ctx, stop := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	wg.Go(func() { _ = c.Run(ctx) })
	t.Cleanup(func() { stop(); wg.Wait() })
	return w, c, track.NewFolder(w.Space, slog.New(slog.DiscardHandler))
}

func seen(t *testing.T, w *tt.World, id string) crm.Seen {
	t.Helper()
	doc, err := store.Sightings.Get(t.Context(), w.Space, id)
	if err != nil {
		t.Fatal(err)
	}
	return doc.Value
}

func TestEventsAreCountedOnce(t *testing.T) {
	w, c, f := world(t)
	a := about()
	const people, each = 40, 5
	var wg sync.WaitGroup
	for p := range people {
		wg.Go(func() {
			for range each {
				h := crm.Hit{Kind: crm.HitOpen, Campaign: a.Campaign, Recipient: tt.ID(crm.PrefixRecipient, p), Verdict: crm.VerdictHuman}
				if p%4 == 0 {
					h.Verdict = crm.VerdictMachine
				}
				if err := c.Take(t.Context(), h); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	chunks, err := store.HitChunks.All(t.Context(), w.Space, store.Query{Where: []store.Filter{store.Is("folded", false)}, Order: "at"})
	if err != nil || len(chunks) >= people*each {
		t.Fatalf("%d documents for %d events: %v", len(chunks), people*each, err)
	}
	for range 2 {
		if err := f.CatchUp(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	sum := seen(t, w, a.Campaign)
	if sum.Opens.Human != 150 || sum.Opens.Machine != 50 || sum.Openers != 30 {
		t.Errorf("%+v", sum)
	}
	if one := seen(t, w, tt.ID(crm.PrefixRecipient, 1)); one.Opens.Human != each || one.Opened == 0 {
		t.Errorf("%+v", one)
	}
}

// TestBursts: three links within two seconds, and what came just after sending,
// are no reader's; what a reader did before and after stays.
func TestBursts(t *testing.T) {
	at := func(s float64) crm.Time { return crm.At(tt.Start.Add(time.Duration(s * float64(time.Second)))) }
	sent := at(0)
	for name, c := range map[string]struct {
		clicks []float64
		want   crm.HitCount
	}{
		"one reader":           {[]float64{60, 90, 300}, crm.HitCount{Human: 3}},
		"a scanner":            {[]float64{60, 60.5, 61}, crm.HitCount{Machine: 3}},
		"a reader and scanner": {[]float64{30, 60, 60.5, 61, 200}, crm.HitCount{Human: 2, Machine: 3}},
		"too soon":             {[]float64{3, 60}, crm.HitCount{Human: 1, Machine: 1}},
	} {
		var s, whole crm.Seen
		for i, x := range c.clicks {
			before := s
			s.Take(crm.Hit{Kind: crm.HitClick, Link: i + 1, At: at(x), Verdict: crm.VerdictHuman}, sent)
			whole.Gain(&before, &s)
		}
		if s.Clicks != c.want || whole.Clicks != c.want || (whole.Clickers == 1) != (c.want.Human > 0) || (s.Clicked > 0) != (c.want.Human > 0) {
			t.Errorf("%s: %+v, as a whole %+v", name, s, whole)
		}
	}
}

func BenchmarkTake(b *testing.B) {
	w := tt.New(b)
	c := track.NewCollector(w.Space)
	ctx, stop := context.WithCancel(b.Context())
	defer stop()
	go func() { _ = c.Run(ctx) }()
	b.SetParallelism(100)
	b.RunParallel(func(pb *testing.PB) {
		for i := 0; pb.Next(); i++ {
			if err := c.Take(ctx, crm.Hit{Kind: crm.HitOpen, Campaign: about().Campaign, Recipient: fmt.Sprint(i), Agent: "Mozilla/5.0", Verdict: crm.VerdictHuman}); err != nil {
				b.Error(err)
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "events/s")
}

// TestKeysFollowOneAnother signs with the newest key, and reads by all that are
// kept.
func TestKeysFollowOneAnother(t *testing.T) {
	later := links
	later.More = []crm.TrackKey{{ID: "k1", Key: crm.IDKey("another")}, {ID: "k2", Key: crm.IDKey("a third")}}
	for from, to := range map[*track.Links]map[*track.Links]bool{&links: {&links: true, &later: true}, &later: {&later: true, &links: false}} {
		token := strings.TrimPrefix(from.Open(about()), from.Base+track.OpenPath)
		for reader, want := range to {
			if _, ok := reader.ReadOpen(token); ok != want {
				t.Errorf("an address of %d keys is read by %d: %v", len(from.More), len(reader.More), ok)
			}
		}
	}
}
