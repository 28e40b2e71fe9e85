package view_test

import (
	"log/slog"
	"slices"
	"testing"
	"time"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/records"
	tt "threadline/internal/timeline/timelinetest"
	"threadline/internal/view"
)

// BenchmarkBoard counts and sums a board of many deals by stage: all of its
// pipeline, which is kept, and those that meet a condition, which are read as far
// as a board reads.
func BenchmarkBoard(b *testing.B) {
	w := tt.DealsBench(b, 10_000)
	must(b, records.NewProjector(w.Records, slog.New(slog.DiscardHandler)).CatchUp(b.Context()))
	s, anna := view.New(w.Space, w.Records), access.Member(tt.Anna)
	for name, q := range map[string]string{"Whole": "deals where pipeline = sales", "Asked": `deals where pipeline = sales and amount > 1`} {
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
