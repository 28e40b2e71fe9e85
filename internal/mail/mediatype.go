package mail

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"threadline/internal/crm"
)

// parameter is one attribute of a structured field. RFC 2231 pieces have the
// section they continue and whether they are percent-encoded.
type parameter struct {
	name, value string
	section     int // -1 when not continued
	encoded     bool
}

// parseStructured reads "value; name=value; …" as in Content-Type and
// Content-Disposition (RFC 2045 §5.1, RFC 2231), without its comments, and as
// wrongly as it is often written: no quotes, no value, stray semicolons.
func parseStructured(s string, m *markSet) (string, map[string]string) {
	value, rest, _ := strings.Cut(s, ";")
	if i := strings.IndexByte(value, '('); i >= 0 {
		value, _ = dropComments(value)
	}
	value = strings.ToLower(strings.Trim(value, " \t\"'"))
	if trimSpace(rest) == "" {
		return value, nil
	}
	var list []parameter
	for rest != "" && len(list) < maxParameters {
		var p parameter
		p, rest = cutParameter(rest)
		if p.name != "" {
			list = append(list, p)
		}
	}
	return value, joinParameters(list, m)
}

func cutParameter(s string) (parameter, string) {
	s = strings.TrimLeft(s, " \t;,")
	end := strings.IndexAny(s, "=;")
	if end < 0 || s[end] == ';' {
		if end < 0 {
			end = len(s)
		}
		return parameter{}, s[end:]
	}
	p := parameter{name: strings.ToLower(trimSpace(s[:end])), section: -1}
	s = strings.TrimLeft(s[end+1:], " \t")
	if s != "" && s[0] == '"' {
		p.value, s = cutQuoted(s[1:])
	} else {
		end = strings.IndexByte(s, ';')
		if end < 0 {
			end = len(s)
		}
		p.value, s = strings.Trim(s[:end], " \t'"), s[end:]
	}
	if strings.IndexByte(p.name, '*') >= 0 {
		p.continuation()
	}
	return p, s
}

// cutQuoted reads a quoted string whose opening quote is gone. One that never
// ends goes to the next semicolon.
func cutQuoted(s string) (value, rest string) {
	end := -1
	escaped := false
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) {
			escaped = true
			i++
			continue
		}
		if s[i] == '"' {
			end = i
			break
		}
	}
	if end < 0 {
		if end = strings.IndexByte(s, ';'); end < 0 {
			end = len(s)
		}
		return trimSpace(s[:end]), s[end:]
	}
	value, rest = s[:end], s[end+1:]
	if escaped {
		value = unescape(value)
	}
	return value, rest
}

// unescape undoes quoted pairs of quotes and back-slashes only: a path of
// Windows keeps its back-slashes.
func unescape(s string) string {
	return strings.NewReplacer(`\"`, `"`, `\\`, `\`).Replace(s)
}

// continuation reads name*2* into name, section and encoded.
func (p *parameter) continuation() {
	name, rest, _ := strings.Cut(p.name, "*")
	p.name = name
	if rest == "" {
		p.encoded = true
		p.section = 0
		return
	}
	rest, p.encoded = strings.CutSuffix(rest, "*")
	n, err := strconv.Atoi(rest)
	if err != nil || n < 0 {
		p.name = ""
		return
	}
	p.section = n
}

// joinParameters puts the pieces together and decodes them. The first of a name
// counts, and RFC 2231 before the plain form.
func joinParameters(list []parameter, m *markSet) map[string]string {
	out := make(map[string]string, len(list))
	continued := false
	for _, p := range list {
		if p.section >= 0 {
			continued = true
			continue
		}
		if _, twice := out[p.name]; !twice {
			out[p.name] = decodeWords(utf8Field(p.value, "", m), m)
		}
	}
	if !continued {
		return out
	}
	slices.SortStableFunc(list, func(a, b parameter) int { return cmp.Compare(a.section, b.section) })
	done := make(map[string]bool)
	for i, p := range list {
		if p.section >= 0 && !done[p.name] {
			done[p.name] = true
			out[p.name] = joinPieces(list[i:], m)
		}
	}
	return out
}

// joinPieces joins the pieces of the parameter that begins list (RFC 2231 §3
// and §4).
func joinPieces(list []parameter, m *markSet) string {
	var b []byte
	charset, last := "", -1
	for i, p := range list {
		if p.name != list[0].name || p.section == last {
			continue
		}
		last = p.section
		value := p.value
		if p.encoded && i == 0 {
			if parts := strings.SplitN(value, "'", 3); len(parts) == 3 {
				charset, value = parts[0], parts[2]
			}
		}
		if p.encoded {
			b = appendPercent(b, value)
		} else {
			b = append(b, value...)
		}
	}
	if charset == "" {
		return decodeWords(utf8Field(string(b), "", m), m)
	}
	text, guessed := toUTF8(b, charset)
	m.when(guessed, crm.MarkCharset)
	return utf8Field(string(text), "", m)
}

func appendPercent(out []byte, s string) []byte {
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) && unhex(s[i+1]) < 16 && unhex(s[i+2]) < 16 {
			out = append(out, unhex(s[i+1])<<4|unhex(s[i+2]))
			i += 2
			continue
		}
		out = append(out, s[i])
	}
	return out
}
