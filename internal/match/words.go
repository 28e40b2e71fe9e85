package match

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"threadline/internal/crm"
)

// Limits of the words of a message: enough for a business mail whole. Codes
// come first, because a quote number at the end of a long mail says more than
// all of it.
const (
	maxWords     = 90
	maxWordBytes = 900
	maxWordText  = 64 << 10 // bytes of a text that are looked at
	maxWordRunes = 30
)

// quotedWords stands in the words of a message before those that it merely
// quotes.
const quotedWords = "|"

// Words picks from the text of a mail the words by which a deal may be known,
// folded and each once: codes, numbers of four digits and more, and words that
// mean something. From the byte offset quoted on (0: nowhere) the text repeats
// what others wrote; its words come last, after a bar. The result has at most
// 900 bytes and depends on the text alone.
func Words(text string, quoted int) string {
	if quoted <= 0 || quoted > len(text) {
		quoted = len(text)
	}
	var w wordList
	w.b.Grow(maxWordBytes)
	w.take(text[:quoted])
	if w.full() || quoted == len(text) {
		return w.b.String()
	}
	own := w.b.Len()
	w.b.WriteString(" " + quotedWords)
	mark := w.b.Len()
	w.take(text[quoted:])
	if w.b.Len() == mark {
		return w.b.String()[:own]
	}
	return strings.TrimPrefix(w.b.String(), " ")
}

// wordList collects words up to the limits.
type wordList struct {
	b    strings.Builder
	n    int
	seen [2 * maxWords]string // a hash table: every mail makes one, so it lies on the stack
}

// has tells whether a word was collected, and else remembers it. There is always
// a free place.
func (w *wordList) has(s string) bool {
	at := uint32(2166136261) // FNV-1a
	for i := range len(s) {
		at = (at ^ uint32(s[i])) * 16777619
	}
	for i := at % uint32(len(w.seen)); ; i = (i + 1) % uint32(len(w.seen)) {
		if w.seen[i] == s {
			return true
		}
		if w.seen[i] == "" {
			w.seen[i] = s
			return false
		}
	}
}

func (w *wordList) full() bool { return w.n >= maxWords }

func (w *wordList) take(text string) {
	if len(text) > maxWordText {
		text = strings.ToValidUTF8(text[:maxWordText], "")
	}
	var most [512]string // of nearly every mail
	fields := most[:0]
	for f := range strings.FieldsSeq(text) {
		fields = append(fields, f)
	}
	pieces := w.takeCodes(fields)
	var room [4]token
	for i := 0; i < len(fields) && !w.full(); i++ {
		for ; len(pieces) > 0 && pieces[0].field <= i; pieces = pieces[1:] {
			w.add(pieces[0].text)
		}
		if hasDigit(fields[i]) {
			continue
		}
		if f := trimmed(fields[i]); !addressed(f) {
			for _, t := range plainWords(room[:0], f) {
				w.add(t.text)
			}
		}
	}
}

// piece is a word without digits out of a field with some.
type piece struct {
	field int
	text  string
}

// takeCodes adds the codes of a whole text, and returns what else stands in the
// fields that have them: these are words like others.
func (w *wordList) takeCodes(fields []string) []piece {
	var pieces []piece
	var room [8]token
	for i := 0; i < len(fields) && !w.full(); i++ {
		if !hasDigit(fields[i]) && !lettered(fields[i]) {
			continue
		}
		at := i
		found, last := fieldTokens(room[:0], fields, i)
		i = last
		for _, t := range found {
			if t.code() {
				w.add(t.text)
			} else if hasDigit(fields[at]) {
				pieces = append(pieces, piece{at, t.text})
			}
		}
	}
	return pieces
}

func (w *wordList) add(s string) {
	if w.full() || w.b.Len()+1+len(s) > maxWordBytes || w.has(s) {
		return
	}
	if w.b.Len() > 0 {
		w.b.WriteByte(' ')
	}
	w.b.WriteString(s)
	w.n++
}

// token is one word, folded, with what stands in the text.
type token struct {
	text  string
	shown string
	whole bool // not a piece of a longer code
}

// code tells whether the token has digits.
func (t token) code() bool { return hasDigit(t.text) }

func hasDigit(s string) bool {
	for i := range len(s) {
		if digit(s[i]) {
			return true
		}
	}
	return false
}

func digit(c byte) bool { return '0' <= c && c <= '9' }

func letter(c byte) bool { c |= 0x20; return 'a' <= c && c <= 'z' }

// tokensOf cuts a text into words. A code gives itself without its separators,
// and its pieces; amounts lose their grouping, whatever stands between.
func tokensOf(text string) []token {
	fields := strings.Fields(text)
	out := make([]token, 0, len(fields)/2)
	for i := 0; i < len(fields); i++ {
		out, i = fieldTokens(out, fields, i)
	}
	return out
}

