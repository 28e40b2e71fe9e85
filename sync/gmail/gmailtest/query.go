package gmailtest

import (
	"net/mail"
	"strconv"
	"strings"
	"time"
)

// match tells whether a message is found by a search. Known are the operators
// that the product uses: from to cc subject label in is after before rfc822msgid,
// OR, {}, (), and negation.
func match(q string, a *account, m *message) bool {
	p := searcher{words: searchWords(q), a: a, m: m}
	return p.all("")
}

type searcher struct {
	words []string
	a     *account
	m     *message
}

func searchWords(q string) []string {
	var out []string
	word, quoted := "", false
	flush := func() {
		if word != "" {
			out = append(out, word)
			word = ""
		}
	}
	for _, r := range q {
		switch {
		case r == '"':
			quoted = !quoted
		case quoted:
			word += string(r)
		case strings.ContainsRune("(){}", r):
			neg := word == "-"
			if neg {
				word = ""
			}
			flush()
			if neg {
				out = append(out, "-")
			}
			out = append(out, string(r))
		case r == ' ':
			flush()
		default:
			word += string(r)
		}
	}
	flush()
	return out
}

// all reads terms until end; OR binds two neighbours.
func (p *searcher) all(end string) bool {
	result, any := true, false
	for len(p.words) > 0 {
		w := p.words[0]
		if w == end {
			p.words = p.words[1:]
			break
		}
		hit := p.one()
		for len(p.words) > 1 && p.words[0] == "OR" {
			p.words = p.words[1:]
			hit = p.one() || hit
		}
		any = any || hit
		result = result && hit
	}
	if end == "}" {
		return any
	}
	return result
}

func (p *searcher) one() bool {
	w := p.words[0]
	p.words = p.words[1:]
	switch w {
	case "(":
		return p.all(")")
	case "{":
		return p.all("}")
	case "-":
		return !p.one()
	}
	if rest, ok := strings.CutPrefix(w, "-"); ok {
		return !p.term(rest)
	}
	return p.term(w)
}

func (p *searcher) term(w string) bool {
	op, value, ok := strings.Cut(w, ":")
	if !ok {
		return strings.Contains(strings.ToLower(string(p.m.raw)), strings.ToLower(w))
	}
	value = strings.ToLower(value)
	switch strings.ToLower(op) {
	case "from", "to", "cc", "bcc":
		return p.address(op, value)
	case "subject":
		return strings.Contains(strings.ToLower(p.m.header.Get("Subject")), value)
	case "rfc822msgid":
		return p.m.rfcID != "" && strings.EqualFold(p.m.rfcID, strings.Trim(value, "<>"))
	case "label", "in", "is":
		return p.label(value)
	case "after":
		return !p.m.internal.Before(searchTime(value))
	case "before":
		return p.m.internal.Before(searchTime(value))
	}
	return false
}

func (p *searcher) label(value string) bool {
	switch value {
	case "anywhere":
		return true
	case "drafts":
		value = "draft"
	case "read":
		return !p.m.labels[Unread]
	}
	if p.m.labels[strings.ToUpper(value)] {
		return true
	}
	for id, name := range p.a.labels {
		if strings.EqualFold(name, value) && p.m.labels[id] {
			return true
		}
	}
	return false
}

// address finds an address, or a domain.
func (p *searcher) address(field, value string) bool {
	for _, line := range p.m.header[mailField(field)] {
		list, err := mail.ParseAddressList(line)
		if err != nil {
			if strings.Contains(strings.ToLower(line), value) {
				return true
			}
			continue
		}
		for _, one := range list {
			have := strings.ToLower(one.Address)
			_, domain, _ := strings.Cut(have, "@")
			if have == value || domain == value || strings.HasSuffix(domain, "."+value) {
				return true
			}
		}
	}
	return false
}

func mailField(op string) string { return strings.ToUpper(op[:1]) + strings.ToLower(op[1:]) }

func searchTime(value string) time.Time {
	if n, err := strconv.ParseInt(value, 10, 64); err == nil {
		return time.Unix(n, 0)
	}
	t, err := time.Parse("2006/1/2", value)
	if err != nil {
		return time.Time{}
	}
	return t
}
