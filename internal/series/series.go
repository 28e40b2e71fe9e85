package series

import (
	"slices"
	"strings"
	"time"

	"github.com/teambition/rrule-go"

	"threadline/internal/crm"
)

const (
	maxTimes    = 20_000 // of a rule: daily for 54 years
	maxInterval = 1_000
	firstYear   = 1970
	lastYear    = 9999 // of the library
	cycle       = 400  // years after which days of the week and leap years repeat
	ahead       = 50   // years after now that a series may go on in
)

// Current tells which of a series goes on at now or comes next, by its end; the
// last when all are over, and its beginning is then before now. A series of which
// every one was called off has none. It fails with crm.Invalid for a rule that
// makes no series.
func Current(s crm.Series, now crm.Time) (at crm.Occurrence, ok bool, err error) {
	w, err := newWalk(s, now)
	if err != nil {
		return at, false, err
	}
	if s.Repeats != "" {
		if err := w.rule(); err != nil {
			return at, false, err
		}
	} else if s.Start != 0 {
		w.planned(s.Start)
	}
	for _, t := range s.Besides {
		w.planned(t)
	}
	for _, o := range s.Changed { // of a series of which only some are known
		if s.Start == 0 && !o.Cancelled {
			w.take(o)
		}
	}
	if w.next.Start != 0 {
		return w.next, true, nil
	}
	return w.last, w.last.Start != 0, nil
}

// walk goes through the times of a series.
type walk struct {
	s          crm.Series
	now        crm.Time
	zone       *time.Location
	length     time.Duration
	far        crm.Time // the last that something was said of
	next, last crm.Occurrence
}

func newWalk(s crm.Series, now crm.Time) (*walk, error) {
	w := &walk{s: s, now: now, zone: crm.ZoneOr(s.Zone), length: max(0, s.End.Sub(s.Start))}
	if s.Start != 0 && s.Start.Std().Year() < firstYear {
		return nil, crm.Errorf(crm.Invalid, "series.Current", "a series does not begin before %d", firstYear)
	}
	for _, o := range s.Changed {
		w.far = max(w.far, o.Planned)
	}
	return w, nil
}

// rule takes the times that the rule gives, the first of the series always.
func (w *walk) rule() error {
	first := w.s.Start.Std().In(w.zone)
	skip := max(0, lastYear-ahead-max(first.Year(), w.now.Std().Year())) / cycle * cycle
	r, err := parse(w.s.Repeats, first, skip)
	if err != nil {
		return err
	}
	w.planned(w.s.Start)
	each := r.Iterator()
	for n := range maxTimes {
		t, ok := each()
		if !ok && n == 0 {
			return crm.Errorf(crm.Invalid, "series.Current", "no date answers the rule %q", w.s.Repeats)
		}
		if !ok {
			break
		}
		at := crm.At(time.Date(t.Year()-skip, t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), 0, w.zone))
		if at != w.s.Start {
			w.planned(at)
		}
		if w.next.Start != 0 && at > w.far && at > w.next.Start {
			break
		}
	}
	return nil
}

// parse reads a rule, on the clock of the series written as UTC and as many years
// later: a rule that no date answers is looked for until the last year that the
// library knows, which is near then.
func parse(rule string, first time.Time, skip int) (*rrule.RRule, error) {
	bad := func() error { return crm.Errorf(crm.Invalid, "series.Current", "the rule %q makes no series", rule) }
	o, err := rrule.StrToROptionInLocation(strings.ToUpper(strings.TrimSpace(rule)), first.Location())
	if err != nil || o.Freq > rrule.DAILY || o.Interval > maxInterval || o.Interval < 0 || o.Count < 0 || len(o.Byeaster) > 0 ||
		len(o.Byhour) > 1 || len(o.Byminute) > 1 || len(o.Bysecond) > 1 {
		return nil, bad()
	}
	wall := func(t time.Time) time.Time {
		return time.Date(t.Year()+skip, t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), 0, time.UTC)
	}
	o.Byhour, o.Byminute, o.Bysecond = nil, nil, nil // that of the first
	o.Dtstart = wall(first)
	if !o.Until.IsZero() {
		until := o.Until.In(first.Location())
		if isDate(rule) { // all of that day
			until = until.AddDate(0, 0, 1).Add(-time.Second)
		}
		if until.Year() < first.Year() {
			return nil, bad()
		}
		o.Until = wall(until)
	}
	r, err := rrule.NewRRule(*o)
	if err != nil {
		return nil, bad()
	}
	return r, nil
}

// isDate tells whether a rule ends on a date, not at a time.
func isDate(rule string) bool {
	_, until, _ := strings.Cut(strings.ToUpper(rule), "UNTIL=")
	until, _, _ = strings.Cut(until, ";")
	return len(until) == len("20060102")
}

// planned takes a time that the series has, unless it is left out or otherwise.
func (w *walk) planned(at crm.Time) {
	if slices.Contains(w.s.Except, at) {
		return
	}
	o := crm.Occurrence{Planned: at, Start: at, End: w.end(at)}
	for _, c := range w.s.Changed {
		switch {
		case c.Planned == at:
			o = c
		case c.Onward && c.Planned < at: // sorted: the last said holds, unless this one was named
			o.Cancelled = c.Cancelled
			o.Start = at.Add(c.Start.Sub(c.Planned))
			o.End = o.Start.Add(max(0, c.End.Sub(c.Start)))
		}
	}
	if !o.Cancelled {
		w.take(o)
	}
}

// end is when a meeting of the series ends that begins at a time.
func (w *walk) end(at crm.Time) crm.Time {
	if !w.s.AllDay {
		return at.Add(w.length)
	}
	days := int((w.length + 12*time.Hour) / (24 * time.Hour)) // a day of 23 hours is one
	return crm.At(at.Std().In(w.zone).AddDate(0, 0, days))
}

// take keeps the earliest that is not over, and the latest.
func (w *walk) take(o crm.Occurrence) {
	if max(o.End, o.Start) > w.now && (w.next.Start == 0 || o.Start < w.next.Start) {
		w.next = o
	}
	if o.Start > w.last.Start {
		w.last = o
	}
}
