package mail

import (
	"bytes"
	"io"
	"strings"
	"time"

	"github.com/emersion/go-message"
	gomail "github.com/emersion/go-message/mail"

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
// same letter gives the same bytes, but for the boundary between its parts.
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
	var out bytes.Buffer
	if err := writeBody(&out, h, l); err != nil {
		return nil, crm.E(crm.Internal, "mail.Compose", "the mail cannot be written", err)
	}
	return out.Bytes(), nil
}

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

// writeBody writes one part, or two that say the same.
func writeBody(w io.Writer, h gomail.Header, l *Letter) error {
	if l.Text == "" || l.HTML == "" {
		kind, body := "text/plain", l.Text
		if l.Text == "" {
			kind, body = "text/html", l.HTML
		}
		return writeText(&h.Header, kind, body, func() (io.WriteCloser, error) { return message.CreateWriter(w, h.Header) })
	}
	h.SetContentType("multipart/alternative", nil)
	alt, err := message.CreateWriter(w, h.Header)
	if err != nil {
		return err
	}
	for _, p := range []struct{ kind, body string }{{"text/plain", l.Text}, {"text/html", l.HTML}} {
		var ph message.Header
		err := writeText(&ph, p.kind, p.body, func() (io.WriteCloser, error) { return alt.CreatePart(ph) })
		if err != nil {
			return err
		}
	}
	return alt.Close()
}

func writeText(h *message.Header, kind, body string, open func() (io.WriteCloser, error)) error {
	h.SetContentType(kind, map[string]string{"charset": "utf-8"})
	h.Set("Content-Transfer-Encoding", "quoted-printable")
	w, err := open()
	if err != nil {
		return err
	}
	body = strings.ReplaceAll(strings.ReplaceAll(body, "\r\n", "\n"), "\n", "\r\n")
	if _, err := io.WriteString(w, body); err != nil {
		return err
	}
	return w.Close()
}

// Answering sets what makes a letter the reply to a message: references and
// subject (RFC 5322 §3.6.4).
func (l *Letter) Answering(m *crm.Message) {
	l.InReplyTo = m.RFCID
	refs := m.References
	if len(refs) > crm.MaxReferences/2 { // the first says which conversation it is
		refs = append([]crm.RFCID{refs[0]}, refs[len(refs)-crm.MaxReferences/2:]...)
	}
	l.References = append(append([]crm.RFCID{}, refs...), m.RFCID)
	if l.Subject == "" {
		l.Subject = m.Subject
		if !strings.HasPrefix(strings.ToLower(m.Subject), "re:") {
			l.Subject = "Re: " + m.Subject
		}
	}
}
