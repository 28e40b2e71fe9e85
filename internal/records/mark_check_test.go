package records

import (
	"context"
	"slices"
	"testing"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// TestCheckMarks lets a record keep the marks of somebody who may not reach it.
func TestCheckMarks(t *testing.T) {
	c := newCompany(t)
	c.give(crm.ReachOwn, "cid", "eve")
	made, err := c.Create(t.Context(), By{Actor: c.ids["cid"], Cause: crm.CauseUI},
		Draft{Kind: crm.KindDeal, Values: map[string]any{"name": "Racks", "owner": string(c.ids["cid"])}})
	must(t, err)
	check := func() (wrong []crm.RecordID) {
		t.Helper()
		looked := 0
		must(t, CheckMarks(t.Context(), c.sp, func() { looked++ }, func(_ string, id crm.RecordID) { wrong = append(wrong, id) }))
		if looked == 0 {
			t.Error("it looked at nothing")
		}
		return wrong
	}
	if wrong := check(); len(wrong) > 0 {
		t.Error(wrong)
	}
	must(t, c.sp.Derive(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		d, err := store.Records.Get(ctx, tx, string(made.Record.ID))
		r := d.Value.Clone()
		r.Audience = []crm.Audience{crm.Audience(c.ids["eve"])}
		store.Records.Put(tx, &r)
		return err
	}))
	if wrong := check(); !slices.Equal(wrong, []crm.RecordID{made.Record.ID}) {
		t.Error(wrong)
	}
}
