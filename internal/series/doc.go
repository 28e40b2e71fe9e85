// Package series tells at which of its times a series of meetings is: the one
// that goes on or comes next, or the last when all are over.
//
// The times follow from the rule (RRULE of RFC 5545 §3.8.5.3), from the dates
// that are left out or come besides, and from what was said of single ones. A
// series repeats on the clock of its zone: nine o'clock stays nine o'clock when
// the clocks change.
//
// Rules come from strangers. Of a rule that says more often than daily, more
// than once a day, or that no date answers, there is no series: Current refuses
// it within a tenth of a second. One without end costs no more than its
// past: at most 20,000 times are looked at.
package series
