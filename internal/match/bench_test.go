package match

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"threadline/internal/crm"
)

// BenchmarkMatch decides for messages against 1,000,000 identities in memory:
// 900,000 addresses and 100,000 domains, with a company behind every contact and
// a deal behind every company.
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
	single, several := make([]*crm.Message, 4096), make([]*crm.Message, 4096)
	for i := range single {
		n := i * 211 % people
		single[i] = from(address(n))
		several[i] = from(address(n), at(crm.RoleCc, address((n+firms)%people)), at(crm.RoleCc, "somebody@gmail.com"))
	}
	b.Run("one_outside", func(b *testing.B) { benchmark(b, d, single, 3) })
	b.Run("three_outside", func(b *testing.B) { benchmark(b, d, several, 4) })
}

// BenchmarkChoose decides for a mail of sixty words of people with one open deal,
// and with three.
func BenchmarkChoose(b *testing.B) {
	text := strings.Repeat("The beams of the northern aisle arrived on Tuesday, one upright was bent and our foreman wants another colour. ", 3) +
		"Nous avons bien compris votre remarque concernant la hauteur du portique, le transporteur passera jeudi avec un hayon."
	for name, titles := range map[string][]string{"one_deal": {"Pallet racks hall 3"}, "three_deals": {"Pallet racks hall 3", "Handheld scanner rental", "Forklift training"}} {
		d := twoDeals()
		d.DealsOf[anna] = nil
		for i, title := range titles {
			d.DealsOf[anna] = append(d.DealsOf[anna], Deal{ID: crm.RecordID(fmt.Sprintf("dea_%d", i)), Created: day(1), Name: title})
		}
		m := said("a", 10, "Delivery", text)
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				decideThread(d, []*crm.Message{m})
			}
		})
	}
}

func benchmark(b *testing.B, d *Directory, messages []*crm.Message, least int) {
	runtime.GC() // of what was built
	links := 0
	for i := 0; b.Loop(); i++ {
		m := messages[i%len(messages)]
		r := d.Read(m)
		m.Seek = r.Seek()
		m.Direction = d.Direction(m)
		direct := r.Direct()
		passed := PassOn([]Neighbour{{ID: m.ID, Date: m.Date, Direct: direct}})
		got := Choose([]Member{{Reading: r, Links: r.Join(direct, passed)}})[0].Links
		m.Feed = Feed(got, crm.Members)
		links += len(got)
	}
	if links < least*b.N {
		b.Fatalf("%d links in %d messages: the directory is not found", links, b.N)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "messages/s")
}
