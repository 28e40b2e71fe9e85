package demo

import (
	"bytes"
	"io"
	"mime"
	"net/mail"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/htmlindex"

	"threadline/internal/crm"
)

// moments are points in time at which a world must be in order: an ordinary
// morning, a night of Sunday, a leap day, the change of summer time.
func moments() []time.Time {
	return []time.Time{
		time.Date(2026, 9, 23, 10, 15, 0, 0, time.UTC),
		time.Date(2026, 3, 29, 3, 0, 0, 0, time.UTC),
		time.Date(2028, 2, 29, 23, 59, 59, 0, time.UTC),
		time.Date(2027, 1, 1, 0, 0, 1, 0, time.UTC),
	}
}

func now() time.Time { return moments()[0] }

func parse(t *testing.T, m Mail) *mail.Message {
	t.Helper()
	p, err := mail.ReadMessage(bytes.NewReader(m.Raw))
	if err != nil {
		t.Fatalf("mail of %s does not parse: %v\n%s", m.Date, err, m.Raw)
	}
	return p
}

func TestSameSeedSameBytes(t *testing.T) {
	a, b := NewWorld(now(), 7), NewWorld(now(), 7)
	if !slices.EqualFunc(a.Mails, b.Mails, sameMail) {
		t.Error("two worlds of one seed differ in their mails")
	}
	if diff := cmp.Diff(a.Deals, b.Deals); diff != "" {
		t.Errorf("deals of one seed differ:\n%s", diff)
	}
	for n := range 40 {
		if !sameMail(a.Next(now(), n), b.Next(now(), n)) {
			t.Errorf("arriving mail %d differs", n)
		}
	}
	if slices.EqualFunc(a.Mails, NewWorld(now(), 8).Mails, sameMail) {
		t.Error("another seed gives the same mails")
	}
}

func sameMail(a, b Mail) bool {
	return a.Folder == b.Folder && a.Date.Equal(b.Date) && slices.Equal(a.Flags, b.Flags) && bytes.Equal(a.Raw, b.Raw)
}

func TestMailsAreWellFormed(t *testing.T) {
	for i := range 8 {
		at := moments()[i%len(moments())].Add(time.Duration(i) * 7 * time.Hour)
		w := NewWorld(at, uint64(i))
		last := time.Time{}
		for _, m := range w.Mails {
			checkMail(t, m)
			if m.Date.After(at) || m.Date.Before(at.Add(-span)) {
				t.Errorf("%s: mail of %s is outside the 90 days", at, m.Date)
			}
			if m.Date.Before(last) {
				t.Errorf("%s: mails are not in order of date at %s", at, m.Date)
			}
			last = m.Date
		}
		for n := range 60 {
			checkMail(t, w.Next(at.Add(time.Duration(n)*time.Minute), n))
		}
	}
}

// words decodes encoded words in any charset.
func words() *mime.WordDecoder {
	return &mime.WordDecoder{CharsetReader: func(charset string, r io.Reader) (io.Reader, error) {
		enc, err := htmlindex.Get(charset)
		if err != nil {
			return nil, err
		}
		return enc.NewDecoder().Reader(r), nil
	}}
}

// checkMail reads a mail as a client would: headers, addresses, all parts.
func checkMail(t *testing.T, m Mail) {
	t.Helper()
	p := parse(t, m)
	for _, name := range []string{"From", "Message-Id", "Date", "Subject", "Mime-Version"} {
		if p.Header.Get(name) == "" {
			t.Errorf("no %s in\n%s", name, m.Raw)
		}
	}
	if d, err := p.Header.Date(); err != nil || !d.Equal(m.Date) {
		t.Errorf("Date is %v (%v), the mail says %v", d, err, m.Date)
	}
	for _, name := range []string{"From", "To", "Cc"} {
		if p.Header.Get(name) == "" {
			continue
		}
		list, err := (&mail.AddressParser{WordDecoder: words()}).ParseList(p.Header.Get(name))
		if err != nil {
			t.Errorf("%s %q: %v", name, p.Header.Get(name), err)
		}
		for _, a := range list {
			if _, err := crm.ParseAddress(a.Address); err != nil || !strings.HasSuffix(a.Address, ".example") {
				t.Errorf("address %q: %v", a.Address, err)
			}
		}
	}
	if bytes.Contains(bytes.ReplaceAll(m.Raw, []byte("\r\n"), nil), []byte("\n")) {
		t.Errorf("a bare LF in\n%s", m.Raw)
	}
	for line := range bytes.Lines(m.Raw) {
		if len(line) > 1000 {
			t.Errorf("a line of %d bytes", len(line))
		}
	}
	walk(t, m, map[string][]string(p.Header), p.Body)
}

