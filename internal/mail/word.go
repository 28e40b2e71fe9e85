package mail

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"threadline/internal/crm"
)

// decodeWords reads the encoded words of a header value (RFC 2047), wherever
// they stand. Neighbours of one charset are joined before they are decoded,
// because senders cut within a character. What is no word stays as it is.
func decodeWords(s string, m *markSet) string {
	if !strings.Contains(s, "=?") {
		return s
	}
	d := wordDecoder{out: make([]byte, 0, len(s)), marks: m}
	for {
		i := strings.Index(s, "=?")
		if i < 0 {
			break
		}
		w, ok := cutWord(s[i:])
		if !ok {
			d.literal(s[:i+2])
			s = s[i+2:]
			continue
		}
		d.literal(s[:i])
		d.word(w)
		s = s[i+w.size:]
	}
	d.literal(s)
	d.flush()
	return string(d.out)
}

type word struct {
	charset, text string
	base64        bool
	size          int // bytes of the whole word
}

// maxWord bounds the search for the end of one word; the standard says 75.
const maxWord = 2 << 10

// cutWord reads the encoded word at the beginning of s.
func cutWord(s string) (word, bool) {
	s = s[:min(len(s), maxWord)]
	q := strings.IndexByte(s[2:min(len(s), 80)], '?')
	if q <= 0 || len(s) < q+5 || s[q+4] != '?' {
		return word{}, false
	}
	w := word{charset: s[2 : 2+q]}
	if strings.ContainsAny(w.charset, " \t=") {
		return word{}, false
	}
	switch s[q+3] {
	case 'B', 'b':
		w.base64 = true
	case 'Q', 'q':
	default:
		return word{}, false
	}
	start := q + 5
	end := wordEnd(s[start:], w.base64)
	if end < 0 {
		return word{}, false
	}
	w.text, w.size = s[start:start+end], start+end+2
	return w, true
}

// wordEnd finds the ?= that ends a word. In Q an unencoded question mark may
// stand before an encoded byte: "why?=3F?=".
func wordEnd(s string, base64 bool) int {
	end := strings.Index(s, "?=")
	if base64 || end < 0 {
		return end
	}
	for end+4 <= len(s) && unhex(s[end+2]) < 16 && unhex(s[end+3]) < 16 {
		more := strings.Index(s[end+2:], "?=")
		if more < 0 || strings.ContainsAny(s[end+2:end+2+more], " \t") {
			break
		}
		end += 2 + more
	}
	return end
}

type wordDecoder struct {
	out     []byte
	marks   *markSet
	charset string // of pending
	pending []byte // decoded bytes whose charset is not yet undone
	after   bool   // the last thing was a word
}

// literal takes text between words; blanks between two words mean nothing.
func (d *wordDecoder) literal(s string) {
	if s == "" {
		return
	}
	if d.after && strings.Trim(s, " \t\r\n") == "" {
		d.charset += "\x00" + s // remember the blanks until it is known what follows
		return
	}
	d.flush()
	d.out = append(d.out, s...)
}

func (d *wordDecoder) word(w word) {
	charset, _, _ := strings.Cut(d.charset, "\x00")
	if d.after && !strings.EqualFold(charset, w.charset) {
		d.charset = charset
		d.flush()
	}
	d.charset, d.after = w.charset, true
	if w.base64 {
		b, broken := decodeBase64([]byte(w.text), false)
		d.marks.when(broken && len(strings.TrimRight(w.text, "="))%4 == 1, crm.MarkEncoding)
		d.pending = append(d.pending, b...)
		return
	}
	d.pending = appendQ(d.pending, w.text)
}

func (d *wordDecoder) flush() {
	if !d.after {
		return
	}
	charset, blanks, _ := strings.Cut(d.charset, "\x00")
	text, guessed := toUTF8(d.pending, charset)
	d.marks.when(guessed, crm.MarkCharset)
	text = bytes.ReplaceAll(text, []byte{0}, []byte("\ufffd"))
	d.out = append(append(d.out, text...), blanks...)
	d.pending, d.after, d.charset = d.pending[:0], false, ""
}

// appendQ decodes the Q encoding (RFC 2047 §4.2).
func appendQ(out []byte, s string) []byte {
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '_':
			out = append(out, ' ')
		case c == '=' && i+2 < len(s) && unhex(s[i+1]) < 16 && unhex(s[i+2]) < 16:
			out = append(out, unhex(s[i+1])<<4|unhex(s[i+2]))
			i += 2
		default:
			out = append(out, c)
		}
	}
	return out
}

// oneLine decodes a header value for people: one line, spaces folded, no
// control or invisible direction characters, at most limit runes.
func oneLine(s string, limit int) string {
	if isClean(s) && len(s) <= limit {
		return s
	}
	var b strings.Builder
	b.Grow(min(len(s), 4*limit))
	space, n := false, 0
	for _, r := range s {
		if r <= ' ' || r == 0x7f || r == 0xa0 || r == '\u2028' || r == '\u2029' || r >= 0x80 && r < 0xa0 {
			space = true
			continue
		}
		if invisible(r) {
			continue
		}
		gap := space && n > 0
		if n >= limit || gap && n+1 >= limit {
			break
		}
		if gap {
			b.WriteByte(' ')
			n++
		}
		space = false
		b.WriteRune(r)
		n++
	}
	return b.String()
}

// isClean tells whether s is ASCII that oneLine would not change.
func isClean(s string) bool {
	blank := true
	for i := range len(s) {
		c := s[i]
		if c < ' ' || c >= 0x7f || c == ' ' && blank {
			return false
		}
		blank = c == ' '
	}
	return !blank || s == ""
}

// invisible characters change how a text looks without being seen: direction
// overrides, zero-width characters, tags.
func invisible(r rune) bool {
	switch {
	case r >= 0x200b && r <= 0x200f, r >= 0x202a && r <= 0x202e, r >= 0x2060 && r <= 0x206f,
		r >= 0xe0000 && r <= 0xe007f, r == 0xfeff, r == 0xad, r == 0x61c, r == 0x180e, r == 0x34f, r == 0x115f,
		r == 0x1160, r == 0x3164, r == 0xffa0, r >= 0xfff9 && r <= 0xfffb:
		return true
	}
	return false
}

// cutBytes shortens s to at most n bytes without cutting a character.
func cutBytes(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}
