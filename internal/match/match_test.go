package match

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"threadline/internal/crm"
)

// day is noon of a day of November 2026.
func day(n int) crm.Time { return crm.At(time.Date(2026, 11, n, 12, 0, 0, 0, time.UTC)) }

const (
	anna, bert  = crm.RecordID("con_anna"), crm.RecordID("con_bert")
	acme, byte_ = crm.RecordID("com_acme"), crm.RecordID("com_byte")
	dealA       = crm.RecordID("dea_a")
	dealB       = crm.RecordID("dea_b")
	annaMail    = crm.Address("anna@acme.example")
	bertMail    = crm.Address("bert@byte.example")
	ownMail     = crm.Address("ola@us.example")
)

// directory is one in which Anna works at Acme, which has one open deal with
// her; tests change it.
func directory() *Directory {
	return &Directory{
		OwnAddresses: map[crm.Address]bool{"ola.private@gmail.com": true},
		OwnDomains:   map[crm.Domain]bool{"us.example": true},
		FreeMail:     map[crm.Domain]bool{"isp.example": true},
		Holders: map[crm.Token][]crm.Holder{
			crm.AddressToken(annaMail):      {{Record: anna}},
			crm.DomainToken("acme.example"): {{Record: acme}},
		},
		CompanyOf: map[crm.RecordID]crm.RecordID{},
		DealsOf:   map[crm.RecordID][]Deal{},
		Rules:     map[crm.Token][]crm.Rule{},
	}
}

// at makes a participant from a role and an address.
func at(r crm.Role, a crm.Address) crm.Participant { return crm.Participant{Role: r, Address: a} }

// from makes a message of a person to us.
func from(a crm.Address, more ...crm.Participant) *crm.Message {
	ps := append([]crm.Participant{at(crm.RoleFrom, a), at(crm.RoleTo, ownMail)}, more...)
	return &crm.Message{ID: "msg_m", Date: day(10), Class: crm.ClassPerson, Participants: ps}
}

// decide is the whole decision.
func decide(d *Directory, m *crm.Message, thread []Neighbour, answers ...crm.Answer) []crm.Link {
	r := d.Read(m)
	direct := r.Direct()
	links := r.Join(direct, PassOn(append(thread, Neighbour{ID: m.ID, Date: m.Date, Direct: direct})))
	return Choose([]Member{{Reading: r, Links: links, Answers: answers}})[0].Links
}

func link(r crm.RecordID, rule crm.RuleName, sure int, e crm.Evidence) crm.Link {
	return crm.Link{Record: r, Rule: rule, Confidence: sure, Evidence: e}
}

var (
	annaFrom   = link(anna, crm.ByAddress, 99, crm.Evidence{Role: crm.RoleFrom, Address: annaMail})
	acmeDomain = link(acme, crm.ByDomain, 80, crm.Evidence{Role: crm.RoleFrom, Address: annaMail, Domain: "acme.example"})
)

func byContact(company crm.RecordID) crm.Link {
	return link(company, crm.ByContact, 90, crm.Evidence{Via: anna, Role: crm.RoleFrom, Address: annaMail})
}

func onlyDeal(d, via crm.RecordID, sure int) crm.Link {
	return link(d, crm.ByOnlyDeal, sure, crm.Evidence{Via: via})
}

func rule(id string, t crm.Token, effect crm.RuleEffect, r crm.RecordID) crm.Rule {
	return crm.Rule{ID: id, Value: t, Effect: effect, Record: r}
}

