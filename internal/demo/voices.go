package demo

import (
	"strings"
	"time"

	"threadline/internal/crm"
)

// customer lets a contact speak: the first one, from their second address with
// "2", the second one with "k"; "+" takes the second contact into copy.
func (t *teller) customer(key, who string, at time.Time) {
	r, address, copies := t.who(0), 0, []Person(nil)
	switch who {
	case "k":
		r, copies, t.copied = t.who(1), []Person{t.who(0).person(0)}, true
	case "2":
		address = 1
	case "+":
		t.copied = true
		fallthrough
	default:
		if t.copied && len(t.plan.contacts) > 1 {
			copies = []Person{t.who(1).person(0)}
		}
	}
	said := t.b.say(t.lang+"/"+key, t.vars)
	n := t.b.rng.IntN(3)
	l := letter{
		id: t.b.id(r.person(address)), from: r.person(address), to: []Person{nora()}, cc: copies,
		date: local(at, t.lang), subject: said.subject, style: r.style, folder: t.shelf(at),
		text: toRep(t.lang, n) + "\n\n" + said.body + "\n\n" + regards(t.lang, n) + "\n" + r.signature(t.company),
	}
	if key == "accept" {
		l.parts = append(l.parts, t.paper("order", t.vars["po"]))
	}
	t.b.add(t.send(l))
}

// rep lets the rep write to whoever wrote last.
func (t *teller) rep(key string, at time.Time) {
	if key == "revise" {
		t.lower()
	}
	said := t.b.say(t.passage(key), t.vars)
	to, copies := t.partners()
	if strings.Contains(said.body, "Tom") {
		copies = append(copies, tom())
	}
	if t.next == "bounce" {
		copies = append(copies, t.misspelt())
	}
	l := letter{
		folder: Sent, own: true, style: repStyle(),
		id: t.b.id(nora()), from: nora(), to: []Person{to.person(0)}, cc: copies,
		date: local(at, "en"), subject: said.subject,
		text: to.greet + "\n\n" + said.body + "\n\n" + regards(t.lang, 0) + "\nNora\n\n" + ownSignature(nora()),
	}
	if key == "quote" || key == "revise" {
		l.parts = append(l.parts, t.paper("quote", t.vars["quote"]))
	}
	t.b.add(t.send(l))
}

// passage is the key of what the rep says: less is to be said about parts than
// about machines.
func (t *teller) passage(key string) string {
	key = t.lang + "/" + key
	if parts := key + "_parts"; !strings.HasPrefix(t.plan.product, "bw") && len(t.b.w.texts[parts]) > 0 {
		return parts
	}
	return key
}

// colleague answers the customer in the rep's place, with her in copy.
func (t *teller) colleague(key string, at time.Time) {
	said := t.b.say(t.lang+"/"+key, t.vars)
	to, copies := t.partners()
	l := letter{
		own: true, style: stylePlain(), folder: t.shelf(at),
		id: t.b.id(tom()), from: tom(), to: []Person{to.person(0)}, cc: append([]Person{nora()}, copies...),
		date:  local(at, "en"),
		text:  to.greet + "\n\n" + said.body + "\n\n" + regards(t.lang, 0) + "\nTom\n\n" + ownSignature(tom()),
		parts: []part{t.paper("drawing", t.plan.product)},
	}
	t.b.add(t.send(l))
}

// partners is to whom the firm writes: the contact who wrote last, and the
// other one in copy once they take part.
func (t *teller) partners() (to role, copies []Person) {
	first, second := t.who(0), t.who(1)
	if len(t.plan.contacts) < 2 || !t.copied {
		return first, nil
	}
	if t.thread.last.from.Name == second.Name {
		return second, []Person{first.person(0)}
	}
	return first, []Person{second.person(0)}
}

// send puts the letter into the conversation, or begins it.
func (t *teller) send(l letter) letter {
	if len(t.thread.refs) == 0 {
		t.thread.begin(l)
		return l
	}
	return t.thread.answer(l, t.lang)
}

// shelf is where an inbound mail lies: old ones were archived.
func (t *teller) shelf(at time.Time) string {
	if t.b.now.Sub(at) > 50*24*time.Hour {
		return Archive
	}
	return Inbox
}

// misspelt is an address that does not exist: a letter of the last contact's
// address is missing.
func (t *teller) misspelt() Person {
	p := t.who(len(t.plan.contacts) - 1).person(0)
	local := p.Address.Local()
	p.Address = crm.Address(local[:len(local)-1]) + p.Address[len(local):]
	return p
}

// paper is an attached PDF.
func (t *teller) paper(kind, number string) part {
	name, title := "Order_"+number, "Purchase order "+number
	switch kind {
	case "quote":
		word := map[string]string{"en": "Quotation", "fr": "Devis", "it": "Preventivo", "pl": "Oferta"}[t.lang]
		name, title = word+"_"+number, word+" "+number
	case "drawing":
		name, title = "Connections_"+number, "Connection plan "+number
	}
	name = strings.ReplaceAll(name, "/", "-") + ".pdf"
	return part{
		contentType: "application/pdf; name=\"" + name + `"`, disposition: "attachment; filename=\"" + name + `"`,
		raw: pdf([]string{title, t.company.Name, t.vars["qty"] + " x " + products()[t.plan.product].en, "Total: " + t.vars["amount"]}),
	}
}