func TestTextsAreFilled(t *testing.T) {
	for _, m := range NewWorld(now(), 1).Mails {
		for _, leaf := range leaves(t, m) {
			if strings.HasPrefix(leaf.kind, "text/plain") && strings.ContainsAny(leaf.text, "{}") {
				t.Errorf("an open placeholder in\n%s", leaf.text)
			}
		}
		subject, err := words().DecodeHeader(parse(t, m).Header.Get("Subject"))
		if strings.ContainsAny(subject, "{}") || err != nil {
			t.Errorf("subject %q: %v", subject, err)
		}
	}
}

func TestReferencesResolve(t *testing.T) {
	for _, at := range moments() {
		w := NewWorld(at, 1)
		dates := map[string]time.Time{}
		for _, m := range w.Mails {
			id := parse(t, m).Header.Get("Message-Id")
			if _, twice := dates[id]; twice {
				t.Errorf("Message-ID %s twice", id)
			}
			dates[id] = m.Date
		}
		threaded := 0
		check := func(m Mail) {
			h := parse(t, m).Header
			refs := strings.Fields(h.Get("References"))
			if len(refs) > 0 {
				threaded++
				if h.Get("In-Reply-To") != refs[len(refs)-1] {
					t.Errorf("In-Reply-To %q is not the last of References", h.Get("In-Reply-To"))
				}
			}
			for _, r := range refs {
				if d, ok := dates[r]; !ok || !d.Before(m.Date) {
					t.Errorf("reference %s of %s: known %t, written %s", r, m.Date, ok, d)
				}
			}
		}
		for _, m := range w.Mails {
			check(m)
		}
		for n := range 30 {
			check(w.Next(at.Add(time.Duration(n+1)*time.Minute), n))
		}
		if threaded < 150 {
			t.Errorf("only %d mails belong to a thread", threaded)
		}
	}
}

func TestDealsAgreeWithPipeline(t *testing.T) {
	for _, at := range moments() {
		w := NewWorld(at, 3)
		kinds := map[crm.StageKind]int{}
		open := map[int]int{}
		for _, d := range w.Deals {
			stage, ok := crm.DefaultPipeline().Stage(d.Stage)
			if !ok {
				t.Fatalf("deal %q has the unknown stage %q", d.Name, d.Stage)
			}
			kinds[stage.Kind]++
			if closed := stage.Kind != crm.StageOpen; closed == d.Closed.IsZero() || closed && !d.Closed.After(d.Created) {
				t.Errorf("deal %q: stage %s, created %s, closed %s", d.Name, d.Stage, d.Created, d.Closed)
			}
			if d.Amount <= 0 || d.Created.After(at) || d.Closed.After(at) {
				t.Errorf("deal %q: amount %d, created %s, closed %s", d.Name, d.Amount, d.Created, d.Closed)
			}
			if stage.Kind == crm.StageOpen {
				open[d.Contacts[0]]++
			}
			for _, c := range d.Contacts {
				if w.Contacts[c].Company != d.Company {
					t.Errorf("deal %q: contact %q is of another company", d.Name, w.Contacts[c].Name)
				}
			}
		}
		if kinds[crm.StageWon] != 9 || kinds[crm.StageLost] != 5 || kinds[crm.StageOpen] != 15 {
			t.Errorf("deals by result: %v", kinds)
		}
		twice := 0
		for _, n := range open {
			if n > 1 {
				twice++
			}
		}
		if twice < 2 {
			t.Errorf("%d contacts have two open deals, want at least 2", twice)
		}
	}
}

func TestDirectoryIsValid(t *testing.T) {
	w := NewWorld(now(), 1)
	for _, c := range w.Contacts {
		for _, a := range c.Emails {
			if got, err := crm.ParseAddress(string(a)); err != nil || got != a {
				t.Errorf("%s: address %q: %q, %v", c.Name, a, got, err)
			}
		}
		for _, p := range c.Phones {
			if got, err := crm.ParsePhone(string(p), ""); err != nil || got != p {
				t.Errorf("%s: phone %q: %q, %v", c.Name, p, got, err)
			}
		}
	}
	for _, c := range w.Companies {
		for _, d := range c.Domains {
			if got, err := crm.ParseDomain(string(d)); err != nil || got != d {
				t.Errorf("%s: domain %q: %q, %v", c.Name, d, got, err)
			}
		}
	}
	if _, err := time.LoadLocation(w.Workspace.Zone); err != nil {
		t.Error(err)
	}
}
