package bulk_test

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"testing"
	"time"

	"gocloud.dev/blob/memblob"

	"threadline/internal/access"
	"threadline/internal/bulk"
	"threadline/internal/crm"
	"threadline/internal/export"
	"threadline/internal/job"
	"threadline/internal/records"
	"threadline/internal/store"
	tt "threadline/internal/timeline/timelinetest"
)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

var (
	operator = access.Operator()
	by       = records.By{Cause: crm.CauseCLI}
)

type rig struct {
	*tt.World
	*bulk.Service
	t    testing.TB
	jobs *job.Service
}

func newRig(t testing.TB) *rig {
	now := tt.Start
	r := &rig{World: tt.Open(t, t.TempDir()+"/data.db", func() time.Time { now = now.Add(time.Millisecond); return now }), t: t}
	r.jobs = job.New(r.Space, job.Config{Owner: "test", Log: slog.New(slog.DiscardHandler)}, bulk.Kinds(r.Space, r.Records)...)
	r.Service = bulk.New(r.Space, r.Records, r.jobs)
	return r
}

func (r *rig) exported() string {
	r.t.Helper()
	bodies, err := store.NewBodyCodec()
	must(r.t, err)
	bucket := memblob.OpenBucket(nil)
	defer func() { must(r.t, bucket.Close()) }()
	var b bytes.Buffer
	must(r.t, export.Write(r.t.Context(), r.Space, bodies, store.NewBlobs(bucket), io.Writer(&b), export.Options{}))
	return b.String()
}

func (r *rig) worked(id string) job.Progress {
	r.t.Helper()
	must(r.t, r.jobs.WorkOff(r.t.Context()))
	p, err := r.jobs.Get(r.t.Context(), operator, id)
	must(r.t, err)
	if p.State == crm.JobFailed {
		r.t.Fatalf("failed: %s (%s)", p.Msg, p.Hint)
	}
	return p
}

func (r *rig) planned(o bulk.Order) job.Progress {
	r.t.Helper()
	e, err := r.Plan(r.t.Context(), operator, by, o)
	must(r.t, err)
	return r.worked(e.ID)
}

func (r *rig) undone(batch string) job.Progress {
	r.t.Helper()
	p, err := r.Undo(r.t.Context(), operator, by, batch)
	must(r.t, err)
	return r.worked(p.ID)
}

// TestEdit plans, applies as planned but for what was changed meanwhile, and
// takes it back.
func TestEdit(t *testing.T) {
	r := newRig(t)
	var drafts []records.Draft
	for i := range 1200 {
		v := map[string]any{"name": fmt.Sprintf("Person %d", i), "emails": []string{fmt.Sprintf("p%d@far.example", i)}, "title": "Clerk"}
		if i == 3 {
			v["title"] = "Boss"
		}
		drafts = append(drafts, records.Draft{Kind: crm.KindContact, Values: v})
	}
	made, err := r.Records.CreateMany(t.Context(), by, drafts)
	must(t, err)
	ids := made.IDs
	p := r.planned(bulk.Order{Query: "contacts where name ~ person order by name", Set: map[string]any{"title": "Boss"}})
	if p.Stage != bulk.StagePlanned || p.Counts["set"] != 1199 || p.Counts["skip"] != 1 {
		t.Fatalf("planned %+v", p)
	}
	_, err = r.Records.Update(t.Context(), by, ids[7], records.Patch{Values: map[string]any{"title": "Chief"}})
	must(t, err)
	before := r.exported()
	_, err = r.Apply(t.Context(), operator, p.ID)
	must(t, err)
	p = r.worked(p.ID)
	if p.State != crm.JobDone || p.Counts["set"] != 1198 || p.Counts["error"] != 1 || p.Done != 1200 {
		t.Errorf("applied %+v", p)
	}
	bad, _, err := r.Rows(t.Context(), operator, p.ID, []string{"error"}, 0, "")
	must(t, err)
	if len(bad) != 1 || bad[0].Record != ids[7] || bad[0].Fault.Code != crm.Conflict {
		t.Errorf("refused %+v", bad)
	}
	if u := r.undone(p.Batch); u.State != crm.JobDone || u.Counts["undone"] != 1198 {
		t.Errorf("undone %+v", u)
	}
	if got := r.exported(); got != before {
		t.Error("after the undo something else is there")
	}
	if u := r.undone(p.Batch); u.Counts["undone"] != 0 {
		t.Errorf("undone again: %+v", u)
	}
}

