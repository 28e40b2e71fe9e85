package storetest

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/google/go-cmp/cmp"

	"threadline/internal/crm"
	"threadline/internal/store"
)

var changeCases = []testCase{
	{"change/before-and-after", beforeAndAfter},
	{"change/refused", refusedChanges},
	{"change/written-back", writtenBack},
	{"change/rerun", changeRerun},
	{"change/too-large-for-one", largeChange},
}

var byAnna = store.ChangeInfo{Actor: "usr_anna", Cause: crm.CauseUI, Title: "Edit"}

func contact(id, name string) *crm.Record {
	return &crm.Record{ID: crm.RecordID(id), Kind: crm.KindContact, Values: fields{"name": name}, CreatedAt: 1_790_000_000_000_000}
}

// changes returns the change documents of the workspace, oldest first.
func (e *env) changes() []*crm.Change {
	e.Helper()
	items, _, err := e.sp.Changes(e.Context(), "", store.MaxLimit)
	e.must(err)
	var out []*crm.Change
	for _, it := range items {
		if it.Change != nil {
			out = append(out, it.Change)
		}
	}
	return out
}

// name decodes the name in a stored contact, "" for none.
func (e *env) name(data []byte) string {
	e.Helper()
	if data == nil {
		return ""
	}
	f, err := e.h.store.Decode(data)
	e.must(err)
	values, _ := f["values"].(fields)
	return fmt.Sprint(values["name"])
}

func beforeAndAfter(e *env) {
	batch, err := e.sp.Change(e.Context(), byAnna, func(ctx context.Context, tx *store.Tx) error {
		store.Records.Create(tx, contact("con_1", "Anna"))
		store.Records.Create(tx, contact("con_2", "Bea"))
		return nil
	})
	e.must(err)
	info := byAnna
	info.Batch = batch
	again, err := e.sp.Change(e.Context(), info, func(ctx context.Context, tx *store.Tx) error {
		if _, err := store.Records.GetMany(ctx, tx, []string{"con_1", "con_2", "con_3"}); err != nil {
			return err
		}
		store.Records.Put(tx, contact("con_1", "in between"))
		store.Records.Put(tx, contact("con_1", "Anne"))
		store.Records.Delete(tx, "con_2")
		store.Records.Put(tx, contact("con_3", "Cleo"))
		store.Jobs.Put(tx, &crm.Job{ID: "job_1", Kind: "x", State: "done"}) // not logged
		return nil
	})
	e.must(err)
	if again != batch {
		e.Errorf("the batch %s became %s", batch, again)
	}
	_, err = e.sp.Change(e.Context(), byAnna, func(ctx context.Context, tx *store.Tx) error {
		d, err := store.Records.Get(ctx, tx, "con_1")
		if err != nil {
			return err
		}
		store.Records.Put(tx, &d.Value) // as it is
		store.Records.Delete(tx, "con_1")
		store.Records.Put(tx, &d.Value)
		return nil
	})
	e.must(err)
	log := e.changes()
	if len(log) != 2 {
		e.Fatalf("%d changes, want 2: what changes nothing is not logged", len(log))
	}
	var got [][]string
	for _, en := range log[1].Entries {
		got = append(got, []string{en.Collection, en.ID, e.name(en.Before), e.name(en.After)})
	}
	want := [][]string{{"record", "con_1", "Anna", "Anne"}, {"record", "con_2", "Bea", ""}, {"record", "con_3", "", "Cleo"}}
	if d := cmp.Diff(want, got); d != "" {
		e.Errorf("entries:\n%s", d)
	}
	head := *log[1]
	head.ID, head.At, head.Entries = "", 0, nil
	wantHead := crm.Change{Batch: batch, Actor: "usr_anna", Cause: crm.CauseUI, Title: "Edit", Touched: []string{"con_1", "con_2", "con_3"}}
	if d := cmp.Diff(wantHead, head); d != "" {
		e.Errorf("change:\n%s", d)
	}
	history, err := store.ChangeLog.Query(e.Context(), e.sp, store.Query{Where: []store.Filter{store.Has("touched", "con_2")}, Order: "at"})
	e.must(err)
	if len(history.Items) != 2 {
		e.Errorf("%d changes in the history of an entity, want 2", len(history.Items))
	}
}