// fieldTokens adds the words of a field and returns the last field that belongs
// to it.
func fieldTokens(out []token, fields []string, i int) ([]token, int) {
	f := trimmed(fields[i])
	switch {
	case f == "", addressed(f):
	case !hasDigit(f):
		if lettered(f) && i > 0 {
			out = letterTokens(out, fields, i)
		}
		out = plainWords(out, f)
	case strings.HasPrefix(fields[i], "+"): // a phone number
		for i+1 < len(fields) && digits(trimmed(fields[i+1])) {
			i++
		}
	case isMoment(f):
		out = dayTokens(out, fields, i)
	default:
		return numberTokens(out, fields, i)
	}
	return out, i
}

// numberTokens is fieldTokens for a field with digits.
func numberTokens(out []token, fields []string, i int) ([]token, int) {
	out = dayTokens(out, fields, i)
	first, f := i, trimmed(fields[i])
	for short := digits(f) && len(f) <= 3; short && i+1 < len(fields) && threeDigits(fields[i+1]); i++ {
		f += trimmed(fields[i+1])
		short = digits(f) // 1 300 000,00 ends here
	}
	next := ""
	if i+1 < len(fields) {
		next = trimmed(fields[i+1])
	}
	if n := scaled(f, next); n != "" {
		return append(out, token{text: n, shown: f, whole: true}), i
	}
	if first == i && first > 0 {
		if n := withoutMark(f); n != f {
			f, out = n, marked(out, fields[first-1], n)
		} else if first > 1 && numberMarks[trimmed(strings.ToLower(fields[first-1]))] {
			out = marked(out, fields[first-2], f)
		} else {
			out = numbered(out, fields[first-1], f)
		}
	}
	return codes(out, f), i
}

// addressed tells whether a field is an address, of mail or a page: these are
// looked at elsewhere.
func addressed(f string) bool {
	return strings.Contains(f, "@") || strings.Contains(f, "://") || strings.HasPrefix(f, "www.")
}

func trimmed(s string) string {
	if a, z := s[0], s[len(s)-1]; (letter(a) || digit(a)) && (letter(z) || digit(z)) {
		return s
	}
	return strings.TrimFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

func digits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

func plainWords(out []token, s string) []token {
	if letters(s) {
		return latinWord(out, s)
	}
	for p := range strings.FieldsFuncSeq(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) }) {
		out = plainWord(out, p)
	}
	return out
}

// letters tells whether a field is one word of plain Latin letters, as most are.
func letters(s string) bool {
	for i := range len(s) {
		if !letter(s[i]) {
			return false
		}
	}
	return true
}

// latinWord is plainWord for plain Latin letters, of which most mail consists.
func latinWord(out []token, p string) []token {
	if len(p) > maxWordRunes || len(p) < 2 || len(p) == 2 && (p[0] >= 'a' || p[1] >= 'a') {
		return out
	}
	f := strings.ToLower(p)
	if len(p) > 2 && stopWords[f] {
		return out
	}
	return append(out, token{text: f, shown: p, whole: true})
}

func plainWord(out []token, p string) []token {
	f := crm.Fold(p)
	n := utf8.RuneCountInString(f)
	if n > maxWordRunes || n < 2 || n > 2 && stopWords[f] || n == 2 && p != strings.ToUpper(p) {
		return out // of two letters: IT and HR mean something, it and he do not
	}
	return append(out, token{text: f, shown: p, whole: true})
}

// codes adds a field with digits: whole, and its pieces.
func codes(out []token, s string) []token {
	if n, ok := amount(s); ok {
		s = n
	}
	parts := strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) })
	whole := crm.Fold(strings.Join(parts, ""))
	if n := utf8.RuneCountInString(whole); n < 2 || n > maxWordRunes {
		return out
	}
	out = append(out, token{text: whole, shown: s, whole: true})
	for _, p := range parts {
		f := crm.Fold(p)
		letters := strings.TrimLeft(f, "0123456789") == f && !hasDigit(f)
		if tail := strings.TrimLeftFunc(f, unicode.IsLetter); tail != f && digits(tail) && len(tail) >= 3 {
			out = append(out, token{text: tail, shown: p})
		}
		if f == whole || letters && (len(f) < 3 || stopWords[f]) || !letters && len(f) < 3 {
			continue
		}
		out = append(out, token{text: f, shown: p, whole: letters})
	}
	return out
}

// year tells whether a token is one of the years that stand in titles.
func year(s string) bool {
	return len(s) == 4 && digits(s) && (strings.HasPrefix(s, "19") || strings.HasPrefix(s, "20"))
}
