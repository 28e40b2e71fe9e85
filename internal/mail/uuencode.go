package mail

import (
	"bytes"

	"threadline/internal/crm"
)

// leastCut is how many lines a file in a text must have that has no end: fewer
// may be words.
const leastCut = 4

// uuencoded takes files out of a text that programs have written into it as they
// did before MIME: a line "begin", permissions and a name, lines that say how long
// they are, and a line "end". Whatever is not just so stays words. Each file becomes
// a part of its own, still encoded.
func (a *assembler) uuencoded(text []byte) []byte {
	if !bytes.HasPrefix(text, []byte("begin ")) && !bytes.Contains(text, []byte("\nbegin ")) {
		return text
	}
	out, kept := make([]byte, 0, len(text)), 0
	for pos := 0; pos < len(text); {
		line, next := cutLine(text, pos)
		name, begins := uuBegin(line)
		if !begins {
			pos = next
			continue
		}
		end, after, lines, closed := uuBlock(text, next)
		if !closed && lines < leastCut || lines == 0 {
			pos = next
			continue
		}
		if a.parts--; a.parts < 0 {
			a.marks.add(crm.MarkPartsTruncated)
			break
		}
		a.marks.when(!closed, crm.MarkEncoding)
		out = append(out, text[kept:pos]...)
		a.enclose(&Part{Type: "application/octet-stream", Disposition: "attachment", Name: name, raw: text[next:end], encoding: transferUU})
		pos, kept = after, after
	}
	return append(out, text[kept:]...)
}

// uuBegin reads "begin 644 name".
func uuBegin(line []byte) (name string, ok bool) {
	rest, ok := bytes.CutPrefix(line, []byte("begin "))
	mode, after, found := bytes.Cut(rest, []byte{' '})
	if !ok || !found || len(mode) < 3 || len(mode) > 4 {
		return "", false
	}
	for _, c := range mode {
		if c < '0' || c > '7' {
			return "", false
		}
	}
	name = trimSpace(string(after))
	return name, name != ""
}

// uuBlock finds the lines of a file from pos on: where they end, where the text
// goes on, how many of them hold something, and whether an end is there.
func uuBlock(text []byte, pos int) (end, after, lines int, closed bool) {
	for pos < len(text) {
		line, next := cutLine(text, pos)
		if string(bytes.TrimRight(line, " \t")) == "end" {
			return pos, next, lines, true
		}
		n, ok := uuLine(line)
		if !ok {
			break
		}
		if n > 0 {
			lines++
		}
		pos = next
	}
	return pos, pos, lines, false
}

// uuLine tells how many bytes a line holds. Blanks at its end may be lost, which
// are zeroes, and a sum may follow.
func uuLine(line []byte) (n int, ok bool) {
	if len(line) == 0 {
		return 0, true // a line of zero bytes whose blank was lost
	}
	for _, c := range line {
		if c < ' ' || c > '`' {
			return 0, false
		}
	}
	n = int(line[0]-' ') & 63
	want := (n + 2) / 3 * 4
	have := len(bytes.TrimRight(line[1:], " "))
	return n, have <= want+2 && (have > 0 || n == 0)
}

// sizeUU is the number of bytes that the lines of a file hold.
func sizeUU(raw []byte) (size int64) {
	for pos := 0; pos < len(raw); {
		line, next := cutLine(raw, pos)
		if n, ok := uuLine(line); ok {
			size += int64(n)
		}
		pos = next
	}
	return size
}

// decodeUU reads the lines of a file, with or without what stands around them.
// broken tells of lines that are none.
func decodeUU(raw []byte) (out []byte, broken bool) {
	out = make([]byte, 0, len(raw)*3/4)
	for pos := 0; pos < len(raw); {
		line, next := cutLine(raw, pos)
		pos = next
		n, ok := uuLine(line)
		if !ok {
			_, begins := uuBegin(line)
			broken = broken || !begins && string(bytes.TrimSpace(line)) != "end"
			continue
		}
		at := func(i int) byte { // the i-th sextet
			if i+1 >= len(line) {
				return 0
			}
			return (line[i+1] - ' ') & 63
		}
		for i := 0; n > 0; i += 4 {
			three := [3]byte{at(i)<<2 | at(i+1)>>4, at(i+1)<<4 | at(i+2)>>2, at(i+2)<<6 | at(i+3)}
			out = append(out, three[:min(n, 3)]...)
			n -= 3
		}
	}
	return out, broken
}
