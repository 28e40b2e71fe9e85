package match

import (
	"cmp"
	"math"
	"slices"
	"time"

	"threadline/internal/crm"
)

// What the signs are worth. The sum of a deal is the logarithm of how likely it
// is, up to a constant: a deal that leads by 1.75 is six times as likely as the
// next one.
const (
	worthMain    = 2.5  // one of its contacts wrote, or was written to
	worthCopied  = 2.0  // one of its contacts is in copy
	worthSecond  = 2.4  // a second contact of it takes part
	worthFurther = 0.5  // each further one
	worthCompany = -1.0 // only its company takes part
	worthNobody  = -2.0 // it comes from other mail of the conversation
	worthThread  = 2.2  // the message before belongs to it
	worthSaid    = 4.0  // a person said so of the message before
	worthTurned  = 0.3  // times as much, where the message itself names another deal
	worthAbsent  = 1.0  // less, there
	worthAlone   = 1.5  // times as much, where nobody of any deal takes part
	worthNew     = 0.6  // it was made just before
	worthEarly   = -2.5 // it was made 30 days later
	worthGoesOn  = 1.8  // it renews another one, and renewing is spoken of
	worthWord    = 2.6  // a word that only its title has; see term for the rest
	worthWhole   = 0.5  // all telling words of its title
	mostWords    = 10.0

	sureEnough = 0.82 // probability from which on a deal is linked unasked
	telling    = 0.7  // weight of a word that means something
	namedOver  = 1.6  // words that name a closed deal
	stillFelt  = 0.5  // what is left of a conversation after a long pause
	mostAsked  = 5
)

// choice is a deal that is weighed for one message.
type choice struct {
	n                     int // in talk.deals
	people, thread, words float64
	rest                  float64
	over                  bool // closed before the message
	next                  crm.RecordID
	p                     float64
}

func (c *choice) sum() float64 { return c.people + c.thread + c.words + c.rest }

// weigh decides which deal the message belongs to, in the light of the decided
// message last, -1 for none: a link, or what is to be asked, or neither. Over
// says that it is clearly about a deal that is over, which nothing follows.
func (t *talk) weigh(i, last int) (link *crm.Link, asked []crm.Link, over bool) {
	m := &t.members[i]
	if !linksDeals(m.m.Class) || !m.outside() {
		return nil, nil, false
	}
	if len(t.deals) > 1 {
		t.needText()
	}
	open, closed := t.choices(i, last)
	if len(open) == 0 {
		return nil, nil, false
	}
	t.trustThread(open)
	t.keepPast(i, last, open)
	closed = t.succeed(i, open, closed)
	if t.aside(i, open) {
		if t.barely(i) {
			return nil, t.ask(i, ranked(open)), false
		}
		return nil, nil, false
	}
	return t.decide(i, last, ranked(slices.Concat(open, closed)))
}

// decide links the likeliest deal, which comes first, or asks.
func (t *talk) decide(i, last int, all []choice) (link *crm.Link, asked []crm.Link, over bool) {
	best := &all[0]
	switch {
	case len(all) == 1 && t.vouched(i, best):
		return t.only(i, last, best), nil, false
	case len(all) == 1, best.p < sureEnough:
		return nil, t.ask(i, all), false
	case best.over:
		return nil, nil, true
	case !t.specific(i, all):
		return nil, t.ask(i, all), false
	}
	return t.explain(i, last, best, &all[1], all), nil, false
}

// ranked orders choices by how likely they are.
func ranked(all []choice) []choice {
	likely(all)
	slices.SortFunc(all, func(a, b choice) int {
		return cmp.Or(cmp.Compare(b.p, a.p), cmp.Compare(a.n, b.n))
	})
	return all
}

// linksDeals tells whether mail of the class says anything about a deal.
func linksDeals(c crm.Class) bool { return linksByDomain(c) }

