package records

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"threadline/internal/crm"
	"threadline/internal/store"
)

func addPipeline(_ context.Context, tx *store.Tx) error {
	s := crm.PipelineSetting(crm.Pipeline{Key: "partners", Name: "Partners", Stages: []crm.Stage{
		{Key: "talk", Name: "Talk", Kind: crm.StageOpen},
	}})
	store.Settings.Create(tx, &s)
	return nil
}

const anna = crm.Token("a:anna@acme.example")

func day(n int) crm.Time { return crm.At(time.Date(2026, 12, n, 0, 0, 0, 0, time.UTC)) }

// on makes the next writes count for a day.
func (w *world) on(t crm.Time) { w.by.At = t }

func TestSecondHolder(t *testing.T) {
	w := newWorld(t)
	a := w.contact("A", "anna@acme.example").Record.ID
	w.wantHolders(anna, crm.Holder{Record: a})
	w.on(day(2))
	b := w.contact("B", "anna@acme.example").Record.ID
	w.wantHolders(anna, crm.Holder{Record: a}, crm.Holder{Record: b, From: day(2)})
}

func TestCorrection(t *testing.T) {
	w := newWorld(t)
	a := w.contact("A", "anna@acme.example").Record.ID
	w.on(day(2))
	b := w.contact("B", "anna@acme.example").Record.ID
	w.on(day(3))
	w.update(a, map[string]any{"emails": nil})
	w.wantHolders(anna, crm.Holder{Record: b}) // as if A had never held it
	w.update(b, map[string]any{"emails": []string{"b@acme.example"}})
	w.wantHolders(anna)
	if n := len(w.state(t)); n != 4 { // two contacts, b's address, the pipeline
		t.Errorf("%d documents, so the empty identity was left", n)
	}
}

func TestMovedOn(t *testing.T) {
	w := newWorld(t)
	a := w.contact("A", "anna@acme.example").Record.ID
	w.on(day(5))
	s, err := w.Update(t.Context(), w.by, a, Patch{Values: map[string]any{"emails": nil}, MovedOn: true})
	must(t, err)
	w.wantHolders(anna, crm.Holder{Record: a, To: day(5)})
	if d := cmp.Diff([]string{string(anna)}, s.Record.List("former")); d != "" {
		t.Errorf("former:\n%s", d)
	}
	w.on(day(6))
	b := w.contact("B", "anna@acme.example").Record.ID
	w.wantHolders(anna, crm.Holder{Record: a, To: day(5)}, crm.Holder{Record: b, From: day(6)})

	w.on(day(8))
	back := w.update(a, map[string]any{"emails": "anna@acme.example"}).Record
	if back.Values["former"] != nil {
		t.Errorf("former %v, though held again", back.List("former"))
	}
	w.wantHolders(anna, crm.Holder{Record: a, To: day(5)}, crm.Holder{Record: b, From: day(6)}, crm.Holder{Record: a, From: day(8)})
	w.update(a, map[string]any{"emails": nil}) // coming back was a mistake, having been there was not
	w.wantHolders(anna, crm.Holder{Record: a, To: day(5)}, crm.Holder{Record: b, From: day(6)})

	_, err = w.Delete(t.Context(), w.by, a, 0)
	must(t, err)
	w.wantHolders(anna, crm.Holder{Record: b})
}

func TestMovedOnBeforeItBegan(t *testing.T) {
	w := newWorld(t)
	a := w.contact("A", "anna@acme.example").Record.ID
	w.on(day(5))
	b := w.contact("B", "anna@acme.example").Record.ID
	w.on(day(4))
	_, err := w.Update(t.Context(), w.by, b, Patch{Values: map[string]any{"emails": nil}, MovedOn: true})
	must(t, err)
	w.wantHolders(anna, crm.Holder{Record: a})
}

func TestTokensOf(t *testing.T) {
	r := crm.Record{Kind: crm.KindContact, Values: map[string]any{
		"emails": []string{"anna@acme.example"}, "phones": []any{"+48600000000"}, "former": []any{"a:old@acme.example", string(anna)},
	}}
	want := []crm.Token{anna, "p:+48600000000", "a:old@acme.example"}
	if d := cmp.Diff(want, TokensOf(&r)); d != "" {
		t.Errorf("tokens (-want +got):\n%s", d)
	}
}
