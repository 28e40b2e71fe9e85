package records

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/store"
)

func TestCreateAndGet(t *testing.T) {
	w := newWorld(t)
	s := w.create(crm.KindContact, map[string]any{
		"name": " Anna  Nowak ", "emails": []any{"Anna@Acme.Example", "anna@acme.example"}, "phones": "+48 600 000 000", "title": "",
	})
	want := map[string]any{"name": "Anna Nowak", "emails": []string{"anna@acme.example"}, "phones": []string{"+48600000000"}}
	if d := cmp.Diff(want, s.Record.Values); d != "" {
		t.Errorf("values (-want +got):\n%s", d)
	}
	if s.Batch == "" || s.Version == 0 || s.Record.CreatedBy != w.user.ID || s.Record.CreatedAt == 0 {
		t.Errorf("saved %+v", s)
	}
	got, err := w.Get(t.Context(), w.see, s.Record.ID)
	must(t, err)
	if d := cmp.Diff(s.Record, got.Value); d != "" || got.Version != s.Version {
		t.Errorf("read back another record:\n%s", d)
	}
	many, err := w.GetMany(t.Context(), access.Operator(), []crm.RecordID{"con_aaaaaaaaaaaaaaaaaaaaaaaaaa", s.Record.ID, "nonsense"})
	must(t, err)
	if many[0].Exists() || !many[1].Exists() || many[2].Exists() {
		t.Errorf("got %+v", many)
	}
	_, err = w.Get(t.Context(), access.Viewer{}, s.Record.ID)
	w.wantError(err, crm.Denied, "")
	_, err = w.Get(t.Context(), w.see, "con_aaaaaaaaaaaaaaaaaaaaaaaaaa")
	w.wantError(err, crm.NotFound, "")
	_, err = New(w.sp.Store().In("wsp_other")).Get(t.Context(), w.see, s.Record.ID)
	w.wantError(err, crm.NotFound, "") // an id of another workspace
}

func TestCreateRefuses(t *testing.T) {
	w := newWorld(t)
	nobody := "usr_aaaaaaaaaaaaaaaaaaaaaaaaaa"
	for _, tc := range []struct {
		kind   crm.Kind
		values map[string]any
		field  string
	}{
		{"widget", nil, "kind"},
		{crm.KindContact, map[string]any{}, "name"},
		{crm.KindContact, map[string]any{"name": "x", "colour": "red"}, "colour"},
		{crm.KindContact, map[string]any{"name": "x", "former": []string{"a:x@y.example"}}, "former"},
		{crm.KindContact, map[string]any{"emails": []string{"a@acme.example", "nope"}}, "emails[1]"},
		{crm.KindContact, map[string]any{"name": "x", "company": "com_aaaaaaaaaaaaaaaaaaaaaaaaaa"}, "company"},
		{crm.KindContact, map[string]any{"name": "x", "company": "con_aaaaaaaaaaaaaaaaaaaaaaaaaa"}, "company"},
		{crm.KindContact, map[string]any{"name": "x", "owner": nobody}, "owner"},
		{crm.KindCompany, map[string]any{"name": "x", "domains": "gmail.com"}, "domains"},
		{crm.KindCompany, map[string]any{"name": "x", "domains": "mx.wp.pl"}, "domains"},
		{crm.KindCompany, map[string]any{"name": "x", "domains": "us.example"}, "domains"},
		{crm.KindCompany, map[string]any{"name": "x", "domains": "co.uk"}, "domains"},
		{crm.KindDeal, map[string]any{"name": "x", "stage": "nowhere"}, "stage"},
		{crm.KindDeal, map[string]any{"name": "x", "pipeline": "nowhere"}, "pipeline"},
		{crm.KindDeal, map[string]any{"name": "x", "stage_kind": "won"}, "stage_kind"},
		{crm.KindTask, map[string]any{"title": "x", "assignee": nobody}, "assignee"},
		{crm.KindNote, map[string]any{"text": "x", "records": "con_aaaaaaaaaaaaaaaaaaaaaaaaaa"}, "records"},
	} {
		_, err := w.Create(t.Context(), w.by, Draft{Kind: tc.kind, Values: tc.values})
		e, ok := err.(*crm.Error)
		if !ok || e.Kind != crm.Invalid || e.Field != tc.field {
			t.Errorf("%s %v: got %v, want field %s", tc.kind, tc.values, err, tc.field)
		}
	}
	if page, err := w.Changes(t.Context(), w.see, Page{}); err != nil || len(page.Items) != 1 {
		t.Errorf("refusals left %d changes (%v)", len(page.Items), err)
	}
}

