package ledger

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"threadline/internal/crm"
	"threadline/internal/mail"
	"threadline/internal/match"
)

// sortedCase is a labelled set of mails of testdata/threads.txt.
type sortedCase struct {
	name string
	mail []string // lines
	want string
}

func readSorted(t *testing.T) []sortedCase {
	data, err := os.ReadFile("testdata/threads.txt")
	if err != nil {
		t.Fatal(err)
	}
	var out []sortedCase
	for line := range strings.Lines(string(data)) {
		line = strings.TrimSpace(line)
		kind, rest, _ := strings.Cut(line, " ")
		switch kind {
		case "", "#":
		case "t":
			out = append(out, sortedCase{name: rest})
		case "=":
			out[len(out)-1].want = rest
		default:
			out[len(out)-1].mail = append(out[len(out)-1].mail, line)
		}
	}
	return out
}

// rawMail writes a line as the mail that it stands for.
func rawMail(line string) []byte {
	f := append(strings.Split(line, "|"), "", "")
	for i := range f {
		f[i] = strings.TrimSpace(f[i])
	}
	who := strings.Fields(f[0])
	address := func(s string) string {
		switch {
		case s == "us":
			return "ola@us.example"
		case strings.Contains(s, "@"):
			return s
		}
		return s + "@acme.example"
	}
	var day int
	fmt.Sscan(who[1], &day)
	fields := []string{"From: " + address(who[2])}
	for _, w := range who[3:] {
		if cc, ok := strings.CutPrefix(w, "+"); ok {
			fields = append(fields, "Cc: "+address(cc))
		} else {
			fields = append(fields, "To: "+address(w))
		}
	}
	fields = append(fields, "Date: "+time.Date(2026, 1, day, 9, int(who[0][0]-'a'), 0, 0, time.UTC).Format(time.RFC1123Z), "Subject: "+f[1])
	own := f[3]
	if !strings.Contains(own, "Message-ID:") {
		own = "Message-ID: <" + who[0] + "@test.example> ; " + own
	}
	for _, h := range strings.Split(own, " ; ") {
		if h = strings.TrimSpace(h); h != "" {
			fields = append(fields, h)
		}
	}
	fields = append(fields, referring(f[2])...)
	return []byte(strings.Join(fields, "\r\n") + "\r\n\r\nText of " + who[0] + ".\r\n")
}

// referring writes In-Reply-To and References.
func referring(s string) (fields []string) {
	var answers, all []string
	for _, r := range strings.Fields(s) {
		bare := strings.TrimLeft(r, "~^!")
		id := "<" + bare + "@test.example>"
		if r[0] != '~' {
			answers = []string{id}
		}
		if r[0] != '^' {
			all = append(all, id)
		}
	}
	if answers != nil {
		fields = append(fields, "In-Reply-To: "+answers[0])
	}
	if all != nil {
		fields = append(fields, "References: "+strings.Join(all, " "))
	}
	return fields
}

func sortedNode(line string) match.Node {
	p := mail.Parse(rawMail(line))
	m := &crm.Message{ID: crm.MessageID(line[:1]), RFCID: p.RFCID, InReplyTo: p.InReplyTo, Date: p.Date, Subject: p.Subject,
		Participants: p.Participants, Class: p.Class, Mentions: slices.Concat([]crm.RFCID{p.RFCID}, p.InReplyTo, p.References)}
	for _, h := range p.Headers {
		if name := strings.ToLower(h.Name); name == "list-id" {
			m.Heads = append(m.Heads, crm.Header{Name: name, Value: h.Value})
		}
	}
	d := match.Directory{OwnDomains: map[crm.Domain]bool{"us.example": true}}
	m.Seek = d.Read(m).Seek()
	return nodeOf(m)
}

// TestSorted prints how many labelled sets of mails become the conversations that
// people see in them, and fails below its floor.
func TestSorted(t *testing.T) {
	right, all := 0, 0
	for _, c := range readSorted(t) {
		var nodes []match.Node
		for _, line := range c.mail {
			nodes = append(nodes, sortedNode(line))
		}
		by := map[crm.ThreadID]string{}
		for i, s := range match.Threads(nodes) {
			by[s.Talk] += string(nodes[i].ID)
		}
		var got []string
		for _, ids := range by {
			got = append(got, ids)
		}
		slices.Sort(got)
		all++
		if have := strings.Join(got, " "); have == c.want {
			right++
		} else {
			t.Logf("%s: %q, want %q", c.name, have, c.want)
		}
	}
	t.Logf("conversations: %d of %d sets are as people see them", right, all)
	if all < 60 || right < all {
		t.Errorf("%d of %d sets are right", right, all)
	}
}