func TestAddressAndDomain(t *testing.T) {
	copied := at(crm.RoleCc, annaMail)
	inCopy := link(anna, crm.ByAddress, 95, crm.Evidence{Role: crm.RoleCc, Address: annaMail})
	domainCopy := link(acme, crm.ByDomain, 80, crm.Evidence{Role: crm.RoleCc, Address: annaMail, Domain: "acme.example"})
	for name, c := range map[string]struct {
		change func(*Directory)
		m      *crm.Message
		want   []crm.Link
	}{
		"sender":            {m: from(annaMail), want: []crm.Link{annaFrom, acmeDomain}},
		"copied":            {m: from("x@else.example", copied), want: []crm.Link{inCopy, domainCopy}},
		"blind copy":        {m: from(ownMail, at(crm.RoleBcc, annaMail)), want: []crm.Link{link(anna, crm.ByAddress, 95, crm.Evidence{Role: crm.RoleBcc, Address: annaMail}), link(acme, crm.ByDomain, 80, crm.Evidence{Role: crm.RoleBcc, Address: annaMail, Domain: "acme.example"})}},
		"sender and copy":   {m: from(annaMail, copied), want: []crm.Link{annaFrom, acmeDomain}},
		"unknown":           {m: from("x@else.example")},
		"not understood":    {m: from("")},
		"colleague of her":  {m: from("cfo@acme.example"), want: []crm.Link{link(acme, crm.ByDomain, 80, crm.Evidence{Role: crm.RoleFrom, Address: "cfo@acme.example", Domain: "acme.example"})}},
		"below the domain":  {m: from("x@mail.eu.acme.example"), want: []crm.Link{link(acme, crm.ByDomain, 80, crm.Evidence{Role: crm.RoleFrom, Address: "x@mail.eu.acme.example", Domain: "acme.example"})}},
		"beside the domain": {m: from("x@notacme.example")},
		"a free-mail domain that a company holds all the same": {
			change: func(d *Directory) { d.Holders["d:gmail.com"] = []crm.Holder{{Record: acme}} }, m: from("anna@gmail.com")},
		"a free-mail domain of the workspace": {
			change: func(d *Directory) { d.Holders["d:isp.example"] = []crm.Holder{{Record: acme}} }, m: from("anna@isp.example")},
		"a known address at a free-mail domain": {
			change: func(d *Directory) { d.Holders["a:anna@gmail.com"] = []crm.Holder{{Record: anna}} }, m: from("anna@gmail.com"),
			want: []crm.Link{link(anna, crm.ByAddress, 99, crm.Evidence{Role: crm.RoleFrom, Address: "anna@gmail.com"})}},
		"two contacts with one address": {
			change: func(d *Directory) { d.Holders["a:anna@acme.example"] = []crm.Holder{{Record: bert}, {Record: anna}} }, m: from(annaMail),
			want: []crm.Link{annaFrom, link(bert, crm.ByAddress, 99, annaFrom.Evidence), acmeDomain}},
		"company of the contact": {
			change: func(d *Directory) { d.CompanyOf[anna] = byte_ }, m: from(annaMail), want: []crm.Link{annaFrom, acmeDomain, byContact(byte_)}},
		"company of the contact and of the domain": {
			change: func(d *Directory) { d.CompanyOf[anna] = acme }, m: from(annaMail), want: []crm.Link{annaFrom, byContact(acme)}},
		"excluded address": {
			change: func(d *Directory) { d.Exclusions = exclude("a:anna@acme.example", crm.DropParticipant) }, m: from(annaMail)},
		"excluded domain": {
			change: func(d *Directory) { d.Exclusions = exclude("d:acme.example", crm.DropParticipant) }, m: from("x@mail.acme.example", copied)},
		"excluded free mail": {
			change: func(d *Directory) {
				d.Exclusions = exclude("d:gmail.com", crm.DropParticipant)
				d.Holders["a:anna@gmail.com"] = []crm.Holder{{Record: anna}}
			}, m: from("anna@gmail.com")},
		"excluded otherwise": {
			change: func(d *Directory) { d.Exclusions = exclude("a:anna@acme.example", crm.MetadataOnly) }, m: from(annaMail), want: []crm.Link{annaFrom, acmeDomain}},
	} {
		t.Run(name, func(t *testing.T) {
			d := directory()
			if c.change != nil {
				c.change(d)
			}
			if diff := cmp.Diff(c.want, decide(d, c.m, nil)); diff != "" {
				t.Errorf("links (-want +got):\n%s", diff)
			}
		})
	}
}

