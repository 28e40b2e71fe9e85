package match

import (
	"slices"
	"strings"

	"threadline/internal/crm"
)

// mention is how clearly a message names each term of a deal: 0 not at all, 1
// in its text, more in its subject.
type mention []float64

// How much it says that a word stands there.
const (
	inSubject = 1.25
	inText    = 1.0
	inQuote   = 0.5
	inThread  = 0.7 // of what another message of the conversation says
	inAside   = 0.1 // of what another message says, where this one itself names another deal
	inLater   = 0.5 // times as much, of what is said later, where something is decided before
	inOther   = 0.4 // of a word that another deal is called by: port, where one is called portal
)

// place of a word of a message.
type placed struct {
	text string
	at   float64
}

// needText reads what was not read yet.
func (t *talk) needText() {
	if !t.text {
		t.read()
	}
}

// read looks for the terms of the deals in the messages.
func (t *talk) read() {
	t.text = true
	names := t.names()
	for i := range t.deals {
		t.deals[i].terms = t.deals[i].Deal.terms(names)
	}
	t.dropShared()
	t.rarities()
	own := map[string]bool{}
	for i := range t.deals {
		for _, x := range t.deals[i].terms {
			own[x.forms[0].text] = true
		}
	}
	t.words, t.called, t.traces = make([][]mention, len(t.members)), make([][]bool, len(t.members)), make([][]trace, len(t.members))
	for i := range t.members {
		words := wordsOf(t.members[i].m)
		home := knownOf(words, own)
		t.words[i], t.called[i], t.traces[i] = make([]mention, len(t.deals)), make([]bool, len(t.deals)), make([]trace, len(t.deals))
		for k := range t.deals {
			t.words[i][k], t.traces[i][k] = find(t.deals[k].terms, words, home, own)
			t.called[i][k] = t.calls(i, k)
		}
	}
}

// dropShared takes from the codes of deals the pieces that codes of other deals
// have as well: D2026 of D2026-017 and D2026-022 names neither.
func (t *talk) dropShared() {
	of := map[string]int{}
	for i := range t.deals {
		for _, x := range t.deals[i].terms {
			for _, f := range x.forms {
				of[f.text]++
			}
		}
	}
	for i := range t.deals {
		for k := range t.deals[i].terms {
			x := &t.deals[i].terms[k]
			x.forms = slices.DeleteFunc(x.forms, func(f form) bool { return f.says < 1 && of[f.text] > 1 })
		}
	}
}

// rarities counts in how many titles a term stands, of deals that were not over
// when the conversation began.
func (t *talk) rarities() {
	first := t.members[t.order[0]].m.Date
	for i := range t.deals {
		s := &t.deals[i]
		s.rarity = make([]float64, len(s.terms))
		for k := range s.terms {
			n := 1
			for j := range t.deals {
				o := &t.deals[j]
				if j != i && (o.Deal.Closed == 0 || o.Deal.Closed > first) && o.has(s.terms[k]) {
					n++
				}
			}
			s.rarity[k] = 1 / float64(n)
		}
	}
}

func (s *subject) has(x term) bool {
	return slices.ContainsFunc(s.terms, func(y term) bool { return alike(x.forms[0].text, y.forms[0].text) > 0 })
}

func wordsOf(m *crm.Message) []placed {
	var out []placed
	for _, t := range tokensOf(m.Subject) {
		out = append(out, placed{t.text, inSubject})
	}
	at := inText
	for w := range strings.FieldsSeq(m.Words) {
		if w == quotedWords {
			at = inQuote
			continue
		}
		out = append(out, placed{w, at})
	}
	return out
}

// trace is how a message names a deal: by how many words of its title itself, how
// clearly by the clearest, and by how many words that are merely kindred with some.
type trace struct {
	plain  float64
	said   int
	strong bool // in the subject, or by a code
	akin   int
	words  int // of the message
}

// known is a word of a message with the fields of business in which it is at home.
type known struct {
	placed
	of []trade
}

// knownOf picks the words that are at home in a field. A word that is a term of its
// own, of whatever deal, or a form of one says that and nothing else.
func knownOf(words []placed, own map[string]bool) []known {
	out := make([]known, 0, len(words)/4)
	for _, w := range words {
		if of := tradesOf(w.text); of != nil && !own[w.text] && !formOf(w.text, own) {
			out = append(out, known{w, of})
		}
	}
	return out
}

// formOf tells whether a word is one of those or a form of it.
func formOf(word string, own map[string]bool) bool {
	for o := range own {
		if o[0] == word[0] && alike(o, word) >= telling {
			return true
		}
	}
	return false
}

// find looks for terms among words, some of which are known in a field. A word that
// is a term of its own, of whatever deal, is hardly a form of another one.
func find(terms []term, words []placed, home []known, own map[string]bool) (mention, trace) {
	out, tr := make(mention, len(terms)), trace{words: len(words)}
	for i, x := range terms {
		for _, f := range x.forms {
			for _, w := range words {
				a := alike(f.text, w.text)
				if a > 0 && a < 1 && own[w.text] {
					a *= inOther
				}
				out[i] = max(out[i], f.says*w.at*a)
			}
		}
		if !year(x.forms[0].text) { // which alone tells nothing
			tr.add(x, out[i])
		}
		if x.of != nil {
			out[i] = max(out[i], kin(x.of, home))
		}
	}
	tr.akin = akin(terms, home)
	return out, tr
}

// add notes how clearly a term is said.
func (tr *trace) add(x term, says float64) {
	worth := x.weight * says
	tr.plain = max(tr.plain, worth)
	if worth >= plainly {
		tr.said++
		tr.strong = tr.strong || says > inText || hasDigit(x.forms[0].text)
	}
}

// decides tells whether that is enough for the words to decide: one word among many
// is said in passing.
func (tr *trace) decides() bool {
	return tr.strong || tr.said > 1 || tr.said == 1 && tr.words < inPassing || tr.akin >= kindred
}

// akin counts the words that a message does not merely quote and that are kindred
// with a term, each once.
func akin(terms []term, home []known) int {
	var seen []string
	for _, x := range terms {
		for _, w := range home {
			if w.at >= inText && related(x.of, w.of) > 0 && !slices.Contains(seen, w.text) {
				seen = append(seen, w.text)
			}
		}
	}
	return len(seen)
}

// says is how clearly a message names a term, itself or by its conversation. What
// others say counts less where the message itself names another deal, and what
// comes later less than the decided message last before it, -1 for none.
func (t *talk) says(i, deal, term, last int) float64 {
	s, rest := t.words[i][deal][term], inThread
	if t.elsewhere(i, deal) {
		rest = inAside
	}
	for j := range t.members {
		if j == i {
			continue
		}
		x := rest * t.words[j][deal][term]
		if last >= 0 && earlier(t.members[last].m, t.members[i].m) < 0 && earlier(t.members[i].m, t.members[j].m) < 0 {
			x *= inLater
		}
		s = max(s, x)
	}
	return s
}

// elsewhere tells whether a message itself names another deal by a word that
// only that one has, and this one by none.
func (t *talk) elsewhere(i, deal int) bool {
	return !t.called[i][deal] && slices.Contains(t.called[i], true)
}

// calls tells whether a message itself has a telling word that only this deal
// has.
func (t *talk) calls(i, deal int) bool {
	d := &t.deals[deal]
	for k, x := range d.terms {
		if x.weight >= telling && d.rarity[k] == 1 && t.words[i][deal][k] >= telling {
			return true
		}
	}
	return false
}