// TestUndoClashes leaves alone what was changed since, with the identities that
// belong to it, and takes the rest back.
func TestUndoClashes(t *testing.T) {
	r := newRig(t)
	var drafts []records.Draft
	for i := range 250 {
		drafts = append(drafts, records.Draft{Kind: crm.KindContact, Values: map[string]any{"name": fmt.Sprintf("P%d", i), "emails": []string{fmt.Sprintf("p%d@far.example", i)}}})
	}
	made, err := r.Records.CreateMany(t.Context(), by, drafts)
	must(t, err)
	_, err = r.Records.Update(t.Context(), by, made.IDs[5], records.Patch{Values: map[string]any{"title": "Boss"}})
	must(t, err)
	r.Make(crm.KindNote, 1, map[string]any{"text": "a note", "records": []string{string(made.IDs[200])}})
	before := r.exported()
	p := r.undone(made.Batch)
	if p.Stage != bulk.StageClashes || p.Counts["conflict"] != 2 || r.exported() != before {
		t.Fatalf("it does not wait: %+v", p)
	}
	list, _, err := r.Clashes(t.Context(), operator, p.ID, 0, "")
	must(t, err)
	if len(list) != 2 || !strings.Contains(list[0].Detail+list[1].Detail, "title") {
		t.Errorf("conflicts %+v", list)
	}
	_, err = r.Force(t.Context(), operator, p.ID)
	must(t, err)
	if p = r.worked(p.ID); p.State != crm.JobDone || p.Counts["undone"] != 2*248 {
		t.Errorf("undone %+v", p)
	}
	left, err := r.Records.List(t.Context(), operator, crm.KindContact, records.Page{})
	must(t, err)
	if len(left.Items) != 2 {
		t.Errorf("%d contacts are left", len(left.Items))
	}
	must(t, export.Verify(t.Context(), r.Space, nil, nil, func(f export.Finding) { t.Errorf("%+v", f) }, func(_, _ int64) {}))
}

// TestRefused answers orders that cannot be.
func TestRefused(t *testing.T) {
	r := newRig(t)
	r.Make(crm.KindContact, 1, map[string]any{"name": "Ewa"})
	for field, o := range map[string]bulk.Order{
		"query":      {Query: "contacts where nix = 1", Set: map[string]any{"title": "x"}},
		"set":        {Query: "contacts"},
		"nix":        {Query: "contacts", Set: map[string]any{"nix": "x"}},
		"emails[0]":  {Query: "contacts", Set: map[string]any{"emails": []any{"no address"}}},
		"drop.title": {Query: "contacts", Drop: map[string]any{"title": "x"}},
	} {
		_, err := r.Plan(t.Context(), operator, by, o)
		e, ok := err.(*crm.Error)
		if !ok || e.Kind != crm.Invalid || e.Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
	if _, err := r.Undo(t.Context(), operator, by, "bat_aaaaaaaaaaaaaaaaaaaaaaaaaa"); !crm.IsKind(err, crm.NotFound) {
		t.Error(err)
	}
	p := r.planned(bulk.Order{Query: "contacts", Set: map[string]any{"company": "com_aaaaaaaaaaaaaaaaaaaaaaaaaa"}})
	if p.Counts["error"] != 1 {
		t.Errorf("a company that is not there: %+v", p)
	}
}

// TestChosen edits single records of a kind, and no other that is named beside
// them.
func TestChosen(t *testing.T) {
	r := newRig(t)
	made, err := r.Records.CreateMany(t.Context(), by, []records.Draft{
		{Kind: crm.KindContact, Values: map[string]any{"name": "Ann"}}, {Kind: crm.KindContact, Values: map[string]any{"name": "Bob"}},
		{Kind: crm.KindContact, Values: map[string]any{"name": "Cid"}}, {Kind: crm.KindCompany, Values: map[string]any{"name": "Far"}}})
	must(t, err)
	p := r.planned(bulk.Order{Query: "contacts", Records: []crm.RecordID{made.IDs[0], made.IDs[2], made.IDs[3]}, Set: map[string]any{"title": "Boss"}})
	if p.Stage != bulk.StagePlanned || p.Total != 2 || p.Counts["set"] != 2 {
		t.Fatalf("planned %+v", p)
	}
	_, err = r.Apply(t.Context(), operator, p.ID)
	must(t, err)
	r.worked(p.ID)
	for i, want := range []any{"Boss", nil, "Boss"} {
		d, err := r.Records.Get(t.Context(), operator, made.IDs[i])
		must(t, err)
		if got := d.Value.Values["title"]; got != want {
			t.Fatalf("title of %d is %v, want %v", i, got, want)
		}
	}
}
