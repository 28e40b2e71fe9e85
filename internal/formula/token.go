package formula

import (
	"strings"
	"unicode"

	"threadline/internal/crm"
)

type tokenKind int

const (
	end tokenKind = iota
	number
	text
	name
	sign
)

type token struct {
	kind tokenKind
	text string
	at   int // character from 1
}

func fail(at int, format string, args ...any) *crm.Error {
	e := crm.Errorf(crm.Invalid, "formula.Compile", format, args...).WithField("expr")
	e.Msg = "at character " + itoa(at) + ": " + e.Msg
	return e
}

// scan cuts an expression into tokens; the last one is the end.
func scan(expr string) ([]token, error) {
	r := []rune(expr)
	var out []token
	for i := 0; i < len(r); {
		start := i
		switch c := r[i]; {
		case unicode.IsSpace(c):
			i++
			continue
		case c >= '0' && c <= '9':
			for i < len(r) && (r[i] >= '0' && r[i] <= '9' || r[i] == '.') {
				i++
			}
			out = append(out, token{number, string(r[start:i]), start + 1})
		case c == '"':
			s, n, ok := quoted(r[i:])
			if !ok {
				return nil, fail(start+1, "the text has no end").WithHint(`close it with "`)
			}
			i += n
			out = append(out, token{text, s, start + 1})
		case c == '_' || unicode.IsLetter(c):
			for i < len(r) && (r[i] == '_' || r[i] == '.' || unicode.IsLetter(r[i]) || unicode.IsDigit(r[i])) {
				i++
			}
			out = append(out, token{name, string(r[start:i]), start + 1})
		default:
			i++
			if i < len(r) && strings.Contains("!= <= >=", string(r[start:i+1])) && r[i] == '=' {
				i++
			}
			s := string(r[start:i])
			if !strings.Contains(" + - * / ( ) , = != < <= > >= ", " "+s+" ") {
				return nil, fail(start+1, "%q is not understood", s)
			}
			out = append(out, token{sign, s, start + 1})
		}
	}
	return append(out, token{kind: end, at: len(r) + 1}), nil
}

// quoted reads a text in double quotes, of which two stand for one inside.
func quoted(r []rune) (s string, n int, ok bool) {
	var b strings.Builder
	for i := 1; i < len(r); i++ {
		if r[i] != '"' {
			b.WriteRune(r[i])
			continue
		}
		if i+1 < len(r) && r[i+1] == '"' {
			b.WriteRune('"')
			i++
			continue
		}
		return b.String(), i + 1, true
	}
	return "", 0, false
}
