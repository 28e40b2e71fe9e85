package match

import (
	"cmp"
	"slices"
	"strings"

	"threadline/internal/crm"
)

// Confidence of the rules, in percent.
const (
	sureAnswer      = 100
	sureRule        = 100
	sureAddress     = 99
	sureCopied      = 95 // address in Cc or Bcc
	sureContact     = 90
	sureDealContact = 85
	sureDomain      = 80
	sureDealCompany = 75
	sureThread      = 70
)

// usual is the number of links and deals for which there is room at once.
const usual = 4

// Reading is a message as a directory sees it. It is good until either changes,
// but holders, companies, deals and rules may still be loaded for it.
type Reading struct {
	Excluded crm.ExclusionEffect // what exclusions do to the whole message

	d       *Directory
	m       *crm.Message
	parties []party
	rules   []standing // about the parties, once they were asked for
	ruled   bool
}

// party is a participant who is none of us, with the domain that was registered
// for theirs.
type party struct {
	*crm.Participant
	own, registered crm.Domain
	dropped         bool // excluded: matches nothing
	free            bool // anybody may have an address at own
	freeBelow       bool // and at registered
}

// Read looks at the participants of a message, once for all that follows.
func (d *Directory) Read(m *crm.Message) *Reading {
	r := &Reading{d: d, m: m, Excluded: d.Strongest(m)}
	for i := range m.Participants {
		p := &m.Participants[i]
		if p.Address == "" || d.Own(p.Address) {
			continue
		}
		if r.parties == nil {
			r.parties = make([]party, 0, len(m.Participants)-i)
		}
		r.parties = append(r.parties, d.party(p, r.Excluded, m.Owners))
	}
	return r
}

func (d *Directory) party(p *crm.Participant, excluded crm.ExclusionEffect, owners []crm.UserID) party {
	own, registered := domains(p.Address.Domain())
	out := party{Participant: p, own: own, registered: registered, free: d.Free(own),
		dropped: excluded == crm.DropCopy || d.dropped(p.Address, owners)}
	out.freeBelow = out.free
	if registered != own {
		out.freeBelow = d.Free(registered)
	}
	return out
}

// Direct returns the links that the message earns by its own participants and
// by the rules of people: everything but thread, deals and answers.
func (r *Reading) Direct() []crm.Link {
	var links set
	for i := range r.parties {
		p := &r.parties[i]
		if p.dropped {
			continue
		}
		r.byAddress(&links, p)
		if linksByDomain(r.m.Class) {
			r.byDomain(&links, p, p.own, p.free)
			if p.registered != p.own {
				r.byDomain(&links, p, p.registered, p.freeBelow)
			}
		}
		r.byRule(&links, p)
	}
	r.forbid(&links) // what is forbidden leads nowhere
	for i := range len(links) {
		l := &links[i]
		if kindOf(l.Record) != crm.KindContact {
			continue
		}
		if company := r.d.CompanyOf[l.Record]; company != "" {
			links.add(crm.Link{Record: company, Rule: crm.ByContact, Confidence: sureContact,
				Evidence: crm.Evidence{Via: l.Record, Address: l.Evidence.Address, Role: l.Evidence.Role}})
		}
	}
	r.forbid(&links)
	return links.sorted()
}

func linksByDomain(c crm.Class) bool {
	return c != crm.ClassBulk && c != crm.ClassNotification && c != crm.ClassBounce
}

func (r *Reading) byAddress(links *set, p *party) {
	var room [keyBytes]byte
	for _, h := range r.d.Holders[crm.Token(key(room[:], addressKey, string(p.Address)))] {
		if !h.Held(r.m.Date) {
			continue
		}
		sure := sureAddress
		if p.Role == crm.RoleCc || p.Role == crm.RoleBcc {
			sure = sureCopied
		}
		links.add(crm.Link{Record: h.Record, Rule: crm.ByAddress, Confidence: sure,
			Evidence: crm.Evidence{Role: p.Role, Address: p.Address}})
	}
}

