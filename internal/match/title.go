package match

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"threadline/internal/crm"
)

// term is something by which mail may name a deal: a word of its title, a
// number in it, its amount.
type term struct {
	forms  []form // ways to write it
	weight float64
	shown  string
	beside bool    // not a word of the title: the amount, the initials
	of     []trade // the fields in which it is at home
}

// fields are those in which a word of a title is at home.
func (x *term) fields() []trade {
	if x.beside || x.weight < telling || hasDigit(x.forms[0].text) {
		return nil
	}
	return tradesOf(x.forms[0].text)
}

// form is one way to write a term, and how much of it that says.
type form struct {
	text string
	says float64
}

// Weights of terms. A word that no other deal of these people has in its title
// is worth one; the rest is measured by it.
const (
	weightCode   = 2.6 // with letters and digits, or at least four digits
	weightAmount = 2.0
	weightSmall  = 1.0 // an amount of three digits that is not round
	weightDay    = 1.5 // a date
	weightNumber = 0.8 // less than four digits
	weightYear   = 0.8
	weightTrade  = 0.25
	weightShort  = 0.8 // a word of three letters that is no abbreviation
	weightLong   = 1.2 // a word of eight letters and more
	weightName   = 0.15
)

// terms reads the title of a deal, and its amount in minor units, 0 for none.
// Names are words that are in all mail of these people whatever it is about;
// they weigh little.
func (d *Deal) terms(names []string) []term {
	var out []term
	tokens := tokensOf(d.Name)
	for i := 0; i < len(tokens); i++ {
		t, at := tokens[i], i
		x := term{forms: []form{{t.text, 1}}, shown: t.shown, weight: wordWeight(t, names)}
		if spelt := speltOut(t.shown); spelt != "" {
			x.forms = append(x.forms, form{spelt, 1})
		}
		if t.code() {
			for i+1 < len(tokens) && !tokens[i+1].whole { // pieces of a code are the code
				i++
				if says := pieceSays(tokens[i].text); says > 0 {
					x.forms = append(x.forms, form{tokens[i].text, says})
				}
			}
			if n := numberOfYear(t.shown); n != "" && at > 0 && !tokens[at-1].code() { // offer 31/2026 is offer 31
				x.forms = append(x.forms, form{tokens[at-1].text + n, pieceSays("0000")})
			}
		}
		if !slices.ContainsFunc(out, func(o term) bool { return o.forms[0].text == x.forms[0].text }) {
			out = append(out, x)
		}
	}
	if short := initials(tokens); short != "" && !named(short, names) {
		out = append(out, term{forms: []form{{short, 1}}, weight: weightShort, shown: strings.ToUpper(short), beside: true})
	}
	if major := d.Amount / 100; major >= 1000 || major > 100 && major%50 != 0 {
		n := strconv.FormatInt(major, 10)
		x := term{forms: []form{{n, 1}}, weight: weightAmount, shown: n, beside: true}
		if major < 1000 {
			x.weight = weightSmall
		}
		out = append(out, x)
	}
	for i := range out {
		out[i].of = out[i].fields()
	}
	return out
}

// initials are those of a title of three to five words, by which people call it.
func initials(tokens []token) string {
	if len(tokens) < 3 || len(tokens) > 5 {
		return ""
	}
	var out []byte
	for _, t := range tokens {
		if !letter(t.text[0]) || t.code() {
			return ""
		}
		out = append(out, t.text[0])
	}
	return string(out)
}

// speltOut writes a word with umlauts as people do who have none on their keys;
// "" for others.
func speltOut(shown string) string {
	spelt := umlauts.Replace(shown)
	if spelt == shown {
		return ""
	}
	return crm.Fold(spelt)
}

var umlauts = strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue", "Ä", "Ae", "Ö", "Oe", "Ü", "Ue", "å", "aa", "Å", "Aa")

