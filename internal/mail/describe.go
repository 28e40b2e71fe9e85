package mail

import (
	"strings"

	"threadline/internal/crm"
)

// describe reads all that the header says. It takes fields over and leaves
// them decoded in Headers.
func describe(fields []crm.Header, root *Part, m *markSet) (*Parsed, *signs) {
	p := &Parsed{Headers: fields, Root: root}
	s := &signs{}
	var people participants
	people.list = make([]crm.Participant, 0, 4)
	var times [keyMessageID + 1]int // of fields that may stand once (RFC 5322 §3.6)
	charset := root.Params["charset"]
	for i := range fields {
		f := &fields[i]
		key := keyOf(f.Name)
		f.Value = utf8Field(f.Value, charset, m)
		if once(key) {
			times[key]++
		}
		if role := key.role(); role != "" {
			people.addList(role, f.Value, m)
		} else {
			p.field(key, f.Value, m)
			s.field(key, f.Value)
		}
		f.Value = plainValue(f.Value)
	}
	p.Participants = people.inPlace()
	p.authors(times[keyFrom], s, m)
	for _, n := range times {
		m.when(n > 1, crm.MarkTwice)
	}
	m.when(p.RFCID == "", crm.MarkNoMessageID)
	m.when(p.Date == 0, crm.MarkDateGuessed)
	s.answers = len(p.InReplyTo)+len(p.References) > 0
	s.subject = p.Subject
	s.report = strings.ToLower(root.Params["report-type"]) // of multipart/report, RFC 6522 §3
	return p, s
}

// once tells of the fields that say what a mail is: of two, programs show one or
// the other.
func once(key fieldKey) bool {
	return key == keyFrom || key == keySubject || key == keyDate || key == keyMessageID
}

// field reads one field that is no address list. The first of a kind counts.
func (p *Parsed) field(key fieldKey, value string, m *markSet) {
	switch key {
	case keySubject:
		if p.Subject == "" {
			p.Subject = subjectOf(value, m)
		}
	case keyDate:
		if p.RawDate == "" {
			p.RawDate = cutBytes(oneLine(value, maxID), maxID)
			p.Date = ParseDate(p.RawDate)
		}
	case keyMessageID:
		if p.RFCID == "" {
			p.RFCID = parseMessageID(value)
		}
	case keyInReplyTo:
		if p.InReplyTo == nil {
			p.InReplyTo = parseIDs(value)
		}
	case keyReferences:
		if p.References == nil {
			p.References = parseIDs(value)
		}
	}
}

// authors looks at who wrote it.
func (p *Parsed) authors(froms int, s *signs, m *markSet) {
	writers := 0
	for _, q := range p.Participants {
		if q.Role != crm.RoleFrom {
			continue
		}
		if writers++; writers > 1 {
			break
		}
		s.local = q.Address.Local()
		if q.Address == "" {
			s.local = strings.ToLower(strings.Trim(q.Raw, "<> "))
		}
	}
	m.when(froms > 1 || writers > 1, crm.MarkManyFrom)
}

// plainValue decodes a value for the list of headers.
func plainValue(s string) string {
	var ignored markSet // what matters of a header was marked where it was read
	return cutBytes(decodeWords(cutBytes(s, maxFieldBytes), &ignored), maxFieldBytes)
}

func (p *Parsed) finish(s *signs, m markSet) *Parsed {
	p.Class = s.class()
	p.Marks = m.sorted()
	return p
}
