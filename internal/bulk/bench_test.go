package bulk_test

import (
	"fmt"
	"os"
	"strconv"
	"testing"
	"time"

	"threadline/internal/bulk"
	"threadline/internal/crm"
	"threadline/internal/records"
)

// BenchmarkEdit gives many contacts a title, and takes that back. THREADLINE_ROWS
// says how many, 20,000 without.
func BenchmarkEdit(b *testing.B) {
	n := 20_000
	if s, err := strconv.Atoi(os.Getenv("THREADLINE_ROWS")); err == nil {
		n = s
	}
	for b.Loop() {
		r := newRig(b)
		for from := 0; from < n; from += 100 {
			drafts := make([]records.Draft, min(100, n-from))
			for i := range drafts {
				drafts[i] = records.Draft{Kind: crm.KindContact, Values: map[string]any{"name": fmt.Sprint("Person ", from+i), "emails": fmt.Sprintf("p%d@far.example", from+i)}}
			}
			_, err := r.Records.CreateMany(b.Context(), by, drafts)
			must(b, err)
		}
		began := time.Now()
		p := r.planned(bulk.Order{Query: "contacts", Set: map[string]any{"title": "Buyer"}})
		planned := time.Now()
		_, err := r.Apply(b.Context(), operator, p.ID)
		must(b, err)
		p = r.worked(p.ID)
		applied := time.Now()
		if p.Counts["set"] != int64(n) {
			b.Fatalf("%v", p.Counts)
		}
		r.undone(p.Batch)
		b.ReportMetric(float64(n)/planned.Sub(began).Seconds(), "planned/s")
		b.ReportMetric(float64(n)/applied.Sub(planned).Seconds(), "applied/s")
		b.ReportMetric(float64(n)/time.Since(applied).Seconds(), "undone/s")
	}
}
