package mail

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"threadline/internal/crm"
)

// fault is one crafted message and what must come of it.
type fault struct {
	name  string
	raw   func() []byte
	check func(t *testing.T, p *Parsed)
}

func text(s string) func() []byte {
	return func() []byte { return []byte(strings.ReplaceAll(s, "\n", "\r\n")) }
}

func exactly(s string) func() []byte { return func() []byte { return []byte(s) } }

const sound = "From: Anna <anna@acme.example>\nTo: bob@site.example\nDate: Mon, 2 Mar 2026 10:00:00 +0100\nMessage-ID: <m1@acme.example>\nSubject: Offer\n"

func marked(t *testing.T, p *Parsed, marks ...crm.Mark) {
	t.Helper()
	for _, m := range marks {
		if !slices.Contains(p.Marks, m) {
			t.Errorf("mark %s is missing in %v", m, p.Marks)
		}
	}
}

func unmarked(t *testing.T, p *Parsed) {
	t.Helper()
	if len(p.Marks) > 0 {
		t.Errorf("marks = %v, want none", p.Marks)
	}
}

// kept checks the fields of sound.
func kept(t *testing.T, p *Parsed) {
	t.Helper()
	if p.RFCID != "m1@acme.example" || p.author() != "anna@acme.example" || p.Date == 0 || p.Subject != "Offer" {
		t.Errorf("header lost: id %q, from %q, date %v, subject %q", p.RFCID, p.author(), p.Date, p.Subject)
	}
}

func says(t *testing.T, p *Parsed, words ...string) {
	t.Helper()
	for _, w := range words {
		if !strings.Contains(p.Text, w) {
			t.Errorf("text lacks %q: %.200q", w, p.Text)
		}
	}
}

func addresses(p *Parsed, role crm.Role) []string {
	var out []string
	for _, q := range p.Participants {
		if q.Role == role {
			out = append(out, string(q.Address))
		}
	}
	return out
}

func nested(n int) func() []byte {
	return func() []byte {
		var b strings.Builder
		b.WriteString(strings.ReplaceAll(sound, "\n", "\r\n"))
		for i := range n {
			fmt.Fprintf(&b, "Content-Type: multipart/mixed; boundary=\"b%d\"\r\n\r\n--b%d\r\n", i, i)
		}
		b.WriteString("Content-Type: text/plain\r\n\r\ninnermost\r\n")
		for i := n - 1; i >= 0; i-- {
			fmt.Fprintf(&b, "--b%d--\r\n", i)
		}
		return []byte(b.String())
	}
}

func many(head, item string, n int, tail string) func() []byte {
	return func() []byte {
		return []byte(strings.ReplaceAll(head, "\n", "\r\n") + strings.Repeat(item, n) + strings.ReplaceAll(tail, "\n", "\r\n"))
	}
}

func faults() []fault {
	return slices.Concat(faultsOfSize(), faultsOfHeader(), faultsOfBody())
}

