package match

import (
	"cmp"
	"slices"

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

// Direct returns the links that the message earns by its own participants and
// by the rules of people: everything but thread, deals and answers.
func (d *Directory) Direct(m *crm.Message) []crm.Link {
	var links set
	for _, p := range m.Participants {
		if !d.outside(p) {
			continue
		}
		d.byAddress(&links, m, p)
		if linksByDomain(m.Class) {
			d.byDomain(&links, m, p)
		}
		d.byRule(&links, p)
	}
	for _, l := range slices.Clone(links) {
		if company := d.CompanyOf[l.Record]; company != "" {
			links.add(crm.Link{Record: company, Rule: crm.ByContact, Confidence: sureContact,
				Evidence: crm.Evidence{Via: l.Record, Address: l.Evidence.Address, Role: l.Evidence.Role}})
		}
	}
	d.forbid(&links, m)
	return links.sorted()
}

func linksByDomain(c crm.Class) bool {
	return c != crm.ClassBulk && c != crm.ClassNotification && c != crm.ClassBounce
}

func (d *Directory) byAddress(links *set, m *crm.Message, p crm.Participant) {
	for _, h := range d.Holders[crm.AddressToken(p.Address)] {
		if !h.Held(m.Date) {
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

func (d *Directory) byDomain(links *set, m *crm.Message, p crm.Participant) {
	for _, dom := range domains(p.Address.Domain()) {
		if d.Free(dom) {
			continue
		}
		for _, h := range d.Holders[crm.DomainToken(dom)] {
			if h.Held(m.Date) {
				links.add(crm.Link{Record: h.Record, Rule: crm.ByDomain, Confidence: sureDomain,
					Evidence: crm.Evidence{Role: p.Role, Address: p.Address, Domain: dom}})
			}
		}
	}
}

func (d *Directory) byRule(links *set, p crm.Participant) {
	for _, r := range d.rulesFor(p.Address) {
		if r.Effect == crm.EffectLink {
			links.add(crm.Link{Record: r.Record, Rule: crm.ByUserRule, Confidence: sureRule,
				Evidence: crm.Evidence{Role: p.Role, Address: p.Address, By: r.ID}})
		}
	}
}

func (d *Directory) rulesFor(a crm.Address) []crm.Rule {
	if len(d.Rules) == 0 {
		return nil
	}
	out := slices.Clone(d.Rules[crm.AddressToken(a)])
	for _, dom := range domains(a.Domain()) {
		out = append(out, d.Rules[crm.DomainToken(dom)]...)
	}
	return out
}

// forbid takes away what a person's rule forbids for any participant.
func (d *Directory) forbid(links *set, m *crm.Message) {
	for _, p := range m.Participants {
		if !d.outside(p) {
			continue
		}
		for _, r := range d.rulesFor(p.Address) {
			if r.Effect == crm.EffectNever {
				links.drop(r.Record)
			}
		}
	}
}

// Complete adds to the direct links what the thread and the deals give, and
// applies the answers of people, given in any order.
func (d *Directory) Complete(m *crm.Message, direct []crm.Link, thread []Neighbour, answers []crm.Answer) []crm.Link {
	links := set(slices.Clone(direct))
	if d.talksOutside(m) {
		d.byThread(&links, m, thread)
		d.byDeal(&links, m)
		d.forbid(&links, m)
	}
	applyAnswers(&links, answers)
	return links.sorted()
}

func (d *Directory) talksOutside(m *crm.Message) bool {
	return slices.ContainsFunc(m.Participants, d.outside)
}

// Neighbour is another message of the thread with its direct links.
type Neighbour struct {
	ID     crm.MessageID
	Date   crm.Time
	Direct []crm.Link
}

// MaxThread is the number of messages up to which a thread passes links on; a
// longer one is no conversation.
const MaxThread = 500

// byThread takes over companies from the rest of the thread when the message
// itself has none. The oldest message that has the link is the evidence.
func (d *Directory) byThread(links *set, m *crm.Message, thread []Neighbour) {
	if len(thread) >= MaxThread || links.has(crm.KindCompany) {
		return
	}
	best := map[crm.RecordID]Neighbour{}
	for _, n := range thread {
		for _, l := range n.Direct {
			if kindOf(l.Record) != crm.KindCompany || n.ID == m.ID {
				continue
			}
			if b, ok := best[l.Record]; !ok || older(n, b) {
				best[l.Record] = n
			}
		}
	}
	for rec, n := range best {
		links.add(crm.Link{Record: rec, Rule: crm.ByThread, Confidence: sureThread,
			Evidence: crm.Evidence{Message: n.ID}})
	}
}

func older(a, b Neighbour) bool {
	return cmp.Or(cmp.Compare(a.Date, b.Date), cmp.Compare(a.ID, b.ID)) < 0
}

// byDeal links the one deal that was open with the linked contacts or, if they
// have none, with the linked companies.
func (d *Directory) byDeal(links *set, m *crm.Message) {
	if links.has(crm.KindDeal) {
		return
	}
	for _, step := range []struct {
		kind crm.Kind
		sure int
	}{{crm.KindContact, sureDealContact}, {crm.KindCompany, sureDealCompany}} {
		deal, via, n := d.openDeals(*links, step.kind, m.Date)
		if n == 1 {
			links.add(crm.Link{Record: deal, Rule: crm.ByOnlyDeal, Confidence: step.sure,
				Evidence: crm.Evidence{Via: via}})
		}
		if n > 0 {
			return
		}
	}
}

// openDeals counts the distinct deals that were open with linked records of
// the kind, and names the first in order of id and what led to it.
func (d *Directory) openDeals(links set, kind crm.Kind, at crm.Time) (deal, via crm.RecordID, n int) {
	seen := map[crm.RecordID]bool{}
	for _, l := range links {
		if kindOf(l.Record) != kind {
			continue
		}
		for _, c := range d.DealsOf[l.Record] {
			if !c.openAt(at) {
				continue
			}
			if !seen[c.ID] {
				seen[c.ID] = true
			}
			if deal == "" || c.ID < deal || c.ID == deal && l.Record < via {
				deal, via = c.ID, l.Record
			}
		}
	}
	return deal, via, len(seen)
}

func applyAnswers(links *set, answers []crm.Answer) {
	answers = slices.Clone(answers)
	slices.SortFunc(answers, func(a, b crm.Answer) int {
		return cmp.Or(cmp.Compare(a.At, b.At), cmp.Compare(a.ID, b.ID))
	})
	for _, a := range answers {
		links.drop(a.Record)
		if a.Effect == crm.EffectLink {
			links.add(crm.Link{Record: a.Record, Rule: crm.ByAnswer, Confidence: sureAnswer,
				Evidence: crm.Evidence{By: a.ID}})
		}
	}
}

// set is links with one per record: the surest, in doubt the first rule.
type set []crm.Link

func (s *set) add(l crm.Link) {
	for i, have := range *s {
		if have.Record != l.Record {
			continue
		}
		if l.Confidence > have.Confidence {
			(*s)[i] = l
		}
		return
	}
	*s = append(*s, l)
}

func (s *set) drop(r crm.RecordID) {
	*s = slices.DeleteFunc(*s, func(l crm.Link) bool { return l.Record == r })
}

func (s set) has(k crm.Kind) bool {
	return slices.ContainsFunc(s, func(l crm.Link) bool { return kindOf(l.Record) == k })
}

// sorted orders the links by kind of record and id, so that equal decisions
// are equal documents.
func (s set) sorted() []crm.Link {
	slices.SortFunc(s, func(a, b crm.Link) int {
		return cmp.Or(cmp.Compare(rank(a.Record), rank(b.Record)), cmp.Compare(a.Record, b.Record))
	})
	if len(s) == 0 {
		return nil
	}
	return s
}

func kindOf(r crm.RecordID) crm.Kind {
	n, _ := crm.NounOfID(r)
	return n.Kind
}

func rank(r crm.RecordID) int {
	switch kindOf(r) {
	case crm.KindContact:
		return 0
	case crm.KindCompany:
		return 1
	case crm.KindDeal:
		return 2
	}
	return 3
}

// Feed returns the feed tokens that the links give: the timelines of the
// records and the list of all mail.
func Feed(links []crm.Link) []crm.FeedToken {
	out := []crm.FeedToken{crm.Feed(crm.AllRecords, crm.Members)}
	for _, l := range links {
		out = append(out, crm.Feed(l.Record, crm.Members))
	}
	return out
}
