package search

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/ledger"
	"threadline/internal/records"
	"threadline/internal/store"
	tt "threadline/internal/timeline/timelinetest"
)

// rig is a world with both indexes over it.
type rig struct {
	*tt.World
	indexes map[string]Index
	path    string
}

func newRig(t testing.TB) *rig {
	t.Helper()
	path := filepath.Join(t.TempDir(), "search.db")
	r := &rig{World: tt.New(t), path: path}
	f, err := OpenFTS(t.Context(), path)
	must(t, err)
	t.Cleanup(func() { must(t, f.Close()) })
	r.indexes = map[string]Index{"fts": f, "tokens": NewTokens(r.Space)}
	return r
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func quiet() *slog.Logger { return slog.New(slog.NewTextHandler(io.Discard, nil)) }

func (r *rig) catchUp(t testing.TB) {
	t.Helper()
	for _, x := range r.indexes {
		must(t, NewIndexer(r.Space, x, quiet()).CatchUp(t.Context()))
	}
}

// each asks both indexes, which must agree, and returns the titles.
func (r *rig) find(t testing.TB, v access.Viewer, text string, kinds ...crm.Kind) []string {
	t.Helper()
	answers := map[string][]string{}
	for name, x := range r.indexes {
		hits, err := New(r.Space, x, r.Records).Find(t.Context(), v, Question{Text: text, Kinds: kinds})
		must(t, err)
		for _, h := range hits {
			answers[name] = append(answers[name], h.Title)
		}
	}
	if d := cmp.Diff(answers["fts"], answers["tokens"]); d != "" {
		t.Errorf("%q: the indexes differ (-fts +tokens):\n%s", text, d)
	}
	return answers["fts"]
}

// TestFind asks as people type.
func TestFind(t *testing.T) {
	r := newRig(t)
	r.Make(crm.KindCompany, 1, map[string]any{"name": "Zakłady Łódź", "domains": []string{"zaklady.example"}})
	r.Make(crm.KindContact, 1, map[string]any{"name": "Ewa Nowak", "emails": []string{"e.nowak@zaklady.example"}, "title": "Buyer"})
	r.Make(crm.KindContact, 2, map[string]any{"name": "Nowa Huta", "about": "met at the fair"})
	r.Make(crm.KindDeal, 1, map[string]any{"name": "Pompy dla Łodzi"})
	r.Make(crm.KindNote, 1, map[string]any{"text": "Prefers Größe M"})
	r.Make(crm.KindDeal, 2, map[string]any{"name": "Разработка водоснабжения"})
	r.Make(crm.KindDeal, 3, map[string]any{"name": "Donaudampfschifffahrtsgesellschaft"})
	r.Make(crm.KindDeal, 4, map[string]any{"name": "Donaudampfschifffahrtselektrizität"})
	r.Store(tt.Mail{ID: "a@x", From: "e.nowak@zaklady.example", To: []crm.Address{tt.AnnaAtWork}, Subject: "Zapytanie o pompy", Date: crm.At(tt.Start)})
	r.catchUp(t)
	anna := access.Member(tt.Anna)
	for _, c := range []struct {
		ask   string
		kinds []crm.Kind
		want  []string
	}{
		{ask: "lodz", want: []string{"Pompy dla Łodzi", "Zakłady Łódź"}},
		{ask: "LODZ", kinds: []crm.Kind{crm.KindCompany}, want: []string{"Zakłady Łódź"}},
		{ask: "łodzi", want: []string{"Pompy dla Łodzi"}},
		{ask: "nowa", want: []string{"Nowa Huta", "Ewa Nowak", "Zapytanie o pompy"}},
		{ask: "nowa hu", want: []string{"Nowa Huta"}},
		{ask: "nowak ew", want: []string{"Ewa Nowak"}},
		{ask: "e.nowak@zak", want: []string{"Ewa Nowak", "Zapytanie o pompy"}},
		{ask: "e.nowak@zak", kinds: []crm.Kind{KindMessage}, want: []string{"Zapytanie o pompy"}},
		{ask: "zaklady.ex", want: []string{"Zakłady Łódź", "Ewa Nowak", "Zapytanie o pompy"}},
		{ask: "buyer", want: []string{"Ewa Nowak"}},
		{ask: "fair", want: []string{"Nowa Huta"}},
		{ask: "разработ", want: []string{"Разработка водоснабжения"}},
		{ask: "водоснабжения", want: []string{"Разработка водоснабжения"}},
		{ask: "donaudampfschiff", want: []string{"Donaudampfschifffahrtselektrizität", "Donaudampfschifffahrtsgesellschaft"}},
		{ask: "donaudampfschifffahrtsgesell", want: []string{"Donaudampfschifffahrtsgesellschaft"}},
		{ask: "grosse", want: []string{"Prefers Größe M"}},
		{ask: "pompy", want: []string{"Pompy dla Łodzi", "Zapytanie o pompy"}},
		{ask: "pompy nowak", want: []string{"Zapytanie o pompy"}},
		{ask: "nothing at all", want: nil},
		{ask: "x\"* OR 01w", want: nil},
	} {
		if d := cmp.Diff(c.want, r.find(t, anna, c.ask, c.kinds...)); d != "" {
			t.Errorf("%q:\n%s", c.ask, d)
		}
	}
	if got := r.find(t, access.Operator(), "nowak"); !slices.Equal(got, []string{"Ewa Nowak"}) {
		t.Errorf("the operator finds %v", got)
	}
	for _, bad := range []string{"", "  ", "!?", "\x00"} {
		if _, err := New(r.Space, r.indexes["fts"], r.Records).Find(t.Context(), anna, Question{Text: bad}); !crm.IsKind(err, crm.Invalid) {
			t.Errorf("%q gave %v", bad, err)
		}
	}
	if _, err := New(r.Space, r.indexes["fts"], r.Records).Find(t.Context(), access.Viewer{}, Question{Text: "nowak"}); !crm.IsKind(err, crm.Denied) {
		t.Errorf("nobody gave %v", err)
	}
}

// TestFollow renames, deletes, undoes and makes private: the index follows, and
// a stale one shows nothing that was hidden since.
func TestFollow(t *testing.T) {
	r := newRig(t)
	anna, bob := access.Member(tt.Anna), access.Member(tt.Bob)
	con := r.Make(crm.KindContact, 1, map[string]any{"name": "Ewa Nowak", "emails": []string{"ewa@far.example"}})
	ids := r.Store(tt.Mail{ID: "a@x", From: "ewa@far.example", To: []crm.Address{tt.AnnaAtWork}, Subject: "Secret offer", Date: crm.At(tt.Start)})
	r.catchUp(t)
	if got := r.find(t, anna, "secret"); !slices.Equal(got, []string{"Secret offer"}) {
		t.Errorf("the owner finds %v", got)
	}
	if got := r.find(t, bob, "secret"); got != nil {
		t.Errorf("a colleague finds %v by the subject", got)
	}
	if got := r.find(t, bob, "far.ex", KindMessage); !slices.Equal(got, []string{""}) {
		t.Errorf("a colleague finds %v by the people", got)
	}
	if got := r.find(t, bob, "ewa secret"); got != nil {
		t.Errorf("a colleague finds %v by people and subject", got)
	}
	by := records.By{Actor: tt.Anna, Cause: crm.CauseUI}
	saved, err := r.Records.Update(t.Context(), by, con, records.Patch{Values: map[string]any{"name": "Ewa Kowalska"}})
	must(t, err)
	if got := r.find(t, anna, "nowak"); got != nil {
		t.Errorf("an index that lags shows %v under an old name", got)
	}
	r.catchUp(t)
	if got := r.find(t, anna, "kowal"); !slices.Equal(got, []string{"Ewa Kowalska"}) {
		t.Errorf("the new name gives %v", got)
	}
	_, err = r.Records.Undo(t.Context(), by, saved.Batch)
	must(t, err)
	_, err = ledger.Correct(t.Context(), r.Space, ledger.Correction{Message: ids[0], Scope: crm.ScopeThread, Effect: crm.EffectPrivate, By: tt.Anna, Cause: crm.CauseUI})
	must(t, err)
	must(t, ledger.NewFollower(r.Space, quiet()).CatchUp(t.Context()))
	r.catchUp(t)
	if got := r.find(t, anna, "nowak"); !slices.Equal(got, []string{"Ewa Nowak"}) {
		t.Errorf("after undo: %v", got)
	}
	if got := r.find(t, bob, "far", KindMessage); got != nil {
		t.Errorf("a colleague finds private mail: %v", got)
	}
	if got := r.find(t, anna, "far secret", KindMessage); !slices.Equal(got, []string{"Secret offer"}) {
		t.Errorf("the owner of private mail finds %v", got)
	}
}

// TestIncremental compares an index that followed with one made at the end.
func TestIncremental(t *testing.T) {
	checked := 0
	rapid.Check(t, func(rt *rapid.T) {
		if checked++; checked > 15 && os.Getenv("THREADLINE_SOAK") == "" {
			return // a world each costs files
		}
		r := newRig(t)
		n := 0
		by := records.By{Actor: tt.Anna, Cause: crm.CauseUI}
		var made []crm.RecordID
		name := rapid.SampledFrom([]string{"Łódź", "lodz two", "anna", "Annabel Lee", "x", "Über"})
		for range rapid.IntRange(1, 12).Draw(rt, "steps") {
			switch step := rapid.IntRange(0, 4).Draw(rt, "step"); {
			case step == 0 || len(made) == 0:
				n++
				made = append(made, r.Make(crm.KindContact, n, map[string]any{"name": name.Draw(rt, "name")}))
			case step == 1:
				_, err := r.Records.Update(t.Context(), by, rapid.SampledFrom(made).Draw(rt, "which"), records.Patch{Values: map[string]any{"name": name.Draw(rt, "name")}})
				must(t, err)
			case step == 2:
				i := rapid.IntRange(0, len(made)-1).Draw(rt, "which")
				_, err := r.Records.Delete(t.Context(), by, made[i], 0)
				must(t, err)
				made = slices.Delete(made, i, i+1)
			case step == 3:
				n++
				r.Store(tt.Mail{ID: crm.RFCID(fmt.Sprintf("m%d@x", n)), From: "anna@lodz.example", To: []crm.Address{tt.AnnaAtWork}, Subject: name.Draw(rt, "subject"), Date: crm.At(tt.Start.Add(time.Duration(n) * time.Minute))})
			default:
				r.catchUp(t)
			}
		}
		r.catchUp(t)
		before := r.answers(t)
		for _, x := range r.indexes {
			must(t, NewIndexer(r.Space, x, quiet()).Rebuild(t.Context()))
		}
		r.catchUp(t)
		if d := cmp.Diff(before, r.answers(t)); d != "" {
			rt.Fatalf("made anew the index answers otherwise:\n%s", d)
		}
	})
}

// answers are those to a few questions, sorted: rows of one second may come in
// another order when the index is made anew.
func (r *rig) answers(t testing.TB) map[string][]string {
	t.Helper()
	out := map[string][]string{}
	for _, q := range []string{"l", "lo", "lodz", "an", "anna", "lee", "x", "ub"} {
		out[q] = slices.Sorted(slices.Values(r.find(t, access.Member(tt.Anna), q)))
	}
	return out
}

// TestBroken opens an index that is no index, one of another version, and one
// whose building was cut.
func TestBroken(t *testing.T) {
	r := newRig(t)
	r.Make(crm.KindContact, 1, map[string]any{"name": "Ewa"})
	r.Make(crm.KindNote, 1, map[string]any{"text": "Ewa called"})
	for name, x := range r.indexes {
		st := State{Version: version, Building: store.Activities.Name + "/"}
		must(t, x.Apply(t.Context(), nil, nil, st))
		cut, cancel := context.WithCancel(t.Context())
		cancel()
		if err := NewIndexer(r.Space, x, quiet()).CatchUp(cut); err == nil {
			t.Errorf("%s: a catch-up that was cut says nothing", name)
		}
		must(t, x.Apply(t.Context(), []subject{{ID: "con_old", Kind: crm.KindContact}}, nil, State{Version: version - 1, Position: "1"}))
	}
	r.catchUp(t)
	if got := r.find(t, access.Member(tt.Anna), "ewa"); !slices.Equal(got, []string{"Ewa", "Ewa called"}) {
		t.Errorf("after a new version: %v", got)
	}
}

// TestPrivate makes an index where there is none, and opens one that everybody may
// read: afterwards nobody else may read it or its journal.
func TestPrivate(t *testing.T) {
	path := filepath.Join(t.TempDir(), "search.db")
	for range 2 {
		f, err := OpenFTS(t.Context(), path)
		must(t, err)
		for _, end := range []string{"", "-wal", "-shm"} {
			if info, err := os.Stat(path + end); err != nil || info.Mode().Perm() != 0o600 {
				t.Errorf("%q: %v %v", end, info, err)
			}
		}
		must(t, f.Close())
		must(t, os.Chmod(path, 0o644))
	}
}

// TestRemade opens files that are no index of ours: each is put aside as it is,
// and the reason is told.
func TestRemade(t *testing.T) {
	sqlite := func(script string) func(t *testing.T, path string) {
		return func(t *testing.T, path string) {
			db, err := sql.Open("sqlite", path)
			must(t, err)
			_, err = db.ExecContext(t.Context(), script)
			must(t, err)
			must(t, db.Close())
		}
	}
	for name, c := range map[string]struct {
		make func(t *testing.T, path string)
		why  string
	}{
		"no database": {func(t *testing.T, path string) {
			must(t, os.WriteFile(path, []byte(strings.Repeat("no database ", 1000)), 0o600))
		}, "cannot be used"},
		"another program": {sqlite(`CREATE TABLE song (name TEXT); INSERT INTO song VALUES ('Ewa')`), "something else"},
		"its own version": {sqlite(`CREATE TABLE song (name TEXT); PRAGMA user_version = 1`), "something else"},
		"another form":    {sqlite(schema + `PRAGMA user_version = 7`), "form 7"},
		"cut short":       {cutShort, "cannot be used"},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "search.db")
			c.make(t, path)
			was, err := os.ReadFile(path)
			must(t, err)
			f, err := OpenFTS(t.Context(), path)
			must(t, err)
			defer f.Close()
			if why := f.Remade(); why == nil || !strings.Contains(why.Error(), c.why) {
				t.Errorf("it was made anew because %v, want %q", why, c.why)
			}
			const header = 100 // of a database that was opened it tells the way of its journal
			if aside, err := os.ReadFile(AsideOf(path)); err != nil || len(aside) != len(was) || !bytes.Equal(aside[header:], was[header:]) {
				t.Errorf("what was there is not kept as it was: %d of %d bytes, %v", len(aside), len(was), err)
			}
			must(t, f.Apply(t.Context(), []subject{{ID: "con_new", Kind: crm.KindContact}}, nil, State{Version: version}))
		})
	}
	path := filepath.Join(t.TempDir(), "search.db")
	for range 2 { // a new one, and a good one
		f, err := OpenFTS(t.Context(), path)
		must(t, err)
		if f.Remade() != nil {
			t.Errorf("a good file was made anew: %v", f.Remade())
		}
		must(t, f.Close())
	}
}

