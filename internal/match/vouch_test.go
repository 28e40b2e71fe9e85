package match

import (
	"strings"
	"testing"

	"threadline/internal/crm"
)

// TestVouched: what leads to a deal must be enough to link it unasked.
func TestVouched(t *testing.T) {
	const much = "Our foreman was here on Tuesday with the people who look after the building, and they walked through the whole place twice, " +
		"counted whatever stood around and wrote down every corner that somebody else had forgotten"
	one := func(d *Directory) { d.DealsOf[anna] = d.DealsOf[anna][:1] }
	title := func(first, second string) func(*Directory) {
		return func(d *Directory) { d.DealsOf[anna][0].Name, d.DealsOf[anna][1].Name = first, second }
	}
	company := func(d *Directory) { d.DealsOf[acme], d.DealsOf[anna] = d.DealsOf[anna][:1], nil }
	for name, c := range map[string]struct {
		change  func(*Directory)
		from    crm.Address
		subject string
		text    string
		want    string
	}{
		"a word of the title among few":                  {nil, annaMail, "Hello", "where is the scanner", "scans"},
		"the same in passing":                            {nil, annaMail, "Hello", much + ", the scanner too", "?"},
		"in the subject of a long mail":                  {nil, annaMail, "Scanner", much, "scans"},
		"two words in a long mail":                       {nil, annaMail, "Hello", much + ", the rental scanner too", "scans"},
		"a number in a long mail":                        {nil, annaMail, "Hello", much + ", see Q-118", "racks"},
		"one kindred word":                               {title("Pallet racks", "Bathroom"), annaMail, "Hello", "which tiles", "?"},
		"several kindred words":                          {title("Pallet racks", "Bathroom"), annaMail, "Tiles", "and the shower, and the basin", "scans"},
		"an initial is no letter of a block":             {title("Cover N. Whitlock", "Scanner rental"), annaMail, "Hello", "as you like, N", "?"},
		"the letter of a block":                          {title("Block N", "Block S"), annaMail, "Hello", "the roof of block N leaks", "racks"},
		"a year alone":                                   {title("Cleaning 2026", "Scanner rental"), annaMail, "Hello", "call me in 2026", "?"},
		"a contact who says much":                        {one, annaMail, "Hello", much, "racks"},
		"somebody else who says little":                  {company, "x@acme.example", "Hello", "call me", "racks"},
		"somebody else who says much, and nothing of it": {company, "x@acme.example", "Hello", much, "?"},
		"somebody else who says much and wants to buy":   {company, "x@acme.example", "Hello", much + ", what is the price?", "racks"},
		"somebody else who names it":                     {company, "x@acme.example", "Racks", much, "racks"},
		"absence in a word of many":                      {nil, annaMail, "Hello", "I take over during his holiday. " + much + ", upstairs, downstairs, outside", "?"},
	} {
		t.Run(name, func(t *testing.T) {
			d := twoDeals()
			if c.change != nil {
				c.change(d)
			}
			m := said("a", 10, c.subject, c.text)
			m.Participants[0].Address = c.from
			got := decideThread(d, []*crm.Message{m})[0]
			have := strings.TrimPrefix(string(dealOf(got).Record), "dea_")
			if got.Asks {
				have = "?"
			}
			if have != c.want {
				t.Errorf("it belongs to %q, want %q; asked %v", have, c.want, got.Asked)
			}
		})
	}
}
