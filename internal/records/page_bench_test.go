package records_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"threadline/internal/crm"
	"threadline/internal/store"
	tt "threadline/internal/timeline/timelinetest"
)

// BenchmarkFirstPage reads the first page of 50 of many records by every
// registered shape, from either end, and tells the slowest.
func BenchmarkFirstPage(b *testing.B) {
	w := tt.DealsBench(b, 100_000)
	for b.Loop() {
		var worst time.Duration
		var name string
		var all []time.Duration
		shapes := 0
		for _, x := range store.Shapes() {
			if x.Collection != "record" && x.Collection != "figure" {
				continue
			}
			shapes++
			took := firstPages(b, w, x)
			all = append(all, took...)
			if p := took[len(took)*99/100]; p > worst {
				worst, name = p, fmt.Sprint(x)
			}
		}
		slices.Sort(all)
		b.ReportMetric(float64(shapes), "shapes")
		b.ReportMetric(all[len(all)/2].Seconds()*1000, "p50-ms")
		b.ReportMetric(worst.Seconds()*1000, "worst-p99-ms")
		b.Logf("slowest: %s", name)
	}
}

// firstPages asks two hundred times and returns how long each took, sorted.
func firstPages(b *testing.B, w *tt.World, x store.Index) []time.Duration {
	b.Helper()
	q := store.Query{Order: x.Order, Limit: 50}
	one := tt.Deal(7)
	value := map[string]any{"kind": crm.KindDeal, "values.stage": "proposal", "values.pipeline": "sales"}
	for _, f := range x.Equal {
		q.Where = append(q.Where, store.Is(f, value[f]))
	}
	array := map[string]any{"values.contacts": one.List("contacts")[0], "audience": string(tt.Anna), "alike": one.Alike[0]}
	if x.Array != "" {
		v := array[x.Array]
		if v == nil {
			v = "none"
		}
		q.Where = append(q.Where, store.Has(x.Array, v))
	}
	var out []time.Duration
	for i := range 200 {
		q.Desc = i%2 == 1 && x.Order != ""
		began := time.Now()
		var err error
		if x.Collection == "figure" {
			_, err = store.Figures.Query(b.Context(), w.Space, q)
		} else {
			_, err = store.Records.Query(b.Context(), w.Space, q)
		}
		must(b, err)
		out = append(out, time.Since(began))
	}
	slices.Sort(out)
	return out
}
