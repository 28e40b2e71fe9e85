package mail

import (
	"slices"
	"strings"

	"threadline/internal/crm"
)

// ParseAddressList reads an address list as people and programs write them
// (RFC 5322 §3.4, with groups and the obsolete forms). Every address is
// salvaged by itself: what cannot be understood becomes a participant with Raw
// alone and never costs its neighbours. Repeats are left out.
func ParseAddressList(role crm.Role, list string) []crm.Participant {
	var m markSet
	var c participants
	c.addList(role, utf8Field(list, "", &m), &m)
	return c.list
}

// participants collects the people of a header without repeats.
type participants struct {
	list []crm.Participant
	seen map[participantKey]struct{} // made when the list is long
}

type participantKey struct {
	role crm.Role
	id   string
}

// manyParticipants is where a map becomes cheaper than a look through the list.
const manyParticipants = 16

func keyOfParticipant(p crm.Participant) participantKey {
	if p.Address != "" {
		return participantKey{p.Role, string(p.Address)}
	}
	return participantKey{p.Role, " " + p.Raw}
}

func (c *participants) add(p crm.Participant) {
	key := keyOfParticipant(p)
	if c.seen == nil && len(c.list) < manyParticipants {
		if slices.ContainsFunc(c.list, func(q crm.Participant) bool { return keyOfParticipant(q) == key }) {
			return
		}
		c.list = append(c.list, p)
		return
	}
	if c.seen == nil {
		c.seen = make(map[participantKey]struct{}, 4*manyParticipants)
		for _, q := range c.list {
			c.seen[keyOfParticipant(q)] = struct{}{}
		}
	}
	if _, ok := c.seen[key]; ok {
		return
	}
	c.seen[key] = struct{}{}
	c.list = append(c.list, p)
}

// addList adds the addresses of one field.
func (c *participants) addList(role crm.Role, list string, m *markSet) {
	pending := "" // a bare name before a comma, perhaps the first half of "Smith, John <j@x>"
	splitList(list, func(item string, group bool) {
		if len(c.list) >= mostOf(role) {
			m.add(crm.MarkHeaderTruncated)
			return
		}
		if item == "" {
			return
		}
		if pending != "" {
			if name, _, ok := strings.Cut(item, "<"); ok && isFirstName(trimSpace(name)) {
				item = pending + ", " + item
				m.add(crm.MarkAddress)
			} else {
				c.add(parseItem(role, pending, m))
			}
			pending = ""
		}
		if !group && isFirstName(item) {
			pending = item
			return
		}
		c.add(parseItem(role, item, m))
	})
	if pending != "" {
		c.add(parseItem(role, pending, m))
	}
}

// mostOf is how many participants there may be when one of the role is added: of
// those who wrote some are known however many it went to.
func mostOf(role crm.Role) int {
	if wrote(role) {
		return maxParticipants + maxWriters
	}
	return maxParticipants
}

func wrote(role crm.Role) bool {
	return role == crm.RoleFrom || role == crm.RoleSender || role == crm.RoleReplyTo
}

// inPlace returns the participants in the order of the header, and of many those
// who wrote before those who were written to: only the first ones are indexed.
func (c *participants) inPlace() []crm.Participant {
	if len(c.list) > crm.MaxIndexedParticipants {
		slices.SortStableFunc(c.list, func(a, b crm.Participant) int {
			switch x, y := wrote(a.Role), wrote(b.Role); {
			case x == y:
				return 0
			case x:
				return -1
			}
			return 1
		})
	}
	return c.list
}

// isFirstName tells whether s can be one half of a name that a comma has cut:
// one or two capitalised words.
func isFirstName(s string) bool {
	if s == "" || len(s) > 40 || strings.Count(s, " ") > 1 {
		return false
	}
	lower := false
	for i := range len(s) {
		c := s[i]
		switch {
		case c >= 'a' && c <= 'z' || c >= 0x80:
			lower = true
		case c >= 'A' && c <= 'Z', c == ' ', c == '.', c == '\'':
		default:
			return false
		}
	}
	return lower && (s[0] >= 'A' && s[0] <= 'Z' || s[0] >= 0x80)
}

// splitList cuts a list at the commas and semicolons outside quotes, comments
// and brackets, and drops the names of groups. A quote or comment that never
// ends is a character like any other. last tells that a group or the list ends.
func splitList(s string, emit func(item string, last bool)) {
	p := listSplitter{quotes: true, comments: true}
	start := 0
	for i := 0; ; i++ {
		if i >= len(s) {
			if back, again := p.unclosed(); again {
				i = back
				continue
			}
			emit(trimSpace(s[min(start, len(s)):]), true)
			return
		}
		if p.inside(s, &i) {
			continue
		}
		if c := s[i]; c != ':' {
			emit(trimSpace(s[start:i]), c == ';')
			start, p.angle, p.address = i+1, false, false
		} else if !p.address {
			start = i + 1
		}
	}
}

// listSplitter is the state within one address list.
type listSplitter struct {
	quotes, comments bool // still believed in
	quote            bool
	depth            int // of comments
	angle, route     bool
	address          bool // the item has begun with an address: a colon names no group
	opened           int  // where the quote or comment began
	blind            int  // quotes before this offset are characters
}

// unclosed gives up on a quote or comment that is open at the end of the list,
// and says where to read on.
func (p *listSplitter) unclosed() (int, bool) {
	switch {
	case p.quote:
		p.quote, p.quotes = false, false
	case p.depth > 0:
		p.depth, p.comments = 0, false
	default:
		return 0, false
	}
	return p.opened, true
}

// inside consumes s[*i] when it is no separator; it may step over more.
func (p *listSplitter) inside(s string, i *int) bool {
	c := s[*i]
	switch {
	case p.quote:
		p.inQuote(s, i)
	case p.depth > 0:
		switch c {
		case '\\':
			*i++
		case '(':
			p.depth++
		case ')':
			p.depth--
		}
	case c == '"' && p.quotes && *i >= p.blind:
		p.quote, p.opened = true, *i
	case c == '(' && p.comments && !p.angle:
		p.depth, p.opened = 1, *i
	case c == '<':
		p.angle, p.address = true, true
		p.route = *i+1 < len(s) && s[*i+1] == '@' // RFC 5322 §4.4: commas within
	case c == '>':
		p.angle = false
	case c == '=' && !p.angle && *i+1 < len(s) && s[*i+1] == '?':
		if w, ok := cutWord(s[*i:]); ok {
			*i += w.size - 1
		}
	case c == '@':
		p.address = true
	case c == ',':
		return p.angle && p.route
	case c == ':':
		return p.angle
	case c == ';':
		return false
	}
	return true
}

// inQuote reads on in a quoted string. One that spans whole addresses was never
// meant: a quote is missing somewhere.
func (p *listSplitter) inQuote(s string, i *int) {
	switch s[*i] {
	case '\\':
		*i++
	case '"':
		p.quote = false
		if strings.Contains(s[p.opened:*i], ">,") {
			*i, p.blind = p.opened, *i
		}
	}
}
