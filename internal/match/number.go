package match

import (
	"strconv"
	"strings"
	"unicode"
)

// mostNumbered is how many digits the number of a lot, a phase or a floor has at
// most; after capitals it may be that of a product, or of an offer.
const (
	mostNumbered = 2
	mostCapitals = 5
)

// numbered adds the code that a word and the number after it are together: EW 90
// is EW-90, and phase 1 another one than phase 2.
func numbered(out []token, before, number string) []token {
	word := withoutArticle(strings.TrimLeft(before, "(\"'„«")) // whatever ends the word parts it from the number
	if !digits(number) || len(number) > mostCapitals || hasDigit(word) || addressed(word) {
		return out
	}
	capitals := letters(word) && len(word) <= 4 && word == strings.ToUpper(word)
	if !capitals && len(number) > mostNumbered {
		return out
	}
	return together(out, word, number, number)
}

// together adds a word and a number, or what stands for one, as one code.
func together(out []token, word, number, shown string) []token {
	var room [2]token
	found := room[:0]
	if len(word) == 1 && letters(word) && word == strings.ToUpper(word) {
		found = append(found, token{text: strings.ToLower(word), shown: word})
	} else if found = plainWords(found, word); len(found) != 1 || trimmed(word+"x") != word+"x" || found[0].shown != word {
		return out
	}
	return append(out, token{text: found[0].text + number, shown: word + " " + shown, whole: true})
}

// withoutArticle takes off what French and Italian tie to the word after it.
func withoutArticle(word string) string {
	if at := strings.IndexAny(word, "'’"); at > 0 && at <= len("quell") {
		_, rest, _ := strings.Cut(strings.ReplaceAll(word, "’", "'"), "'")
		return rest
	}
	return word
}

// marked is numbered where a sign for "number" stands between: lot n° 6. The
// number may be longer then.
func marked(out []token, before, number string) []token {
	if !digits(number) || len(number) > mostCapitals || hasDigit(before) || addressed(before) {
		return out
	}
	return together(out, withoutArticle(before), number, number)
}

// numberMarks say, in small letters and without what surrounds them, that a
// number follows.
var numberMarks = map[string]bool{"no": true, "nr": true, "n": true, "nº": true, "num": true, "number": true, "numero": true, "numéro": true, "numer": true}

// withoutMark takes off what says that a number follows: N°6, nr.6.
func withoutMark(f string) string {
	at := strings.IndexFunc(f, unicode.IsDigit)
	if at <= 0 || !digits(f[at:]) {
		return f
	}
	mark := strings.ToLower(f[:at])
	if bare := strings.TrimRight(mark, "°º.:"); bare != mark && (numberMarks[bare] || numberMarks[mark]) {
		return f[at:]
	}
	return f
}

// lettered tells whether a field is a capital letter or a Roman number, by which
// blocks, stages and lots are told apart as by numbers.
func lettered(f string) bool {
	if f == "" || f[0] < 'A' || f[0] > 'Z' { // as most words
		return false
	}
	f = strings.TrimRight(f, ".,;:!?)")
	return len(f) == 1 || roman[f] > 0
}

var roman = map[string]int{"I": 1, "II": 2, "III": 3, "IV": 4, "V": 5, "VI": 6, "VII": 7, "VIII": 8, "IX": 9, "X": 10, "XI": 11, "XII": 12}

// letterTokens adds what a lettered field is: together with the word before it
// stage II is stage 2, and block C a number of its own, block 0c. Alone, C is a
// piece of that, but for letters that are words.
func letterTokens(out []token, fields []string, i int) []token {
	before, f := fields[i-1], trimmed(fields[i])
	if initial(fields, i) {
		return out
	}
	number := "0" + strings.ToLower(f)
	if n := roman[f]; n > 0 {
		number = strconv.Itoa(n)
	}
	if word := withoutArticle(before); !hasDigit(word) && !addressed(word) {
		out = together(out, word, number, f)
	}
	if number[0] == '0' && strings.Contains("BCDFGHJKLMNPQRST", f) {
		out = append(out, token{text: number, shown: f})
	}
	return out
}

// initial tells whether a lettered field is the initial of a name: N. Whitlock,
// or what somebody signs with at the end.
func initial(fields []string, i int) bool {
	if f := fields[i]; len(f) != 2 || f[1] != '.' {
		return false
	}
	return i+1 < len(fields) && unicode.IsUpper([]rune(fields[i+1])[0])
}

// threeDigits tells whether a field goes on with the number before: 48 000,00.
func threeDigits(s string) bool {
	return len(s) >= 3 && digits(s[:3]) && (len(s) == 3 || !unicode.IsDigit(rune(s[3])) && !unicode.IsLetter(rune(s[3])))
}

// isMoment tells whether a field with digits is a date or an hour: these are in
// every mail and name nothing.
func isMoment(s string) bool {
	for _, sep := range []string{"/", ".", "-", ":"} {
		parts := strings.Split(s, sep)
		if len(parts) < 2 || len(parts) > 3 {
			continue
		}
		short := 0
		for _, p := range parts {
			if !digits(p) || len(p) > 4 {
				short = 0
				break
			}
			if len(p) <= 2 {
				short++
			}
		}
		if short == 2 && len(parts) == 3 || sep == ":" && short >= 2 {
			return true
		}
	}
	return false
}

// amount reads 48.000,00 and 48,000 and 48'000 as 48000.
func amount(s string) (string, bool) {
	if strings.Trim(s, "0123456789.,'’") != "" {
		return s, false
	}
	for _, cents := range []string{",00", ".00", ",-"} {
		s = strings.TrimSuffix(s, cents)
	}
	groups := strings.FieldsFunc(s, func(r rune) bool { return r == '.' || r == ',' || r == '\'' || r == '’' })
	for i, g := range groups {
		if i > 0 && len(g) != 3 || i == 0 && len(g) > 3 && len(groups) > 1 {
			return s, false
		}
	}
	return strings.Join(groups, ""), true
}

// scaled reads an amount in thousands or millions, in one field or followed by
// what it counts: 88k, 18 tys., 1,2 mln. "" is none.
func scaled(f, next string) string {
	end := strings.LastIndexFunc(f, unicode.IsDigit) + 1
	scale := scales[strings.ToLower(strings.TrimRight(f[end:], "€$£"))]
	if end == len(f) {
		scale = scales[strings.ToLower(strings.TrimRight(next, "€$£"))]
	}
	whole, part, _ := strings.Cut(strings.Replace(f[:end], ",", ".", 1), ".")
	if scale == 0 || !digits(whole) || len(whole) > 4 || part != "" && !digits(part) || len(part) > 2 {
		return ""
	}
	for len(part) < scale {
		part += "0"
	}
	return strings.TrimLeft(whole+part, "0")
}

// scales are the noughts of what follows an amount, in small letters.
var scales = map[string]int{"k": 3, "keur": 3, "tys": 3, "tysięcy": 3, "tysiecy": 3, "tysiące": 3, "tysiace": 3, "mila": 3, "mille": 3, "thousand": 3, "tsd": 3,
	"mln": 6, "mio": 6, "million": 6, "millions": 6, "milione": 6, "milioni": 6, "milionów": 6, "milionow": 6, "miliony": 6}
