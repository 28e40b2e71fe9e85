package mail

import (
	"bytes"
	"encoding/binary"
	"strings"
	"unicode/utf16"

	"threadline/internal/crm"
)

// maxPacked bounds the bytes of a winmail.dat that is opened.
const maxPacked = 24 << 20

// packed tells of what Outlook makes of a mail for another Outlook (MS-OXTNEF):
// everything in one file.
func packed(p *Part) bool {
	switch p.Type {
	case "application/ms-tnef", "application/vnd.ms-tnef":
		return true
	}
	name := strings.ToLower(p.Name)
	return name == "winmail.dat" || name == "win.dat"
}

// unpack lists the files that are packed in a part, and gives the words in it
// where the mail has said none yet. What stays within is marked.
func (a *assembler) unpack(p *Part) block {
	if p.Len() > maxPacked {
		a.marks.add(crm.MarkPacked)
		return block{}
	}
	x := unpacker{charset: "windows-1252"}
	x.open(p.Content())
	for _, f := range x.files {
		if a.parts--; a.parts < 0 {
			a.marks.add(crm.MarkPartsTruncated)
			break
		}
		f.part.Type = mediaType(strings.ToLower(f.part.Type))
		a.enclose(f.part)
	}
	a.marks.when(x.left, crm.MarkPacked)
	if a.hashed {
		return block{}
	}
	a.marks.when(x.formatted && x.text == nil && x.html == nil, crm.MarkPacked)
	out := block{}
	if x.text != nil {
		out.text = a.cut(plainLines(x.text, a.marks), &a.text)
	}
	if x.html != nil {
		out.html = a.cut(plainLines(x.html, a.marks), &a.html)
	}
	return out
}

// unpacker reads the attributes of one file in order. All that it gives out is
// within the bytes it was given, or about as long.
type unpacker struct {
	charset    string
	files      []*packedFile
	text, html []byte
	formatted  bool // there are words as RTF, which is not read
	left       bool // something could not be taken out
}

type packedFile struct {
	part *Part
	long bool // its name is the long one
}

// Attributes of MS-OXTNEF §2.1.3.3.
const (
	tnefSignature = 0x223e9f78
	attBody       = 0x0002800c
	attCodepage   = 0x00069007
	attProps      = 0x00069003
	attNewFile    = 0x00069002
	attFileTitle  = 0x00018010
	attFileData   = 0x0006800f
	attFileProps  = 0x00069005
)

func (x *unpacker) open(b []byte) {
	if len(b) < 6 || binary.LittleEndian.Uint32(b) != tnefSignature {
		x.left = true
		return
	}
	for b = b[6:]; len(b) > 0; {
		if len(b) < 9 {
			x.left = len(bytes.Trim(b, "\x00")) > 0
			return
		}
		level, id, n := b[0], binary.LittleEndian.Uint32(b[1:]), uint64(binary.LittleEndian.Uint32(b[5:]))
		if n > uint64(len(b)-9) || level != 1 && level != 2 {
			x.left = true
			return
		}
		x.attribute(id, b[9:9+n])
		b = b[min(9+int(n)+2, len(b)):] // a sum of two bytes follows
	}
}

func (x *unpacker) attribute(id uint32, v []byte) {
	switch id {
	case attCodepage:
		if len(v) >= 4 {
			x.charset = codepage(binary.LittleEndian.Uint32(v))
		}
	case attBody:
		x.text = x.words(v)
	case attProps:
		properties(v, x.property)
	case attNewFile:
		if len(x.files) > maxParts {
			x.left = true
			return
		}
		x.files = append(x.files, &packedFile{part: &Part{Type: "application/octet-stream", Disposition: "attachment"}})
	case attFileTitle, attFileData, attFileProps:
		if len(x.files) > 0 {
			x.file(x.files[len(x.files)-1], id, v)
		}
	}
}

func (x *unpacker) file(f *packedFile, id uint32, v []byte) {
	switch id {
	case attFileTitle:
		if !f.long {
			f.part.Name = string(x.words(v))
		}
	case attFileData:
		f.part.Body = v
	case attFileProps:
		properties(v, func(id, kind uint16, v []byte) { x.fileProperty(f, id, kind, v) })
	}
}

// Properties of MS-OXPROPS.
const (
	propBody     = 0x1000
	propRTF      = 0x1009
	propHTML     = 0x1013
	propFileData = 0x3701
	propFileName = 0x3704
	propLongName = 0x3707
	propFileType = 0x370e
	propFileID   = 0x3712
)