// choices are the deals that were open at the date of the message, and those
// that were over but are named or were talked about.
func (t *talk) choices(i, last int) (open, over []choice) {
	m := t.members[i].m
	for n := range t.deals {
		d := &t.deals[n]
		if t.refused(i, d.ID) || d.Created.Add(-crm.DealLead) > m.Date {
			continue
		}
		c := choice{n: n, people: t.people(i, n), thread: t.thread(i, last, d.ID), over: !d.openAt(m.Date)}
		if t.text {
			c.words = t.named(i, n, last)
			if t.elsewhere(i, n) {
				c.thread *= worthTurned
				c.people -= worthAbsent
			}
		}
		switch {
		case !c.over:
			c.rest = freshness(d.Created, m.Date)
			if t.text && t.goesOn(i) && t.renews(i, n) {
				c.rest += worthGoesOn
			}
			open = append(open, c)
		case c.words >= namedOver || c.thread >= stillFelt:
			over = append(over, c)
		}
	}
	return open, over
}

// trustThread lets the conversation decide where nobody else does: a message in
// which no contact of any deal takes part goes on with what the one before was
// about.
func (t *talk) trustThread(open []choice) {
	if slices.ContainsFunc(open, func(c choice) bool { return c.people > worthCompany }) {
		return
	}
	for k := range open {
		open[k].thread *= worthAlone
	}
}

// keepPast keeps a renewal from claiming what was written, earlier in the
// conversation, about the deal that it renews.
func (t *talk) keepPast(i, last int, open []choice) {
	if last < 0 || t.members[last].m.Date <= t.members[i].m.Date || !t.text {
		return
	}
	for k := range open {
		c := &open[k]
		if c.thread > 0 && slices.ContainsFunc(open, func(o choice) bool {
			return o.n != c.n && t.follows(&t.deals[c.n], &t.deals[o.n])
		}) {
			c.thread = 0
		}
	}
}

// people weighs whom the message and the deal have in common.
func (t *talk) people(i, n int) float64 {
	x := t.meeting(i, t.deals[n].ID)
	if x == nil {
		return worthNobody
	}
	if len(x.contacts) == 0 {
		return worthCompany
	}
	s := worthCopied
	if x.main {
		s = worthMain
	}
	elsewhere := len(t.deals[n].people) - len(x.contacts)
	for k := range len(x.contacts) - 1 + elsewhere {
		worth := worthFurther
		if k == 0 {
			worth = worthSecond
		}
		if k >= len(x.contacts)-1 {
			worth *= inThread
		}
		s += worth
	}
	return s
}

// thread weighs that the message before belongs to the deal; it fades while
// nobody writes.
func (t *talk) thread(i, last int, deal crm.RecordID) float64 {
	if last < 0 || t.picked[last].deal != deal {
		return 0
	}
	if t.picked[last].person {
		return worthSaid
	}
	gap := t.members[i].m.Date.Sub(t.members[last].m.Date).Abs()
	return worthThread * math.Exp(-gap.Hours()/24/180)
}

// named weighs the words of the deal that the message says.
func (t *talk) named(i, n, last int) float64 {
	d := &t.deals[n]
	sum, whole, some := 0.0, true, false
	for k, x := range d.terms {
		s := t.says(i, n, k, last)
		sum += worthWord * x.weight * d.rarity[k] * s
		if x.weight >= telling && !x.beside {
			some = true
			whole = whole && s >= telling
		}
	}
	if some && whole {
		sum += worthWhole
	}
	return min(sum, mostWords)
}

// freshness favours a deal that was made shortly before the message, and takes
// from one that was not there yet.
func freshness(created, date crm.Time) float64 {
	if age := date.Sub(created); age >= 0 {
		return worthNew * math.Exp(-age.Hours()/24/60)
	}
	return worthEarly * float64(created.Sub(date)) / float64(30*24*time.Hour)
}

// likely turns the sums into probabilities.
func likely(all []choice) {
	total := 0.0
	for i := range all {
		total += math.Exp(all[i].sum())
	}
	for i := range all {
		all[i].p = math.Exp(all[i].sum()) / total
	}
}
