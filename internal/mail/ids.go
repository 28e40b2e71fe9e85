package mail

import (
	"slices"
	"strings"

	"threadline/internal/crm"
)

// parseMessageID reads a Message-ID. What follows no syntax is an id all the
// same: the trimmed value, so that replies to it still find it.
func parseMessageID(s string) crm.RFCID {
	s = trimSpace(s)
	if i := strings.IndexByte(s, '<'); i >= 0 {
		inner := s[i+1:]
		if j := strings.IndexByte(inner, '>'); j >= 0 {
			inner = inner[:j]
		}
		if id := cleanID(inner); id != "" {
			return id
		}
	}
	return cleanID(s)
}

func cleanID(s string) crm.RFCID {
	return crm.RFCID(cutBytes(oneLine(strings.Trim(s, "<> \t"), maxID), maxID))
}

// parseIDs reads the ids of In-Reply-To or References (RFC 5322 §3.6.4), which
// may be separated by anything, cut short, or stand among phrases. Ids without
// brackets count only where there are no brackets at all. Repeats are left out;
// of more than crm.MaxReferences the first and the last halves stay.
func parseIDs(s string) []crm.RFCID {
	if s == "" {
		return nil
	}
	var c idList
	if strings.IndexByte(s, '<') < 0 {
		for f := range strings.FieldsFuncSeq(s, func(r rune) bool { return strings.ContainsRune(" \t,;\"'>()", r) }) {
			if strings.IndexByte(f, '@') > 0 {
				c.add(cleanID(f))
			}
		}
		return c.list()
	}
	for {
		i := strings.IndexByte(s, '<')
		if i < 0 {
			return c.list()
		}
		s = s[i+1:]
		end := strings.IndexAny(s, "<>")
		if end < 0 {
			end = len(s)
		}
		c.add(cleanID(s[:end]))
		s = s[end:]
	}
}

// idList keeps the first half and a window over the last half.
type idList struct {
	head, tail []crm.RFCID
}

const halfReferences = crm.MaxReferences / 2

func (c *idList) add(id crm.RFCID) {
	if id == "" || slices.Contains(c.head, id) {
		return
	}
	if len(c.head) < halfReferences {
		c.head = append(c.head, id)
		return
	}
	if i := slices.Index(c.tail, id); i >= 0 {
		c.tail = slices.Delete(c.tail, i, i+1)
	} else if len(c.tail) == halfReferences {
		copy(c.tail, c.tail[1:])
		c.tail = c.tail[:halfReferences-1]
	}
	c.tail = append(c.tail, id)
}

func (c *idList) list() []crm.RFCID { return append(c.head, c.tail...) }
