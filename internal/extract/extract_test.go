package extract_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"maps"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"gocloud.dev/blob/memblob"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/extract"
	"threadline/internal/job"
	"threadline/internal/records"
	"threadline/internal/store"
	"threadline/internal/table"
	"threadline/internal/timeline"
	tt "threadline/internal/timeline/timelinetest"
	"threadline/internal/view"
)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

type rig struct {
	*tt.World
	*extract.Service
	t    testing.TB
	jobs *job.Service
}

func newRig(t testing.TB) *rig { return rigIn(t, tt.New(t)) }

// timedRig has a clock that the test moves.
func timedRig(t testing.TB) (*rig, *atomic.Int64) {
	var passed atomic.Int64
	return rigIn(t, tt.Open(t, filepath.Join(t.TempDir(), "data.db"), func() time.Time { return tt.Start.Add(time.Duration(passed.Add(1))) })), &passed
}

func rigIn(t testing.TB, w *tt.World) *rig {
	bucket := memblob.OpenBucket(nil)
	t.Cleanup(func() { must(t, bucket.Close()) })
	bodies, err := store.NewBodyCodec()
	must(t, err)
	r := &rig{World: w, t: t}
	blobs := store.NewBlobs(bucket)
	rooms := extract.Rooms{Space: r.Space, Blobs: blobs, Bodies: bodies, Records: r.Records, Views: view.New(r.Space, r.Records),
		Timeline: timeline.New(r.Space, bodies, blobs)}
	r.jobs = job.New(r.Space, job.Config{Owner: "test", Log: slog.New(slog.DiscardHandler)}, extract.Kind(rooms))
	r.Service = extract.New(rooms, r.jobs)
	return r
}

// file has a file written and returns it.
func (r *rig) file(v access.Viewer, o extract.Order) (job.Progress, string) {
	r.t.Helper()
	p, err := r.Begin(r.t.Context(), v, crm.CauseAPI, o)
	must(r.t, err)
	if _, err := r.File(r.t.Context(), v, crm.CauseAPI, p.ID); !crm.IsKind(err, crm.Conflict) {
		r.t.Errorf("a file that is not finished: %v", err)
	}
	must(r.t, r.jobs.WorkOff(r.t.Context()))
	if p, err = r.Service.Get(r.t.Context(), v, p.ID); err != nil || p.State != crm.JobDone {
		r.t.Fatalf("ended as %+v %v", p, err)
	}
	f, err := r.File(r.t.Context(), v, crm.CauseAPI, p.ID)
	must(r.t, err)
	var out bytes.Buffer
	must(r.t, f.Write(r.t.Context(), &out))
	return p, out.String()
}

// TestTable writes no formulas, names what is pointed to, and keeps lines whole.
func TestTable(t *testing.T) {
	r := newRig(t)
	anna := access.Member(tt.Anna)
	made, err := r.Records.CreateMany(t.Context(), records.By{Cause: crm.CauseCLI}, []records.Draft{{Kind: crm.KindCompany, Values: map[string]any{"name": "Far; Inc"}}})
	must(t, err)
	var drafts []records.Draft
	for range 700 {
		drafts = append(drafts, records.Draft{Kind: crm.KindContact, Values: map[string]any{"name": "=HYPERLINK(\"x\")", "about": "a\nb", "company": string(made.IDs[0])}})
	}
	_, err = r.Records.CreateMany(t.Context(), records.By{Cause: crm.CauseCLI}, drafts)
	must(t, err)
	p, text := r.file(anna, extract.Order{Format: extract.CSV, Query: "contacts where about ~ a order by name", Columns: []string{"name", "about", "company"}})
	if p.Done != 700 {
		t.Errorf("%d rows", p.Done)
	}
	in, n := table.NewReader(strings.NewReader(text), table.Guess([]byte(text[:200]))), 0
	for row, err := in.Read(); err == nil; row, err = in.Read() {
		if n++; n > 1 && (!strings.HasPrefix(row.Cells[0], "'=") || row.Cells[1] != "a\nb" || row.Cells[2] != "Far, Inc") {
			t.Fatalf("row %d is %q", n, row.Cells)
		}
	}
	if n != 701 {
		t.Errorf("%d lines", n)
	}
	for field, o := range map[string]extract.Order{"query": {Format: extract.CSV}, "columns": {Format: extract.CSV, Query: "contacts", Columns: []string{"nix"}},
		"format": {Format: "pdf"}, "view": {Format: extract.CSV, View: "viw_aaaaaaaaaaaaaaaaaaaaaaaaaa"}, "record": {Format: extract.EML, Record: "con_aaaaaaaaaaaaaaaaaaaaaaaaaa"}} {
		_, err := r.Begin(t.Context(), anna, crm.CauseAPI, o)
		if e, ok := err.(*crm.Error); !ok || e.Kind != crm.Invalid || e.Field != field {
			t.Errorf("%+v: %v", o, err)
		}
	}
	if _, err := r.File(t.Context(), access.Member(tt.Bob), crm.CauseAPI, p.ID); !crm.IsKind(err, crm.NotFound) {
		t.Errorf("somebody else's file: %v", err)
	}
}

