package crm

import (
	"strings"
	"unicode/utf8"
)

// Signature is what a person puts under their mail.
type Signature struct {
	User UserID `cbor:"user" json:"user"`
	Text string `cbor:"text" json:"text"`
	HTML string `cbor:"html,omitempty" json:"html,omitempty"` // of one that is formatted; Text says the same
}

// MaxSignature is how many characters a signature has at most.
const MaxSignature = 2000

// SignatureSetting is the setting that holds a person's signature.
func SignatureSetting(s Signature) Setting {
	return Setting{ID: "signature_" + string(s.User), Signature: &s}
}

// ParseSignature reads what somebody wrote as their signature: lines end alike,
// and nothing empty stands around them. The line of two dashes that sets one off
// is no part of it (RFC 3676 §4.3).
func ParseSignature(text string) (string, error) {
	lines := strings.Split(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text), "\n")
	for i, l := range lines {
		lines[i] = strings.TrimRight(l, " \t")
	}
	text = strings.Trim(strings.Join(lines, "\n"), "\n")
	text = strings.TrimLeft(strings.TrimPrefix(text+"\n", "--\n"), "\n")
	text = strings.TrimRight(text, "\n")
	if n := utf8.RuneCountInString(text); n > MaxSignature {
		return "", Errorf(TooLarge, "crm.ParseSignature", "a signature has %d characters at most, not %d", MaxSignature, n).WithField("text")
	}
	return text, nil
}