func TestUpdate(t *testing.T) {
	w := newWorld(t)
	anna := w.contact("Anna", "anna@acme.example")
	got := w.update(anna.Record.ID, map[string]any{"title": "CFO", "name": nil})
	if got.Record.Text("title") != "CFO" || got.Record.Values["name"] != nil || got.Version == anna.Version {
		t.Errorf("updated to %+v", got)
	}
	same := w.update(anna.Record.ID, map[string]any{"title": "CFO", "emails": []any{"ANNA@acme.example"}})
	if same.Batch != "" || same.Version != got.Version {
		t.Errorf("a patch without a change wrote %+v", same)
	}
	_, err := w.Update(t.Context(), w.by, anna.Record.ID, Patch{IfMatch: anna.Version, Values: map[string]any{"title": "CEO"}})
	w.wantError(err, crm.Conflict, "version")
	_, err = w.Update(t.Context(), w.by, anna.Record.ID, Patch{Values: map[string]any{"emails": nil}})
	w.wantError(err, crm.Invalid, "name") // neither name nor address would be left
	_, err = w.Update(t.Context(), w.by, "con_aaaaaaaaaaaaaaaaaaaaaaaaaa", Patch{})
	w.wantError(err, crm.NotFound, "")
}

func TestDealMoves(t *testing.T) {
	w := newWorld(t)
	d := w.create(crm.KindDeal, map[string]any{"name": "Big one", "amount": 4800})
	r := d.Record
	if r.Text("pipeline") != "sales" || r.Text("stage") != "qualified" || r.Text("stage_kind") != "open" ||
		r.Text("currency") != "PLN" || r.When("created") == 0 || r.When("closed_at") != 0 || len(r.List("stage_history")) != 1 {
		t.Errorf("a new deal is %+v", r.Values)
	}
	won := w.update(r.ID, map[string]any{"stage": "won"}).Record
	if won.Text("stage_kind") != "won" || won.When("closed_at") == 0 || len(won.List("stage_history")) != 2 {
		t.Errorf("a won deal is %+v", won.Values)
	}
	last := won.List("stage_history")[1]
	if last != won.When("closed_at").String()+" won "+string(w.user.ID)+" sales" {
		t.Errorf("the history says %q", last)
	}
	edited := w.update(r.ID, map[string]any{"next_step": "invoice"}).Record
	if edited.When("closed_at") != won.When("closed_at") || len(edited.List("stage_history")) != 2 {
		t.Errorf("an edit moved the deal: %+v", edited.Values)
	}
	open := w.update(r.ID, map[string]any{"stage": "negotiation"}).Record
	if open.Values["closed_at"] != nil || open.Text("stage_kind") != "open" || len(open.List("stage_history")) != 3 {
		t.Errorf("a reopened deal is %+v", open.Values)
	}
	past := w.by
	past.At = crm.At(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
	_, err := w.Update(t.Context(), past, r.ID, Patch{Values: map[string]any{"stage": "lost", "lost_reason": "price"}})
	w.wantError(err, crm.Invalid, "stage") // before its last move

	old := w.create(crm.KindDeal, map[string]any{"name": "Old", "created": "2026-03-01"}).Record
	if !strings.HasPrefix(old.List("stage_history")[0], "2026-03-01T00:00:00Z") {
		t.Errorf("the history of an old deal is %v", old.List("stage_history"))
	}
	past.At = crm.At(time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC))
	lost, err := w.Update(t.Context(), past, old.ID, Patch{Values: map[string]any{"stage": "lost", "lost_reason": "price"}})
	must(t, err)
	if lost.Record.When("closed_at") != past.At {
		t.Errorf("closed at %s", lost.Record.When("closed_at"))
	}
}

