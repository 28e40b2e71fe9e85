package query

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"threadline/internal/crm"
)

// when is a date that depends on the day on which one asks, or a whole day.
type when struct {
	word string // today, yesterday, tomorrow, now; this, last, next; ago, in; a day as 2026-11-22
	n    int    // of ago and in
	unit unit
}

type unit string

const (
	minutes unit = "min"
	hours   unit = "h"
	days    unit = "d"
	weeks   unit = "w"
	months  unit = "mo"
	qtrs    unit = "quarter"
	years   unit = "y"
)

// units reads all spellings of a unit.
func units(s string) (unit, bool) {
	if len(s) > 3 {
		s = strings.TrimSuffix(s, "s")
	}
	switch s {
	case "min", "minute":
		return minutes, true
	case "h", "hour":
		return hours, true
	case "d", "day":
		return days, true
	case "w", "week":
		return weeks, true
	case "mo", "month":
		return months, true
	case "q", "quarter":
		return qtrs, true
	case "y", "year":
		return years, true
	}
	return "", false
}

// dated tells whether a field holds days or moments.
func dated(t crm.FieldType) bool { return t == crm.FieldDate || t == crm.FieldTime }

const maxSteps = 100_000 // of a unit, forwards or backwards

var counted = regexp.MustCompile(`^(in )?([0-9]{1,6}) ?([a-z]+)( ago)?$`)

// readWhen reads today, this week, 7d ago, in 3 days and the like, and a bare
// date.
func readWhen(text string) (when, bool) {
	text = strings.ToLower(strings.Join(strings.Fields(text), " "))
	switch text {
	case "today", "yesterday", "tomorrow", "now":
		return when{word: text}, true
	}
	if _, err := time.Parse(time.DateOnly, text); err == nil {
		return when{word: text}, true
	}
	if which, what, ok := strings.Cut(text, " "); ok && (which == "this" || which == "last" || which == "next") {
		u, ok := units(what)
		return when{word: which, unit: u}, ok && u != minutes && u != hours && u != days
	}
	m := counted.FindStringSubmatch(text)
	if m == nil || (m[1] == "") == (m[4] == "") {
		return when{}, false
	}
	n, err := strconv.Atoi(m[2])
	u, ok := units(m[3])
	if err != nil || !ok || n > maxSteps {
		return when{}, false
	}
	word := "ago"
	if m[1] != "" {
		word = "in"
	}
	return when{word: word, n: n, unit: u}, true
}

// String writes it so that readWhen reads it again.
func (w when) String() string {
	switch w.word {
	case "ago":
		return strconv.Itoa(w.n) + short(w.unit) + " ago"
	case "in":
		return "in " + strconv.Itoa(w.n) + short(w.unit)
	case "this", "last", "next":
		return w.word + " " + long(w.unit)
	}
	return w.word
}

func short(u unit) string {
	if u == qtrs {
		return "q"
	}
	return string(u)
}

func long(u unit) string {
	switch u {
	case weeks:
		return "week"
	case months:
		return "month"
	case years:
		return "year"
	}
	return string(u)
}

// suits refuses hours of a field that knows days only.
func (w when) suits(t crm.FieldType) error {
	if t == crm.FieldDate && (w.unit == minutes || w.unit == hours) {
		return crm.Errorf(crm.Invalid, "query.value", "a date has no hours").WithHint("write days: 2d ago")
	}
	return nil
}

// span is what a date means at a moment: from start up to, not including, end,
// or, when these are equal, the instant.
type span struct{ start, end time.Time }

// at resolves the date for somebody who asks at now in their zone; day tells
// that a whole day is meant where a moment could be.
func (w when) at(now time.Time, day bool) span {
	switch w.word {
	case "now":
		if day {
			return daySpan(now, 0)
		}
		return span{now, now}
	case "today":
		return daySpan(now, 0)
	case "yesterday":
		return daySpan(now, -1)
	case "tomorrow":
		return daySpan(now, 1)
	case "this", "last", "next":
		return w.period(now)
	case "ago", "in":
		t := w.step(now)
		if day {
			return daySpan(t, 0)
		}
		return span{t, t}
	}
	t, err := time.ParseInLocation(time.DateOnly, w.word, now.Location())
	if err != nil { // refused by readWhen
		return span{}
	}
	return daySpan(t, 0)
}

// daySpan is the day of t, some days later.
func daySpan(t time.Time, later int) span {
	y, m, d := t.Date()
	return span{crm.DayBegins(y, m, d+later, t.Location()), crm.DayBegins(y, m, d+later+1, t.Location())}
}

// period is this, the last or the next week (from Monday), month, quarter or
// year.
func (w when) period(now time.Time) span {
	k := map[string]int{"last": -1, "next": 1}[w.word]
	y, m, d := now.Date()
	z := now.Location()
	switch w.unit {
	case weeks:
		monday := d - (int(now.Weekday())+6)%7 + 7*k
		return span{crm.DayBegins(y, m, monday, z), crm.DayBegins(y, m, monday+7, z)}
	case months:
		return span{crm.DayBegins(y, m+time.Month(k), 1, z), crm.DayBegins(y, m+time.Month(k+1), 1, z)}
	case qtrs:
		first := m - (m-1)%3 + time.Month(3*k)
		return span{crm.DayBegins(y, first, 1, z), crm.DayBegins(y, first+3, 1, z)}
	}
	return span{crm.DayBegins(y+k, 1, 1, z), crm.DayBegins(y+k+1, 1, 1, z)}
}

// step goes forwards or backwards; a month without the day ends on its last.
func (w when) step(now time.Time) time.Time {
	n := w.n
	if w.word == "ago" {
		n = -n
	}
	switch w.unit {
	case minutes:
		return now.Add(time.Duration(n) * time.Minute)
	case hours:
		return now.Add(time.Duration(n) * time.Hour)
	case days:
		return now.AddDate(0, 0, n)
	case weeks:
		return now.AddDate(0, 0, 7*n)
	case qtrs:
		n *= 3
	case years:
		n *= 12
	}
	t := now.AddDate(0, n, 0)
	if t.Day() != now.Day() {
		t = t.AddDate(0, 0, -t.Day())
	}
	return t
}
