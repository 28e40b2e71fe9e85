package i18n

import (
	"fmt"
	"strconv"
	"strings"
)

// message is one entry of a catalogue. Placeholders are {0} to {9}. A message
// that counts has the forms of its language and counts its first argument.
type message struct {
	one, few, many string
	other          string
}

// text makes a message that does not count.
func text(s string) message { return message{other: s} }

// count makes a message of a language with singular and plural.
func count(one, other string) message { return message{one: one, other: other} }

// countSlavic makes a message with the Polish forms for 1, 2 to 4, and more.
func countSlavic(one, few, many string) message {
	return message{one: one, few: few, many: many, other: many}
}

func (m message) counts() bool { return m.one != "" }

func (m message) pick(l Lang, args []any) string {
	if !m.counts() || len(args) == 0 {
		return m.other
	}
	n, ok := whole(args[0])
	if !ok {
		return m.other
	}
	switch l.plural(n) {
	case formOne:
		return m.one
	case formFew:
		return m.few
	case formMany:
		return m.many
	}
	return m.other
}

func whole(v any) (int64, bool) {
	switch n := v.(type) {
	case int:
		return int64(n), true
	case int64:
		return n, true
	}
	return 0, false
}

// Has tells whether the catalogue has the key.
func Has(key Key) bool {
	_, ok := catalogues[English][key]
	return ok
}

// T returns the message of the key with its arguments filled in: strings as
// they are, whole numbers in decimal. A message that counts takes its form
// from the first argument. A key that is not in the catalogue returns itself.
func (l Lang) T(key Key, args ...any) string {
	pattern := l.pattern(key, args)
	if !strings.Contains(pattern, "{") {
		return pattern
	}
	var b strings.Builder
	for p := range split(pattern) {
		b.WriteString(p.fill(args))
	}
	return b.String()
}

// Piece is a part of a message: words of the catalogue, or an argument.
type Piece struct {
	Text string
	Arg  bool
}

// Pieces returns the message in parts, so that arguments can be set off from
// the sentence around them.
func (l Lang) Pieces(key Key, args ...any) []Piece {
	var out []Piece
	for p := range split(l.pattern(key, args)) {
		out = append(out, Piece{Text: p.fill(args), Arg: p.arg >= 0})
	}
	return out
}

func (l Lang) pattern(key Key, args []any) string {
	l = l.known()
	m, ok := catalogues[l][key]
	if !ok {
		return string(key)
	}
	return m.pick(l, args)
}

// part is a stretch of a pattern; arg is -1 for words.
type part struct {
	words string
	arg   int
}

func (p part) fill(args []any) string {
	if p.arg < 0 || p.arg >= len(args) {
		return p.words
	}
	switch v := args[p.arg].(type) {
	case string:
		return v
	case int:
		return strconv.Itoa(v)
	}
	return fmt.Sprint(args[p.arg])
}

// split yields the parts of a pattern. Arguments are not looked into: braces
// in a person's text stay what they are.
func split(pattern string) func(func(part) bool) {
	return func(yield func(part) bool) {
		start := 0
		for i := 0; i+2 < len(pattern); i++ {
			d := pattern[i+1]
			if pattern[i] != '{' || pattern[i+2] != '}' || d < '0' || d > '9' {
				continue
			}
			if start < i && !yield(part{pattern[start:i], -1}) {
				return
			}
			if !yield(part{pattern[i : i+3], int(d - '0')}) {
				return
			}
			start, i = i+3, i+2
		}
		if start < len(pattern) {
			yield(part{pattern[start:], -1})
		}
	}
}
