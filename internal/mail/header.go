package mail

import (
	"bytes"

	"threadline/internal/crm"
)

// header is a header block as written: values are unfolded but not decoded and
// may hold any byte but CR and LF.
type header struct {
	fields    []crm.Header
	truncated bool // over a limit
	broken    bool // lines that are no fields
	control   bool // bare CR
}

// headerReader collects the fields of one block in a single buffer, so that a
// header costs few allocations however many fields it has.
type headerReader struct {
	header
	buf    []byte
	spans  []fieldSpan
	budget [3]int // bytes left, by fieldRank
}

type fieldSpan struct{ name, value, end int }

// readHeader splits raw into its header and the offset of its body. A line that
// is neither a field nor a continuation ends the header, unless a well-known
// field follows it. expect is the usual number of fields.
func readHeader(raw []byte, expect int) (header, int) {
	r := headerReader{
		buf:    make([]byte, 0, min(len(raw), 64*expect)),
		spans:  make([]fieldSpan, 0, expect),
		budget: [3]int{rankOther: maxHeaderBytes, rankEssential: maxEssential, rankRecipients: maxRecipients},
	}
	body := r.read(raw)
	text := string(r.buf)
	r.fields = make([]crm.Header, len(r.spans))
	for i, s := range r.spans {
		r.fields[i] = crm.Header{Name: text[s.name:s.value], Value: trimSpace(text[s.value:s.end])}
	}
	return r.header, body
}

func (r *headerReader) read(raw []byte) int {
	for pos := 0; pos < len(raw); {
		line, next := cutLine(raw, pos)
		colon := fieldName(line)
		switch {
		case colon >= 0:
			next = fieldEnd(raw, next)
			r.keep(line[:colon], raw[pos+colon+1:next])
		case isBlank(line):
			return next
		case isFold(line[0]):
			r.broken = true
		case !r.junk(raw, line, next):
			return pos
		}
		pos = next
	}
	return len(raw)
}

// fieldEnd returns where the field ends whose first line ends at pos. A line of
// blanks ends the header, unless the header goes on after it.
func fieldEnd(raw []byte, pos int) int {
	for pos < len(raw) && isFold(raw[pos]) {
		line, next := cutLine(raw, pos)
		if isBlank(line) && !goesOn(raw, next) {
			return pos
		}
		pos = next
	}
	return pos
}

func goesOn(raw []byte, pos int) bool {
	line, _ := cutLine(raw, pos)
	return !isBlank(line) && isFold(line[0]) || isKnownField(line)
}

func isKnownField(line []byte) bool {
	colon := fieldName(line)
	return colon >= 0 && keyOf(line[:colon]) != keyOther
}

// junk tells whether a line that is no field stands amid fields: an mbox
// separator, or anything that a well-known field follows.
func (r *headerReader) junk(raw, line []byte, next int) bool {
	if bytes.HasPrefix(line, []byte("From ")) || bytes.HasPrefix(line, []byte(">From ")) {
		return true
	}
	r.broken = true
	after, _ := cutLine(raw, next)
	return isKnownField(after)
}

// keep stores one field within the limits.
func (r *headerReader) keep(name, value []byte) {
	name = bytes.TrimRight(name, " \t")
	key := keyOf(name)
	limit, rank := r.room(key, len(name))
	if limit <= 0 {
		r.truncated = true
		return
	}
	s := fieldSpan{name: len(r.buf)}
	r.buf = append(r.buf, name...)
	s.value = len(r.buf)
	r.value(key, value, limit)
	s.end = len(r.buf)
	r.spans = append(r.spans, s)
	r.budget[rank] -= s.end - s.name
}

// room says how long the value of a field may be, and which budget pays. Fields
// that a message cannot do without have a reserve for when others have eaten
// the common budget.
func (r *headerReader) room(key fieldKey, name int) (int, fieldRank) {
	rank := key.rank()
	if len(r.spans) >= 2*maxFields {
		return 0, rank
	}
	if rank == rankRecipients {
		return r.budget[rank] - name, rank
	}
	limit := min(maxFieldBytes, r.budget[rankOther]-name)
	if limit > 0 && len(r.spans) < maxFields {
		return limit, rankOther
	}
	if rank == rankEssential {
		return r.budget[rank] - name, rank
	}
	return 0, rank
}

func (r *headerReader) value(key fieldKey, value []byte, limit int) {
	switch {
	case len(value) <= limit:
		r.unfold(value)
	case key == keyReferences:
		r.truncated = true
		r.unfoldEnds(value, limit/2)
	default:
		r.truncated = true
		r.unfold(value[:limit])
	}
}

// unfoldEnds keeps both ends of an over-long list of ids: the last one names
// the mail that is answered.
func (r *headerReader) unfoldEnds(value []byte, half int) {
	head, tail := value[:half], value[len(value)-half:]
	if i := bytes.LastIndexByte(head, '>'); i >= 0 {
		head = head[:i+1]
	}
	if i := bytes.IndexByte(tail, '<'); i >= 0 {
		tail = tail[i:]
	}
	r.unfold(head)
	r.buf = append(r.buf, ' ')
	r.unfold(tail)
}

// unfold appends value without its line ends (RFC 5322 §2.2.3); any other CR
// becomes a space.
func (r *headerReader) unfold(value []byte) {
	for {
		i := bytes.IndexByte(value, '\n')
		if i < 0 {
			break
		}
		end := i
		for end > 0 && value[end-1] == '\r' {
			end--
		}
		r.plain(value[:end])
		value = value[i+1:]
	}
	r.plain(bytes.TrimRight(value, "\r"))
}

func (r *headerReader) plain(b []byte) {
	for {
		i := bytes.IndexByte(b, '\r')
		if i < 0 {
			break
		}
		r.control = true
		r.buf = append(append(r.buf, b[:i]...), ' ')
		b = b[i+1:]
	}
	r.buf = append(r.buf, b...)
}

// cutLine returns the line at pos without its end, and where the next begins.
func cutLine(raw []byte, pos int) ([]byte, int) {
	i := bytes.IndexByte(raw[pos:], '\n')
	if i < 0 {
		return bytes.TrimRight(raw[pos:], "\r"), len(raw)
	}
	end := pos + i
	for end > pos && raw[end-1] == '\r' {
		end--
	}
	return raw[pos:end], pos + i + 1
}

// fieldName returns the offset of the colon after a field name, or -1 if line
// is no field (RFC 5322 §2.2; blanks before the colon as in §4.5).
func fieldName(line []byte) int {
	for i, c := range line[:min(len(line), maxName)] {
		switch {
		case c == ':' && i > 0:
			return i
		case (c == ' ' || c == '\t') && i > 0:
			rest := bytes.TrimLeft(line[i:min(len(line), maxName)], " \t")
			if len(rest) > 0 && rest[0] == ':' {
				return bytes.IndexByte(line, ':')
			}
			return -1
		case c <= ' ' || c > '~' || c == ':':
			return -1
		}
	}
	return -1
}

func isFold(c byte) bool { return c == ' ' || c == '\t' }

func isBlank(line []byte) bool {
	for _, c := range line {
		if !isFold(c) {
			return false
		}
	}
	return true
}
