package records_test

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"threadline/internal/access"
	"threadline/internal/crm"
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

func project(t testing.TB, w *tt.World) {
	t.Helper()
	must(t, records.NewProjector(w.Records, slog.New(slog.DiscardHandler)).CatchUp(t.Context()))
}

// ask answers a query with names, or titles.
func ask(t testing.TB, w *tt.World, text string) ([]string, records.Explained) {
	t.Helper()
	v := access.Member(tt.Anna)
	q, err := w.Records.Parse(t.Context(), v, text)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	found, err := w.Records.Run(t.Context(), v, q, "")
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	var out []string
	for _, d := range found.Items {
		out = append(out, d.Value.Name())
	}
	return out, found.Plan
}

// TestFiguresAreAsked filters and sorts by what is computed, and says by which
// index.
func TestFiguresAreAsked(t *testing.T) {
	clock := tt.Start
	w := tt.Open(t, t.TempDir()+"/data.db", func() time.Time { clock = clock.Add(time.Millisecond); return clock })
	day := func(n int) crm.Time { return crm.At(tt.Start.AddDate(0, 0, -n)) }
	by := records.By{Actor: tt.Anna, Cause: crm.CauseUI}
	for _, f := range []crm.FieldDef{
		{Kind: crm.KindCompany, Field: crm.Field{Key: "won_deals", Type: crm.FieldStatistic, Stat: &crm.Statistic{Do: crm.StatCount, Over: "deals.company"}}},
		{Kind: crm.KindContact, Field: crm.Field{Key: "shout", Type: crm.FieldFormula, Expr: `upper(company.name)`}},
	} {
		_, err := w.Records.MakeField(t.Context(), by, f)
		must(t, err)
	}
	acme := w.Make(crm.KindCompany, 1, map[string]any{"name": "Acme", "domains": []string{"acme.example"}})
	ewa := w.Make(crm.KindContact, 1, map[string]any{"name": "Ewa", "emails": []string{"ewa@acme.example"}, "company": string(acme)})
	w.Make(crm.KindContact, 2, map[string]any{"name": "Jan", "emails": []string{"jan@far.example"}})
	w.Make(crm.KindContact, 3, map[string]any{"name": "Nobody"})
	w.Make(crm.KindDeal, 1, map[string]any{"name": "Pumps", "company": string(acme), "amount": 500, "currency": "EUR"})
	w.Make(crm.KindTask, 1, map[string]any{"title": "Call Ewa", "due": "2026-11-25", "status": "todo", "records": []string{string(ewa)}})
	w.Store(tt.Mail{ID: "1@x", From: "ewa@acme.example", To: []crm.Address{tt.AnnaAtWork}, Subject: "one", Date: day(3)},
		tt.Mail{ID: "2@x", From: "jan@far.example", To: []crm.Address{tt.AnnaAtWork}, Subject: "two", Date: day(20)},
		tt.Mail{ID: "3@x", From: tt.AnnaAtWork, To: []crm.Address{"ewa@acme.example"}, Subject: "three", Date: day(40)})
	project(t, w)
	for _, c := range []struct {
		ask   string
		want  []string
		index string
	}{
		{"contacts where last_inbound > 7d ago", []string{"Ewa"}, "kind, last_inbound"},
		{"contacts where last_inbound < 7d ago", []string{"Jan"}, "kind, last_inbound"},
		{"contacts where last_inbound is empty", []string{"Nobody"}, "kind, created_at"},
		{"contacts order by last_inbound desc", []string{"Ewa", "Jan", "Nobody"}, "kind, last_inbound"},
		{"contacts where first_touch < 30d ago and name ~ e", []string{"Ewa"}, "kind, first_touch"},
		{"contacts where mails_30d >= 1 order by name", []string{"Ewa", "Jan"}, "kind, name"},
		{"contacts where turn = ours order by name", []string{"Ewa", "Jan"}, "kind, name"},
		{"contacts where next_task_due < 2026-12-01", []string{"Ewa"}, "kind, next_task_due"},
		{"contacts where next_task ~ call", []string{"Ewa"}, "kind, created_at"},
		{"contacts where shout = ACME", []string{"Ewa"}, "kind, created_at"},
		{"contacts where company.won_deals = 1", []string{"Ewa"}, "kind, created_at"},
		{"companies where won_deals > 0 and last_touch > 7d ago", []string{"Acme"}, "kind, last_touch"},
		{"deals where days_in_stage = 0 and rotting = false", []string{"Pumps"}, "kind, days_in_stage"},
	} {
		got, plan := ask(t, w, c.ask)
		if d := cmp.Diff(c.want, got); d != "" || plan.Index != c.index {
			t.Errorf("%s: by %s:\n%s", c.ask, plan.Index, d)
		}
	}
	clock = clock.AddDate(0, 0, 30) // time alone
	project(t, w)
	for q, want := range map[string][]string{
		"contacts where mails_30d > 0":         nil,
		"deals where days_in_stage = 30":       {"Pumps"},
		"contacts where last_inbound > 7d ago": nil,
	} {
		if got, _ := ask(t, w, q); !slices.Equal(got, want) {
			t.Errorf("30 days later %s gives %v", q, got)
		}
	}
}

