package records

import (
	"fmt"
	"slices"
	"sync"
	"testing"

	"threadline/internal/crm"
	"threadline/internal/query"
	"threadline/internal/store"
)

func (w *world) folder(f crm.Folder) string {
	w.t.Helper()
	batch, err := w.MakeFolder(w.t.Context(), w.by, f)
	must(w.t, err)
	return batch
}

func (w *world) field(d crm.FieldDef) string {
	w.t.Helper()
	batch, err := w.MakeField(w.t.Context(), w.by, d)
	must(w.t, err)
	return batch
}

// TestFolderLife makes a folder with fields and a pipeline at run time, works in
// it, finds its records by a custom field, and takes everything back.
func TestFolderLife(t *testing.T) {
	w := newWorld(t)
	before := w.state(t)
	partner := crm.Kind("x-partner")
	batches := []string{w.folder(crm.Folder{Key: "partner", Plural: "partners", Staged: true, Labels: map[string]string{"pl": "Partner"}}),
		w.field(crm.FieldDef{Kind: partner, Field: crm.Field{Key: "seats", Type: crm.FieldNumber, Indexed: true, Default: int64(1)}}),
		w.field(crm.FieldDef{Kind: partner, Field: crm.Field{Key: "refers", Type: crm.FieldRelation, Many: true, To: crm.KindCompany, Roles: []string{"reseller", "referrer"}}}),
		w.field(crm.FieldDef{Kind: partner, Field: crm.Field{Key: "vat", Type: crm.FieldText, Unique: true}}),
		w.field(crm.FieldDef{Kind: partner, Field: crm.Field{Key: "regions", Type: crm.FieldTags, Indexed: true}})}
	acme := w.create(crm.KindCompany, map[string]any{"name": "Acme"})
	batches = append(batches, acme.Batch)
	make := func(values map[string]any) Saved {
		s := w.create(partner, values)
		batches = append(batches, s.Batch)
		return s
	}
	link := []any{map[string]any{"record": string(acme.Record.ID), "role": "reseller"}}
	a := make(map[string]any{"name": "A", "seats": 30, "refers": link, "vat": "PL 1", "emails": "a@partner.example", "regions": "north; south"})
	b := make(map[string]any{"name": "B"})
	if a.Record.Text("stage") != "open" || b.Record.Int("seats") != 1 || a.Record.Role("refers", acme.Record.ID) != "reseller" {
		t.Fatalf("a folder's records: %+v, %+v", a.Record, b.Record)
	}
	w.wantHolders("a:a@partner.example", crm.Holder{Record: a.Record.ID})
	_, err := w.Create(t.Context(), w.by, Draft{Kind: partner, Values: map[string]any{"name": "C", "vat": "pl 1"}})
	w.wantError(err, crm.Exists, "vat")
	for text, want := range map[string]crm.RecordID{"partners where seats > 10": a.Record.ID, "partners where seats < 10": b.Record.ID, "partners where stage = open order by created_at": a.Record.ID} {
		w.wantFirst(text, want)
	}
	won, err := w.Win(t.Context(), w.by, a.Record.ID, 0)
	must(t, err)
	batches = append(batches, won.Batch)
	_, err = w.DeleteFolder(t.Context(), w.by, "partner")
	w.wantError(err, crm.Conflict, "folder")
	_, err = w.Undo(t.Context(), w.by, batches[0])
	w.wantError(err, crm.Conflict, "folder")
	gone, err := w.Delete(t.Context(), w.by, acme.Record.ID, 0)
	must(t, err)
	batches = append(batches, gone)
	left, err := w.Get(t.Context(), w.see, a.Record.ID)
	must(t, err)
	if left.Value.Values["refers"] != nil || left.Value.Values["refers_roles"] != nil || left.Value.Slots[crm.LinkSlot] != nil {
		t.Errorf("a link to nothing: %+v %+v", left.Value.Values, left.Value.Slots)
	}
	for i := len(batches) - 1; i >= 0; i-- {
		_, err := w.Undo(t.Context(), w.by, batches[i])
		must(t, err)
	}
	w.wantState(t, before)
}

