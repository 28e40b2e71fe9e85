package match

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"threadline/internal/crm"
)

func TestUserRules(t *testing.T) {
	const free = crm.Token("d:gmail.com")
	said := func(r crm.RecordID, id string) crm.Link {
		return link(r, crm.ByUserRule, 100, crm.Evidence{Role: crm.RoleFrom, Address: annaMail, By: id})
	}
	address, domain := crm.AddressToken(annaMail), crm.Token("d:acme.example")
	for name, c := range map[string]struct {
		rules []crm.Rule
		m     *crm.Message
		want  []crm.Link
	}{
		"link by address":     {[]crm.Rule{rule("rul_1", address, crm.EffectLink, dealA)}, from(annaMail), []crm.Link{annaFrom, acmeDomain, said(dealA, "rul_1")}},
		"link by domain":      {[]crm.Rule{rule("rul_1", domain, crm.EffectLink, byte_)}, from(annaMail), []crm.Link{annaFrom, acmeDomain, said(byte_, "rul_1")}},
		"surer than address":  {[]crm.Rule{rule("rul_1", address, crm.EffectLink, anna)}, from(annaMail), []crm.Link{said(anna, "rul_1"), acmeDomain}},
		"never":               {[]crm.Rule{rule("rul_1", address, crm.EffectNever, acme)}, from(annaMail), []crm.Link{annaFrom}},
		"never beats link":    {[]crm.Rule{rule("rul_1", address, crm.EffectLink, acme), rule("rul_2", domain, crm.EffectNever, acme)}, from(annaMail), []crm.Link{annaFrom}},
		"never by a copy":     {[]crm.Rule{rule("rul_1", "a:boss@acme.example", crm.EffectNever, anna)}, from(annaMail, at(crm.RoleCc, "boss@acme.example")), []crm.Link{acmeDomain}},
		"not at free mail":    {[]crm.Rule{rule("rul_1", free, crm.EffectLink, acme), rule("rul_2", free, crm.EffectNever, anna)}, from("x@gmail.com"), nil},
		"of somebody else":    {[]crm.Rule{rule("rul_1", "a:x@else.example", crm.EffectNever, acme)}, from(annaMail), []crm.Link{annaFrom, acmeDomain}},
		"one link, two rules": {[]crm.Rule{rule("rul_2", address, crm.EffectLink, byte_), rule("rul_1", domain, crm.EffectLink, byte_)}, from(annaMail), []crm.Link{annaFrom, acmeDomain, said(byte_, "rul_1")}},
	} {
		t.Run(name, func(t *testing.T) {
			d := directory()
			for _, r := range c.rules {
				d.Rules[r.Value] = append(d.Rules[r.Value], r)
			}
			if diff := cmp.Diff(c.want, decide(d, c.m, nil)); diff != "" {
				t.Errorf("links (-want +got):\n%s", diff)
			}
		})
	}
}

// TestForbiddenLeadsNowhere forbids a contact, and a company that comes by the
// thread: what would follow from them does not.
func TestForbiddenLeadsNowhere(t *testing.T) {
	d := directory()
	d.CompanyOf[anna] = byte_
	d.DealsOf[anna] = []Deal{{ID: dealA, Created: day(10)}}
	d.Rules["a:anna@acme.example"] = []crm.Rule{rule("rul_1", "a:anna@acme.example", crm.EffectNever, anna)}
	if diff := cmp.Diff([]crm.Link{acmeDomain}, decide(d, from(annaMail), nil)); diff != "" {
		t.Errorf("links (-want +got):\n%s", diff)
	}
	d.DealsOf[acme] = []Deal{{ID: dealB, Created: day(10)}}
	d.Rules["a:x@else.example"] = []crm.Rule{rule("rul_2", "a:x@else.example", crm.EffectNever, acme)}
	if got := decide(d, from("x@else.example"), []Neighbour{{ID: "msg_n", Direct: []crm.Link{acmeDomain}}}); got != nil {
		t.Errorf("a forbidden company of the thread led to %+v", got)
	}
}

