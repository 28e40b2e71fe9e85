package match

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"threadline/internal/crm"
)

const (
	racks, scans = crm.RecordID("dea_racks"), crm.RecordID("dea_scans")
	renewed      = crm.RecordID("dea_x_renewed")
)

// twoDeals is a directory in which Anna takes part in two open deals.
func twoDeals() *Directory {
	d := directory()
	d.DealsOf[anna] = []Deal{
		{ID: racks, Created: day(1), Name: "Pallet racks Q-118", Amount: 48_000_00},
		{ID: scans, Created: day(1), Name: "Scanner rental"},
	}
	return d
}

// said is a message of Anna.
func said(id crm.MessageID, on int, subject, text string) *crm.Message {
	m := from(annaMail)
	m.ID, m.Date, m.Subject, m.Words, m.Direction = id, day(on), subject, Words(text, 0), crm.Inbound
	return m
}

// dealOf is the link to a deal, if there is one.
func dealOf(d Decision) (l crm.Link) {
	for _, x := range d.Links {
		if kindOf(x.Record) == crm.KindDeal {
			l = x
		}
	}
	return l
}

func TestDealReasons(t *testing.T) {
	closes := func(d *Directory) { d.DealsOf[anna][0].Closed = day(8) }
	for name, c := range map[string]struct {
		change func(*Directory)
		mail   []*crm.Message
		deal   crm.RecordID
		rule   crm.RuleName
		say    string // of the evidence
		asked  []crm.RecordID
	}{
		"a word of the title":      {mail: []*crm.Message{said("a", 10, "Racks", "How wide?")}, deal: racks, rule: crm.ByDealWords, say: "racks"},
		"another form of the word": {mail: []*crm.Message{said("a", 10, "Hello", "the scanners arrived")}, deal: scans, rule: crm.ByDealWords, say: "Scanner"},
		"a number":                 {mail: []*crm.Message{said("a", 10, "Order", "we accept Q 118")}, deal: racks, rule: crm.ByDealWords, say: "Q-118"},
		"a number after capitals":  {change: func(d *Directory) { d.DealsOf[anna][1].Name = "Scanner rental SC-90" }, mail: []*crm.Message{said("a", 10, "Order", "we accept the SC 90")}, deal: scans, rule: crm.ByDealWords, say: "SC-90"},
		"a numbered word": {change: func(d *Directory) { d.DealsOf[anna][0].Name, d.DealsOf[anna][1].Name = "Hall 3", "Hall 4" },
			mail: []*crm.Message{said("a", 10, "Drawings", "the gate of hall 4 is too low")}, deal: scans, rule: crm.ByDealWords, say: "Hall 4"},
		"a word of another deal is no form of this one's": {change: func(d *Directory) {
			d.DealsOf[anna][0].Name, d.DealsOf[anna][1].Name = "Terminals in the port", "Customer portal"
		}, mail: []*crm.Message{said("a", 10, "Portal for customers", "is it open?")}, deal: scans, rule: crm.ByDealWords, say: "portal"},
		"a letter that tells blocks apart": {change: func(d *Directory) {
			d.DealsOf[anna][0].Name, d.DealsOf[anna][1].Name = "Scaffold, block C", "Scaffold, block D"
		}, mail: []*crm.Message{said("a", 10, "Ties", "the ties of block C are loose")}, deal: racks, rule: crm.ByDealWords, say: "block C"},
		"a Roman number, and a number that is marked": {change: func(d *Directory) {
			d.DealsOf[anna][0].Name, d.DealsOf[anna][1].Name = "Lifts, stage II", "Lifts, lot 3"
		}, mail: []*crm.Message{said("a", 10, "LOT N°3", "when?"), said("b", 10, "Stage 2", "when?")}, deal: scans, rule: crm.ByDealWords, say: "lot 3"},
		"a day in another notation": {change: func(d *Directory) {
			d.DealsOf[anna][0].Name, d.DealsOf[anna][1].Name = "Dinner 11 September", "Dinner 12 September"
		}, mail: []*crm.Message{said("a", 10, "Guests", "we are 148 on 12/9")}, deal: scans, rule: crm.ByDealWords, say: "12/9"},
		"a slip of the pen": {mail: []*crm.Message{said("a", 10, "The scaner", "when?")}, deal: scans, rule: crm.ByDealWords, say: "Scanner"},
		"a kindred word, in another language": {change: func(d *Directory) { d.DealsOf[anna][1].Name = "Staff training" },
			mail: []*crm.Message{said("a", 10, "La formation", "combien de participants ?")}, deal: scans, rule: crm.ByDealWords, say: "formation (training)"},
		"a word that merely belongs to what is sold": {change: func(d *Directory) { d.DealsOf[anna][1].Name = "Staff training" },
			mail: []*crm.Message{said("a", 10, "Hello", "who is the instructor?")}, asked: []crm.RecordID{racks, scans}},
		"renewing is spoken of": {change: func(d *Directory) {
			d.DealsOf[anna] = []Deal{{ID: "dea_old", Created: day(-90), Closed: day(2), Name: "Cleaning 2025"}, {ID: racks, Created: day(1), Name: "Cleaning 2026"}, {ID: scans, Created: day(1), Name: "Scanner rental"}}
		}, mail: []*crm.Message{said("a", 10, "Hello", "we would like to renew for another year")}, deal: racks, rule: crm.ByDealPeople, say: "con_anna"},
		"over, and named by its place": {change: func(d *Directory) {
			d.DealsOf[anna] = []Deal{{ID: racks, Created: day(1), Closed: day(8), Name: "Bakery oven Quimper"}, {ID: renewed, Created: day(7), Name: "Bakery oven Brest"}}
		}, mail: []*crm.Message{said("b", 11, "Re: Quimper", "somebody comes"), said("a", 10, "Quimper", "the oven is cold")}},
		"the amount, in short": {mail: []*crm.Message{said("a", 10, "Budget", "48k is fine")}, deal: racks, rule: crm.ByDealWords, say: "48000"},
		"the amount":           {mail: []*crm.Message{said("a", 10, "Budget", "48.000,00 EUR is fine")}, deal: racks, rule: crm.ByDealWords, say: "48000"},
		"nothing":              {mail: []*crm.Message{said("a", 10, "Hello", "call me")}, asked: []crm.RecordID{racks, scans}},
		"both":                 {mail: []*crm.Message{said("a", 10, "Racks and scanner", "when?")}, asked: []crm.RecordID{racks, scans}},
		"what was said before": {mail: []*crm.Message{said("b", 10, "Hello", "call me"), said("a", 9, "Hello", "the racks")}, deal: racks, rule: crm.ByDealThread, say: "a"},
		"what is said later":   {mail: []*crm.Message{said("a", 10, "Hello", "call me"), said("b", 11, "Hello", "the racks")}, deal: racks, rule: crm.ByDealThread, say: "b"},
		"too early for one": {change: func(d *Directory) { d.DealsOf[anna][1].Created = day(10).Add(crm.DealLead) + 1 },
			mail: []*crm.Message{said("a", 10, "Scanner", "")}, deal: racks, rule: crm.ByOnlyDeal, say: "con_anna"},
		"over, and nothing else is":          {change: closes, mail: []*crm.Message{said("a", 10, "Hello", "call me")}, deal: scans, rule: crm.ByOnlyDeal, say: "con_anna"},
		"over, but named":                    {change: closes, mail: []*crm.Message{said("a", 10, "Racks Q-118", "")}},
		"over, and talked about":             {change: closes, mail: []*crm.Message{said("b", 10, "Hello", "call me"), said("a", 7, "Hello", "the pallet racks")}},
		"over, and talked about long before": {change: func(d *Directory) { d.DealsOf[anna][0].Closed = day(8) }, mail: []*crm.Message{said("b", 400, "Hello", "call me")}, deal: scans, rule: crm.ByOnlyDeal, say: "con_anna"},
		"over, and named by its number": {change: func(d *Directory) {
			d.DealsOf[anna] = []Deal{{ID: racks, Created: day(1), Closed: day(8), Name: "Racking phase 1"}, {ID: renewed, Created: day(7), Name: "Racking phase 2"}}
		}, mail: []*crm.Message{said("a", 10, "Racking phase 1", "An upright is bent")}},
		"over, and named by its years": {change: func(d *Directory) {
			d.DealsOf[anna] = []Deal{{ID: racks, Created: day(1), Closed: day(8), Name: "Platform 2025/26"}, {ID: renewed, Created: day(7), Name: "Platform 2026/27"}}
		}, mail: []*crm.Message{said("a", 10, "Invoice", "the one for the platform 2025/26 is missing")}},
		"over, and followed": {change: func(d *Directory) {
			closes(d)
			d.DealsOf[anna] = append(d.DealsOf[anna], Deal{ID: renewed, Created: day(9), Name: "Pallet racks, second row"})
		}, mail: []*crm.Message{said("b", 10, "Hello", "call me"), said("a", 7, "Hello", "pallet racks Q-118")}, deal: renewed, rule: crm.ByDealNext, say: string(racks)},
	} {
		t.Run(name, func(t *testing.T) {
			d := twoDeals()
			if c.change != nil {
				c.change(d)
			}
			got := decideThread(d, c.mail)[0]
			l := dealOf(got)
			say := strings.Join([]string{string(l.Evidence.Via), string(l.Evidence.Message), l.Evidence.Quote}, "")
			if l.Record != c.deal || l.Rule != c.rule || !strings.Contains(say, c.say) {
				t.Errorf("%+v, want %s by %s with %q", l, c.deal, c.rule, c.say)
			}
			var asked []crm.RecordID
			for _, a := range got.Asked {
				asked = append(asked, a.Record)
			}
			slices.Sort(asked)
			if diff := cmp.Diff(c.asked, asked); diff != "" || (len(asked) > 0) != got.Asks {
				t.Errorf("asked (-want +got):\n%s asks %t", diff, got.Asks)
			}
		})
	}
}