func refusedChanges(e *env) {
	e.wants("a batch on a logged collection", e.commit(func(b *store.Batch) { store.Records.Put(b, contact("con_1", "Anna")) }), crm.Internal)
	e.wants("a transaction on one", e.change(func(_ context.Context, tx *store.Tx) error {
		store.Records.Create(tx, contact("con_1", "Anna"))
		return nil
	}), crm.Internal)
	change := func(f func(ctx context.Context, tx *store.Tx)) error {
		_, err := e.sp.Change(e.Context(), byAnna, func(ctx context.Context, tx *store.Tx) error { f(ctx, tx); return nil })
		return err
	}
	e.wants("writing unread", change(func(_ context.Context, tx *store.Tx) { store.Records.Put(tx, contact("con_1", "Anna")) }), crm.Internal)
	e.wants("deleting unread", change(func(_ context.Context, tx *store.Tx) { store.Records.Delete(tx, "con_1") }), crm.Internal)
	e.wants("transforming", change(func(ctx context.Context, tx *store.Tx) {
		_, _ = store.Records.GetMany(ctx, tx, []string{"con_1"})
		store.Records.Transform(tx, "con_1", store.Transform{Field: []string{"at"}, Kind: store.ServerTime})
	}), crm.Internal)
	e.must(change(func(_ context.Context, tx *store.Tx) { store.Records.Create(tx, contact("con_1", "Anna")) }))
	e.wants("creating again", change(func(_ context.Context, tx *store.Tx) { store.Records.Create(tx, contact("con_1", "Bea")) }), crm.Exists)
	if n := len(e.changes()); n != 1 {
		e.Errorf("%d changes after one that succeeded", n)
	}
}

// writtenBack writes what a change kept: the document is the one of before.
func writtenBack(e *env) {
	for _, name := range []string{"Anna", "Bea"} {
		_, err := e.sp.Change(e.Context(), byAnna, func(ctx context.Context, tx *store.Tx) error {
			_, err := store.Records.GetMany(ctx, tx, []string{"con_1"})
			store.Records.Put(tx, contact("con_1", name))
			return err
		})
		e.must(err)
	}
	last := e.changes()[1].Entries[0]
	_, err := e.sp.Change(e.Context(), store.ChangeInfo{Cause: crm.CauseUndo, Undoes: "bat_1"}, func(ctx context.Context, tx *store.Tx) error {
		now, err := tx.GetEncoded(ctx, "record", []string{"con_1"})
		if err != nil {
			return err
		}
		if string(now[0].Data) != string(last.After) {
			return fmt.Errorf("the document is not what the change left")
		}
		tx.PutEncoded("record", "con_1", last.Before)
		return nil
	})
	e.must(err)
	back, err := store.Records.Get(e.Context(), e.sp, "con_1")
	e.must(err)
	if d := cmp.Diff(*contact("con_1", "Anna"), back.Value); d != "" {
		e.Errorf("written back:\n%s", d)
	}
	_, err = e.sp.Change(e.Context(), byAnna, func(_ context.Context, tx *store.Tx) error {
		tx.PutEncoded("message", "msg_1", last.Before)
		return nil
	})
	e.wants("writing back outside the log", err, crm.Internal)
	_, err = e.sp.Change(e.Context(), byAnna, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.GetEncoded(ctx, "record", []string{"con_1"})
		tx.PutEncoded("record", "con_1", []byte{0xff})
		return err
	})
	e.wants("writing back what is no document", err, crm.Invalid)
}

func changeRerun(e *env) {
	e.h.again.Store(true)
	_, err := e.sp.Change(e.Context(), byAnna, func(ctx context.Context, tx *store.Tx) error {
		store.Records.Create(tx, contact("con_1", "Anna"))
		return nil
	})
	e.must(err)
	if n := len(e.changes()); n != 1 {
		e.Errorf("%d changes of one", n)
	}
}

// largeChange writes more than one document of the log holds: it is two, of one
// batch and time, and each entity is in one of them.
func largeChange(e *env) {
	batch, err := e.sp.Change(e.Context(), byAnna, func(_ context.Context, tx *store.Tx) error {
		for _, id := range []string{"con_1", "con_2", "con_3"} {
			r := contact(id, id)
			r.Values["about"] = strings.Repeat("x", 400_000)
			store.Records.Create(tx, r)
		}
		return nil
	})
	e.must(err)
	log := e.changes()
	if len(log) != 2 || log[0].ID == log[1].ID || log[0].At != log[1].At || log[0].Batch != batch || log[1].Batch != batch {
		e.Fatalf("%d changes of the batch %s", len(log), batch)
	}
	got := slices.Sorted(slices.Values(append(slices.Clone(log[0].Touched), log[1].Touched...)))
	if d := cmp.Diff([]string{"con_1", "con_2", "con_3"}, got); d != "" {
		e.Errorf("touched: %s", d)
	}
}
