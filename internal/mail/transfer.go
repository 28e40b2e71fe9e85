package mail

import (
	"bytes"
	"encoding/base64"
	"strings"
)

// transfer is a content transfer encoding (RFC 2045 §6).
type transfer string

const (
	transferNone    transfer = ""
	transferBase64  transfer = "base64"
	transferQuoted  transfer = "quoted-printable"
	transferUU      transfer = "x-uuencode"
	transferUnknown transfer = "unknown" // read as 8bit
)

func transferOf(value string) transfer {
	if value = strings.ToLower(value); strings.ContainsAny(value, "(;") {
		value = value[:strings.IndexAny(value, "(;")] // a comment, or parameters that it cannot have
	}
	value = strings.Trim(value, " \t\"'")
	switch value {
	case "", "7bit", "8bit", "binary", "7-bit", "8-bit":
		return transferNone
	case "base64", "quoted-printable":
		return transfer(value)
	case "x-uuencode", "uuencode", "x-uue", "uue":
		return transferUU
	}
	return transferUnknown
}

// decode undoes the encoding. broken tells that it was faulty; text keeps clear
// text that follows base64, as mailing lists append it. raw is never changed
// and may be returned itself.
func (t transfer) decode(raw []byte, text bool) (out []byte, broken bool) {
	switch t {
	case transferBase64:
		return decodeBase64(raw, text)
	case transferQuoted:
		return decodeQuoted(raw)
	case transferUU:
		return decodeUU(raw)
	}
	return raw, t == transferUnknown
}

// size estimates the decoded length without decoding; it is exact for sound
// input.
func (t transfer) size(raw []byte) int64 {
	switch t {
	case transferBase64:
		n := len(raw) - bytes.Count(raw, []byte{'\n'}) - bytes.Count(raw, []byte{'\r'})
		tail := bytes.TrimRight(raw, "\r\n")
		pad := len(tail) - len(bytes.TrimRight(tail, "="))
		return int64(max(n*3/4-min(pad, 2), 0))
	case transferQuoted:
		return int64(max(len(raw)-2*bytes.Count(raw, []byte{'='})-bytes.Count(raw, []byte("=\r\n")), 0))
	case transferUU:
		return sizeUU(raw)
	}
	return int64(len(raw))
}

func decodeQuoted(raw []byte) ([]byte, bool) {
	i := bytes.IndexByte(raw, '=')
	if i < 0 {
		return raw, false
	}
	out := make([]byte, 0, len(raw))
	broken := false
	for ; i >= 0; i = bytes.IndexByte(raw, '=') {
		out = append(out, raw[:i]...)
		raw = raw[i+1:]
		if len(raw) >= 2 {
			hi, lo := unhex(raw[0]), unhex(raw[1])
			if hi < 16 && lo < 16 {
				out, raw = append(out, hi<<4|lo), raw[2:]
				continue
			}
		}
		rest := bytes.TrimLeft(raw, " \t\r")
		switch {
		case len(rest) == 0:
			raw = nil
		case rest[0] == '\n':
			raw = rest[1:]
		default:
			broken = true
			out = append(out, '=')
		}
	}
	return append(out, raw...), broken
}

func unhex(c byte) byte {
	switch {
	case c >= '0' && c <= '9':
		return c - '0'
	case c >= 'A' && c <= 'F':
		return c - 'A' + 10
	case c >= 'a' && c <= 'f':
		return c - 'a' + 10
	}
	return 0xff
}

func decodeBase64(raw []byte, text bool) ([]byte, bool) {
	out := make([]byte, base64.StdEncoding.DecodedLen(len(raw)))
	n, err := base64.StdEncoding.Decode(out, raw)
	if err == nil {
		return out[:n], false
	}
	s := base64Salvage{out: out[:0], text: text}
	return s.decode(raw), true
}

// base64Salvage reads faulty base64 line by line.
type base64Salvage struct {
	out    []byte
	text   bool
	bits   uint32
	have   int  // characters in bits
	padded bool // the last quantum ended in =
}

func (s *base64Salvage) decode(raw []byte) []byte {
	for pos := 0; pos < len(raw); {
		line, next := cutLine(raw, pos)
		line = bytes.TrimSpace(line)
		if len(line) > 0 && s.clear(line) {
			s.flush()
			if s.text {
				s.out = append(append(s.out, '\n'), raw[pos:]...)
			}
			return s.out
		}
		s.feed(line)
		pos = next
	}
	s.flush()
	return s.out
}

// clear tells whether a line is readable text and not base64 with a few wrong
// bytes: blanks or dots amid it, a rule, many foreign characters, or a word
// after the end of the data.
func (s *base64Salvage) clear(line []byte) bool {
	foreign, rule := 0, 0
	for _, c := range line {
		if !isBase64(c) && c != '=' {
			foreign++
		}
		if c == '-' || c == '_' || c == '=' || c == '*' {
			rule++
		}
	}
	switch {
	case rule == len(line) && rule >= 3:
		return true
	case bytes.ContainsAny(line, " \t.:"):
		return true
	case foreign*6 > len(line):
		return true
	}
	return s.padded && len(line)%4 != 0
}

func (s *base64Salvage) feed(line []byte) {
	for _, c := range line {
		var v byte
		switch {
		case c >= 'A' && c <= 'Z':
			v = c - 'A'
		case c >= 'a' && c <= 'z':
			v = c - 'a' + 26
		case c >= '0' && c <= '9':
			v = c - '0' + 52
		case c == '+' || c == '-':
			v = 62
		case c == '/' || c == '_':
			v = 63
		case c == '=':
			s.flush()
			s.padded = true
			continue
		default:
			continue
		}
		s.padded = false
		s.bits = s.bits<<6 | uint32(v)
		if s.have++; s.have == 4 {
			s.out = append(s.out, byte(s.bits>>16), byte(s.bits>>8), byte(s.bits))
			s.bits, s.have = 0, 0
		}
	}
}

func (s *base64Salvage) flush() {
	switch s.have {
	case 2:
		s.out = append(s.out, byte(s.bits>>4))
	case 3:
		s.out = append(s.out, byte(s.bits>>10), byte(s.bits>>2))
	}
	s.bits, s.have = 0, 0
}
