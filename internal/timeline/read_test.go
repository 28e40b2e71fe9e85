package timeline_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/i18n"
	"threadline/internal/timeline"
	tt "threadline/internal/timeline/timelinetest"
)

// all asks for everything that can be read about a message and its records.
func (x *sales) all(t *testing.T, v access.Viewer) string {
	t.Helper()
	ctx := t.Context()
	var out strings.Builder
	put := func(a any, err error) {
		t.Helper()
		must(t, err)
		b, err := json.Marshal(a)
		must(t, err)
		out.Write(b)
	}
	for _, r := range []crm.RecordID{x.nora, x.jan, x.nord, x.deal} {
		put(x.s.Of(ctx, v, r, "", 0))
	}
	put(x.s.Messages(ctx, v, timeline.Filter{}, "", 0))
	put(x.s.Messages(ctx, v, timeline.Filter{Record: x.deal}, "", 0))
	for _, id := range []crm.MessageID{x.ask, x.reply} {
		put(x.s.Message(ctx, v, id))
		put(x.s.Sheet(ctx, v, string(id)))
		put(x.s.Why(ctx, v, string(id)))
	}
	put(x.s.Why(ctx, v, "<ask@nord.example>"))
	return out.String()
}

func TestColleaguesSeeMetadataOnly(t *testing.T) {
	x := newSales(t)
	if got := x.all(t, x.Viewer(tt.Anna)); strings.Count(got, canary) < 8 {
		t.Errorf("the owner sees %d words of the mail, too few for the test below to mean anything", strings.Count(got, canary))
	}
	got := x.all(t, x.Viewer(tt.Bob))
	if i := strings.Index(got, canary); i >= 0 {
		t.Errorf("a colleague sees words of the mail: …%s…", got[max(i-120, 0):i+40])
	}
	if !strings.Contains(got, string(nora)) {
		t.Error("a colleague does not see who wrote")
	}
	m, err := x.s.Message(t.Context(), x.Viewer(tt.Bob), x.ask)
	must(t, err)
	if m.Level != access.Metadata || m.Body != nil || len(m.Copies) > 0 || len(m.Attachments) > 0 || len(m.Flags) > 0 {
		t.Errorf("a colleague gets %+v", m)
	}
}

func TestNobodyReadsWithoutBeingAUser(t *testing.T) {
	x := newSales(t)
	ctx := t.Context()
	for name, v := range map[string]access.Viewer{"operator": access.Operator(), "nobody": {}} {
		_, of := x.s.Of(ctx, v, x.nora, "", 0)
		_, list := x.s.Messages(ctx, v, timeline.Filter{}, "", 0)
		_, one := x.s.Message(ctx, v, x.ask)
		_, sheet := x.s.Sheet(ctx, v, string(x.ask))
		_, why := x.s.Why(ctx, v, string(x.ask))
		for i, err := range []error{of, list, one, sheet, why} {
			if !crm.IsKind(err, crm.Denied) {
				t.Errorf("%s, read %d: %v", name, i, err)
			}
		}
	}
}

func TestMergedOrder(t *testing.T) {
	x := newSales(t)
	x.activity(crm.KindCall, 0, map[string]any{"title": "Delivery", "direction": "outbound", "started": ago(60 * time.Hour).String()})
	x.activity(crm.KindCall, 1, map[string]any{"started": ago(72 * time.Hour).String(), "about": "at the very time of the mail"})
	x.activity(crm.KindNote, 0, map[string]any{"text": "Likes blue\nand green"})
	page, err := x.s.Of(t.Context(), x.Viewer(tt.Anna), x.nora, "", 0)
	must(t, err)
	var got []string
	for _, e := range page.Items {
		got = append(got, fmt.Sprint(e.Kind, " ", e.Title))
	}
	want := []string{"note Likes blue", "mail Re: racks", "call Delivery", "mail " + canary + " racks", "call at the very time of the mail"}
	if d := cmp.Diff(want, got); d != "" || page.Next != "" {
		t.Errorf("next %q\n%s", page.Next, d)
	}
	mail := page.Items[3]
	if mail.Because == nil || mail.Because.Record != x.nora || mail.Because.Because != "nora@nord.example (From) is an address of this contact · 99% sure" {
		t.Errorf("because %+v", mail.Because)
	}
}

