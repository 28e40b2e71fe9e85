package demo

import (
	"fmt"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2"

	"threadline/internal/crm"
)

// others writes everything that belongs to no deal.
func (b *builder) others() {
	b.newsletters()
	b.notices()
	b.receipts()
	b.internal()
	b.strangers()
	b.private()
	b.leftovers()
}

// author reads the From line of a text. Texts are part of the program.
func author(p text) Person {
	name, address, ok := strings.Cut(strings.TrimSuffix(p.from, ">"), " <")
	if !ok {
		panic("demo: no author in the text " + p.subject)
	}
	return Person{strings.Trim(name, `"`), crm.Address(address)}
}

// from makes a letter to the rep out of a text that names its author.
func (b *builder) from(p text, at time.Time) letter {
	from := author(p)
	return letter{
		id: b.id(from), from: from, to: []Person{nora()}, date: local(at, "fr"),
		subject: p.subject, text: p.body, style: styleUTF8(),
	}
}

// series calls write about every so many days, the oldest first.
func (b *builder) series(days float64, write func(n int, at time.Time)) {
	n := 0
	for d := 86 - b.rng.Float64()*days; d > 0.2; d -= days * (0.9 + 0.2*b.rng.Float64()) {
		write(n, b.before(d))
		n++
	}
}

// newsletters come to a list, with the headers of RFC 2369 and RFC 8058.
func (b *builder) newsletters() {
	for _, l := range []struct {
		key  string
		days float64
	}{{"grain", 7}, {"brew", 7}, {"atelier", 14}, {"ledgerly", 21}, {"fiera", 20}, {"pakiet", 15}} {
		b.series(l.days, func(n int, at time.Time) { b.add(b.newsletter(l.key, 118+n, at)) })
	}
}

func (b *builder) newsletter(key string, n int, at time.Time) letter {
	l := b.from(b.say("newsletter/"+key, vars{"n": fmt.Sprint(n)}), at)
	domain := string(l.from.Address.Domain())
	link := fmt.Sprintf("https://%s/u/%x", domain, b.rng.Uint64())
	l.extra = []header{
		{"List-Id", l.style.word(l.from.Name) + " <" + key + "." + domain + ">"},
		{"List-Unsubscribe", "<" + link + ">, <mailto:leave@" + domain + ">"},
		{"List-Unsubscribe-Post", "List-Unsubscribe=One-Click"},
		{"Precedence", "bulk"},
	}
	l.html = newsletterHTML(l.from.Name, l.subject, l.text, link)
	l.text += "\n\n--\nYou receive this mail because you subscribed. Unsubscribe: " + link
	return l
}

// notices come from machines.
func (b *builder) notices() {
	for _, s := range []struct {
		key  string
		days float64
	}{{"parcel", 6}, {"tasks", 8}, {"signin", 40}, {"form", 13}, {"meeting", 14}, {"backup", 9}} {
		b.series(s.days, func(n int, at time.Time) { b.add(b.notice(s.key, at)) })
	}
}

func (b *builder) notice(key string, at time.Time) letter {
	l := b.from(b.say("notice/"+key, vars{"n": fmt.Sprint(1000 + b.rng.IntN(9000))}), at)
	l.style.plain = key == "backup" || key == "form"
	l.own = l.from.Address.Domain() == "brightwell.example"
	l.extra = []header{{"Auto-Submitted", "auto-generated"}}
	return l
}

// receipts carry a PDF.
func (b *builder) receipts() {
	for _, s := range []struct {
		key  string
		days float64
	}{{"rail", 22}, {"hotel", 45}, {"saas", 30}, {"albergo", 60}, {"tools", 50}} {
		b.series(s.days, func(n int, at time.Time) {
			number := fmt.Sprint(20000 + b.rng.IntN(70000))
			price := fmt.Sprintf("%d.%02d", 29+b.rng.IntN(140), b.rng.IntN(100))
			l := b.from(b.say("receipt/"+s.key, vars{"n": number, "price": price}), at)
			l.parts = []part{{
				contentType: "application/pdf; name=\"" + number + ".pdf\"", disposition: "attachment; filename=\"" + number + ".pdf\"",
				raw: pdf([]string{l.from.Name, "No. " + number, "EUR " + price}),
			}}
			b.add(l)
		})
	}
}

// internal is the talk among colleagues. The variants of a text are the mails
// of one thread, in order.
func (b *builder) internal() {
	topics := []string{"forecast", "truck", "noise", "invoices", "fair", "lunch", "spares", "holiday", "crane", "prices", "ce"}
	for i, topic := range topics {
		b.topic(b.w.texts["internal/"+topic], b.before(83-7.4*float64(i)))
	}
}

