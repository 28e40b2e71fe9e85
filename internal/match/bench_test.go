package match

import (
	"fmt"
	"runtime"
	"testing"

	"threadline/internal/crm"
)

// BenchmarkMatch decides for messages with four participants against 1,000,000
// identities in memory: 900,000 addresses and 100,000 domains, a company and a
// deal behind every contact, answers and a thread now and then.
func BenchmarkMatch(b *testing.B) {
	const firms, people = 100_000, 900_000
	d := directory()
	address := func(i int) crm.Address { return crm.Address(fmt.Sprintf("p%d@mail.firm%d.co.uk", i, i%firms)) }
	for i := range firms {
		com := crm.RecordID(fmt.Sprintf("com_%026d", i))
		d.Holders[crm.DomainToken(crm.Domain(fmt.Sprintf("firm%d.co.uk", i)))] = []crm.Holder{{Record: com}}
		d.DealsOf[com] = []Deal{{ID: crm.RecordID(fmt.Sprintf("dea_%026d", i)), Created: day(1)}}
	}
	for i := range people {
		con := crm.RecordID(fmt.Sprintf("con_%026d", i))
		d.Holders[crm.AddressToken(address(i))] = []crm.Holder{{Record: con}}
		d.CompanyOf[con] = crm.RecordID(fmt.Sprintf("com_%026d", i%firms))
	}
	d.Rules["a:x@else.example"] = []crm.Rule{rule("rul_1", "a:x@else.example", crm.EffectNever, acme)}
	messages := make([]*crm.Message, 4096)
	for i := range messages {
		n := i * 211
		messages[i] = from(address(n%people), at(crm.RoleCc, address((n+firms)%people)), at(crm.RoleCc, "somebody@gmail.com"))
	}
	runtime.GC() // of what was built above
	links := 0
	for i := 0; b.Loop(); i++ {
		m := messages[i%len(messages)]
		m.Seek = d.Seek(m.Participants)
		m.Direction = d.Direction(m)
		direct := d.Direct(m)
		passed := PassOn([]Neighbour{{ID: m.ID, Date: m.Date, Direct: direct}})
		got := d.Complete(m, direct, passed, nil)
		m.Feed = Feed(got)
		links += len(got)
	}
	if links < 4*b.N {
		b.Fatalf("%d links in %d messages: the directory is not found", links, b.N)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "messages/s")
}
