package match

import (
	"math"
	"slices"

	"threadline/internal/crm"
)

// What a deal must have for it to be linked unasked, beyond being the likeliest.
const (
	beginning  = 3    // messages that tell what a conversation is about
	fewWords   = 10   // among so many a single one about something else counts
	longMail   = 20   // among more, two about something else are few
	hardlySaid = 0.25 // how clearly a deal is named by a word that hints at it
	wellSaid   = 1.2  // and by a long one, or one in a subject
	plainly    = 0.35 // how clearly a word of a title itself is said, for it to decide
	inPassing  = 14   // words among which that one is said in passing
	kindred    = 2    // or so many words that are merely kindred
	oneWord    = 2.0  // what one word of a deal is worth
	moreWords  = 3.5  // what several are worth, or one in a subject
)

// vouched tells whether a deal to which people alone lead may be linked unasked:
// not when the beginning of the conversation speaks of something beside the deals
// more than of buying, and hardly of this one; and not when somebody who is none
// of its contacts says much, and nothing of it.
func (t *talk) vouched(i int, c *choice) bool {
	if c.thread > 0 || c.next != "" {
		return true
	}
	most, x := slices.Max(t.saidBeside()), t.meeting(i, t.deals[c.n].ID)
	stranger := x == nil || len(x.contacts) == 0
	if most == 0 && !stranger {
		return true
	}
	words, sale := t.saidOfBuying()
	switch {
	case most >= besideEnough && most > sale && (most > besideEnough || words <= longMail):
		return t.clearly(i, c.n)
	case sale > 0:
		return true
	case most > 0 && words <= fewWords, stranger && words >= fewWords:
		return t.hinted(i, c.n)
	}
	return true
}

// saidBeside adds up what the beginning of the conversation says of something
// beside the deals. That somebody is away is no reason to doubt.
func (t *talk) saidBeside() []int {
	var sum matters
	for _, i := range t.order[:min(len(t.order), beginning)] {
		for k, n := range t.beside[i].said {
			if matter(k) != absence {
				sum[k] += n
			}
		}
	}
	return sum[:]
}

// saidOfBuying counts the words of the beginning of the conversation, and those of
// buying, each beginning once.
func (t *talk) saidOfBuying() (words, sale int) {
	var seen []string
	for _, i := range t.order[:min(len(t.order), beginning)] {
		for _, w := range wordsOf(t.members[i].m) {
			if w.at < inText {
				continue
			}
			words++
			if stem, _, ok := saleWords.find(w.text); ok && !slices.Contains(seen, stem) {
				seen = append(seen, stem)
			}
		}
	}
	return words, len(seen)
}

// clearly tells whether the conversation says a word of the title of the deal
// itself, and the message more than one or in its subject, where it is itself about
// something else than what was bought.
func (t *talk) clearly(i, n int) bool {
	t.needText()
	least := inText
	for k, x := range besideSum(t.own(i), t.titled) {
		if x > 0 && matter(k) != afterSale {
			least = wellSaid
		}
	}
	for j := range t.members {
		plain := t.traces[j][n].plain
		if j != i {
			plain *= inThread
		}
		if plain >= least {
			return true
		}
	}
	return false
}

// own are the words that are a message's own: not the subject, where it answers.
func (t *talk) own(i int) []placed {
	words := wordsOf(t.members[i].m)
	if i == t.order[0] {
		return words
	}
	return slices.DeleteFunc(words, func(w placed) bool { return w.at > inText })
}

// hinted tells whether anything in the conversation points to the deal.
func (t *talk) hinted(i, n int) bool {
	t.needText()
	for k, x := range t.deals[n].terms {
		if x.weight*t.says(i, n, k, -1) >= hardlySaid {
			return true
		}
	}
	return false
}

// specific tells whether what makes a deal the likeliest, the first of all, is
// enough to link it unasked. Where people are, they must be vouched for; where
// words are, one must be of the title itself, or several kindred; and mail that is
// about something beside the deals has to say more than one.
func (t *talk) specific(i int, all []choice) bool {
	best, what := &all[0], t.beside[i].matter
	if best.thread == 0 && !t.barely(i) && (what == afterSale && best.words < oneWord || what != someDeal && what != afterSale && best.words < moreWords) {
		return false
	}
	if t.sureOfPeople(all) {
		return t.vouched(i, best)
	}
	return slices.ContainsFunc(t.traces, func(of []trace) bool { return of[best.n].decides() })
}

// sureOfPeople tells whether the first deal would be sure without its words.
func (t *talk) sureOfPeople(all []choice) bool {
	total := 0.0
	for k := range all {
		total += math.Exp(all[k].sum() - all[k].words)
	}
	return math.Exp(all[0].sum()-all[0].words) >= sureEnough*total
}

// barely tells whether a message that seems to be about something beside the deals
// says so with few of its many words.
func (t *talk) barely(i int) bool {
	m := t.members[i].m
	return m.Class != crm.ClassAutoReply && slices.Max(t.beside[i].said[:]) <= besideEnough && len(wordsOf(m)) > longMail
}
