package records

import (
	"testing"
	"time"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/store"
)

// TestDerived computes touches, statistics and formulas over a small timeline,
// as far as the viewer may know of it.
func TestDerived(t *testing.T) {
	w := newWorld(t)
	d := func(key, over, value string, do crm.StatisticOp, within int) crm.FieldDef {
		return crm.FieldDef{Kind: crm.KindCompany, Field: crm.Field{Key: key, Type: crm.FieldStatistic,
			Stat: &crm.Statistic{Do: do, Over: over, Value: value, Within: within}}}
	}
	w.field(d("open_amount", "deals.company", "amount", crm.StatSum, 0))
	w.field(d("last_call", "calls", "", crm.StatLast, 0))
	w.field(d("mails_week", "mail", "", crm.StatCount, 7))
	w.field(crm.FieldDef{Kind: crm.KindDeal, Field: crm.Field{Key: "share", Type: crm.FieldFormula, Expr: "round(100 * amount / company.open_amount, 1)"}})
	_, err := w.MakeField(t.Context(), w.by, d("x", "deals.colour", "", crm.StatCount, 0))
	w.wantError(err, crm.Invalid, "stat.over")
	_, err = w.MakeField(t.Context(), w.by, d("x", "deals.company", "name", crm.StatSum, 0))
	w.wantError(err, crm.Invalid, "stat.value")
	_, err = w.MakeField(t.Context(), w.by, crm.FieldDef{Kind: crm.KindDeal, Field: crm.Field{Key: "loop", Type: crm.FieldFormula, Expr: "loop + 1"}})
	w.wantError(err, crm.Invalid, "expr")

	acme := w.create(crm.KindCompany, map[string]any{"name": "Acme"}).Record
	anna := w.contact("Anna").Record
	one := w.create(crm.KindDeal, map[string]any{"name": "One", "amount": 300, "company": string(acme.ID), "bant_need": "yes",
		"contacts": []any{map[string]any{"record": string(anna.ID), "role": "champion"}}}).Record
	w.create(crm.KindDeal, map[string]any{"name": "Two", "amount": 900, "company": string(acme.ID)})
	w.create(crm.KindTask, map[string]any{"title": "later", "due": "2026-12-24", "records": string(acme.ID)})
	w.create(crm.KindTask, map[string]any{"title": "sooner", "due": "2026-12-01", "records": string(acme.ID)})
	call := w.create(crm.KindCall, map[string]any{"started": "2026-11-20T10:00:00Z", "records": string(acme.ID)}).Record
	now := w.sp.Store().Now()
	at := func(days int) crm.Time { return now.Add(-time.Duration(days) * 24 * time.Hour) }
	b := w.sp.Batch()
	for i, m := range []crm.Message{
		{Date: at(40), Direction: crm.Inbound, Class: crm.ClassPerson},
		{Date: at(3), Direction: crm.Outbound, Class: crm.ClassPerson, Turn: crm.TurnTheirs},
		{Date: at(1), Direction: crm.Inbound, Class: crm.ClassBulk},
	} {
		m.ID = crm.MessageID(crm.DerivedID(crm.PrefixMessage, w.key, string(rune('a'+i))))
		m.Feed = []crm.FeedToken{crm.Feed(acme.ID, crm.Members)}
		store.Messages.Put(b, &m)
	}
	must(t, b.Commit(t.Context()))
	w.c.advance(49 * time.Hour)

	got := w.mustGet(acme.ID)
	must(t, w.Derive(t.Context(), w.see, []*crm.Record{&got}))
	next, _ := got.Derived[crm.NextTask].(map[string]any)
	for key, want := range map[string]any{"open_amount": int64(1200), "last_call": call.At, "mails_week": int64(2), crm.FirstTouch: at(40),
		crm.LastInbound: at(40), crm.LastOutbound: at(3), crm.LastTouch: call.At, crm.Mails30: int64(1), crm.WhoseTurn: "theirs"} {
		if key == crm.LastTouch {
			want = max(call.At, at(3))
		}
		if got.Derived[key] != want {
			t.Errorf("%s is %v, want %v", key, got.Derived[key], want)
		}
	}
	if next["title"] != "sooner" {
		t.Errorf("next task %v", next)
	}
	deal := w.mustGet(one.ID)
	must(t, w.Derive(t.Context(), w.see, []*crm.Record{&deal}))
	if deal.Derived["share"] != 25.0 || deal.Derived[crm.DaysInStage] != int64(2) || deal.Derived["bant_complete"] != int64(25) {
		t.Errorf("the deal gives %v", deal.Derived)
	}
	must(t, w.Derive(t.Context(), access.Viewer{Operator: true}, []*crm.Record{&got}))
	if got.Derived["mails_week"] != int64(0) || got.Derived[crm.LastOutbound] != nil {
		t.Errorf("whoever may know of no mail is told %v", got.Derived)
	}
	for id, want := range map[crm.RecordID]Related{one.ID: {ID: anna.ID, Kind: crm.KindContact, Name: "Anna", Field: "contacts", Role: "champion"},
		anna.ID: {ID: one.ID, Kind: crm.KindDeal, Name: "One", Field: "contacts", Role: "champion", From: true}} {
		list, err := w.Related(t.Context(), w.see, id)
		must(t, err)
		if len(list) == 0 || list[len(list)-1] != want {
			t.Errorf("related to %s: %+v, want %+v", id, list, want)
		}
	}
}
