package series

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"threadline/internal/crm"
)

func at(t testing.TB, s string) crm.Time {
	t.Helper()
	x, err := crm.ParseTime(s)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// weekly is every Tuesday at nine o'clock in Warsaw, an hour each.
func weekly(t testing.TB) crm.Series {
	return crm.Series{Start: at(t, "2026-10-13T07:00:00Z"), End: at(t, "2026-10-13T08:00:00Z"), Zone: "Europe/Warsaw", Repeats: "FREQ=WEEKLY;BYDAY=TU"}
}

func TestCurrent(t *testing.T) {
	first := "2026-10-13T07:00:00Z"
	for name, c := range map[string]struct {
		now, want string
		with      func(*crm.Series)
	}{
		"before the first":           {"2026-01-01T00:00:00Z", first, nil},
		"while it goes on":           {"2026-10-13T07:59:59Z", first, nil},
		"after it":                   {"2026-10-13T08:00:00Z", "2026-10-20T07:00:00Z", nil},
		"when the clocks went back":  {"2026-10-21T00:00:00Z", "2026-10-27T08:00:00Z", nil},
		"without end, years later":   {"2040-06-01T00:00:00Z", "2040-06-05T07:00:00Z", nil},
		"the last, when it ended":    {"2027-01-01T00:00:00Z", "2026-10-27T08:00:00Z", func(s *crm.Series) { s.Repeats += ";COUNT=3" }},
		"the day it ends on counts":  {"2026-10-22T00:00:00Z", "2026-10-27T08:00:00Z", func(s *crm.Series) { s.Repeats += ";UNTIL=20261027" }},
		"a time at midnight, in UTC": {"2026-10-22T00:00:00Z", "2026-10-20T07:00:00Z", func(s *crm.Series) { s.Repeats += ";UNTIL=20261027T000000Z" }},
		"left out":                   {"2026-10-14T00:00:00Z", "2026-10-27T08:00:00Z", func(s *crm.Series) { s.Except = []crm.Time{at(t, "2026-10-20T07:00:00Z")} }},
		"besides":                    {"2026-10-14T00:00:00Z", "2026-10-15T07:00:00Z", func(s *crm.Series) { s.Besides = []crm.Time{at(t, "2026-10-15T07:00:00Z")} }},
		"dates alone":                {"2026-10-14T00:00:00Z", "2026-10-15T07:00:00Z", func(s *crm.Series) { s.Repeats, s.Besides = "", []crm.Time{at(t, "2026-10-15T07:00:00Z")} }},
		"called off": {"2026-10-14T00:00:00Z", "2026-10-27T08:00:00Z", func(s *crm.Series) {
			s.Changed = []crm.Occurrence{{Planned: at(t, "2026-10-20T07:00:00Z"), Cancelled: true}}
		}},
		"moved": {"2026-10-14T00:00:00Z", "2026-10-22T07:00:00Z", func(s *crm.Series) {
			s.Changed = []crm.Occurrence{{Planned: at(t, "2026-10-20T07:00:00Z"), Start: at(t, "2026-10-22T07:00:00Z"), End: at(t, "2026-10-22T08:00:00Z")}}
		}},
		"a later one moved before": {"2026-10-14T00:00:00Z", "2026-10-19T07:00:00Z", func(s *crm.Series) {
			s.Changed = []crm.Occurrence{{Planned: at(t, "2026-11-03T08:00:00Z"), Start: at(t, "2026-10-19T07:00:00Z"), End: at(t, "2026-10-19T08:00:00Z")}}
		}},
		"one that the series does not have": {"2026-10-14T00:00:00Z", "2026-10-20T07:00:00Z", func(s *crm.Series) {
			s.Changed = []crm.Occurrence{{Planned: at(t, "2026-10-15T07:00:00Z"), Start: at(t, "2026-10-16T07:00:00Z")}}
		}},
		"all from one on moved": {"2026-10-28T00:00:00Z", "2026-11-03T10:00:00Z", func(s *crm.Series) {
			s.Changed = []crm.Occurrence{{Planned: at(t, "2026-10-20T07:00:00Z"), Start: at(t, "2026-10-20T09:00:00Z"), End: at(t, "2026-10-20T10:00:00Z"), Onward: true}}
		}},
		"all from one on called off": {"2026-12-01T00:00:00Z", first, func(s *crm.Series) {
			s.Changed = []crm.Occurrence{{Planned: at(t, "2026-10-20T07:00:00Z"), Cancelled: true, Onward: true}}
			s.Repeats += ";COUNT=100"
		}},
		"some of an unknown series": {"2026-10-14T00:00:00Z", "2026-10-22T07:00:00Z", func(s *crm.Series) {
			*s = crm.Series{Changed: []crm.Occurrence{{Planned: 1, Cancelled: true}, {Planned: at(t, "2026-10-20T07:00:00Z"), Start: at(t, "2026-10-22T07:00:00Z")}}}
		}},
		"whole days": {"2026-10-25T12:00:00Z", "2026-10-24T22:00:00Z", func(s *crm.Series) {
			*s = crm.Series{Start: at(t, "2026-10-24T22:00:00Z"), End: at(t, "2026-10-25T23:00:00Z"), Zone: "Europe/Warsaw", AllDay: true, Repeats: "FREQ=YEARLY"}
		}},
		"for half a century": {"2026-11-27T12:00:00Z", "2026-11-28T10:00:00Z", func(s *crm.Series) {
			*s = crm.Series{Start: at(t, "1975-01-01T10:00:00Z"), Repeats: "FREQ=DAILY"}
		}},
		"on the 29th of February": {"2026-10-25T12:00:00Z", "2028-02-29T09:00:00Z", func(s *crm.Series) {
			*s = crm.Series{Start: at(t, "2024-02-29T09:00:00Z"), Repeats: "FREQ=YEARLY"}
		}},
	} {
		s := weekly(t)
		if c.with != nil {
			c.with(&s)
		}
		got, ok, err := Current(s, at(t, c.now))
		if err != nil || !ok || got.Start.String() != c.want {
			t.Errorf("%s: %s, %v, %v, want %s", name, got.Start, ok, err, c.want)
		}
	}
}

// TestNone: every one was called off.
func TestNone(t *testing.T) {
	s := weekly(t)
	s.Repeats += ";COUNT=2"
	s.Except = []crm.Time{s.Start}
	s.Changed = []crm.Occurrence{{Planned: at(t, "2026-10-20T07:00:00Z"), Cancelled: true}}
	if got, ok, err := Current(s, s.Start); ok || err != nil {
		t.Errorf("%v, %v, %v", got, ok, err)
	}
}

// TestRefused: rules that make no series, which strangers may write, are refused
// before anything is counted out.
func TestRefused(t *testing.T) {
	for _, rule := range []string{"nonsense", "FREQ=", "FREQ=SECONDLY", "FREQ=HOURLY;INTERVAL=2", "FREQ=DAILY;BYHOUR=1,2,3", "FREQ=DAILY;INTERVAL=-1", "FREQ=WEEKLY;COUNT=-3",
		"FREQ=MONTHLY;INTERVAL=9223372036854775807", "FREQ=DAILY;INTERVAL=99999999999999999999", "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "FREQ=MONTHLY;BYDAY=+6MO",
		"FREQ=DAILY;BYSETPOS=2", "FREQ=YEARLY;BYDAY=99999999MO", "FREQ=WEEKLY;BYDAY=XX", "FREQ=WEEKLY;UNTIL=19990101", strings.Repeat("FREQ=DAILY;", 40)} {
		s := weekly(t)
		s.Repeats = rule
		if got, _, err := Current(s, s.Start); !crm.IsKind(err, crm.Invalid) {
			t.Errorf("%s: %v, %v", rule, got.Start, err)
		}
	}
}

// TestRandomRules: whatever a file says, there is an answer, and it is the first
// that is not over or, of those that are, the last.
func TestRandomRules(t *testing.T) {
	word := rapid.SampledFrom([]string{"FREQ=DAILY", "FREQ=WEEKLY", "FREQ=MONTHLY", "FREQ=YEARLY", "INTERVAL=2", "COUNT=10000", "COUNT=3", "UNTIL=20281231T235959Z", "UNTIL=20271231",
		"BYDAY=MO,WE", "BYDAY=-1FR", "BYMONTHDAY=31", "BYMONTH=2", "BYSETPOS=-1", "WKST=SU", "BYWEEKNO=53", "BYYEARDAY=366", "X=Y", "FREQ"})
	rapid.Check(t, func(t *rapid.T) {
		start := crm.At(time.Date(2020, 1, rapid.IntRange(1, 31).Draw(t, "day"), 9, 0, 0, 0, time.UTC))
		s := crm.Series{Start: start, End: start.Add(time.Hour), Zone: rapid.SampledFrom([]string{"", "Europe/Warsaw", "America/New_York", "Nowhere/At_all"}).Draw(t, "zone"),
			Repeats: strings.Join(rapid.SliceOfN(word, 1, 4).Draw(t, "rule"), ";")}
		now := start.Add(time.Duration(rapid.IntRange(-100, 4000).Draw(t, "days")) * 24 * time.Hour)
		got, ok, err := Current(s, now)
		if err != nil {
			return
		}
		if !ok {
			t.Fatalf("%s has none", s.Repeats)
		}
		before, _, err := Current(s, now.Add(-48*time.Hour))
		if err != nil || before.Start > got.Start {
			t.Fatalf("%s: two days before it stood at %s, now at %s, %v", s.Repeats, before.Start, got.Start, err)
		}
		if got.End > now && before.End > now && before.Start != got.Start {
			t.Fatalf("%s: %s is not over and yet passed over for %s", s.Repeats, before.Start, got.Start)
		}
	})
}
