package demo

import (
	"bytes"
	"fmt"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2"
)

// letter is a mail before it becomes bytes.
type letter struct {
	folder string
	flags  []imap.Flag
	date   time.Time

	id      string // with angle brackets
	from    Person
	replyTo Person
	to, cc  []Person
	subject string
	refs    []string // the last one is what it answers
	extra   []header // Auto-Submitted, List-Unsubscribe and so on

	text  string
	html  string // empty: made from text unless the style is plain
	parts []part // attachments and other parts
	kind  string // type of the outer multipart, "mixed" if empty

	style style
	own   bool // written at the own firm: no trace of a foreign server
}

// header is one field in the order in which it is written.
type header struct{ name, value string }

// part is a part beside the text.
type part struct {
	contentType string // with parameters
	disposition string // with parameters, may be empty
	raw         []byte
	text        bool // kept as text, not base64
	inAlt       bool // an alternative of the text (calendar invitations)
}

// mail writes the letter.
func (l letter) mail() Mail {
	return Mail{Folder: l.folder, Raw: l.bytes(), Date: l.date, Flags: l.flags}
}

func (l letter) bytes() []byte {
	var b bytes.Buffer
	b.Grow(1500 + 3*len(l.text) + len(l.html)*5/4)
	l.writeTrace(&b)
	l.writeHead(&b)
	body := l.body()
	body.write(&b)
	return b.Bytes()
}

// writeTrace writes what servers add on the way in: none for sent mail.
func (l letter) writeTrace(b *bytes.Buffer) {
	if l.folder == Sent || l.folder == Drafts {
		return
	}
	domain := string(l.from.Address.Domain())
	tag := strings.ToUpper(strings.Trim(l.id, "<>"))
	tag = tag[:min(10, len(tag))]
	at := l.date.Add(3 * time.Second).Format(time.RFC1123Z)
	field(b, "Return-Path", "<"+string(l.from.Address)+">")
	field(b, "Received", "from mx1."+domain+" (mx1."+domain+" [192.0.2.17])\r\n\tby mail.brightwell.example (Postfix) with ESMTPS id "+tag+
		"\r\n\tfor <nora@brightwell.example>; "+at)
	if l.own {
		return
	}
	field(b, "Authentication-Results", "mail.brightwell.example; spf=pass smtp.mailfrom="+domain+";\r\n\tdkim=pass header.d="+domain)
	field(b, "Received", "from [198.51.100.23] (unknown [198.51.100.23])\r\n\tby mx1."+domain+" with ESMTPSA; "+l.date.Format(time.RFC1123Z))
}

func (l letter) writeHead(b *bytes.Buffer) {
	field(b, "Message-ID", l.id)
	field(b, "Date", l.date.Format(time.RFC1123Z))
	field(b, "From", l.style.address(l.from))
	if l.replyTo.Address != "" {
		field(b, "Reply-To", l.style.address(l.replyTo))
	}
	if len(l.to) > 0 {
		field(b, "To", l.style.addresses(l.to))
	}
	if len(l.cc) > 0 {
		field(b, "Cc", l.style.addresses(l.cc))
	}
	field(b, "Subject", l.style.word(l.subject))
	if n := len(l.refs); n > 0 {
		field(b, "In-Reply-To", l.refs[n-1])
		field(b, "References", strings.Join(l.refs, "\r\n "))
	}
	for _, h := range l.extra {
		field(b, h.name, h.value)
	}
	if l.style.mailer != "" {
		field(b, "X-Mailer", l.style.mailer)
	}
	field(b, "MIME-Version", "1.0")
}

func field(b *bytes.Buffer, name, value string) {
	b.WriteString(name)
	b.WriteString(": ")
	b.WriteString(value)
	b.WriteString("\r\n")
}

// address writes one mailbox, as "Name <address>".
func (s style) address(p Person) string {
	if p.Name == "" {
		return string(p.Address)
	}
	name := p.Name
	if given, family, ok := strings.Cut(name, " "); ok && s.lastFirst {
		name = family + ", " + given
	}
	switch {
	case !isASCII(name):
		if strings.Contains(name, ",") { // Q encoding would leave it bare (RFC 2047 §5)
			s.transfer = "base64"
		}
		name = s.word(name)
		if s.rawHeader {
			name = `"` + name + `"`
		}
	case strings.ContainsAny(name, `,.@()<>:;`):
		name = `"` + name + `"`
	}
	return name + " <" + string(p.Address) + ">"
}

func (s style) addresses(l []Person) string {
	out := make([]string, len(l))
	for i, p := range l {
		out[i] = s.address(p)
	}
	return strings.Join(out, ",\r\n ")
}

// entity is a node of the part tree: a leaf with a body, or a multipart.
type entity struct {
	head     []header
	body     []byte
	boundary string
	children []entity
}

// body builds the part tree: text, alternative of text and HTML, and a mixed or
// report multipart around them if there are more parts.
func (l letter) body() entity {
	main := l.textEntity("plain", l.text)
	if html := l.htmlText(); html != "" {
		alt := l.multipart("alternative", "a")
		alt.children = []entity{main, l.textEntity("html", html)}
		for _, p := range l.parts {
			if p.inAlt {
				alt.children = append(alt.children, p.entity())
			}
		}
		main = alt
	}
	kind := l.kind
	if kind == "" {
		kind = "mixed"
	}
	outer := l.multipart(kind, "m")
	outer.children = []entity{main}
	for _, p := range l.parts {
		if !p.inAlt {
			outer.children = append(outer.children, p.entity())
		}
	}
	if len(outer.children) == 1 {
		return main
	}
	return outer
}

func (l letter) htmlText() string {
	switch {
	case l.html != "":
		return l.html
	case l.style.plain || l.kind != "":
		return ""
	}
	return htmlOf(l.text)
}

func (l letter) multipart(kind, mark string) entity {
	local, _, _ := strings.Cut(strings.Trim(l.id, "<>"), "@")
	boundary := fmt.Sprintf("=_%s_%s", mark, strings.Map(boundaryRune, local))
	return entity{
		boundary: boundary,
		head:     []header{{"Content-Type", "multipart/" + kind + ";\r\n boundary=\"" + boundary + `"`}},
	}
}

// boundaryRune keeps what RFC 2046 §5.1.1 allows without doubt.
func boundaryRune(r rune) rune {
	if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
		return r
	}
	return '-'
}

func (l letter) textEntity(sub, text string) entity {
	body, charset, transfer := l.style.encodeBody(strings.TrimRight(text, "\n") + "\n")
	return entity{body: body, head: []header{
		{"Content-Type", "text/" + sub + "; charset=" + charset},
		{"Content-Transfer-Encoding", transfer},
	}}
}

func (p part) entity() entity {
	e := entity{head: []header{{"Content-Type", p.contentType}}}
	if p.disposition != "" {
		e.head = append(e.head, header{"Content-Disposition", p.disposition})
	}
	if p.text {
		e.body = p.raw
		return e
	}
	e.head = append(e.head, header{"Content-Transfer-Encoding", "base64"})
	e.body = wrapBase64(p.raw)
	return e
}

func (e entity) write(b *bytes.Buffer) {
	for _, h := range e.head {
		field(b, h.name, h.value)
	}
	b.WriteString("\r\n")
	if e.boundary == "" {
		b.Write(e.body)
		return
	}
	for _, c := range e.children {
		b.WriteString("--" + e.boundary + "\r\n")
		c.write(b)
		b.WriteString("\r\n")
	}
	b.WriteString("--" + e.boundary + "--\r\n")
}
