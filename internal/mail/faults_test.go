package mail

import (
	"bytes"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"threadline/internal/crm"
	"threadline/internal/mail/mailtest"
)

// fault is what must come of one of the crafted messages of mailtest.
type fault struct {
	name  string
	check func(t *testing.T, p *Parsed)
}

const sound = mailtest.Sound

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

func faults() []fault {
	return slices.Concat(faultsOfSize(), faultsOfHeader(), faultsOfBody())
}

func faultsOfSize() []fault {
	return []fault{
		{"60 MB message", func(t *testing.T, p *Parsed) {
			kept(t, p)
			says(t, p, "see the file")
			if len(p.Attachments) != 1 || p.Attachments[0].Size != 780_000*57 {
				t.Errorf("attachments = %+v", p.Attachments)
			}
		}},
		{"50 MB line", func(t *testing.T, p *Parsed) {
			kept(t, p)
			marked(t, p, crm.MarkTextTruncated)
			if len(p.Text) != maxText {
				t.Errorf("text has %d bytes", len(p.Text))
			}
		}},
		{"10,000 recipients", func(t *testing.T, p *Parsed) {
			if got := addresses(p, crm.RoleTo); len(got) != 10_001 || got[10_000] != "last@x.example" {
				t.Errorf("%d recipients", len(got))
			}
			if p.Subject != "all" {
				t.Errorf("subject %q", p.Subject)
			}
		}},
		{"3 MB References", func(t *testing.T, p *Parsed) {
			kept(t, p)
			marked(t, p, crm.MarkHeaderTruncated)
			n := len(p.References)
			if n != crm.MaxReferences || !strings.HasPrefix(string(p.References[0]), "0.") || !strings.HasPrefix(string(p.References[n-1]), "41999.") {
				t.Errorf("references %d: %v", n, p.References)
			}
		}},
		{"1 MB encoded subject", func(t *testing.T, p *Parsed) {
			marked(t, p, crm.MarkHeaderTruncated)
			if n := utf8.RuneCountInString(p.Subject); n != crm.MaxSubject || !strings.HasPrefix(p.Subject, "Łódź wita!") {
				t.Errorf("subject of %d runes: %.40q", n, p.Subject)
			}
			if p.author() != "a@x.example" {
				t.Errorf("from %q", p.author())
			}
		}},
		{"200,000 broken encoded words", func(t *testing.T, p *Parsed) {
			says(t, p, "hi")
		}},
		{"10 MB header line", func(t *testing.T, p *Parsed) {
			kept(t, p)
			marked(t, p, crm.MarkHeaderTruncated)
			says(t, p, "hi")
		}},
		{"100,000 headers", func(t *testing.T, p *Parsed) {
			kept(t, p)
			marked(t, p, crm.MarkHeaderTruncated)
			says(t, p, "hi")
			if len(p.Headers) > 2*maxFields {
				t.Errorf("%d headers kept", len(p.Headers))
			}
		}},
		{"1,000 nested multiparts", func(t *testing.T, p *Parsed) {
			kept(t, p)
			marked(t, p, crm.MarkPartsTruncated)
		}},
		{"10,000 nested multiparts", func(t *testing.T, p *Parsed) {
			kept(t, p)
			marked(t, p, crm.MarkPartsTruncated)
		}},
		{"100,000 parts", func(t *testing.T, p *Parsed) {
			kept(t, p)
			marked(t, p, crm.MarkPartsTruncated)
			if n := strings.Count(p.Text, "part of the text"); n < maxParts-1 || n > maxParts {
				t.Errorf("%d parts in the text", n)
			}
		}},
		{"1,000 nested message/rfc822", func(t *testing.T, p *Parsed) {
			kept(t, p)
			if len(p.Attachments) != 1 || p.Attachments[0].Name != "inner.eml" || p.Text != "" {
				t.Errorf("attachments %+v, text %q", p.Attachments, p.Text)
			}
		}},
		{"20,000 continuations", func(t *testing.T, p *Parsed) {
			kept(t, p)
			if len(p.Attachments) != 1 || len(p.Attachments[0].Name) != maxParameters {
				t.Errorf("attachments %+v", p.Attachments)
			}
		}},
		{"200,000 nested div", func(t *testing.T, p *Parsed) {
			kept(t, p)
			says(t, p, "deep down")
		}},
		{"5 MB table", func(t *testing.T, p *Parsed) {
			kept(t, p)
			says(t, p, "one two\none two")
			marked(t, p, crm.MarkTextTruncated)
		}},
	}
}