func TestThread(t *testing.T) {
	acmeBy := func(m crm.MessageID) crm.Link {
		return link(acme, crm.ByThread, 70, crm.Evidence{Message: m})
	}
	direct := []crm.Link{annaFrom, acmeDomain}
	byByte := []crm.Link{link(byte_, crm.ByDomain, 80, crm.Evidence{})}
	long := func(n int) []Neighbour {
		out := []Neighbour{{ID: "msg_0", Date: day(1), Direct: direct}}
		for i := 1; i < n; i++ {
			out = append(out, Neighbour{ID: crm.MessageID(fmt.Sprintf("msg_%d", i)), Date: day(2)})
		}
		return out
	}
	for name, c := range map[string]struct {
		m      *crm.Message
		thread []Neighbour
		want   []crm.Link
	}{
		"takes over the company, not the contact": {from("x@else.example"), []Neighbour{{ID: "msg_1", Date: day(1), Direct: direct}}, []crm.Link{acmeBy("msg_1")}},
		"the oldest is the evidence": {from("x@else.example"), []Neighbour{{ID: "msg_1", Date: day(2), Direct: direct}, {ID: "msg_2", Date: day(1), Direct: direct}},
			[]crm.Link{acmeBy("msg_2")}},
		"of two at once the smaller id": {from("x@else.example"), []Neighbour{{ID: "msg_2", Date: day(1), Direct: direct}, {ID: "msg_1", Date: day(1), Direct: direct}},
			[]crm.Link{acmeBy("msg_1")}},
		"later mail counts too": {from("x@else.example"), []Neighbour{{ID: "msg_1", Date: day(20), Direct: direct}}, []crm.Link{acmeBy("msg_1")}},
		"every company": {from("x@else.example"), []Neighbour{{ID: "msg_1", Date: day(1), Direct: direct}, {ID: "msg_2", Date: day(1), Direct: byByte}},
			[]crm.Link{acmeBy("msg_1"), link(byte_, crm.ByThread, 70, crm.Evidence{Message: "msg_2"})}},
		"mail with a company keeps to it": {from(annaMail), []Neighbour{{ID: "msg_1", Date: day(1), Direct: byByte}}, direct},
		"mail among ourselves stays":      {from(ownMail), []Neighbour{{ID: "msg_1", Date: day(1), Direct: direct}}, nil},
		"not understood stays":            {from(""), []Neighbour{{ID: "msg_1", Date: day(1), Direct: direct}}, nil},
		"the longest conversation":        {from("x@else.example"), long(MaxThread - 1), []crm.Link{acmeBy("msg_0")}},
		"too long for a conversation":     {from("x@else.example"), long(MaxThread), nil},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, decide(directory(), c.m, c.thread)); diff != "" {
				t.Errorf("links (-want +got):\n%s", diff)
			}
		})
	}
}

func TestOnlyDeal(t *testing.T) {
	created := day(10).Add(crm.DealLead)
	open := Deal{ID: dealA, Created: day(1)}
	for name, c := range map[string]struct {
		ofAnna, ofAcme []Deal
		want           []crm.Link
	}{
		"of the contact":                 {[]Deal{open}, nil, []crm.Link{onlyDeal(dealA, anna, 85)}},
		"of the company":                 {nil, []Deal{open}, []crm.Link{onlyDeal(dealA, acme, 75)}},
		"the same by both":               {[]Deal{open}, []Deal{open}, []crm.Link{onlyDeal(dealA, anna, 85)}},
		"the contact's first":            {[]Deal{open}, []Deal{{ID: dealB, Created: day(1)}}, []crm.Link{onlyDeal(dealA, anna, 85)}},
		"two of the contact: none":       {[]Deal{open, {ID: dealB, Created: day(2)}}, nil, nil},
		"two of the contact: no company": {[]Deal{open, {ID: dealB, Created: day(2)}}, []Deal{{ID: "dea_c", Created: day(1)}}, nil},
		"two of the company: none":       {nil, []Deal{open, {ID: dealB, Created: day(2)}}, nil},
		"named twice":                    {[]Deal{open, open}, nil, []crm.Link{onlyDeal(dealA, anna, 85)}},
		"the other is closed":            {[]Deal{open, {ID: dealB, Created: day(2), Closed: day(5)}}, nil, []crm.Link{onlyDeal(dealA, anna, 85)}},
		"30 days before its creation":    {[]Deal{{ID: dealA, Created: created}}, nil, []crm.Link{onlyDeal(dealA, anna, 85)}},
		"more than 30 days before":       {[]Deal{{ID: dealA, Created: created + 1}}, nil, nil},
		"closed right after":             {[]Deal{{ID: dealA, Created: day(1), Closed: day(10) + 1}}, nil, []crm.Link{onlyDeal(dealA, anna, 85)}},
		"closed at that moment":          {[]Deal{{ID: dealA, Created: day(1), Closed: day(10)}}, nil, nil},
		"closed before":                  {[]Deal{{ID: dealA, Created: day(1), Closed: day(9)}}, []Deal{{ID: dealB, Created: day(1)}}, []crm.Link{onlyDeal(dealB, acme, 75)}},
	} {
		t.Run(name, func(t *testing.T) {
			d := directory()
			d.DealsOf[anna], d.DealsOf[acme] = c.ofAnna, c.ofAcme
			want := append([]crm.Link{annaFrom, acmeDomain}, c.want...)
			if diff := cmp.Diff(want, decide(d, from(annaMail), nil)); diff != "" {
				t.Errorf("links (-want +got):\n%s", diff)
			}
		})
	}
	if crm.DealLead != 30*24*time.Hour {
		t.Errorf("a deal reaches %s back", crm.DealLead)
	}
}

