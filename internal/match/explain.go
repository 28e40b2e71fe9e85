package match

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"threadline/internal/crm"
)

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
func (t *talk) explain(i, last int, best, next *choice, all []choice) *crm.Link {
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
		if len(x.contacts) > 0 && t.alone(i, best.n, all) {
			l.Rule, l.Confidence = crm.ByOnlyDeal, min(l.Confidence, sureDealContact)
		}
	default:
		l.Rule = crm.ByDealPeople
	}
	return l
}

// alone tells whether no other open deal has a contact in the message.
func (t *talk) alone(i, n int, all []choice) bool {
	return !slices.ContainsFunc(all, func(c choice) bool {
		x := t.meeting(i, t.deals[c.n].ID)
		return c.n != n && !c.over && x != nil && len(x.contacts) > 0
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
		out = append(out, t.heard(i, &d.terms[k]))
	}
	return strings.Join(out, ", ")
}

// heard is a term as the message says it: the word of the title, or a kindred one
// of the message and that in brackets.
func (t *talk) heard(i int, x *term) string {
	words, of := wordsOf(t.members[i].m), x.of
	kindred := ""
	for _, w := range words {
		if slices.ContainsFunc(x.forms, func(f form) bool { return alike(f.text, w.text) > 0 }) {
			return x.shown
		}
		if kindred == "" && related(of, tradesOf(w.text)) > 0 {
			kindred = w.text
		}
	}
	if kindred == "" {
		return x.shown
	}
	return kindred + " (" + x.shown + ")"
}

// ask lists the open deals that may be meant. Only what a person wrote is worth
// a question.
func (t *talk) ask(i int, all []choice) []crm.Link {
	m := t.members[i].m
	if m.Class != crm.ClassPerson && m.Class != crm.ClassCalendar {
		return nil
	}
	var out []crm.Link
	for k := range all {
		c := &all[k]
		if c.over || c.p < 0.02 && len(out) > 1 || len(out) == mostAsked {
			continue
		}
		d := &t.deals[c.n]
		l := crm.Link{Record: d.ID, Rule: crm.ByDealPeople, Confidence: int(math.Round(100 * min(c.p, sureEnough)))}
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
