package imap

import (
	"encoding/base64"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// shifted is the alphabet of the parts of a folder's name that are no ASCII
// (RFC 3501 §5.1.3).
var shifted = base64.NewEncoding("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,").WithPadding(base64.NoPadding)

// mendName makes a folder's name one that the library can read. Servers that keep
// names as their users' programs wrote them send an ampersand that begins
// nothing, or bytes of an old character set; one such name would end the
// connection, and with it the mail of all folders.
func mendName(raw string) string {
	if wellNamed(raw) {
		return raw
	}
	var out strings.Builder
	for rest := raw; rest != ""; {
		n := 0
		for n < len(rest) && !printable(rest[n]) {
			n++
		}
		if n > 0 {
			out.WriteString("&" + shifted.EncodeToString(utf16s(rest[:n])) + "-")
			rest = rest[n:]
			continue
		}
		out.WriteByte(rest[0])
		if rest[0] == '&' {
			out.WriteByte('-')
		}
		rest = rest[1:]
	}
	return out.String()
}

// mendable tells whether a folder's name may be one that was mended.
func mendable(name string) bool {
	return strings.IndexFunc(name, func(r rune) bool { return r == '&' || r > 0x7e || r < 0x20 }) >= 0
}

// utf16s is text in big-endian UTF-16; bytes that are no UTF-8 count as Latin-1.
func utf16s(s string) []byte {
	var units []uint16
	if utf8.ValidString(s) {
		units = utf16.Encode([]rune(s))
	} else {
		for i := range len(s) {
			units = append(units, uint16(s[i]))
		}
	}
	out := make([]byte, 0, 2*len(units))
	for _, u := range units {
		out = append(out, byte(u>>8), byte(u))
	}
	return out
}

func printable(c byte) bool { return c >= 0x20 && c < 0x7f }

// wellNamed tells whether a name is modified UTF-7, or UTF-8 where that is no
// ASCII (RFC 9051 §5.1).
func wellNamed(s string) bool {
	if !utf8.ValidString(s) {
		return false
	}
	shift := false // right after a shifted part, which another may not follow
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c < 0x20 || c == 0x7f:
			return false
		case c != '&':
			shift = false
			continue
		}
		part, _, ended := strings.Cut(s[i+1:], "-")
		if !ended || part != "" && (shift || !wellShifted(part)) {
			return false
		}
		shift = part != ""
		i += len(part) + 1
	}
	return true
}

// wellShifted tells whether a shifted part holds whole characters, none of which
// could have been written plainly.
func wellShifted(part string) bool {
	b, err := shifted.DecodeString(part)
	if err != nil || len(b)%2 != 0 {
		return false
	}
	for i := 0; i < len(b); i += 2 {
		r := rune(b[i])<<8 | rune(b[i+1])
		if utf16.IsSurrogate(r) {
			if i += 2; i >= len(b) || utf16.DecodeRune(r, rune(b[i])<<8|rune(b[i+1])) == utf8.RuneError {
				return false
			}
		} else if r < 0x7f && printable(byte(r)) {
			return false
		}
	}
	return true
}
