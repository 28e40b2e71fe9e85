package mail

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-message"

	"threadline/internal/crm"
)

// TestEnclose reads back what it wrote: the same mail, with its files, each once
// and as it was.
func TestEnclose(t *testing.T) {
	files := []Enclosed{{Name: "Zażółć <1>.pdf", Type: "application/pdf", Data: bytes.Repeat([]byte{0, 255, '\n', '.'}, 5000)}, {Name: "../a\r\nBcc: x", Type: "message/rfc822", Data: []byte("x")},
		{Name: strings.Repeat("ż", 300) + ".txt", Type: "text/plain; charset=utf-8"}}
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

// TestEmbed reads back a mail whose page shows pictures that it brings along, with
// a file behind it: other programs find the pictures by what the page calls them.
func TestEmbed(t *testing.T) {
	png := Enclosed{Name: "picture-1", Type: "image/png", ID: "abc@threadline", Data: []byte("\x89PNG\r\n\x1a\n and so on")}
	for _, l := range []Letter{{HTML: `<p>only <img src="cid:abc@threadline"></p>`}, {Text: "both", HTML: `<p>both <img src="cid:abc@threadline"></p>`}} {
		l.ID, l.From, l.To, l.Date, l.Subject = "tl.x@ours.example", Party{"Nora", "nora@ours.example"}, []Party{{Address: "a@acme.example"}}, time.Unix(1_800_000_000, 0), "Pictures"
		raw, err := Compose(&l)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(raw, Embed(raw, l.ID, nil)) {
			t.Error("a mail without pictures changes")
		}
		got := Enclose(Embed(raw, l.ID, []Enclosed{png}), l.ID, []Enclosed{{Name: "offer.pdf", Type: "application/pdf", Data: []byte("%PDF")}})
		m, err := message.Read(bytes.NewReader(got))
		if err != nil {
			t.Fatal(err)
		}
		var kinds []string
		if err := m.Walk(func(path []int, e *message.Entity, err error) error {
			if err != nil {
				return err
			}
			kind, params, err := e.Header.ContentType()
			kinds = append(kinds, kind)
			if root := params["type"]; kind == "multipart/related" && root != "multipart/alternative" && root != "text/html" {
				t.Errorf("the root is called %q", root)
			}
			if kind != "image/png" {
				return err
			}
			data, err := io.ReadAll(e.Body)
			if how, _, _ := e.Header.ContentDisposition(); how != "inline" || e.Header.Get("Content-Id") != "<abc@threadline>" || !bytes.Equal(data, png.Data) {
				t.Errorf("the picture is %s %s with %d bytes", how, e.Header.Get("Content-Id"), len(data))
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
		want := "multipart/mixed multipart/related multipart/alternative text/plain text/html image/png application/pdf"
		if l.Text == "" {
			want = "multipart/mixed multipart/related text/html image/png application/pdf"
		}
		if have := strings.Join(kinds, " "); have != want {
			t.Errorf("the parts are %s, want %s", have, want)
		}
		was, is, key := Parse(raw), Parse(got), crm.IDKey("a key of the tests")
		if was.MessageID(key) != is.MessageID(key) || is.HTML != was.HTML || is.Text != was.Text {
			t.Errorf("another mail: %+v", is)
		}
	}
}
