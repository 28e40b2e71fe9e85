package mail

import (
	"bytes"
	"crypto/sha256"
	"hash"
	"html"
	"strings"

	"threadline/internal/crm"
)

// assembler makes text, HTML, attachments and hash of a part tree.
type assembler struct {
	hash        hash.Hash
	hashed      bool
	marks       *markSet
	text, html  int // bytes that may still be kept
	parts       int // parts that may still be visited
	attachments []crm.Attachment
	attached    []*Part // by attachment
	enclosed    []*Part // files that were found within parts: they come behind all others
	invite      bool    // a text/calendar part with a method
	calendar    *Part   // the first calendar file
}

func newAssembler(m *markSet) *assembler {
	return &assembler{hash: sha256.New(), marks: m, text: maxText, html: maxHTML, parts: maxParts + 1}
}

// block is what one part of the tree shows.
type block struct{ text, html string }

// maxTextPart bounds the bytes of one part that are decoded as text.
const maxTextPart = 8 << 20

func (a *assembler) part(p *Part, depth int) block {
	if a.parts--; a.parts < 0 || depth > maxDepth {
		a.marks.add(crm.MarkPartsTruncated)
		return block{}
	}
	a.marks.when(p.sealed(), crm.MarkSealed)
	switch {
	case len(p.Parts) > 0 && p.multipart():
		return a.multi(p, depth)
	case p.multipart() && p.Len() == 0:
		return block{}
	case a.isText(p, depth):
		return a.leaf(p)
	}
	return a.attach(p)
}

// armour begins text that PGP has encrypted (RFC 9580 §6.2).
const armour = "-----BEGIN PGP MESSAGE-----"

// sealed tells whether a part is encrypted: by PGP (RFC 3156), or by S/MIME, of
// which a signature that holds what it signs is another kind (RFC 8551 §3.2.2).
func (p *Part) sealed() bool {
	switch p.Type {
	case "multipart/encrypted":
		return true
	case "application/pkcs7-mime", "application/x-pkcs7-mime":
		kind := strings.ToLower(p.Params["smime-type"])
		return kind == "" || kind == "enveloped-data" || kind == "authenveloped-data"
	}
	return false
}

// isText tells whether a leaf is words of the message and not a file: a file
// has a name or says so, except the first text, which some programs name.
func (a *assembler) isText(p *Part, depth int) bool {
	switch p.Type {
	case "text/plain", "text/html", "text/enriched", "text/richtext":
	default:
		return false
	}
	return p.Disposition != "attachment" && (p.Name == "" || depth == 0 || !a.hashed)
}

func (a *assembler) multi(p *Part, depth int) block {
	if p.Type == "multipart/alternative" {
		return a.alternative(p, depth)
	}
	var blocks []block
	rich := false
	for _, c := range p.Parts {
		if b := a.part(c, depth+1); b != (block{}) {
			blocks = append(blocks, b)
			rich = rich || b.html != ""
		}
	}
	if len(blocks) == 1 {
		return blocks[0]
	}
	return joinBlocks(blocks, rich)
}

// alternative takes the first words of each kind (RFC 2046 §5.1.4).
func (a *assembler) alternative(p *Part, depth int) block {
	var out block
	for _, c := range p.Parts {
		if c.Type == "text/x-amp-html" {
			continue
		}
		b := a.part(c, depth+1)
		if strings.TrimSpace(out.text) == "" {
			out.text = b.text
		}
		if out.html == "" {
			out.html = b.html
		}
	}
	return out
}

// joinBlocks puts parts that follow one another into one text, and into one
// HTML when at least one of them has it.
func joinBlocks(blocks []block, rich bool) block {
	var text, page strings.Builder
	for _, b := range blocks {
		t := b.text
		if strings.TrimSpace(t) == "" && b.html != "" {
			t = textOfHTML(b.html)
		}
		if text.Len() > 0 && t != "" && !strings.HasSuffix(text.String(), "\n") {
			text.WriteByte('\n')
		}
		text.WriteString(t)
		switch {
		case !rich:
		case b.html != "":
			page.WriteString(b.html)
		default:
			page.WriteString("<pre>" + html.EscapeString(b.text) + "</pre>")
		}
	}
	return block{text: text.String(), html: page.String()}
}