func TestPagesShowEverythingOnce(t *testing.T) {
	x := newSales(t)
	at := ago(100 * time.Hour)
	for i := range 23 { // most of them at the same instant
		x.Store(tt.Mail{ID: crm.RFCID(fmt.Sprintf("m%d@nord.example", i)), From: nora, To: []crm.Address{tt.AnnaAtWork}, Date: at + crm.Time(i/15)})
		x.activity(crm.KindCall, i, map[string]any{"started": (at + crm.Time(i/15)).String()})
	}
	whole, err := x.s.Of(t.Context(), x.Viewer(tt.Anna), x.nora, "", 200)
	must(t, err)
	if len(whole.Items) != 48 || whole.Next != "" {
		t.Fatalf("%d entries, next %q", len(whole.Items), whole.Next)
	}
	for _, size := range []int{1, 2, 7, 47, 48} {
		var got []timeline.Entry
		for cursor := ""; ; {
			page, err := x.s.Of(t.Context(), x.Viewer(tt.Anna), x.nora, cursor, size)
			must(t, err)
			got = append(got, page.Items...)
			if cursor = page.Next; cursor == "" {
				break
			}
		}
		if d := cmp.Diff(whole.Items, got); d != "" {
			t.Errorf("pages of %d:\n%s", size, d)
		}
	}
}

func TestListPages(t *testing.T) {
	x := newSales(t)
	for i := range 30 {
		m := tt.Mail{ID: crm.RFCID(fmt.Sprintf("l%d@own.example", i)), From: nora, To: []crm.Address{tt.BobAtWork}, Date: ago(time.Duration(200+i) * time.Hour)}
		if i%10 == 0 {
			m.Mailbox = tt.BobMail
		}
		x.Store(m)
	}
	for name, c := range map[string]struct {
		v    crm.UserID
		f    timeline.Filter
		want int
	}{
		"all mail":       {tt.Anna, timeline.Filter{}, 35},
		"of a record":    {tt.Anna, timeline.Filter{Record: x.jan}, 1},
		"of a mailbox":   {tt.Bob, timeline.Filter{Mailbox: tt.BobMail}, 3},
		"of own mailbox": {tt.Anna, timeline.Filter{Mailbox: tt.AnnaMail, Record: x.nora}, 29},
	} {
		seen := map[crm.MessageID]bool{}
		for cursor, n := "", 0; ; n++ {
			page, err := x.s.Messages(t.Context(), x.Viewer(c.v), c.f, cursor, 4)
			must(t, err)
			for _, r := range page.Items {
				if seen[r.ID] {
					t.Errorf("%s: %s twice", name, r.ID)
				}
				seen[r.ID] = true
			}
			if cursor = page.Next; cursor == "" || n > 50 {
				break
			}
		}
		if len(seen) != c.want {
			t.Errorf("%s: %d, want %d", name, len(seen), c.want)
		}
	}
	if _, err := x.s.Messages(t.Context(), x.Viewer(tt.Anna), timeline.Filter{Mailbox: tt.BobMail}, "", 0); !crm.IsKind(err, crm.NotFound) {
		t.Errorf("a colleague's mailbox: %v", err)
	}
}