func (r *Reading) byDomain(links *set, p *party, dom crm.Domain, free bool) {
	if free {
		return
	}
	var room [keyBytes]byte
	for _, h := range r.d.Holders[crm.Token(key(room[:], domainKey, string(dom)))] {
		if h.Held(r.m.Date) {
			links.add(crm.Link{Record: h.Record, Rule: crm.ByDomain, Confidence: sureDomain,
				Evidence: crm.Evidence{Role: p.Role, Address: p.Address, Domain: dom}})
		}
	}
}

func (r *Reading) byRule(links *set, p *party) {
	for _, x := range r.standing() {
		if x.party == p && x.Effect == crm.EffectLink {
			links.add(crm.Link{Record: x.Record, Rule: crm.ByUserRule, Confidence: sureRule,
				Evidence: crm.Evidence{Role: p.Role, Address: p.Address, By: x.ID}})
		}
	}
}

// standing is a person's rule about a participant.
type standing struct {
	*crm.Rule
	party *party
}

// standing lists the rules about all participants that match, the same one perhaps
// twice, which does no harm.
func (r *Reading) standing() []standing {
	if r.ruled || len(r.d.Rules) == 0 {
		return r.rules
	}
	r.ruled = true
	for i := range r.parties {
		p := &r.parties[i]
		if p.dropped {
			continue
		}
		r.obey(p, addressKey, string(p.Address))
		if !p.free {
			r.obey(p, domainKey, string(p.own))
		}
		if !p.freeBelow {
			r.obey(p, domainKey, string(p.registered))
		}
	}
	return r.rules
}

func (r *Reading) obey(p *party, prefix, value string) {
	var room [keyBytes]byte
	list := r.d.Rules[crm.Token(key(room[:], prefix, value))]
	for i := range list {
		r.rules = append(r.rules, standing{&list[i], p})
	}
}

// forbid takes away what a person's rule forbids for any participant.
func (r *Reading) forbid(links *set) {
	if len(*links) == 0 {
		return
	}
	for _, x := range r.standing() {
		if x.Effect == crm.EffectNever {
			links.drop(x.Record)
		}
	}
}

// Join adds to the direct links the companies that the thread passes on (see
// PassOn). It takes the direct links over: they are not to be used afterwards.
func (r *Reading) Join(direct, passed []crm.Link) []crm.Link {
	links := set(direct)
	if r.outside() && !links.has(crm.KindCompany) {
		for _, l := range passed {
			links.add(l)
		}
		r.forbid(&links)
	}
	return links
}

// Neighbour is a message of a thread with its direct links.
type Neighbour struct {
	ID     crm.MessageID
	Date   crm.Time
	Direct []crm.Link
}

// MaxThread is the number of messages up to which a thread passes links on; a
// longer one is no conversation.
const MaxThread = 500

// PassOn returns the links that a thread gives to those of its messages that
// have no company: to each company that is linked anywhere in it. The oldest
// message that has the link is the evidence.
func PassOn(thread []Neighbour) []crm.Link {
	if len(thread) < 2 || len(thread) > MaxThread {
		return nil
	}
	best := map[crm.RecordID]Neighbour{}
	for _, n := range thread {
		for _, l := range n.Direct {
			if kindOf(l.Record) != crm.KindCompany {
				continue
			}
			if b, ok := best[l.Record]; !ok || older(n, b) {
				best[l.Record] = n
			}
		}
	}
	var out set
	for rec, n := range best {
		out = append(out, crm.Link{Record: rec, Rule: crm.ByThread, Confidence: sureThread,
			Evidence: crm.Evidence{Message: n.ID}})
	}
	return out.sorted()
}

func older(a, b Neighbour) bool {
	return cmp.Or(cmp.Compare(a.Date, b.Date), cmp.Compare(a.ID, b.ID)) < 0
}

// applyAnswers does what people said, given in order.
func applyAnswers(links *set, answers []crm.Answer) {
	for _, a := range answers {
		if a.Effect == crm.EffectDeal {
			*links = slices.DeleteFunc(*links, func(l crm.Link) bool { return kindOf(l.Record) == crm.KindDeal })
		}
		links.drop(a.Record)
		if a.Record != "" && (a.Effect == crm.EffectLink || a.Effect == crm.EffectDeal) {
			links.add(crm.Link{Record: a.Record, Rule: crm.ByAnswer, Confidence: sureAnswer,
				Evidence: crm.Evidence{By: a.ID}})
		}
	}
}

