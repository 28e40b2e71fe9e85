package mail

import (
	"bytes"
	"strings"
	"unicode/utf8"

	htmlcharset "golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/ianaindex"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"threadline/internal/crm"
)

// toUTF8 gives b as valid UTF-8: by its label, else as UTF-8, else as
// windows-1252. Bytes that are UTF-8 already stay so whatever the label says: a
// mail system that hands over converted text keeps the old label. guessed tells
// that the label was missing, unknown or wrong.
func toUTF8(b []byte, label string) (text []byte, guessed bool) {
	label = normalLabel(label)
	if isASCII(b) && !stateful(label) && !(wide(label) && bytes.IndexByte(b, 0) >= 0) {
		return b, false
	}
	if utf8.Valid(b) && believable(b, label) {
		return b, label != "utf-8"
	}
	switch label {
	case "utf-8", "", "us-ascii":
		return repair(b), true
	case "utf-7":
		out, ok := decodeUTF7(b)
		return out, !ok
	}
	enc := encodingOf(label)
	if enc == nil {
		return repair(b), true
	}
	out, err := enc.NewDecoder().Bytes(b)
	if err != nil {
		return repair(b), true
	}
	out = bytes.ToValidUTF8(out, []byte("\ufffd"))
	return out, bytes.Contains(out, []byte("\ufffd"))
}

// charset is the label of a part's text. HTML without one may tell it itself.
func (p *Part) charset(raw []byte) string {
	label := p.Params["charset"]
	if label != "" || p.Type != "text/html" || utf8.Valid(raw) {
		return label
	}
	if _, name, _ := htmlcharset.DetermineEncoding(raw, "text/html"); name != "windows-1252" && name != "utf-8" { // what it takes in doubt
		return name
	}
	return ""
}

func normalLabel(label string) string {
	label, _, _ = strings.Cut(label, "*") // RFC 2231 §5: charset*language
	label = strings.ToLower(strings.Trim(label, " \t\"'"))
	switch label {
	case "utf8", "unicode-1-1-utf-8", "utf_8", "cp65001":
		return "utf-8"
	case "ascii", "ansi_x3.4-1968", "iso-ir-6", "646", "x-unknown", "unknown-8bit", "x-user-defined":
		return "us-ascii"
	case "unicode-1-1-utf-7", "x-unicode-2-0-utf-7", "utf7":
		return "utf-7"
	}
	return label
}

// stateful charsets write other scripts with ASCII bytes.
func stateful(label string) bool {
	return label == "utf-7" || label == "hz-gb-2312" || strings.HasPrefix(label, "iso-2022-")
}

// wide charsets have units of more than one byte.
func wide(label string) bool {
	return strings.HasPrefix(label, "utf-16") || strings.HasPrefix(label, "utf-32") || label == "unicode"
}

// believable tells whether valid UTF-8 is what b was meant to be. Two-byte
// sequences occur by chance in double-byte charsets, longer ones hardly.
func believable(b []byte, label string) bool {
	switch {
	case wide(label):
		return bytes.IndexByte(b, 0) < 0
	case stateful(label):
		return !isASCII(b)
	case doubleByte(label):
		return bytes.ContainsFunc(b, func(r rune) bool { return r >= 0x800 && r != utf8.RuneError })
	}
	return true
}

func doubleByte(label string) bool {
	for _, p := range [...]string{"gb", "big5", "euc", "shift", "sjis", "ks", "cp93", "windows-31j", "x-gbk", "x-sjis"} {
		if strings.HasPrefix(label, p) {
			return true
		}
	}
	return false
}

func encodingOf(label string) encoding.Encoding {
	if label == "hz-gb-2312" {
		return simplifiedchinese.HZGB2312
	}
	if enc, err := htmlindex.Get(label); err == nil {
		if name, _ := htmlindex.Name(enc); name != "replacement" {
			if name == "utf-16le" || name == "utf-16be" {
				endian := unicode.LittleEndian
				if label == "utf-16be" || label == "utf-16" { // RFC 2781 §4.3
					endian = unicode.BigEndian
				}
				return unicode.UTF16(endian, unicode.UseBOM)
			}
			return enc
		}
	}
	if cp, ok := strings.CutPrefix(label, "cp"); ok && len(cp) == 4 && cp[:2] == "12" {
		label = "windows-" + cp
	}
	enc, err := ianaindex.MIME.Encoding(label)
	if err != nil || enc == nil {
		return nil
	}
	return enc
}

// repair mends line by line: who quotes may mix two charsets in one text. A line
// that is UTF-8 stays.
func repair(b []byte) []byte {
	out := make([]byte, 0, len(b)+len(b)/8)
	for line := range bytes.SplitAfterSeq(b, []byte{'\n'}) {
		out = append(out, repairLine(line)...)
	}
	return out
}

// repairLine reads b as UTF-8 with faults when most of it is that, else as
// windows-1252, of which every byte means something.
func repairLine(b []byte) []byte {
	good, bad := 0, 0
	for rest := b; len(rest) > 0; {
		r, n := utf8.DecodeRune(rest)
		switch {
		case r == utf8.RuneError && n == 1:
			bad++
		case n > 1:
			good++
		}
		rest = rest[n:]
	}
	if bad == 0 {
		return b
	}
	if good > bad {
		return bytes.ToValidUTF8(b, []byte("\ufffd"))
	}
	out := make([]byte, 0, len(b)+2*bad+4*good)
	for _, c := range b {
		if c < utf8.RuneSelf {
			out = append(out, c)
			continue
		}
		out = utf8.AppendRune(out, charmap.Windows1252.DecodeByte(c))
	}
	return out
}

func isASCII(b []byte) bool {
	for len(b) >= 8 {
		if (b[0]|b[1]|b[2]|b[3]|b[4]|b[5]|b[6]|b[7])&0x80 != 0 {
			return false
		}
		b = b[8:]
	}
	for _, c := range b {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// utf8Field gives a header value as valid UTF-8 without NUL.
func utf8Field(s, label string, m *markSet) string {
	if !utf8.ValidString(s) {
		out, guessed := toUTF8([]byte(s), label)
		m.when(guessed, crm.MarkCharset)
		s = string(out)
	}
	if strings.IndexByte(s, 0) >= 0 {
		m.add(crm.MarkControlBytes)
		s = strings.ReplaceAll(s, "\x00", "\ufffd")
	}
	return s
}
