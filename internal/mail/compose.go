package mail

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"mime"
	"strings"
	"time"

	"threadline/internal/crm"
)

// Party is one address with its name.
type Party struct {
	Name    string
	Address crm.Address
}

// Letter is a mail to be written.
type Letter struct {
	ID         crm.RFCID // Message-ID without brackets: short and ASCII, or mail systems replace it
	Date       time.Time
	From       Party
	ReplyTo    []Party
	To, Cc     []Party
	Subject    string
	Text, HTML string // at least one of them
	Page       []byte // in place of HTML, of a letter that has one
	InReplyTo  crm.RFCID
	References []crm.RFCID
	Headers    []crm.Header // more fields, such as List-Unsubscribe
}

// Compose writes a letter as bytes with CRLF line ends (RFC 5322, RFC 2045). The
// same letter gives the same bytes.
func Compose(l *Letter) ([]byte, error) {
	const head = 2000 // about what the header takes, and a tenth for what is quoted
	return Append(make([]byte, 0, head+(len(l.Text)+len(l.HTML))*11/10), l)
}

// Append is Compose into room that there is already.
func Append(out []byte, l *Letter) ([]byte, error) {
	f := make(fields, 0, 12)
	if !l.Date.IsZero() {
		f.set("Date", l.Date.Format(dateForm))
	}
	f.parties("From", l.From)
	f.parties("Reply-To", l.ReplyTo...)
	f.parties("To", l.To...)
	f.parties("Cc", l.Cc...)
	f.set("Subject", mime.QEncoding.Encode("utf-8", oneLine(l.Subject, crm.MaxSubject)))
	f.set("Message-Id", "<"+string(l.ID)+">")
	if l.InReplyTo != "" {
		f.set("In-Reply-To", "<"+string(l.InReplyTo)+">")
	}
	if len(l.References) > 0 {
		f.set("References", bracketed(l.References))
	}
	for _, h := range l.Headers {
		f.set(h.Name, oneLine(h.Value, maxFieldBytes))
	}
	f.set("Mime-Version", "1.0")
	out, err := appendBody(out, f, l)
	if err != nil {
		return nil, crm.E(crm.Internal, "mail.Compose", "the mail cannot be written", err)
	}
	return out, nil
}

// Redate gives what Compose wrote another date.
func Redate(raw []byte, at time.Time) []byte {
	head, body, _ := bytes.Cut(raw, []byte("\r\n\r\n"))
	lines := bytes.Split(head, []byte("\r\n"))
	for i, line := range lines {
		if bytes.HasPrefix(line, []byte("Date: ")) {
			lines[i] = []byte("Date: " + at.Format(dateForm))
		}
	}
	return bytes.Join([][]byte{bytes.Join(lines, []byte("\r\n")), body}, []byte("\r\n\r\n"))
}

// Repage gives what Compose wrote another page; fields and text stay. The page is
// made of the one that it has, or of its text.
func Repage(raw []byte, id crm.RFCID, page func(html string) string) ([]byte, error) {
	head, _, _ := bytes.Cut(raw, []byte("\r\n\r\n"))
	kept, _ := splitHeader(head)
	p := Parse(raw)
	l := Letter{ID: id, Text: p.Text, HTML: p.HTML}
	if l.HTML == "" {
		l.HTML = Page(l.Text)
	}
	l.HTML = page(l.HTML)
	out, err := appendBody(kept, nil, &l)
	if err != nil {
		return nil, crm.E(crm.Internal, "mail.Repage", "the mail cannot be written", err)
	}
	return out, nil
}

const dateForm = "Mon, 02 Jan 2006 15:04:05 -0700" // RFC 5322 §3.3

func bracketed(ids []crm.RFCID) string {
	out := make([]string, len(ids))
	for i, id := range ids {
		out[i] = "<" + string(id) + ">"
	}
	return strings.Join(out, " ")
}

// appendBody adds header and body: one part, or two that say the same. The same
// letter has the same boundary, which no quoted text can hold (RFC 2045 §6.7).
func appendBody(out []byte, f fields, l *Letter) ([]byte, error) {
	if l.Text == "" || l.HTML == "" {
		kind, body := "text/plain", l.Text
		if l.Text == "" {
			kind, body = "text/html", cmp.Or(string(l.Page), l.HTML)
		}
		f.set("Content-Type", kind+"; charset=utf-8")
		f.set("Content-Transfer-Encoding", "quoted-printable")
		out, err := f.append(out)
		return appendQuoted(out, body), err
	}
	sum := sha256.Sum256([]byte(l.ID))
	boundary := "=_" + hex.EncodeToString(sum[:16])
	f.set("Content-Type", `multipart/alternative; boundary="`+boundary+`"`)
	out, err := f.append(out)
	out = append(appendQuoted(appendPart(out, boundary, "text/plain"), l.Text), "\r\n"...)
	out = appendPart(out, boundary, "text/html")
	if l.Page != nil {
		out = appendQuoted(out, l.Page)
	} else {
		out = appendQuoted(out, l.HTML)
	}
	return append(out, "\r\n--"+boundary+"--\r\n"...), err
}

func appendPart(out []byte, boundary, kind string) []byte {
	return append(out, "--"+boundary+"\r\nContent-Type: "+kind+"; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"...)
}

// Forwarding sets what makes a letter pass a message on: it begins a conversation
// of its own and refers to the one that it comes from (RFC 5322 §3.6.4 knows no
// forwards: without In-Reply-To nobody takes it for an answer).
func (l *Letter) Forwarding(m *crm.Message) {
	if m.RFCID != "" {
		l.References = referring(m)
	}
	if l.Subject == "" {
		l.Subject = "Fwd: " + m.Subject
	}
}

// referring are the references of a mail that refers to a message; the first says
// which conversation it is.
func referring(m *crm.Message) []crm.RFCID {
	refs := m.References
	if len(refs) > crm.MaxReferences/2 {
		refs = append([]crm.RFCID{refs[0]}, refs[len(refs)-crm.MaxReferences/2:]...)
	}
	return append(append([]crm.RFCID{}, refs...), m.RFCID)
}

// Answering sets what makes a letter the reply to a message: references and
// subject (RFC 5322 §3.6.4).
func (l *Letter) Answering(m *crm.Message) {
	l.InReplyTo = m.RFCID
	l.References = referring(m)
	if l.Subject == "" {
		l.Subject = m.Subject
		if !strings.HasPrefix(strings.ToLower(m.Subject), "re:") {
			l.Subject = "Re: " + m.Subject
		}
	}
}