func TestActivities(t *testing.T) {
	w := newWorld(t)
	anna := w.contact("Anna")
	acme := w.create(crm.KindCompany, map[string]any{"name": "Acme", "domains": "acme.example"})
	about := []any{string(anna.Record.ID), string(acme.Record.ID)}
	task := w.create(crm.KindTask, map[string]any{"title": "Send offer", "due": "2026-12-01", "records": about}).Record
	wantFeed := []crm.FeedToken{crm.Feed(anna.Record.ID, crm.Members), crm.Feed(acme.Record.ID, crm.Members)}
	if d := cmp.Diff(wantFeed, task.Feed); d != "" || task.At == 0 || task.Text("status") != "todo" {
		t.Errorf("a task is %+v\n%s", task, d)
	}
	done := w.update(task.ID, map[string]any{"status": "done"}).Record
	if done.When("done_at") == 0 || done.At != task.At {
		t.Errorf("a done task is %+v", done)
	}
	if again := w.update(task.ID, map[string]any{"status": "todo"}).Record; again.Values["done_at"] != nil {
		t.Errorf("a task that is to do again is %+v", again)
	}
	call := w.create(crm.KindCall, map[string]any{"started": "2026-11-01T10:00:00Z", "records": about[:1]}).Record
	if call.At.String() != "2026-11-01T10:00:00Z" {
		t.Errorf("a call stands at %s", call.At)
	}
	page, err := store.Activities.Query(t.Context(), w.sp, store.Query{
		Where: []store.Filter{store.Has("feed", crm.Feed(anna.Record.ID, crm.Members))}, Order: "at",
	})
	must(t, err)
	if len(page.Items) != 2 || page.Items[0].Value.ID != call.ID {
		t.Errorf("the timeline has %+v", page.Values())
	}
}

func TestDeleteLetsGo(t *testing.T) {
	w := newWorld(t)
	acme := w.create(crm.KindCompany, map[string]any{"name": "Acme", "domains": "acme.example"}).Record
	var drafts []Draft
	for range 230 {
		drafts = append(drafts, Draft{Kind: crm.KindContact, Values: map[string]any{"name": "x", "company": string(acme.ID)}})
	}
	many, err := w.CreateMany(t.Context(), w.by, drafts)
	must(t, err)
	deal := w.create(crm.KindDeal, map[string]any{"name": "Deal", "company": string(acme.ID), "contacts": []string{string(many.IDs[0])}}).Record
	note := w.create(crm.KindNote, map[string]any{"text": "Hm", "records": []string{string(acme.ID), string(deal.ID)}}).Record
	before := w.state(t)

	batch, err := w.Delete(t.Context(), w.by, acme.ID, 0)
	must(t, err)
	w.wantHolders("d:acme.example")
	got, err := w.GetMany(t.Context(), w.see, append([]crm.RecordID{acme.ID, deal.ID, note.ID}, many.IDs...))
	must(t, err)
	if got[0].Exists() || got[1].Value.Values["company"] != nil {
		t.Errorf("left %+v %+v", got[0], got[1])
	}
	if d := cmp.Diff([]crm.FeedToken{crm.Feed(deal.ID, crm.Members)}, got[2].Value.Feed); d != "" {
		t.Errorf("the note stands on:\n%s", d)
	}
	for _, c := range got[3:] {
		if c.Value.Values["company"] != nil {
			t.Fatalf("%s still points to the company", c.Value.ID)
		}
	}
	page, err := w.Batch(t.Context(), w.see, batch, Page{})
	must(t, err)
	if len(page.Items) < 3 {
		t.Errorf("%d transactions for 232 records", len(page.Items))
	}
	_, err = w.Undo(t.Context(), w.by, batch)
	must(t, err)
	w.wantState(t, before)
}

