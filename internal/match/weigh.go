package match

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"time"

	"threadline/internal/crm"
)

// What the signs are worth. The sum of a deal is the logarithm of how likely it
// is, up to a constant: a deal that leads by 1.75 is six times as likely as the
// next one.
const (
	worthMain    = 2.5  // one of its contacts wrote, or was written to
	worthCopied  = 2.0  // one of its contacts is in copy
	worthSecond  = 2.0  // a second contact of it takes part
	worthFurther = 0.5  // each further one
	worthCompany = -1.0 // only its company takes part
	worthNobody  = -2.0 // it comes from other mail of the conversation
	worthThread  = 2.2  // the message before belongs to it
	worthSaid    = 4.0  // a person said so of the message before
	worthNew     = 0.6  // it was made just before
	worthEarly   = -2.5 // it was made 30 days later
	worthWord    = 2.0  // a word that only its title has; see term for the rest
	worthWhole   = 0.5  // all telling words of its title
	mostWords    = 8.0

	sureEnough = 0.82 // probability from which on a deal is linked unasked
	telling    = 0.7  // weight of a word that means something
	namedOver  = 2.0  // words that name a closed deal
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
	if len(t.deals) > 1 && !t.text {
		t.read()
	}
	open, closed := t.choices(i, last)
	if len(open) == 0 {
		return nil, nil, false
	}
	t.keepPast(i, last, open)
	closed = t.succeed(i, open, closed)
	if len(open) == 1 && len(closed) == 0 {
		return t.only(i, last, &open[0]), nil, false
	}
	all := slices.Concat(open, closed)
	likely(all)
	slices.SortFunc(all, func(a, b choice) int {
		return cmp.Or(cmp.Compare(b.p, a.p), cmp.Compare(a.n, b.n))
	})
	switch best := &all[0]; {
	case best.p < sureEnough:
		return nil, t.ask(i, all), false
	case best.over:
		return nil, nil, true
	}
	return t.explain(i, last, &all[0], &all[1], open), nil, false
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
			c.words = t.named(i, n)
		}
		switch {
		case !c.over:
			c.rest = freshness(d.Created, m.Date)
			open = append(open, c)
		case c.words >= namedOver || c.thread >= stillFelt:
			over = append(over, c)
		}
	}
	return open, over
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
func (t *talk) named(i, n int) float64 {
	d := &t.deals[n]
	sum, whole, some := 0.0, true, false
	for k, x := range d.terms {
		s := t.says(i, n, k)
		sum += worthWord * x.weight * d.rarity[k] * s
		if x.weight >= telling && !x.amount {
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

// succeed gives to an open deal what speaks for a closed one that it follows,
// and leaves the closed ones that nothing follows.
func (t *talk) succeed(i int, open, over []choice) []choice {
	return slices.DeleteFunc(over, func(was choice) bool {
		followed := false
		for k := range open {
			c := &open[k]
			if t.follows(&t.deals[c.n], &t.deals[was.n]) && !t.apart(i, c.n, was.n) {
				followed = true
				c.thread += was.thread
				c.next = t.deals[was.n].ID
			}
		}
		return followed
	})
}

// apart tells whether the message names a closed deal by a number that another
// one has otherwise: phase 1, where that is phase 2.
func (t *talk) apart(i, other, closed int) bool {
	d, was := &t.deals[other], &t.deals[closed]
	return slices.ContainsFunc(was.terms, func(x term) bool {
		word, number := cutNumber(x.forms[0].text)
		return t.speaks(i, closed, x) && slices.ContainsFunc(d.terms, func(y term) bool {
			w, n := cutNumber(y.forms[0].text)
			return word != "" && w == word && n != "" && n != number && !t.speaks(i, other, y)
		})
	})
}

// speaks tells whether the message itself says a term of a deal.
func (t *talk) speaks(i, n int, x term) bool {
	k := slices.IndexFunc(t.deals[n].terms, func(o term) bool { return o.forms[0].text == x.forms[0].text })
	return t.text && t.words[i][n][k] >= inText*telling
}

// follows tells whether a deal takes up where a closed one ended: it was made
// later and is called alike, or it is called a renewal and was made about the
// time when the other one was closed.
func (t *talk) follows(d, was *subject) bool {
	if d.Created < was.Created {
		return false
	}
	near := d.Created.Sub(was.Closed).Abs() <= renewalTime
	return slices.ContainsFunc(d.terms, func(x term) bool {
		w := x.forms[0].text
		return near && renewalWords[w] || x.weight >= telling && !x.amount && !year(w) && was.has(x)
	})
}

// renewalTime is how far a renewal is made from the end of what it renews.
const renewalTime = 60 * 24 * time.Hour

// renewalWords say, folded, that a deal goes on with an earlier one.
var renewalWords = wordSet(`renewal renew renewals prolongation extension renouvellement reconduction rinnovo proroga odnowienie
	przedluzenie wznowienie kontynuacja follow-up`)

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

// only links the one deal that is left.
func (t *talk) only(i, last int, c *choice) *crm.Link {
	d := &t.deals[c.n]
	l := &crm.Link{Record: d.ID, Rule: crm.ByOnlyDeal, Confidence: sureDealContact}
	switch x := t.meeting(i, d.ID); {
	case c.next != "":
		l.Rule, l.Evidence.Via = crm.ByDealNext, c.next
	case x != nil:
		l.Evidence.Via = x.via
		if len(x.contacts) == 0 {
			l.Confidence = sureDealCompany
		}
	case c.thread > 0:
		l.Rule, l.Confidence, l.Evidence.Message = crm.ByDealThread, sureThread, t.members[last].m.ID
	default:
		return nil
	}
	return l
}

// explain links the likeliest deal and names what sets it apart from the next.
func (t *talk) explain(i, last int, best, next *choice, open []choice) *crm.Link {
	d := &t.deals[best.n]
	l := &crm.Link{Record: d.ID, Confidence: min(int(math.Round(100*best.p)), sureContact+5)}
	words, thread, people := best.words-next.words, best.thread-next.thread, best.people-next.people
	x := t.meeting(i, d.ID)
	switch {
	case words >= thread && words >= people && words > 0 && t.quote(i, best.n) != "":
		l.Rule, l.Evidence.Quote = crm.ByDealWords, t.quote(i, best.n)
	case words >= thread && words >= people && words > 0:
		l.Rule, l.Evidence.Message = crm.ByDealThread, t.teller(i, best.n)
	case best.next != "" && thread > 0:
		l.Rule, l.Evidence.Via = crm.ByDealNext, best.next
	case thread >= people && thread > 0 && last >= 0:
		l.Rule, l.Evidence.Message = crm.ByDealThread, t.members[last].m.ID
	case x != nil:
		l.Rule, l.Evidence.Via = crm.ByDealPeople, x.via
		if len(x.contacts) > 0 && t.alone(i, best.n, open) {
			l.Rule, l.Confidence = crm.ByOnlyDeal, min(l.Confidence, sureDealContact)
		}
	default:
		l.Rule = crm.ByDealPeople
	}
	return l
}

// alone tells whether no other open deal has a contact in the message.
func (t *talk) alone(i, n int, open []choice) bool {
	return !slices.ContainsFunc(open, func(c choice) bool {
		x := t.meeting(i, t.deals[c.n].ID)
		return c.n != n && x != nil && len(x.contacts) > 0
	})
}

// teller is the other message of the conversation whose words tell most of the
// deal.
func (t *talk) teller(i, n int) crm.MessageID {
	best, most := crm.MessageID(""), 0.0
	for _, j := range t.order {
		sum := 0.0
		for k, x := range t.deals[n].terms {
			sum += x.weight * t.deals[n].rarity[k] * t.words[j][n][k]
		}
		if j != i && sum > most {
			best, most = t.members[j].m.ID, sum
		}
	}
	return best
}

// quote lists the words of the deal in the message itself that tell most, at
// most three. What other messages say is not quoted: not everybody who reads
// this one may read those.
func (t *talk) quote(i, n int) string {
	d := &t.deals[n]
	var idx []int
	worth := func(k int) float64 { return d.terms[k].weight * d.rarity[k] * t.words[i][n][k] }
	for k := range d.terms {
		if worth(k) > 0.2 {
			idx = append(idx, k)
		}
	}
	slices.SortStableFunc(idx, func(a, b int) int { return cmp.Compare(worth(b), worth(a)) })
	var out []string
	for _, k := range idx[:min(len(idx), 3)] {
		out = append(out, d.terms[k].shown)
	}
	return strings.Join(out, ", ")
}

// ask lists the open deals that may be meant. Only what a person wrote is worth
// a question.
func (t *talk) ask(i int, all []choice) []crm.Link {
	if c := t.members[i].m.Class; c != crm.ClassPerson && c != crm.ClassCalendar {
		return nil
	}
	var out []crm.Link
	for k := range all {
		c := &all[k]
		if c.over || c.p < 0.02 && len(out) > 1 || len(out) == mostAsked {
			continue
		}
		d := &t.deals[c.n]
		l := crm.Link{Record: d.ID, Rule: crm.ByDealPeople, Confidence: int(math.Round(100 * c.p))}
		if x := t.meeting(i, d.ID); x != nil {
			l.Evidence.Via = x.via
		}
		if quote := t.quote(i, c.n); quote != "" {
			l.Rule, l.Evidence.Quote = crm.ByDealWords, quote
		}
		out = append(out, l)
	}
	return out
}