func (x *unpacker) property(id, kind uint16, v []byte) {
	switch id {
	case propBody:
		x.text = x.string(kind, v)
	case propHTML:
		x.html = x.string(kind, v)
	case propRTF:
		x.formatted = true
	}
}

func (x *unpacker) fileProperty(f *packedFile, id, kind uint16, v []byte) {
	switch id {
	case propLongName:
		f.part.Name, f.long = string(x.string(kind, v)), true
	case propFileName:
		if f.part.Name == "" {
			f.part.Name = string(x.string(kind, v))
		}
	case propFileType:
		f.part.Type = string(x.string(kind, v))
	case propFileID:
		f.part.ContentID = string(cleanID(string(x.string(kind, v))))
	case propFileData: // of a mail within the mail and of what other programs draw
		if len(f.part.Body) == 0 && len(v) > 16 {
			f.part.Body, x.left = v[16:], true // behind what kind of object it is
		}
	}
}

// string is a property as valid text.
func (x *unpacker) string(kind uint16, v []byte) []byte {
	if kind != kindUnicode {
		return x.words(v)
	}
	units := make([]uint16, 0, len(v)/2)
	for ; len(v) >= 2; v = v[2:] {
		units = append(units, binary.LittleEndian.Uint16(v))
	}
	return bytes.TrimRight([]byte(string(utf16.Decode(units))), "\x00")
}

func (x *unpacker) words(v []byte) []byte {
	text, _ := toUTF8(bytes.TrimRight(v, "\x00"), x.charset)
	return text
}

func codepage(n uint32) string {
	switch {
	case n == 65001:
		return "utf-8"
	case n == 932:
		return "shift_jis"
	case n == 936:
		return "gbk"
	case n == 949:
		return "euc-kr"
	case n == 950:
		return "big5"
	case n >= 1250 && n <= 1258:
		return "windows-125" + string(rune('0'+n-1250))
	}
	return "windows-1252"
}

const (
	kindUnicode = 0x1f
	kindMany    = 0x1000
	kindNamed   = 0x8000
)

// properties reads a list of properties and calls f with those of one value; it
// ends where the list makes no sense.
func properties(b []byte, f func(id, kind uint16, v []byte)) {
	r := propReader{b: b}
	for n := r.u32(); n > 0 && !r.bad; n-- {
		kind, id := r.u16(), r.u16()
		if id >= kindNamed {
			r.skip(16)
			if named := r.u32(); named == 0 {
				r.skip(4)
			} else {
				r.take(r.u32())
			}
		}
		count := uint32(1)
		width := fixedWidth(kind &^ kindMany)
		if width == 0 || kind&kindMany != 0 {
			count = r.u32()
		}
		for i := uint32(0); i < count && !r.bad; i++ {
			size := uint32(width)
			if width == 0 {
				size = r.u32()
			}
			if v := r.take(size); !r.bad && count == 1 {
				f(id, kind, v)
			}
		}
	}
}

// fixedWidth is the size of values of a kind, 0 for those that say it.
func fixedWidth(kind uint16) int {
	switch kind {
	case 0x02, 0x03, 0x04, 0x0a, 0x0b:
		return 4 // short ones are filled up
	case 0x05, 0x06, 0x07, 0x14, 0x40:
		return 8
	case 0x48:
		return 16
	}
	return 0
}

// propReader reads numbers and values that are filled up to four bytes.
type propReader struct {
	b   []byte
	bad bool
}

func (r *propReader) take(n uint32) []byte {
	if uint64(n) > uint64(len(r.b)) {
		r.bad, r.b = true, nil
		return nil
	}
	v := r.b[:n]
	r.b = r.b[min((uint64(n)+3)&^3, uint64(len(r.b))):]
	return v
}

func (r *propReader) skip(n uint32) { r.take(n) }

func (r *propReader) u32() uint32 {
	if v := r.take(4); len(v) == 4 {
		return binary.LittleEndian.Uint32(v)
	}
	return 0
}

// u16 reads two bytes that are not filled up.
func (r *propReader) u16() uint16 {
	if len(r.b) < 2 {
		r.bad, r.b = true, nil
		return 0
	}
	v := binary.LittleEndian.Uint16(r.b)
	r.b = r.b[2:]
	return v
}
