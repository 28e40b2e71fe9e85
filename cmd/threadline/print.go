package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"
	"unicode"

	"threadline/internal/crm"
)

// plain makes text from mail and servers harmless for a terminal: control
// characters could move the cursor, and signs that change the direction of
// writing could make one thing look like another.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t' || r == '\n':
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r):
			return -1
		}
		return r
	}, s)
}

// print shows the answer of the API: as it is with --json, else in words.
func (m *Main) print(raw []byte, words func()) error {
	if !m.json {
		words()
		return nil
	}
	var out bytes.Buffer
	if err := json.Indent(&out, raw, "", "  "); err != nil {
		return crm.E(crm.Internal, "print", "the answer is no JSON", err)
	}
	_, err := fmt.Fprintln(m.Out, strings.TrimSpace(out.String()))
	return err
}

// say prints a line.
func (m *Main) say(format string, args ...any) {
	for i, a := range args {
		switch s := a.(type) {
		case string:
			args[i] = plain(s)
		case fmt.Stringer:
			args[i] = plain(s.String())
		}
	}
	fmt.Fprintf(m.Out, format+"\n", args...)
}

// table prints rows in aligned columns.
func (m *Main) table(head []string, rows [][]string) {
	w := tabwriter.NewWriter(m.Out, 0, 4, 2, ' ', 0)
	fmt.Fprintln(w, strings.ToUpper(strings.Join(head, "\t")))
	for _, row := range rows {
		for i := range row {
			row[i] = plain(row[i])
		}
		fmt.Fprintln(w, strings.Join(row, "\t"))
	}
	_ = w.Flush() // a terminal that is gone shows nothing either way
}

// moment is a time as people read it here.
func moment(t crm.Time) string {
	if t.IsZero() {
		return "-"
	}
	return t.Std().Local().Format(time.DateTime)
}

// list is what lists of the API answer.
type list[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next"`
}