func faultsOfSize() []fault {
	return []fault{
		{"60 MB message", many(sound+"Content-Type: multipart/mixed; boundary=b\n\n--b\n\nsee the file\n--b\nContent-Type: application/zip; name=big.zip\nContent-Transfer-Encoding: base64\n\n",
			strings.Repeat("QUJD", 19)+"\r\n", 780_000, "--b--\n"), func(t *testing.T, p *Parsed) {
			kept(t, p)
			says(t, p, "see the file")
			if len(p.Attachments) != 1 || p.Attachments[0].Size != 780_000*57 {
				t.Errorf("attachments = %+v", p.Attachments)
			}
		}},
		{"50 MB line", many(sound+"\n", "lorem ipsum ", 50<<20/12, ""), func(t *testing.T, p *Parsed) {
			kept(t, p)
			marked(t, p, crm.MarkTextTruncated)
			if len(p.Text) != maxText {
				t.Errorf("text has %d bytes", len(p.Text))
			}
		}},
		{"10,000 recipients", func() []byte {
			var b strings.Builder
			b.WriteString("From: a@x.example\r\nTo: ")
			for i := range 10_000 {
				fmt.Fprintf(&b, "Person %d <person%d@company.example>,\r\n ", i, i)
			}
			b.WriteString("last@x.example\r\nSubject: all\r\n\r\nhi\r\n")
			return []byte(b.String())
		}, func(t *testing.T, p *Parsed) {
			if got := addresses(p, crm.RoleTo); len(got) != 10_001 || got[10_000] != "last@x.example" {
				t.Errorf("%d recipients", len(got))
			}
			if p.Subject != "all" {
				t.Errorf("subject %q", p.Subject)
			}
		}},
		{"3 MB References", func() []byte {
			var b strings.Builder
			b.WriteString("References:")
			for i := range 42_000 {
				fmt.Fprintf(&b, " <%d.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@x.example>\r\n", i)
			}
			return []byte(b.String() + strings.ReplaceAll(sound, "\n", "\r\n") + "\r\nhi\r\n")
		}, func(t *testing.T, p *Parsed) {
			kept(t, p)
			marked(t, p, crm.MarkHeaderTruncated)
			n := len(p.References)
			if n != crm.MaxReferences || !strings.HasPrefix(string(p.References[0]), "0.") || !strings.HasPrefix(string(p.References[n-1]), "41999.") {
				t.Errorf("references %d: %v", n, p.References)
			}
		}},
		{"1 MB encoded subject", many("Subject: ", "=?utf-8?B?xYHDs2TFuiB3aXRhIQ==?=\r\n ", 30_000, "\nFrom: a@x.example\n\nhi"), func(t *testing.T, p *Parsed) {
			marked(t, p, crm.MarkHeaderTruncated)
			if n := utf8.RuneCountInString(p.Subject); n != crm.MaxSubject || !strings.HasPrefix(p.Subject, "Łódź wita!") {
				t.Errorf("subject of %d runes: %.40q", n, p.Subject)
			}
			if p.author() != "a@x.example" {
				t.Errorf("from %q", p.author())
			}
		}},
		{"200,000 broken encoded words", many("From: a@x.example\nSubject: ", "=?utf-8?B?x ", 200_000, "\n\nhi"), func(t *testing.T, p *Parsed) {
			says(t, p, "hi")
		}},
		{"10 MB header line", many("X-Junk: ", "abcdefghij", 1<<20, "\n"+sound+"\nhi"), func(t *testing.T, p *Parsed) {
			kept(t, p)
			marked(t, p, crm.MarkHeaderTruncated)
			says(t, p, "hi")
		}},
		{"100,000 headers", many("", "X-Spam: 1234\r\n", 100_000, sound+"\nhi"), func(t *testing.T, p *Parsed) {
			kept(t, p)
			marked(t, p, crm.MarkHeaderTruncated)
			says(t, p, "hi")
			if len(p.Headers) > 2*maxFields {
				t.Errorf("%d headers kept", len(p.Headers))
			}
		}},
		{"1,000 nested multiparts", nested(1000), func(t *testing.T, p *Parsed) {
			kept(t, p)
			marked(t, p, crm.MarkPartsTruncated)
		}},
		{"10,000 nested multiparts", nested(10_000), func(t *testing.T, p *Parsed) {
			kept(t, p)
			marked(t, p, crm.MarkPartsTruncated)
		}},
		{"100,000 parts", many(sound+"Content-Type: multipart/mixed; boundary=b\n\n", "--b\r\n\r\npart of the text\r\n", 100_000, "--b--\n"), func(t *testing.T, p *Parsed) {
			kept(t, p)
			marked(t, p, crm.MarkPartsTruncated)
			if n := strings.Count(p.Text, "part of the text"); n < maxParts-1 || n > maxParts {
				t.Errorf("%d parts in the text", n)
			}
		}},
		{"1,000 nested message/rfc822", many(sound, "Content-Type: message/rfc822\r\n\r\nSubject: inner\r\n", 1000, "\nhi"), func(t *testing.T, p *Parsed) {
			kept(t, p)
			if len(p.Attachments) != 1 || p.Attachments[0].Name != "inner.eml" || p.Text != "" {
				t.Errorf("attachments %+v, text %q", p.Attachments, p.Text)
			}
		}},
		{"20,000 continuations", func() []byte {
			var b strings.Builder
			b.WriteString(strings.ReplaceAll(sound, "\n", "\r\n") + "Content-Type: application/pdf")
			for i := range 20_000 {
				fmt.Fprintf(&b, ";\r\n name*%d=x", i)
			}
			return []byte(b.String() + "\r\n\r\nhi")
		}, func(t *testing.T, p *Parsed) {
			kept(t, p)
			if len(p.Attachments) != 1 || len(p.Attachments[0].Name) != maxParameters {
				t.Errorf("attachments %+v", p.Attachments)
			}
		}},
		{"200,000 nested div", many(sound+"Content-Type: text/html\n\n", "<div>", 200_000, "deep down"), func(t *testing.T, p *Parsed) {
			kept(t, p)
			says(t, p, "deep down")
		}},
		{"5 MB table", many(sound+"Content-Type: text/html\n\n<table>", "<tr><td>one</td><td>two</td></tr>\r\n", 140_000, "</table>"), func(t *testing.T, p *Parsed) {
			kept(t, p)
			says(t, p, "one two\none two")
			marked(t, p, crm.MarkTextTruncated)
		}},
	}
}

