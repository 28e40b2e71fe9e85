package addon

import (
	"crypto/sha256"
	"sync"
	"time"
)

const (
	maxSeen  = 20_000
	seenLife = 10 * time.Minute // bounds how long a withdrawn key is still believed
)

// seen remembers the claims of verified tokens by hash, so that a signature is
// checked once. It holds two generations: when the younger one is full, the
// older one is forgotten as a whole.
type seen struct {
	mu         sync.Mutex
	half       int
	young, old map[[sha256.Size]byte]seenClaims
}

type seenClaims struct {
	claims Claims
	until  time.Time
}

func newSeen(limit int) *seen {
	return &seen{half: max(1, limit/2), young: map[[sha256.Size]byte]seenClaims{}}
}

func (s *seen) get(sum [sha256.Size]byte, now time.Time) (Claims, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	e, ok := s.young[sum]
	if !ok {
		e, ok = s.old[sum]
	}
	if !ok || !now.Before(e.until) {
		return Claims{}, false
	}
	return e.claims, true
}

func (s *seen) put(sum [sha256.Size]byte, c Claims, now time.Time) {
	until := time.Unix(c.Expires, 0).Add(leeway)
	if limit := now.Add(seenLife); until.After(limit) {
		until = limit
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.young) >= s.half {
		s.old, s.young = s.young, make(map[[sha256.Size]byte]seenClaims, s.half)
	}
	s.young[sum] = seenClaims{c, until}
}

func (s *seen) size() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.young) + len(s.old)
}
