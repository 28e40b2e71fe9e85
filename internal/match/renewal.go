package match

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// succeed gives to an open deal what speaks for a closed one that it follows,
// and leaves the closed ones that nothing follows.
func (t *talk) succeed(i int, open, over []choice) []choice {
	return slices.DeleteFunc(over, func(was choice) bool {
		followed := false
		for k := range open {
			c := &open[k]
			switch {
			case !t.follows(&t.deals[c.n], &t.deals[was.n]):
			case t.apart(i, c.n, was.n):
				c.words *= worthTurned // it says them of the closed one
			default:
				followed = true
				c.thread += was.thread
				c.next = t.deals[was.n].ID
			}
		}
		return followed
	})
}

// apart tells whether the message names a closed deal by a number that another
// one has otherwise: phase 1, where that is phase 2, or by a year that is over,
// unless it speaks of going on.
func (t *talk) apart(i, other, closed int) bool {
	d, was := &t.deals[other], &t.deals[closed]
	return t.elsewhereNamed(i, other, closed) || slices.ContainsFunc(was.terms, func(x term) bool {
		kind, number := numberOf(x)
		switch {
		case kind == "" || !t.speaks(i, closed, x):
			return false
		case kind == aYear && t.goesOn(i):
			return false
		case kind == aYear && number < strconv.Itoa(t.members[i].m.Date.Std().Year()) && !d.has(x):
			return true
		}
		return slices.ContainsFunc(d.terms, func(y term) bool {
			k, n := numberOf(y)
			return k == kind && n != number && !t.speaks(i, other, y)
		})
	})
}

// elsewhereNamed tells whether the message names a closed deal by a word of its
// title for which another one has one of its own that is not said: the shop in
// Quimper, where that is the one in Brest.
func (t *talk) elsewhereNamed(i, other, closed int) bool {
	own := func(n, not int, said bool) bool {
		return slices.ContainsFunc(t.deals[n].terms, func(x term) bool {
			kind, _ := numberOf(x)
			return kind == "" && x.weight >= telling && !x.beside && !renewalWords[x.forms[0].text] &&
				!t.deals[not].has(x) && t.speaks(i, n, x) == said
		})
	}
	return t.text && !t.goesOn(i) && own(closed, other, true) && own(other, closed, false) && !own(other, closed, true)
}

const aYear = "year"

// numberOf is the number that a term tells others of its kind from, and the
// kind: the word before the number, or that it is a year; "" for others.
func numberOf(x term) (kind, number string) {
	text := x.forms[0].text
	if year(text) {
		return aYear, text
	}
	if end := endOfSpan(x.shown); end != "" {
		return aYear, end
	}
	if kind, number = cutNumber(text); number == "" {
		kind = ""
	}
	return kind, number
}

// endOfSpan is the second year of 2025/26 and 2025-2026; "" for others.
func endOfSpan(s string) string {
	at := strings.IndexAny(s, "/-")
	if at != 4 || !year(s[:4]) {
		return ""
	}
	end := s[at+1:]
	if len(end) == 2 {
		end = s[:2] + end
	}
	from, _ := strconv.Atoi(s[:4])
	if n, err := strconv.Atoi(end); err != nil || n != from+1 {
		return ""
	}
	return end
}

// renews tells whether an open deal goes on with one that is over, or with last
// year's, which is called alike.
func (t *talk) renews(i, n int) bool {
	d := &t.deals[n]
	return slices.ContainsFunc(t.deals, func(was subject) bool {
		if was.ID == d.ID || !t.follows(d, &was) {
			return false
		}
		return !was.openAt(t.members[i].m.Date) || lastYear(was.terms) != "" && lastYear(was.terms) < lastYear(d.terms)
	})
}

// lastYear is the latest year in a title, "" for none.
func lastYear(terms []term) string {
	last := ""
	for _, x := range terms {
		if kind, number := numberOf(x); kind == aYear {
			last = max(last, number)
		}
	}
	return last
}

// goesOn tells whether the message itself speaks of a renewal.
func (t *talk) goesOn(i int) bool {
	return slices.ContainsFunc(wordsOf(t.members[i].m), func(w placed) bool {
		return w.at >= inText && slices.ContainsFunc(renewalStems, func(s string) bool { return strings.HasPrefix(w.text, s) })
	})
}

// renewalStems begin the words, folded, that speak of going on.
var renewalStems = []string{"renew", "prolong", "exten", "renouvel", "recondu", "rinnov", "prorog", "odnow", "odnaw", "przedluz", "wznow", "kontynu",
	"expir", "scad", "echeance", "wygas"}

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
		return near && renewalWords[w] || x.weight >= telling && !x.beside && !year(w) && was.has(x)
	})
}

// renewalTime is how far a renewal is made from the end of what it renews.
const renewalTime = 60 * 24 * time.Hour

// renewalWords say, folded, that a deal goes on with an earlier one.
var renewalWords = wordSet(`renewal renew renewals prolongation extension renouvellement reconduction rinnovo proroga odnowienie
	przedluzenie wznowienie kontynuacja follow-up`)