// TestOurselves gives contacts and companies our own addresses and domains:
// they must not attract everything.
func TestOurselves(t *testing.T) {
	for _, own := range []crm.Address{ownMail, "ola.private@gmail.com", "x@sub.us.example", "x@a.b.us.example"} {
		d := directory()
		d.Holders[crm.AddressToken(own)] = []crm.Holder{{Record: anna}}
		d.Holders["d:us.example"] = []crm.Holder{{Record: acme}}
		d.Rules[crm.AddressToken(own)] = []crm.Rule{rule("rul_1", crm.AddressToken(own), crm.EffectLink, bert)}
		d.Rules["d:us.example"] = []crm.Rule{rule("rul_2", "d:us.example", crm.EffectLink, bert)}
		m := &crm.Message{ID: "msg_m", Date: day(10), Class: crm.ClassPerson,
			Participants: []crm.Participant{at(crm.RoleFrom, ownMail), at(crm.RoleTo, own), at(crm.RoleCc, "y@sub.us.example")}}
		if got := decide(d, m, []Neighbour{{ID: "msg_n", Direct: []crm.Link{acmeDomain}}}); got != nil {
			t.Errorf("%s among ourselves is linked: %+v", own, got)
		}
		if got := d.Direction(m); got != crm.Within {
			t.Errorf("%s: direction %s", own, got)
		}
		if got := d.Read(m).Seek(); got != nil {
			t.Errorf("%s: sought by %v", own, got)
		}
	}
	d := directory()
	if d.Own("x@notus.example") || d.Own("x@example") || d.Own("x@us.example.org") {
		t.Error("another domain is taken for our own")
	}
}

func TestClasses(t *testing.T) {
	for class, byDomain := range map[crm.Class]bool{
		crm.ClassPerson: true, crm.ClassAutoReply: true, crm.ClassCalendar: true,
		crm.ClassBulk: false, crm.ClassNotification: false, crm.ClassBounce: false,
	} {
		m := from(annaMail)
		m.Class = class
		want := []crm.Link{annaFrom}
		if byDomain {
			want = append(want, acmeDomain)
		}
		if diff := cmp.Diff(want, decide(directory(), m, nil)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", class, diff)
		}
	}
}

// TestHolders moves an address from one contact to another, and a domain from
// one company to another, on the tenth.
func TestHolders(t *testing.T) {
	d := directory()
	d.Holders[crm.AddressToken(annaMail)] = []crm.Holder{{Record: anna, To: day(10)}, {Record: bert, From: day(10)}}
	d.Holders["d:acme.example"] = []crm.Holder{{Record: acme, To: day(10)}, {Record: byte_, From: day(12)}}
	for _, c := range []struct {
		at   crm.Time
		want []crm.RecordID
	}{
		{1, []crm.RecordID{anna, acme}},
		{day(10) - 1, []crm.RecordID{anna, acme}},
		{day(10), []crm.RecordID{bert}},
		{day(12) - 1, []crm.RecordID{bert}},
		{day(12), []crm.RecordID{bert, byte_}},
		{day(30), []crm.RecordID{bert, byte_}},
	} {
		m := from(annaMail)
		m.Date = c.at
		var got []crm.RecordID
		for _, l := range decide(d, m, nil) {
			got = append(got, l.Record)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("at %s (-want +got):\n%s", c.at, diff)
		}
	}
}

// exclude is one exclusion for everybody.
func exclude(pattern crm.Token, effect crm.ExclusionEffect) *Exclusions {
	return NewExclusions([]crm.Exclusion{{Pattern: pattern, Effect: effect}})
}
