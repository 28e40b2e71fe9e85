package records

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/store"
)

func TestUndo(t *testing.T) {
	w := newWorld(t)
	a := w.contact("A", "anna@acme.example")
	before := w.state(t)
	edit := w.update(a.Record.ID, map[string]any{"title": "CFO", "emails": "new@acme.example"})
	after := w.state(t)
	undone, err := w.Undo(t.Context(), w.by, edit.Batch)
	must(t, err)
	w.wantState(t, before)
	page, err := w.Batch(t.Context(), w.see, undone, Page{})
	must(t, err)
	if ch := page.Items[0]; len(page.Items) != 1 || ch.Undoes != edit.Batch || ch.Cause != crm.CauseUndo || ch.Actor != w.user.ID {
		t.Errorf("the change of the undo is %+v", ch)
	}
	_, err = w.Undo(t.Context(), w.by, undone) // undo of the undo
	must(t, err)
	w.wantState(t, after)
	_, err = w.Undo(t.Context(), w.by, "bat_none")
	w.wantError(err, crm.NotFound, "")
}

func TestUndoConflicts(t *testing.T) {
	w := newWorld(t)
	acme := w.create(crm.KindCompany, map[string]any{"name": "Acme"})
	a := w.create(crm.KindContact, map[string]any{"name": "A", "company": string(acme.Record.ID)})
	first := w.update(a.Record.ID, map[string]any{"title": "CFO"})
	w.update(a.Record.ID, map[string]any{"title": "CEO", "about": "x"})
	dropped := w.update(a.Record.ID, map[string]any{"company": nil})
	now := w.state(t)

	_, err := w.Undo(t.Context(), w.by, first.Batch)
	w.wantError(err, crm.Conflict, "about, company, title")

	d := w.create(crm.KindDeal, map[string]any{"name": "D", "contacts": []string{string(a.Record.ID)}})
	b := w.contact("B")
	note := w.create(crm.KindNote, map[string]any{"text": "x", "records": string(b.Record.ID)})
	_, err = w.Undo(t.Context(), w.by, b.Batch) // the note points to B
	w.wantError(err, crm.Conflict, "")
	if !strings.Contains(err.Error(), string(note.Record.ID)) {
		t.Errorf("the error does not name what points to it: %v", err)
	}
	for _, batch := range []string{note.Batch, b.Batch, d.Batch} {
		_, err = w.Undo(t.Context(), w.by, batch)
		must(t, err)
	}
	w.wantState(t, now)

	_, err = w.Delete(t.Context(), w.by, acme.Record.ID, 0)
	must(t, err)
	_, err = w.Undo(t.Context(), w.by, dropped.Batch) // would point to the deleted company
	w.wantError(err, crm.Conflict, "company")
	_, err = w.Delete(t.Context(), w.by, a.Record.ID, 0)
	must(t, err)
	_, err = w.Undo(t.Context(), w.by, dropped.Batch)
	if !crm.IsKind(err, crm.Conflict) || !strings.Contains(err.Error(), "was deleted since") {
		t.Errorf("got %v", err)
	}
}

// TestUndoInBetween lets another batch write between two changes of one batch.
func TestUndoInBetween(t *testing.T) {
	w := newWorld(t)
	a := w.contact("A")
	first := w.update(a.Record.ID, map[string]any{"title": "one"})
	w.update(a.Record.ID, map[string]any{"title": "two"})
	w.by.Batch = first.Batch
	w.update(a.Record.ID, map[string]any{"title": "three"})
	w.by.Batch = ""
	_, err := w.Undo(t.Context(), w.by, first.Batch)
	w.wantError(err, crm.Conflict, "")
}

// TestUndoFinishes interrupts a big undo: calling it again takes back the rest.
func TestUndoFinishes(t *testing.T) {
	w := newWorld(t)
	empty := w.state(t)
	var drafts []Draft
	for i := range 600 {
		drafts = append(drafts, Draft{Kind: crm.KindContact, Values: map[string]any{"emails": fmt.Sprintf("p%d@acme.example", i)}})
	}
	made, err := w.CreateMany(t.Context(), w.by, drafts)
	must(t, err)
	steps, err := w.steps(t.Context(), made.Batch)
	must(t, err)
	groups := group(steps)
	if len(groups) < 2 {
		t.Fatalf("%d steps fit into one transaction", len(steps))
	}
	u := &undo{s: w.Service, all: map[string]*step{}}
	for i := range steps {
		u.all[steps[i].key()] = &steps[i]
	}
	_, err = w.sp.Change(t.Context(), store.ChangeInfo{Cause: crm.CauseUndo, Undoes: made.Batch}, undoOne(u, groups[0]))
	must(t, err)
	_, err = w.Undo(t.Context(), w.by, made.Batch)
	must(t, err)
	w.wantState(t, empty)
}

