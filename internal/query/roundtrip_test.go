package query_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"threadline/internal/crm"
	"threadline/internal/query"
	"threadline/internal/query/querytest"
)

// TestRoundTrip writes random queries as text and as data and reads them back.
func TestRoundTrip(t *testing.T) {
	s := query.Schema{Nouns: crm.Nouns(), Currency: "EUR"}
	samples := querytest.Samples{
		"name": {"and", "a \"b\" \\c", "Łódź", "(x)", "!=", "a!", "is empty", "me"}, "stage": {"x y", "not"},
		"amount": {"1", "-20.50 PLN", "0.05"}, "expected_close": {"today", "7d ago", "in 3 weeks", "2026-01-31", "last quarter"},
		"owner": {"me"}, "company.name": {"or", "in 3 days"}, query.CreatedAt: {"now", "2 h ago", "2026-11-22T09:00:00.1Z", "2026-11-22"},
		"company.domains": {"x.example"}, "contacts": {"con_aaaaaaaaaaaaaaaaaaaaaaaaaa", "con_bbbbbbbbbbbbbbbbbbbbbbbbbb"},
	}
	rapid.Check(t, func(rt *rapid.T) {
		q := querytest.Draw(rt, s, crm.KindDeal, samples)
		text := query.Format(q, s)
		again, err := query.Parse(text, s)
		if d := cmp.Diff(q, again); err != nil || d != "" {
			rt.Fatalf("%s: %v\n%s", text, err, d)
		}
		raw, err := json.Marshal(q)
		if err != nil {
			rt.Fatal(err)
		}
		var data query.Query
		if err := json.Unmarshal(raw, &data); err != nil {
			rt.Fatal(err)
		}
		checked, err := query.Check(data, s)
		if d := cmp.Diff(q, checked); err != nil || d != "" {
			rt.Fatalf("%s: %v\n%s", raw, err, d)
		}
	})
}
