package campaign

import (
	"sync"
	"time"

	"golang.org/x/time/rate"

	"threadline/internal/crm"
)

// shares give each domain its share of the mails of an errand. They are kept in
// memory: a new process begins with an empty minute.
type shares struct {
	mu   sync.Mutex
	next map[crm.Domain]crm.Time
}

// slot is when a mail to a domain may go, at most some a minute. One that was put
// off to its slot before goes.
func (s *shares) slot(r *crm.Recipient, perMinute int, now crm.Time) crm.Time {
	if perMinute == 0 || r.Due > r.At {
		return now
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.next == nil {
		s.next = map[crm.Domain]crm.Time{}
	}
	domain := r.Address.Domain()
	at := max(now, s.next[domain])
	s.next[domain] = at.Add(time.Minute / time.Duration(perMinute))
	return at
}

// perMinute is a rate, with a second's worth at once.
func perMinute(n int) *rate.Limiter { return rate.NewLimiter(rate.Limit(float64(n)/60), max(1, n/60)) }

// gmailRate is how many mails a minute Gmail's interface takes of one mailbox:
// messages.send costs 100 of 6,000 units
// (https://developers.google.com/gmail/api/reference/quota).
const gmailRate = 60

// accounts are the rates of mailboxes, over all errands of this process.
type accounts struct {
	mu sync.Mutex
	of map[crm.MailboxID]*account
}

type account struct {
	*rate.Limiter
	n int
}

// rate is that of a mailbox; nil: it has none.
func (a *accounts) rate(m *crm.Mailbox) *rate.Limiter {
	n := m.PerMinute
	if n == 0 && m.Kind == crm.KindGmail {
		n = gmailRate
	}
	if n == 0 {
		return nil
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.of == nil {
		a.of = map[crm.MailboxID]*account{}
	}
	have := a.of[m.ID]
	if have == nil || have.n != n {
		have = &account{perMinute(n), n}
		a.of[m.ID] = have
	}
	return have.Limiter
}