// inOrder sorts answers by when they were given.
func inOrder(answers []crm.Answer) []crm.Answer {
	if len(answers) < 2 {
		return answers
	}
	out := slices.Clone(answers)
	slices.SortFunc(out, func(a, b crm.Answer) int {
		return cmp.Or(cmp.Compare(a.At, b.At), cmp.Compare(a.ID, b.ID))
	})
	return out
}

// set is links with one per record: the surest, in doubt the first in order of
// its evidence.
type set []crm.Link

func (s *set) add(l crm.Link) {
	for i := range *s {
		have := &(*s)[i]
		if have.Record != l.Record {
			continue
		}
		if better(&l, have) {
			*have = l
		}
		return
	}
	if *s == nil {
		*s = make(set, 0, usual)
	}
	*s = append(*s, l)
}

// better orders links to one record, so that the order of participants and
// holders decides nothing.
func better(a, b *crm.Link) bool {
	x, y := &a.Evidence, &b.Evidence
	return cmp.Or(cmp.Compare(b.Confidence, a.Confidence), cmp.Compare(a.Rule, b.Rule),
		cmp.Compare(place(x.Role), place(y.Role)), cmp.Compare(x.Address, y.Address),
		cmp.Compare(x.Domain, y.Domain), cmp.Compare(x.Via, y.Via), cmp.Compare(x.By, y.By)) < 0
}

// place orders the roles by what they say about a person.
func place(r crm.Role) int {
	switch r {
	case crm.RoleFrom:
		return 0
	case crm.RoleTo:
		return 1
	case crm.RoleReplyTo:
		return 2
	case crm.RoleSender:
		return 3
	case crm.RoleCc:
		return 4
	}
	return 5
}

func (s *set) drop(r crm.RecordID) {
	for i := range *s {
		if (*s)[i].Record == r { // there is one
			*s = slices.Delete(*s, i, i+1)
			return
		}
	}
}

func (s set) has(k crm.Kind) bool {
	for i := range s {
		if kindOf(s[i].Record) == k {
			return true
		}
	}
	return false
}

// sorted orders the links by kind of record and id, so that equal decisions are
// equal documents.
func (s set) sorted() []crm.Link {
	slices.SortFunc(s, func(a, b crm.Link) int {
		return cmp.Or(cmp.Compare(rank(a.Record), rank(b.Record)), cmp.Compare(a.Record, b.Record))
	})
	if len(s) == 0 {
		return nil
	}
	return s
}

// matched are the kinds that mail is linked to by itself, by prefix of id.
var matched = [...]crm.Noun{crm.Contact(), crm.Company(), crm.Deal()}

// kindOf returns the kind of a record that can be matched, "" for any other.
func kindOf(r crm.RecordID) crm.Kind {
	if i := rank(r); i < len(matched) {
		return matched[i].Kind
	}
	return ""
}

// rank orders contacts before companies before deals before the rest.
func rank(r crm.RecordID) int {
	prefix := crm.IDPrefix(string(r))
	for i := range matched {
		if matched[i].Prefix == prefix {
			return i
		}
	}
	return len(matched)
}

// Feed returns the feed tokens that the links give to the audiences: the
// timelines of the records and the list of all mail.
func Feed(links []crm.Link, to ...crm.Audience) []crm.FeedToken {
	n := 1 + len(links)
	size := len(crm.AllRecords) + n
	for i := range links {
		size += len(links[i].Record)
	}
	size *= len(to)
	for _, a := range to {
		size += n * len(a)
	}
	out := make([]crm.FeedToken, 0, n*len(to))
	var text strings.Builder // of all tokens
	text.Grow(size)
	for _, a := range to {
		out = append(out, crm.FeedIn(&text, crm.AllRecords, a))
		for i := range links {
			out = append(out, crm.FeedIn(&text, links[i].Record, a))
		}
	}
	return out
}

// AskedFeed returns the feed tokens of a message of which something is asked.
func AskedFeed(to ...crm.Audience) []crm.FeedToken {
	out := make([]crm.FeedToken, len(to))
	for i, a := range to {
		out[i] = crm.Feed(crm.Questions, a)
	}
	return out
}
