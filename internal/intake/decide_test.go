package intake_test

import (
	"bytes"
	"reflect"
	"testing"

	"threadline/internal/crm"
	"threadline/internal/intake"
	"threadline/internal/records"
)

// TestDecide decides on single rows instead of the plan: what is applied is what
// was decided, and later rows know of it.
func TestDecide(t *testing.T) {
	d := newDesk(t)
	ctx := t.Context()
	old, err := d.records.Create(ctx, records.By{}, records.Draft{Kind: crm.KindContact, Values: map[string]any{"name": "Anna Nowak"}})
	must(t, err)
	before := d.exported(t, ctx)
	im := d.planned(t, crm.KindContact, "Who,Mail\nAnn,ann@a.example\nAnn again,ann@a.example\nBob,bad\nCid,c@a.example\n",
		intake.Options{Columns: map[string]string{"who": "name", "2": "emails"}})
	if got, want := d.lines(t, im.ID), []string{"2 create", "3 merge", "4 error invalid emails[0]", "5 create"}; !reflect.DeepEqual(got, want) {
		t.Fatalf("planned %q, want %q", got, want)
	}
	for name, bad := range map[string]intake.Decision{
		"kind": {Row: 2, Record: "com_x"}, "both": {Row: 2, Do: records.DidCreate, Record: old.Record.ID},
	} {
		if _, err := d.Decide(ctx, operator, im.ID, []intake.Decision{bad}); !crm.IsKind(err, crm.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err = d.Decide(ctx, operator, im.ID, []intake.Decision{{Row: 2, Do: records.DidSkip}, {Row: 4, Do: records.DidSkip}, {Row: 5, Do: records.DidMerge, Record: old.Record.ID}})
	must(t, err)
	im = d.worked(t, im.ID)
	want := []string{"2 skip", "3 create", "4 skip", "5 merge"}
	if got := d.lines(t, im.ID); !reflect.DeepEqual(got, want) {
		t.Fatalf("decided %q, want %q", got, want)
	}
	done := d.applied(t, im.ID)
	if got := d.lines(t, im.ID); !reflect.DeepEqual(got, want) || done.Counts["skip"] != 2 || done.Counts["merge"] != 1 {
		t.Errorf("applied %q, %v", got, done.Counts)
	}
	r, err := d.records.Get(ctx, operator, old.Record.ID)
	must(t, err)
	if !reflect.DeepEqual(r.Value.List("emails"), []string{"c@a.example"}) {
		t.Errorf("row 5 went elsewhere: %v", r.Value.Values)
	}
	d.undo(t, ctx, done.Batch)
	if !bytes.Equal(before, d.exported(t, ctx)) {
		t.Error("undone, and not as before")
	}
	if _, err := d.Plan(ctx, operator, im.ID, intake.Options{}); !crm.IsKind(err, crm.Conflict) {
		t.Errorf("planned again after it was applied: %v", err)
	}
}
