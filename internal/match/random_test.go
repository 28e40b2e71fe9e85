package match

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"threadline/internal/crm"
)

// Few values, so that they meet.
var (
	someAddresses = []crm.Address{annaMail, bertMail, "x@mail.acme.example", "x@gmail.com", ownMail, "y@else.example", ""}
	someRecords   = []crm.RecordID{anna, bert, "con_carl", acme, byte_, dealA, dealB}
	someTokens    = []crm.Token{"a:anna@acme.example", "a:bert@byte.example", "a:x@mail.acme.example", "a:x@gmail.com", "a:ola@us.example",
		"d:acme.example", "d:mail.acme.example", "d:byte.example", "d:gmail.com", "d:us.example"}
	someRoles   = []crm.Role{crm.RoleFrom, crm.RoleTo, crm.RoleCc, crm.RoleBcc, crm.RoleSender, crm.RoleReplyTo}
	someClasses = []crm.Class{crm.ClassPerson, crm.ClassPerson, crm.ClassBulk, crm.ClassBounce, crm.ClassAutoReply}
)

// situation is everything that a decision depends on.
type situation struct {
	d       *Directory
	m       *crm.Message
	thread  []Neighbour
	answers []crm.Answer
}

func (s situation) decide() []crm.Link { return decide(s.d, s.m, s.thread, s.answers...) }

func pick[T any](t *rapid.T, from []T, label string) T { return rapid.SampledFrom(from).Draw(t, label) }

func some[T any](t *rapid.T, most int, label string, make func() T) []T {
	out := []T{}
	for range rapid.IntRange(0, most).Draw(t, label) {
		out = append(out, make())
	}
	return out
}

func aDay(t *rapid.T) crm.Time { return day(rapid.IntRange(1, 28).Draw(t, "day")) }

func drawSituation(t *rapid.T) situation {
	d := &Directory{OwnDomains: map[crm.Domain]bool{"us.example": true}, Holders: map[crm.Token][]crm.Holder{}, CompanyOf: map[crm.RecordID]crm.RecordID{},
		DealsOf: map[crm.RecordID][]Deal{}, Rules: map[crm.Token][]crm.Rule{}}
	for _, token := range someTokens {
		of := someRecords[:3]
		if token[0] == 'd' {
			of = someRecords[3:5]
		}
		d.Holders[token] = some(t, 2, "holders", func() crm.Holder {
			h := crm.Holder{Record: pick(t, of, "holder")}
			if rapid.Bool().Draw(t, "bounded") {
				h.From = aDay(t)
				h.To = h.From.Add(100 * 3600e9)
			}
			return h
		})
	}
	for i := range rapid.IntRange(0, 3).Draw(t, "rules") {
		token := pick(t, someTokens, "token")
		d.Rules[token] = append(d.Rules[token], rule("rul_"+string(rune('a'+i)), token, anEffect(t), pick(t, someRecords, "record")))
	}
	if rapid.IntRange(0, 4).Draw(t, "excluded") == 0 {
		d.Exclusions = exclude(pick(t, someTokens, "token"), crm.DropParticipant)
	}
	for _, con := range someRecords[:3] {
		if rapid.Bool().Draw(t, "has company") {
			d.CompanyOf[con] = pick(t, someRecords[3:5], "company")
		}
	}
	for _, r := range someRecords[:5] {
		d.DealsOf[r] = some(t, 2, "deals", func() Deal { return Deal{ID: pick(t, someRecords[5:], "deal"), Created: day(5)} })
	}
	s := situation{d: d, m: drawMessage(t, "msg_m")}
	for _, id := range []crm.MessageID{"msg_a", "msg_z"}[:rapid.IntRange(0, 2).Draw(t, "neighbours")] {
		n := drawMessage(t, id)
		s.thread = append(s.thread, Neighbour{ID: id, Date: n.Date, Direct: d.Read(n).Direct()})
	}
	for i := range rapid.IntRange(0, 3).Draw(t, "answers") {
		s.answers = append(s.answers, crm.Answer{ID: "ans_" + string(rune('a'+i)), At: aDay(t), Effect: anEffect(t), Record: pick(t, someRecords, "record")})
	}
	return s
}

func anEffect(t *rapid.T) crm.RuleEffect {
	return pick(t, []crm.RuleEffect{crm.EffectLink, crm.EffectNever}, "effect")
}

func drawMessage(t *rapid.T, id crm.MessageID) *crm.Message {
	return &crm.Message{ID: id, Date: aDay(t), Class: pick(t, someClasses, "class"),
		Participants: some(t, 4, "participants", func() crm.Participant { return at(pick(t, someRoles, "role"), pick(t, someAddresses, "address")) })}
}

