package match

import (
	"fmt"
	"hash/fnv"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"threadline/internal/crm"
	"threadline/internal/mail"
)

// corpusThread is a labelled conversation of testdata/deals. Want has, for each
// message, the deal to which it belongs, none, or ? where only a person knows.
type corpusThread struct {
	name string
	d    *Directory
	mail []*crm.Message
	want []string
}

// corpusWorld is a directory that is being read: a company or private people,
// their contacts and deals.
type corpusWorld struct {
	domain  string
	company crm.RecordID
	d       *Directory
	address map[string]crm.Address
	threads []corpusThread
	at      string // file and line
}

// readCorpus reads a file of the corpus; README.md there explains its form.
func readCorpus(t testing.TB, path string) []corpusThread {
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var out []corpusThread
	var w *corpusWorld
	flush := func() {
		if w != nil {
			out = append(out, w.threads...)
		}
	}
	for i, line := range strings.Split(string(data), "\n") {
		line, _, _ = strings.Cut(" "+line, " # ")
		kind, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		if kind == "@" {
			flush()
			w = newCorpusWorld(rest)
		}
		if strings.HasPrefix(kind, "#") {
			continue
		}
		if w == nil || kind == "" || kind == "@" {
			continue
		}
		w.at = fmt.Sprintf("%s:%d", filepath.Base(path), i+1)
		switch kind {
		case "&":
			w.firm(rest)
		case "c":
			w.contacts(strings.Fields(rest))
		case "d":
			w.deal(t, rest)
		case "t":
			w.threads = append(w.threads, corpusThread{name: w.at, d: w.d, want: []string{strings.TrimSpace(rest)}})
		case "=":
			w.threads[len(w.threads)-1].want = strings.Fields(rest)
		default:
			w.letter(t, kind, rest)
		}
	}
	flush()
	for i := range out {
		for len(out[i].want) < len(out[i].mail) {
			out[i].want = append(out[i].want, out[i].want[0])
		}
	}
	return out
}

func newCorpusWorld(head string) *corpusWorld {
	w := &corpusWorld{d: directory(), address: map[string]crm.Address{"us": ownMail}}
	w.d.Holders, w.d.DealsOf = map[crm.Token][]crm.Holder{}, map[crm.RecordID][]Deal{}
	w.firm(head)
	return w
}

// firm reads "name | domain": whose contacts and deals come next, nobody's when
// it is empty.
func (w *corpusWorld) firm(head string) {
	name, domain, ok := strings.Cut(head, "|")
	if !ok {
		w.domain, w.company = "", ""
		return
	}
	w.domain, w.company = strings.TrimSpace(domain), crm.RecordID("com_"+strings.Fields(name)[0])
	w.d.Holders[crm.DomainToken(crm.Domain(w.domain))] = []crm.Holder{{Record: w.company}}
}

func (w *corpusWorld) contacts(names []string) {
	for _, n := range names {
		name, address, given := strings.Cut(n, "=")
		if !given {
			address = name + "@" + w.domain
		}
		id := crm.RecordID("con_" + name)
		w.address[name] = crm.Address(address)
		w.d.Holders[crm.AddressToken(crm.Address(address))] = []crm.Holder{{Record: id}}
		if w.company != "" {
			w.d.CompanyOf[id] = w.company
		}
	}
}

// corpusDay is noon of a day, counted from the first of January 2026.
func corpusDay(t testing.TB, s string) crm.Time {
	n, err := strconv.Atoi(s)
	if err != nil {
		t.Fatalf("%q is no day", s)
	}
	return crm.At(time.Date(2026, 1, n, 12, 0, 0, 0, time.UTC))
}