func faultsOfHeader() []fault {
	return []fault{
		{"NUL in header", exactly("From: a@x.example\r\nSubject: one\x00two\r\n\r\nhi"), func(t *testing.T, p *Parsed) {
			marked(t, p, crm.MarkControlBytes)
			if p.Subject != "one\ufffdtwo" {
				t.Errorf("subject %q", p.Subject)
			}
		}},
		{"bare CR line ends", func() []byte { return []byte(strings.ReplaceAll(sound+"\nline one\nline two", "\n", "\r")) }, func(t *testing.T, p *Parsed) {
			kept(t, p)
			marked(t, p, crm.MarkControlBytes)
			says(t, p, "line one\nline two")
		}},
		{"raw latin-1 header", exactly("From: J\xfcrgen M\xfcller <j@x.example>\r\nSubject: Gr\xfc\xdfe\r\n\r\nhi"), func(t *testing.T, p *Parsed) {
			marked(t, p, crm.MarkCharset)
			if p.Subject != "Grüße" || p.Participants[0].Name != "Jürgen Müller" || p.Participants[0].Address != "j@x.example" {
				t.Errorf("subject %q, %+v", p.Subject, p.Participants)
			}
		}},
		{"raw UTF-8 header", exactly("From: Jürgen <j@x.example>\r\nDate: Mon, 2 Mar 2026 10:00:00 +0100\r\nMessage-ID: <a@b>\r\nSubject: Łódź\r\n\r\nhi"), func(t *testing.T, p *Parsed) {
			unmarked(t, p)
			if p.Subject != "Łódź" || p.Participants[0].Name != "Jürgen" {
				t.Errorf("subject %q, %+v", p.Subject, p.Participants)
			}
		}},
		{"no Date", text("From: a@x.example\nMessage-ID: <m@x>\n\nhi"), func(t *testing.T, p *Parsed) {
			marked(t, p, crm.MarkDateGuessed)
			if p.Date != 0 || p.RawDate != "" {
				t.Errorf("date %v %q", p.Date, p.RawDate)
			}
		}},
		{"bogus Date", text("From: a@x.example\nDate: the day after tomorrow\n\nhi"), func(t *testing.T, p *Parsed) {
			marked(t, p, crm.MarkDateGuessed)
			if p.Date != 0 || p.RawDate != "the day after tomorrow" {
				t.Errorf("date %v %q", p.Date, p.RawDate)
			}
		}},
		{"no Message-ID", text("From: a@x.example\nDate: Mon, 2 Mar 2026 10:00:00 +0100\nSubject: s\n\nhi"), func(t *testing.T, p *Parsed) {
			marked(t, p, crm.MarkNoMessageID)
			again := Parse([]byte("From: a@x.example\nDate: Mon, 2 Mar 2026 10:00:00 +0100\nSubject: s\n\nhi\n\n"))
			if key := crm.IDKey("k"); p.RFCID != "" || p.MessageID(key) != again.MessageID(key) {
				t.Error("the id hangs on line ends")
			}
		}},
		{"same Message-ID, other content", text(sound + "\nother words"), func(t *testing.T, p *Parsed) {
			q := Parse([]byte(sound + "\nfirst words"))
			if key := crm.IDKey("k"); p.RFCID != q.RFCID || p.MessageID(key) == q.MessageID(key) {
				t.Error("two contents have one id")
			}
		}},
		{"Message-ID with spaces", text("From: a@x.example\nMessage-ID: <one two @ three>\n\nhi"), func(t *testing.T, p *Parsed) {
			if p.RFCID != "one two @ three" {
				t.Errorf("id %q", p.RFCID)
			}
		}},
		{"mbox first line", text("From anna@acme.example Mon Mar  2 10:00:00 2026\n" + sound + "\nhi"), func(t *testing.T, p *Parsed) {
			kept(t, p)
			unmarked(t, p)
		}},
		{"header only", text(sound + "\n"), func(t *testing.T, p *Parsed) {
			kept(t, p)
			unmarked(t, p)
		}},
		{"header without blank line", text(sound + "and then the body starts\nat once"), func(t *testing.T, p *Parsed) {
			kept(t, p)
			marked(t, p, crm.MarkStructure)
			says(t, p, "and then the body starts\nat once")
		}},
		{"empty message", exactly(""), func(t *testing.T, p *Parsed) {
			marked(t, p, crm.MarkUnparsable, crm.MarkNoMessageID, crm.MarkDateGuessed)
		}},
		{"garbage", func() []byte {
			rng := rand.New(rand.NewPCG(7, 7))
			b := make([]byte, 100<<10)
			for i := range b {
				b[i] = byte(rng.Uint32())
			}
			return b
		}, func(t *testing.T, p *Parsed) {
			marked(t, p, crm.MarkUnparsable)
			if p.MessageID(crm.IDKey("k")) == Parse([]byte{0, 1, 2}).MessageID(crm.IDKey("k")) {
				t.Error("all garbage has one id")
			}
		}},
		{"two From headers", text("From: boss@acme.example\n" + sound + "\nhi"), func(t *testing.T, p *Parsed) {
			marked(t, p, crm.MarkManyFrom)
			if got := addresses(p, crm.RoleFrom); !slices.Equal(got, []string{"boss@acme.example", "anna@acme.example"}) {
				t.Errorf("from %v", got)
			}
		}},
		{"group syntax", text("From: a@x.example\nTo: Team: Bob <b@x.example>, c@x.example;\nCc: undisclosed-recipients:;\n\nhi"), func(t *testing.T, p *Parsed) {
			if got := addresses(p, crm.RoleTo); !slices.Equal(got, []string{"b@x.example", "c@x.example"}) || len(p.Participants) != 3 {
				t.Errorf("%+v", p.Participants)
			}
		}},
		{"one bad address among three", text("From: a@x.example\nTo: Bob <b@x.example>, a@b@c, Carol <c@x.example>\n\nhi"), func(t *testing.T, p *Parsed) {
			marked(t, p, crm.MarkAddress)
			if got := addresses(p, crm.RoleTo); !slices.Equal(got, []string{"b@x.example", "", "c@x.example"}) || p.Participants[2].Raw != "a@b@c" {
				t.Errorf("%+v", p.Participants)
			}
		}},
	}
}

