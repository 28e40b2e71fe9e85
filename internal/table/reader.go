package table

import (
	"bytes"
	"errors"
	"io"
	"strings"

	"threadline/internal/crm"
)

// MaxRow is how many bytes a row may have, in UTF-8.
const MaxRow = 1 << 20

// Row is one row of a table.
type Row struct {
	Cells  []string
	Number int64 // counted from 1, headings included: as a spreadsheet shows it
	Offset int64 // where it begins, in bytes of UTF-8
	Err    error // the row is broken or too large; it has no cells
}

// Reader reads a table row by row.
type Reader struct {
	r         io.Reader
	delimiter byte
	buf       []byte // read and not used up
	eof       bool
	at        int64 // offset of buf
	number    int64 // of the last row
	begun     bool
}

// NewReader reads a file from its beginning.
func NewReader(r io.Reader, d Dialect) *Reader {
	return &Reader{r: decode(r, d.Encoding), delimiter: d.delimiter()}
}

// Skip goes to where the row behind the one with the number begins: to an
// offset that an earlier reader of the same file and dialect gave.
func (r *Reader) Skip(offset, number int64) error {
	n, err := io.CopyN(io.Discard, r.r, offset)
	if err != nil {
		return crm.E(crm.Unavailable, "table.Skip", "the file ends before the place to go on", err)
	}
	r.at, r.number, r.begun = n, number, offset > 0
	return nil
}

// Offset is where the next row begins.
func (r *Reader) Offset() int64 { return r.at }

// Number is the number of the row read last.
func (r *Reader) Number() int64 { return r.number }

// Read returns the next row that is not empty, io.EOF behind the last, and any
// error of the file itself. A row that cannot be understood has an Err.
func (r *Reader) Read() (Row, error) {
	for {
		if err := r.start(); err != nil {
			return Row{}, err
		}
		row, err := r.row()
		if err != nil || row.Err != nil || !blank(row.Cells) && !r.saying(row) {
			return row, err
		}
	}
}

// saying tells whether the row is no row but says how the file is written.
func (r *Reader) saying(row Row) bool {
	return row.Number == 1 && len(row.Cells) < 3 && sayingDelimiter(strings.Join(row.Cells, string(r.delimiter)), r.delimiter)
}

func blank(cells []string) bool { return len(cells) == 1 && cells[0] == "" }

// start makes sure that there is a byte, and drops a byte order mark.
func (r *Reader) start() error {
	if !r.begun {
		r.begun = true
		for len(r.buf) < len(mark) && !r.eof {
			if err := r.more(); err != nil {
				return err
			}
		}
		if bytes.HasPrefix(r.buf, mark) {
			r.use(len(mark))
		}
	}
	for len(r.buf) == 0 {
		if r.eof {
			return io.EOF
		}
		if err := r.more(); err != nil {
			return err
		}
	}
	return nil
}

// more reads on.
func (r *Reader) more() error {
	const step = 64 << 10
	n := len(r.buf)
	if cap(r.buf)-n < step/2 {
		grown := make([]byte, n, max(2*n, 2*step))
		copy(grown, r.buf)
		r.buf = grown
	}
	m, err := r.r.Read(r.buf[n:cap(r.buf)])
	r.buf = r.buf[:n+m]
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		r.eof = true
		return nil
	}
	return err
}

func (r *Reader) use(n int) {
	r.buf = r.buf[n:]
	r.at += int64(n)
}

// row reads one row from the buffer, which holds at least a byte.
func (r *Reader) row() (Row, error) {
	r.number++
	row := Row{Number: r.number, Offset: r.at}
	for {
		cells, n, state := parse(r.buf, r.delimiter, r.eof)
		switch {
		case state == whole:
			row.Cells = cells
			r.use(n)
			return row, nil
		case state == broken || state == short && r.eof:
			row.Err = crm.Errorf(crm.Invalid, "table.Read", "a quote is not closed, or stands within quoted text").
				WithHint("write a quote within quoted text twice")
			return row, r.line()
		case len(r.buf) >= MaxRow:
			row.Err = crm.Errorf(crm.TooLarge, "table.Read", "a row has at most %d bytes", MaxRow)
			return row, r.overlong()
		}
		if err := r.more(); err != nil {
			return row, err
		}
	}
}