// TestFiguresFollow compares figures and sums that followed random changes with
// those that are made anew, and with a count of the records.
func TestFiguresFollow(t *testing.T) {
	checked := 0
	rapid.Check(t, func(rt *rapid.T) {
		if checked++; checked > 12 && os.Getenv("THREADLINE_SOAK") == "" {
			return // a world each costs files
		}
		w := tt.New(t)
		by := records.By{Actor: tt.Anna, Cause: crm.CauseUI}
		acme := w.Make(crm.KindCompany, 1, map[string]any{"name": "Acme", "domains": []string{"acme.example"}})
		stage := rapid.SampledFrom([]string{"qualified", "proposal", "negotiation", "won"})
		var deals []crm.RecordID
		for i := range rapid.IntRange(3, 14).Draw(rt, "steps") {
			switch step := rapid.IntRange(0, 5).Draw(rt, "step"); {
			case step == 0 || len(deals) == 0:
				deals = append(deals, w.Make(crm.KindDeal, i+10, map[string]any{"name": "d", "company": string(acme), "stage": stage.Draw(rt, "stage"),
					"amount": rapid.IntRange(0, 900).Draw(rt, "amount"), "currency": rapid.SampledFrom([]string{"EUR", "PLN"}).Draw(rt, "currency")}))
			case step == 1:
				_, err := w.Records.Update(t.Context(), by, rapid.SampledFrom(deals).Draw(rt, "which"), records.Patch{Values: map[string]any{"stage": stage.Draw(rt, "stage"), "amount": 7}})
				must(t, err)
			case step == 2:
				n := rapid.IntRange(0, len(deals)-1).Draw(rt, "which")
				_, err := w.Records.Delete(t.Context(), by, deals[n], 0)
				must(t, err)
				deals = slices.Delete(deals, n, n+1)
			case step == 3:
				w.Store(tt.Mail{ID: crm.RFCID(fmt.Sprintf("%d@x", i)), From: "ewa@acme.example", To: []crm.Address{tt.AnnaAtWork}, Subject: "s", Date: crm.At(tt.Start.AddDate(0, 0, -i))})
			case step == 4:
				w.Make(crm.KindTask, i+10, map[string]any{"title": "t", "records": []string{string(acme)}, "status": "todo"})
			default:
				project(t, w)
			}
		}
		project(t, w)
		figures, sums := projection(t, w)
		p := records.NewProjector(w.Records, slog.New(slog.DiscardHandler))
		must(t, p.Rebuild(t.Context()))
		must(t, p.CatchUp(t.Context()))
		again, resums := projection(t, w)
		if d := cmp.Diff(figures, again) + cmp.Diff(sums, resums); d != "" {
			rt.Fatalf("made anew, figures differ:\n%s", d)
		}
		want := map[string][2]int64{}
		must(t, store.Records.Each(t.Context(), w.Space, store.Query{}, func(d store.Doc[crm.Record]) error {
			if r := d.Value; r.Kind == crm.KindDeal {
				key := r.Text("stage") + " " + r.Text("currency")
				want[key] = [2]int64{want[key][0] + 1, want[key][1] + r.Int("amount")}
			}
			return nil
		}))
		if d := cmp.Diff(want, sums); d != "" {
			rt.Fatalf("sums:\n%s", d)
		}
	})
}

func projection(t testing.TB, w *tt.World) (figures map[string]any, sums map[string][2]int64) {
	t.Helper()
	figures, sums = map[string]any{}, map[string][2]int64{}
	must(t, store.Figures.Each(t.Context(), w.Space, store.Query{}, func(d store.Doc[crm.Figures]) error {
		figures[string(d.Value.ID)] = d.Value.Values
		return nil
	}))
	must(t, store.Tallies.Each(context.Background(), w.Space, store.Query{}, func(d store.Doc[crm.Tally]) error {
		c := d.Value
		sums[c.Stage+" "+string(c.Currency)] = [2]int64{c.Count, c.Sum}
		return nil
	}))
	return figures, sums
}
