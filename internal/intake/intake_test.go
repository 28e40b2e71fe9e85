package intake_test

import (
	"bytes"
	"fmt"
	"maps"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/intake"
	"threadline/internal/records"
)

const people = "Imię i nazwisko;E-mail;Telefon;Firma;Uwagi;Kolor\n" +
	"Żaneta Źrebiec;zaneta@acme.example;+48 600 100 200;Acme;\"pierwsza\nlinia\";zielony\n" + // 2
	"Jan Mak;jan@acme.example;;acme;;\n" + // 3: the same company
	";zly adres;;;;\n" + // 4: no address
	"Żaneta Z.;ZANETA@acme.example, z2@acme.example;;;;\n" + // 5: row 2 again
	"Olek Stary;olek@stary.example;;Nowa Firma;;\n" + // 6: is there already
	";;;;;\n" + // 7: says nothing
	"Ewa;ewa@b.example;12;;;\n" + // 8: no phone
	"\"Lost;quote\n" + // 9
	"Piotr;jan@acme.example;+48600100200;;;\n" // 10: fits rows 3 and 2

func TestImport(t *testing.T) {
	d := newDesk(t)
	ctx := t.Context()
	old, err := d.records.Create(ctx, records.By{Cause: crm.CauseUI}, records.Draft{Kind: crm.KindContact,
		Values: map[string]any{"name": "Aleksander Stary", "emails": "olek@stary.example"}})
	must(t, err)
	before := d.exported(t, ctx)
	im := d.planned(t, crm.KindContact, people, intake.Options{})
	if want := []string{"name", "emails", "phones", "company", "about", ""}; !reflect.DeepEqual(im.Spec.Map, want) {
		t.Errorf("mapped as %q", im.Spec.Map)
	}
	want := []string{"2 create", "3 create", "4 error invalid emails[0]", "5 merge", "6 merge", "7 error invalid", "8 error invalid phones[0]", "9 error invalid", "10 error conflict"}
	if got := d.lines(t, im.ID); !reflect.DeepEqual(got, want) {
		t.Errorf("planned %q\nwant %q", got, want)
	}
	if !bytes.Equal(before, d.exported(t, ctx)) {
		t.Error("planning changed something")
	}
	counts := map[string]int64{"create": 2, "merge": 2, "error": 5, "made": 2}
	if !maps.Equal(im.Counts, counts) || im.Total != 9 || im.Done != 9 || im.Stage != intake.StagePlanned {
		t.Errorf("planned as %+v", im.Progress)
	}
	done := d.applied(t, im.ID)
	if !maps.Equal(done.Counts, counts) || done.State != crm.JobDone || !reflect.DeepEqual(d.lines(t, im.ID), want) {
		t.Errorf("the result is not the plan: %+v, %q", done.Counts, d.lines(t, im.ID))
	}
	docs, err := d.records.GetMany(ctx, operator, []crm.RecordID{old.Record.ID})
	must(t, err)
	if r := docs[0].Value; r.Text("name") != "Aleksander Stary" || r.Text("company") == "" {
		t.Errorf("a merge replaced or did not fill: %v", r.Values)
	}
	zaneta := d.one(t, crm.KindContact, "Żaneta Źrebiec")
	if got := zaneta.List("emails"); !reflect.DeepEqual(got, []string{"zaneta@acme.example", "z2@acme.example"}) || zaneta.Text("about") != "pierwsza\nlinia" {
		t.Errorf("Żaneta became %v", zaneta.Values)
	}
	if company := d.one(t, crm.KindCompany, "Acme"); zaneta.Text("company") != string(company.ID) {
		t.Errorf("Żaneta is at %s, Acme is %s", zaneta.Text("company"), company.ID)
	}
	d.undo(t, ctx, done.Batch)
	if after := d.exported(t, ctx); !bytes.Equal(before, after) {
		t.Errorf("undone, and not as before:\n%s\nwas\n%s", after, before)
	}
}

// one is the only record of a kind with a name.
func (d *desk) one(t testing.TB, k crm.Kind, name string) crm.Record {
	t.Helper()
	page, err := d.records.List(t.Context(), operator, k, records.Page{})
	must(t, err)
	var found []crm.Record
	for _, it := range page.Items {
		if it.Value.Text("name") == name {
			found = append(found, it.Value)
		}
	}
	if len(found) != 1 {
		t.Fatalf("%d are called %s", len(found), name)
	}
	return found[0]
}

