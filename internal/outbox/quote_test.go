package outbox

import (
	"context"
	"log/slog"
	"strings"
	"testing"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/mail"
	"threadline/internal/page"
	"threadline/internal/store"
	tt "threadline/internal/timeline/timelinetest"
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// TestQuote: what is quoted is put below when the mail is handed over, as it is then,
// and nobody sends a draft that quotes what they may not read any more.
func TestQuote(t *testing.T) {
	w := tt.New(t)
	ids := w.Store(tt.Mail{ID: "ask@nord.example", From: "nora@nord.example", To: []crm.Address{tt.AnnaAtWork}, Subject: "Racks", Text: "How much?", Date: crm.At(tt.Start)})
	said := &crm.BodyContent{Text: "How much?", HTML: `<table><tr><td bgcolor="#eee">How <b>much</b>?<script>x()</script></td></tr></table><img src="https://nord.example/logo.png"><img src="https://t.example/p.gif" width="1"><i>seen</i></div>`}
	s := New(w.Space, Config{Log: slog.New(slog.DiscardHandler),
		Body: func(_ context.Context, id crm.MessageID) (*crm.BodyContent, error) {
			if said == nil || id != ids[0] {
				return nil, crm.Errorf(crm.NotFound, "test", "erased")
			}
			return said, nil
		},
		Undress: func(_ context.Context, page string) string { return strings.ReplaceAll(page, "<i>seen</i>", "") }})
	anna, bob := access.Member(tt.Anna), access.Member(tt.Bob)
	d := Draft{Mailbox: tt.AnnaMail, Text: "48.", HTML: "<p>48.</p>", Reply: ids[0], Quote: []string{"On Friday,\r\nNora wrote:"}}
	box, err := store.Mailboxes.Get(t.Context(), w.Space, string(tt.AnnaMail))
	must(t, err)
	o := s.begin(anna, &box.Value, d)
	must(t, s.name(t.Context(), &o, ""))
	must(t, s.compose(t.Context(), anna, &box.Value, &o, d))
	if p := mail.Parse(o.Raw); p.HTML != d.HTML || len(o.Quoted) != 1 || o.Quoted[0] != "On Friday, Nora wrote:" {
		t.Errorf("kept as %q, under %q", p.HTML, o.Quoted)
	}
	whole := func() *mail.Parsed {
		t.Helper()
		raw, err := s.whole(t.Context(), &o)
		must(t, err)
		return mail.Parse(raw)
	}
	p := whole()
	for _, want := range []string{"<p>48.</p><div", "On Friday, Nora wrote:", `bgcolor="#eee"`, "How <b>much</b>?", "logo.png"} {
		if !strings.Contains(p.HTML, want) {
			t.Errorf("%q is not in %q", want, p.HTML)
		}
	}
	if strings.Contains(p.HTML, "x()") || strings.Contains(p.HTML, "t.example") || strings.Contains(p.HTML, "seen") || p.RFCID != o.RFCID {
		t.Errorf("what is handed over has too much: %q", p.HTML)
	}
	if !strings.Contains(p.Text, "48.\n\nOn Friday, Nora wrote:\n> How much?") {
		t.Errorf("the text is %q", p.Text)
	}
	said.HTML = strings.Repeat("<p>large</p>", page.MaxQuoted/10)
	if p := whole(); strings.Contains(p.HTML, "large") || !strings.Contains(p.HTML, "<p>How much?</p>") {
		t.Errorf("a large one is quoted in %d bytes", len(p.HTML))
	}
	said = nil
	if p := whole(); p.HTML != d.HTML {
		t.Errorf("an erased one is quoted as %q", p.HTML)
	}

	must(t, s.mayQuote(t.Context(), anna, &o))
	if err := s.mayQuote(t.Context(), bob, &o); !crm.IsKind(err, crm.NotFound) || !strings.Contains(err.Error(), "quote") {
		t.Errorf("what Bob may not read: %v", err)
	}
	for name, refused := range map[string]Draft{"nothing": {Quote: []string{"x"}}, "too much": {Reply: ids[0], Quote: make([]string, maxHead+1)}} {
		if _, err := head(refused); !crm.IsKind(err, crm.Invalid) {
			t.Errorf("%s is quoted: %v", name, err)
		}
	}
	if err := ready(&crm.Outgoing{To: []crm.Address{"a@b.example"}, Forward: ids[0], Quoted: o.Quoted}, Draft{}); err != nil {
		t.Errorf("passed on without a word: %v", err)
	}
}
