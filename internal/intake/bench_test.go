package intake_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"threadline/internal/crm"
	"threadline/internal/intake"
	"threadline/internal/ledger"
	"threadline/internal/mail"
	"threadline/internal/records"
	"threadline/internal/store"
)

// mailsEach is how much of the stored mail is of one person of the file: a
// conversation of so many.
const mailsEach = 2

// BenchmarkImport plans and applies a file of contacts, checked for duplicates,
// while the mail that is stored of them is linked, as a server does it, and takes
// all of it back. THREADLINE_ROWS says how many, 100,000 without. The mail lies in
// THREADLINE_BENCH_DIR when another run is to find it there.
func BenchmarkImport(b *testing.B) {
	n := 100_000
	if s, err := strconv.Atoi(os.Getenv("THREADLINE_ROWS")); err == nil {
		n = s
	}
	mail := mailOf(b, n)
	text := contactsFile(n)
	for b.Loop() {
		b.StopTimer()
		dir := b.TempDir()
		copyFile(b, mail, filepath.Join(dir, "data.db"))
		d, err := openDesk(b.Context(), dir, time.Now)
		must(b, err)
		f := following(b, d)
		b.StartTimer()
		d.benchImport(b, n, text)
		f()
		must(b, d.close())
	}
}

// benchImport brings the file in and takes it back; each time links have to have
// followed at the end.
func (d *desk) benchImport(b *testing.B, n int, text []byte) {
	im, err := d.Upload(b.Context(), records.By{Cause: crm.CauseImport}, noun(crm.KindContact), "contacts.csv", bytes.NewReader(text), intake.Options{})
	must(b, err)
	began, used := time.Now(), cpu(b)
	_, err = d.Plan(b.Context(), operator, im.ID, intake.Options{})
	must(b, err)
	d.worked(b, im.ID)
	planned := time.Now()
	im = d.applied(b, im.ID)
	applied := time.Now()
	must(b, ledger.Settled(b.Context(), d.sp))
	linked, usedLinked := time.Now(), cpu(b)
	if im.Counts["create"] != int64(n) {
		b.Fatalf("%v", im.Counts)
	}
	d.wantLinked(b, n*mailsEach)
	undoing, usedUndoing := time.Now(), cpu(b)
	p, err := d.bulk.Undo(b.Context(), operator, records.By{Cause: crm.CauseCLI}, im.Batch)
	must(b, err)
	must(b, d.jobs.WorkOff(b.Context()))
	if p, err = d.jobs.Get(b.Context(), operator, p.ID); err != nil || p.State != crm.JobDone {
		b.Fatalf("%s %v", p.State, err)
	}
	undone := time.Now()
	must(b, ledger.Settled(b.Context(), d.sp))
	unlinked, usedUnlinked := time.Now(), cpu(b)
	b.ReportMetric(float64(n)/applied.Sub(began).Seconds(), "rows/s")
	b.ReportMetric(float64(n)/linked.Sub(began).Seconds(), "linked-rows/s")
	b.ReportMetric(planned.Sub(began).Seconds(), "plan-s")
	b.ReportMetric(applied.Sub(planned).Seconds(), "apply-s")
	b.ReportMetric(linked.Sub(applied).Seconds(), "link-s")
	b.ReportMetric(undone.Sub(undoing).Seconds(), "undo-s")
	b.ReportMetric(unlinked.Sub(undone).Seconds(), "unlink-s")
	b.ReportMetric(float64((usedLinked-used).Microseconds())/float64(n), "cpu-µs/linked-row")
	b.ReportMetric(float64((usedUnlinked-usedUndoing).Microseconds())/float64(n), "cpu-µs/undone-row")
	d.wantLinked(b, 0)
}

