package mail

import (
	"strings"

	"threadline/internal/crm"
)

// parseItem reads one address with its display name.
func parseItem(role crm.Role, item string, m *markSet) crm.Participant {
	name, spec, sound := cutItem(item)
	p := crm.Participant{Role: role, Name: displayName(name, m)}
	if strings.Contains(spec, "=?") {
		if spec, sound = decodeWords(spec[:min(len(spec), maxWord)], m), false; strings.IndexByte(spec, '<') >= 0 {
			if name, spec, _ = cutItem(spec); p.Name == "" { // the name was encoded together with the address
				p.Name = displayName(name, m)
			}
		}
	}
	if a, ok := cleanAddress(spec); ok && !isPlaceholder(item) {
		p.Address = a
		sound = sound && regular(spec)
	} else {
		sound = false
		if p.Name == "" {
			p.Name = displayName(spec, m)
		}
	}
	if !sound {
		m.add(crm.MarkAddress)
		p.Raw = cutBytes(item, maxRaw)
	}
	if p.Address != "" && strings.EqualFold(p.Name, string(p.Address)) {
		p.Name = ""
	}
	return p
}

// cutItem separates display name and address; sound is false when it took
// guessing.
func cutItem(item string) (name, spec string, sound bool) {
	if lt := angleStart(item); lt >= 0 {
		name, spec = strings.TrimRight(item[:lt], "<"), item[lt+1:]
		gt := strings.IndexByte(spec, '>')
		if gt < 0 {
			return name, spec, false
		}
		rest := strings.Trim(spec[gt+1:], "> \t")
		spec = spec[:gt]
		if trimSpace(name) == "" {
			name = rest
		}
		if i := strings.LastIndexByte(spec, ':'); i >= 0 && strings.HasPrefix(trimSpace(spec), "@") {
			spec = spec[i+1:] // a source route
		}
		return name, spec, rest == "" || rest[0] == '('
	}
	bare, comment := dropComments(item)
	bare = trimSpace(bare)
	if !strings.ContainsAny(bare, " \t") || strings.HasPrefix(bare, `"`) {
		return comment, bare, true
	}
	if local, domain, ok := strings.Cut(bare, "@"); ok {
		local, domain = trimSpace(local), trimSpace(domain)
		if !strings.ContainsAny(local+domain, " \t") {
			return comment, local + "@" + domain, false
		}
	}
	words := strings.Fields(bare)
	for i := len(words) - 1; i >= 0; i-- {
		if strings.IndexByte(words[i], '@') > 0 {
			name = strings.Join(words[:i], " ") + " " + strings.Join(words[i+1:], " ")
			return name, words[i], false
		}
	}
	return bare, bare, false
}

// angleStart finds the bracket that opens the address: the last one outside
// quotes that has an @ after it, else the last one.
func angleStart(item string) int {
	last := strings.LastIndexByte(item, '<')
	if last <= 0 || strings.IndexByte(item, '"') < 0 && strings.Count(item, "<") == 1 {
		return last
	}
	best, any, quote := -1, -1, false
	for i := 0; i < len(item); i++ {
		switch c := item[i]; {
		case c == '\\' && quote:
			i++
		case c == '"':
			quote = !quote
		case c == '<' && !quote:
			any = i
		case c == '@' && !quote && any >= 0:
			best = any
		}
	}
	switch {
	case best >= 0:
		return best
	case any >= 0:
		return any
	case quote:
		return last // the quotes do not pair
	}
	return -1
}

// cleanAddress reads the address itself, without what people put around it.
func cleanAddress(spec string) (crm.Address, bool) {
	if len(spec) > maxRaw {
		return "", false
	}
	if strings.IndexByte(spec, '(') >= 0 {
		spec, _ = dropComments(spec)
	}
	spec = strings.Trim(spec, " \t'<>,;")
	if len(spec) > 7 && strings.EqualFold(spec[:7], "mailto:") {
		spec = spec[7:]
	}
	if strings.ContainsAny(spec, " \t\"") {
		spec = unquoteLocal(spec)
	}
	spec = strings.TrimRight(spec, ".")
	if strings.IndexByte(spec, '@') <= 0 {
		return "", false
	}
	a, err := crm.ParseAddress(spec)
	return a, err == nil
}

// unquoteLocal drops quotes that were not needed and blanks around @ and dots.
func unquoteLocal(spec string) string {
	at := strings.LastIndexByte(spec, '@')
	if at < 0 {
		return spec
	}
	local, domain := trimSpace(spec[:at]), trimSpace(spec[at+1:])
	if n := len(local); n > 2 && local[0] == '"' && local[n-1] == '"' {
		local = local[1 : n-1]
	}
	return strings.Trim(local, `"`) + "@" + strings.Trim(domain, `" `)
}

// regular tells whether an address that was understood also follows the syntax
// that the mark promises.
func regular(spec string) bool {
	spec = strings.Trim(spec, " \t")
	at := strings.LastIndexByte(spec, '@')
	if at <= 0 || spec[0] == '.' || spec[at-1] == '.' || strings.Contains(spec, "..") {
		return false
	}
	return !strings.ContainsAny(spec, " '<>;,:") && spec[len(spec)-1] != '.'
}

// isPlaceholder knows the words that stand where no address is meant.
func isPlaceholder(item string) bool {
	const word = "undisclosed"
	item = strings.TrimLeft(item, `<"' `)
	return len(item) > len(word) && strings.EqualFold(item[:len(word)], word)
}

// displayName decodes the words in front of an address.
func displayName(s string, m *markSet) string {
	if s == "" {
		return ""
	}
	s = s[:len(cutBytes(s, 2*maxWord))]
	if strings.ContainsAny(s, `"(\`) {
		s = unquoteName(s)
	}
	s = oneLine(decodeWords(s, m), maxName)
	if n := len(s); n > 2 && (s[0] == '\'' && s[n-1] == '\'' || s[0] == '"' && s[n-1] == '"') {
		s = trimSpace(s[1 : n-1])
	}
	return s
}

// unquoteName drops quotes and back-slashes; a comment is the name when there
// is nothing else.
func unquoteName(s string) string {
	bare, comment := dropComments(s)
	out := make([]byte, 0, len(bare))
	for i := 0; i < len(bare); i++ {
		switch c := bare[i]; {
		case c == '\\' && i+1 < len(bare):
			i++
			out = append(out, bare[i])
		case c != '"':
			out = append(out, c)
		}
	}
	if name := trimSpace(string(out)); name != "" {
		return name
	}
	return comment
}

// dropComments separates s from its comments (RFC 5322 §3.2.2), quoted strings
// excepted; an unclosed comment is no comment.
func dropComments(s string) (bare, comment string) {
	if strings.IndexByte(s, '(') < 0 {
		return s, ""
	}
	var b, c strings.Builder
	depth, quote, opened := 0, false, 0
	for i := 0; i < len(s); i++ {
		ch := s[i]
		switch {
		case ch == '\\' && i+1 < len(s):
			i++
			if depth > 0 {
				c.WriteByte(s[i])
			} else {
				b.WriteString(s[i-1 : i+1])
			}
			continue
		case ch == '"' && depth == 0:
			quote = !quote
		case ch == '(' && !quote:
			if depth++; depth == 1 {
				opened = i
				continue
			}
		case ch == ')' && depth > 0:
			if depth--; depth == 0 {
				continue
			}
		}
		if depth > 0 {
			c.WriteByte(ch)
		} else {
			b.WriteByte(ch)
		}
	}
	if depth > 0 {
		return b.String() + s[opened:], ""
	}
	return b.String(), trimSpace(c.String())
}
