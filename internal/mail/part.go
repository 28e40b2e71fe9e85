package mail

import (
	"bytes"
	"strings"

	"threadline/internal/crm"
)

// Part is one node of the MIME tree. A leaf has Body or, where its source did
// not hand over the bytes, Size alone.
type Part struct {
	Type        string            // media type in lower case, such as text/plain
	Params      map[string]string // of the media type, names in lower case, values decoded; may be nil
	Disposition string            // inline, attachment or ""
	Name        string            // file name as written, decoded; not yet neutralised
	ContentID   string            // without brackets
	Size        int64             // decoded bytes of a leaf; 0 when Body is set
	Body        []byte            // decoded bytes of a leaf; read it by Content
	Parts       []*Part           // of a multipart

	raw      []byte // still in its transfer encoding, when it came from bytes
	encoding transfer
}

// NewPart makes a part of the header of a MIME part, to be filled with Body,
// Size and Parts. Content-Transfer-Encoding is not looked at: the body of a
// part that is built from outside is decoded.
func NewPart(headers []crm.Header) *Part {
	var m markSet
	p := newPart(headers, &m)
	p.encoding = transferNone
	return p
}

func newPart(headers []crm.Header, m *markSet) *Part {
	p := &Part{}
	var kind, disposition string
	for _, f := range headers {
		switch keyOf(f.Name) {
		case keyContentType:
			kind = first(kind, f.Value)
		case keyEncoding:
			p.encoding = transferOf(f.Value)
		case keyDisposition:
			disposition = first(disposition, f.Value)
		case keyContentID:
			p.ContentID = string(cleanID(utf8Field(f.Value, "", m)))
		}
	}
	if kind != "" {
		p.Type, p.Params = parseStructured(kind, m)
		p.Name = p.Params["name"]
	}
	p.Type = mediaType(p.Type)
	if disposition != "" {
		value, params := parseStructured(disposition, m)
		p.Name = first(params["filename"], p.Name)
		p.Disposition = "inline"
		if value != "inline" { // RFC 2183 §2.8: unknown is attachment
			p.Disposition = "attachment"
		}
	}
	return p
}

func first(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// mediaType completes what is missing (RFC 2045 §5.2 and use).
func mediaType(t string) string {
	main, sub, ok := strings.Cut(t, "/")
	main, sub = trimSpace(main), trimSpace(sub)
	switch {
	case t == "" || t == "text" || main == "text" && sub == "":
		return "text/plain"
	case t == "html":
		return "text/html"
	case !ok || main == "" || sub == "" || len(t) > maxName || strings.ContainsAny(t, " \t<>\x00"):
		if main == "multipart" {
			return "multipart/mixed"
		}
		return "application/octet-stream"
	}
	return strings.ToValidUTF8(t, "\ufffd")
}

func (p *Part) multipart() bool { return strings.HasPrefix(p.Type, "multipart/") }

// Content returns the decoded bytes of a leaf: Body, or what the message holds
// in its transfer encoding. The caller must not change them.
func (p *Part) Content() []byte {
	if p.Body != nil || p.raw == nil {
		return p.Body
	}
	b, _ := p.encoding.decode(p.raw, false)
	return b
}

// Len is the number of decoded bytes of a leaf, found without decoding.
func (p *Part) Len() int64 {
	switch {
	case p.Body != nil:
		return int64(len(p.Body))
	case p.raw != nil:
		return p.encoding.size(p.raw)
	}
	return p.Size
}

// Named finds the leaf with a Content-ID (RFC 2392) in the tree, nil when there
// is none.
func (p *Part) Named(contentID string) *Part {
	if len(p.Parts) == 0 && contentID != "" && p.ContentID == contentID {
		return p
	}
	for _, c := range p.Parts {
		if found := c.Named(contentID); found != nil {
			return found
		}
	}
	return nil
}

// splitter takes a message apart within the limits.
type splitter struct {
	left  int // parts that may still be opened
	marks *markSet
}

// fill gives a part its body: its children, or its bytes. What cannot be opened
// stays a leaf.
func (s *splitter) fill(p *Part, body []byte, depth int) {
	if !p.multipart() {
		p.raw = body
		return
	}
	boundary := strings.TrimRight(p.Params["boundary"], " \t")
	switch {
	case depth >= maxDepth:
		s.marks.add(crm.MarkPartsTruncated)
		p.raw = body
	case boundary == "":
		s.marks.add(crm.MarkStructure)
		p.Type, p.raw = "text/plain", body
	default:
		s.children(p, body, boundary, depth)
	}
}

// children cuts body at the delimiters of boundary (RFC 2046 §5.1.1).
func (s *splitter) children(p *Part, body []byte, boundary string, depth int) {
	needle := append([]byte("--"), boundary...)
	at, next, closed := delimiter(body, 0, needle)
	if at < 0 {
		s.marks.add(crm.MarkStructure)
		p.Type, p.raw = "text/plain", body
		return
	}
	for !closed {
		start := next
		at, next, closed = delimiter(body, start, needle)
		end := at
		if at < 0 {
			s.marks.add(crm.MarkStructure)
			end, closed = len(body), true
		}
		if start >= len(body) && at < 0 {
			return
		}
		if s.left == 0 {
			s.marks.add(crm.MarkPartsTruncated)
			return
		}
		s.left--
		p.Parts = append(p.Parts, s.part(trimLineEnd(body[start:max(start, end)]), p.Type, depth+1))
	}
	if len(p.Parts) == 0 { // it ends before it begins: whatever it says stands behind the end
		s.marks.add(crm.MarkStructure)
		p.Type, p.raw = "text/plain", body[next:]
	}
}

// part reads one child with its header.
func (s *splitter) part(raw []byte, parent string, depth int) *Part {
	h, body := readHeader(raw, 8)
	s.marks.when(h.truncated, crm.MarkHeaderTruncated)
	s.marks.when(h.broken, crm.MarkStructure)
	p := newPart(h.fields, s.marks)
	if parent == "multipart/digest" && !hasType(h.fields) {
		p.Type = "message/rfc822" // RFC 2046 §5.1.5
	}
	s.fill(p, raw[body:], depth)
	return p
}

func hasType(fields []crm.Header) bool {
	for _, f := range fields {
		if keyOf(f.Name) == keyContentType {
			return true
		}
	}
	return false
}

// delimiter finds the next delimiter line from pos on: where it begins, where
// the line after it begins, and whether it is the last one.
func delimiter(body []byte, pos int, needle []byte) (at, next int, closed bool) {
	for {
		i := bytes.Index(body[pos:], needle)
		if i < 0 {
			return -1, len(body), false
		}
		at = pos + i
		pos = at + len(needle)
		if at > 0 && body[at-1] != '\n' {
			continue
		}
		rest := body[pos:]
		if bytes.HasPrefix(rest, []byte("--")) {
			rest, closed = rest[2:], true
		}
		line, after := cutLine(rest, 0)
		if !closed && !isBlank(line) {
			continue
		}
		return at, len(body) - len(rest) + after, closed
	}
}

// trimLineEnd drops the line end that belongs to the delimiter after it.
func trimLineEnd(b []byte) []byte {
	b = bytes.TrimSuffix(b, []byte{'\n'})
	return bytes.TrimSuffix(b, []byte{'\r'})
}