// TestThen says each way what happens to a record that is there.
func TestThen(t *testing.T) {
	for then, want := range map[records.Did]struct {
		line, name, title string
		contacts          int
	}{
		records.DidMerge:  {"2 merge", "Ann", "CEO", 1},
		records.DidUpdate: {"2 update", "Anna", "CEO", 1},
		records.DidSkip:   {"2 skip", "Ann", "", 1},
		records.DidError:  {"2 error exists", "Ann", "", 1},
		records.DidCreate: {"2 create exists emails", "Ann", "", 2},
	} {
		d := newDesk(t)
		made, err := d.records.Create(t.Context(), records.By{}, records.Draft{Kind: crm.KindContact, Values: map[string]any{"name": "Ann", "emails": "ann@a.example"}})
		must(t, err)
		im := d.planned(t, crm.KindContact, "name,email,title\nAnna,ann@a.example,CEO\n", intake.Options{Then: then})
		d.applied(t, im.ID)
		if got := d.lines(t, im.ID); !reflect.DeepEqual(got, []string{want.line}) {
			t.Errorf("%s: %q", then, got)
		}
		r, err := d.records.Get(t.Context(), operator, made.Record.ID)
		must(t, err)
		list, err := d.records.List(t.Context(), operator, crm.KindContact, records.Page{})
		must(t, err)
		if r.Value.Text("name") != want.name || r.Value.Text("title") != want.title || len(list.Items) != want.contacts {
			t.Errorf("%s: %v and %d contacts", then, r.Value.Values, len(list.Items))
		}
	}
}

// TestChangedSince lets somebody else work between plan and result.
func TestChangedSince(t *testing.T) {
	d := newDesk(t)
	ctx := t.Context()
	made, err := d.records.Create(ctx, records.By{}, records.Draft{Kind: crm.KindContact, Values: map[string]any{"name": "Ann", "emails": "ann@a.example"}})
	must(t, err)
	im := d.planned(t, crm.KindContact, "name,email\nAnna,ann@a.example\nBob,bob@a.example\nCid,cid@a.example\n", intake.Options{})
	_, err = d.records.Delete(ctx, records.By{}, made.Record.ID, 0)
	must(t, err)
	_, err = d.records.Create(ctx, records.By{}, records.Draft{Kind: crm.KindContact, Values: map[string]any{"name": "Bob", "emails": "bob@a.example"}})
	must(t, err)
	done := d.applied(t, im.ID)
	want := []string{"2 error conflict", "3 error conflict", "4 create"}
	if got := d.lines(t, im.ID); !reflect.DeepEqual(got, want) || done.Counts["error"] != 2 || done.Counts["create"] != 1 {
		t.Errorf("%q %v", got, done.Counts)
	}
}

func TestForbidden(t *testing.T) {
	d := newDesk(t)
	_, err := d.records.SetDuplicateRules(t.Context(), records.By{}, crm.DuplicateRules{Kind: crm.KindContact,
		Rules: []crm.DuplicateRule{{Field: "name", Like: crm.LikeFolded, Effect: crm.DuplicateForbids}}})
	must(t, err)
	im := d.planned(t, crm.KindContact, "name,email\nŁukasz Nowak,l@a.example\nlukasz  NOWAK,m@a.example\n", intake.Options{})
	d.applied(t, im.ID)
	if got := d.lines(t, im.ID); !reflect.DeepEqual(got, []string{"2 create", "3 error exists name"}) {
		t.Errorf("%q", got)
	}
	_, err = d.records.Create(t.Context(), records.By{}, records.Draft{Kind: crm.KindContact, Values: map[string]any{"name": "LUKASZ NOWAK"}})
	if !crm.IsKind(err, crm.Exists) {
		t.Errorf("a forbidden duplicate was made: %v", err)
	}
}

func columns(n int) string {
	var out strings.Builder
	for i := range n {
		fmt.Fprintf(&out, ",c%d", i)
	}
	return out.String()
}

