package demo

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2"
)

// builder collects the mails of a world.
type builder struct {
	w     *World
	now   time.Time
	rng   *rand.Rand
	cast  []role
	mails []Mail
	used  map[string]int // how often a text was told, so that variants alternate
	quote int            // number of the last quotation
}

const span = 90 * 24 * time.Hour // how far back the mailbox reaches

func newBuilder(w *World, now time.Time, seed uint64) *builder {
	return &builder{
		w: w, now: now, cast: cast(), used: map[string]int{}, quote: 2380,
		rng: rand.New(rand.NewPCG(seed, 0x6d61696c)),
	}
}

// finish sorts the mails and hands them to the world.
func (b *builder) finish() {
	slices.SortStableFunc(b.mails, func(x, y Mail) int { return cmp.Or(x.Date.Compare(y.Date), cmp.Compare(x.Folder, y.Folder)) })
	b.w.Mails = b.mails
}

// add puts a letter into the mailbox; inbound mail is mostly read.
func (b *builder) add(l letter) {
	if l.folder == "" {
		l.folder = Inbox
	}
	age := b.now.Sub(l.date)
	switch {
	case l.folder == Junk:
	case l.folder == Sent, age > 4*24*time.Hour, b.rng.IntN(2) == 0:
		l.flags = append(l.flags, imap.FlagSeen)
	}
	b.mails = append(b.mails, l.mail())
}

// say takes the next variant of a text.
func (b *builder) say(key string, v vars) text {
	n := b.used[key]
	b.used[key]++
	return b.w.texts.pick(key, n).fill(v)
}

// id makes a Message-ID at the sender's domain.
func (b *builder) id(p Person) string { return newID(b.rng, p) }

func newID(rng *rand.Rand, p Person) string {
	return fmt.Sprintf("<%016x.%08x@%s>", rng.Uint64(), rng.Uint32(), p.Address.Domain())
}

// before returns a moment of work about the given number of days before now.
func (b *builder) before(days float64) time.Time {
	return workTime(b.now.Add(-time.Duration(days*24*3600)*time.Second), b.rng)
}

// hours is a random duration between two numbers of hours.
func (b *builder) hours(from, to float64) time.Duration {
	return time.Duration((from + b.rng.Float64()*(to-from)) * float64(time.Hour)).Truncate(time.Second)
}

// workTime moves a moment back, never forward, into the hours in which people
// write business mail.
func workTime(t time.Time, rng *rand.Rand) time.Time {
	at := func(t time.Time, days, hour int) time.Time {
		return time.Date(t.Year(), t.Month(), t.Day()+days, hour, rng.IntN(60), rng.IntN(60), 0, time.UTC)
	}
	switch {
	case t.Hour() < 7:
		t = at(t, -1, 15)
	case t.Hour() >= 18:
		t = at(t, 0, 16)
	}
	switch t.Weekday() {
	case time.Saturday:
		t = at(t, -1, 14)
	case time.Sunday:
		t = at(t, -2, 15)
	}
	return t
}

// local shows a moment in the zone of a language's country. The rule of summer
// time is rounded to months, so that the bytes need no zone data.
func local(t time.Time, language string) time.Time {
	offset := 0
	if language != "en" {
		offset = 3600
	}
	if m := t.Month(); m >= time.April && m <= time.October {
		offset += 3600
	}
	return t.In(time.FixedZone("", offset))
}

// first returns the given name.
func first(name string) string {
	given, _, _ := strings.Cut(name, " ")
	return given
}
