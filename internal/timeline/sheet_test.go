package timeline_test

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"threadline/internal/crm"
	"threadline/internal/ledger"
	"threadline/internal/store"
	"threadline/internal/timeline"
	tt "threadline/internal/timeline/timelinetest"
)

func TestSheetOfAContact(t *testing.T) {
	x := newSales(t)
	call := x.activity(crm.KindCall, 0, map[string]any{"title": "Delivery", "direction": "inbound", "started": ago(60 * time.Hour).String()})
	got, err := x.s.Sheet(t.Context(), x.Viewer(tt.Anna), "<ask@nord.example>")
	must(t, err)
	want := &timeline.Sheet{
		Message: timeline.SheetMessage{ID: x.ask, Thread: got.Message.Thread, Subject: canary + " racks", Date: ago(72 * time.Hour),
			Direction: crm.Inbound, Class: crm.ClassPerson, Access: timeline.SheetFull,
			State: timeline.State{Turn: crm.TurnTheirs, Since: ago(48 * time.Hour), Decides: x.reply}},
		Person: &timeline.SheetPerson{Contact: x.nora, Name: "Nora Lind", Title: "Buyer", Address: nora, Phone: "+48600000001", Role: crm.RoleFrom, Owner: "Bob Own"},
		Others: []timeline.SheetPerson{
			{Contact: x.jan, Name: "Jan Lis", Address: jan, Role: crm.RoleCc},
			{Address: "new@nord.example", Role: crm.RoleCc},
		},
		Company: &timeline.SheetCompany{ID: x.nord, Name: "Nord", Domain: "nord.example"},
		Deals: []timeline.SheetDeal{{ID: x.deal, Name: "Racks", Stage: "Proposal", Key: "proposal", Pipeline: "sales", Kind: crm.StageOpen,
			Stages: []timeline.SheetStage{{Key: "qualified", Name: "Qualified", Kind: "open"}, {Key: "proposal", Name: "Proposal", Kind: "open"}, {Key: "negotiation", Name: "Negotiation", Kind: "open"}, {Key: "won", Name: "Won", Kind: "won"}, {Key: "lost", Name: "Lost", Kind: "lost"}},
			Amount: crm.Money{Minor: 4800000, Currency: "PLN"}, Expected: day("2026-12-15"), Linked: true}},
		Touches: []timeline.SheetTouch{
			{Kind: timeline.TouchMail, ID: string(x.reply), Date: ago(48 * time.Hour), Direction: crm.Outbound, Title: "Re: racks"},
			{Kind: timeline.TouchCall, ID: string(call), Date: ago(60 * time.Hour), Direction: crm.Inbound, Title: "Delivery"},
		},
		Zone: "Europe/Warsaw",
	}
	if d := cmp.Diff(want, got, cmpopts.IgnoreFields(timeline.Sheet{}, "AsOf", "Because")); d != "" {
		t.Error(d)
	}
	if len(got.Because) != 4 || got.Because[0].Name == "" || got.AsOf == 0 {
		t.Errorf("because %+v, as of %v", got.Because, got.AsOf)
	}
}

func day(s string) crm.Time {
	v, err := crm.ParseTime(s)
	if err != nil {
		panic(err)
	}
	return v
}

func TestSheetOfAColleague(t *testing.T) {
	x := newSales(t)
	got, err := x.s.Sheet(t.Context(), x.Viewer(tt.Bob), string(x.ask))
	must(t, err)
	if got.Message.Access != timeline.SheetMetadata || got.Message.Owner != "Anna Own" || got.Message.Subject != "" {
		t.Errorf("%+v", got.Message)
	}
	if len(got.Touches) != 1 || !got.Touches[0].Hidden || got.Touches[0].Title != "" {
		t.Errorf("%+v", got.Touches)
	}
}

func TestSheetsWithoutLinks(t *testing.T) {
	x := newSales(t)
	for name, c := range map[string]struct {
		id     crm.MessageID
		not    timeline.NotLogged
		person crm.Address
	}{
		"bulk":     {x.news, timeline.NotBulk, "news@shop.example"},
		"internal": {x.lunch, timeline.NotOutside, ""},
		"unknown":  {x.stranger, timeline.NotMatched, "who@else.example"},
	} {
		got, err := x.s.Sheet(t.Context(), x.Viewer(tt.Anna), string(c.id))
		must(t, err)
		if got.Not != c.not || len(got.Because) > 0 || len(got.Touches) > 0 || got.Company != nil {
			t.Errorf("%s: %+v", name, got)
		}
		if c.person == "" && got.Person != nil || c.person != "" && (got.Person == nil || got.Person.Address != c.person || got.Person.Contact != "") {
			t.Errorf("%s: person %+v", name, got.Person)
		}
	}
}

// A person takes the mail off the contact: the sheet still knows who it is.
func TestSheetAfterACorrection(t *testing.T) {
	x := newSales(t)
	for _, r := range []crm.RecordID{x.nora, x.nord, x.deal, x.jan} {
		_, err := ledger.Correct(t.Context(), x.Space, ledger.Correction{Message: x.reply, Scope: crm.ScopeMessage, Record: r,
			Effect: crm.EffectNever, By: tt.Anna, Cause: crm.CauseUI})
		must(t, err)
	}
	_, err := ledger.Rematch(t.Context(), x.Space, false, nil)
	must(t, err)
	got, err := x.s.Sheet(t.Context(), x.Viewer(tt.Anna), string(x.reply))
	must(t, err)
	if got.Not != timeline.NotAnswered || got.Person == nil || got.Person.Contact != x.nora {
		t.Errorf("not %q, person %+v", got.Not, got.Person)
	}
	_, err = ledger.Correct(t.Context(), x.Space, ledger.Correction{Message: x.stranger, Scope: crm.ScopeMessage, Record: x.deal,
		Effect: crm.EffectLink, By: tt.Bob, Cause: crm.CauseUI})
	must(t, err)
	_, err = ledger.Rematch(t.Context(), x.Space, false, nil)
	must(t, err)
	got, err = x.s.Sheet(t.Context(), x.Viewer(tt.Anna), string(x.stranger))
	must(t, err)
	if len(got.Because) != 1 || got.Because[0].User != "Bob Own" || got.Because[0].Sentence("en") != "put here by Bob Own" {
		t.Errorf("%+v", got.Because)
	}
}

// What is kept at hand between sheets goes when somebody changes it.
func TestSheetShowsARenamedStage(t *testing.T) {
	still := func() time.Time { return tt.Start }
	x := salesIn(t, tt.Open(t, filepath.Join(t.TempDir(), "data.db"), still))
	stage := func() string {
		t.Helper()
		s, err := x.s.Sheet(t.Context(), x.Viewer(tt.Anna), string(x.ask))
		must(t, err)
		return s.Deals[0].Stage
	}
	if got := stage(); got != "Proposal" {
		t.Fatalf("stage %q", got)
	}
	_, err := x.Space.Change(t.Context(), store.ChangeInfo{Cause: crm.CauseUI}, func(ctx context.Context, tx *store.Tx) error {
		p := crm.DefaultPipeline()
		p.Stages[1].Name = "Offer"
		set := crm.PipelineSetting(p)
		if _, err := store.Settings.Get(ctx, tx, set.ID); err != nil {
			return err
		}
		store.Settings.Put(tx, &set)
		return nil
	})
	must(t, err)
	if got := stage(); got != "Offer" {
		t.Errorf("after the change the stage is %q", got)
	}
}
