package demo

import (
	"slices"
	"time"
)

// Next is the n-th mail (from 0) that arrives while the demo runs: an answer in
// an open deal, a new enquiry, a newsletter, a notice. It depends on the world,
// now and n alone.
func (w *World) Next(now time.Time, n int) Mail {
	now = now.UTC().Truncate(time.Second)
	b := newBuilder(w, now, w.seed^(uint64(n+1)*0x9e3779b97f4a7c15))
	b.alternate(n)
	switch n % 8 {
	case 1:
		language := []string{"en", "pl", "fr", "it"}[n/8%4]
		b.used["arrival/"+language] = n / 32
		b.arrive(b.stranger("arrival", language, now))
	case 3:
		b.arrive(b.newsletter([]string{"grain", "brew", "pakiet"}[n/8%3], 140+n, now))
	case 5:
		b.arrive(b.notice([]string{"parcel", "tasks", "backup"}[n/8%3], now))
	case 7:
		b.reply(n/2, now, true)
	default:
		b.reply(n/2, now, false)
	}
	m := b.mails[0]
	m.Folder, m.Flags = Inbox, nil
	return m
}

// alternate lets successive mails take successive variants of a text.
func (b *builder) alternate(n int) {
	for key := range b.w.texts {
		b.used[key] = n / 2
	}
}

// arrive adds a letter that has just been written.
func (b *builder) arrive(l letter) {
	l.date = local(b.now, "en")
	b.add(l)
}

// reply goes on with the n-th open deal: the customer asks again, or their
// robot says that they are away.
func (b *builder) reply(n int, now time.Time, robot bool) {
	open := b.w.open
	if robot { // only where the rep wrote last
		open = slices.DeleteFunc(slices.Clone(open), func(l liveDeal) bool { return l.thread.last.from != nora() })
	}
	live := open[n%len(open)]
	t := &teller{
		b: b, plan: live.plan, company: b.w.Companies[live.plan.company], vars: live.vars,
		thread: thread{subject: live.thread.subject, refs: append([]string(nil), live.thread.refs...), last: live.thread.last},
	}
	t.lang = t.company.Language
	if robot {
		t.outOfOffice(now)
		return
	}
	t.customer("live", "", now)
}
