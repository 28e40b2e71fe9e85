package mail

import (
	"bytes"
	"io"
	"mime/quotedprintable"
	"strings"
	"testing"
)

// FuzzQuoted compares with the standard library: what it reads of ours is the
// text, no line is longer than allowed, and for text without blanks before soft
// line ends ours is the same.
func FuzzQuoted(f *testing.F) {
	for _, text := range []string{"", "a", "a \n", "\t", " ", "x\r\ny\rz\n", "=", "é=é", strings.Repeat("a", 75), strings.Repeat("a", 76), strings.Repeat("b", 74) + "=",
		strings.Repeat("c ", 90), strings.Repeat("d", 74) + " \nx", strings.Repeat("d", 75) + " \nx", strings.Repeat("ż", 200) + "\n.\n..", "\x00\x7f\xff"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got := appendQuoted(nil, text)
		back, err := io.ReadAll(quotedprintable.NewReader(bytes.NewReader(got)))
		want := strings.NewReplacer("\r\n", "\r\n", "\r", "\r\n", "\n", "\r\n").Replace(text)
		if err != nil || string(back) != want {
			t.Fatalf("%q is written as %q, which is read as %q: %v", text, got, back, err)
		}
		for line := range bytes.SplitSeq(got, []byte("\r\n")) {
			if len(line) > 76 || bytes.ContainsAny(line, "\r\n") || len(line) > 0 && (line[len(line)-1] == ' ' || line[len(line)-1] == '\t') {
				t.Fatalf("%q has the line %q", text, line)
			}
		}
		var std bytes.Buffer
		w := quotedprintable.NewWriter(&std)
		_, _ = io.WriteString(w, text) // a buffer takes everything
		w.Close()
		if len(got) != std.Len() && !strings.ContainsAny(text, " \t") {
			t.Errorf("%q is written as %q, and by the standard library as %q", text, got, std.Bytes())
		}
	})
}

func BenchmarkCompose(b *testing.B) {
	page := strings.Repeat(`<p>Some words that fill a letter of the usual length, as people write them to one another: <a href="https://x.example/?a=1">x</a></p>`, 25)
	l := Letter{ID: "x@own.example", From: Party{Name: "Anna", Address: "anna@own.example"}, To: []Party{{Address: "p@people.example"}},
		Subject: "Offer", Text: PlainText(page), HTML: page}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Compose(&l); err != nil {
			b.Fatal(err)
		}
	}
}