func TestCreateManyRepeats(t *testing.T) {
	w := newWorld(t)
	com := crm.RecordID(crm.DerivedID("com", w.key, "acme.example"))
	drafts := []Draft{{ID: com, Kind: crm.KindCompany, Values: map[string]any{"name": "Acme", "domains": "acme.example"}}}
	for i := range 249 {
		mail := string(rune('a'+i%26)) + string(rune('a'+i/26)) + "@acme.example"
		drafts = append(drafts, Draft{
			ID: crm.RecordID(crm.DerivedID("con", w.key, mail)), Kind: crm.KindContact,
			Values: map[string]any{"emails": mail, "company": string(com), "phones": "+48 22 000 00 00"},
		})
	}
	empty := w.state(t)
	first, err := w.CreateMany(t.Context(), w.by, drafts)
	must(t, err)
	full := w.state(t)
	second, err := w.CreateMany(t.Context(), w.by, drafts)
	must(t, err)
	if first.New != 250 || second.New != 0 || !cmp.Equal(first.IDs, second.IDs) {
		t.Errorf("made %d, then %d", first.New, second.New)
	}
	w.wantState(t, full)
	if n := len(w.holders("p:+48220000000")); n != 249 {
		t.Errorf("%d hold the number of the switchboard", n)
	}
	undone, err := w.Undo(t.Context(), w.by, first.Batch)
	must(t, err)
	w.wantState(t, empty)
	_, err = w.Undo(t.Context(), w.by, first.Batch)
	w.wantError(err, crm.Conflict, "")
	_, err = w.Undo(t.Context(), w.by, undone)
	must(t, err)
	w.wantState(t, full)

	bad := append(drafts[:1:1], Draft{Kind: crm.KindContact, Values: map[string]any{"emails": "nope"}})
	_, err = w.CreateMany(t.Context(), w.by, bad)
	w.wantError(err, crm.Invalid, "[1].emails[0]")
}

func TestRun(t *testing.T) {
	w := newWorld(t)
	acme := w.create(crm.KindCompany, map[string]any{"name": "Acme"}).Record
	for _, name := range []string{"b", "a", "c"} {
		w.create(crm.KindDeal, map[string]any{"name": name, "company": string(acme.ID), "stage": "proposal"})
	}
	w.create(crm.KindDeal, map[string]any{"name": "d", "company": string(acme.ID)})
	for text, want := range map[string]string{
		"deals":                                       "dcab",
		"deals order by name":                         "abcd",
		"deals order by name desc":                    "dcba",
		"deals where stage = proposal":                "cab",
		"deals where stage in (proposal, qualified)":  "dcab",
		"deals where name > a and name <= c":          "bc",
		"contacts":                                    "",
		"deals where created_at > 2026-11-23":         "",
		"deals where company = " + string(acme.ID):    "????",
		"companies where name = Acme order by name":   "Acme",
		"deals where stage = proposal order by stage": "???",
		"deals where next_step = x":                   "",
		"deals where company.name ~ ACME":             "????",
		"deals where name ~ A or name = c":            "ca",
	} {
		q, err := w.Parse(t.Context(), w.see, text)
		must(t, err)
		page, err := w.Run(t.Context(), w.see, q, "")
		must(t, err)
		got := ""
		for _, r := range page.Values() {
			got += r.Text("name")
		}
		if got != want && (want[:min(1, len(want))] != "?" || len(got) != len(want)) {
			t.Errorf("%s: got %q, want %q", text, got, want)
		}
	}
	var names string
	for p := (Page{Limit: 2}); ; {
		page, err := w.List(t.Context(), w.see, crm.KindDeal, p)
		must(t, err)
		for _, r := range page.Values() {
			names += r.Text("name")
		}
		if p.Cursor = page.Next; page.Next == "" {
			break
		}
	}
	if names != "dcab" {
		t.Errorf("pages give %q", names)
	}
}

