package search

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"threadline/internal/access"
	tt "threadline/internal/timeline/timelinetest"
)

// BenchmarkTyping types names, addresses, companies and subjects letter by
// letter into the search of a bulk world, and tells how long the answer to a letter
// takes. Every name begins with the same word and every subject holds the
// same ones, so that the first letters always find most of what there is.
// The index is kept where the world is.
func BenchmarkTyping(b *testing.B) {
	w, ids, dir := tt.BulkBench(b)
	f, err := OpenFTS(b.Context(), filepath.Join(dir, "bulk-search.db"))
	must(b, err)
	defer func() { must(b, f.Close()) }()
	must(b, NewIndexer(w.Space, f, quiet()).CatchUp(b.Context()))
	readers := []access.Viewer{access.Member(tt.Anna), access.Member(tt.Bob)} // whose mail it is, and who may not read the subjects
	s := New(w.Space, f, w.Records)
	r := rand.New(rand.NewPCG(5, 6))
	var took []time.Duration
	var slowest time.Duration
	var slow string
	for b.Loop() {
		v := readers[r.IntN(2)]
		text := typed(r, len(ids))
		for i := range text {
			began := time.Now()
			_, err := s.Find(b.Context(), v, Question{Text: text[:i+1]})
			must(b, err)
			d := time.Since(began)
			if took = append(took, d); d > slowest {
				slowest, slow = d, text[:i+1]
			}
		}
	}
	slices.Sort(took)
	b.ReportMetric(took[len(took)/2].Seconds()*1000, "p50-ms")
	b.ReportMetric(took[len(took)*99/100].Seconds()*1000, "p99-ms")
	b.Logf("slowest: %q in %v", slow, slowest)
}

// typed is what somebody is looking for.
func typed(r *rand.Rand, messages int) string {
	contact := r.IntN(messages / 5)
	return []string{
		fmt.Sprintf("person %d", contact),
		fmt.Sprintf("person%d@company%d.ex", contact, contact/5),
		fmt.Sprintf("company %d", contact/5),
		fmt.Sprintf("offer %d next", r.IntN(messages)),
		"quarter",
		fmt.Sprintf("next quarter person %d", contact),
	}[r.IntN(6)]
}