func faultsOfBody() []fault {
	return []fault{
		{"NUL in body", exactly("From: a@x.example\r\n\r\none\x00two"), func(t *testing.T, p *Parsed) {
			marked(t, p, crm.MarkControlBytes)
			says(t, p, "one\ufffdtwo")
		}},
		{"unknown charset", exactly("From: a@x.example\r\nContent-Type: text/plain; charset=x-martian\r\n\r\ncaf\xe9"), func(t *testing.T, p *Parsed) {
			marked(t, p, crm.MarkCharset)
			says(t, p, "café")
		}},
		{"utf-7", text(sound + "Content-Type: text/plain; charset=utf-7\n\nHi Mom -+Jjo--! 1 +- 1"), func(t *testing.T, p *Parsed) {
			unmarked(t, p)
			says(t, p, "Hi Mom -☺-! 1 + 1")
		}},
		{"wrong base64 with clear footer", text(sound + "Content-Transfer-Encoding: base64\n\nSGVsbG8gd29y!bGQ=\n_______\nMailing list: see https://lists.example\n"), func(t *testing.T, p *Parsed) {
			marked(t, p, crm.MarkEncoding)
			says(t, p, "Hello world", "Mailing list: see https://lists.example")
		}},
		{"unclosed multipart", text(sound + "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nfirst\n--b\nContent-Type: image/png; name=p.png\n\nxxxx"), func(t *testing.T, p *Parsed) {
			kept(t, p)
			marked(t, p, crm.MarkStructure)
			says(t, p, "first")
			if len(p.Attachments) != 1 || p.Attachments[0] != (crm.Attachment{Name: "p.png", Type: "image/png", Size: 4}) {
				t.Errorf("attachments %+v", p.Attachments)
			}
		}},
		{"multipart without boundary", text(sound + "Content-Type: multipart/mixed\n\n--b\n\nall of it"), func(t *testing.T, p *Parsed) {
			kept(t, p)
			marked(t, p, crm.MarkStructure)
			says(t, p, "all of it")
		}},
		{"multipart with empty boundary", text(sound + "Content-Type: multipart/mixed; boundary=\"\"\n\n--\n\nall of it"), func(t *testing.T, p *Parsed) {
			kept(t, p)
			marked(t, p, crm.MarkStructure)
			says(t, p, "all of it")
		}},
		{"unknown transfer encoding", text(sound + "Content-Transfer-Encoding: x-gzip64\n\nstill = here"), func(t *testing.T, p *Parsed) {
			kept(t, p)
			marked(t, p, crm.MarkEncoding)
			says(t, p, "still = here")
		}},
		{"file name with path", text(sound + "Content-Type: application/pdf\nContent-Disposition: attachment; filename=\"../../etc/passwd\"\n\nx"), func(t *testing.T, p *Parsed) {
			if len(p.Attachments) != 1 || p.Attachments[0].Name != "passwd" {
				t.Errorf("attachments %+v", p.Attachments)
			}
		}},
		{"message/global part", text(sound + "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nsee below\n--b\nContent-Type: message/global\n\nSubject: Grüße\n\ninner\n--b--"), func(t *testing.T, p *Parsed) {
			kept(t, p)
			unmarked(t, p)
			says(t, p, "see below")
			if len(p.Attachments) != 1 || p.Attachments[0].Name != "Grüße.eml" || strings.Contains(p.Text, "inner") {
				t.Errorf("attachments %+v, text %q", p.Attachments, p.Text)
			}
		}},
	}
}