// line drops what is left of the present line: a broken row ends there, so that
// one lost quote does not take the rest of the file with it.
func (r *Reader) line() error {
	for {
		if i := bytes.IndexAny(r.buf, "\r\n"); i >= 0 {
			if n, known := lineEnd(r.buf[i:], r.eof); known {
				r.use(i + n)
				return nil
			}
			r.use(i)
		} else {
			r.use(len(r.buf))
		}
		if r.eof {
			return nil
		}
		if err := r.more(); err != nil {
			return err
		}
	}
}

// overlong drops a row that is too large. When its first line is short and the
// next one is a row of its own, a quote was lost; else the row goes to where its
// quotes close.
func (r *Reader) overlong() error {
	if i := bytes.IndexByte(r.buf, '\n'); i >= 0 {
		if first, _, _ := parse(r.buf[:i], r.delimiter, true); len(first) == 0 {
			if cells, _, state := parse(r.buf[i+1:], r.delimiter, false); state == whole && len(cells) > 1 {
				return r.line()
			}
		}
	}
	quoted := false
	for {
		for i, c := range r.buf {
			if c == '"' {
				quoted = !quoted
			} else if c == '\n' && !quoted {
				r.use(i + 1)
				return nil
			}
		}
		r.use(len(r.buf))
		if r.eof {
			return nil
		}
		if err := r.more(); err != nil {
			return err
		}
	}
}

type state int

const (
	whole  state = iota
	short        // the row goes on behind the buffer
	broken       // its quotes make no sense
)

// parse reads one row and says how many bytes it took. A quote inside a cell
// that does not begin with one is a character like any other.
func parse(b []byte, delimiter byte, eof bool) (cells []string, n int, s state) {
	for at := 0; ; {
		cell, next, end, s := parseCell(b, at, delimiter, eof)
		if s != whole {
			return nil, 0, s
		}
		cells = append(cells, cell)
		if end {
			return cells, next, whole
		}
		at = next
	}
}

// parseCell reads the cell at a position; next is behind its delimiter or the
// end of the line.
func parseCell(b []byte, at int, delimiter byte, eof bool) (cell string, next int, end bool, s state) {
	if at < len(b) && b[at] == '"' {
		return parseQuoted(b, at+1, delimiter, eof)
	}
	for i := at; i < len(b); i++ {
		switch b[i] {
		case delimiter:
			return string(b[at:i]), i + 1, false, whole
		case '\n', '\r':
			n, known := lineEnd(b[i:], eof)
			if !known {
				return "", 0, false, short
			}
			return string(b[at:i]), i + n, true, whole
		}
	}
	if !eof {
		return "", 0, false, short
	}
	return string(b[at:]), len(b), true, whole
}

// lineEnd is how long the end of a line is at which b begins: a line feed, a
// carriage return, or both, in one file side by side where it was put together
// on several systems. It is not known of a carriage return with nothing behind.
func lineEnd(b []byte, eof bool) (n int, known bool) {
	switch {
	case b[0] == '\n':
		return 1, true
	case len(b) == 1:
		return 1, eof
	case b[1] == '\n':
		return 2, true
	}
	return 1, true
}

func parseQuoted(b []byte, at int, delimiter byte, eof bool) (cell string, next int, end bool, s state) {
	var text []byte
	for {
		i := bytes.IndexByte(b[at:], '"')
		if i < 0 {
			return "", 0, false, short
		}
		i += at
		text = append(text, b[at:i]...)
		rest := b[i+1:]
		switch {
		case len(rest) == 0 && !eof, len(rest) == 1 && rest[0] == '\r' && !eof:
			return "", 0, false, short
		case len(rest) == 0:
			return string(text), len(b), true, whole
		case rest[0] == '"':
			text, at = append(text, '"'), i+2
		case rest[0] == delimiter:
			return string(text), i + 2, false, whole
		case rest[0] == '\n', rest[0] == '\r':
			n, _ := lineEnd(rest, true)
			return string(text), i + 1 + n, true, whole
		default:
			return "", 0, false, broken
		}
	}
}
