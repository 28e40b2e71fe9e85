package match

import (
	"slices"
	"strings"
	"testing"

	"threadline/internal/crm"
)

// TestBesideDeals: mail about something else belongs to no deal, and nothing is
// asked about it, unless these people have one deal to which it may belong (?);
// what names a deal belongs to it whatever else it says.
func TestBesideDeals(t *testing.T) {
	one := func(d *Directory) { d.DealsOf[anna] = d.DealsOf[anna][:1] }
	before := func(d *Directory) { d.DealsOf[anna][1].Closed = day(5) }
	for name, c := range map[string]struct {
		change func(*Directory)
		mail   []*crm.Message
		want   string
	}{
		"good wishes":                           {one, talkOf("Birthday", "all the best"), "none"},
		"an invitation":                         {one, talkOf("Summer party", "you are invited, bring your family"), "none"},
		"a friend who looks for something":      {one, talkOf("My neighbour", "may I give him your number?"), "none"},
		"a friend, for the same":                {one, talkOf("My neighbour", "he wants racks as well, may I give him your number?"), "none"},
		"a notice to suppliers":                 {one, talkOf("To all suppliers", "our new address from May"), "none"},
		"an answer goes along":                  {one, talkOf("Birthday", "all the best", "thank you!"), "none none"},
		"an answer that names a deal":           {one, talkOf("Birthday", "all the best", "thank you! When do the pallet racks arrive?"), "racks racks"},
		"one word that may mean anything":       {one, talkOf("Hello", "my wife prefers another colour"), "racks"},
		"one such word, and nothing else":       {one, talkOf("Hello", "my wife answers the telephone"), "?"},
		"an invoice, of the only deal":          {one, talkOf("Invoice", "the invoice has an error"), "?"},
		"an invoice, of what was bought before": {before, talkOf("Invoice", "the invoice has an error"), "none"},
		"a fault, of an earlier year":           {one, talkOf("Broken", "a wheel of 2019 is broken"), "none"},
		"an invoice, and several deals":         {nil, talkOf("Invoice", "the invoice has an error"), "none"},
		"a fault, of the only deal":             {one, talkOf("Broken", "an upright is broken, please repair it"), "?"},
		"a fault that names the only deal":      {one, talkOf("Broken", "the racks are broken, please repair them"), "racks"},
		"a guarantee, before buying":            {one, talkOf("Warranty", "how long is the warranty, and when do you deliver? We would sign today"), "racks"},
		"an invoice that names its deal":        {before, talkOf("Invoice", "the invoice of the racks has an error"), "racks"},
		"an absence, of the only deal":          {one, talkOf("Holiday", "back on Monday"), "racks"},
		"an absence, and several deals":         {nil, talkOf("Holiday", "back on Monday"), "none"},
		"quoted wishes say nothing":             {one, talkOf("Hello", "yes\n>> happy birthday"), "racks"},
		"a title is no matter beside": {func(d *Directory) { d.DealsOf[anna][0].Name = "Birthday party"; one(d) },
			talkOf("Birthday party", "we are forty"), "racks"},
	} {
		t.Run(name, func(t *testing.T) {
			d := twoDeals()
			if c.change != nil {
				c.change(d)
			}
			var got []string
			for _, x := range decideThread(d, c.mail) {
				if len(x.Asked) > 0 {
					got = append(got, "?")
					continue
				}
				got = append(got, strings.TrimPrefix(string(cmpOr(dealOf(x).Record, "none")), "dea_"))
			}
			if s := strings.Join(got, " "); s != c.want {
				t.Errorf("the messages belong to %s, want %s", s, c.want)
			}
		})
	}
}

func cmpOr(a, b crm.RecordID) crm.RecordID {
	if a == "" {
		return b
	}
	return a
}

// talkOf is a conversation with one subject.
func talkOf(subject string, texts ...string) []*crm.Message {
	var out []*crm.Message
	for i, text := range texts {
		own, quoted, _ := strings.Cut(text, "\n>>")
		m := said(crm.MessageID(rune('a'+i)), 10+i, subject, "")
		m.Words = Words(own+quoted, len(own))
		out = append(out, m)
		subject = "Re: " + strings.TrimPrefix(subject, "Re: ")
	}
	return out
}

// TestLists: what is listed is folded, no word that mail is taken without, and
// stands once in a field.
func TestLists(t *testing.T) {
	for _, in := range []map[string]besideWord{besideWords.begin, besideWords.whole, saleWords.begin, saleWords.whole} {
		for w := range in {
			checkListed(t, w)
		}
	}
	for _, in := range []map[string][]trade{trades.begin, trades.whole} {
		for w, of := range in {
			checkListed(t, w)
			for i, x := range of {
				if slices.Contains(of[:i], x) {
					t.Errorf("%q stands twice in one field", w)
				}
			}
		}
	}
}

func checkListed(t *testing.T, w string) {
	t.Helper()
	if w != crm.Fold(w) || stopWords[w] || strings.Contains(w, "-") {
		t.Errorf("%q is never a word of a mail", w)
	}
}
