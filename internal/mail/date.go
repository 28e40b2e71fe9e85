package mail

import (
	"strings"
	"time"

	"threadline/internal/crm"
)

// ParseDate reads the Date of a mail: RFC 5322 §3.3 and §4.3, and what else is
// found in its place: asctime, ISO 8601, a month in another language, zones as
// words, AM and PM, seconds of one digit, years of two (RFC 2822 §4.3). Without
// a zone it is UTC. It returns 0 when there is no such date, or when day and
// month cannot be told apart.
func ParseDate(s string) crm.Time {
	d := dateReader{}
	s = cutBytes(s, 200)
	for s != "" {
		var token string
		token, s = dateToken(s)
		if token != "" {
			d.token(token)
		}
	}
	return d.time()
}

// dateToken cuts the next word; a parenthesis is a blank, as zones as words
// often stand in one.
func dateToken(s string) (token, rest string) {
	const blanks = " \t\r\n,()\"';"
	s = strings.TrimLeft(s, blanks)
	if i := strings.IndexAny(s, blanks); i >= 0 {
		return s[:i], s[i+1:]
	}
	return s, ""
}

type dateReader struct {
	year, month, day int
	hour, min, sec   int
	clock            bool
	half             byte // 'a' or 'p'
	zone             int  // minutes east
	zoned            bool // zone came as a number
	named, summer    bool // zone came as a name
	bad              bool
	yearSet          bool
}

func (d *dateReader) token(t string) {
	c := t[0]
	switch {
	case c >= '0' && c <= '9':
		d.number(t)
	case (c == '+' || c == '-') && d.clock:
		d.offset(t)
	default:
		d.word(t)
	}
}

func (d *dateReader) number(t string) {
	colon, dash := strings.IndexByte(t, ':'), strings.IndexByte(t, '-')
	switch {
	case dash > 0 && (colon < 0 || dash < colon):
		d.joined(t, "-")
	case colon > 0:
		d.moment(t)
	case strings.IndexByte(t, '/') > 0:
		d.joined(t, "/")
	default:
		n, rest := digits(t)
		switch {
		case rest == "" || rest == "." || d.day == 0 && (rest == "st" || rest == "nd" || rest == "rd" || rest == "th"):
			d.plain(n, len(t)-len(rest))
		case strings.EqualFold(rest, "am") || strings.EqualFold(rest, "pm"):
			d.hour, d.clock = n, true
			d.word(rest)
		default:
			d.bad = true
		}
	}
}

// plain takes a lone number: the day first, then the year.
func (d *dateReader) plain(n, width int) {
	switch {
	case d.day == 0 && width <= 2 && n >= 1 && n <= 31:
		d.day = n
	case !d.yearSet:
		d.year, d.yearSet = fullYear(n, width), true
	}
}

func fullYear(n, width int) int {
	switch {
	case width <= 2 && n < 50:
		return 2000 + n
	case width <= 3:
		return 1900 + n
	}
	return n
}

// joined takes 22-Nov-2006, 2006-11-22T16:54:06Z and 22/11/2006.
func (d *dateReader) joined(t, sep string) {
	parts := strings.SplitN(t, sep, 3)
	if len(parts) < 3 {
		d.bad = true
		return
	}
	a, restA := digits(parts[0])
	if m := monthOf(parts[1]); m > 0 && restA == "" {
		y, restY := digits(parts[2])
		d.bad = d.bad || restY != ""
		d.day, d.month, d.year, d.yearSet = a, m, fullYear(y, len(parts[2])), true
		return
	}
	b, restB := digits(parts[1])
	c, restC := digits(parts[2])
	if restA != "" || restB != "" {
		d.bad = true
		return
	}
	switch width := len(parts[2]) - len(restC); {
	case len(parts[0]) == 4:
		d.year, d.yearSet, d.month, d.day = a, true, b, c
	case a > 12 && b <= 12, a == b:
		d.day, d.month, d.year, d.yearSet = a, b, fullYear(c, width), true
	case b > 12 && a <= 12:
		d.month, d.day, d.year, d.yearSet = a, b, fullYear(c, width), true
	default:
		d.bad = true // 03/04/2005 is March or April
	}
	if len(restC) > 1 && (restC[0] == 'T' || restC[0] == 't') {
		d.moment(restC[1:])
	}
}

// moment takes hh:mm, hh:mm:ss and hh:mm:ss.fff, with AM, PM or a zone glued
// to it.
func (d *dateReader) moment(t string) {
	d.clock = true
	var n [3]int
	for i := range n {
		var rest string
		n[i], rest = digits(t)
		if rest == t {
			d.bad = true
			return
		}
		t = rest
		if i == 2 || t == "" || t[0] != ':' {
			break
		}
		t = t[1:]
	}
	d.hour, d.min, d.sec = n[0], n[1], n[2]
	if t != "" && (t[0] == '.' || t[0] == ',') {
		_, t = digits(t[1:])
	}
	switch {
	case t == "":
	case t[0] == '+' || t[0] == '-':
		d.offset(t)
	default:
		d.word(t)
	}
}

// offset takes +0100, -05:00 and +1. What is beyond the world is UTC.
func (d *dateReader) offset(t string) {
	n, rest := digits(t[1:])
	width := len(t) - 1 - len(rest)
	h, m := n/100, n%100
	if width <= 2 {
		h, m = n, 0
		if strings.HasPrefix(rest, ":") {
			m, _ = digits(rest[1:])
		}
	}
	if width == 0 || h > 14 || m > 59 {
		h, m = 0, 0
	}
	d.zone, d.zoned = h*60+m, true
	if t[0] == '-' {
		d.zone = -d.zone
	}
}

func (d *dateReader) word(t string) {
	if i := strings.IndexAny(t, "+-"); i > 0 && d.clock {
		if n, _ := digits(t[i+1:]); n > 0 || strings.HasPrefix(t[i+1:], "0") {
			d.offset(t[i:])
			return
		}
	}
	switch {
	case strings.EqualFold(t, "am") || strings.EqualFold(t, "a.m."):
		d.half = 'a'
	case strings.EqualFold(t, "pm") || strings.EqualFold(t, "p.m."):
		d.half = 'p'
	case d.month == 0 && monthOf(t) > 0:
		d.month = monthOf(t)
	case d.clock && !d.zoned:
		d.zoneName(t)
	}
}

func (d *dateReader) time() crm.Time {
	switch {
	case d.half == 'p' && d.hour < 12:
		d.hour += 12
	case d.half == 'a' && d.hour == 12:
		d.hour = 0
	}
	if d.bad || d.day < 1 || d.month < 1 || d.month > 12 || d.year < 1970 || d.year > 2100 ||
		d.hour > 23 || d.min > 59 || d.sec > 60 {
		return 0
	}
	if d.summer && !d.zoned && d.named {
		d.zone += 60
	}
	t := time.Date(d.year, time.Month(d.month), d.day, d.hour, d.min, d.sec, 0, time.UTC)
	if t.Day() != d.day && d.sec < 60 {
		return 0
	}
	return max(crm.At(t.Add(-time.Duration(d.zone)*time.Minute)), 0)
}

// digits reads the number at the beginning of s; large ones stop growing.
func digits(s string) (n int, rest string) {
	i := 0
	for i < len(s) && s[i] >= '0' && s[i] <= '9' {
		n = min(n*10+int(s[i]-'0'), 1_000_000)
		i++
	}
	return n, s[i:]
}