// TestUndoAllOrNothing changes the last of many records: nothing is taken back.
func TestUndoAllOrNothing(t *testing.T) {
	w := newWorld(t)
	var drafts []Draft
	for i := range 600 {
		drafts = append(drafts, Draft{Kind: crm.KindContact, Values: map[string]any{"emails": fmt.Sprintf("p%d@acme.example", i)}})
	}
	made, err := w.CreateMany(t.Context(), w.by, drafts)
	must(t, err)
	w.update(made.IDs[0], map[string]any{"title": "x"})
	before := w.state(t)
	_, err = w.Undo(t.Context(), w.by, made.Batch)
	w.wantError(err, crm.Conflict, "title")
	w.wantState(t, before)
}

// TestHistories does random things and takes all of them back, newest first:
// records and identities end as they began, byte for byte, and what holds
// between records and identities holds at every step.
func TestHistories(t *testing.T) {
	w := newWorld(t)
	w.folder(crm.Folder{Key: "partner", Plural: "partners", Staged: true})
	w.field(crm.FieldDef{Kind: crm.KindCompany, Field: crm.Field{Key: "code", Type: crm.FieldText, Unique: true, Indexed: true}})
	w.field(crm.FieldDef{Kind: "x-partner", Field: crm.Field{Key: "refers", Type: crm.FieldRelation, Many: true, Roles: []string{"reseller", "referrer"}}})
	rapid.Check(t, func(rt *rapid.T) {
		w.by = By{Actor: w.user.ID, Cause: crm.CauseAPI}
		h := &history{world: w, t: rt}
		must(rt, h.collect())
		start := w.state(rt)
		for range rapid.IntRange(1, 25).Draw(rt, "steps") {
			h.step()
			h.check()
		}
		middle := w.state(rt)
		var undos []string
		for _, b := range slices.Backward(h.batches) {
			undone, err := w.Undo(w.t.Context(), w.by, b)
			must(rt, err)
			undos = append(undos, undone)
		}
		w.wantState(rt, start)
		for _, b := range slices.Backward(undos) { // and forth again
			_, err := w.Undo(w.t.Context(), w.by, b)
			must(rt, err)
		}
		w.wantState(rt, middle)
		for _, b := range slices.Backward(h.batches) {
			if _, err := w.Undo(w.t.Context(), w.by, b); err != nil {
				rt.Fatalf("%v", err)
			}
		}
		w.wantState(rt, start)
	})
}

// history draws operations on few values, so that they meet.
type history struct {
	*world
	t       *rapid.T
	ids     []crm.RecordID
	batches []string
}

// collect finds the records of the workspace.
func (h *history) collect() error {
	h.ids = nil
	for _, c := range []store.Collection[crm.Record]{store.Records, store.Activities} {
		docs, err := c.All(h.world.t.Context(), h.sp, store.Query{})
		if err != nil {
			return err
		}
		for _, d := range docs {
			h.ids = append(h.ids, d.Value.ID)
		}
	}
	return nil
}

func (h *history) step() {
	ctx := h.world.t.Context()
	by := h.by
	if rapid.Bool().Draw(h.t, "dated") {
		by.At = day(rapid.IntRange(1, 9).Draw(h.t, "day"))
	}
	var batch string
	var err error
	switch op := rapid.IntRange(0, 10).Draw(h.t, "op"); {
	case op <= 1 || len(h.ids) == 0:
		var s Saved
		s, err = h.Create(ctx, by, h.draft())
		batch = s.Batch
	case op == 2:
		var made Created
		made, err = h.CreateMany(ctx, by, []Draft{h.draft(), h.draft(), h.draft()})
		batch = made.Batch
	case op <= 5:
		id := rapid.SampledFrom(h.ids).Draw(h.t, "id")
		n, _ := crm.NounOfID(id)
		var s Saved
		s, err = h.Update(ctx, by, id, Patch{Values: h.values(n.Kind, true), MovedOn: rapid.Bool().Draw(h.t, "moved on")})
		batch = s.Batch
	case op <= 7:
		var done Converted
		done, err = h.convert(by)
		batch = done.Batch
	case op == 8:
		batch, err = h.merge(by)
	case op == 9:
		batch, err = h.rules(by)
	default:
		batch, err = h.Delete(ctx, by, rapid.SampledFrom(h.ids).Draw(h.t, "id"), 0)
	}
	if err != nil && !crm.IsKind(err, crm.Invalid) && !crm.IsKind(err, crm.Exists) {
		h.t.Fatalf("%v", err)
	}
	if err == nil && batch != "" {
		h.batches = append(h.batches, batch)
	}
	must(h.t, h.collect())
	h.c.advance(time.Hour)
}

