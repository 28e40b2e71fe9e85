package away

import (
	"context"
	"io"
	"log/slog"
	"strings"
	"testing"
	"time"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/mail"
	"threadline/internal/outbox"
	"threadline/internal/store"
	tt "threadline/internal/timeline/timelinetest"
)

func TestAnswersPeopleOnce(t *testing.T) {
	now := tt.Start
	w := tt.Open(t, t.TempDir()+"/data.db", func() time.Time { now = now.Add(time.Millisecond); return now })
	quiet := slog.New(slog.NewTextHandler(io.Discard, nil))
	out := outbox.New(w.Space, outbox.Config{Log: quiet, Open: func(context.Context, crm.Mailbox) (outbox.Sender, error) { return nil, io.EOF }})
	s := New(w.Space, w.Records, out, quiet)
	anna := access.Member(tt.Anna)
	info := store.ChangeInfo{Actor: tt.Anna, Cause: crm.CauseUI}
	from := w.Space.Store().Now()
	_, err := s.Set(t.Context(), anna, info, crm.Away{Mailbox: tt.AnnaMail, On: true, From: from, Until: from.Add(30 * 24 * time.Hour), Text: "I am away."})
	must(t, err)
	n := 0
	arrive := func(m tt.Mail) {
		t.Helper()
		n++
		m.ID = crm.RFCID("in" + string(rune('a'+n)) + "@mx.example")
		if m.Date == 0 {
			m.Date = w.Space.Store().Now()
		}
		if m.To == nil {
			m.To = []crm.Address{tt.AnnaAtWork}
		}
		m.Subject = "Question"
		w.Store(m)
		must(t, s.CatchUp(t.Context()))
	}
	sent := func() []crm.Outgoing {
		t.Helper()
		page, err := out.List(t.Context(), anna, tt.AnnaMail, 100, "")
		must(t, err)
		return page.Values()
	}
	arrive(tt.Mail{From: "ann@people.example"})
	arrive(tt.Mail{From: "ann@people.example", Text: "Again."})
	arrive(tt.Mail{From: "list@people.example", Class: crm.ClassBulk})
	arrive(tt.Mail{From: "other@people.example", Class: crm.ClassAutoReply})
	arrive(tt.Mail{From: "no-reply@people.example"})
	arrive(tt.Mail{From: "hidden@people.example", To: []crm.Address{"all@own.example"}})
	arrive(tt.Mail{From: tt.BobAtWork})
	arrive(tt.Mail{From: "old@people.example", Date: from.Add(-time.Hour)})
	list := sent()
	if len(list) != 1 || list[0].To[0] != "ann@people.example" {
		t.Fatalf("answered: %+v", list)
	}
	m := mail.Parse(list[0].Raw)
	raw := string(list[0].Raw)
	if m.Class != crm.ClassAutoReply || !strings.Contains(raw, "Auto-Submitted: auto-replied") || m.Subject != "Re: Question" || len(m.InReplyTo) != 1 {
		t.Errorf("the answer is %s", raw)
	}
	b := w.Space.Batch() // killed before it wrote down how far it was
	store.Jobs.Delete(b, followID)
	must(t, b.Commit(t.Context()))
	must(t, s.CatchUp(t.Context()))
	now = now.Add(8 * 24 * time.Hour)
	arrive(tt.Mail{From: "ann@people.example"})
	if got := len(sent()); got != 2 {
		t.Errorf("a week later there are %d answers", got)
	}
	now = now.Add(30 * 24 * time.Hour)
	arrive(tt.Mail{From: "late@people.example"})
	if got := len(sent()); got != 2 {
		t.Errorf("back at work, %d answers", got)
	}
	if _, err := s.Set(t.Context(), access.Member(tt.Bob), info, crm.Away{Mailbox: tt.AnnaMail, Text: "x"}); !crm.IsKind(err, crm.NotFound) {
		t.Errorf("somebody else answers for Anna: %v", err)
	}
	for field, a := range map[string]crm.Away{"text": {}, "subject": {Text: "x", Subject: "a\r\nBcc: b"}, "until": {Text: "x", From: 2, Until: 1}, "every": {Text: "x", Every: -1}} {
		a.Mailbox = tt.AnnaMail
		if _, err := s.Set(t.Context(), anna, info, a); err == nil || !strings.Contains(err.Error(), "(field "+field+")") {
			t.Errorf("%s: %v", field, err)
		}
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
