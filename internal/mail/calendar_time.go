package mail

import (
	"strings"
	"time"

	"threadline/internal/crm"
)

// lasts reads how long an event lasts: a date alone is that day (RFC 5545
// §3.6.1).
func (c *calendar) lasts(e *event, out *crm.Invite) {
	out.AllDay = isDay(e.one["DTSTART"])
	end, floats := c.when(e.one["DTEND"])
	if out.End = end; out.Start == 0 || floats == out.Floats && end > out.Start {
		return
	}
	long := duration(e.one["DURATION"].value)
	if out.AllDay && long == 0 {
		long = 24 * time.Hour
	}
	out.End = out.Start.Add(long)
}

// repeats reads the rule of a series, its exceptions, and which of a series an
// event is.
func (c *calendar) repeats(e *event, out *crm.Invite) {
	id := e.one["RECURRENCE-ID"]
	if out.Planned, _ = c.when(id); out.Planned != 0 {
		out.Onward = strings.EqualFold(id.params["RANGE"], "THISANDFUTURE")
		return
	}
	if rule := strings.TrimSpace(e.one["RRULE"].value); len(rule) <= maxRule {
		out.Repeats = rule
	}
	for _, p := range e.dates {
		for _, s := range strings.Split(p.value, ",") {
			s, _, _ = strings.Cut(s, "/") // of a period, its beginning
			at, _ := c.when(property{params: p.params, value: s})
			switch {
			case at == 0 || len(out.Except) >= maxDates || len(out.Besides) >= maxDates:
			case p.name == "EXDATE":
				out.Except = append(out.Except, at)
			default:
				out.Besides = append(out.Besides, at)
			}
		}
	}
	if zone := c.zoneOf(e.one["DTSTART"].params["TZID"]); zone != nil && (out.Repeats != "" || out.Besides != nil) {
		out.Zone = zone.String()
	}
}

const (
	utcTime   = "20060102T150405Z"
	localTime = "20060102T150405"
	dayOnly   = "20060102"
)

// isDay tells whether a value is a date without a time.
func isDay(p property) bool {
	_, err := time.Parse(dayOnly, strings.TrimSpace(p.value))
	return err == nil
}

// when reads a date or a time; floats tells that it is on the clock of whoever
// reads it: a date, or a time without a zone.
func (c *calendar) when(p property) (at crm.Time, floats bool) {
	s := strings.TrimSpace(p.value)
	if t, err := time.Parse(utcTime, s); err == nil {
		return crm.At(t), false
	}
	if t, err := time.Parse(dayOnly, s); err == nil {
		return crm.At(t), true
	}
	t, err := time.Parse(localTime, s)
	if err != nil {
		return 0, false
	}
	id := p.params["TZID"]
	if zone := c.zoneOf(id); zone != nil {
		return crm.At(time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), 0, zone)), false
	}
	if z := c.zones[id]; z != nil {
		if offset, ok := z.offset(t); ok {
			return crm.At(t.Add(-offset)), false
		}
	}
	return crm.At(t), true
}

// zoneOf finds a zone by its IANA name, which may stand behind other words, by
// the name that Windows gives it, or as one that has the clock that the file
// tells; nil for none.
func (c *calendar) zoneOf(id string) *time.Location {
	if id == "" {
		return nil
	}
	if z, ok := c.found[id]; ok {
		return z
	}
	z := namedZone(id)
	if told := c.zones[id]; z == nil && told != nil {
		z = told.like()
	}
	c.found[id] = z
	return z
}

func namedZone(id string) *time.Location {
	names := []string{id, windowsZones[id]}
	for rest, more := id, true; more; {
		if _, rest, more = strings.Cut(rest, "/"); more {
			names = append(names, rest)
		}
	}
	for _, n := range names {
		if n == "" || n == "Local" {
			continue
		}
		if z, err := time.LoadLocation(n); err == nil {
			return z
		}
	}
	return nil
}
