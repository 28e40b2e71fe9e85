package mail

import (
	"fmt"
	"net/mail"
	"net/textproto"
	"strings"

	"threadline/internal/crm"
)

// fields are those of a header that is being written, the last one first.
type fields []crm.Header

// set gives a field a value in place of the one that it has.
func (f *fields) set(name, value string) {
	name = textproto.CanonicalMIMEHeaderKey(name)
	for i := range *f {
		if (*f)[i].Name == name {
			*f = append((*f)[:i], (*f)[i+1:]...)
			break
		}
	}
	*f = append(*f, crm.Header{Name: name, Value: value})
}

// parties sets a field of addresses, unless there are none.
func (f *fields) parties(name string, list ...Party) {
	if len(list) == 0 {
		return
	}
	out := make([]string, len(list))
	for i, p := range list {
		one := mail.Address{Name: p.Name, Address: string(p.Address)}
		out[i] = one.String()
	}
	f.set(name, strings.Join(out, ", "))
}

// append writes the header and the empty line after it. A field that would begin
// another one is refused.
func (f fields) append(out []byte) ([]byte, error) {
	for i := len(f) - 1; i >= 0; i-- {
		h := f[i]
		if !named(h.Name) || strings.ContainsAny(h.Value, "\r\n") {
			return nil, fmt.Errorf("the field %q cannot be written", crm.Clip(h.Name, 60))
		}
		out = appendField(out, h.Name, h.Value)
	}
	return append(out, "\r\n"...), nil
}

// named tells whether a field may be called so (RFC 5322 §2.2).
func named(name string) bool {
	for i := range len(name) {
		if c := name[i]; c <= ' ' || c == ':' || c > '~' {
			return false
		}
	}
	return name != ""
}

const (
	fieldLine = 76  // that lines of a header are kept to where they have blanks
	fieldMost = 998 // RFC 5322 §2.1.1
)

// appendField writes a field, folded at blanks (RFC 5322 §2.2.3): what has none
// stays in one line while that may be so long.
func appendField(out []byte, name, value string) []byte {
	out = append(append(out, name...), ": "...)
	used := len(name) + 2
	for used+len(value) > fieldLine {
		at, blank := foldAt(value, fieldLine-used), ""
		switch {
		case at > 0 && at+used <= fieldMost:
		case used+len(value) <= fieldMost:
			return append(append(out, value...), "\r\n"...)
		default: // a word that is longer than any line
			at, blank = fieldMost-used-1, " "
		}
		out = append(append(append(out, value[:at]...), "\r\n"...), blank...)
		value, used = value[at:], len(blank)
	}
	return append(append(out, value...), "\r\n"...)
}

// foldAt is the last blank of a value that a line may end before, else the first
// one at all; 0: there is none but the one that it begins with.
func foldAt(value string, most int) int {
	if at := strings.LastIndexAny(value[:max(0, min(len(value), most+1))], " \t"); at > 0 {
		return at
	}
	return strings.IndexAny(value[min(1, len(value)):], " \t") + 1
}