// merge makes one of some records of a kind.
func (h *history) merge(by By) (string, error) {
	first := rapid.SampledFrom(h.ids).Draw(h.t, "into")
	m := Merging{Into: first, Take: map[string]crm.RecordID{}}
	n, _ := crm.NounOfID(first)
	for _, id := range h.ids {
		if of, _ := crm.NounOfID(id); of.Kind == n.Kind && id != first && rapid.Bool().Draw(h.t, "merged") && len(m.From) < 3 {
			m.From = append(m.From, id)
		}
	}
	for _, key := range []string{"name", "emails", "company", "contacts"} {
		if _, ok := n.Field(key); ok && rapid.IntRange(0, 3).Draw(h.t, "take") == 0 {
			m.Take[key] = rapid.SampledFrom(m.all()).Draw(h.t, "from")
		}
	}
	done, err := h.Merge(h.world.t.Context(), by, m)
	return done.Batch, err
}

// rules says what contacts are duplicates.
func (h *history) rules(by By) (string, error) {
	r := crm.DuplicateRule{Field: rapid.SampledFrom([]string{"name", "emails"}).Draw(h.t, "field"),
		Like:   rapid.SampledFrom([]crm.Likeness{crm.LikeExact, crm.LikeFolded}).Draw(h.t, "like"),
		Effect: rapid.SampledFrom([]crm.DuplicateEffect{crm.DuplicateWarns, crm.DuplicateForbids}).Draw(h.t, "effect")}
	return h.SetDuplicateRules(h.world.t.Context(), by, crm.DuplicateRules{Kind: crm.KindContact, Rules: []crm.DuplicateRule{r}})
}

// convert turns one of the leads into what there is or is not; without a lead
// that is not converted yet nothing happens.
func (h *history) convert(by By) (Converted, error) {
	var leads []string
	for _, id := range h.ids {
		n, _ := crm.NounOfID(id)
		if r := h.mustGet(id); n.Kind == crm.KindLead && r.Text("status") != crm.LeadConverted {
			leads = append(leads, string(id))
		}
	}
	if len(leads) == 0 {
		return Converted{}, nil
	}
	target := func(prefix, label string) Target {
		id, _ := h.one(prefix).(string)
		return Target{ID: crm.RecordID(id), Skip: rapid.Bool().Draw(h.t, label)}
	}
	c := Conversion{Contact: target("con", "contact"), Company: target("com", "company"), Deal: target("dea", "deal")}
	return h.Convert(h.world.t.Context(), by, crm.RecordID(rapid.SampledFrom(leads).Draw(h.t, "lead")), c, 0)
}

func (h *history) draft() Draft {
	kind := rapid.SampledFrom([]crm.Kind{crm.KindContact, crm.KindContact, crm.KindCompany, crm.KindDeal, crm.KindTask, crm.KindNote, crm.KindLead, crm.KindLead, "x-partner"}).Draw(h.t, "kind")
	return Draft{Kind: kind, Values: h.values(kind, false)}
}

