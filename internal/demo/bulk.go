package demo

import (
	"fmt"
	"iter"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2"
)

// Bulk yields n varied mails in order of date, for benchmarks: about 5 KB on
// average, most of them in threads with people of many companies, 5 % bulk with
// HTML of 20 to 80 KB. They are a pure function of n and the seed, belong to
// the rep of NewWorld, and end in the middle of 2026.
func Bulk(n int, seed uint64) iter.Seq[Mail] {
	return func(yield func(Mail) bool) {
		g := newBulk(n, seed)
		for i := range n {
			g.at = bulkEnd().Add(-bulkSpan + time.Duration(float64(bulkSpan)*float64(i+1)/float64(n))).Truncate(time.Second)
			if !yield(g.next()) {
				return
			}
		}
	}
}

const bulkSpan = 2 * 365 * 24 * time.Hour

func bulkEnd() time.Time { return time.Date(2026, 6, 30, 18, 0, 0, 0, time.UTC) }

// bulk is the state of the generator: what can be answered.
type bulk struct {
	seed     uint64
	people   int
	rng      *rand.Rand
	at       time.Time
	passages map[string][]text
	threads  []bulkThread // the latest ones, a ring
	oldest   int
	firms    map[int]bulkFirm // invented so far
	persons  map[int]Person
}

// firm is bulkCompany, remembered.
func (g *bulk) firm(i int) bulkFirm {
	f, ok := g.firms[i]
	if !ok {
		f = bulkCompany(g.seed, i)
		g.firms[i] = f
	}
	return f
}

// person is bulkPerson, remembered.
func (g *bulk) person(i int) Person {
	p, ok := g.persons[i]
	if !ok {
		p = bulkPerson(g.seed, i)
		g.persons[i] = p
	}
	return p
}

type bulkThread struct {
	thread
	who int
}

const (
	bulkThreads = 512 // conversations that go on at the same time
	bulkDepth   = 9   // mails of a conversation at most
	bulkQuote   = 18  // lines of a mail that its answer quotes
)

func newBulk(n int, seed uint64) *bulk {
	return &bulk{
		seed: seed, people: bulkPeople(n), passages: loadTexts().passages(),
		rng:   rand.New(rand.NewPCG(seed, 0x62756c6b)),
		firms: map[int]bulkFirm{}, persons: map[int]Person{},
	}
}

// passages fills every text of the four languages with plausible values.
func (t texts) passages() map[string][]text {
	out := map[string][]text{}
	for _, language := range []string{"en", "fr", "it", "pl"} {
		for _, key := range []string{"enquiry", "ask", "answer", "quote", "question", "tech", "haggle", "revise", "chase", "stall", "accept", "confirm", "delivery", "reject", "regret", "reorder", "visit"} {
			for _, p := range t[language+"/"+key] {
				for q := range 3 {
					out[language] = append(out[language], p.fill(vars{
						"product": products()[[]string{"bw200", "bw400", "fc12"}[q]].in(language), "qty": fmt.Sprint(q + 1),
						"quote": fmt.Sprintf("Q-%d", 4100+17*q), "po": fmt.Sprintf("45%05d", 7919*q), "weeks": fmt.Sprint(4 + q),
						"discount": fmt.Sprint(3 + q), "amount": money(int64(q+1)*487300, "EUR", language),
						"site": []string{"Galway", "Lyon", "Modena"}[q], "company": "Aerolume",
					}))
				}
			}
		}
	}
	return out
}

// next writes one mail.
func (g *bulk) next() Mail {
	switch p := g.rng.IntN(100); {
	case p < 5:
		return g.newsletter().mail()
	case p < 9:
		return g.notice().mail()
	case p < 55 && len(g.threads) > 0:
		return g.goOn().mail()
	}
	return g.enquiry().mail()
}

// enquiry begins a conversation.
func (g *bulk) enquiry() letter {
	// Squaring prefers the first people: a few write much, many write once.
	u := g.rng.Float64()
	who := int(u * u * float64(g.people))
	l := g.write(who, g.rng.IntN(4) == 0)
	if l.subject == "" {
		l.subject = fmt.Sprintf("BW-%d / %s", 200*(1+g.rng.IntN(3)), g.firm(who/perCompany).name)
	}
	t := bulkThread{who: who}
	t.begin(l)
	if len(g.threads) < bulkThreads {
		g.threads = append(g.threads, t)
	} else {
		g.threads[g.oldest] = t
		g.oldest = (g.oldest + 1) % bulkThreads
	}
	return l
}

