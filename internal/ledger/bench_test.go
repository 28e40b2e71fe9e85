package ledger_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"threadline/internal/crm"
)

// BenchmarkArrive stores a backfill, newest first, in groups of 500: mails in
// conversations of four, of which one answer in eight has lost its references.
func BenchmarkArrive(b *testing.B) {
	const mails = 5000
	h := newHouse(b)
	var all []crm.Message
	for i := range mails {
		talk, n := i/4, i%4
		id := func(n int) crm.RFCID { return crm.RFCID(fmt.Sprintf("t%d-%d", talk, n)) }
		from := crm.Address(fmt.Sprintf("p%d@c%d.example", talk%700, talk%90))
		var refs []crm.RFCID
		for k := range n {
			refs = append(refs, id(k))
		}
		if talk%8 == 0 && n == 3 {
			refs = nil
		}
		m := letter(id(n), refs, day(1).Add(time.Duration(i)*10*time.Minute), from, olaMail)
		m.Subject = fmt.Sprintf("Order %d", talk%300)
		if n > 0 {
			m.Subject = "Re: " + m.Subject
		}
		m.Owners = []crm.UserID{ola}
		all = append(all, m)
	}
	slices.Reverse(all)
	for b.Loop() {
		w := h.world(b.Context(), b)
		for group := range slices.Chunk(all, 500) {
			w.arrive(true, group...)
		}
	}
	b.ReportMetric(float64(mails)*float64(b.N)/b.Elapsed().Seconds(), "mails/s")
}
