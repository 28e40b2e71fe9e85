package crm

import (
	"slices"
	"time"
)

// Calendar says on which days the workspace works.
type Calendar struct {
	Workdays []int    `cbor:"workdays,omitempty" json:"workdays,omitempty" doc:"Weekdays, 0 is Sunday; empty: Monday to Friday"`
	Holidays []string `cbor:"holidays,omitempty" json:"holidays,omitempty" doc:"Days off: 2026-12-25, or 12-25 for every year"`
}

// CalendarID names the setting that holds it.
const CalendarID = "calendar"

const (
	maxHolidays = 1000
	yearlyForm  = "01-02"
)

// Check refuses what is no calendar.
func (c Calendar) Check() error {
	const op = Op("crm.Calendar")
	if len(c.Holidays) > maxHolidays {
		return Errorf(TooLarge, op, "a calendar has at most %d holidays", maxHolidays).WithField("holidays")
	}
	for _, h := range c.Holidays {
		_, whole := time.Parse(time.DateOnly, h)
		_, yearly := time.Parse(time.DateOnly, "2024-"+h)
		if whole != nil && yearly != nil {
			return Errorf(Invalid, op, "%q is no day", Clip(h, 20)).WithField("holidays").WithHint("2026-12-25, or 12-25 for every year")
		}
	}
	if slices.ContainsFunc(c.Workdays, func(d int) bool { return d < 0 || d > 6 }) {
		return Errorf(Invalid, op, "a weekday is a number from 0, Sunday, to 6").WithField("workdays")
	}
	return nil
}

// Holiday tells whether a day is off, wherever it is.
func (c Calendar) Holiday(day time.Time) bool {
	return slices.Contains(c.Holidays, day.Format(time.DateOnly)) || slices.Contains(c.Holidays, day.Format(yearlyForm))
}

// Works tells whether people work on a day.
func (c Calendar) Works(day time.Time) bool {
	if c.Holiday(day) {
		return false
	}
	if len(c.Workdays) == 0 {
		return day.Weekday() != time.Saturday && day.Weekday() != time.Sunday
	}
	return slices.Contains(c.Workdays, int(day.Weekday()))
}

// farthest bounds the search for a day on which anybody works.
const farthest = 2 * 366

// After returns the same time of the day n working days after t, as days are
// counted where t is. With n 0 it is t.
func (c Calendar) After(t time.Time, n int) time.Time {
	y, m, d := t.Date()
	day := t
	for i := 1; n > 0 && i <= farthest; i++ {
		day = time.Date(y, m, d+i, t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), t.Location())
		if c.Works(day) {
			n--
		}
	}
	return day
}

// Hours are the times at which a pace lets mail out, in one zone.
type Hours struct {
	pace     Pace
	calendar Calendar
	zone     *time.Location
}

// Hours returns them. The zone is that of the workspace; the one of the pace
// comes before it, and own, that of the recipient, before both where the pace
// asks for it. An unknown own zone is "".
func (p Pace) Hours(c Calendar, zone *time.Location, own string) Hours {
	name := p.Zone
	if p.Recipient && own != "" {
		name = own
	}
	if z, err := time.LoadLocation(name); err == nil && name != "" {
		zone = z
	}
	return Hours{pace: p, calendar: c, zone: zone}
}

// Zone is where the hours are meant.
func (h Hours) Zone() *time.Location { return h.zone }

// Open returns the earliest time, not before t, at which a mail may go out.
func (h Hours) Open(t time.Time) time.Time {
	t = t.In(h.zone)
	for range farthest {
		y, m, d := t.Date()
		from := time.Date(y, m, d, 0, h.pace.From, 0, 0, h.zone)
		if h.on(t) && t.Before(h.end(t)) {
			if t.Before(from) {
				return from
			}
			return t
		}
		t = DayBegins(y, m, d+1, h.zone)
	}
	return t
}

// Close returns when the hours end that are open at t.
func (h Hours) Close(t time.Time) time.Time { return h.end(t.In(h.zone)) }

func (h Hours) end(t time.Time) time.Time {
	y, m, d := t.Date()
	if h.pace.To == 0 {
		return DayBegins(y, m, d+1, h.zone)
	}
	return time.Date(y, m, d, 0, h.pace.To, 0, 0, h.zone)
}

// DayBegins is when a day begins somewhere: an hour late where clocks are put forward
// at midnight.
func DayBegins(y int, m time.Month, d int, zone *time.Location) time.Time {
	t := time.Date(y, m, d, 0, 0, 0, 0, zone)
	if noon := time.Date(y, m, d, 12, 0, 0, 0, zone); t.Day() != noon.Day() {
		t = t.Add(time.Hour)
	}
	return t
}

func (h Hours) on(t time.Time) bool {
	return (len(h.pace.Days) == 0 || slices.Contains(h.pace.Days, int(t.Weekday()))) && (h.pace.OnHolidays || !h.calendar.Holiday(t))
}