// TestOrderDecidesNothing turns every list that a decision is given around.
func TestOrderDecidesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawSituation(t)
		before := s.decide()
		if again := s.decide(); !reflect.DeepEqual(before, again) {
			t.Fatalf("the same is decided twice:\n%+v\n%+v", before, again)
		}
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		shuffle(r, s.m.Participants)
		shuffle(r, s.thread)
		shuffle(r, s.answers)
		for _, list := range s.d.Holders {
			shuffle(r, list)
		}
		for _, list := range s.d.Rules {
			shuffle(r, list)
		}
		for _, list := range s.d.DealsOf {
			shuffle(r, list)
		}
		if after := s.decide(); !reflect.DeepEqual(before, after) {
			t.Fatalf("another order decides otherwise:\n%+v\n%+v", before, after)
		}
	})
}

func shuffle[T any](r *rand.Rand, list []T) {
	r.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
}

// TestEvidence: every link names something real that led to it, records are
// linked once, and the tokens under which a message is sought find every
// holder and rule that took part.
func TestEvidence(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawSituation(t)
		checkEvidence(t, s, s.decide())
	})
}

type failer interface {
	Fatalf(format string, args ...any)
}

func checkEvidence(t failer, s situation, links []crm.Link) {
	seek := s.d.Read(s.m).Seek()
	seen := map[crm.RecordID]bool{}
	refused := map[crm.RecordID]bool{}
	for _, a := range s.answers {
		refused[a.Record] = true
	}
	for _, l := range links {
		if seen[l.Record] || l.Confidence < 1 || l.Confidence > 100 {
			t.Fatalf("%+v is linked twice or with no confidence", l)
		}
		seen[l.Record] = true
		e := l.Evidence
		if e.Address != "" {
			if !slices.ContainsFunc(s.m.Participants, func(p crm.Participant) bool { return p.Address == e.Address && p.Role == e.Role }) {
				t.Fatalf("%+v names nobody of %+v", l, s.m.Participants)
			}
			if s.d.Own(e.Address) || !slices.Contains(seek, crm.AddressToken(e.Address)) {
				t.Fatalf("%+v comes from an address that is not sought", l)
			}
		}
		if e.Domain != "" && !slices.Contains(seek, crm.DomainToken(e.Domain)) {
			t.Fatalf("%+v comes from a domain that is not sought", l)
		}
		if e.Via != "" && !refused[e.Via] && !slices.ContainsFunc(links, func(x crm.Link) bool { return x.Record == e.Via }) {
			t.Fatalf("%+v comes by a record that is not linked: %+v", l, links)
		}
		switch l.Rule {
		case crm.ByAddress, crm.ByDomain, crm.ByContact, crm.ByUserRule:
			if e.Address == "" {
				t.Fatalf("%+v has no evidence", l)
			}
		case crm.ByThread:
			if !slices.ContainsFunc(s.thread, func(n Neighbour) bool { return n.ID == e.Message }) {
				t.Fatalf("%+v names no message of the thread", l)
			}
		case crm.ByOnlyDeal, crm.ByDealPeople:
			if e.Via == "" {
				t.Fatalf("%+v has no evidence", l)
			}
		case crm.ByDealWords:
			if e.Quote == "" {
				t.Fatalf("%+v has no evidence", l)
			}
		case crm.ByAnswer:
			if e.By == "" {
				t.Fatalf("%+v has no evidence", l)
			}
		default:
			t.Fatalf("%+v has no rule", l)
		}
	}
}

// FuzzMatch gives participants any addresses, and holders whatever they are.
func FuzzMatch(f *testing.F) {
	for _, s := range []string{"anna@acme.example", "x@mail.acme.co.uk", "x@gmail.com", "@", "a@", "x@us.example", "x@[127.0.0.1]", "a@b@c", "x@com", "x@a..b", ""} {
		f.Add(s, "x@sub.us.example", int64(day(10)))
	}
	f.Fuzz(func(t *testing.T, a, b string, when int64) {
		d := directory()
		m := from(crm.Address(a), at(crm.RoleCc, crm.Address(b)))
		m.Date = max(crm.Time(when), 1)
		d.CompanyOf[anna] = byte_
		d.DealsOf[anna] = []Deal{{ID: dealA, Created: m.Date}}
		for _, token := range d.Read(m).Seek() {
			switch token[0] {
			case 'a':
				d.Holders[token] = append(d.Holders[token], crm.Holder{Record: anna})
			case 'd':
				d.Holders[token] = append(d.Holders[token], crm.Holder{Record: acme})
			}
		}
		s := situation{d: d, m: m}
		links := s.decide()
		checkEvidence(t, s, links)
		if d.Outside(m.From()) && !slices.ContainsFunc(links, func(l crm.Link) bool { return l.Record == anna }) {
			t.Fatalf("%q holds an address and is not linked", a)
		}
		d.Direction(m)
	})
}
