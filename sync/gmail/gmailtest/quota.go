package gmailtest

import (
	"maps"
	"time"
)

// Prices are the units that methods cost projects which began after May 2026
// (https://developers.google.com/workspace/gmail/api/reference/quota).
var Prices = map[string]int{
	"users.getProfile": 1, "users.watch": 100, "users.stop": 50,
	"history.list": 2, "messages.list": 5, "messages.get": 20, "messages.send": 100, "messages.insert": 25,
	"messages.modify": 5, "messages.trash": 5, "messages.delete": 10, "attachments.get": 20,
	"labels.list": 1, "labels.get": 1, "labels.create": 5, "threads.get": 40, "sendAs.list": 1,
	"drafts.create": 10, "drafts.update": 15, "drafts.delete": 10, "drafts.list": 5, "drafts.send": 100,
}

// ledger is the accounting of calls.
type ledger struct {
	calls    map[string]int
	units    int
	overruns int
	spent    []spend
}

type spend struct {
	at    time.Time
	email string
	units int
}

// charge counts a call and tells whether it stays within the limits. A call that
// is refused costs nothing.
func (s *Server) charge(email, method string) bool {
	now, price := s.opt.Now(), s.opt.Prices[method]
	var user, project int
	kept := s.ledger.spent[:0]
	for _, e := range s.ledger.spent {
		if now.Sub(e.at) >= time.Minute {
			continue
		}
		kept = append(kept, e)
		project += e.units
		if e.email == email {
			user += e.units
		}
	}
	s.ledger.spent = kept
	if s.opt.PerUser > 0 && user+price > s.opt.PerUser || s.opt.Project > 0 && project+price > s.opt.Project {
		s.ledger.overruns++
		return false
	}
	s.ledger.calls[method]++
	s.ledger.units += price
	if s.opt.PerUser > 0 || s.opt.Project > 0 {
		s.ledger.spent = append(s.ledger.spent, spend{at: now, email: email, units: price})
	}
	return true
}

// Calls is how often each method was called since the last Reset.
func (s *Server) Calls() map[string]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.ledger.calls)
}

// Units is what all calls cost since the last Reset.
func (s *Server) Units() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.ledger.units
}

// Overruns is how many calls were refused because a limit was reached.
func (s *Server) Overruns() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.ledger.overruns
}

// Reset begins the accounting anew.
func (s *Server) Reset() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ledger = ledger{calls: map[string]int{}, spent: s.ledger.spent}
}