// cpu is what the process has used of the processors.
func cpu(b *testing.B) time.Duration {
	var u syscall.Rusage
	must(b, syscall.Getrusage(syscall.RUSAGE_SELF, &u))
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// following lets links follow what happens until it is told to stop.
func following(b *testing.B, d *desk) (stop func()) {
	ctx, cancel := context.WithCancel(b.Context())
	var running sync.WaitGroup
	running.Go(func() {
		if err := ledger.NewFollower(d.sp, slog.New(slog.DiscardHandler)).Run(ctx); !errors.Is(err, context.Canceled) {
			b.Error(err)
		}
	})
	return func() { cancel(); running.Wait() }
}

func contactsFile(n int) []byte {
	var out strings.Builder
	out.WriteString("name,emails,title,phones\n")
	for i := range n {
		fmt.Fprintf(&out, "Person Number%d,%s,Buyer,+4860%07d\n", i, person(i), i)
	}
	return []byte(out.String())
}

func person(i int) crm.Address {
	return crm.Address(fmt.Sprintf("person%d@company%d.example", i, i/5))
}

// mailOf is the file of a world that holds the mail of n strangers, as it is
// stored when nobody of them is known.
func mailOf(b *testing.B, n int) string {
	b.Helper()
	dir := filepath.Join(b.TempDir(), "mail")
	if kept := os.Getenv("THREADLINE_BENCH_DIR"); kept != "" {
		dir = filepath.Join(kept, fmt.Sprintf("strangers%d", n))
	}
	must(b, os.MkdirAll(dir, 0o700))
	d, err := openDesk(b.Context(), dir, time.Now)
	must(b, err)
	docs, err := store.Messages.GetMany(b.Context(), d.sp, []string{string(stranger(n*mailsEach - 1).ID)})
	must(b, err)
	if !docs[0].Exists() {
		must(b, ledger.NewFollower(d.sp, slog.New(slog.DiscardHandler)).CatchUp(b.Context())) // who we are is known before there is mail
		d.fill(b, n*mailsEach)
	}
	must(b, d.close())
	return filepath.Join(dir, "data.db")
}

func (d *desk) fill(b testing.TB, mails int) {
	b.Helper()
	for from := 0; from < mails; from += 500 {
		batch := d.sp.Batch()
		for i := from; i < min(from+500, mails); i++ {
			m := stranger(i)
			store.Messages.Create(batch, &m)
		}
		must(b, batch.Commit(b.Context()))
	}
}

// stranger is one mail of a conversation with a person of the file.
func stranger(i int) crm.Message {
	const ola = crm.UserID("usr_olaaaaaaaaaaaaaaaaaaaaaaaa")
	key := crm.IDKey("strangers")
	id := func(i int) crm.MessageID {
		return crm.MessageID(crm.DerivedID(crm.PrefixMessage, key, strconv.Itoa(i)))
	}
	rfc := func(i int) crm.RFCID { return crm.RFCID(fmt.Sprintf("%d.strangers@mail.example", i)) }
	first := i - i%mailsEach
	addr := person(i / mailsEach)
	m := crm.Message{ID: id(i), RFCID: rfc(i), Mentions: []crm.RFCID{rfc(i)}, Date: crm.At(time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC).Add(-time.Duration(i) * time.Minute)),
		Subject: fmt.Sprintf("Offer %d for the next quarter", first), Snippet: strings.Repeat("words and more words ", 9), Size: 5000,
		Participants: []crm.Participant{{Role: crm.RoleFrom, Address: addr}, {Role: crm.RoleTo, Address: "ola@us.example"}},
		Class:        crm.ClassPerson, Direction: crm.Inbound, Thread: crm.ThreadID(min(id(first), id(first+1))), RuleSet: crm.RuleSet, Owners: []crm.UserID{ola},
		Seek: []crm.Token{crm.AddressToken(addr), crm.DomainToken(addr.Domain())}, Feed: []crm.FeedToken{crm.Feed(crm.AllRecords, crm.Members)}}
	topic := sha256.Sum256([]byte(mail.Topic(m.Subject)))
	m.Topic = crm.TopicKnown + hex.EncodeToString(topic[:8])
	if i > first {
		m.References, m.Mentions = []crm.RFCID{rfc(first)}, append(m.Mentions, rfc(first))
	} else { // the newest of them
		m.Turn = crm.TurnOurs
	}
	return m
}

// TestStrangers holds the mail of BenchmarkImport to what linking would store.
func TestStrangers(t *testing.T) {
	d, err := openDesk(t.Context(), t.TempDir(), time.Now)
	must(t, err)
	d.fill(t, 200)
	must(t, ledger.Audit(t.Context(), d.sp, func(x ledger.Difference) { t.Errorf("%s: %s", x.Message, x.What) }, nil))
	must(t, d.close())
}

// wantLinked counts the mail that is linked.
func (d *desk) wantLinked(b *testing.B, want int) {
	b.Helper()
	got := 0
	must(b, store.Messages.Each(b.Context(), d.sp, store.Query{Limit: store.MaxLimit}, func(m store.Doc[crm.Message]) error {
		if len(m.Value.Links) > 0 {
			got++
		}
		return nil
	}))
	if got != want {
		b.Fatalf("%d mails are linked, want %d", got, want)
	}
}

func copyFile(b *testing.B, from, to string) {
	b.Helper()
	in, err := os.Open(from)
	must(b, err)
	defer in.Close()
	out, err := os.Create(to)
	must(b, err)
	_, err = io.Copy(out, in)
	must(b, errors.Join(err, out.Close()))
}