// deal reads "key | title | created-closed | contacts | amount".
func (w *corpusWorld) deal(t testing.TB, s string) {
	f := append(strings.Split(s, "|"), "", "")
	for i := range f {
		f[i] = strings.TrimSpace(f[i])
	}
	cut := strings.LastIndex(f[2], "-")
	if cut > 1 && f[2][cut-1] == '-' {
		cut--
	}
	d := Deal{ID: crm.RecordID("dea_" + f[0]), Name: f[1], Created: corpusDay(t, f[2][:cut])}
	if end := f[2][cut+1:]; end != "" {
		d.Closed = corpusDay(t, end)
	}
	if f[4] != "" {
		n, err := strconv.ParseInt(f[4], 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		d.Amount = 100 * n
	}
	holders := []crm.RecordID{w.company}
	for _, c := range strings.Fields(f[3]) {
		holders = append(holders, crm.RecordID("con_"+c))
	}
	for _, h := range holders {
		if h != "" {
			w.d.DealsOf[h] = append(w.d.DealsOf[h], d)
		}
	}
}

// corpusClasses are the marks of mail that no person wrote.
var corpusClasses = map[string]crm.Class{"!bulk": crm.ClassBulk, "!auto": crm.ClassAutoReply, "!cal": crm.ClassCalendar, "!note": crm.ClassNotification}

// letter reads "day sender recipients… | subject | text".
func (w *corpusWorld) letter(t testing.TB, day, s string) {
	f := strings.SplitN(s, "|", 3)
	if len(f) != 3 {
		t.Fatalf("%s: not a mail: %q", w.at, s)
	}
	th := &w.threads[len(w.threads)-1]
	n := len(th.mail)
	m := &crm.Message{ID: crm.MessageID(fmt.Sprintf("msg_%02d", n)), Class: crm.ClassPerson,
		Date: corpusDay(t, day).Add(time.Duration(n) * time.Hour), Subject: strings.TrimSpace(f[1])}
	if m.Subject == "^" {
		m.Subject = "Re: " + th.mail[n-1].Subject
	}
	text := strings.NewReplacer("%", "\n", `\n`, "\n").Replace(strings.TrimSpace(f[2]))
	m.Words = corpusWords(text)
	role := crm.RoleFrom
	for _, who := range strings.Fields(f[0]) {
		switch {
		case corpusClasses[who] != "":
			m.Class = corpusClasses[who]
			continue
		case who[0] == '+':
			m.Participants = append(m.Participants, at(crm.RoleCc, w.addressOf(who[1:])))
			continue
		}
		m.Participants = append(m.Participants, at(role, w.addressOf(who)))
		role = crm.RoleTo
	}
	if m.From().Address != ownMail {
		m.Participants = append(m.Participants, at(crm.RoleTo, ownMail))
	}
	m.Direction = w.d.Direction(m)
	th.mail = append(th.mail, m)
}

// corpusWords reads the words of a text; where it quotes is told by two marks, or
// found as it is in mail.
func corpusWords(text string) string {
	if at := strings.Index(text, "\n>>"); at > 0 {
		return Words(text, at)
	}
	p := mail.Parse([]byte("MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + strings.ReplaceAll(text, "\n", "\r\n") + "\r\n"))
	return Words(p.Text, p.Quoted)
}

func (w *corpusWorld) addressOf(who string) crm.Address {
	if a := w.address[who]; a != "" {
		return a
	}
	if strings.Contains(who, "@") {
		return crm.Address(who)
	}
	return crm.Address(who + "@" + w.domain)
}

// decideThread decides a conversation as the ledger does.
func decideThread(d *Directory, mail []*crm.Message, answers ...crm.Answer) []Decision {
	var thread []Neighbour
	members := make([]Member, len(mail))
	for i, m := range mail {
		members[i].Reading = d.Read(m)
		thread = append(thread, Neighbour{ID: m.ID, Date: m.Date, Direct: members[i].Direct()})
	}
	passed := PassOn(slices.Clone(thread))
	for i := range members {
		members[i].Links = members[i].Join(thread[i].Direct, passed)
		members[i].Answers = answers
	}
	return Choose(members)
}

// tally counts the threads of a part of the corpus.
type tally struct {
	threads int // all
	sure    int // those that belong to a deal, every message of them
	linked  int // at least one message was linked
	right   int // linked, and every link is right
	found   int // of sure: every message is linked, and rightly
	asked   int
}

func (x tally) precision() float64 { return ratio(x.right, x.linked) }
func (x tally) recall() float64    { return ratio(x.found, x.sure) }
func (x tally) askRate() float64   { return ratio(x.asked, x.threads) }

func (x tally) String() string {
	return fmt.Sprintf("%3d threads, precision %.3f, recall %.3f, ask rate %.3f", x.threads, x.precision(), x.recall(), x.askRate())
}

func ratio(a, b int) float64 {
	if b == 0 {
		return 1
	}
	return float64(a) / float64(b)
}

func (x *tally) add(y tally) {
	x.threads += y.threads
	x.sure += y.sure
	x.linked += y.linked
	x.right += y.right
	x.found += y.found
	x.asked += y.asked
}

// judge decides a thread and compares. What is told of it is empty when it is
// as a person would have it.
func (c *corpusThread) judge() (x tally, told string) {
	wrong, linked, sure, missed, asked := false, false, true, false, false
	var log []string
	for i, got := range decideThread(c.d, c.mail) {
		have := "none"
		for _, l := range got.Links {
			if kindOf(l.Record) == crm.KindDeal {
				have = strings.TrimPrefix(string(l.Record), "dea_")
				log = append(log, fmt.Sprintf("%s %s %d %q", have, l.Rule, l.Confidence, l.Evidence.Quote))
			}
		}
		if have == "none" {
			log = append(log, fmt.Sprintf("asked %+v", briefly(got.Asked)))
		}
		want := c.want[i]
		sure = sure && want != "none" && want != "?"
		wrong = wrong || have != "none" && have != want
		missed = missed || have != want
		linked = linked || have != "none"
		asked = asked || len(got.Asked) > 0
	}
	x = tally{threads: 1, sure: one(sure), linked: one(linked), right: one(linked && !wrong), found: one(sure && !missed), asked: one(asked)}
	switch {
	case wrong:
		told = "WRONG"
	case sure && missed && asked:
		told = "asked without need"
	case sure && missed:
		told = "missed"
	case !sure && asked && c.want[0] == "none":
		told = "asked where nothing is"
	}
	if told != "" {
		told = fmt.Sprintf("%s: %s: want %v: %s", c.name, told, c.want, strings.Join(log, "; "))
	}
	return x, told
}

func briefly(links []crm.Link) []string {
	var out []string
	for _, l := range links {
		out = append(out, fmt.Sprintf("%s %d", l.Record, l.Confidence))
	}
	return out
}

func one(b bool) int {
	if b {
		return 1
	}
	return 0
}

// floor is what the part of the corpus that was kept back must reach. It is
// below what was measured when the weights were set.
type floor struct{ precision, recall, ask float64 }

// sealed tells whether nobody looks at how a conversation of the sixth, the seventh and
// the ninth set is decided: a third of them, by what they say.
func (c *corpusThread) sealed() bool {
	h := fnv.New32a()
	h.Write([]byte(c.mail[0].Subject + "\n" + c.mail[0].Words))
	return h.Sum32()%3 == 0
}

// TestCorpus prints how well deals are chosen and fails below the floors. The
// weights were set on the files 1 to 7 of each language; the others were labelled
// before they were decided for the first time. The errors of those from fresh on were
// read since, but for a third of the sixth, the seventh and the ninth, which is sealed
// and counted alone. The floors of the eighth and the ninth are low because these
// sets are hard: they avoid the words of titles, and say those of other deals.
func TestCorpus(t *testing.T) {
	for _, part := range []struct {
		name   string
		files  []string
		sealed bool
		floor  floor
	}{
		{"tuned", []string{"1", "2", "3", "4", "5", "6"}, false, floor{0.98, 0.96, 0.15}},
		{"fourth", []string{"7"}, false, floor{0.98, 0.89, 0.23}},
		{"held", []string{"held"}, false, floor{0.98, 0.93, 0.19}},
		{"fresh", []string{"fresh"}, false, floor{0.95, 0.85, 0.26}},
		{"sixth", []string{"sixth"}, false, floor{0.93, 0.97, 0.09}},
		{"seventh", []string{"seventh"}, false, floor{0.87, 0.73, 0.26}},
		{"sealed", []string{"sixth", "seventh"}, true, floor{0.86, 0.77, 0.28}},
		{"eighth", []string{"eighth"}, false, floor{0.89, 0.41, 0.56}},
		{"ninth", []string{"ninth"}, false, floor{0.75, 0.38, 0.53}},
		{"sealed ninth", []string{"ninth"}, true, floor{0.71, 0.39, 0.46}},
	} {
		var all tally
		for _, lang := range []string{"en", "fr", "it", "pl"} {
			var x tally
			for _, file := range part.files {
				for _, c := range readCorpus(t, filepath.Join("testdata", "deals", lang+"-"+file+".txt")) {
					if slices.Contains([]string{"sixth", "seventh", "ninth"}, file) && part.sealed != c.sealed() {
						continue
					}
					y, told := c.judge()
					x.add(y)
					if told != "" && !part.sealed {
						t.Log(told)
					}
				}
			}
			t.Logf("%s %s: %s", part.name, lang, x)
			all.add(x)
		}
		t.Logf("%s all: %s", part.name, all)
		if all.threads < 30 || all.precision() < part.floor.precision || all.recall() < part.floor.recall || all.askRate() > part.floor.ask {
			t.Errorf("the %s part falls below its floor %+v: %s", part.name, part.floor, all)
		}
	}
}