// TestLines holds every kind of record.
func TestLines(t *testing.T) {
	r := newRig(t)
	r.Make(crm.KindContact, 901, map[string]any{"name": "Ewa <b>"})
	r.Make(crm.KindTask, 901, map[string]any{"title": "Call"})
	_, text := r.file(access.Operator(), extract.Order{Format: extract.JSONL})
	kinds := map[crm.Kind]int{}
	for line := range strings.Lines(text) {
		var rec crm.Record
		must(t, json.Unmarshal([]byte(line), &rec))
		kinds[rec.Kind]++
	}
	if kinds[crm.KindTask] != 1 || kinds[crm.KindContact] == 0 || !strings.Contains(text, "Ewa <b>") {
		t.Errorf("kinds %v", kinds)
	}
}

// TestLetters holds the mails that their reader may read, each once.
func TestLetters(t *testing.T) {
	r := newRig(t)
	ewa := r.Make(crm.KindContact, 902, map[string]any{"name": "Ewa", "emails": []string{"ewa@far.example"}})
	r.Make(crm.KindContact, 903, map[string]any{"name": "Ewa too", "emails": []string{"jan@far.example"}})
	r.Store(tt.Mail{ID: "one@x", From: "ewa@far.example", To: []crm.Address{tt.AnnaAtWork, "jan@far.example"}, Subject: "Grüße", Text: "Dzień dobry", Date: crm.At(tt.Start)})
	_, text := r.file(access.Member(tt.Anna), extract.Order{Format: extract.EML, Query: "contacts where name ~ ewa"})
	z, err := zip.NewReader(strings.NewReader(text), int64(len(text)))
	must(t, err)
	if len(z.File) != 1 {
		t.Fatalf("%d mails", len(z.File))
	}
	f, err := z.File[0].Open()
	must(t, err)
	raw, err := io.ReadAll(f)
	must(t, err)
	if !bytes.Contains(raw, []byte("<one@x>")) || !bytes.Contains(raw, []byte("=C3=BC")) && !bytes.Contains(raw, []byte("=?utf-8?")) {
		t.Errorf("the mail is\n%s", raw)
	}
	if _, err := r.Begin(t.Context(), access.Operator(), crm.CauseAPI, extract.Order{Format: extract.EML, Record: ewa}); !crm.IsKind(err, crm.Denied) {
		t.Errorf("the operator and mail: %v", err)
	}
}

// TestTooManyExports: a person begins so many at once and in an hour, somebody else
// goes on, and what was begun and fetched stands in the change log.
func TestTooManyExports(t *testing.T) {
	r, passed := timedRig(t)
	anna, o := access.Member(tt.Anna), extract.Order{Format: extract.CSV, Query: `contacts where name = "zanzibar"`}
	refused := func(what string) {
		t.Helper()
		_, err := r.Begin(t.Context(), anna, crm.CauseUI, o)
		if !crm.IsKind(err, crm.Throttled) || crm.RetryAfter(err) <= 0 {
			t.Errorf("%s: %v, again in %v", what, err, crm.RetryAfter(err))
		}
	}
	begun, last := 0, ""
	begin := func() {
		t.Helper()
		p, err := r.Begin(t.Context(), anna, crm.CauseUI, o)
		must(t, err)
		begun, last = begun+1, p.ID
	}
	for range 3 {
		begin()
	}
	refused("a fourth beside three")
	must(t, r.jobs.WorkOff(t.Context()))
	for begun < 30 {
		begin()
		must(t, r.jobs.WorkOff(t.Context()))
	}
	refused("one more in the hour")
	if _, err := r.Begin(t.Context(), access.Member(tt.Bob), crm.CauseUI, o); err != nil {
		t.Errorf("somebody else: %v", err)
	}
	if _, err := r.File(t.Context(), anna, crm.CauseUI, last); err != nil {
		t.Errorf("what is written: %v", err)
	}
	passed.Add(int64(time.Hour))
	begin()
	noted := map[string]int{}
	for at, more := store.Position(""), true; more; {
		items, next, err := r.Space.Changes(t.Context(), at, 0)
		must(t, err)
		for _, x := range items {
			if x.Change != nil && len(x.Change.Entries) == 0 {
				noted[string(x.Change.Actor)+" "+x.Change.Title]++
			}
		}
		at, more = next, len(items) > 0
	}
	want := map[string]int{string(tt.Anna) + " export csv of contacts": 31, string(tt.Bob) + " export csv of contacts": 1, string(tt.Anna) + " fetch the export csv of contacts": 1}
	if !maps.Equal(noted, want) {
		t.Errorf("noted: %v", noted)
	}
}

// TestFetchedTooOften: a finished file is fetched so often in an hour.
func TestFetchedTooOften(t *testing.T) {
	r, passed := timedRig(t)
	anna := access.Member(tt.Anna)
	p, _ := r.file(anna, extract.Order{Format: extract.CSV, Query: "contacts"})
	fetch := func() error { _, err := r.File(t.Context(), anna, crm.CauseAPI, p.ID); return err }
	for n := 1; n < 120; n++ {
		must(t, fetch())
	}
	if err := fetch(); !crm.IsKind(err, crm.Throttled) || crm.RetryAfter(err) <= 0 {
		t.Errorf("%v, again in %v", err, crm.RetryAfter(err))
	}
	passed.Add(int64(time.Hour))
	must(t, fetch())
}
