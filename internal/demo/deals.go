package demo

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// teller tells one deal, step by step, and keeps the deal in agreement with
// what was said.
type teller struct {
	b       *builder
	plan    plan
	company Company
	lang    string
	vars    vars
	thread  thread
	inside  thread // forwards to colleagues and their answers
	deal    Deal
	copied  bool // the second contact is in copy from now on
	next    string
}

// liveDeal is where an open deal stands, for mail that arrives later.
type liveDeal struct {
	plan   plan
	vars   vars
	thread thread
}

// deals tells all deals.
func (b *builder) deals() {
	for _, p := range plans() {
		t := b.teller(p)
		steps := p.steps()
		times := b.schedule(p)
		for i, s := range steps {
			t.next = ""
			if i+1 < len(steps) {
				t.next = steps[i+1]
			}
			t.tell(s, times[i])
		}
		t.finish(times)
	}
}

func (b *builder) teller(p plan) *teller {
	company := b.w.Companies[p.company]
	b.quote += 1 + b.rng.IntN(4)
	amount := int64(p.qty) * p.unit
	t := &teller{b: b, plan: p, company: company, lang: company.Language}
	t.vars = vars{
		"product": products()[p.product].in(t.lang), "qty": fmt.Sprint(p.qty), "site": company.City,
		"company": company.Name, "weeks": fmt.Sprint(p.weeks), "discount": fmt.Sprint(p.discount),
		"quote": fmt.Sprintf("Q-%d", b.quote), "po": fmt.Sprintf("45%05d", b.rng.IntN(100000)),
		"amount": money(amount, company.Currency, t.lang),
	}
	t.deal = Deal{
		Name:  fmt.Sprintf("%s: %d × %s", company.Name, p.qty, products()[p.product].en),
		Stage: "qualified", Amount: amount, Currency: company.Currency,
		Company: p.company, Contacts: slices.Clone(p.contacts), NextStep: p.next,
	}
	return t
}

// schedule places the steps of a plan, going back from its end.
func (b *builder) schedule(p plan) []time.Time {
	steps := p.steps()
	gaps := make([]time.Duration, len(steps))
	var total time.Duration
	for i := 1; i < len(steps); i++ {
		gaps[i] = b.gap(steps[i])
		total += gaps[i]
	}
	end := time.Duration(p.end * 24 * float64(time.Hour))
	// Weekends and nights take up to half as much again.
	if room := (span - end - 24*time.Hour) * 2 / 3; total > room {
		for i := range gaps {
			if gaps[i] > time.Hour {
				gaps[i] = time.Duration(float64(gaps[i]) * float64(room) / float64(total)).Truncate(time.Second)
			}
		}
	}
	times := make([]time.Time, len(steps))
	at := b.before(p.end)
	for i := len(steps) - 1; i >= 0; i-- {
		times[i] = at
		at = workTime(at.Add(-max(gaps[i], 40*time.Second)), b.rng)
	}
	return times
}

// gap is how long people take before a step.
func (b *builder) gap(step string) time.Duration {
	key, _, _ := strings.Cut(step, "/")
	switch key {
	case "ooo", "bounce":
		return b.hours(0.02, 0.06)
	case "invite":
		return b.hours(0.1, 0.3)
	case "fwd", "fwd_order", "fwd_reply", "fwd_order_reply", "tech":
		return b.hours(0.5, 3.5)
	case "chase":
		return b.hours(110, 190)
	case "delivery":
		return b.hours(200, 330)
	case "accept", "reject", "stall":
		return b.hours(30, 140)
	}
	return b.hours(4, 62)
}

// tell says one step.
func (t *teller) tell(step string, at time.Time) {
	key, who, _ := strings.Cut(step, "/")
	switch key {
	case "ask", "quote", "revise", "chase", "confirm", "delivery", "regret", "visit":
		t.rep(key, at)
	case "tech":
		t.colleague(key, at)
	case "fwd", "fwd_order":
		t.forward(key, at)
	case "fwd_reply", "fwd_order_reply":
		t.insideReply(key, at)
	case "fwd_in":
		t.handOver(at)
	case "ooo":
		t.outOfOffice(at)
	case "bounce":
		t.bounce(at)
	case "invite":
		t.invite(at)
	case "invite_ok":
		t.inviteReply(at)
	default:
		t.customer(key, who, at)
	}
	t.track(key, at)
}

// track moves the deal as the step does.
func (t *teller) track(key string, at time.Time) {
	switch key {
	case "quote":
		t.deal.Stage = "proposal"
	case "haggle", "revise":
		t.deal.Stage = "negotiation"
	case "accept":
		t.deal.Stage, t.deal.Closed = "won", at
	case "reject":
		t.deal.Stage, t.deal.Closed = "lost", at
		t.deal.LostReason = "price or delivery time"
	}
}

// finish hands the deal to the world. It was created when the rep first
// answered, or when the mail came if she has not yet.
func (t *teller) finish(times []time.Time) {
	t.deal.Created = times[min(1, len(times)-1)]
	t.deal.ExpectedClose = t.deal.Created.AddDate(0, 0, 45).Truncate(24 * time.Hour)
	if t.deal.Closed.IsZero() {
		if t.deal.ExpectedClose.Before(t.b.now) {
			t.deal.ExpectedClose = t.b.now.AddDate(0, 0, 14).Truncate(24 * time.Hour)
		}
		if t.deal.Stage != "qualified" { // before a quotation there is nothing to come back to
			t.b.w.open = append(t.b.w.open, liveDeal{plan: t.plan, vars: t.vars, thread: t.thread})
		}
	}
	t.b.w.Deals = append(t.b.w.Deals, t.deal)
}

// lower takes half of the asked discount off, as the revised quotation says.
func (t *teller) lower() {
	t.deal.Amount -= t.deal.Amount * int64(t.plan.discount) / 200
	t.vars["amount"] = money(t.deal.Amount, t.deal.Currency, t.lang)
	t.vars["quote"] += "/B"
}

// who returns the contact with the position in the plan, the first one if
// there is no such.
func (t *teller) who(n int) role {
	if n >= len(t.plan.contacts) {
		n = 0
	}
	return t.b.cast[t.plan.contacts[n]]
}

// person is a contact under one of their addresses.
func (r role) person(n int) Person {
	return Person{Name: r.Name, Address: r.Emails[min(n, len(r.Emails)-1)]}
}

func repStyle() style {
	return style{charset: utf8Name, transfer: "quoted-printable", reply: "Re: ", mailer: "Evergreen Mail 4.1"}
}
