package records_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/records"
	"threadline/internal/store"
	tt "threadline/internal/timeline/timelinetest"
)

// TestLadder: a status sets the dates of its rung and of those below, once; a
// date that somebody gave stays, and undo takes all back.
func TestLadder(t *testing.T) {
	clock := tt.Start
	w := tt.Open(t, t.TempDir()+"/data.db", func() time.Time { clock = clock.Add(time.Second); return clock })
	by := records.By{Actor: tt.Anna, Cause: crm.CauseUI}
	id := w.Make(crm.KindLead, 1, map[string]any{"name": "Jan"})
	set := func(values map[string]any) (map[string]bool, string) {
		saved, err := w.Records.Update(t.Context(), by, id, records.Patch{Values: values})
		must(t, err)
		got := map[string]bool{}
		for _, rung := range crm.Rungs() {
			if saved.Record.When(rung) != 0 {
				got[rung] = true
			}
		}
		return got, saved.Batch
	}
	if got, _ := set(map[string]any{"status": "mql"}); !got["mql_at"] || len(got) != 1 {
		t.Errorf("mql: %v", got)
	}
	if got, _ := set(map[string]any{"status": "working"}); len(got) != 1 {
		t.Errorf("working: %v", got)
	}
	got, batch := set(map[string]any{"status": "qualified"})
	if len(got) != 3 {
		t.Errorf("qualified: %v", got)
	}
	if got, _ := set(map[string]any{"status": "nurturing"}); len(got) != 3 {
		t.Errorf("going down again took a date: %v", got)
	}
	if _, err := w.Records.Undo(t.Context(), by, batch); !crm.IsKind(err, crm.Conflict) {
		t.Errorf("undo over a later change of the status: %v", err)
	}
	other := w.Make(crm.KindLead, 2, map[string]any{"name": "Ola", "status": "mal", "mql_at": "2026-01-02T00:00:00Z"})
	doc, err := store.Records.Get(t.Context(), w.Space, string(other))
	must(t, err)
	if doc.Value.When("mql_at").String() != "2026-01-02T00:00:00Z" || doc.Value.When("mal_at") == 0 {
		t.Errorf("a date that was given: %v", doc.Value.Values)
	}
}

// TestLifecycle: a won deal makes customers, undo unmakes them, and a person's
// word goes before both; queries ask for the result.
func TestLifecycle(t *testing.T) {
	w := tt.Open(t, t.TempDir()+"/data.db", time.Now)
	by := records.By{Actor: tt.Anna, Cause: crm.CauseUI}
	ewa := w.Make(crm.KindContact, 1, map[string]any{"name": "Ewa"})
	far := w.Make(crm.KindCompany, 1, map[string]any{"name": "Far"})
	w.Make(crm.KindCompany, 2, map[string]any{"name": "Near", "lifecycle": "partner"})
	deal := w.Make(crm.KindDeal, 1, map[string]any{"name": "Racks", "company": string(far), "contacts": []string{string(ewa)}})
	is := func(kind string, want ...string) {
		t.Helper()
		project(t, w)
		for _, plural := range []string{"contacts", "companies"} {
			got, _ := ask(t, w, plural+" where lifecycle = "+kind)
			var of []string
			for _, name := range want {
				if (name == "Ewa") == (plural == "contacts") {
					of = append(of, name)
				}
			}
			if d := cmp.Diff(of, got); d != "" {
				t.Errorf("%s that are %s: %s", plural, kind, d)
			}
		}
	}
	is("prospect", "Ewa", "Far")
	is("partner", "Near")
	won, err := w.Records.Win(t.Context(), by, deal, 0)
	must(t, err)
	is("customer", "Ewa", "Far")
	_, err = w.Records.Undo(t.Context(), by, won.Batch)
	must(t, err)
	is("customer")
	is("prospect", "Ewa", "Far")
	_, err = w.Records.Update(t.Context(), by, far, records.Patch{Values: map[string]any{"lifecycle": "competitor"}})
	must(t, err)
	is("competitor", "Far")
	doc, err := w.Records.Get(t.Context(), access.Member(tt.Anna), far)
	must(t, err)
	must(t, w.Records.Derive(t.Context(), access.Member(tt.Anna), []*crm.Record{&doc.Value}))
	if doc.Value.Derived["lifecycle"] != "competitor" {
		t.Errorf("derived: %v", doc.Value.Derived)
	}
}

