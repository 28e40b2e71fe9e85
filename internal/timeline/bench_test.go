//go:build unix

package timeline_test

import (
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"threadline/internal/timeline"
	tt "threadline/internal/timeline/timelinetest"
)

// benchWorld is a bulk world, and what names its messages.
func benchWorld(b *testing.B) (*tt.World, []string) {
	b.Helper()
	w, ids, _ := tt.BulkBench(b)
	refs := make([]string, len(ids))
	for i, id := range ids {
		refs[i] = string(id)
	}
	return w, refs
}

// BenchmarkSheet reads the sheets of random messages, on all cores.
func BenchmarkSheet(b *testing.B) {
	w, refs := benchWorld(b)
	s, v := timeline.New(w.Space, w.Bodies, w.Blobs), w.Viewer(tt.Anna)
	var next atomic.Int64
	var mu sync.Mutex
	var took []time.Duration
	b.ReportAllocs()
	b.ResetTimer()
	used := cpu()
	b.RunParallel(func(pb *testing.PB) {
		var own []time.Duration
		for pb.Next() {
			start := time.Now()
			sheet, err := s.Sheet(b.Context(), v, refs[int(next.Add(1))%len(refs)])
			if err != nil || sheet.Person == nil || len(sheet.Because) < 2 {
				b.Errorf("sheet %+v, %v", sheet, err)
				return
			}
			own = append(own, time.Since(start))
		}
		mu.Lock()
		defer mu.Unlock()
		took = append(took, own...)
	})
	b.StopTimer()
	b.ReportMetric(float64((cpu()-used).Microseconds())/float64(len(took)), "cpu-µs/sheet")
	slices.Sort(took)
	b.ReportMetric(float64(len(took))/b.Elapsed().Seconds(), "sheets/s")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
}

// cpu is the time that this process has spent on all cores: on a machine that
// does other things too, it says more than the clock.
func cpu() time.Duration {
	var r syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &r) != nil {
		return 0
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}

// BenchmarkMessages reads pages of the list of all mail.
func BenchmarkMessages(b *testing.B) {
	w, _ := benchWorld(b)
	s, v := timeline.New(w.Space, w.Bodies, w.Blobs), w.Viewer(tt.Anna)
	for b.Loop() {
		if page, err := s.Messages(b.Context(), v, timeline.Filter{}, "", 50); err != nil || len(page.Items) != 50 {
			b.Fatal(len(page.Items), err)
		}
	}
}
