package mailtest

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"strings"
	"unicode/utf16"
)

// picture are the bytes of a file that mails hold.
var picture = append([]byte("\x89PNG\r\n\x1a\n"), bytes.Repeat([]byte{0, 1, 2, 3, 250}, 40)...)

// oddFiles hold files where others hold words, or in a file of their own.
func oddFiles() []Hard {
	return []Hard{
		{"uuencode of a picture and a path", text(Sound + "\nsee the picture\n\n" + uuencode(`C:\pictures\logo.png`, picture) + "\nbye\n" + uuencode("two.txt", []byte("two")) + "\nthe end\n")},
		{"uuencode that is cut", text(Sound + "\nsee the picture\n" + strings.Join(strings.SplitAfter(uuencode("logo.png", picture), "\n")[:5], ""))},
		{"20,000 uuencoded files", many(Sound+"\n", strings.ReplaceAll(uuencode("a.txt", []byte("a")), "\n", "\r\n"), 20_000, "")},
		{"uuencode as transfer encoding", text(mixed("mixed", "\nsee the picture",
			"Content-Type: image/png; name=logo.png\nContent-Transfer-Encoding: x-uuencode\n\n"+uuencode("logo.png", picture)))},
		{"winmail.dat with files", text(winmail("\nsee the files", tnef(oemCodepage(1250),
			newFile("logo.png", picture), newFile("krotka.txt", []byte("one"), unicodeName("Zażółć gęślą.txt")))))},
		{"winmail.dat with all of the words", text(winmail("", tnef(oemCodepage(1250), attribute(1, 0x0002800c, []byte("Za\xbf\xf3\xb3\xe6\r\nsee the offer\x00")))))},
		{"winmail.dat with a mail in it", text(winmail("\nsee the mail", tnef(newFile("mail", nil, object(0x3701, append(bytes.Repeat([]byte{7}, 16), tnef()...))))))},
		{"winmail.dat that lies about lengths", text(winmail("\nsee the files", append(tnef(newFile("logo.png", picture)),
			2, 0x0f, 0x80, 0x06, 0x00, 0xff, 0xff, 0xff, 0xff)))},
		{"winmail.dat of a million properties", func() []byte {
			return text(winmail("\nsee the files", tnef(attribute(1, 0x00069003, append([]byte{0xff, 0xff, 0xff, 0xff}, bytes.Repeat([]byte{3, 0, 1, 0, 0, 0, 0, 0}, 500_000)...)))))()
		}},
		{"winmail.dat of 100,000 files", func() []byte {
			return text(winmail("\nsee the files", append(tnef(), bytes.Repeat(attribute(2, 0x00069002, make([]byte, 14)), 100_000)...)))()
		}},
	}
}

// uuencode writes a file as POSIX uuencode does.
func uuencode(name string, data []byte) string {
	var b strings.Builder
	fmt.Fprintf(&b, "begin 644 %s\n", name)
	letter := func(v byte) byte {
		if v == 0 {
			return '`'
		}
		return ' ' + v
	}
	for len(data) > 0 {
		n := min(45, len(data))
		b.WriteByte(letter(byte(n)))
		for i := 0; i < n; i += 3 {
			var t [3]byte
			copy(t[:], data[i:n])
			for _, v := range []byte{t[0] >> 2, t[0]<<4&63 | t[1]>>4, t[1]<<2&63 | t[2]>>6, t[2] & 63} {
				b.WriteByte(letter(v))
			}
		}
		b.WriteByte('\n')
		data = data[n:]
	}
	b.WriteString("`\nend\n")
	return b.String()
}

// winmail is a mail with words and what Outlook packs.
func winmail(words string, data []byte) string {
	var lines strings.Builder
	for b := base64.StdEncoding.EncodeToString(data); len(b) > 0; b = b[min(76, len(b)):] {
		lines.WriteString(b[:min(76, len(b))] + "\n")
	}
	part := "Content-Type: application/ms-tnef; name=\"winmail.dat\"\nContent-Transfer-Encoding: base64\n\n" + lines.String()
	if words == "" {
		return mixed("mixed", part)
	}
	return mixed("mixed", words, part)
}

// tnef puts attributes together (MS-OXTNEF §2.1.3).
func tnef(attributes ...[]byte) []byte {
	out := []byte{0x78, 0x9f, 0x3e, 0x22, 1, 0}
	out = append(out, attribute(1, 0x00089006, []byte{0, 0, 1, 0})...)
	return append(out, bytes.Join(attributes, nil)...)
}

func attribute(level byte, id uint32, v []byte) []byte {
	out := binary.LittleEndian.AppendUint32([]byte{level}, id)
	out = append(binary.LittleEndian.AppendUint32(out, uint32(len(v))), v...)
	sum := uint16(0)
	for _, c := range v {
		sum += uint16(c)
	}
	return binary.LittleEndian.AppendUint16(out, sum)
}

func oemCodepage(n uint32) []byte {
	return attribute(1, 0x00069007, append(binary.LittleEndian.AppendUint32(nil, n), 0, 0, 0, 0))
}

// newFile is one file with its short name, its bytes and its properties.
func newFile(title string, data []byte, props ...[]byte) []byte {
	out := attribute(2, 0x00069002, make([]byte, 14))
	out = append(out, attribute(2, 0x00018010, append([]byte(title), 0))...)
	if data != nil {
		out = append(out, attribute(2, 0x0006800f, data)...)
	}
	list := binary.LittleEndian.AppendUint32(nil, uint32(1+len(props)))
	list = append(list, 0x03, 0, 0x05, 0x37, 1, 0, 0, 0) // how it is attached
	return append(out, attribute(2, 0x00069005, append(list, bytes.Join(props, nil)...))...)
}

func unicodeName(name string) []byte {
	var v []byte
	for _, u := range utf16.Encode([]rune(name + "\x00")) {
		v = binary.LittleEndian.AppendUint16(v, u)
	}
	return value(0x1f, 0x3707, v)
}

func object(id uint16, v []byte) []byte { return value(0x0d, id, v) }

func value(kind, id uint16, v []byte) []byte {
	out := binary.LittleEndian.AppendUint16(nil, kind)
	out = binary.LittleEndian.AppendUint16(out, id)
	out = binary.LittleEndian.AppendUint32(out, 1)
	out = append(binary.LittleEndian.AppendUint32(out, uint32(len(v))), v...)
	return append(out, make([]byte, (4-len(v)%4)%4)...)
}
