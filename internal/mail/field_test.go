package mail

import (
	"bytes"
	"net/mail"
	"strings"
	"testing"
)

// FuzzField reads back with the standard library what appendField wrote: the value
// is the same, and no line is too long or begins a field of its own.
func FuzzField(f *testing.F) {
	long := strings.Repeat("a", 200)
	for _, v := range []string{"", "x", "Dear you", strings.Repeat("word ", 40) + "end", long, "<https://" + long + ">, <mailto:x@y.example?subject=z>", strings.Repeat("é ", 600) + "e", strings.Repeat("b", 3000), "a " + strings.Repeat("c", 997)} {
		f.Add("List-Unsubscribe", v)
	}
	f.Fuzz(func(t *testing.T, name, value string) {
		if value = oneLine(value, maxFieldBytes); !named(name) || len(name) > 50 {
			t.Skipf("%q cannot be the name of a field here", name)
		}
		var set fields
		set.set(name, value)
		raw, err := set.append(nil)
		if err != nil {
			t.Fatal(err)
		}
		for line := range bytes.SplitSeq(bytes.TrimSuffix(raw, []byte("\r\n\r\n")), []byte("\r\n")) {
			if len(line) > 998 || bytes.ContainsAny(line, "\r\n") || len(bytes.TrimSpace(line)) == 0 {
				t.Fatalf("%q has the line %q", value, line)
			}
		}
		m, err := mail.ReadMessage(bytes.NewReader(raw))
		if err != nil {
			t.Fatalf("%q: %v", raw, err)
		}
		got := m.Header.Get(name)
		if len(value) > 900 {
			got, value = strings.ReplaceAll(got, " ", ""), strings.ReplaceAll(value, " ", "")
		}
		if got != value {
			t.Fatalf("%q is read as %q", value, got)
		}
	})
}

// TestFieldsRefuse refuses whatever would begin a field of its own.
func TestFieldsRefuse(t *testing.T) {
	for _, f := range []fields{{{Name: "X-A", Value: "a\r\nBcc: b@c.example"}}, {{Name: "X-A", Value: "a\nb"}}, {{Name: "X A", Value: "a"}}, {{Name: "X:A", Value: "a"}}, {{Name: "", Value: "a"}}, {{Name: "X\r\nB", Value: ""}}} {
		if raw, err := f.append(nil); err == nil {
			t.Errorf("%q is written", raw)
		}
	}
}
