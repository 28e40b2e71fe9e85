package mail

import (
	"strings"
	"time"

	"github.com/teambition/rrule-go"
)

// zoneTold is a zone as a calendar file tells it (VTIMEZONE of RFC 5545 §3.6.5):
// clocks that are set at a date, most of them every year.
type zoneTold struct {
	clocks []clockTold
}

// clockTold is one clock of a zone: STANDARD or DAYLIGHT.
type clockTold struct {
	offset time.Duration
	ok     bool
	from   time.Time // the first time it is set, as a wall shows it
	rule   string
}

const maxClocks = 60 // of one zone: programs that list every year of it

func (z *zoneTold) begin() {
	if len(z.clocks) < maxClocks {
		z.clocks = append(z.clocks, clockTold{})
	}
}

func (z *zoneTold) line(p property) {
	if len(z.clocks) == 0 {
		return
	}
	c := &z.clocks[len(z.clocks)-1]
	switch p.name {
	case "TZOFFSETTO":
		c.offset, c.ok = offsetOf(p.value)
	case "DTSTART":
		c.from, _ = time.Parse(localTime, strings.TrimSpace(p.value))
	case "RRULE":
		c.rule = p.value
	}
}

// offsetOf reads an offset such as +0100.
func offsetOf(s string) (time.Duration, bool) {
	t, err := time.Parse("-0700", strings.TrimSpace(s))
	if err != nil {
		return 0, false
	}
	_, seconds := t.Zone()
	return time.Duration(seconds) * time.Second, true
}

// offset tells by how much a wall's time is ahead of UTC: by the clock that was
// set last, or the first of them before any was.
func (z *zoneTold) offset(wall time.Time) (time.Duration, bool) {
	var set time.Time
	var out time.Duration
	ok := false
	for _, c := range z.clocks {
		if !c.ok {
			continue
		}
		at := c.lastSet(wall)
		if !ok || at.After(set) {
			out, set, ok = c.offset, at, true
		}
	}
	return out, ok
}

// lastSet is when the clock was set last before a time; the zero time for never.
func (c *clockTold) lastSet(wall time.Time) time.Time {
	if c.from.After(wall) {
		return time.Time{}
	}
	o, err := rrule.StrToROption(c.rule)
	if err != nil || o.Freq != rrule.YEARLY || o.Interval > 1 || len(o.Byhour)+len(o.Byminute)+len(o.Bysecond)+len(o.Byeaster) > 0 {
		return c.from
	}
	o.Dtstart = c.from
	if near := wall.AddDate(-3, 0, 0); o.Count == 0 && c.from.Before(near) { // Outlook begins in 1601
		o.Dtstart = time.Date(near.Year(), c.from.Month(), c.from.Day(), c.from.Hour(), c.from.Minute(), c.from.Second(), 0, time.UTC)
	}
	if o.Until.IsZero() || o.Until.After(wall) {
		o.Until = wall
	}
	r, err := rrule.NewRRule(*o)
	if err != nil {
		return c.from
	}
	if last := r.Before(wall, true); !last.IsZero() {
		return last
	}
	return c.from
}

// like finds a zone of the world with the same clock over two years, so that it
// can be named; nil for none.
func (z *zoneTold) like() *time.Location {
	const year = 2025
	var offsets []time.Duration
	for month := range 24 {
		o, ok := z.offset(time.Date(year, time.Month(1+month), 15, 12, 0, 0, 0, time.UTC))
		if !ok {
			return nil
		}
		offsets = append(offsets, o)
	}
	for _, name := range commonZones {
		zone, err := time.LoadLocation(name)
		if err != nil {
			continue
		}
		same := true
		for month, o := range offsets {
			_, seconds := time.Date(year, time.Month(1+month), 15, 12, 0, 0, 0, zone).Zone()
			same = same && time.Duration(seconds)*time.Second == o
		}
		if same {
			return zone
		}
	}
	return nil
}

// commonZones have the clocks of most of the world, one of each.
var commonZones = []string{
	"UTC", "Europe/London", "Europe/Berlin", "Europe/Athens", "Europe/Moscow", "Africa/Lagos", "Africa/Johannesburg", "Africa/Nairobi", "Asia/Dubai",
	"Asia/Karachi", "Asia/Kolkata", "Asia/Kathmandu", "Asia/Dhaka", "Asia/Bangkok", "Asia/Shanghai", "Asia/Tokyo", "Asia/Jerusalem", "Asia/Tehran", "Asia/Kabul",
	"Asia/Yangon", "Australia/Adelaide", "Australia/Darwin", "Australia/Brisbane", "Australia/Sydney", "Pacific/Auckland", "Pacific/Noumea", "America/New_York",
	"America/Chicago", "America/Denver", "America/Phoenix", "America/Los_Angeles", "America/Anchorage", "Pacific/Honolulu", "America/Halifax", "America/St_Johns",
	"America/Sao_Paulo", "America/Bogota", "America/Caracas", "America/Mexico_City", "America/Santiago", "Atlantic/Azores", "Atlantic/Cape_Verde",
}