// TestDealAfterThreadAndRule: the company of the thread leads to its deal; a
// deal that a rule links leaves no room for another.
func TestDealAfterThreadAndRule(t *testing.T) {
	d := directory()
	d.DealsOf[acme] = []Deal{{ID: dealA, Created: day(1)}}
	got := decide(d, from("x@else.example"), []Neighbour{{ID: "msg_1", Date: day(1), Direct: []crm.Link{acmeDomain}}})
	want := []crm.Link{link(acme, crm.ByThread, 70, crm.Evidence{Message: "msg_1"}), onlyDeal(dealA, acme, 75)}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("links (-want +got):\n%s", diff)
	}
	d.Rules["a:anna@acme.example"] = []crm.Rule{rule("rul_1", "a:anna@acme.example", crm.EffectLink, dealB)}
	got = decide(d, from(annaMail), nil)
	want = []crm.Link{annaFrom, acmeDomain, link(dealB, crm.ByUserRule, 100, crm.Evidence{Role: crm.RoleFrom, Address: annaMail, By: "rul_1"})}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("links (-want +got):\n%s", diff)
	}
}

func TestAnswers(t *testing.T) {
	say := func(id string, at int, effect crm.RuleEffect, r crm.RecordID) crm.Answer {
		return crm.Answer{ID: id, At: day(at), Effect: effect, Record: r}
	}
	answered := func(r crm.RecordID, id string) crm.Link {
		return link(r, crm.ByAnswer, 100, crm.Evidence{By: id})
	}
	for name, c := range map[string]struct {
		answers []crm.Answer
		want    []crm.Link
	}{
		"none":              {nil, []crm.Link{annaFrom, acmeDomain}},
		"link":              {[]crm.Answer{say("ans_1", 1, crm.EffectLink, dealA)}, []crm.Link{annaFrom, acmeDomain, answered(dealA, "ans_1")}},
		"never":             {[]crm.Answer{say("ans_1", 1, crm.EffectNever, anna)}, []crm.Link{acmeDomain}},
		"takes the place":   {[]crm.Answer{say("ans_1", 1, crm.EffectLink, acme)}, []crm.Link{annaFrom, answered(acme, "ans_1")}},
		"the later wins":    {[]crm.Answer{say("ans_1", 2, crm.EffectNever, acme), say("ans_2", 1, crm.EffectLink, acme)}, []crm.Link{annaFrom}},
		"the later links":   {[]crm.Answer{say("ans_1", 1, crm.EffectNever, acme), say("ans_2", 2, crm.EffectLink, acme)}, []crm.Link{annaFrom, answered(acme, "ans_2")}},
		"at once, by id":    {[]crm.Answer{say("ans_2", 1, crm.EffectNever, acme), say("ans_1", 1, crm.EffectLink, acme)}, []crm.Link{annaFrom}},
		"against the rules": {[]crm.Answer{say("ans_1", 1, crm.EffectLink, byte_)}, []crm.Link{annaFrom, acmeDomain, answered(byte_, "ans_1")}},
	} {
		t.Run(name, func(t *testing.T) {
			d := directory()
			d.Rules["d:acme.example"] = []crm.Rule{rule("rul_1", "d:acme.example", crm.EffectNever, byte_)}
			if diff := cmp.Diff(c.want, decide(d, from(annaMail), nil, c.answers...)); diff != "" {
				t.Errorf("links (-want +got):\n%s", diff)
			}
		})
	}
}

func TestSeekAndDirection(t *testing.T) {
	d := directory()
	m := from(annaMail, at(crm.RoleCc, "x@mail.byte.example"), at(crm.RoleCc, "y@gmail.com"), at(crm.RoleCc, "z@isp.example"), at(crm.RoleTo, annaMail), at(crm.RoleCc, ""))
	want := []crm.Token{"a:anna@acme.example", "d:acme.example", "a:x@mail.byte.example", "d:mail.byte.example", "d:byte.example", "a:y@gmail.com", "a:z@isp.example"}
	if diff := cmp.Diff(want, d.Read(m).Seek()); diff != "" {
		t.Errorf("tokens (-want +got):\n%s", diff)
	}
	for _, c := range []struct {
		m    *crm.Message
		want crm.Direction
	}{
		{from(annaMail), crm.Inbound},
		{from(""), crm.Inbound},
		{&crm.Message{}, crm.Inbound},
		{from(ownMail), crm.Within},
		{from(ownMail, at(crm.RoleCc, annaMail)), crm.Outbound},
		{from(ownMail, at(crm.RoleBcc, annaMail)), crm.Outbound},
		{from(ownMail, at(crm.RoleReplyTo, annaMail), at(crm.RoleSender, annaMail)), crm.Within},
		{from(ownMail, at(crm.RoleTo, "")), crm.Within},
	} {
		if got := d.Direction(c.m); got != c.want {
			t.Errorf("direction of %+v is %s, want %s", c.m.Participants, got, c.want)
		}
	}
}

func TestFeed(t *testing.T) {
	want := []crm.FeedToken{"all/members", "con_anna/members", "com_acme/members"}
	if diff := cmp.Diff(want, Feed([]crm.Link{annaFrom, acmeDomain}, crm.Members)); diff != "" {
		t.Errorf("feed (-want +got):\n%s", diff)
	}
}
