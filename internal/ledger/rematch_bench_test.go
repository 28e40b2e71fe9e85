package ledger_test

import (
	"fmt"
	"os"
	"strconv"
	"testing"
	"time"

	"threadline/internal/crm"
	"threadline/internal/ledger"
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
	for b.Loop() {
		rule, _, err := ledger.Decree(w.ctx, w.sp, store.ChangeInfo{Actor: ola, Cause: crm.CauseUI},
			crm.Rule{Value: "d:big.example", Effect: crm.EffectLink, Record: saved.Record.ID})
		must(b, err)
		rules = append(rules, rule.ID)
		w.catchUp()
		b.StopTimer()
		if linked := w.linked(saved.Record.ID); linked != touched {
			b.Fatalf("%d messages follow the rule, want %d", linked, touched)
		}
		_, err = ledger.Repeal(w.ctx, w.sp, store.ChangeInfo{Actor: ola, Cause: crm.CauseUI}, rule.ID)
		must(b, err)
		w.catchUp()
		b.StartTimer()
	}
	b.ReportMetric(float64(touched*len(rules))/b.Elapsed().Seconds(), "touched/s")
	b.ReportMetric(float64(n), "messages")
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
	first := letter(crm.RFCID(fmt.Sprintf("t%d-0", talk)), nil, day(1).Add(time.Duration(-4*talk)*time.Minute), from, olaMail)
	m := first
	if i%4 > 0 {
		m = letter(crm.RFCID(fmt.Sprintf("t%d-%d", talk, i%4)), []crm.RFCID{first.RFCID}, day(1).Add(time.Duration(-i)*time.Minute), from, olaMail)
	}
	m.Owners, m.Thread = []crm.UserID{ola}, crm.ThreadID(first.ID)
	m.Seek = []crm.Token{crm.AddressToken(from), crm.DomainToken(from.Domain())}
	m.Direction, m.RuleSet = crm.Inbound, crm.RuleSet
	m.Feed = []crm.FeedToken{crm.Feed(crm.AllRecords, crm.Members)}
	return m
}
