package intake_test

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"threadline/internal/crm"
	"threadline/internal/intake"
	"threadline/internal/records"
)

// BenchmarkImport plans and applies a file of contacts with companies, checked
// for duplicates, and takes it back. THREADLINE_ROWS says how many, 100,000
// without.
func BenchmarkImport(b *testing.B) {
	n := 100_000
	if s, err := strconv.Atoi(os.Getenv("THREADLINE_ROWS")); err == nil {
		n = s
	}
	text := contactsFile(n)
	for b.Loop() {
		d, err := openDesk(b.Context(), b.TempDir(), time.Now)
		must(b, err)
		im, err := d.Upload(b.Context(), records.By{Cause: crm.CauseImport}, noun(crm.KindContact), "contacts.csv", bytes.NewReader(text), intake.Options{})
		must(b, err)
		began := time.Now()
		_, err = d.Plan(b.Context(), operator, im.ID, intake.Options{})
		must(b, err)
		d.worked(b, im.ID)
		planned := time.Now()
		im = d.applied(b, im.ID)
		applied := time.Now()
		if im.Counts["create"] != int64(n) {
			b.Fatalf("%v", im.Counts)
		}
		p, err := d.bulk.Undo(b.Context(), operator, records.By{Cause: crm.CauseCLI}, im.Batch)
		must(b, err)
		must(b, d.jobs.WorkOff(b.Context()))
		if p, err = d.jobs.Get(b.Context(), operator, p.ID); err != nil || p.State != crm.JobDone {
			b.Fatalf("%s %v", p.State, err)
		}
		b.ReportMetric(float64(n)/applied.Sub(began).Seconds(), "rows/s")
		b.ReportMetric(planned.Sub(began).Seconds(), "plan-s")
		b.ReportMetric(applied.Sub(planned).Seconds(), "apply-s")
		b.ReportMetric(time.Since(applied).Seconds(), "undo-s")
		must(b, d.close())
	}
}

func contactsFile(n int) []byte {
	var out strings.Builder
	out.WriteString("name,emails,title,phones\n")
	for i := range n {
		fmt.Fprintf(&out, "Person Number%d,person%d@company%d.example,Buyer,+4860%07d\n", i, i, i/5, i)
	}
	return []byte(out.String())
}