// TestKindOfActivity: a workspace's own kind of activity stands on timelines, is
// found by a query, and its folder goes only when it is empty.
func TestKindOfActivity(t *testing.T) {
	w := tt.Open(t, t.TempDir()+"/data.db", time.Now)
	by := records.By{Actor: tt.Anna, Cause: crm.CauseUI}
	for _, bad := range []crm.Folder{{Key: "visit", Plural: "visits", Activity: true, Staged: true}} {
		if _, err := w.Records.MakeFolder(t.Context(), records.By{}, bad); !crm.IsKind(err, crm.Invalid) {
			t.Errorf("%+v: %v", bad, err)
		}
	}
	_, err := w.Records.MakeFolder(t.Context(), records.By{}, crm.Folder{Key: "visit", Plural: "visits", Activity: true})
	must(t, err)
	_, err = w.Records.MakeField(t.Context(), records.By{}, crm.FieldDef{Kind: "a-visit", Field: crm.Field{Key: "km", Type: crm.FieldNumber}})
	must(t, err)
	far := w.Make(crm.KindCompany, 1, map[string]any{"name": "Far"})
	saved, err := w.Records.Create(t.Context(), by, records.Draft{Kind: "a-visit", Values: map[string]any{"title": "Went there", "km": 12, "started": "2026-11-20T09:00:00Z", "records": []string{string(far)}}})
	must(t, err)
	if saved.Record.At.String() != "2026-11-20T09:00:00Z" || len(saved.Record.Feed) != 1 {
		t.Errorf("%+v", saved.Record)
	}
	if got, _ := ask(t, w, "visits where km > 10"); len(got) != 1 || got[0] != "Went there" {
		t.Errorf("asked: %v", got)
	}
	if _, err := w.Records.DeleteFolder(t.Context(), records.By{}, "visit"); !crm.IsKind(err, crm.Conflict) {
		t.Errorf("a folder with an activity: %v", err)
	}
	_, err = w.Records.Undo(t.Context(), by, saved.Batch)
	must(t, err)
	_, err = w.Records.DeleteFolder(t.Context(), records.By{}, "visit")
	must(t, err)
}

// TestZone: words such as today are said where the person lives.
func TestZone(t *testing.T) {
	clock := time.Date(2026, 11, 20, 23, 30, 0, 0, time.UTC) // half past midnight in Warsaw
	w := tt.Open(t, t.TempDir()+"/data.db", func() time.Time { clock = clock.Add(time.Millisecond); return clock })
	by := records.By{Actor: tt.Anna, Cause: crm.CauseUI}
	w.Make(crm.KindTask, 1, map[string]any{"title": "20", "due": "2026-11-20"})
	w.Make(crm.KindTask, 2, map[string]any{"title": "21", "due": "2026-11-21"})
	today := func() []string {
		v, err := w.Records.Viewer(t.Context(), tt.Anna)
		must(t, err)
		q, err := w.Records.Parse(t.Context(), v, "tasks where due = today")
		must(t, err)
		found, err := w.Records.Run(t.Context(), v, q, "")
		must(t, err)
		var out []string
		for _, d := range found.Items {
			out = append(out, d.Value.Name())
		}
		return out
	}
	if got := today(); len(got) != 1 || got[0] != "21" {
		t.Errorf("in Warsaw: %v", got)
	}
	batch, err := w.Records.SetClock(t.Context(), by, "America/New_York")
	must(t, err)
	if got := today(); len(got) != 1 || got[0] != "20" {
		t.Errorf("in New York: %v", got)
	}
	_, err = w.Records.Undo(t.Context(), by, batch)
	must(t, err)
	if got := today(); len(got) != 1 || got[0] != "21" {
		t.Errorf("in Warsaw again: %v", got)
	}
	if _, err := w.Records.SetClock(t.Context(), by, "Mars/Base"); !crm.IsKind(err, crm.Invalid) {
		t.Errorf("Mars: %v", err)
	}
}
