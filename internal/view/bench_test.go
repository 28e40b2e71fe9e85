package view_test

import (
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/records"
	tt "threadline/internal/timeline/timelinetest"
	"threadline/internal/view"
)

// BenchmarkBoard counts and sums a board of THREADLINE_BENCH_RECORDS deals
// (10,000 when it is not set) by stage: all of its pipeline, which is kept, and
// those that meet a condition, which are read as far as a board reads.
// THREADLINE_BENCH_DIR is where a store of them is kept for another run.
func BenchmarkBoard(b *testing.B) {
	n, err := strconv.Atoi(os.Getenv("THREADLINE_BENCH_RECORDS"))
	if err != nil {
		n = 10_000
	}
	dir := os.Getenv("THREADLINE_BENCH_DIR")
	if dir == "" {
		dir = b.TempDir()
	}
	w := tt.Open(b, filepath.Join(dir, fmt.Sprintf("records%d.db", n)), time.Now)
	w.Deals(n)
	must(b, records.NewProjector(w.Records, slog.New(slog.DiscardHandler)).CatchUp(b.Context()))
	s, anna := view.New(w.Space, w.Records), access.Member(tt.Anna)
	for name, q := range map[string]string{"Whole": "deals where pipeline = sales", "Asked": `deals where pipeline = sales and amount > 50`} {
		b.Run(name, func(b *testing.B) {
			board := crm.View{Kind: crm.KindDeal, Type: crm.ViewBoard, Query: q, GroupBy: "stage", Sums: []string{"amount"}}
			var took []time.Duration
			for b.Loop() {
				began := time.Now()
				g, err := s.GroupsOf(b.Context(), anna, &board)
				must(b, err)
				if took = append(took, time.Since(began)); g.Total.Count == 0 {
					b.Fatal("nothing was counted")
				}
			}
			slices.Sort(took)
			b.ReportMetric(took[len(took)/2].Seconds()*1000, "p50-ms")
			b.ReportMetric(took[len(took)*99/100].Seconds()*1000, "p99-ms")
		})
	}
}
