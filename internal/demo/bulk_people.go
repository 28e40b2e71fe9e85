package demo

import (
	"fmt"
	"iter"
	"math/rand/v2"
	"strings"

	"threadline/internal/crm"
)

const perCompany = 3 // people of one firm

// bulkPeople is how many people take part in n mails.
func bulkPeople(n int) int { return max(2*perCompany, n/10/perCompany*perCompany) }

// BulkPeople yields everybody outside the firm who may write or be written to
// in Bulk(n, seed), three at a domain, in a fixed order.
func BulkPeople(n int, seed uint64) iter.Seq[Person] {
	return func(yield func(Person) bool) {
		for i := range bulkPeople(n) {
			if !yield(bulkPerson(seed, i)) {
				return
			}
		}
	}
}

// bulkFirm is a made-up company.
type bulkFirm struct {
	name, language string
	address        crm.Address // the domain
}

// bulkCompany invents the i-th company of a seed.
func bulkCompany(seed uint64, i int) bulkFirm {
	heads := strings.Fields("Aero Alder Amber Anker Argo Birch Cobalt Corvo Delta Dune Elm Fenn Fjord Garda Grano Halo Iris Juno Karst Lago Larch Lumen Mira Monte Nero North Oaken Orla Perla Quill Rivo Rowan Sable Sole Terra Tilia Umbra Vela Willow Zeno")
	tails := strings.Fields("bake board brew craft dust feld flour form gate grain haus hof joint kiln line loft malt mark mill mond oven pack pane plank port press quay rast roast saw silo stone tec timber tone turn ware wood works yard")
	rng := rand.New(rand.NewPCG(seed, uint64(i)<<1))
	head, tail := heads[rng.IntN(len(heads))], tails[rng.IntN(len(tails))]
	language := []string{"en", "en", "fr", "it", "pl"}[rng.IntN(5)]
	return bulkFirm{
		name: head + tail, language: language,
		address: crm.Address(fmt.Sprintf("%s%s-%d.example", strings.ToLower(head), tail, i)),
	}
}

// bulkPerson invents the i-th person of a seed. One in fifteen writes from a
// free-mail provider.
func bulkPerson(seed uint64, i int) Person {
	given := strings.Fields("Adam Agata Aidan Alba Amélie Bruno Carla Chiara Dario Ewa Fabio Fiona Gilles Hanna Igor Irène Jakub Jules Karol Laura Liam Lucía Łukasz Maja Marco Nadia Niamh Óscar Paweł Pia Rémi Rosa Sean Sofia Tadeusz Teresa Ugo Vera Wanda Zoë")
	family := strings.Fields("Arden Baran Bellini Blanc Bosco Brady Carré Costa Doyle Dubois Ferri Flynn Gallo Górski Grant Hayes Jarosz Keller Kowal Lambert Leone Lis Marin Mazur Moreau Nolan Nowicki Owens Petit Pisani Quinn Renard Rossi Sikora Tessier Urban Vidal Walsh Wójcik Zanetti")
	rng := rand.New(rand.NewPCG(seed, uint64(i)<<1|1))
	g, f := given[rng.IntN(len(given))], family[rng.IntN(len(family))]
	domain := bulkCompany(seed, i/perCompany).address
	if rng.IntN(15) == 0 {
		domain = "postbox.example"
	}
	return Person{Name: g + " " + f, Address: crm.Address(fmt.Sprintf("%s.%s%d@", plainLetters(g), plainLetters(f), i)) + domain}
}

// plainLetters writes a name for an address.
func plainLetters(s string) string {
	return strings.NewReplacer("é", "e", "è", "e", "ë", "e", "ó", "o", "í", "i", "ł", "l").Replace(strings.ToLower(s))
}

// bulkStyle is the mail program of the i-th person.
func bulkStyle(i int) style {
	return []style{styleUTF8(), stylePlain(), styleGroup(), styleWin1252(), styleUTF8(), styleBase64(), styleLatin2()}[i%7]
}
