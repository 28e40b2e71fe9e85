package engine

import (
	"iter"
	"os"
	"strconv"
	"testing"
	"time"

	"threadline/internal/crm"
	"threadline/internal/demo"
	"threadline/internal/testenv"
	"threadline/sync/imap"
)

// mails is the size of the big mailbox: small in every run, larger by
// THREADLINE_MAILS.
func mails(t testing.TB, usual int) int {
	t.Helper()
	if s := os.Getenv("THREADLINE_MAILS"); s != "" {
		n, err := strconv.Atoi(s)
		must(t, err)
		return n
	}
	return usual
}

func bulkMail(n int) iter.Seq[testenv.Mail] {
	return func(yield func(testenv.Mail) bool) {
		for m := range demo.Bulk(n, 7) {
			if !yield(testenv.Mail{Raw: m.Raw, Internal: m.Date}) {
				return
			}
		}
	}
}

// BenchmarkFirstSync syncs a mailbox of bulk mail from Dovecot.
func BenchmarkFirstSync(b *testing.B) {
	n := mails(b, 5000)
	server := testenv.Dovecot(b, testenv.DovecotOptions{})
	loaded, err := server.LoadMaildir("rep", "INBOX", bulkMail(n))
	must(b, err)
	for b.Loop() {
		w := newWorld(b, "rep@ours.example", "ours.example")
		w.addMailbox("rep@ours.example", imap.New(imap.Config{Server: server.Addr, TLS: crm.TLSNone, Login: "rep", Password: "secret"}))
		start := time.Now()
		w.sync(loaded)
		b.ReportMetric(float64(n)/time.Since(start).Seconds(), "mails/s")
	}
}