func faultsOfHeader() []fault {
	return []fault{
		{"NUL in header", func(t *testing.T, p *Parsed) {
			marked(t, p, crm.MarkControlBytes)
			if p.Subject != "one\ufffdtwo" {
				t.Errorf("subject %q", p.Subject)
			}
		}},
		{"bare CR line ends", func(t *testing.T, p *Parsed) {
			kept(t, p)
			marked(t, p, crm.MarkControlBytes)
			says(t, p, "line one\nline two")
		}},
		{"raw latin-1 header", func(t *testing.T, p *Parsed) {
			marked(t, p, crm.MarkCharset)
			if p.Subject != "Grüße" || p.Participants[0].Name != "Jürgen Müller" || p.Participants[0].Address != "j@x.example" {
				t.Errorf("subject %q, %+v", p.Subject, p.Participants)
			}
		}},
		{"raw UTF-8 header", func(t *testing.T, p *Parsed) {
			unmarked(t, p)
			if p.Subject != "Łódź" || p.Participants[0].Name != "Jürgen" {
				t.Errorf("subject %q, %+v", p.Subject, p.Participants)
			}
		}},
		{"no Date", func(t *testing.T, p *Parsed) {
			marked(t, p, crm.MarkDateGuessed)
			if p.Date != 0 || p.RawDate != "" {
				t.Errorf("date %v %q", p.Date, p.RawDate)
			}
		}},
		{"bogus Date", func(t *testing.T, p *Parsed) {
			marked(t, p, crm.MarkDateGuessed)
			if p.Date != 0 || p.RawDate != "the day after tomorrow" {
				t.Errorf("date %v %q", p.Date, p.RawDate)
			}
		}},
		{"no Message-ID", func(t *testing.T, p *Parsed) {
			marked(t, p, crm.MarkNoMessageID)
			again := Parse([]byte("From: a@x.example\nDate: Mon, 2 Mar 2026 10:00:00 +0100\nSubject: s\n\nhi\n\n"))
			if key := crm.IDKey("k"); p.RFCID != "" || p.MessageID(key) != again.MessageID(key) {
				t.Error("the id hangs on line ends")
			}
		}},
		{"same Message-ID, other content", func(t *testing.T, p *Parsed) {
			q := Parse([]byte(sound + "\nfirst words"))
			if key := crm.IDKey("k"); p.RFCID != q.RFCID || p.MessageID(key) == q.MessageID(key) {
				t.Error("two contents have one id")
			}
		}},
		{"Message-ID with spaces", func(t *testing.T, p *Parsed) {
			if p.RFCID != "one two @ three" {
				t.Errorf("id %q", p.RFCID)
			}
		}},
		{"mbox first line", func(t *testing.T, p *Parsed) {
			kept(t, p)
			unmarked(t, p)
		}},
		{"header only", func(t *testing.T, p *Parsed) {
			kept(t, p)
			unmarked(t, p)
		}},
		{"header without blank line", func(t *testing.T, p *Parsed) {
			kept(t, p)
			marked(t, p, crm.MarkStructure)
			says(t, p, "and then the body starts\nat once")
		}},
		{"empty message", func(t *testing.T, p *Parsed) {
			marked(t, p, crm.MarkUnparsable, crm.MarkNoMessageID, crm.MarkDateGuessed)
		}},
		{"garbage", func(t *testing.T, p *Parsed) {
			marked(t, p, crm.MarkUnparsable)
			if p.MessageID(crm.IDKey("k")) == Parse([]byte{0, 1, 2}).MessageID(crm.IDKey("k")) {
				t.Error("all garbage has one id")
			}
		}},
		{"two From headers", func(t *testing.T, p *Parsed) {
			marked(t, p, crm.MarkManyFrom)
			if got := addresses(p, crm.RoleFrom); !slices.Equal(got, []string{"boss@acme.example", "anna@acme.example"}) {
				t.Errorf("from %v", got)
			}
		}},
		{"group syntax", func(t *testing.T, p *Parsed) {
			if got := addresses(p, crm.RoleTo); !slices.Equal(got, []string{"b@x.example", "c@x.example"}) || len(p.Participants) != 3 {
				t.Errorf("%+v", p.Participants)
			}
		}},
		{"one bad address among three", func(t *testing.T, p *Parsed) {
			marked(t, p, crm.MarkAddress)
			if got := addresses(p, crm.RoleTo); !slices.Equal(got, []string{"b@x.example", "", "c@x.example"}) || p.Participants[2].Raw != "a@b@c" {
				t.Errorf("%+v", p.Participants)
			}
		}},
	}
}