// TestEarlierForm: the index of an earlier program is emptied, to be made anew, and
// nobody is troubled with it.
func TestEarlierForm(t *testing.T) {
	path := filepath.Join(t.TempDir(), "search.db")
	f, err := OpenFTS(t.Context(), path)
	must(t, err)
	must(t, f.Apply(t.Context(), []subject{{ID: "con_old", Kind: crm.KindContact}}, nil, State{Version: version, Position: "somewhere"}))
	_, err = f.write.ExecContext(t.Context(), "PRAGMA user_version = 1")
	must(t, err)
	must(t, f.Close())
	for range 2 {
		f, err = OpenFTS(t.Context(), path)
		must(t, err)
		if st, err := f.State(t.Context()); f.Remade() != nil || err != nil || st != (State{}) {
			t.Errorf("it is %v, %v, %v", st, err, f.Remade())
		}
		must(t, f.Close())
	}
	if _, err := os.Stat(AsideOf(path)); !os.IsNotExist(err) {
		t.Errorf("something was put aside: %v", err)
	}
}

// cutShort is an index that lost all but its first pages.
func cutShort(t *testing.T, path string) {
	f, err := OpenFTS(t.Context(), path)
	must(t, err)
	must(t, f.Close())
	must(t, os.Truncate(path, 8192))
}