// goOn answers in a conversation, or begins one if that has become long.
func (g *bulk) goOn() letter {
	t := &g.threads[g.rng.IntN(len(g.threads))]
	if len(t.refs) >= bulkDepth {
		return g.enquiry()
	}
	l := g.write(t.who, t.last.from != nora())
	l.subject = ""
	l = t.answer(l, g.firm(t.who/perCompany).language)
	if lines := strings.SplitAfterN(l.text, "\n", bulkQuote+1); len(lines) > bulkQuote {
		t.last.text = strings.Join(lines[:bulkQuote], "")
	}
	return l
}

// write lets the rep or the person write one to three passages.
func (g *bulk) write(who int, byRep bool) letter {
	company := g.firm(who / perCompany)
	person := g.person(who)
	pool := g.passages[company.language]
	said := pool[g.rng.IntN(len(pool))]
	body := said.body
	for range g.rng.IntN(2) {
		body += "\n\n" + pool[g.rng.IntN(len(pool))].body
	}
	l := letter{from: person, to: []Person{nora()}, date: local(g.at, company.language), subject: said.subject, style: bulkStyle(who)}
	if byRep {
		l.from, l.to, l.folder, l.own, l.style = nora(), []Person{person}, Sent, true, repStyle()
		l.text = "Hello,\n\n" + body + "\n\n" + regards(company.language, 0) + "\nNora\n\n" + ownSignature(nora())
	} else {
		l.folder = []string{Inbox, Inbox, Archive}[g.rng.IntN(3)]
		l.text = toRep(company.language, who) + "\n\n" + body + "\n\n" + regards(company.language, who) + "\n" + person.Name + "\n" + company.name
	}
	l.id = newID(g.rng, l.from)
	if g.rng.IntN(10) > 0 {
		l.flags = []imap.Flag{imap.FlagSeen}
	}
	if who%perCompany == 0 && g.rng.IntN(4) == 0 {
		l.cc = []Person{g.person(who + 1)}
	}
	if g.rng.IntN(25) == 0 {
		l.parts = []part{{
			contentType: "application/pdf; name=\"document.pdf\"", disposition: "attachment; filename=\"document.pdf\"",
			raw: pdf([]string{l.subject, company.name}),
		}}
	}
	return l
}

// newsletter is a big HTML mail of one of forty lists.
func (g *bulk) newsletter() letter {
	list := g.rng.IntN(40)
	company := g.firm(1<<20 + list)
	pool := g.passages[company.language]
	l := letter{folder: Inbox, from: Person{company.name + " News", "news@" + company.address}, to: []Person{nora()},
		date: local(g.at, company.language), subject: fmt.Sprintf("%s News %d", company.name, g.rng.IntN(300)), style: stylePlain()}
	l.id = newID(g.rng, l.from)
	link := fmt.Sprintf("https://%s/u/%x", company.address, g.rng.Uint64())
	l.extra = []header{{"List-Id", "<news." + string(company.address) + ">"}, {"List-Unsubscribe", "<" + link + ">"}, {"Precedence", "bulk"}}
	size := 9500 + g.rng.IntN(8500)*(1+g.rng.IntN(3)) // the markup doubles it
	var long strings.Builder
	for long.Len() < size {
		long.WriteString(pool[g.rng.IntN(len(pool))].body + "\n\n")
	}
	l.html = newsletterHTML(l.from.Name, l.subject, long.String(), link)
	l.text, _, _ = strings.Cut(long.String(), "\n\n")
	return l
}

// notice is a short mail of a machine.
func (g *bulk) notice() letter {
	company := g.firm(1<<21 + g.rng.IntN(60))
	l := letter{folder: Inbox, from: Person{company.name, "no-reply@" + company.address}, to: []Person{nora()},
		date: local(g.at, "en"), subject: fmt.Sprintf("Status of %d: done", g.rng.IntN(90000)), style: stylePlain(),
		extra: []header{{"Auto-Submitted", "auto-generated"}}, flags: []imap.Flag{imap.FlagSeen},
		text: fmt.Sprintf("Job %d has finished.\n\nThis is an automatic message, replies are not read.", g.rng.IntN(90000))}
	l.id = newID(g.rng, l.from)
	return l
}