func TestBadInput(t *testing.T) {
	x := newSales(t)
	v, ctx := x.Viewer(tt.Anna), t.Context()
	for name, c := range map[string]struct {
		f      timeline.Filter
		cursor string
		limit  int
		want   crm.ErrorKind
	}{
		"no record":      {timeline.Filter{Record: "con_none"}, "", 0, crm.NotFound},
		"no kind":        {timeline.Filter{Record: "../etc"}, "", 0, crm.NotFound},
		"bad cursor":     {timeline.Filter{}, "zzz", 0, crm.Invalid},
		"binary cursor":  {timeline.Filter{}, "AAAA", 0, crm.Invalid},
		"negative limit": {timeline.Filter{}, "", -1, crm.Invalid},
		"huge limit":     {timeline.Filter{}, "", 100000, crm.Invalid},
	} {
		if _, err := x.s.Messages(ctx, v, c.f, c.cursor, c.limit); !crm.IsKind(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, ref := range []string{"", "<>", "msg_short", tt.ID("msg", 9), "nobody@nowhere.example", "18c2f0a1b2c3d4e5", strings.Repeat("x", 5000), "\xff\xfe"} {
		if _, err := x.s.Why(ctx, v, ref); !crm.IsKind(err, crm.NotFound) {
			t.Errorf("why %q: %v", crm.Clip(ref, 20), err)
		}
		if _, err := x.s.Sheet(ctx, v, ref); !crm.IsKind(err, crm.NotFound) {
			t.Errorf("sheet %q: %v", crm.Clip(ref, 20), err)
		}
		if _, err := x.s.Message(ctx, v, crm.MessageID(ref)); !crm.IsKind(err, crm.NotFound) {
			t.Errorf("message %q: %v", crm.Clip(ref, 20), err)
		}
	}
}

func TestMessageWhole(t *testing.T) {
	x := newSales(t)
	m, err := x.s.Message(t.Context(), x.Viewer(tt.Anna), x.ask)
	must(t, err)
	if len(m.Copies) != 1 || m.Copies[0].Box != "INBOX" || m.Copies[0].Mailbox != tt.AnnaAtWork {
		t.Errorf("copies %+v", m.Copies)
	}
	if m.Body == nil || !strings.HasPrefix(m.Body.Text, canary) || m.Body.Blocked != 1 || strings.Contains(m.Body.HTML, "track.example") ||
		strings.Contains(m.Body.HTML, "class") || !strings.Contains(m.Body.HTML, canary) {
		t.Errorf("body %+v", m.Body)
	}
	if len(m.Links) != 4 || len(m.Participants) != 4 || m.Attachments[0].Name != canary+".pdf" {
		t.Errorf("links %+v participants %+v", m.Links, m.Participants)
	}
	r, err := x.s.Message(t.Context(), x.Viewer(tt.Anna), x.reply)
	must(t, err)
	if r.Body == nil || r.Body.Text != "This much." || r.Direction != crm.Outbound {
		t.Errorf("the body in the blob store: %+v", r.Body)
	}
	if r.Thread != m.Thread {
		t.Errorf("threads %s and %s", m.Thread, r.Thread)
	}
}

func TestWhy(t *testing.T) {
	x := newSales(t)
	// Another mail with the same Message-ID, in Bob's mailbox.
	x.Store(tt.Mail{ID: "ask@nord.example", From: nora, To: []crm.Address{tt.BobAtWork}, Subject: "other", Mailbox: tt.BobMail, Date: ago(71 * time.Hour)})
	e, err := x.s.In(i18n.Polish).Why(t.Context(), x.Viewer(tt.Anna), "ask@nord.example")
	must(t, err)
	if len(e.Stored) != 2 || e.Stored[0].ID != x.ask || e.Stored[0].Level != access.Full || e.Stored[1].Level != access.Metadata || e.Stored[1].Subject != "" {
		t.Fatalf("%+v", e.Stored)
	}
	first := e.Stored[0]
	rules := map[crm.RuleName]string{}
	for _, l := range first.Links {
		rules[l.Rule] = l.Because
	}
	if rules[crm.ByAddress] == "" || rules[crm.ByContact] == "" && rules[crm.ByDomain] == "" || rules[crm.ByOnlyDeal] == "" {
		t.Errorf("rules %v", rules)
	}
	if strings.Contains(rules[crm.ByAddress], "is an address") {
		t.Errorf("not Polish: %q", rules[crm.ByAddress])
	}
	if first.RuleSet != crm.RuleSet || len(first.Marks) != 1 || first.Marks[0] != crm.MarkSameID || first.Copies[0].Box != "INBOX" {
		t.Errorf("%+v", first)
	}
	n, err := x.s.Why(t.Context(), x.Viewer(tt.Anna), string(x.news))
	must(t, err)
	if n.Stored[0].Not != timeline.NotBulk || n.Stored[0].NotText == "" || len(n.Stored[0].Links) > 0 {
		t.Errorf("%+v", n.Stored[0])
	}
}
