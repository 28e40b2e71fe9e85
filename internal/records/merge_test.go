package records

import (
	"context"
	"reflect"
	"testing"

	"threadline/internal/crm"
	"threadline/internal/store"
)

func TestMerge(t *testing.T) {
	w := newWorld(t)
	acme := w.create(crm.KindCompany, map[string]any{"name": "Acme"})
	w.on(day(2))
	one := w.create(crm.KindContact, map[string]any{"name": "Anna Nowak", "emails": []string{"a@acme.example"}})
	w.on(day(1))
	two := w.create(crm.KindContact, map[string]any{"name": "A. Nowak", "title": "CEO", "emails": []string{"anna@acme.example", "old@acme.example"}, "company": string(acme.Record.ID)})
	w.on(day(3))
	three := w.create(crm.KindContact, map[string]any{"name": "Nowak", "title": "CFO", "phones": "+48600100200"})
	w.by.At = 0
	deal := w.create(crm.KindDeal, map[string]any{"name": "d", "contacts": []string{string(two.Record.ID), string(one.Record.ID)}})
	note := w.create(crm.KindNote, map[string]any{"text": "n", "records": []string{string(three.Record.ID)}})
	_, err := w.sp.Change(t.Context(), store.ChangeInfo{}, answerAbout(two.Record.ID))
	must(t, err)
	before := w.state(t)
	m := Merging{Into: one.Record.ID, From: []crm.RecordID{two.Record.ID, three.Record.ID},
		Take: map[string]crm.RecordID{"title": three.Record.ID}, Values: map[string]any{"about": "three in one"}}
	fields, err := w.MergePreview(t.Context(), w.see, m)
	must(t, err)
	for _, f := range fields {
		if f.Field == "title" && (f.Result != "CFO" || f.Values[two.Record.ID] != "CEO") {
			t.Errorf("the preview says %+v", f)
		}
	}
	w.wantState(t, before)
	done, err := w.Merge(t.Context(), w.by, m)
	must(t, err)
	want := map[string]any{"name": "Anna Nowak", "title": "CFO", "about": "three in one", "company": string(acme.Record.ID),
		"emails": []string{"a@acme.example", "anna@acme.example", "old@acme.example"}, "phones": []string{"+48600100200"}}
	if !reflect.DeepEqual(done.Record.Values, want) || done.Moved != 3 {
		t.Errorf("merged to %v, moved %d", done.Record.Values, done.Moved)
	}
	w.wantHolders("a:anna@acme.example", crm.Holder{Record: one.Record.ID})
	if got := w.mustGet(deal.Record.ID); !reflect.DeepEqual(got.List("contacts"), []string{string(one.Record.ID)}) {
		t.Errorf("the deal points to %v", got.List("contacts"))
	}
	if got := w.mustGet(note.Record.ID); !reflect.DeepEqual(got.List("records"), []string{string(one.Record.ID)}) || len(got.Feed) == 0 {
		t.Errorf("the note stands at %v", got.List("records"))
	}
	answers, err := store.Answers.All(t.Context(), w.sp, store.Query{})
	must(t, err)
	if answers[0].Value.Record != one.Record.ID {
		t.Errorf("the answer is about %s", answers[0].Value.Record)
	}
	_, err = w.Undo(t.Context(), w.by, done.Batch)
	must(t, err)
	w.wantState(t, before)
}

func answerAbout(id crm.RecordID) func(context.Context, *store.Tx) error {
	return func(_ context.Context, tx *store.Tx) error {
		store.Answers.Create(tx, &crm.Answer{ID: "ans_x", Scope: crm.ScopeMessage, Message: "msg_x", Effect: crm.EffectLink, Record: id})
		return nil
	}
}

// TestMergeMany merges a company to which more point than one transaction takes.
func TestMergeMany(t *testing.T) {
	w := newWorld(t)
	a, b := w.create(crm.KindCompany, map[string]any{"name": "A", "domains": "a.example"}), w.create(crm.KindCompany, map[string]any{"name": "B", "domains": "b.example"})
	var drafts []Draft
	for range 2*chunkRecords + 7 {
		drafts = append(drafts, Draft{Kind: crm.KindContact, Values: map[string]any{"name": "x", "company": string(b.Record.ID)}})
	}
	_, err := w.CreateMany(t.Context(), w.by, drafts)
	must(t, err)
	before := w.state(t)
	done, err := w.Merge(t.Context(), w.by, Merging{Into: a.Record.ID, From: []crm.RecordID{b.Record.ID}})
	must(t, err)
	if done.Moved != len(drafts) {
		t.Errorf("%d of %d moved", done.Moved, len(drafts))
	}
	left, err := referrers(t.Context(), w.sp, b.Record.ID, 10)
	must(t, err)
	if len(left) != 0 {
		t.Errorf("%d point to what is gone", len(left))
	}
	_, err = w.Undo(t.Context(), w.by, done.Batch)
	must(t, err)
	w.wantState(t, before)
}

func TestMergeRefuses(t *testing.T) {
	w := newWorld(t)
	c, d := w.contact("A"), w.contact("B")
	com := w.create(crm.KindCompany, map[string]any{"name": "A"})
	note := w.create(crm.KindNote, map[string]any{"text": "n", "records": []string{string(c.Record.ID)}})
	for name, tc := range map[string]struct {
		m     Merging
		kind  crm.ErrorKind
		field string
	}{
		"alone":  {Merging{Into: c.Record.ID}, crm.Invalid, "from"},
		"kinds":  {Merging{Into: c.Record.ID, From: []crm.RecordID{com.Record.ID}}, crm.Invalid, "from"},
		"twice":  {Merging{Into: c.Record.ID, From: []crm.RecordID{c.Record.ID}}, crm.Invalid, "from"},
		"note":   {Merging{Into: note.Record.ID, From: []crm.RecordID{note.Record.ID}}, crm.Invalid, "from"},
		"gone":   {Merging{Into: c.Record.ID, From: []crm.RecordID{"con_aaaaaaaaaaaaaaaaaaaaaaaaaa"}}, crm.NotFound, ""},
		"take":   {Merging{Into: c.Record.ID, From: []crm.RecordID{d.Record.ID}, Take: map[string]crm.RecordID{"former": d.Record.ID}}, crm.Invalid, "take.former"},
		"values": {Merging{Into: c.Record.ID, From: []crm.RecordID{d.Record.ID}, Values: map[string]any{"emails": "bad"}}, crm.Invalid, "emails[0]"},
	} {
		_, err := w.Merge(t.Context(), w.by, tc.m)
		e, ok := err.(*crm.Error)
		if !ok || e.Kind != tc.kind || e.Field != tc.field {
			t.Errorf("%s: %v", name, err)
		}
	}
}