// TestPeopleOfDeals: who takes part decides where words do not.
func TestPeopleOfDeals(t *testing.T) {
	d := twoDeals()
	d.Holders[crm.AddressToken(bertMail)] = []crm.Holder{{Record: bert}}
	d.DealsOf[bert] = []Deal{d.DealsOf[anna][1]}
	m := said("a", 10, "Hello", "call us")
	m.Participants = append(m.Participants, at(crm.RoleCc, bertMail))
	if l := dealOf(decideThread(d, []*crm.Message{m})[0]); l.Record != scans || l.Rule != crm.ByDealPeople || l.Evidence.Via != anna {
		t.Errorf("mail of both goes to %+v", l)
	}
	for _, class := range []crm.Class{crm.ClassBulk, crm.ClassNotification, crm.ClassBounce, crm.ClassAutoReply} {
		m.Class = class
		got := decideThread(d, []*crm.Message{m})[0]
		if l := dealOf(got); l.Record != "" || got.Asked != nil {
			t.Errorf("%s: %+v, asked %v", class, l, got.Asked)
		}
	}
}

// TestDealAnswers: the answer to the question holds for the conversation, until
// the deal is over.
func TestDealAnswers(t *testing.T) {
	say := func(id string, on int, r crm.RecordID) crm.Answer {
		return crm.Answer{ID: id, Scope: crm.ScopeThread, Message: "a", Effect: crm.EffectDeal, Record: r, At: day(on)}
	}
	mail := []*crm.Message{said("a", 10, "Hello", "call me"), said("b", 12, "Re: Hello", "please"), said("c", 20, "Re: Hello", "the racks")}
	for name, c := range map[string]struct {
		closed  int
		answers []crm.Answer
		want    []crm.RecordID
	}{
		"none given":           {0, nil, []crm.RecordID{racks, racks, racks}},
		"one deal":             {0, []crm.Answer{say("ans_1", 11, scans)}, []crm.RecordID{scans, scans, scans}},
		"no deal":              {0, []crm.Answer{say("ans_1", 11, "")}, []crm.RecordID{"", "", ""}},
		"the later one":        {0, []crm.Answer{say("ans_2", 12, ""), say("ans_1", 13, scans)}, []crm.RecordID{scans, scans, scans}},
		"closed afterwards":    {15, []crm.Answer{say("ans_1", 11, scans)}, []crm.RecordID{scans, scans, racks}},
		"given when closed":    {15, []crm.Answer{say("ans_1", 25, scans)}, []crm.RecordID{scans, scans, scans}},
		"never the likely one": {0, []crm.Answer{{ID: "ans_1", Scope: crm.ScopeThread, Message: "a", Effect: crm.EffectNever, Record: racks, At: day(11)}}, []crm.RecordID{scans, scans, scans}},
	} {
		t.Run(name, func(t *testing.T) {
			d := twoDeals()
			d.Closed = map[crm.RecordID]crm.Time{}
			if c.closed > 0 {
				d.DealsOf[anna][1].Closed, d.Closed[scans] = day(c.closed), day(c.closed)
			}
			for i, got := range decideThread(d, mail, c.answers...) {
				if l := dealOf(got); l.Record != c.want[i] {
					t.Errorf("message %d goes to %+v, want %q; asked %v", i, l, c.want[i], got.Asked)
				}
			}
		})
	}
}

