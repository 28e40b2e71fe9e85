package records

import (
	"context"
	"fmt"
	"testing"
	"time"

	"threadline/internal/access"
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

// TestAskedByMerge: a merge is refused like any write that names what another record
// has, and counted among them.
func TestAskedByMerge(t *testing.T) {
	c := newCompany(t)
	c.field(crm.FieldDef{Kind: crm.KindCompany, Field: crm.Field{Key: "vat", Type: crm.FieldText, Unique: true}})
	c.create(crm.KindCompany, map[string]any{"name": "Secret", "vat": "PL1", "owner": string(c.ids["eve"])})
	c.give(crm.ReachOwn, "cid")
	by := By{Actor: c.ids["cid"], Cause: crm.CauseUI}
	var own []crm.RecordID
	for _, name := range []string{"Own", "Own too"} {
		made, err := c.Create(t.Context(), by, Draft{Kind: crm.KindCompany, Values: map[string]any{"name": name}})
		must(t, err)
		own = append(own, made.Record.ID)
	}
	merge := func(vat string) error {
		_, err := c.Merge(t.Context(), by, Merging{Into: own[0], From: own[1:], Values: map[string]any{"vat": vat}})
		return err
	}
	for range askedOnce {
		c.wantError(merge("PL1"), crm.Exists, "vat")
	}
	for _, vat := range []string{"PL1", "free"} {
		c.wantError(merge(vat), crm.Throttled, "vat")
	}
	c.c.advance(askedEvery + time.Second)
	must(t, merge("free"))
}

// TestAskedForAddresses: whether a record that one may not see has an address is told
// as rarely.
func TestAskedForAddresses(t *testing.T) {
	c := newCompany(t)
	c.create(crm.KindContact, map[string]any{"name": "Secret", "emails": []string{"secret@big.example"}, "owner": string(c.ids["eve"])})
	c.give(crm.ReachOwn, "cid")
	c.give(crm.ReachAll, "bea")
	who := func(name string) access.Viewer {
		v, err := c.Viewer(t.Context(), c.ids[name])
		must(t, err)
		return v
	}
	ask := func(name string, list ...crm.Address) (bool, error) {
		held, err := c.Held(t.Context(), who(name), list)
		return held == "secret@big.example", err
	}
	for range askedOnce {
		if held, err := ask("cid", "free@big.example", "secret@big.example"); err != nil || !held {
			t.Fatalf("held: %v, %v", held, err)
		}
	}
	for _, a := range []crm.Address{"secret@big.example", "free@big.example"} { // the refusal tells nothing
		if held, err := ask("cid", a); held || !crm.IsKind(err, crm.Throttled) {
			t.Errorf("of %s: %v, %v", a, held, err)
		}
	}
	if _, err := ask("cid"); err != nil {
		t.Errorf("who names none: %v", err)
	}
	for range askedOnce + 1 {
		if held, err := ask("bea", "secret@big.example"); err != nil || !held {
			t.Fatalf("who sees all: %v, %v", held, err)
		}
	}
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
