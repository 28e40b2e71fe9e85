package records

import (
	"testing"

	"threadline/internal/crm"
)

// TestConvert turns a lead into new records and into ones that there are: its
// identities and activities follow, and undo restores all of it.
func TestConvert(t *testing.T) {
	w := newWorld(t)
	w.field(crm.FieldDef{Kind: crm.KindLead, Field: crm.Field{Key: "seats", Type: crm.FieldNumber}})
	w.field(crm.FieldDef{Kind: crm.KindDeal, Field: crm.Field{Key: "seats", Type: crm.FieldNumber}})
	w.field(crm.FieldDef{Kind: crm.KindDeal, Field: crm.Field{Key: "origin", Type: crm.FieldText}})
	lead := func(email string) crm.Record {
		return w.create(crm.KindLead, map[string]any{"name": "Lea", "company_name": "Acme", "emails": email, "phones": "+48221234567",
			"amount": 500, "seats": 12, "source": "fair", "bant_need": "yes", "rating": "hot"}).Record
	}
	one := lead("lea@acme.example")
	note := w.create(crm.KindNote, map[string]any{"text": "x", "records": string(one.ID)}).Record
	before := w.state(t)
	got, err := w.Convert(t.Context(), w.by, one.ID, Conversion{Map: map[string]string{"source": "deal.origin"}}, 0)
	must(t, err)
	deal, contact := w.mustGet(got.Deal), w.mustGet(got.Contact)
	if deal.Int("seats") != 12 || deal.Text("origin") != "fair" || deal.Int("amount") != 500 || deal.Text("bant_need") != "yes" ||
		deal.Text("company") != string(got.Company) || deal.List("contacts")[0] != string(got.Contact) || contact.Text("company") != string(got.Company) {
		t.Errorf("the deal is %+v, the contact %+v", deal.Values, contact.Values)
	}
	w.wantHolders("a:lea@acme.example", crm.Holder{Record: got.Contact})
	noted := w.mustGet(note.ID)
	if about := noted.Records("records"); len(about) != 4 {
		t.Errorf("the note is about %v", about)
	}
	done := w.mustGet(one.ID)
	if done.Text("status") != crm.LeadConverted || done.Text("converted_deal") != string(got.Deal) || done.When("converted_at") == 0 {
		t.Errorf("the lead is %+v", done.Values)
	}
	_, err = w.Convert(t.Context(), w.by, one.ID, Conversion{}, 0)
	w.wantError(err, crm.Conflict, "status")
	_, err = w.Update(t.Context(), w.by, one.ID, Patch{Values: map[string]any{"status": "new"}})
	w.wantError(err, crm.Invalid, "status")
	_, err = w.Undo(t.Context(), w.by, got.Batch)
	must(t, err)
	w.wantState(t, before)

	there := w.create(crm.KindContact, map[string]any{"name": "Lea Old", "emails": "old@acme.example"}).Record
	again, err := w.Convert(t.Context(), w.by, one.ID, Conversion{Contact: Target{ID: there.ID}, Deal: Target{Skip: true}}, 0)
	must(t, err)
	into := w.mustGet(there.ID)
	if again.Deal != "" || into.Text("name") != "Lea Old" || len(into.List("emails")) != 2 || len(into.List("phones")) != 1 || into.Text("company") != string(again.Company) {
		t.Errorf("converted into one that there was: %+v %+v", again, into.Values)
	}
	two := lead("two@acme.example")
	for field, c := range map[string]Conversion{
		"contact":     {Contact: Target{Skip: true}, Company: Target{Skip: true}, Deal: Target{Skip: true}},
		"map.colour":  {Map: map[string]string{"colour": "deal.origin"}},
		"contact.id":  {Contact: Target{ID: again.Company}},
		"deal.seats":  {Deal: Target{Values: map[string]any{"seats": "many"}}},
		"deal.colour": {Deal: Target{Values: map[string]any{"colour": "red"}}},
	} {
		state := w.state(t)
		_, err := w.Convert(t.Context(), w.by, two.ID, c, 0)
		w.wantError(err, crm.Invalid, field)
		w.wantState(t, state)
	}
	_, err = w.Create(t.Context(), w.by, Draft{Kind: crm.KindLead, Values: map[string]any{"name": "x", "mql_at": "2026-02-01", "sql_at": "2026-01-01"}})
	w.wantError(err, crm.Invalid, "sql_at")
}

// TestConvertVeiled: what passes from a lead by itself passes to fields that who
// converts does not see, and tells them nothing that the lead hides from them.
func TestConvertVeiled(t *testing.T) {
	w := newCompany(t)
	op := By{Cause: crm.CauseCLI}
	_, err := w.SetRole(t.Context(), op, crm.MemberRole{Key: "veiled", Name: "Veiled", Others: crm.AllRights(), Fields: []crm.FieldRule{
		{Kind: crm.KindContact, Field: "emails", Effect: crm.FieldHidden}, {Kind: crm.KindContact, Field: "about", Effect: crm.FieldHidden},
		{Kind: crm.KindContact, Field: "title", Effect: crm.FieldReadOnly},
		{Kind: crm.KindLead, Field: "amount", Effect: crm.FieldHidden}, {Kind: crm.KindLead, Field: "company_name", Effect: crm.FieldHidden}}})
	must(t, err)
	_, err = w.SetMembership(t.Context(), op, crm.Membership{User: w.ids["bea"], Role: "veiled"})
	must(t, err)
	by := By{Actor: w.ids["bea"], Cause: crm.CauseUI}
	lead := w.create(crm.KindLead, map[string]any{"name": "Lea", "company_name": "Acme", "emails": "lea@acme.example", "title": "Head", "about": "tall", "amount": 500}).Record
	before := w.state(t)
	got, err := w.Convert(t.Context(), by, lead.ID, Conversion{}, 0)
	must(t, err)
	contact, deal := w.mustGet(got.Contact), w.mustGet(got.Deal)
	if contact.Text("about") != "tall" || contact.Text("title") != "Head" || len(contact.List("emails")) != 1 {
		t.Errorf("the contact lost what passes to it: %+v", contact.Values)
	}
	if deal.Values["amount"] != nil || deal.Name() != "Lea" || got.Company != "" {
		t.Errorf("it tells what the lead hides: %+v, %+v", deal.Values, got)
	}
	_, err = w.Undo(t.Context(), w.by, got.Batch)
	must(t, err)
	w.wantState(t, before)
	for _, c := range []struct {
		Conversion
		kind  crm.ErrorKind
		field string
	}{
		{Conversion{Map: map[string]string{"amount": "deal.next_step"}}, crm.Invalid, "map.amount"},
		{Conversion{Map: map[string]string{"name": "contact.about"}}, crm.Invalid, "about"},
		{Conversion{Contact: Target{Values: map[string]any{"about": "x"}}}, crm.Invalid, "about"},
		{Conversion{Contact: Target{Values: map[string]any{"title": "x"}}}, crm.Denied, "title"},
	} {
		_, err := w.Convert(t.Context(), by, lead.ID, c.Conversion, 0)
		w.wantError(err, c.kind, c.field)
	}
}