// topic is one thread: the first mail goes to all, the rep answers whoever
// began, the others answer her.
func (b *builder) topic(mails []text, at time.Time) {
	var t thread
	for n, p := range mails {
		from := colleague(p.from)
		l := letter{
			own: true, id: b.id(from), from: from, to: []Person{nora()}, date: local(at, "en"), subject: p.subject,
			style: stylePlain(), text: p.body + "\n\n" + first(from.Name),
		}
		if from == nora() {
			l.folder, l.style = Sent, repStyle()
		}
		switch {
		case n == 0:
			l.to = []Person{team()}
			t.begin(l)
		case from == nora():
			l.to, l.cc = []Person{colleague(mails[0].from)}, []Person{team()}
			l = t.answer(l, "en")
		default:
			l = t.answer(l, "en")
		}
		b.add(l)
		at = workTime(earlier(at.Add(b.hours(0.5, 26)), b.now.Add(-time.Minute)), b.rng)
		if !at.After(l.date) {
			at = l.date.UTC().Add(11 * time.Minute)
		}
	}
}

// colleague is who signs with the given name at the own firm.
func colleague(name string) Person {
	return map[string]Person{"nora": nora(), "tom": tom(), "ines": ines(), "siobhan": siobhan(), "paul": paul()}[name]
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// strangers are people whom nobody has entered yet; some get an answer.
func (b *builder) strangers() {
	n := 0
	for _, language := range []string{"en", "fr", "it", "pl"} {
		for range b.w.texts["unknown/"+language] {
			l := b.stranger("unknown", language, b.before(1.3+7.7*float64(n)))
			b.add(l)
			if n%2 == 0 {
				b.answerStranger(l, language)
			}
			n++
		}
	}
}

func (b *builder) stranger(file, language string, at time.Time) letter {
	l := b.from(b.say(file+"/"+language, nil), at)
	l.to = []Person{sales()}
	l.date = local(at, language)
	l.style = []style{styleUTF8(), stylePlain(), styleBase64()}[b.rng.IntN(3)]
	l.text = toFirm(language) + "\n\n" + l.text + "\n\n" + regards(language, b.rng.IntN(2)) + "\n" + l.from.Name
	return l
}

func (b *builder) answerStranger(l letter, language string) {
	var t thread
	t.begin(l)
	opening := map[string]string{"en": "Hello,", "fr": "Bonjour,", "it": "Buongiorno,", "pl": "Dzień dobry,"}[language]
	said := b.w.texts.pick(language+"/ask", 0)
	b.add(t.answer(letter{
		folder: Sent, own: true, style: repStyle(), id: b.id(nora()), from: nora(), to: []Person{l.from},
		date: local(l.date.UTC().Add(b.hours(1, 20)), "en"),
		text: opening + "\n\n" + said.body + "\n\n" + regards(language, 0) + "\nNora\n\n" + ownSignature(nora()),
	}, language))
}

// private is what nobody at work should read.
func (b *builder) private() {
	for n := range b.w.texts["private/one"] {
		l := b.from(b.say("private/one", nil), b.before(4+13*float64(n)))
		l.style = stylePlain()
		b.add(l)
		if n%3 != 0 {
			continue
		}
		var t thread
		t.begin(l)
		b.add(t.answer(letter{
			folder: Sent, own: true, style: repStyle(), id: b.id(nora()), from: nora(), to: []Person{l.from},
			date: local(l.date.UTC().Add(b.hours(2, 9)), "en"), text: b.say("private/reply", nil).body + "\n\nNora",
		}, "en"))
	}
}

// leftovers are spam, drafts, deleted mail, suppliers and circulars.
func (b *builder) leftovers() {
	b.series(6.5, func(_ int, at time.Time) {
		l := b.from(b.say("spam/one", vars{"n": fmt.Sprint(100 + b.rng.IntN(900))}), at)
		l.folder, l.extra = Junk, []header{{"X-Spam-Flag", "YES"}}
		b.add(l)
	})
	for n, to := range []Person{b.cast[2].person(0), b.cast[7].person(0)} {
		p := b.say("other/draft", nil)
		b.add(letter{
			folder: Drafts, own: true, style: repStyle(), flags: []imap.Flag{imap.FlagDraft}, id: b.id(nora()), from: nora(),
			to: []Person{to}, date: local(b.before(1.4+3*float64(n)), "en"), subject: p.subject, text: p.body,
		})
	}
	for n := range b.w.texts["other/trash"] {
		l := b.from(b.say("other/trash", nil), b.before(6+8*float64(n)))
		l.folder = Trash
		b.add(l)
	}
	b.series(17, func(n int, at time.Time) {
		b.add(b.from(b.say("other/supplier", vars{"n": fmt.Sprint(20 + n)}), at))
	})
	b.series(40, func(n int, at time.Time) {
		l := b.from(b.say("other/bcc", vars{"n": fmt.Sprint(3 + n)}), at)
		l.to = nil // the rep was in Bcc
		b.add(l)
	})
}
