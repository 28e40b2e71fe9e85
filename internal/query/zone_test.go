package query

import (
	"testing"
	"time"
)

// Days have 23 or 25 hours where clocks are set, and begin when they do: where that
// happens at midnight, an hour later.
func TestDaysWhenClocksAreSet(t *testing.T) {
	for _, c := range []struct {
		zone, now, word string
		start           string // as the clock on the wall says
		hours           float64
	}{
		{"Europe/Warsaw", "2026-10-25 12:00", "today", "2026-10-25 00:00", 25},
		{"Europe/Warsaw", "2027-03-28 12:00", "today", "2027-03-28 00:00", 23},
		{"Europe/Warsaw", "2026-10-26 00:30", "yesterday", "2026-10-25 00:00", 25},
		{"Europe/Warsaw", "2027-03-27 23:30", "tomorrow", "2027-03-28 00:00", 23},
		{"Europe/Warsaw", "2026-10-25 02:30", "1d ago", "2026-10-24 00:00", 24},
		{"Europe/Warsaw", "2026-10-31 09:00", "this week", "2026-10-26 00:00", 7 * 24},
		{"Europe/Warsaw", "2026-10-31 09:00", "last week", "2026-10-19 00:00", 7*24 + 1},
		{"Europe/Warsaw", "2027-03-01 09:00", "this month", "2027-03-01 00:00", 31*24 - 1},
		{"America/Santiago", "2026-09-06 12:00", "today", "2026-09-06 01:00", 23},
		{"America/Santiago", "2026-09-05 12:00", "today", "2026-09-05 00:00", 24},
	} {
		zone, err := time.LoadLocation(c.zone)
		if err != nil {
			t.Fatal(err)
		}
		now, err := time.ParseInLocation("2006-01-02 15:04", c.now, zone)
		if err != nil {
			t.Fatal(err)
		}
		w, ok := readWhen(c.word)
		if !ok {
			t.Fatalf("%s is not read", c.word)
		}
		s := w.at(now, true)
		if got := s.start.Format("2006-01-02 15:04"); got != c.start || s.end.Sub(s.start).Hours() != c.hours {
			t.Errorf("%s at %s in %s begins %s and has %v hours, not %s and %v", c.word, c.now, c.zone, got, s.end.Sub(s.start).Hours(), c.start, c.hours)
		}
	}
}