func (h *history) values(kind crm.Kind, patch bool) map[string]any {
	v := map[string]any{}
	set := func(key string, value any) {
		if !patch || rapid.Bool().Draw(h.t, "set "+key) {
			v[key] = value
		}
	}
	switch kind {
	case crm.KindContact:
		set("name", rapid.SampledFrom([]string{"Anna", "Bert"}).Draw(h.t, "name"))
		set("emails", h.some("email", "a@acme.example", "b@acme.example", "c@acme.example"))
		set("phones", h.some("phone", "+48600000000", "+48600000001"))
		set("company", h.one("com"))
	case crm.KindCompany:
		set("name", rapid.SampledFrom([]string{"Acme", "Byte"}).Draw(h.t, "name"))
		set("code", rapid.SampledFrom([]any{nil, "a", "B", "b"}).Draw(h.t, "code"))
		set("domains", h.some("domain", "acme.example", "byte.example"))
		set("phones", h.some("phone", "+48600000000", "+48600000001"))
	case crm.KindDeal:
		set("name", "Deal")
		set("stage", rapid.SampledFrom([]string{"proposal", "won", "lost"}).Draw(h.t, "stage"))
		set("company", h.one("com"))
		set("contacts", h.any("con"))
		set("lost_reason", "price")
	case crm.KindLead:
		set("name", "Lea")
		set("emails", h.some("email", "a@acme.example", "b@acme.example", "c@acme.example"))
		set("company_name", rapid.SampledFrom([]any{nil, "Acme"}).Draw(h.t, "company name"))
	case "x-partner":
		set("name", "Partner")
		set("stage", rapid.SampledFrom([]string{"open", "done"}).Draw(h.t, "stage"))
		var links []any
		for _, id := range h.any("") {
			links = append(links, map[string]any{"record": id, "role": rapid.SampledFrom([]string{"", "reseller", "referrer"}).Draw(h.t, "role")})
		}
		set("refers", links)
	case crm.KindTask:
		set("title", "Task")
		set("status", rapid.SampledFrom([]string{"todo", "done"}).Draw(h.t, "status"))
		set("records", h.any(""))
	case crm.KindNote:
		set("text", "Note")
		set("records", h.any(""))
	}
	return v
}

func (h *history) some(label string, from ...string) []string {
	return rapid.SliceOfNDistinct(rapid.SampledFrom(from), 0, len(from), rapid.ID[string]).Draw(h.t, label)
}

// one is an id with the prefix, or nothing.
func (h *history) one(prefix string) any {
	if ids := h.any(prefix); len(ids) > 0 {
		return ids[0]
	}
	return nil
}

// any are some ids with the prefix; activities stay out.
func (h *history) any(prefix string) []string {
	var from []string
	for _, id := range h.ids {
		n, _ := crm.NounOfID(id)
		if (prefix == "" || n.Prefix == prefix) && !n.Activity {
			from = append(from, string(id))
		}
	}
	if len(from) == 0 {
		return nil
	}
	return rapid.SliceOfNDistinct(rapid.SampledFrom(from), 0, min(3, len(from)), rapid.ID[string]).Draw(h.t, "ids")
}

// check holds what must be true of any state: holders and records agree, the
// earliest holder reaches back to the beginning, relations exist.
func (h *history) check() {
	ctx := h.world.t.Context()
	docs, err := fetch(ctx, h.sp, h.ids)
	must(h.t, err)
	idents, err := store.Identities.All(ctx, h.sp, store.Query{})
	must(h.t, err)
	open, named := map[string]bool{}, map[string]bool{}
	for _, d := range idents {
		if len(d.Value.Holders) == 0 || d.Value.Holders[0].From != 0 {
			h.t.Fatalf("%s has holders %+v", d.Value.Token, d.Value.Holders)
		}
		for _, x := range d.Value.Holders {
			key := string(d.Value.Token) + " " + string(x.Record)
			if x.To == 0 && open[key] || x.To != 0 && x.To <= x.From {
				h.t.Fatalf("%s has holders %+v", d.Value.Token, d.Value.Holders)
			}
			named[key] = true
			open[key] = open[key] || x.To == 0
		}
	}
	for _, d := range docs {
		r := &d.Value
		n, _ := crm.NounOf(r.Kind)
		relations, _ := refsOf(n, nil, r)
		if err := (&edit{viewer: access.Operator()}).checkRelations(ctx, h.sp, relations, nil); err != nil {
			h.t.Fatalf("%s: %v", r.ID, err)
		}
		for _, tok := range TokensOf(r) {
			key := string(tok) + " " + string(r.ID)
			if held := slices.Contains(r.Tokens(), tok); !named[key] || open[key] != held {
				h.t.Fatalf("%s lists %s, and the identity says otherwise", r.ID, tok)
			}
			delete(named, key)
		}
	}
	for key := range named {
		h.t.Fatalf("%s is held by a record that does not know", key)
	}
}