// TestHiddenDecidesNothing: what not everybody may know of does not show in
// where other mail goes, and may itself be known by the rest.
func TestHiddenDecidesNothing(t *testing.T) {
	mail := []*crm.Message{said("a", 10, "Hello", "call me"), said("b", 11, "Hello", "the racks")}
	d := twoDeals()
	members := make([]Member, 2)
	for i, m := range mail {
		members[i] = Member{Reading: d.Read(m), Hidden: i == 1}
		members[i].Links = members[i].Direct()
	}
	got := Choose(members)
	if l := dealOf(got[0]); l.Record != "" || !got[0].Asks {
		t.Errorf("hidden mail sends the other to %+v, asks %t", l, got[0].Asks)
	}
	if l := dealOf(got[1]); l.Record != racks {
		t.Errorf("hidden mail goes to %+v", l)
	}
}

var someTexts = []string{"call me", "the pallet racks", "scanner", "Q-118", "48 000 EUR", "scanner and racks", ""}

// drawTalk makes a conversation in a directory of a few deals that are open,
// closed and not there yet.
func drawTalk(t *rapid.T) (*Directory, []*crm.Message, []crm.Answer) {
	d := directory()
	d.Holders[crm.AddressToken(bertMail)] = []crm.Holder{{Record: bert}}
	d.Closed = map[crm.RecordID]crm.Time{}
	var deals []Deal
	for i, name := range []string{"Pallet racks Q-118", "Scanner rental", "Racks renewal", "Scanner rental 2", ""} {
		x := Deal{ID: crm.RecordID(fmt.Sprintf("dea_%d", i)), Name: name, Created: aDay(t), Amount: int64(i) * 24_000_00}
		if rapid.Bool().Draw(t, "closed") {
			x.Closed = x.Created.Add(10 * 24 * 3600e9)
			d.Closed[x.ID] = x.Closed
		}
		deals = append(deals, x)
	}
	for _, of := range []crm.RecordID{anna, bert, acme} {
		d.DealsOf[of] = some(t, 4, "deals", func() Deal { return pick(t, deals, "deal") })
	}
	var mail []*crm.Message
	for i := range rapid.IntRange(1, 5).Draw(t, "mails") {
		m := drawMessage(t, crm.MessageID(fmt.Sprintf("msg_%d", i)))
		m.Subject, m.Words = pick(t, someTexts, "subject"), Words(pick(t, someTexts, "text"), 0)
		m.Direction = d.Direction(m)
		mail = append(mail, m)
	}
	var answers []crm.Answer
	for i := range rapid.IntRange(0, 2).Draw(t, "answers") {
		a := crm.Answer{ID: fmt.Sprintf("ans_%d", i), At: aDay(t), Scope: crm.ScopeThread, Message: pick(t, mail, "about").ID,
			Effect: pick(t, []crm.RuleEffect{crm.EffectDeal, crm.EffectLink, crm.EffectNever}, "effect"), Record: pick(t, deals, "record").ID}
		answers = append(answers, a)
	}
	return d, mail, answers
}

