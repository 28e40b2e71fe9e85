package gmail_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"threadline/internal/crm"
	"threadline/internal/testenv"
	"threadline/sync/gmail"
	"threadline/sync/gmail/gmailtest"
	"threadline/sync/source"
)

// direct answers requests without a socket, so that time may be virtual.
type direct struct{ http.Handler }

func (d direct) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	d.ServeHTTP(w, r)
	return w.Result(), nil
}

// TestQuotaIsNeverExceeded fetches as fast as it may, for two users of one
// project, and wants no call that the server's accounting refuses.
func TestQuotaIsNeverExceeded(t *testing.T) {
	for name, limits := range map[string]gmail.Limits{"new prices": gmail.NewLimits(), "old prices": gmail.OldLimits()} {
		t.Run(name, func(t *testing.T) {
			limits.Project = limits.PerUser * 3 / 2 // so that it matters, too
			synctest.Test(t, func(t *testing.T) { fetchWithin(t, limits) })
		})
	}
}

func fetchWithin(t *testing.T, limits gmail.Limits) {
	prices := map[string]int{}
	for m, p := range limits.Prices {
		prices[string(m)] = p
	}
	s := gmailtest.New(gmailtest.Options{PerUser: limits.PerUser, Project: limits.Project, Prices: prices})
	quota := gmail.NewQuota(limits)
	client := &http.Client{Transport: direct{s}}
	const mails = 1500
	var fetched sync.Map
	var all sync.WaitGroup
	begun := time.Now()
	for _, user := range []string{rep, "other@example.com"} {
		s.AddUser(user)
		a := account{s, "http://gmail.test"}
		for n := range mails {
			s.Add(user, gmailtest.Mail{Raw: testMail(n).Raw})
		}
		cfg := a.config(s.Grant(user, gmailtest.ScopeReadonly))
		cfg.Address, cfg.Client, cfg.Quota = crm.Address(user), client, quota
		cfg.Tokens = gmail.NewTokens(a.oauth(), client, s.Grant(user, gmailtest.ScopeReadonly), "")
		all.Go(func() {
			n, err := fetchAll(t.Context(), gmail.New(cfg))
			if err != nil {
				t.Error(err)
			}
			fetched.Store(user, n)
		})
	}
	all.Wait()
	for _, user := range []string{rep, "other@example.com"} {
		if n, _ := fetched.Load(user); n != mails {
			t.Errorf("%s: %v mails were fetched, want %d", user, n, mails)
		}
	}
	if n := s.Overruns(); n > 0 {
		t.Errorf("%d calls were over a limit", n)
	}
	took := time.Since(begun)
	ideal := time.Duration(float64(s.Units()) / float64(limits.Project) * float64(time.Minute))
	t.Logf("%d units in %s; the limit alone takes %s", s.Units(), took, ideal)
	if took > ideal*13/10+time.Minute {
		t.Errorf("%s for what the limit permits in %s", took, ideal)
	}
}

func testMail(n int) testenv.Mail {
	return testenv.Mail{Raw: []byte("From: anna@acme.example\r\nSubject: x\r\n\r\nText.\r\n")}
}

func fetchAll(ctx context.Context, src source.Source) (int, error) {
	s, err := src.Open(ctx)
	if err != nil {
		return 0, err
	}
	defer s.Close()
	d, err := s.Delta(ctx, gmail.AllMail, "")
	if err != nil {
		return 0, err
	}
	n := 0
	for _, err := range s.Fetch(ctx, gmail.AllMail, d.Epoch, d.Added, source.Want{}) {
		if err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

// TestOneCallRenewsForAll lets many workers need a token at once.
func TestOneCallRenewsForAll(t *testing.T) {
	a := newAccount(t, gmailtest.Options{})
	tokens := gmail.NewTokens(a.oauth(), nil, a.Grant(rep, gmailtest.ScopeReadonly), "")
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			if _, err := tokens.Access(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if n := a.Calls()["token"]; n != 1 {
		t.Errorf("20 workers made %d calls for a token, want one", n)
	}
	a.Revoke(rep)
	_, err := gmail.NewTokens(a.oauth(), nil, "1//gone", "connect again at X").Access(t.Context())
	if e, ok := err.(*crm.Error); !ok || e.Kind != crm.Unauthorized || !e.Final || e.Hint != "connect again at X" {
		t.Errorf("a revoked consent: %v", err)
	}
}