func faultsOfBody() []fault {
	return []fault{
		{"NUL in body", func(t *testing.T, p *Parsed) {
			marked(t, p, crm.MarkControlBytes)
			says(t, p, "one\ufffdtwo")
		}},
		{"unknown charset", func(t *testing.T, p *Parsed) {
			marked(t, p, crm.MarkCharset)
			says(t, p, "café")
		}},
		{"utf-7", func(t *testing.T, p *Parsed) {
			unmarked(t, p)
			says(t, p, "Hi Mom -☺-! 1 + 1")
		}},
		{"wrong base64 with clear footer", func(t *testing.T, p *Parsed) {
			marked(t, p, crm.MarkEncoding)
			says(t, p, "Hello world", "Mailing list: see https://lists.example")
		}},
		{"unclosed multipart", func(t *testing.T, p *Parsed) {
			kept(t, p)
			marked(t, p, crm.MarkStructure)
			says(t, p, "first")
			if len(p.Attachments) != 1 || p.Attachments[0] != (crm.Attachment{Name: "p.png", Type: "image/png", Size: 4}) {
				t.Errorf("attachments %+v", p.Attachments)
			}
		}},
		{"multipart without boundary", func(t *testing.T, p *Parsed) {
			kept(t, p)
			marked(t, p, crm.MarkStructure)
			says(t, p, "all of it")
		}},
		{"multipart with empty boundary", func(t *testing.T, p *Parsed) {
			kept(t, p)
			marked(t, p, crm.MarkStructure)
			says(t, p, "all of it")
		}},
		{"unknown transfer encoding", func(t *testing.T, p *Parsed) {
			kept(t, p)
			marked(t, p, crm.MarkEncoding)
			says(t, p, "still = here")
		}},
		{"file name with path", func(t *testing.T, p *Parsed) {
			if len(p.Attachments) != 1 || p.Attachments[0].Name != "passwd" {
				t.Errorf("attachments %+v", p.Attachments)
			}
		}},
		{"message/global part", func(t *testing.T, p *Parsed) {
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
	if n := len(faults()); n != 42 || len(mailtest.Named()) != n {
		t.Fatalf("%d faults of %d mails, want 42", n, len(mailtest.Named()))
	}
	checks := map[string]func(*testing.T, *Parsed){}
	for _, f := range slices.Concat(faults(), odds()) {
		checks[f.name] = f.check
	}
	for _, h := range slices.Concat(mailtest.Named(), mailtest.More(), mailtest.Odd()) {
		t.Run(h.Name, func(t *testing.T) {
			check := checks[h.Name]
			if check == nil {
				check = func(*testing.T, *Parsed) {} // of those that only must be bearable
			}
			bearable(t, h.Raw(), check)
		})
	}
}

func bearable(t *testing.T, raw []byte, check func(*testing.T, *Parsed)) {
	limit := time.Second
	if raceEnabled {
		limit *= 10
	}
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
	check(t, p)
	holds(t, p)
}
