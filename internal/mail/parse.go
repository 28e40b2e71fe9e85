package mail

import (
	"bytes"
	"strings"

	"threadline/internal/crm"
)

// Parse reads a whole message. It never fails: what cannot be understood is
// marked. raw may be anything and is not changed; the result may share its
// memory.
func Parse(raw []byte) *Parsed {
	var m markSet
	raw = readable(raw, &m)
	h, body := readHeader(raw, usualFields)
	m.header(h)
	root := newPart(h.fields, &m)
	s := splitter{left: maxParts, marks: &m}
	s.fill(root, raw[body:], 0)
	if len(h.fields) == 0 {
		return unparsable(raw, root, m)
	}
	return assemble(h.fields, root, m)
}

// ParseHeader reads the header of a message whose body was not fetched; why is
// crm.MarkHeadersOnly or crm.MarkTooLarge. The result is a stub.
func ParseHeader(raw []byte, why crm.Mark) *Parsed {
	var m markSet
	m.add(why)
	raw = readable(raw, &m)
	h, _ := readHeader(raw, usualFields)
	m.header(h)
	return stub(h.fields, m)
}

// FromHeader is ParseHeader for a mail system that hands over fields.
func FromHeader(headers []crm.Header, why crm.Mark) *Parsed {
	var m markSet
	m.add(why)
	return stub(taken(headers, &m), m)
}

func stub(fields []crm.Header, m markSet) *Parsed {
	m.when(len(fields) == 0, crm.MarkUnparsable)
	root := newPart(fields, &m)
	p, sign := describe(fields, root, &m)
	p.Stub = true
	sign.invite = root.Type == "text/calendar" && root.Params["method"] != ""
	return p.finish(sign, m)
}

// FromTree makes the message of a header and a part tree, as a mail system
// hands them over that has taken the bytes apart already: values of headers may
// be decoded or not, bodies are. The same mail gives the same id either way.
func FromTree(headers []crm.Header, root *Part) *Parsed {
	var m markSet
	fields := taken(headers, &m)
	if root == nil {
		root = &Part{Type: "text/plain"}
	}
	return assemble(fields, root, m)
}

// taken are the header fields of another system, within our limits.
func taken(headers []crm.Header, m *markSet) []crm.Header {
	fields := make([]crm.Header, 0, len(headers))
	room := maxHeaderBytes + maxRecipients
	for _, f := range headers {
		if room -= len(f.Name) + len(f.Value); room < 0 || len(fields) >= 2*maxFields {
			m.add(crm.MarkHeaderTruncated)
			break
		}
		fields = append(fields, crm.Header{Name: oneLine(strings.ToValidUTF8(f.Name, "?"), maxName), Value: trimSpace(f.Value)})
	}
	return fields
}

// usualFields is the room to reserve for the header of a message.
const usualFields = 32

func assemble(fields []crm.Header, root *Part, m markSet) *Parsed {
	p, sign := describe(fields, root, &m)
	a := newAssembler(&m)
	b := a.part(root, 0)
	p.Parts = a.close()
	p.Text, p.HTML, p.Attachments = b.text, b.html, a.attachments
	if p.HTML != "" && strings.TrimSpace(p.Text) == "" {
		p.Text = textOfHTML(p.HTML)
	}
	a.hash.Sum(p.TextHash[:0])
	p.Quoted = quotedFrom(p.Text)
	p.Snippet = snippetOf(p.Text, p.Quoted)
	sign.invite = a.invite
	p.Invites = invites(a.calendar)
	p.finish(sign, m)
	if p.Class == crm.ClassBounce {
		p.refer(returned(root, 0))
	}
	if p.Class == crm.ClassBounce || sign.report == "feedback-report" {
		p.Reports = reports(p)
	}
	return p
}

// unparsable keeps what has no header at all: its text if it is one, and a hash
// of its own.
func unparsable(raw []byte, root *Part, m markSet) *Parsed {
	m.add(crm.MarkUnparsable)
	if bytes.IndexByte(raw, 0) >= 0 || !isText(raw) {
		root = &Part{Type: "application/octet-stream", raw: raw}
	}
	p := assemble(nil, root, m)
	a := newAssembler(&m)
	a.sum(raw, nil)
	a.hash.Sum(p.TextHash[:0])
	return p
}

// isText tells whether bytes without a header look like words.
func isText(raw []byte) bool {
	control := 0
	for _, c := range raw[:min(len(raw), 4<<10)] {
		if c < ' ' && c != '\n' && c != '\r' && c != '\t' {
			control++
		}
	}
	text, guessed := toUTF8(raw[:min(len(raw), 4<<10)], "")
	return control == 0 && (!guessed || len(text) < len(raw)+len(raw)/2)
}

// readable repairs what stands in the way of reading lines: CR alone as line
// end, an mbox separator, blank lines before the header.
func readable(raw []byte, m *markSet) []byte {
	head := raw[:min(len(raw), 4<<10)]
	bare := bytes.Count(head, []byte{'\r'}) - bytes.Count(head, []byte("\r\n"))
	if bare > bytes.Count(head, []byte{'\n'}) {
		m.add(crm.MarkControlBytes)
		raw = bytes.ReplaceAll(bytes.ReplaceAll(raw, []byte("\r\n"), []byte{'\n'}), []byte{'\r'}, []byte{'\n'})
	}
	start := bytes.TrimLeft(bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf")), "\r\n")
	line, next := cutLine(start, 0)
	if bytes.HasPrefix(line, []byte("From ")) || bytes.HasPrefix(line, []byte(">From ")) {
		return start[next:]
	}
	if len(start) < len(raw) && fieldName(line) >= 0 {
		m.add(crm.MarkStructure)
		return start
	}
	return raw
}

func (m *markSet) header(h header) {
	m.when(h.truncated, crm.MarkHeaderTruncated)
	m.when(h.broken, crm.MarkStructure)
	m.when(h.control, crm.MarkControlBytes)
}

func trimSpace(s string) string { return strings.Trim(s, " \t\r\n") }
