package demo

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"golang.org/x/text/encoding/htmlindex"
)

// leaf is a part without children, decoded.
type leaf struct {
	kind, charset, transfer, text string
}

func leaves(t *testing.T, m Mail) []leaf {
	t.Helper()
	p := parse(t, m)
	return walk(t, m, map[string][]string(p.Header), p.Body)
}

// walk reads a part tree with the standard library and fails on anything that
// is broken.
func walk(t *testing.T, m Mail, head map[string][]string, body io.Reader) []leaf {
	t.Helper()
	get := func(name string) string { return strings.Join(head[name], ",") }
	kind, params, err := mime.ParseMediaType(get("Content-Type"))
	if err != nil {
		t.Fatalf("content type %q: %v", get("Content-Type"), err)
	}
	if strings.HasPrefix(kind, "multipart/") {
		var out []leaf
		r := multipart.NewReader(body, params["boundary"])
		for {
			p, err := r.NextRawPart()
			if err == io.EOF {
				return out
			}
			if err != nil {
				t.Fatalf("part of %s: %v\n%s", m.Date, err, m.Raw)
			}
			out = append(out, walk(t, m, p.Header, p)...)
		}
	}
	transfer := get("Content-Transfer-Encoding")
	raw, err := io.ReadAll(decoder(transfer, body))
	if err != nil {
		t.Fatalf("%s body of %s: %v\n%s", transfer, m.Date, err, m.Raw)
	}
	if kind == "message/rfc822" {
		inner, err := mail.ReadMessage(bytes.NewReader(raw))
		if err != nil {
			t.Fatalf("forwarded mail: %v", err)
		}
		walk(t, m, inner.Header, inner.Body)
	}
	return []leaf{{kind, params["charset"], transfer, decoded(t, kind, params["charset"], raw)}}
}

func decoder(transfer string, body io.Reader) io.Reader {
	switch transfer {
	case "base64":
		return base64.NewDecoder(base64.StdEncoding, body)
	case "quoted-printable":
		return quotedprintable.NewReader(body)
	}
	return body
}

func decoded(t *testing.T, kind, charset string, raw []byte) string {
	t.Helper()
	if !strings.HasPrefix(kind, "text/") || charset == "" {
		return string(raw)
	}
	enc, err := htmlindex.Get(charset)
	if err != nil {
		t.Fatalf("charset %q: %v", charset, err)
	}
	out, err := enc.NewDecoder().String(string(raw))
	if err != nil || !utf8.ValidString(out) || strings.ContainsRune(out, utf8.RuneError) {
		t.Errorf("text is not %s: %v", charset, err)
	}
	return out
}

// TestKindsOfMail counts what a mailbox of a rep must contain, by what a reader
// of the bytes can see.
func TestKindsOfMail(t *testing.T) {
	bounds := map[string][2]int{
		"all": {340, 460}, "folder INBOX": {180, 300}, "folder Sent": {80, 160}, "folder Archive": {15, 90},
		"folder Drafts": {2, 2}, "folder Junk": {10, 18}, "folder Trash": {3, 3},
		"list": {35, 60}, "auto-replied": {4, 15}, "auto-generated": {30, 70}, "report": {2, 4},
		"calendar": {4, 15}, "pdf": {40, 110}, "rfc822": {4, 10}, "forwarded inline": {6, 25},
		"alternative": {200, 380}, "colleague answers": {6, 15}, "internal": {30, 80},
		"charset iso-8859-2": {10, 90}, "charset windows-1252": {10, 90}, "transfer base64": {30, 200},
		"transfer 8bit": {20, 120}, "transfer quoted-printable": {100, 500}, "raw utf-8 header": {3, 30},
		"changed subject": {6, 40}, "free mail": {8, 50}, "unread": {2, 60},
	}
	for _, at := range moments() {
		counts := map[string]int{}
		for _, m := range NewWorld(at, 1).Mails {
			count(t, m, counts)
		}
		for name, b := range bounds {
			if n := counts[name]; n < b[0] || n > b[1] {
				t.Errorf("%s: %s: %d, want %d to %d", at.Format(time.DateOnly), name, n, b[0], b[1])
			}
		}
	}
}

var answerPrefix = regexp.MustCompile(`^(?i)(re|odp|r|fwd?|i|pd|tr|accepted) ?:`)

func count(t *testing.T, m Mail, counts map[string]int) {
	t.Helper()
	h := parse(t, m).Header
	raw := string(m.Raw)
	inbound := m.Folder == Inbox || m.Folder == Archive
	own := strings.Contains(h.Get("From"), "@brightwell.example")
	counts["all"]++
	counts["folder "+m.Folder]++
	is := func(name string, ok bool) {
		if ok {
			counts[name]++
		}
	}
	is("list", h.Get("List-Unsubscribe") != "")
	is(h.Get("Auto-Submitted"), h.Get("Auto-Submitted") != "")
	is("report", strings.HasPrefix(h.Get("Content-Type"), "multipart/report"))
	is("calendar", strings.Contains(raw, "text/calendar"))
	is("pdf", strings.Contains(raw, "application/pdf"))
	is("rfc822", strings.Contains(raw, "message/rfc822"))
	is("alternative", strings.Contains(raw, "multipart/alternative"))
	is("colleague answers", inbound && strings.Contains(h.Get("From"), "tom@") && !strings.Contains(h.Get("To"), "brightwell"))
	is("internal", own && strings.Contains(h.Get("To"), "brightwell.example") && h.Get("Auto-Submitted") == "")
	is("raw utf-8 header", !isASCII(raw[:strings.Index(raw, "\r\n\r\n")]))
	is("free mail", inbound && (strings.Contains(h.Get("From"), "@postbox.") || strings.Contains(h.Get("From"), "@poczta24.")))
	is("unread", len(m.Flags) == 0 && inbound)
	subject, _ := words().DecodeHeader(h.Get("Subject"))
	is("changed subject", h.Get("In-Reply-To") != "" && !answerPrefix.MatchString(subject) && h.Get("Auto-Submitted") == "")
	seen := map[string]bool{}
	for _, l := range leaves(t, m) {
		is("charset "+l.charset, !seen[l.charset])
		is("transfer "+l.transfer, !seen[l.transfer])
		is("forwarded inline", l.kind == "text/plain" && strings.Contains(l.text, "Forwarded message"))
		seen[l.charset], seen[l.transfer] = true, true
	}
}

func TestPDF(t *testing.T) {
	doc := pdf([]string{"Quotation Q-1", "2 × unit (ATEX)"})
	at := bytes.LastIndex(doc, []byte("startxref\n"))
	var start int
	if _, err := fmt.Sscanf(string(doc[at:]), "startxref\n%d", &start); err != nil || !bytes.HasPrefix(doc[start:], []byte("xref\n")) {
		t.Errorf("startxref %d does not point to the table (%v)", start, err)
	}
}
