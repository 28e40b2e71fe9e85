package mail

import (
	"crypto/sha256"
	"strings"

	"threadline/internal/crm"
)

// Parse reads a whole message. It never fails: what cannot be understood is
// marked. raw may be anything.
func Parse(raw []byte) *Parsed {
	h, body := readHeader(raw)
	p := FromTree(h.fields, &Part{Type: "text/plain", Body: raw[body:]})
	return p
}

// ParseHeader reads the header of a message whose body was not fetched; why is
// crm.MarkHeadersOnly or crm.MarkTooLarge. The result is a stub.
func ParseHeader(raw []byte, why crm.Mark) *Parsed {
	h, _ := readHeader(raw)
	p := FromTree(h.fields, &Part{Type: "text/plain"})
	p.Stub, p.TextHash, p.Marks = true, [32]byte{}, append(p.Marks, why)
	return p
}

// FromTree makes the message of a header and a part tree, as a mail system
// hands them over that has taken the bytes apart already.
func FromTree(headers []crm.Header, root *Part) *Parsed {
	p := &Parsed{Headers: headers, Root: root, Class: crm.ClassPerson}
	for _, f := range headers {
		switch keyOf(f.Name) {
		case keySubject:
			p.Subject = f.Value
		case keyMessageID:
			p.RFCID = crm.RFCID(strings.Trim(f.Value, "<> "))
		case keyDate:
			p.RawDate = f.Value
		}
	}
	p.Text = strings.ToValidUTF8(string(root.Body), "\ufffd")
	p.TextHash = sha256.Sum256([]byte(p.Text))
	return p
}

func trimSpace(s string) string { return strings.Trim(s, " \t\r\n") }
