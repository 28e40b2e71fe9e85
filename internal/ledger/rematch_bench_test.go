package ledger_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"strconv"
	"syscall"
	"testing"
	"time"

	"threadline/internal/crm"
	"threadline/internal/ledger"
	"threadline/internal/mail"
	"threadline/internal/records"
	"threadline/internal/store"
)

// ruled is the share of the mail that a rule is about: one message in so many.
const ruled = 10

// BenchmarkRematch makes one rule for a domain and lets the links of its mail
// follow, among THREADLINE_BENCH_REMATCH messages (20,000 when it is not set),
// of which one in ten is of that domain, in conversations of four.
func BenchmarkRematch(b *testing.B) {
	n, err := strconv.Atoi(os.Getenv("THREADLINE_BENCH_REMATCH"))
	if err != nil {
		n = 20_000
	}
	w := newWorld(b)
	w.catchUp() // who we are is known before there is mail
	saved, err := w.records.Create(w.ctx, w.by, records.Draft{Kind: crm.KindCompany, Values: map[string]any{"name": "Elsewhere"}})
	must(b, err)
	touched := w.store(n)
	w.catchUp()
	var rules []string
	var used time.Duration
	for b.Loop() {
		began := cpu(b)
		rule, _, err := ledger.Decree(w.ctx, w.sp, store.ChangeInfo{Actor: ola, Cause: crm.CauseUI},
			crm.Rule{Value: "d:big.example", Effect: crm.EffectLink, Record: saved.Record.ID})
		must(b, err)
		rules = append(rules, rule.ID)
		w.catchUp()
		b.StopTimer()
		used += cpu(b) - began
		if linked := w.linked(saved.Record.ID); linked != touched {
			b.Fatalf("%d messages follow the rule, want %d", linked, touched)
		}
		_, err = ledger.Repeal(w.ctx, w.sp, store.ChangeInfo{Actor: ola, Cause: crm.CauseUI}, rule.ID)
		must(b, err)
		w.catchUp()
		b.StartTimer()
	}
	b.ReportMetric(float64(touched*len(rules))/b.Elapsed().Seconds(), "touched/s")
	b.ReportMetric(float64(used.Microseconds())/float64(touched*len(rules)), "cpu-µs/touched")
	b.ReportMetric(float64(n), "messages")
}

// cpu is what the process has used of the processors.
func cpu(b *testing.B) time.Duration {
	var u syscall.Rusage
	must(b, syscall.Getrusage(syscall.RUSAGE_SELF, &u))
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// store fills the world with mail as it is when nobody in it is known, and tells
// how much of it is of big.example.
func (w *world) store(n int) int {
	w.t.Helper()
	touched := 0
	for from := 0; from < n; from += 500 {
		batch := w.sp.Batch()
		for i := from; i < min(from+500, n); i++ {
			m := w.stranger(i)
			if m.From().Address.Domain() == "big.example" {
				touched++
			}
			store.Messages.Create(batch, &m)
		}
		must(w.t, batch.Commit(w.ctx))
	}
	return touched
}

// linked counts the mail on a record's timeline.
func (w *world) linked(id crm.RecordID) int {
	w.t.Helper()
	n := 0
	q := store.Query{Where: []store.Filter{store.HasAny("feed", []crm.FeedToken{crm.Feed(id, crm.Members)})}, Order: "date", Desc: true}
	must(w.t, store.Messages.Each(w.ctx, w.sp, q, func(store.Doc[crm.Message]) error { n++; return nil }))
	return n
}

// stranger is one message of a conversation of four.
func (w *world) stranger(i int) crm.Message {
	talk := i / 4
	from := crm.Address(fmt.Sprintf("p%d@c%d.example", talk%50_000, talk%5_000))
	if talk%ruled == 0 {
		from = crm.Address(fmt.Sprintf("p%d@big.example", talk%1_000))
	}
	var all [4]crm.Message
	for n := range all {
		var refs []crm.RFCID
		if n > 0 {
			refs = []crm.RFCID{all[0].RFCID}
		}
		all[n] = letter(crm.RFCID(fmt.Sprintf("t%d-%d", talk, n)), refs, day(1).Add(time.Duration(-4*talk-n)*time.Minute), from, olaMail)
	}
	m := all[i%4]
	m.Owners, m.Thread = []crm.UserID{ola}, crm.ThreadID(min(all[0].ID, all[1].ID, all[2].ID, all[3].ID))
	m.Seek = []crm.Token{crm.AddressToken(from), crm.DomainToken(from.Domain())}
	m.Direction, m.RuleSet = crm.Inbound, crm.RuleSet
	m.Feed = []crm.FeedToken{crm.Feed(crm.AllRecords, crm.Members)}
	topic := sha256.Sum256([]byte(mail.Topic(m.Subject)))
	m.Topic = crm.TopicKnown + hex.EncodeToString(topic[:8])
	if i%4 == 0 { // the newest of them
		m.Turn = crm.TurnOurs
	}
	return m
}

// TestStrangers holds the mail of BenchmarkRematch to what linking would store.
func TestStrangers(t *testing.T) {
	w := newWorld(t)
	w.store(400)
	w.audit()
}
