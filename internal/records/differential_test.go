package records

import (
	"fmt"
	"log/slog"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"threadline/internal/crm"
	"threadline/internal/query"
	"threadline/internal/query/querytest"
	"threadline/internal/store"
)

// samples are values of deals, which some of the records below have.
func samples(w *world, companies, contacts []crm.RecordID) querytest.Samples {
	return querytest.Samples{
		"name": {"Łódź", "alfa", "Beta", "gamma"}, "stage": {"qualified", "Proposal", "negotiation", "won"},
		"stage_kind": {"open", "won"}, "amount": {"1", "20", "20.50 EUR", "300 PLN"}, "next_step": {"call", "write"},
		"company": {string(companies[0]), string(companies[1])}, "contacts": {string(contacts[0]), string(contacts[1])},
		"expected_close": {"2026-11-20", "2026-11-25", "today", "this month", "in 3 days"},
		"owner":          {"me", string(w.user.ID), "ola"}, query.CreatedAt: {"today", "1h ago", "now", "2026-11-22T09:00:00.1Z"},
		"company.name": {"Acme", "Łódzka"}, "company.domains": {"acme.example"}, "contacts.name": {"Anna"},
		"contacts.emails": {"anna@acme.example"}, "company.owner": {"me"},
		crm.DaysInStage: {"0", "1"}, crm.Rotting: {"true", "false"}, crm.Mails30: {"0", "3"}, crm.LastInbound: {"7d ago"}, "company.mails_30d": {"0"},
	}
}

// deals makes companies, contacts and random deals between them.
func deals(w *world, rt *rapid.T, n int) (companies, contacts []crm.RecordID) {
	for i, values := range []map[string]any{{"name": "Acme", "domains": []string{"acme.example"}, "owner": string(w.user.ID)}, {"name": "Spółka Łódzka"}} {
		companies = append(companies, w.create(crm.KindCompany, values).Record.ID)
		contacts = append(contacts, w.create(crm.KindContact, map[string]any{"name": []string{"Anna", "Jan"}[i], "emails": []string{fmt.Sprintf("p%d@x.example", i), "anna@acme.example"}[i : i+1]}).Record.ID)
	}
	maybe := func(values map[string]any, key string, list ...any) {
		if i := rapid.IntRange(-1, len(list)-1).Draw(rt, key); i >= 0 {
			values[key] = list[i]
		}
	}
	var drafts []Draft
	for range n {
		v := map[string]any{"name": rapid.SampledFrom([]string{"Łódź", "alfa", "Beta", "gamma", "alfa beta"}).Draw(rt, "name")}
		maybe(v, "stage", "qualified", "proposal", "negotiation", "won")
		maybe(v, "amount", int64(100), int64(2000), int64(2050), int64(30000), int64(-5))
		maybe(v, "currency", "EUR", "PLN")
		maybe(v, "company", string(companies[0]), string(companies[1]))
		maybe(v, "contacts", []string{string(contacts[0])}, []string{string(contacts[1]), string(contacts[0])})
		maybe(v, "expected_close", "2026-11-20", "2026-11-22", "2026-11-25", "2026-12-01")
		maybe(v, "next_step", "call", "write a letter")
		maybe(v, "owner", string(w.user.ID))
		drafts = append(drafts, Draft{Kind: crm.KindDeal, Values: v})
	}
	_, err := w.CreateMany(w.t.Context(), w.by, drafts)
	must(rt, err)
	return companies, contacts
}

