package mail

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"threadline/internal/crm"
)

func TestBelow(t *testing.T) {
	l := Letter{ID: "tl.a@own.example", Date: time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC), From: Party{Address: "anna@own.example"},
		To: []Party{{Address: "bo@nord.example"}}, Subject: "Re: Racks", Text: "Yes, łatwo.\n", InReplyTo: "1@nord.example", References: []crm.RFCID{"1@nord.example"}}
	q := Quoted{Head: []string{"On Monday, Bo <bo@nord.example> wrote:"}, Text: "Can you?\n\n> Maybe.\nBo", HTML: "<p>Can <b>you</b>?</p>"}
	write := func(l Letter, q Quoted) *Parsed {
		t.Helper()
		raw, err := Compose(&l)
		if err != nil {
			t.Fatal(err)
		}
		got, err := Below(raw, l.ID, &q)
		if err != nil {
			t.Fatal(err)
		}
		if again, _ := Below(raw, l.ID, &q); !bytes.Equal(again, got) {
			t.Error("the same mails give other bytes")
		}
		p := Parse(got)
		if p.RFCID != l.ID || p.Subject != l.Subject || len(p.InReplyTo) != 1 || p.InReplyTo[0] != l.InReplyTo {
			t.Errorf("the fields became %q, %q, %q", p.RFCID, p.Subject, p.InReplyTo)
		}
		return p
	}
	p := write(l, q)
	if want := "Yes, łatwo.\n\nOn Monday, Bo <bo@nord.example> wrote:\n> Can you?\n>\n>> Maybe.\n> Bo"; strings.TrimSpace(p.Text) != want || p.HTML != "" {
		t.Errorf("as text: %q, %q", p.Text, p.HTML)
	}
	if own := strings.TrimSpace(p.Text[:p.Quoted]); own != "Yes, łatwo." {
		t.Errorf("what was said anew is %q", own)
	}
	l.HTML = "<p>Yes, <i>łatwo</i>.</p>"
	if p = write(l, q); !strings.HasPrefix(p.HTML, l.HTML+`<div class="gmail_quote"><p>On Monday, Bo &lt;bo@nord.example&gt; wrote:</p><blockquote `) || !strings.HasSuffix(p.HTML, "<p>Can <b>you</b>?</p></blockquote></div>") {
		t.Errorf("as a page: %q", p.HTML)
	}
	q.Passed, q.Head = true, []string{"---------- Forwarded message ----------", "From: Bo", "Subject: Racks", "Date: Monday"}
	if p = write(l, q); !strings.Contains(p.Text, "Date: Monday\n\nCan you?\n\n> Maybe.") || strings.Contains(p.HTML, "<blockquote") || !strings.Contains(p.HTML, "From: Bo<br>Subject") {
		t.Errorf("passed on: %q, %q", p.Text, p.HTML)
	}
	if p := write(Letter{ID: l.ID, From: l.From, To: l.To, Subject: l.Subject, InReplyTo: l.InReplyTo, Text: "\n"}, q); !strings.HasPrefix(p.Text, q.Head[0]) {
		t.Errorf("without a word it begins %q", p.Text)
	}
	q.Text = strings.Repeat("zażółć\n", 10_000)
	if p = write(l, q); len(p.Text) > maxQuotedText+1000 || !strings.HasSuffix(strings.TrimSpace(p.Text), cutMark) {
		t.Errorf("%d bytes, ending in %q", len(p.Text), p.Text[len(p.Text)-40:])
	}
}
