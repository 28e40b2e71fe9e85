package timeline_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/ledger"
	"threadline/internal/records"
	"threadline/internal/store"
	"threadline/internal/timeline"
	tt "threadline/internal/timeline/timelinetest"
)

// TestHome: what waits for Anna is on her day and on nobody else's; done takes
// it off; tasks up to today, of hers and of nobody; deals of hers without a next
// step.
func TestHome(t *testing.T) {
	x := newSales(t)
	again := x.Store(tt.Mail{ID: "again@nord.example", Refs: []crm.RFCID{"ask@nord.example", "reply@own.example"}, From: nora, To: []crm.Address{tt.AnnaAtWork},
		Subject: "Re: racks", Text: "And ten?", Date: ago(30 * time.Hour)})[0]
	x.activity(crm.KindTask, 0, map[string]any{"title": "Late", "due": "2026-11-15"})
	x.activity(crm.KindTask, 1, map[string]any{"title": "Today", "due": "2026-11-20", "assignee": string(tt.Anna)})
	x.activity(crm.KindTask, 2, map[string]any{"title": "Bob's", "due": "2026-11-20", "assignee": string(tt.Bob)})
	x.activity(crm.KindTask, 3, map[string]any{"title": "Tomorrow", "due": "2026-11-21"})
	x.activity(crm.KindTask, 5, map[string]any{"title": "Waits for a reply", "due": "2026-11-15", "until_reply": true})
	x.activity(crm.KindTask, 4, map[string]any{"title": "Done", "due": "2026-11-10", "status": "done"})
	x.Make(crm.KindDeal, 1, map[string]any{"name": "Shelves", "pipeline": "sales", "stage": "proposal", "owner": string(tt.Anna)})
	x.Make(crm.KindDeal, 2, map[string]any{"name": "Doors", "pipeline": "sales", "stage": "proposal", "owner": string(tt.Anna), "next_step": "call"})
	x.Make(crm.KindDeal, 3, map[string]any{"name": "Old", "pipeline": "sales", "stage": "won", "owner": string(tt.Anna)})

	h, err := x.s.Home(t.Context(), access.Member(tt.Anna))
	must(t, err)
	if len(h.Waiting) != 1 || h.Waiting[0].ID != again || h.Waiting[0].Days != 1 || h.Waiting[0].From.Address != nora || h.Waiting[0].Subject != "Re: racks" {
		t.Errorf("what waits is %+v", h.Waiting)
	}
	if len(h.Answers) != 1 || h.Answers[0].ID != again {
		t.Errorf("the answers are %+v", h.Answers)
	}
	var tasks []string
	for _, task := range h.Tasks {
		tasks = append(tasks, task.Title)
	}
	if d := cmp.Diff([]string{"Late", "Today"}, tasks); d != "" || h.Tasks[0].Late != 5 || h.Tasks[1].Late != 0 {
		t.Errorf("tasks %+v %s", h.Tasks, d)
	}
	if len(h.Idle) != 1 || h.Idle[0].Name != "Shelves" {
		t.Errorf("idle deals %+v", h.Idle)
	}
	if len(h.Mailboxes) != 1 || h.Mailboxes[0].ID != tt.AnnaMail {
		t.Errorf("mailboxes %+v", h.Mailboxes)
	}

	bob, err := x.s.Home(t.Context(), access.Member(tt.Bob))
	must(t, err)
	if len(bob.Waiting)+len(bob.Answers) != 0 || slices.ContainsFunc(bob.Mailboxes, func(m timeline.HomeMailbox) bool { return m.ID == tt.AnnaMail }) {
		t.Errorf("Bob sees %+v", bob)
	}
	if _, err := x.s.Home(t.Context(), access.Operator()); !crm.IsKind(err, crm.Denied) {
		t.Errorf("the operator gets %v", err)
	}

	_, err = ledger.Done(t.Context(), x.Space, store.ChangeInfo{Actor: tt.Anna, Cause: crm.CauseUI}, again)
	must(t, err)
	must(t, ledger.NewFollower(x.Space, nil).CatchUp(t.Context()))
	h, err = x.s.Home(t.Context(), access.Member(tt.Anna))
	must(t, err)
	if len(h.Waiting) != 0 {
		t.Errorf("what is done waits: %+v", h.Waiting)
	}
	s, err := x.s.Sheet(t.Context(), access.Member(tt.Anna), string(x.ask))
	must(t, err)
	if s.Message.Turn != crm.TurnDone || s.Message.Decides != again || s.Message.Thread == "" {
		t.Errorf("the sheet says %+v", s.Message)
	}
}