// TestDealsKnowNoOrder: the order of mails, participants, deals and answers
// decides nothing; no mail has two deals that nobody chose, none goes to a deal
// that was not open, and one message asks for all.
func TestDealsKnowNoOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, mail, answers := drawTalk(t)
		before := decideThread(d, mail, answers...)
		checkTalk(t, d, mail, before)
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		order := r.Perm(len(mail))
		shuffled := make([]*crm.Message, len(mail))
		for to, was := range order {
			m := *mail[was]
			m.Participants = slices.Clone(m.Participants)
			shuffle(r, m.Participants)
			shuffled[to] = &m
		}
		shuffle(r, answers)
		for _, list := range d.DealsOf {
			shuffle(r, list)
		}
		for to, got := range decideThread(d, shuffled, answers...) {
			if !reflect.DeepEqual(got, before[order[to]]) {
				t.Fatalf("another order decides otherwise:\n%+v\n%+v", before[order[to]], got)
			}
		}
	})
}

func checkTalk(t failer, d *Directory, mail []*crm.Message, decided []Decision) {
	open := map[crm.RecordID]Deal{}
	for _, list := range d.DealsOf {
		for _, x := range list {
			open[x.ID] = x
		}
	}
	asks := 0
	for i, got := range decided {
		guessed := 0
		for _, l := range append(slices.Clone(got.Asked), got.Links...) {
			if kindOf(l.Record) == crm.KindDeal && l.Rule != crm.ByAnswer && !open[l.Record].openAt(mail[i].Date) {
				t.Fatalf("%+v was not open on %s", l, mail[i].Date)
			}
		}
		for _, l := range got.Links {
			if kindOf(l.Record) == crm.KindDeal && l.Rule != crm.ByAnswer {
				guessed++
			}
		}
		if guessed > 1 || guessed > 0 && got.Asked != nil {
			t.Fatalf("%d deals are guessed and %v asked", guessed, got.Asked)
		}
		if got.Asks {
			asks++
		}
		if got.Asks && got.Asked == nil {
			t.Fatalf("asks nothing: %+v", got)
		}
	}
	if asks > 1 {
		t.Fatalf("%d messages of one conversation ask", asks)
	}
}

