package mail

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"

	"github.com/emersion/go-message"
	gomail "github.com/emersion/go-message/mail"
	"github.com/emersion/go-message/textproto"

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
	InReplyTo  crm.RFCID
	References []crm.RFCID
	Headers    []crm.Header // more fields, such as List-Unsubscribe
}

// Compose writes a letter as bytes with CRLF line ends (RFC 5322, RFC 2045). The
// same letter gives the same bytes.
func Compose(l *Letter) ([]byte, error) {
	var h gomail.Header
	h.SetDate(l.Date)
	h.SetAddressList("From", partyList(l.From))
	setAddresses(&h, "Reply-To", l.ReplyTo)
	setAddresses(&h, "To", l.To)
	setAddresses(&h, "Cc", l.Cc)
	h.SetSubject(oneLine(l.Subject, crm.MaxSubject))
	h.Set("Message-Id", "<"+string(l.ID)+">")
	if l.InReplyTo != "" {
		h.Set("In-Reply-To", "<"+string(l.InReplyTo)+">")
	}
	if len(l.References) > 0 {
		h.Set("References", bracketed(l.References))
	}
	for _, f := range l.Headers {
		h.Set(f.Name, oneLine(f.Value, maxFieldBytes))
	}
	h.Set("Mime-Version", "1.0")
	const head = 2000 // about what the header takes, and a tenth for what is quoted
	out, err := appendBody(make([]byte, 0, head+(len(l.Text)+len(l.HTML))*11/10), &h.Header, l)
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
	fields, _ := splitHeader(head)
	p := Parse(raw)
	l := Letter{ID: id, Text: p.Text, HTML: p.HTML}
	if l.HTML == "" {
		l.HTML = Page(l.Text)
	}
	l.HTML = page(l.HTML)
	var h message.Header
	out, err := appendBody(fields, &h, &l)
	if err != nil {
		return nil, crm.E(crm.Internal, "mail.Repage", "the mail cannot be written", err)
	}
	return out, nil
}

const dateForm = "Mon, 02 Jan 2006 15:04:05 -0700" // RFC 5322 §3.3, as SetDate writes it

func partyList(list ...Party) []*gomail.Address {
	out := make([]*gomail.Address, len(list))
	for i, p := range list {
		out[i] = &gomail.Address{Name: p.Name, Address: string(p.Address)}
	}
	return out
}

func setAddresses(h *gomail.Header, name string, list []Party) {
	if len(list) > 0 {
		h.SetAddressList(name, partyList(list...))
	}
}

func bracketed(ids []crm.RFCID) string {
	out := make([]string, len(ids))
	for i, id := range ids {
		out[i] = "<" + string(id) + ">"
	}
	return strings.Join(out, " ")
}

// appendBody adds header and body: one part, or two that say the same. The same
// letter has the same boundary, which no quoted text can hold (RFC 2045 §6.7).
func appendBody(out []byte, h *message.Header, l *Letter) ([]byte, error) {
	if l.Text == "" || l.HTML == "" {
		kind, body := "text/plain", l.Text
		if l.Text == "" {
			kind, body = "text/html", l.HTML
		}
		h.SetContentType(kind, map[string]string{"charset": "utf-8"})
		h.Set("Content-Transfer-Encoding", "quoted-printable")
		out, err := appendHeader(out, h)
		return appendQuoted(out, body), err
	}
	sum := sha256.Sum256([]byte(l.ID))
	boundary := "=_" + hex.EncodeToString(sum[:16])
	h.Set("Content-Type", `multipart/alternative; boundary="`+boundary+`"`)
	out, err := appendHeader(out, h)
	for _, p := range []struct{ kind, body string }{{"text/plain", l.Text}, {"text/html", l.HTML}} {
		out = append(out, "--"+boundary+"\r\nContent-Type: "+p.kind+"; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"...)
		out = append(appendQuoted(out, p.body), "\r\n"...)
	}
	return append(out, "--"+boundary+"--\r\n"...), err
}

func appendHeader(out []byte, h *message.Header) ([]byte, error) {
	w := bytes.NewBuffer(out)
	err := textproto.WriteHeader(w, h.Header)
	return w.Bytes(), err
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