func TestBadInput(t *testing.T) {
	d := newDesk(t)
	for name, c := range map[string]struct {
		text, field string
		o           intake.Options
	}{
		"empty":         {"", "file", intake.Options{}},
		"nothing known": {"foo,bar\n1,2\n", "map", intake.Options{}},
		"unknown field": {"name\nAnn\n", "map", intake.Options{Map: []string{"nix"}}},
		"system field":  {"name\nAnn\n", "map", intake.Options{Map: []string{"former"}}},
		"twice":         {"name,name2\nAnn,B\n", "map", intake.Options{Map: []string{"title", "title"}}},
		"too many":      {"name\nAnn\n", "map", intake.Options{Map: []string{"name", "title"}}},
		"match":         {"name\nAnn\n", "match", intake.Options{Match: []string{"about"}}},
		"then":          {"name\nAnn\n", "then", intake.Options{Then: "explode"}},
		"many columns":  {"name" + strings.Repeat(",c", 100_000) + "\nAnn\n", "file", intake.Options{}},
		"other columns": {"name" + columns(20_000) + "\nAnn\n", "file", intake.Options{}},
		"encoding":      {"name\nAnn\n", "encoding", intake.Options{Encoding: "x"}},
	} {
		_, err := d.Upload(t.Context(), records.By{}, noun(crm.KindContact), "f", strings.NewReader(c.text), c.o)
		e, ok := err.(*crm.Error)
		if !ok || e.Field != c.field || e.Kind != crm.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	im := d.planned(t, crm.KindContact, "name,about\nAnn,"+strings.Repeat("x", 10<<20)+"\nBob,y\nCid,"+strings.Repeat("z", 200_000)+"\n", intake.Options{})
	if got := d.lines(t, im.ID); !reflect.DeepEqual(got, []string{"2 error too_large", "3 create", "4 error too_large about"}) {
		t.Errorf("%q", got)
	}
	if _, err := d.Apply(t.Context(), operator, d.upload(t, crm.KindContact, "name\nA\n", intake.Options{}).ID); !crm.IsKind(err, crm.Conflict) {
		t.Errorf("applied without a plan: %v", err)
	}
}

// TestNoRoom: a file that is more than somebody may upload is refused when its part
// too many comes, and leaves no import.
func TestNoRoom(t *testing.T) {
	d := newDesk(t)
	d.room.Store(6 << 20)
	text := "name\n" + strings.Repeat("A name of a person\n", 9<<20/19)
	_, err := d.Upload(t.Context(), records.By{}, noun(crm.KindContact), "f", strings.NewReader(text), intake.Options{})
	if !crm.IsKind(err, crm.Throttled) {
		t.Errorf("it is taken: %v", err)
	}
	if list, _, err := d.jobs.List(t.Context(), access.Operator(), intake.KindName, 10, ""); err != nil || len(list) > 0 {
		t.Errorf("it left %v, %v", list, err)
	}
}

// TestAnyFile plans and applies random files over random records: the result is
// the plan, and undo brings the old state back.
func TestAnyFile(t *testing.T) {
	d := newDesk(t)
	rapid.Check(t, func(r *rapid.T) {
		ctx := t.Context()
		before := d.exported(r, ctx)
		var batches []string
		for range rapid.IntRange(1, 3).Draw(r, "files") {
			kind := rapid.SampledFrom([]crm.Kind{crm.KindContact, crm.KindCompany}).Draw(r, "kind")
			im := d.planned(t, kind, drawFile(r, kind), intake.Options{
				Then: rapid.SampledFrom([]records.Did{records.DidMerge, records.DidUpdate, records.DidSkip, records.DidCreate, records.DidError}).Draw(r, "then")})
			plan, counts := d.lines(t, im.ID), im.Counts
			done := d.applied(t, im.ID)
			if got := d.lines(t, im.ID); !reflect.DeepEqual(got, plan) {
				r.Fatalf("the result is not the plan:\n%q\n%q", got, plan)
			}
			delete(counts, "warning")
			if !maps.Equal(counts, done.Counts) {
				r.Fatalf("planned %v, done %v", counts, done.Counts)
			}
			if done.Counts["create"]+done.Counts["merge"]+done.Counts["update"] > 0 {
				batches = append(batches, done.Batch)
			}
		}
		for i := len(batches) - 1; i >= 0; i-- {
			_, err := d.records.Undo(ctx, records.By{Cause: crm.CauseCLI}, batches[i])
			if err != nil && !crm.IsKind(err, crm.NotFound) { // rows that changed nothing leave no batch
				r.Fatal(err)
			}
		}
		if after := d.exported(r, ctx); !bytes.Equal(before, after) {
			r.Fatalf("undone, and not as before:\n%s\nwas\n%s", after, before)
		}
	})
}

func drawFile(r *rapid.T, k crm.Kind) string {
	name := rapid.SampledFrom([]string{"", "Ann", "ann", "Łoś", "Bob", "Cid"})
	host := rapid.SampledFrom([]string{"", "a.example", "b.example", "bad domain"})
	head, third := "name,domains,phone\n", rapid.SampledFrom([]string{"", "+48600100200", "+48600100201", "12"})
	if k == crm.KindContact {
		head, third = "name,email,company\n", rapid.SampledFrom([]string{"", "Acme", "ACME", "b.example", "com_x"})
		host = rapid.SampledFrom([]string{"", "a@a.example", "b@a.example", "a@a.example;c@b.example", "bad"})
	}
	text := head
	for range rapid.IntRange(1, 8).Draw(r, "rows") {
		text += name.Draw(r, "name") + "," + host.Draw(r, "host") + "," + third.Draw(r, "third") + "\n"
	}
	return text
}
