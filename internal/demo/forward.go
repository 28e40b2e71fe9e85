package demo

import "time"

// forward passes the customer's last mail on to a colleague: as text in the
// mail, or whole as an attached message.
func (t *teller) forward(key string, at time.Time) {
	said := t.b.say(t.lang+"/"+key, t.vars)
	last := t.thread.last
	to := tom()
	l := letter{
		folder: Sent, own: true, style: repStyle(), id: t.b.id(nora()), from: nora(),
		date: local(at, "en"), subject: "Fwd: " + last.subject, text: said.body + "\n\nNora",
	}
	if key == "fwd_order" {
		to = ines()
		l.parts = []part{attached(last)}
	} else {
		l.refs = append([]string(nil), t.thread.refs...)
		l.text += "\n\n" + headerBlock(last, "en", false) + "\n\n" + last.text
	}
	l.to = []Person{to}
	t.inside.begin(l)
	t.inside.refs = append(append([]string(nil), l.refs...), l.id)
	t.b.add(l)
}

// attached is a whole mail as a part (RFC 2046 §5.2.1).
func attached(l letter) part {
	l.folder = Inbox
	raw := l.bytes()
	p := part{contentType: "message/rfc822", disposition: "attachment; filename=\"message.eml\"", raw: raw, text: true}
	if !isASCII(string(raw)) {
		p.contentType += "\r\nContent-Transfer-Encoding: 8bit"
	}
	return p
}

// insideReply is the colleague's answer to the rep.
func (t *teller) insideReply(key string, at time.Time) {
	said := t.b.say(t.lang+"/"+key, t.vars)
	from := t.inside.last.to[0]
	l := letter{
		own: true, style: stylePlain(), folder: t.shelf(at), id: t.b.id(from), from: from, to: []Person{nora()},
		date: local(at, "en"), text: said.body + "\n\n" + first(from.Name),
	}
	t.b.add(t.inside.answer(l, "en"))
}

// handOver lets the second contact forward the talk to the rep and take over.
func (t *teller) handOver(at time.Time) {
	r := t.who(1)
	last := t.thread.last
	said := t.b.say(t.lang+"/fwd_in", t.vars)
	mark := map[string]string{"en": "FW: ", "fr": "TR : ", "it": "I: ", "pl": "PD: "}[t.lang]
	l := letter{
		folder: t.shelf(at), style: r.style, id: t.b.id(r.person(0)), from: r.person(0), to: []Person{nora()},
		cc: []Person{t.who(0).person(0)}, date: local(at, t.lang), subject: mark + t.thread.subject,
		refs: append([]string(nil), t.thread.refs...),
		text: toRep(t.lang, 0) + "\n\n" + said.body + "\n\n" + regards(t.lang, 0) + "\n" + r.signature(t.company) +
			"\n\n" + headerBlock(last, t.lang, true) + "\n\n" + last.text,
	}
	t.copied = true
	t.thread.refs = append(t.thread.refs, l.id)
	t.thread.last = l
	t.b.add(l)
}
