package addon

import (
	"testing"

	"threadline/internal/crm"
	"threadline/internal/records"
)

// TestFlowFolder: a record of a folder that the workspace made is found, shows
// what the workspace added, and takes the conversation.
func TestFlowFolder(t *testing.T) {
	x := newOffice(t)
	by := records.By{Cause: crm.CauseCLI}
	const partner = crm.Kind("x-partner")
	did := func(_ string, err error) { t.Helper(); x.must(err) }
	did(x.w.Records.MakeFolder(t.Context(), by, crm.Folder{Key: "partner", Plural: "partners", Staged: true, Labels: map[string]string{"en": "Partner firm", "pl": "Partner"}}))
	for _, f := range []crm.Field{
		{Key: "seats", Type: crm.FieldNumber, Labels: map[string]string{"en": "Seats sold"}},
		{Key: "since", Type: crm.FieldDate}, {Key: "volume", Type: crm.FieldMoney}, {Key: "exclusive", Type: crm.FieldCheckbox},
		{Key: "rival", Type: crm.FieldCheckbox}, {Key: "refers", Type: crm.FieldRelation, Many: true, To: crm.KindCompany},
	} {
		did(x.w.Records.MakeField(t.Context(), by, crm.FieldDef{Kind: partner, Field: f}))
	}
	did(x.w.Records.MakeField(t.Context(), by, crm.FieldDef{Kind: crm.KindCompany, Field: crm.Field{Key: "tax_office", Type: crm.FieldText}}))
	_, err := x.w.Records.Create(t.Context(), by, records.Draft{Kind: partner, Values: map[string]any{"name": "Handel Zamosc", "seats": 30, "since": "2024-05-17",
		"volume": "1250.50 PLN", "exclusive": true, "rival": false, "refers": []any{string(x.nord)}}})
	x.must(err)
	_, err = x.w.Records.Update(t.Context(), by, x.nord, records.Patch{Values: map[string]any{"tax_office": "Gdynia II"}})
	x.must(err)
	x.must(x.index.CatchUp(t.Context()))
	x.open(x.hello)
	x.click("Search")
	x.fill("q", "zamosc")
	x.click("Find")
	x.sees("Handel Zamosc", "Partner firm")
	x.click("Handel Zamosc")
	x.sees("Partner firm", "Open", "Seats sold", "30", "Since", "17 May 2024", "PLN", "1,250.50", "Exclusive", "✓", "Nord", "Log this conversation here")
	x.seesNot("Rival")
	x.seesNot(`"topLabel":"x-partner"`)
	x.click("Log this conversation here")
	x.hears("The conversation is logged at Handel Zamosc.")
	x.sees("Handel Zamosc", "put here by")
	x.seesNot(`"topLabel":"x-partner"`)
	x.click("Search")
	x.fill("q", "nord")
	x.click("Find")
	x.click("Nord")
	x.sees("Tax office", "Gdynia II")
}
