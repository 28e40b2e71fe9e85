package table

import (
	"bufio"
	"io"
	"strings"
)

// Writer writes a table as CSV in UTF-8, with commas and CRLF.
type Writer struct{ w *bufio.Writer }

// NewWriter writes to w, buffered: Flush ends it.
func NewWriter(w io.Writer) *Writer { return &Writer{bufio.NewWriter(w)} }

// Write writes one row.
func (w *Writer) Write(cells []string) error {
	for i, c := range cells {
		if i > 0 {
			_ = w.w.WriteByte(',') // the last write tells of the first failure
		}
		_, _ = w.w.WriteString(quote(Safe(c)))
	}
	_, err := w.w.WriteString("\r\n")
	return err
}

// Flush writes what is left.
func (w *Writer) Flush() error { return w.w.Flush() }

func quote(s string) string {
	if !strings.ContainsAny(s, ",;\t|\"\r\n") && s == strings.TrimSpace(s) {
		return s
	}
	return `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
}

// opening begins a formula or a command in some spreadsheet.
const opening = "=+-@\t\r"

// Safe puts an apostrophe before text that a spreadsheet would carry out, and
// before text that looks as if it had been given one. Negative numbers are left
// alone.
func Safe(s string) string {
	if s == "" || !strings.ContainsRune(opening, rune(s[0])) && !guarded(s) || negative(s) {
		return s
	}
	return "'" + s
}

// Bare takes the apostrophe away again.
func Bare(s string) string {
	if guarded(s) {
		return s[1:]
	}
	return s
}

// guarded tells whether text has apostrophes and then what begins a formula.
func guarded(s string) bool {
	rest := strings.TrimLeft(s, "'")
	return len(rest) < len(s) && rest != "" && strings.ContainsRune(opening, rune(rest[0]))
}

func negative(s string) bool {
	return len(s) > 1 && s[0] == '-' && strings.Trim(s[1:], "0123456789.") == ""
}