// TestFaults feeds every crafted fault: it must be read as expected, within a
// second and without memory out of proportion.
func TestFaults(t *testing.T) {
	if n := len(faults()); n != 42 {
		t.Fatalf("%d faults, want 42", n)
	}
	limit := time.Second
	if raceEnabled {
		limit *= 10
	}
	for _, f := range faults() {
		t.Run(f.name, func(t *testing.T) {
			raw := f.raw()
			before := bytes.Clone(raw[:min(len(raw), 1<<20)])
			var best time.Duration
			var used uint64
			var p *Parsed
			for try := range 3 { // the machine may be busy
				var m0, m1 runtime.MemStats
				runtime.ReadMemStats(&m0)
				start := time.Now()
				p = Parse(raw)
				took := time.Since(start)
				runtime.ReadMemStats(&m1)
				used = m1.TotalAlloc - m0.TotalAlloc
				if best = took; try > 0 {
					best = min(best, took)
				}
				if best < limit/2 {
					break
				}
			}
			if best > limit {
				t.Errorf("took %v", best)
			}
			if most := uint64(64<<20 + 2*len(raw)); used > most {
				t.Errorf("allocated %d MB for %d MB", used>>20, len(raw)>>20)
			}
			if !bytes.Equal(before, raw[:len(before)]) {
				t.Error("the input was changed")
			}
			t.Logf("%d bytes in %v, %d MB allocated", len(raw), best, used>>20)
			f.check(t, p)
			holds(t, p)
		})
	}
}
