package records_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"threadline/internal/crm"
	"threadline/internal/store"
	tt "threadline/internal/timeline/timelinetest"
)

// BenchmarkFirstPage reads the first page of 50 of many records by every
// registered shape, from either end, and tells the slowest.
// THREADLINE_BENCH_RECORDS says how many there are, 100,000 without, and
// THREADLINE_BENCH_DIR where a store of them is kept for another run.
func BenchmarkFirstPage(b *testing.B) {
	n := 100_000
	if s, err := strconv.Atoi(os.Getenv("THREADLINE_BENCH_RECORDS")); err == nil {
		n = s
	}
	dir := os.Getenv("THREADLINE_BENCH_DIR")
	if dir == "" {
		dir = b.TempDir()
	}
	w := tt.Open(b, filepath.Join(dir, fmt.Sprintf("records%d.db", n)), time.Now)
	manyRecords(b, w, n)
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
	one := benchRecord(7)
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

// benchRecord is one of many deals.
func benchRecord(i int) crm.Record {
	stage := []string{"qualified", "proposal", "negotiation"}[i%3]
	r := crm.Record{ID: crm.RecordID(crm.DerivedID("dea", crm.IDKey("bench"), strconv.Itoa(i))), Kind: crm.KindDeal, CreatedAt: crm.At(tt.Start.Add(-time.Duration(i) * time.Second)),
		Alike: []string{fmt.Sprintf("deal number %d", i)}, Audience: []crm.Audience{crm.Audience(tt.Anna)},
		Values: map[string]any{"name": fmt.Sprintf("Deal number %d", i), "stage": stage, "stage_kind": "open", "pipeline": "sales", "amount": int64(i % 100_000), "currency": "EUR",
			"owner": string(tt.Anna), "company": tt.ID("com", i/10), "contacts": []string{tt.ID("con", i/5)}, "expected_close": tt.Start.AddDate(0, 0, i%365).Format(time.DateOnly)}}
	return r
}

func manyRecords(b *testing.B, w *tt.World, n int) {
	b.Helper()
	docs, err := store.Records.GetMany(b.Context(), w.Space, []string{string(benchRecord(n - 1).ID)})
	must(b, err)
	if docs[0].Exists() {
		return
	}
	for from := 0; from < n; from += 1000 {
		_, err := w.Space.Change(b.Context(), store.ChangeInfo{Cause: crm.CauseImport}, func(_ context.Context, tx *store.Tx) error {
			for i := from; i < min(from+1000, n); i++ {
				r := benchRecord(i)
				store.Records.Create(tx, &r)
				store.Figures.Create(tx, &crm.Figures{ID: r.ID, Kind: r.Kind, Due: r.CreatedAt.Add(1000 * time.Hour), Values: map[string]any{
					crm.LastInbound: r.CreatedAt, crm.LastOutbound: r.CreatedAt, crm.Mails30: int64(i % 50), crm.DaysInStage: int64(i % 200), crm.WhoseTurn: "ours"}})
			}
			return nil
		})
		must(b, err)
	}
}