// TestConversation: one by any of its names, whose turn, where the subject
// changes, and no subject for those who may not read it.
func TestConversation(t *testing.T) {
	x := newSales(t)
	other := x.Store(tt.Mail{ID: "other@nord.example", Refs: []crm.RFCID{"reply@own.example"}, From: nora, To: []crm.Address{tt.AnnaAtWork}, Subject: "Doors", Date: ago(20 * time.Hour)},
		tt.Mail{ID: "fwd@own.example", Refs: []crm.RFCID{"ask@nord.example"}, From: tt.AnnaAtWork, To: []crm.Address{tt.BobAtWork}, Subject: "Fwd: racks", Date: ago(10 * time.Hour)})
	c := x.talk(t, tt.Anna, x.ask)
	var ids []crm.MessageID
	for _, m := range c.Messages {
		ids = append(ids, m.ID)
		if m.Thread != c.ID {
			t.Errorf("%s is in %s, not in %s", m.ID, m.Thread, c.ID)
		}
	}
	if d := cmp.Diff([]crm.MessageID{x.ask, x.reply, other[0]}, ids); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
	if c.Turn != crm.TurnOurs || c.Decides != other[0] || !slices.Equal(c.Splits, []crm.MessageID{x.reply, other[0]}) {
		t.Errorf("%s by %s, splits %v", c.Turn, c.Decides, c.Splits)
	}
	if f := x.talk(t, tt.Anna, other[1]); len(f.Messages) != 1 || f.Origin == nil || f.Origin.ID != x.ask || f.Turn != "" {
		t.Errorf("what was passed on is in %+v", f)
	}
	if b := x.talk(t, tt.Bob, x.ask); len(b.Splits) != 0 || b.Messages[0].Subject != "" {
		t.Errorf("Bob sees %+v", b)
	}
	list, err := x.s.Waiting(t.Context(), access.Member(tt.Anna), crm.WaitOurs, "", 10)
	must(t, err)
	if len(list.Items) != 1 || list.Items[0].ID != other[0] {
		t.Errorf("what waits is %+v", list)
	}
	if _, err := x.s.Conversation(t.Context(), access.Member(tt.Anna), "msg_zzzzzzzzzzzzzzzzzzzzzzzzzz"); !crm.IsKind(err, crm.NotFound) {
		t.Errorf("a conversation that is not: %v", err)
	}
}

func (x *sales) talk(t *testing.T, who crm.UserID, id crm.MessageID) timeline.Conversation {
	t.Helper()
	m, err := x.s.Message(t.Context(), access.Member(who), id)
	must(t, err)
	c, err := x.s.Conversation(t.Context(), access.Member(who), m.Thread)
	must(t, err)
	return c
}

// TestUpdates: a signature proposes what the records do not know, with its line,
// to those who may read the mail; accepting it is one change that can be undone.
func TestUpdates(t *testing.T) {
	x := newSales(t)
	text := "Ten then.\n\n-- \nNora Lind\nHead of Purchasing\nwww.nord.example\nT: +48 600 000 001\nM: +48 600 000 009\n"
	ids := x.Store(tt.Mail{ID: "sig@nord.example", From: nora, To: []crm.Address{tt.AnnaAtWork}, Subject: "Ten", Text: text, Date: ago(time.Hour)},
		tt.Mail{ID: "bulk@nord.example", From: nora, To: []crm.Address{tt.AnnaAtWork}, Subject: "Sale", Class: crm.ClassBulk, Text: text, Date: ago(time.Hour)},
		tt.Mail{ID: "quote@nord.example", From: nora, To: []crm.Address{tt.AnnaAtWork}, Subject: "Re", Text: "Yes.\n\nOn Monday, Nora Lind wrote:\n> Nora Lind\n> CEO\n", Date: ago(time.Hour)})
	of := func(who crm.UserID, id crm.MessageID) []timeline.Update {
		t.Helper()
		list, err := x.s.Updates(t.Context(), access.Member(who), id)
		must(t, err)
		return list
	}
	want := []timeline.Update{
		{Record: x.nora, Field: timeline.UpdatePhone, Value: "+48600000009", Line: "M: +48 600 000 009", Message: ids[0]},
		{Record: x.nora, Field: timeline.UpdateTitle, Value: "Head of Purchasing", Line: "Head of Purchasing", Message: ids[0]},
		{Record: x.nord, Field: timeline.UpdateWebsite, Value: "www.nord.example", Line: "www.nord.example", Message: ids[0]},
	}
	if d := cmp.Diff(want, of(tt.Anna, ids[0])); d != "" {
		t.Fatalf("-want +got:\n%s", d)
	}
	for _, none := range [][]timeline.Update{of(tt.Bob, ids[0]), of(tt.Anna, ids[1]), of(tt.Anna, ids[2]), of(tt.Anna, x.stranger), of(tt.Anna, x.reply)} {
		if len(none) != 0 {
			t.Errorf("it proposes %+v", none)
		}
	}
	by := records.By{Actor: tt.Anna, Cause: crm.CauseUI}
	for i, u := range want {
		batch, err := x.Records.AcceptUpdate(t.Context(), by, u.Record, string(u.Field), u.Value)
		must(t, err)
		if got := of(tt.Anna, ids[0]); len(got) != len(want)-1 {
			t.Errorf("after update %d it still proposes %+v", i, got)
		}
		_, err = x.Records.Undo(context.WithoutCancel(t.Context()), by, batch)
		must(t, err)
	}
	if d := cmp.Diff(want, of(tt.Anna, ids[0])); d != "" {
		t.Errorf("after undo, -want +got:\n%s", d)
	}
}
