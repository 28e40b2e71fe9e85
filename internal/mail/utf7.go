package mail

import (
	"encoding/base64"
	"unicode/utf16"
	"unicode/utf8"
)

// decodeUTF7 reads RFC 2152. ok is false when something in it was not that.
func decodeUTF7(b []byte) (out []byte, ok bool) {
	out, ok = make([]byte, 0, len(b)), true
	for i := 0; i < len(b); {
		c := b[i]
		i++
		if c != '+' {
			if c >= utf8.RuneSelf {
				ok = false
				out = utf8.AppendRune(out, utf8.RuneError)
				continue
			}
			out = append(out, c)
			continue
		}
		start := i
		for i < len(b) && isBase64(b[i]) {
			i++
		}
		shifted := b[start:i]
		if i < len(b) && b[i] == '-' {
			i++
			if len(shifted) == 0 {
				out = append(out, '+')
				continue
			}
		}
		text, good := utf7Shifted(shifted)
		out, ok = append(out, text...), ok && good
	}
	return out, ok
}

func utf7Shifted(b []byte) ([]byte, bool) {
	raw := make([]byte, base64.RawStdEncoding.DecodedLen(len(b)))
	n, err := base64.RawStdEncoding.Decode(raw, b)
	if err != nil || n < 2 {
		return append([]byte{'+'}, b...), false
	}
	units := make([]uint16, n/2)
	for i := range units {
		units[i] = uint16(raw[2*i])<<8 | uint16(raw[2*i+1])
	}
	return []byte(string(utf16.Decode(units))), true
}

func isBase64(c byte) bool {
	return c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '+' || c == '/'
}