// numberOfYear is the number in 31/2026; "" for other codes.
func numberOfYear(code string) string {
	n, y, ok := strings.Cut(code, "/")
	if !ok || !year(y) || !digits(n) || len(n) > 3 {
		return ""
	}
	return n
}

// pieceSays is how much of a code a piece of it says: a long number all but
// everything, a year nothing.
func pieceSays(piece string) float64 {
	switch {
	case year(piece):
		return 0
	case len(piece) >= 4:
		return 0.85
	case digits(piece):
		return 0.5
	case lone(piece):
		return 0.75
	}
	return 0
}

func wordWeight(t token, names []string) float64 {
	n := utf8.RuneCountInString(t.text)
	switch {
	case year(t.text):
		return weightYear
	case isDay(t.text):
		return weightDay
	case t.code() && (n >= 4 || !digits(t.text)):
		return weightCode
	case t.code():
		return weightNumber
	case tradeWords[t.text]:
		return weightTrade
	case named(t.text, names):
		return weightName
	case n <= 3 && t.shown != strings.ToUpper(t.shown):
		return weightShort
	case n >= 8:
		return weightLong
	}
	return 1
}

// named tells whether a word is a name or part of one: nordic of nordicbike.
func named(word string, names []string) bool {
	return slices.ContainsFunc(names, func(name string) bool {
		return name == word || len(word) >= 4 && strings.Contains(name, word)
	})
}

// alike tells how well a word of a mail matches a word of a title: 1 when they
// are equal, less when they are forms of one word, 0 when they are not. Endings
// change in all our languages; beginnings stay.
func alike(a, b string) float64 {
	if a == b {
		return 1
	}
	if a[0] != b[0] {
		return 0
	}
	if hasDigit(a) || hasDigit(b) {
		x, n := cutNumber(a)
		y, m := cutNumber(b)
		if n != m || len(n) > mostNumbered || hasDigit(x) || hasDigit(y) || min(len(x), len(y)) < 4 {
			return 0
		}
		return alike(x, y)
	}
	p := 0
	for p < len(a) && p < len(b) && a[p] == b[p] {
		p++
	}
	most := max(len(a), len(b))
	switch {
	case p >= 4 && most-p <= 4 && 3*p >= 2*most:
		return 0.9
	case p >= 5 && most-p <= 3:
		return 0.7
	case p >= 4 && p == min(len(a), len(b)) && most >= 8: // cut off: sono of sonorisation
		return 0.6
	case p >= 6 && 2*p >= most: // derived from one stem
		return 0.5
	case p == 3 && most <= 5 && len(a) >= 4 && len(b) >= 4 && vowels(a[p:]) && vowels(b[p:]):
		return 0.8
	case slip(a, b):
		return 0.7
	}
	return 0
}

// slip tells whether two longer words differ by one slip of the pen: a letter too
// many, another one, or two that changed places.
func slip(a, b string) bool {
	if len(a) < len(b) {
		a, b = b, a
	}
	if len(b) < 6 || len(a)-len(b) > 1 {
		return false
	}
	p := 0
	for p < len(b) && a[p] == b[p] {
		p++
	}
	same := func(i, j int) bool { return i <= len(a) && j <= len(b) && a[i:] == b[j:] }
	switch {
	case len(a) > len(b):
		return same(p+1, p)
	case same(p+1, p+1):
		return true
	}
	return p+1 < len(a) && a[p] == b[p+1] && a[p+1] == b[p] && same(p+2, p+2)
}

// cutNumber parts a word from the digits at its end.
func cutNumber(s string) (word, number string) {
	if at := len(s) - 2; at > 0 && lone(s[at:]) {
		return s[:at], s[at:]
	}
	word = strings.TrimRight(s, "0123456789")
	return word, s[len(word):]
}

// lone tells whether a text stands for a letter by which things are told apart,
// as letterTokens writes it.
func lone(s string) bool { return len(s) == 2 && s[0] == '0' && letter(s[1]) }

func vowels(s string) bool { return strings.Trim(s, "aeiouy") == "" }