func (w *world) wantFirst(text string, want crm.RecordID) {
	w.t.Helper()
	sch, err := w.Schema(w.t.Context(), w.see)
	must(w.t, err)
	q, err := query.Parse(text, query.Schema{Nouns: sch.Nouns()})
	must(w.t, err)
	page, err := w.Run(w.t.Context(), w.see, q, "")
	must(w.t, err)
	if len(page.Items) == 0 || page.Items[0].Value.ID != want {
		w.t.Errorf("%s: %d records, want %s first", text, len(page.Items), want)
	}
}

// TestFiftyWriters lets 50 writers at one record, one unique value and one
// auto-number at once.
func TestFiftyWriters(t *testing.T) {
	w := newWorld(t)
	w.field(crm.FieldDef{Kind: crm.KindCompany, Field: crm.Field{Key: "vat", Type: crm.FieldText, Unique: true}})
	w.field(crm.FieldDef{Kind: crm.KindTicket, Field: crm.Field{Key: "count", Type: crm.FieldNumber}})
	shared := w.create(crm.KindTicket, map[string]any{"name": "shared", "count": 0})
	const writers = 50
	var mu sync.Mutex
	numbers := map[int64]int{}
	won := 0
	each := func(i int) error {
		made, err := w.Create(t.Context(), w.by, Draft{Kind: crm.KindTicket, Values: map[string]any{"name": fmt.Sprint(i)}})
		if err != nil {
			return err
		}
		_, claim := w.Create(t.Context(), w.by, Draft{Kind: crm.KindCompany, Values: map[string]any{"name": fmt.Sprint(i), "vat": "PL1"}})
		if claim != nil && !crm.IsKind(claim, crm.Exists) {
			return claim
		}
		mu.Lock()
		numbers[made.Record.Int("number")]++
		if claim == nil {
			won++
		}
		mu.Unlock()
		return w.increment(shared.Record.ID)
	}
	var wg sync.WaitGroup
	for i := range writers {
		wg.Go(func() {
			if err := each(i); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if len(numbers) != writers || won != 1 {
		t.Errorf("%d numbers for %d tickets, %d hold the unique value", len(numbers), writers, won)
	}
	doc, err := w.Get(t.Context(), w.see, shared.Record.ID)
	must(t, err)
	if doc.Value.Int("count") != writers {
		t.Errorf("%d of %d updates are there", doc.Value.Int("count"), writers)
	}
	claims, err := w.sp.Count(t.Context(), store.Claims.Name, store.Query{})
	must(t, err)
	if claims != 1 {
		t.Errorf("%d claims", claims)
	}
}

// increment adds one to a counter with optimistic writes.
func (w *world) increment(id crm.RecordID) error {
	for {
		doc, err := w.Get(w.t.Context(), w.see, id)
		if err != nil {
			return err
		}
		_, err = w.Update(w.t.Context(), w.by, id, Patch{Values: map[string]any{"count": doc.Value.Int("count") + 1}, IfMatch: doc.Version})
		if !crm.IsKind(err, crm.Conflict) {
			return err
		}
	}
}

func TestStages(t *testing.T) {
	w := newWorld(t)
	p := crm.DefaultPipeline()
	p.Stages[1].Gate = "bant_budget in (partial, yes) and amount > 10"
	_, err := w.SavePipeline(t.Context(), w.by, p)
	must(t, err)
	p.Stages[1].Gate = "colour = red"
	_, err = w.SavePipeline(t.Context(), w.by, p)
	w.wantError(err, crm.Invalid, "stages.proposal.gate")
	d := w.create(crm.KindDeal, map[string]any{"name": "Big", "amount": 4000}).Record
	_, err = w.Update(t.Context(), w.by, d.ID, Patch{Values: map[string]any{"stage": "proposal"}})
	w.wantError(err, crm.Invalid, "bant_budget")
	w.update(d.ID, map[string]any{"stage": "proposal", "bant_budget": "yes"})
	_, err = w.Lose(t.Context(), w.by, d.ID, "", 0)
	w.wantError(err, crm.Invalid, "reason")
	lost, err := w.Lose(t.Context(), w.by, d.ID, "price", 0)
	must(t, err)
	open, err := w.Reopen(t.Context(), w.by, d.ID, 0)
	must(t, err)
	if lost.Record.When("closed_at") == 0 || open.Record.Text("stage") != "proposal" || open.Record.Values["lost_reason"] != nil {
		t.Errorf("lost %+v, open %+v", lost.Record.Values, open.Record.Values)
	}
	var seconds int64
	history := StageHistory(&open.Record)
	for _, st := range history {
		seconds += st.Seconds
	}
	if want := int64(history[3].When.Sub(history[0].When).Seconds()); len(history) != 4 || seconds > want || seconds < want-3 || history[1].From != "qualified" || history[1].By != w.user.ID {
		t.Errorf("history %+v", history)
	}
	other := crm.Pipeline{Key: "partners", Name: "Partners", Stages: []crm.Stage{
		{Key: "talk", Name: "Talk", Kind: crm.StageOpen}, {Key: "won", Name: "Won", Kind: crm.StageWon}, {Key: "lost", Name: "Lost", Kind: crm.StageLost}}}
	for end := range 2 {
		without := other
		without.Stages = slices.Delete(slices.Clone(other.Stages), 1+end, 2+end)
		_, err = w.SavePipeline(t.Context(), w.by, without)
		w.wantError(err, crm.Invalid, "stages")
	}
	_, err = w.SavePipeline(t.Context(), w.by, other)
	must(t, err)
	_, err = w.Update(t.Context(), w.by, d.ID, Patch{Values: map[string]any{"pipeline": "partners"}})
	w.wantError(err, crm.Invalid, "stage")
	stages := map[string]string{"qualified": "talk", "proposal": "talk", "negotiation": "talk", "won": "won"}
	_, _, err = w.MovePipeline(t.Context(), w.by, "sales", "partners", stages)
	w.wantError(err, crm.Invalid, "stages.lost")
	stages["lost"] = "lost"
	before := w.state(t)
	batch, n, err := w.MovePipeline(t.Context(), w.by, "sales", "partners", stages)
	must(t, err)
	if got := w.mustGet(d.ID); n != 1 || got.Text("pipeline") != "partners" || got.Text("stage") != "talk" {
		t.Errorf("%d moved: %+v", n, got.Values)
	}
	_, err = w.DeletePipeline(t.Context(), w.by, "partners")
	w.wantError(err, crm.Conflict, "stages")
	_, err = w.Undo(t.Context(), w.by, batch)
	must(t, err)
	w.wantState(t, before)
	_, err = w.DeletePipeline(t.Context(), w.by, "partners")
	must(t, err)
}

func (w *world) mustGet(id crm.RecordID) crm.Record {
	w.t.Helper()
	doc, err := w.Get(w.t.Context(), w.see, id)
	must(w.t, err)
	return doc.Value
}

// TestArchivedFieldsStayUnique deletes a record while its unique field is archived:
// once the field is back, its value is free, and that of the others is not.
func TestArchivedFieldsStayUnique(t *testing.T) {
	w := newWorld(t)
	w.field(crm.FieldDef{Kind: crm.KindCompany, Field: crm.Field{Key: "vat", Type: crm.FieldText, Unique: true}})
	gone := w.create(crm.KindCompany, map[string]any{"name": "Gone", "vat": "PL1"})
	w.create(crm.KindCompany, map[string]any{"name": "Stays", "vat": "PL2"})
	archive := func(is bool) {
		t.Helper()
		_, err := w.EditField(t.Context(), w.by, crm.KindCompany, "vat", FieldEdit{Archived: &is})
		must(t, err)
	}
	archive(true)
	_, err := w.Delete(t.Context(), w.by, gone.Record.ID, 0)
	must(t, err)
	archive(false)
	w.create(crm.KindCompany, map[string]any{"name": "New", "vat": "PL1"})
	if _, err := w.Create(t.Context(), w.by, Draft{Kind: crm.KindCompany, Values: map[string]any{"name": "Other", "vat": "PL2"}}); !crm.IsKind(err, crm.Exists) {
		t.Errorf("a second PL2: %v", err)
	}
}
