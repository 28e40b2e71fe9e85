package query

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"threadline/internal/crm"
)

// MaxText is the longest text that is read, in bytes.
const MaxText = 10_000

// token is one word, quoted text or sign of the text.
type token struct {
	text   string
	quoted bool // never a keyword
	sign   bool // an operator, bracket or comma
	at     int  // position of its first character, from 1
}

// end tells whether the token stands behind the text.
func (t token) end() bool { return t.text == "" && !t.quoted }

// is tells whether the token is the keyword or sign.
func (t token) is(word string) bool { return !t.quoted && strings.EqualFold(t.text, word) }

// fail makes an error that says where.
func fail(at int, format string, args ...any) *crm.Error {
	e := crm.Errorf(crm.Invalid, "query.Parse", format, args...).WithField("q")
	e.Msg = "at character " + itoa(at) + ": " + e.Msg
	return e
}

// At is the position in the text that an error of Parse names, from 1; 0 when it
// names none.
func At(err error) int {
	var e *crm.Error
	at := 0
	if errors.As(err, &e) {
		_, _ = fmt.Sscanf(e.Msg, "at character %d:", &at) // stays 0
	}
	return at
}

// Whole completes conditions on records to a query, and returns how many
// characters stand before them now. What is a query already stays.
func Whole(plural, text string) (string, int) {
	first, rest, _ := strings.Cut(strings.TrimSpace(text), " ")
	second, _, _ := strings.Cut(strings.TrimSpace(rest), " ")
	before := plural + " where "
	switch {
	case strings.EqualFold(first, plural), strings.EqualFold(second, "where"):
		return text, 0
	case strings.EqualFold(first, "where"), strings.EqualFold(first, "order"), strings.EqualFold(first, "limit"):
		before = plural + " "
	}
	return before + text, utf8.RuneCountInString(before)
}

// Moved names another position in an error of Parse, for text to which
// something was added in front.
func Moved(err error, by int) error {
	var e *crm.Error
	at := At(err)
	if at == 0 || !errors.As(err, &e) {
		return err
	}
	moved := *e
	_, said, _ := strings.Cut(e.Msg, ": ")
	moved.Msg = "at character " + itoa(max(at+by, 1)) + ": " + said
	return &moved
}

// scan cuts text into tokens; the last one is empty and stands behind the text.
func scan(text string) ([]token, error) {
	if len(text) > MaxText {
		return nil, crm.Errorf(crm.TooLarge, "query.Parse", "a query has at most %d bytes", MaxText).WithField("q")
	}
	if !utf8.ValidString(text) {
		return nil, crm.Errorf(crm.Invalid, "query.Parse", "the text is not valid UTF-8").WithField("q")
	}
	s := scanner{runes: []rune(text)}
	var out []token
	for {
		t, err := s.next()
		if err != nil {
			return nil, err
		}
		out = append(out, t)
		if t.end() {
			return out, nil
		}
	}
}

type scanner struct {
	runes []rune
	pos   int
}

func (s *scanner) next() (token, error) {
	for s.pos < len(s.runes) && unicode.IsSpace(s.runes[s.pos]) {
		s.pos++
	}
	start := s.pos
	if s.pos == len(s.runes) {
		return token{at: start + 1}, nil
	}
	switch r := s.runes[s.pos]; {
	case r == '"':
		return s.quoted()
	case isSign(r), s.unequal():
		s.pos++
		if (r == '<' || r == '>' || r == '!') && s.pos < len(s.runes) && s.runes[s.pos] == '=' {
			s.pos++
		}
		return token{text: string(s.runes[start:s.pos]), sign: true, at: start + 1}, nil
	}
	for s.pos < len(s.runes) && isWord(s.runes[s.pos]) && !s.unequal() {
		s.pos++
	}
	return token{text: string(s.runes[start:s.pos]), at: start + 1}, nil
}

// unequal tells whether != comes next; alone the mark belongs to its word.
func (s *scanner) unequal() bool {
	return s.runes[s.pos] == '!' && s.pos+1 < len(s.runes) && s.runes[s.pos+1] == '='
}

// quoted reads text in double quotes, in which a backslash keeps the next
// character from its meaning.
func (s *scanner) quoted() (token, error) {
	start := s.pos
	var b strings.Builder
	for s.pos++; s.pos < len(s.runes); s.pos++ {
		switch r := s.runes[s.pos]; r {
		case '"':
			s.pos++
			return token{text: b.String(), quoted: true, at: start + 1}, nil
		case '\\':
			if s.pos++; s.pos < len(s.runes) {
				b.WriteRune(s.runes[s.pos])
			}
		default:
			b.WriteRune(r)
		}
	}
	return token{}, fail(start+1, "the quoted text has no end").WithHint(`close it with "`)
}

func isSign(r rune) bool { return strings.ContainsRune("=<>~(),", r) }

func isWord(r rune) bool { return !unicode.IsSpace(r) && r != '"' && !isSign(r) }