func TestWords(t *testing.T) {
	for in, want := range map[string]string{
		"The offer Q-118, please!":                   "q118 118 offer",
		"Łódź i Kraków":                              "lodz krakow",
		"48 000,00 EUR or 48.000 or 48'000":          "48000 eur",
		"on 12/03/2026 at 14:30, +48 22 123 45 67":   "12m3",
		"12/9 or 12.09.2026, the 12th of May, May 3": "12m9 129 12m5 12th 3m5",
		"88k, 22k€, 18 tys. zł, 1,2 mln, 68mila":     "88000 22000 18000 1200000 68000",
		"1 300 000,00 zł":                            "1300000",
		"Block C, etap II. A lorry":                  "block0c 0c etap2 block etap ii lorry",
		"LOT N°6, lot nr 7, ordine n. 331":           "lot6 lot7 ordine331 331 lot ordine",
		"ola@us.example https://x.example/racks-12":  "",
		"HR and IT but it and he":                    "hr it",
		"PO 450077 / W26-031":                        "450077 w26031 w26 031 po",
		"l'offre d'Amélie":                           "offre amelie",
	} {
		if got := Words(in, 0); got != want {
			t.Errorf("Words(%q) = %q, want %q", in, got, want)
		}
	}
	if got := Words("new racks\n> old scanner racks", 10); got != "racks | old scanner" {
		t.Errorf("quoted words: %q", got)
	}
	long := strings.Repeat("wordy wörter ", 10) + strings.Join(manyWords(300), " ") + " Q-77"
	if got := Words(long, 0); len(got) > maxWordBytes || !strings.HasPrefix(got, "q77") || len(strings.Fields(got)) != maxWords {
		t.Errorf("a long text gives %d bytes, %d words: %.40q", len(got), len(strings.Fields(got)), got)
	}
}

func manyWords(n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = "w" + strings.Repeat(string(rune('a'+i%26)), 2+i/26)
	}
	return out
}

// FuzzWords holds the limits whatever the text is, and decides alike twice.
func FuzzWords(f *testing.F) {
	for _, s := range []string{"Q-118", "48 000,00", "Łódź\x00", "> x", "12/13/14:15", "a\u0301\u0301\u0301", "1 234 567 890 123"} {
		f.Add(s, "Pallet racks "+s, 3)
	}
	f.Fuzz(func(t *testing.T, text, title string, quoted int) {
		words := Words(text, quoted)
		if len(words) > maxWordBytes || words != strings.ToValidUTF8(words, "") && text == strings.ToValidUTF8(text, "") {
			t.Fatalf("%d bytes: %q", len(words), words)
		}
		d := twoDeals()
		d.DealsOf[anna][0].Name = title
		m := said("a", 10, title, text)
		m.Words = words
		got := decideThread(d, []*crm.Message{m})
		checkTalk(t, d, []*crm.Message{m}, got)
		slices.Reverse(d.DealsOf[anna])
		if again := decideThread(d, []*crm.Message{m}); !reflect.DeepEqual(got, again) {
			t.Fatalf("%+v, then %+v", got, again)
		}
	})
}