func TestHistory(t *testing.T) {
	w := newWorld(t)
	anna := w.contact("Anna", "anna@acme.example").Record
	w.contact("Bert")
	w.update(anna.ID, map[string]any{"title": "CFO"})
	page, err := w.History(t.Context(), w.see, string(anna.ID), Page{})
	must(t, err)
	if len(page.Items) != 2 {
		t.Fatalf("%d entries", len(page.Items))
	}
	got := page.Items[0]
	want := []EntityDiff{{Collection: "record", ID: string(anna.ID), Did: "updated", Fields: []FieldDiff{{Field: "title", After: "CFO"}}}}
	if d := cmp.Diff(want, got.Entries); d != "" || got.Actor != w.user.ID || got.Cause != crm.CauseUI {
		t.Errorf("the last entry is %+v\n%s", got, d)
	}
	if e := page.Items[1].Entries; len(e) != 1 || e[0].Did != "created" {
		t.Errorf("the first entry is %+v", e)
	}
	_, err = w.Batch(t.Context(), w.see, "bat_none", Page{})
	w.wantError(err, crm.NotFound, "")
}

func TestPipelines(t *testing.T) {
	w := newWorld(t)
	_, err := w.sp.Change(t.Context(), store.ChangeInfo{Cause: crm.CauseSystem}, addPipeline)
	must(t, err)
	list, err := w.Pipelines(t.Context(), w.see)
	must(t, err)
	if len(list) != 2 || list[0].Key != "sales" || list[1].Key != "partners" {
		t.Errorf("pipelines %+v", list)
	}
	d := w.create(crm.KindDeal, map[string]any{"name": "x", "pipeline": "partners"}).Record
	if d.Text("stage") != "talk" {
		t.Errorf("starts at %s", d.Text("stage"))
	}
	_, err = w.Update(t.Context(), w.by, d.ID, Patch{Values: map[string]any{"pipeline": "sales"}})
	w.wantError(err, crm.Invalid, "stage")
}

// A number that was stored when less was asked of numbers stays where the record
// is edited or converted, and is no number for anybody else.
func TestOldPhones(t *testing.T) {
	w := newWorld(t)
	const old = "+4812345"
	lead := w.create(crm.KindLead, map[string]any{"name": "Lea"}).Record
	_, err := w.sp.Change(t.Context(), store.ChangeInfo{Cause: crm.CauseSystem}, func(ctx context.Context, tx *store.Tx) error {
		docs, err := store.Records.GetMany(ctx, tx, []string{string(lead.ID)})
		if err != nil {
			return err
		}
		r := docs[0].Value.Clone()
		r.Values["phones"] = []string{old}
		store.Records.Put(tx, &r)
		return nil
	})
	must(t, err)
	saved, err := w.Update(t.Context(), w.by, lead.ID, Patch{Values: map[string]any{"phones": []any{old, "+48 22 123 45 67"}}})
	must(t, err)
	if got := saved.Record.List("phones"); !slices.Equal(got, []string{old, "+48221234567"}) {
		t.Errorf("the phones are %v", got)
	}
	_, err = w.Update(t.Context(), w.by, lead.ID, Patch{Values: map[string]any{"phones": []any{old, "+4812346"}}})
	w.wantError(err, crm.Invalid, "phones[1]")
	_, err = w.Create(t.Context(), w.by, Draft{Kind: crm.KindContact, Values: map[string]any{"name": "x", "phones": old}})
	w.wantError(err, crm.Invalid, "phones[0]")
	got, err := w.Convert(t.Context(), w.by, lead.ID, Conversion{}, 0)
	must(t, err)
	if c := w.mustGet(got.Contact); !slices.Equal(c.List("phones"), []string{old, "+48221234567"}) {
		t.Errorf("the contact has %v", c.List("phones"))
	}
}
