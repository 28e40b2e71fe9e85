package ledger_test

import (
	"slices"
	"testing"

	"threadline/internal/crm"
	"threadline/internal/ledger"
	"threadline/internal/match"
	"threadline/internal/records"
	"threadline/internal/store"
)

// saying is a letter with words.
func saying(m crm.Message, text string) crm.Message {
	m.Subject, m.Words = "Hello", match.Words(text, 0)
	return m
}

// questions are the messages that stand for a question.
func (w *world) questions() []crm.MessageID {
	w.t.Helper()
	q := store.Query{Where: []store.Filter{store.HasAny("feed", []crm.FeedToken{crm.Feed(crm.Questions, crm.Members)})}, Order: "date", Desc: true, Limit: 10}
	page, err := store.Messages.Query(w.ctx, w.sp, q)
	must(w.t, err)
	var out []crm.MessageID
	for _, d := range page.Items {
		out = append(out, d.Value.ID)
	}
	return out
}

// wantDeal compares the deal of a message and the rule by which it came.
func (w *world) wantDeal(id crm.MessageID, deal crm.RecordID, rule crm.RuleName) {
	w.t.Helper()
	var got crm.Link
	for _, l := range w.message(id).Links {
		if n, _ := crm.NounOfID(l.Record); n.Kind == crm.KindDeal {
			got = l
		}
	}
	if got.Record != deal || got.Rule != rule {
		w.t.Fatalf("%s goes to %+v, want %s by %q", id, got, deal, rule)
	}
}

func (w *world) chooseDeal(m crm.MessageID, deal crm.RecordID) string {
	w.t.Helper()
	batch, err := ledger.Correct(w.ctx, w.sp, ledger.Correction{Message: m, Scope: crm.ScopeThread, Effect: crm.EffectDeal, Record: deal, By: ola, Cause: crm.CauseUI})
	must(w.t, err)
	return batch
}

// TestQuestion lets deals come, be renamed, answered about, closed and followed
// while the mail is there already.
func TestQuestion(t *testing.T) {
	w := newWorld(t)
	dated := func(n int) records.By { by := w.by; by.At = day(n); return by }
	anna := w.make(crm.KindContact, map[string]any{"name": "Anna", "emails": []string{"anna@acme.example"}}).Record.ID
	deal := func(on int, name string) crm.RecordID {
		s, err := w.records.Create(w.ctx, dated(on), records.Draft{Kind: crm.KindDeal, Values: map[string]any{
			"name": name, "contacts": []string{string(anna)}, "created": day(on)}})
		must(t, err)
		return s.Record.ID
	}
	first := saying(letter("1", nil, day(10), "anna@acme.example", olaMail), "call me")
	second := saying(letter("2", []crm.RFCID{"1"}, day(12), "anna@acme.example", olaMail), "please")
	w.arrive(false, first, second)
	settled := func() { w.t.Helper(); w.catchUp(); w.audit() }

	racks := deal(8, "Pallet racks")
	settled()
	w.wantDeal(first.ID, racks, crm.ByOnlyDeal)
	scans := deal(9, "Scanner rental")
	settled()
	w.wantDeal(first.ID, "", "")
	if got := w.questions(); !slices.Equal(got, []crm.MessageID{second.ID}) || len(w.message(first.ID).Asked) != 2 {
		t.Fatalf("asked of %v: %+v", got, w.message(first.ID).Asked)
	}
	rename := w.update(scans, map[string]any{"name": "Please"})
	settled()
	w.wantDeal(second.ID, "", "") // a word of courtesy names nothing
	w.undo(rename)

	batch := w.chooseDeal(second.ID, scans)
	settled()
	w.wantDeal(first.ID, scans, crm.ByAnswer)
	w.wantDeal(second.ID, scans, crm.ByAnswer)
	if got := w.questions(); len(got) > 0 {
		t.Fatalf("what was answered is asked again: %v", got)
	}
	w.undo(batch)
	settled()
	if got := w.questions(); len(got) != 1 {
		t.Fatalf("what is not answered any more is asked of %v", got)
	}
	w.chooseDeal(second.ID, "")
	settled()
	w.wantDeal(first.ID, "", "")
	if got := w.questions(); len(got) > 0 {
		t.Fatalf("after none, asked of %v", got)
	}
	w.chooseDeal(second.ID, scans) // another answer takes its place
	settled()
	w.wantDeal(first.ID, scans, crm.ByAnswer)
	w.closeLater(t, scans, second)
}

// closeLater closes the answered deal: what came before stays, what comes
// afterwards is nobody's until a deal follows.
func (w *world) closeLater(t *testing.T, scans crm.RecordID, last crm.Message) {
	closedOn := day(45)
	by := w.by
	by.At = closedOn
	_, err := w.records.Update(w.ctx, by, scans, records.Patch{Values: map[string]any{"stage": "won"}})
	must(t, err)
	third := saying(letter("3", []crm.RFCID{"2"}, day(50), "anna@acme.example", olaMail), "call me again")
	w.arrive(false, third)
	w.catchUp()
	w.audit()
	w.wantDeal(last.ID, scans, crm.ByAnswer)
	for _, l := range w.message(third.ID).Links {
		if l.Record == scans {
			t.Fatalf("mail after the end goes to the closed deal: %+v", l)
		}
	}
	anna := w.message(third.ID).Links[0].Record
	by.At = day(46)
	next, err := w.records.Create(w.ctx, by, records.Draft{Kind: crm.KindDeal, Values: map[string]any{
		"name": "Scanner rental 2027", "contacts": []string{string(anna)}, "created": day(46)}})
	must(t, err)
	w.catchUp()
	w.audit()
	w.wantDeal(third.ID, next.Record.ID, crm.ByDealNext)
	w.wantDeal(last.ID, scans, crm.ByAnswer)
}

// TestWrongChoice: nothing but a deal can be chosen, and only for a
// conversation or a message.
func TestWrongChoice(t *testing.T) {
	w := newWorld(t)
	anna := w.make(crm.KindContact, map[string]any{"name": "Anna", "emails": []string{"anna@acme.example"}}).Record.ID
	m := letter("1", nil, day(10), "anna@acme.example", olaMail)
	w.arrive(false, m)
	for field, c := range map[string]ledger.Correction{
		"deal":  {Message: m.ID, Scope: crm.ScopeThread, Effect: crm.EffectDeal, Record: anna, By: ola},
		"scope": {Message: m.ID, Scope: crm.ScopeDomain, Effect: crm.EffectDeal, By: ola},
	} {
		_, err := ledger.Correct(w.ctx, w.sp, c)
		if e, ok := err.(*crm.Error); !ok || e.Kind != crm.Invalid || e.Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
}