// leaf decodes one text part, adds it to the hash and cuts it to the limit.
func (a *assembler) leaf(p *Part) block {
	raw := p.raw
	var tail []byte
	if p.Body != nil {
		raw = p.Body
	}
	if len(raw) > maxTextPart {
		raw, tail = raw[:maxTextPart], raw[maxTextPart:]
		a.marks.add(crm.MarkTextTruncated)
	}
	if p.Body == nil {
		var broken bool
		raw, broken = p.encoding.decode(raw, true)
		a.marks.when(broken && len(tail) == 0 || p.encoding == transferUnknown, crm.MarkEncoding)
	}
	text, guessed := toUTF8(raw, p.charset(raw))
	a.marks.when(guessed, crm.MarkCharset)
	text = plainLines(text, a.marks)
	a.sum(text, tail)
	text = bytes.TrimPrefix(text, []byte("\ufeff")) // a byte order mark is no letter
	if p.Type == "text/html" {
		return block{html: a.cut(text, &a.html)}
	}
	if p.Type == "text/plain" {
		a.marks.when(bytes.HasPrefix(bytes.TrimSpace(text), []byte(armour)), crm.MarkSealed)
		text = a.uuencoded(text)
	}
	if strings.EqualFold(p.Params["format"], "flowed") {
		text = unflow(text, strings.EqualFold(p.Params["delsp"], "yes"))
	}
	return block{text: a.cut(text, &a.text)}
}

func (a *assembler) cut(b []byte, left *int) string {
	s := string(b[:min(len(b), *left)])
	if len(s) < len(b) {
		a.marks.add(crm.MarkTextTruncated)
		s = strings.ToValidUTF8(s, "")
	}
	*left -= len(s)
	return s
}

// sum adds a text to the hash so that what transport may change does not
// count: line ends, blanks at line ends, blank lines around the text.
func (a *assembler) sum(text, tail []byte) {
	a.hashed = true
	blank, begun := 0, false
	for len(text) > 0 {
		line := text
		if i := bytes.IndexByte(text, '\n'); i >= 0 {
			line, text = text[:i], text[i+1:]
		} else {
			text = nil
		}
		end := len(line)
		for end > 0 && isFold(line[end-1]) {
			end--
		}
		if end == 0 {
			blank++
			continue
		}
		for ; blank > 0 && begun; blank-- {
			a.hash.Write([]byte{'\n'})
		}
		blank, begun = 0, true
		a.hash.Write(line[:end])
		a.hash.Write([]byte{'\n'})
	}
	a.hash.Write(tail)
	a.hash.Write([]byte{0})
}

// plainLines makes every line end an LF and replaces NUL.
func plainLines(b []byte, m *markSet) []byte {
	if nul := bytes.Count(b, []byte{0}); nul > 0 {
		m.add(crm.MarkControlBytes)
		b = bytes.ReplaceAll(b, []byte{0}, []byte("\ufffd"))
	}
	i := bytes.IndexByte(b, '\r')
	if i < 0 {
		return b
	}
	out := make([]byte, 0, len(b))
	for ; i >= 0; i = bytes.IndexByte(b, '\r') {
		out = append(append(out, b[:i]...), '\n')
		b = bytes.TrimLeft(b[i:], "\r")
		if len(b) > 0 && b[0] == '\n' {
			b = b[1:]
			continue
		}
		m.add(crm.MarkControlBytes)
	}
	return append(out, b...)
}

// unflow joins the lines of flowed text (RFC 3676 §4): a line that ends in a
// blank goes on in the next one of the same quote depth, except the signature
// separator.
func unflow(b []byte, delsp bool) []byte {
	out := make([]byte, 0, len(b))
	open, depth := false, 0
	for len(b) > 0 {
		line, next := cutLine(b, 0)
		ended := next > len(line)
		b = b[next:]
		quotes := len(line) - len(bytes.TrimLeft(line, ">"))
		words := line[quotes:]
		if quotes > 0 || bytes.HasPrefix(words, []byte("  ")) || bytes.HasPrefix(words, []byte(" >")) || bytes.HasPrefix(words, []byte(" From ")) {
			words = bytes.TrimPrefix(words, []byte{' '}) // space-stuffed
		}
		signature := string(words) == "-- "
		if open && (depth != quotes || signature) {
			out = append(out, '\n')
			open = false
		}
		if !open && quotes > 0 {
			out = append(append(out, line[:quotes]...), ' ')
		}
		open = !signature && bytes.HasSuffix(words, []byte{' '}) && ended
		depth = quotes
		if open && delsp {
			words = words[:len(words)-1]
		}
		out = append(out, words...)
		if !open && ended {
			out = append(out, '\n')
		}
	}
	return out
}