// TestAnswersAreWhatMatchSays runs random queries on random records, with and
// without an index for them, in small pages, and holds every answer against the
// naive evaluator.
func TestAnswersAreWhatMatchSays(t *testing.T) {
	seen := map[string]int{}
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorld(t)
		companies, contacts := deals(w, rt, rapid.IntRange(0, 40).Draw(rt, "deals"))
		must(rt, NewProjector(w.Service, slog.New(slog.DiscardHandler)).CatchUp(t.Context()))
		everything := map[crm.RecordID]*crm.Record{}
		for _, c := range []store.Collection[crm.Record]{store.Records} {
			docs, err := c.All(t.Context(), w.sp, store.Query{})
			must(rt, err)
			must(rt, withFigures(t.Context(), w.sp, docs))
			for _, d := range docs {
				tidy(&d.Value)
				everything[d.Value.ID] = &d.Value
			}
		}
		schema, err := w.Words(t.Context(), w.see)
		must(rt, err)
		for range 8 {
			q := querytest.Draw(rt, schema, crm.KindDeal, samples(w, companies, contacts))
			q.Limit = rapid.SampledFrom([]int{1, 3, 7, 50}).Draw(rt, "limit")
			now := w.sp.Store().Now()
			ws, _, err := w.words(t.Context(), w.see)
			must(rt, err)
			b, err := query.Bind(q, schema, env(ws, w.see, now))
			must(rt, err)
			w.c.us.Store(int64(now)) // the answer is asked at the same instant, give or take
			seen[w.compare(rt, q, b, everything)]++
		}
	})
	for _, kind := range []string{"index alone", "scan", "sorted", "tail"} {
		if seen[kind] == 0 {
			t.Errorf("no query was answered by %s: %v", kind, seen)
		}
	}
}

// compare holds all pages of an answer against Match and tells how it was found.
func (w *world) compare(rt *rapid.T, q *query.Query, b *query.Bound, everything map[crm.RecordID]*crm.Record) string {
	text := query.Format(q, query.Schema{Nouns: crm.Nouns()})
	var got []crm.RecordID
	var last *crm.Record
	var plan Explained
	for cursor, pages := "", 0; ; pages++ {
		found, err := w.Run(w.t.Context(), w.see, q, cursor)
		if err != nil {
			rt.Fatalf("%s: %v", text, err)
		}
		if len(found.Items) > q.Limit || pages > 100 {
			rt.Fatalf("%s: page %d has %d items", text, pages, len(found.Items))
		}
		plan = found.Plan
		for _, d := range found.Items {
			if last != nil && b.Order != nil && b.Compare(last, &d.Value) > 0 && b.HasOrder(&d.Value) != b.HasOrder(last) {
				rt.Fatalf("%s (%+v): a record without the field comes before one with it", text, plan)
			}
			if last != nil && b.Order != nil && b.HasOrder(last) && b.HasOrder(&d.Value) && wrong(b, last, &d.Value) {
				rt.Fatalf("%s (%+v): %v comes before %v", text, plan, last.Values, d.Value.Values)
			}
			last = &d.Value
			got = append(got, d.Value.ID)
		}
		if cursor = found.Next; cursor == "" {
			break
		}
	}
	var want []crm.RecordID
	for id, r := range everything {
		if b.Match(r, func(id crm.RecordID) *crm.Record { return everything[id] }) {
			want = append(want, id)
		}
	}
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(want, got) {
		rt.Fatalf("%s (%+v): %d records, want %d", text, plan, len(got), len(want))
	}
	switch {
	case plan.Sorted:
		return "sorted"
	case plan.Bound > 0 && len(plan.Filtered) == 0:
		return "tail"
	case plan.Bound > 0:
		return "scan"
	}
	return "index alone"
}

// wrong tells whether two records stand in the wrong order; equal values may
// stand in any.
func wrong(b *query.Bound, x, y *crm.Record) bool {
	x2, y2 := *x, *y
	x2.ID, y2.ID = "", ""
	return b.Compare(&x2, &y2) > 0
}

// TestEveryOrderHasItsTail holds the indexes to one another: after an index in
// order of a field come the records without it, by an index in order of age.
func TestEveryOrderHasItsTail(t *testing.T) {
	for _, ix := range store.Shapes() {
		if ix.Collection == store.Figures.Name || ix.Collection == store.Tallies.Name { // their tails are read from the records
			continue
		}
		if !slices.Contains(ix.Equal, "kind") || ix.Order == "" || ix.Order == query.CreatedAt {
			continue
		}
		if !slices.ContainsFunc(store.Shapes(), func(o store.Index) bool {
			return o.Collection == ix.Collection && o.Array == ix.Array && slices.Equal(o.Equal, ix.Equal) && o.Order == query.CreatedAt
		}) {
			t.Errorf("%v has no index of the same fields in order of %s", ix, query.CreatedAt)
		}
	}
}
