package mail

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"threadline/internal/crm"
)

// TestEnclose reads back what it wrote: the same mail, with its files, each once
// and as it was.
func TestEnclose(t *testing.T) {
	files := []Enclosed{{"Zażółć <1>.pdf", "application/pdf", bytes.Repeat([]byte{0, 255, '\n', '.'}, 5000)}, {"../a\r\nBcc: x", "message/rfc822", []byte("x")},
		{strings.Repeat("ż", 300) + ".txt", "text/plain; charset=utf-8", nil}}
	for _, l := range []Letter{
		{Text: "Only text.\n--\nżółw"}, {HTML: "<p>only</p>"}, {Text: "both", HTML: "<p>both</p>"},
	} {
		l.ID, l.From, l.To, l.Date, l.Subject = "tl.x@ours.example", Party{"Nora Łoś", "nora@ours.example"}, []Party{{Address: "a@acme.example"}}, time.Unix(1_800_000_000, 0), strings.Repeat("long ", 40)
		raw, err := Compose(&l)
		if err != nil {
			t.Fatal(err)
		}
		got := Enclose(raw, l.ID, files)
		if !bytes.Equal(got, Enclose(raw, l.ID, files)) || !bytes.Equal(raw, Enclose(raw, l.ID, nil)) {
			t.Error("the same mail gives other bytes")
		}
		for line := range bytes.SplitSeq(got, []byte("\r\n")) {
			if len(line) > 998 {
				t.Errorf("a line has %d bytes", len(line))
			}
		}
		was, is := Parse(raw), Parse(got)
		key := crm.IDKey("a key of the tests")
		if was.MessageID(key) != is.MessageID(key) || was.Text != is.Text || was.HTML != is.HTML || was.Subject != is.Subject || len(is.Marks) > len(was.Marks) {
			t.Errorf("another mail: %+v", is)
		}
		if len(is.Attachments) != len(files) {
			t.Fatalf("%d files: %+v", len(is.Attachments), is.Attachments)
		}
		for i, a := range is.Attachments {
			if want := CleanFileName(files[i].Name, "application/octet-stream"); a.Name != want {
				t.Errorf("file %d is called %q, want %q", i, a.Name, want)
			}
		}
		later, at := Parse(Redate(raw, l.Date.Add(time.Hour))), crm.At(l.Date.Add(time.Hour))
		if later.Date != at || later.Text != was.Text || later.Subject != was.Subject {
			t.Errorf("a later date makes it %+v", later)
		}
		if data := is.Attached()[0].Content(); !bytes.Equal(data, files[0].Data) {
			t.Errorf("%d bytes came of %d", len(data), len(files[0].Data))
		}
	}
}
