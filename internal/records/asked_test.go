package records

import (
	"context"
	"fmt"
	"testing"
	"time"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// TestAsked: who does not see a record learns so often that it has a value, and no
// more until later; what does not ask goes on, as does whoever sees everything.
func TestAsked(t *testing.T) {
	c := newCompany(t)
	c.field(crm.FieldDef{Kind: crm.KindCompany, Field: crm.Field{Key: "vat", Type: crm.FieldText, Unique: true}})
	c.create(crm.KindCompany, map[string]any{"name": "Secret", "vat": "PL1", "owner": string(c.ids["eve"])})
	c.give(crm.ReachOwn, "cid", "dan")
	c.give(crm.ReachAll, "bea")
	tries := func(name, vat string) error {
		_, err := c.Create(t.Context(), By{Actor: c.ids[name], Cause: crm.CauseUI}, Draft{Kind: crm.KindCompany, Values: map[string]any{"name": "Guess", "vat": vat}})
		return err
	}
	own, err := c.Create(t.Context(), By{Actor: c.ids["cid"]}, Draft{Kind: crm.KindCompany, Values: map[string]any{"name": "Own", "vat": "PL2"}})
	must(t, err)
	for range askedOnce {
		c.wantError(tries("cid", "PL1"), crm.Exists, "vat")
	}
	for _, vat := range []string{"PL1", "free"} { // the refusal tells nothing
		err := tries("cid", vat)
		c.wantError(err, crm.Throttled, "vat")
		if crm.RetryAfter(err) <= 0 {
			t.Errorf("it does not say when: %v", err)
		}
	}
	by := By{Actor: c.ids["cid"], Cause: crm.CauseUI}
	_, err = c.Update(t.Context(), by, own.Record.ID, Patch{Values: map[string]any{"vat": "PL1"}})
	c.wantError(err, crm.Throttled, "vat")
	_, err = c.Update(t.Context(), by, own.Record.ID, Patch{Values: map[string]any{"name": "Own too"}})
	must(t, err)
	c.wantError(tries("dan", "PL1"), crm.Exists, "vat")
	for range askedOnce + 1 {
		c.wantError(tries("bea", "PL1"), crm.Exists, "vat")
	}
	c.c.advance(askedEvery + time.Second)
	c.wantError(tries("cid", "PL1"), crm.Exists, "vat")
	c.wantError(tries("cid", "PL1"), crm.Throttled, "vat")
}

// TestAskedRows: rows of a file have an allowance of their own, after which the file
// is refused, whatever its other rows say.
func TestAskedRows(t *testing.T) {
	c := newCompany(t)
	c.field(crm.FieldDef{Kind: crm.KindCompany, Field: crm.Field{Key: "vat", Type: crm.FieldText, Unique: true}})
	c.create(crm.KindCompany, map[string]any{"name": "Secret", "vat": "PL1", "owner": string(c.ids["eve"])})
	c.give(crm.ReachOwn, "cid")
	n, _ := crm.NounOf(crm.KindCompany)
	bring := func(taken int) (out []Outcome, err error) {
		rows := make([]Row, taken+1)
		for i := range rows {
			rows[i] = Row{ID: crm.RecordID(crm.DerivedID(n.Prefix, c.key, fmt.Sprint(i))), Values: map[string]any{"name": fmt.Sprint("Guess ", i), "vat": "PL1"}}
		}
		rows[taken].Values["vat"] = "free"
		_, err = c.sp.Change(t.Context(), store.ChangeInfo{Cause: crm.CauseImport}, func(ctx context.Context, tx *store.Tx) error {
			out, err = c.Bring(ctx, tx, By{Actor: c.ids["cid"]}, Bringing{Noun: n, Dry: true}, rows)
			return err
		})
		return out, err
	}
	out, err := bring(rowsOnce)
	must(t, err)
	if len(out) != rowsOnce+1 || out[0].Did != DidError || out[rowsOnce].Did != DidCreate {
		t.Fatalf("%d outcomes, %+v", len(out), out[0])
	}
	_, err = bring(1)
	c.wantError(err, crm.Denied, "")
	if err := c.asked.wait(asker{user: c.ids["cid"]}, c.c.now()); err != 0 {
		t.Errorf("a file was counted for what is typed: %v", err)
	}
}
