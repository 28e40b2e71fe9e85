package export_test

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"threadline/internal/crm"
	"threadline/internal/export"
	tt "threadline/internal/timeline/timelinetest"
)

// BenchmarkWhole verifies and exports THREADLINE_BENCH_MESSAGES messages, 1,000
// when it is not set, and reports documents per second.
func BenchmarkWhole(b *testing.B) {
	n := 1000
	if s := os.Getenv("THREADLINE_BENCH_MESSAGES"); s != "" {
		var err error
		if n, err = strconv.Atoi(s); err != nil {
			b.Fatal(err)
		}
	}
	w := tt.Open(b, filepath.Join(b.TempDir(), "data.db"), time.Now)
	people(w)
	for from := 0; from < n; from += 500 {
		var mails []tt.Mail
		for i := from; i < min(from+500, n); i++ {
			m := tt.Mail{ID: crm.RFCID(fmt.Sprintf("%d@nord.example", i)), From: "nora@nord.example", To: []crm.Address{tt.AnnaAtWork},
				Subject: fmt.Sprintf("Racks %d", i), Text: "How much?\n", Date: ago(time.Duration(i+1) * time.Minute)}
			if i%4 > 0 {
				m.Refs = []crm.RFCID{crm.RFCID(fmt.Sprintf("%d@nord.example", i-i%4))}
			}
			mails = append(mails, m)
		}
		w.Store(mails...)
	}
	for name, f := range map[string]func() error{
		"verify": func() error {
			return export.Verify(b.Context(), w.Space, w.Bodies, w.Blobs, func(f export.Finding) { b.Error(f) }, nil)
		},
		"export": func() error {
			return export.Write(b.Context(), w.Space, w.Bodies, w.Blobs, io.Discard, export.Options{})
		},
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if err := f(); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(n*b.N)/b.Elapsed().Seconds(), "messages/s")
		})
	}
}
