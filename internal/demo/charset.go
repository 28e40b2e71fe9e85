package demo

import (
	"bytes"
	"encoding/base64"
	"mime"
	"mime/quotedprintable"
	"strings"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
)

// style is how somebody's mail program writes.
type style struct {
	charset   string // utf-8, iso-8859-2, windows-1252
	transfer  string // quoted-printable, base64, 8bit
	rawHeader bool   // writes UTF-8 into headers as it is (RFC 6532)
	plain     bool   // sends no HTML
	outlook   bool   // quotes with a header block below the answer
	lastFirst bool   // shows names as "Family, Given"
	mailer    string
	reply     string // prefix of the subject of an answer
}

const utf8Name = "utf-8"

// encoder returns the encoder of a charset, nil for UTF-8.
func encoder(charset string) *encoding.Encoder {
	switch charset {
	case "iso-8859-2":
		return charmap.ISO8859_2.NewEncoder()
	case "windows-1252":
		return charmap.Windows1252.NewEncoder()
	}
	return nil
}

// inCharset writes s in the charset, or says that it cannot.
func inCharset(s, charset string) (string, bool) {
	enc := encoder(charset)
	if enc == nil {
		return s, true
	}
	out, err := enc.String(s)
	return out, err == nil
}

// word writes a header value: plain when it is ASCII, as encoded words (RFC
// 2047) otherwise, or as it is for programs that do that.
func (s style) word(v string) string {
	if isASCII(v) || s.rawHeader {
		return v
	}
	charset := s.charset
	out, ok := inCharset(v, charset)
	if !ok {
		out, charset = v, utf8Name
	}
	if s.transfer == "base64" {
		return mime.BEncoding.Encode(charset, out)
	}
	return mime.QEncoding.Encode(charset, out)
}

// encodeBody returns a text in the style's charset and transfer encoding with
// CRLF line ends, and the charset and encoding that it really used.
func (s style) encodeBody(text string) (body []byte, charset, transfer string) {
	charset, transfer = s.charset, s.transfer
	out, ok := inCharset(text, charset)
	if !ok {
		out, charset = text, utf8Name
	}
	out = strings.ReplaceAll(out, "\n", "\r\n")
	switch {
	case transfer == "base64":
		return wrapBase64([]byte(out)), charset, transfer
	case isASCII(out) && longestLine(out) < 900:
		return []byte(out), charset, "7bit"
	case transfer == "8bit" && longestLine(out) < 900:
		return []byte(out), charset, transfer
	}
	var b bytes.Buffer
	b.Grow(len(out) + len(out)/8)
	q := quotedprintable.NewWriter(&b)
	_, _ = q.Write([]byte(out)) // a bytes.Buffer does not fail
	_ = q.Close()
	return b.Bytes(), charset, "quoted-printable"
}

// wrapBase64 encodes with lines of 76 characters (RFC 2045 §6.8).
func wrapBase64(raw []byte) []byte {
	const width = 57 // bytes per line of 76
	out := make([]byte, 0, len(raw)*4/3+len(raw)/width*2+8)
	for len(raw) > 0 {
		n := min(width, len(raw))
		out = base64.StdEncoding.AppendEncode(out, raw[:n])
		out = append(out, '\r', '\n')
		raw = raw[n:]
	}
	return out
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

func longestLine(s string) int {
	longest := 0
	for line := range strings.Lines(s) {
		longest = max(longest, len(line))
	}
	return longest
}
