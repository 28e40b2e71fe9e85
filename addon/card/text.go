package card

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxText is the longest piece of text, in runes; more is cut with an ellipsis.
const maxText = 400

// dash stands where the host requires text and there is none.
const dash = "–"

// Text is formatted text of a widget. It is made of pieces and knows no markup
// but that of its constructors.
type Text struct{ html string }

var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// Plain makes text that reads as s. Space around it stays, so that pieces of a
// sentence can be joined.
func Plain(s string) Text { return Text{escaper.Replace(clip(oneLine(s)))} }

// Bold makes text that stands out.
func Bold(s string) Text {
	if s = clean(s); s == "" {
		return Text{}
	}
	return Text{"<b>" + escaper.Replace(s) + "</b>"}
}

// Join puts pieces together, without anything between them.
func Join(pieces ...Text) Text {
	var b strings.Builder
	for _, p := range pieces {
		b.WriteString(p.html)
	}
	return Text{b.String()}
}

// Lines puts each piece that is not empty on a line of its own.
func Lines(pieces ...Text) Text { return between("<br>", pieces) }

// Dots puts a dot between the pieces that are not empty.
func Dots(pieces ...Text) Text { return between(" · ", pieces) }

func between(sep string, pieces []Text) Text {
	var parts []string
	for _, p := range pieces {
		if !p.Empty() {
			parts = append(parts, p.html)
		}
	}
	return Text{strings.Join(parts, sep)}
}

// Empty tells whether nothing would be seen.
func (t Text) Empty() bool { return strings.TrimSpace(t.html) == "" }

func (t Text) orDash() string {
	if t.Empty() {
		return dash
	}
	return t.html
}

// clean makes one line of s that is at most maxText runes long, without space
// around it.
func clean(s string) string { return clip(strings.TrimSpace(oneLine(s))) }

// oneLine takes out control characters and characters that turn the direction
// of what follows. The result is valid UTF-8.
func oneLine(s string) string {
	return strings.Map(visible, strings.ToValidUTF8(s, "\uFFFD"))
}

func clip(s string) string {
	if len(s) <= maxText || utf8.RuneCountInString(s) <= maxText {
		return s
	}
	n := 0
	for i := range s {
		if n == maxText-1 {
			return s[:i] + "…"
		}
		n++
	}
	return s
}

func visible(r rune) rune {
	switch {
	case r == '\t', r == '\n', r == '\r', r == '\u2028', r == '\u2029':
		return ' '
	case r >= '\u202a' && r <= '\u202e', r >= '\u2066' && r <= '\u2069', r == '\u200e', r == '\u200f', r == '\u061c':
		return -1 // marks of direction (UAX #9): they can make a name read as another
	case unicode.IsControl(r):
		return -1
	}
	return r
}
