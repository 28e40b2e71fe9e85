package crm

import (
	"encoding/base64"
	"strings"
)

const scrubbed = "[redacted]"

// Scrub is what another system said, without the secrets that it was told: a
// server may repeat them in its refusal, as they are or in the base64 of a SASL
// exchange, and what it says is logged. A secret may be a whole SASL response
// (RFC 4616, XOAUTH2).
func Scrub(text string, secrets ...string) string {
	var hide []string
	for _, s := range secrets {
		for _, part := range strings.FieldsFunc(s, func(r rune) bool { return r < ' ' }) {
			part = strings.TrimPrefix(part, "auth=Bearer ")
			if !strings.HasPrefix(part, "user=") {
				hide = append(hide, part)
			}
		}
	}
	for _, s := range hide {
		text = strings.ReplaceAll(text, s, scrubbed)
	}
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return !base64Letter(r) }) {
		for _, s := range hide {
			if strings.Contains(unbase64(word), s) {
				text = strings.ReplaceAll(text, word, scrubbed)
			}
		}
	}
	return text
}

func base64Letter(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("+/-_", r)
}

// unbase64 is what a word means in base64, "" for nothing.
func unbase64(word string) string {
	plain := strings.NewReplacer("-", "+", "_", "/").Replace(word)
	raw, err := base64.RawStdEncoding.DecodeString(plain)
	if err != nil {
		return ""
	}
	return string(raw)
}
