package auth

import (
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"threadline/internal/crm"
)

// Tries at a password: how many at once, and one more in which time.
const (
	triesAddress, everyAddress = 40, 3 * time.Second // from one network, whoever is meant
	triesPair, everyPair       = 8, time.Minute      // from one network at one account
	triesAccount, everyAccount = 60, time.Minute     // at one account, from anywhere
	maxLimits                  = 20_000
)

// throttle bounds tries by network and account. It counts an account that does
// not exist like any other. What it holds is bounded: when it is full, counters
// that are full again go first, then those of which least was used, so that nobody
// makes it forget one account by trying many.
type throttle struct {
	mu sync.Mutex
	m  map[string]*rate.Limiter
}

func newThrottle() *throttle { return &throttle{m: map[string]*rate.Limiter{}} }

type count struct {
	key   string
	burst int
	every time.Duration
}

// try takes one try, or fails with crm.Throttled and says when the next is. The first
// count that has none left decides: who tries too much leaves no trace in the others.
func (t *throttle) try(now time.Time, counts ...count) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	var wait time.Duration
	for _, c := range counts {
		l := t.m[c.key]
		if l == nil {
			t.room(now)
			l = rate.NewLimiter(rate.Every(c.every), c.burst)
			t.m[c.key] = l
		}
		if !l.AllowN(now, 1) {
			wait = time.Duration((1 - l.TokensAt(now)) * float64(c.every))
			break
		}
	}
	if wait == 0 {
		return nil
	}
	return crm.Errorf(crm.Throttled, "auth.try", "there were too many tries").
		WithHint("wait a little, then try again").WithAfter(wait.Round(time.Second) + time.Second)
}

func (t *throttle) room(now time.Time) {
	if len(t.m) < maxLimits {
		return
	}
	for _, left := range []float64{1, 0.8, 0.5, 0} { // of all tries of a counter
		for k, l := range t.m {
			if l.TokensAt(now) >= left*float64(l.Burst()) {
				delete(t.m, k)
			}
		}
		if len(t.m) < maxLimits {
			return
		}
	}
	clear(t.m) // all of them have no try left
}

// forget starts anew for an account that somebody has proved to be theirs.
func (t *throttle) forget(keys ...string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, k := range keys {
		delete(t.m, k)
	}
}

// network is what an address counts as: whoever has one of IPv6 has 2^64.
func network(address string) string {
	ip, err := netip.ParseAddr(address)
	if err != nil {
		return "?"
	}
	ip = ip.Unmap().WithZone("")
	if ip.Is4() {
		return ip.String()
	}
	p, err := ip.Prefix(64)
	if err != nil {
		return "?"
	}
	return p.String()
}
