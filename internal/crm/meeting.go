package crm

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"
	"time"
)

// maxRevisions is how many revisions of a meeting are remembered: the highest.
const maxRevisions = 20

// Series is when the meetings of a series are.
type Series struct {
	Start, End Time   // of the first; no End when it is not said, no Start when only some of the series are known
	Zone       string // IANA name of the zone in which they repeat; none for UTC
	AllDay     bool
	Repeats    string // RRULE of RFC 5545
	Except     []Time // not these of them
	Besides    []Time // these besides
	Changed    []Occurrence
}

// Occurrence is one meeting of a series that was said to be otherwise.
type Occurrence struct {
	Planned   Time  `json:"planned"` // when it was to be, which names it
	Start     Time  `json:"start"`   // when it is
	End       Time  `json:"end"`
	Cancelled bool  `json:"cancelled,omitempty"`
	Onward    bool  `json:"onward,omitempty"` // so are all after it
	Sequence  int64 `json:"sequence,omitempty"`
	Stamp     Time  `json:"stamp"`

	Title string `json:"title,omitempty"` // its own, where everybody may read it
	Place string `json:"place,omitempty"`
}

// revision is a time that a meeting was to be at.
type revision struct {
	Sequence int64 `json:"sequence,omitempty"`
	Stamp    Time  `json:"stamp"`
	Start    Time  `json:"start,omitempty"`
}

// compare orders revisions: a later one counts.
func (v revision) compare(w revision) int {
	return cmp.Or(cmp.Compare(v.Sequence, w.Sequence), cmp.Compare(v.Stamp, w.Stamp))
}

// Move is a time of a meeting that was changed, or called off when there is no
// Now.
type Move struct {
	Was Time `json:"was"`
	Now Time `json:"now,omitempty"`
}

// Series reads when the meetings of a series are; false for a single meeting.
func (r *Record) Series() (Series, bool) {
	s := Series{Start: r.When("first"), End: r.When("first_ends"), Zone: r.Text("zone"), Repeats: r.Text("repeats"),
		Except: times(r.List("except")), Besides: times(r.List("besides")), Changed: readLines[Occurrence](r.List("occurrences"))}
	s.AllDay, _ = r.Values["all_day"].(bool)
	some := r.Int("sequence") < 0 && len(s.Changed) > 0
	return s, s.Start != 0 || some
}

// Stand puts a meeting of a series at one of its times, until it is over; at the
// last when all of them were called off. own tells which addresses are ours.
func (r *Record) Stand(at Occurrence, over Time, none bool, own func(Address) bool) {
	was := r.Text("called_off")
	if none {
		at = r.last()
	}
	switch {
	case was == calledOffWhole:
	case none:
		r.Values["called_off"], r.Values["status"] = calledOffEach, MeetingCancelled
	case was == calledOffEach || at.Start != r.When("started"):
		delete(r.Values, "called_off")
		r.Values["status"] = MeetingPlanned
	}
	if at.Start != 0 {
		r.Values["started"] = at.Start
		put(r, "ends", at.End, at.End > at.Start)
	}
	r.name(at)
	put(r, "over", over, over != 0 && r.Text("called_off") == "")
	r.attend(at.Planned, own)
}

// last is where a meeting of a series stands of which each was called off.
func (r *Record) last() Occurrence {
	s, _ := r.Series()
	out := Occurrence{Planned: s.Start, Start: s.Start, End: s.End}
	for _, o := range s.Changed {
		if o.Planned > out.Planned {
			out = Occurrence{Planned: o.Planned, Start: o.Planned}
		}
	}
	return out
}

// StandAlone makes of a series a single meeting, when that is what it is now.
func (r *Record) StandAlone() {
	delete(r.Values, "over")
	if r.Text("called_off") == calledOffEach {
		delete(r.Values, "called_off")
		r.Values["status"] = MeetingPlanned
	}
}

// How a meeting was called off.
const (
	calledOffWhole = "whole" // at once
	calledOffEach  = "each"  // every one of the series
)

// changeOne keeps what is said of one of a series, and the highest revision of it.
func (i *Invite) changeOne(r *Record, hides bool) {
	o := Occurrence{Planned: i.Planned, Start: i.Start, End: i.End, Cancelled: i.Method == InviteCancel, Onward: i.Onward, Sequence: i.Sequence, Stamp: i.Stamp}
	if !hides && !i.Onward {
		o.Title, o.Place = Clip(i.Title, maxLine/2), Clip(i.Place, maxLine/2)
	}
	have := readLines[Occurrence](r.List("occurrences"))
	at, known := slices.BinarySearchFunc(have, o, func(a, b Occurrence) int { return cmp.Compare(a.Planned, b.Planned) })
	switch {
	case !known:
		have = slices.Insert(have, at, o)
	case cmp.Or(cmp.Compare(o.Sequence, have[at].Sequence), cmp.Compare(o.Stamp, have[at].Stamp)) > 0:
		have[at] = o
	}
	r.Values["occurrences"] = lines(have[max(0, len(have)-maxList):])
}

// callOff keeps the highest revision that calls the whole off.
func (i *Invite) callOff(r *Record) {
	off := revision{Sequence: i.Sequence, Stamp: i.Stamp}
	for _, have := range readLines[revision](r.List("off")) {
		if off.compare(have) <= 0 {
			return
		}
	}
	r.Values["off"] = lines([]revision{off})
}

// holdOff sets whether the whole is called off: by a revision that is no lower
// than what is planned.
func (r *Record) holdOff() {
	planned := revision{Sequence: r.Int("sequence"), Stamp: r.When("stamped")}
	is := slices.ContainsFunc(readLines[revision](r.List("off")), func(off revision) bool { return planned.Sequence < 0 || off.compare(planned) >= 0 })
	switch was := r.Text("called_off") == calledOffWhole; {
	case is && !was:
		r.Values["called_off"], r.Values["status"] = calledOffWhole, MeetingCancelled
		delete(r.Values, "over")
	case was && !is:
		delete(r.Values, "called_off")
		r.Values["status"] = MeetingPlanned
	case is:
		r.Values["status"] = MeetingCancelled
	}
}

// revise remembers a revision of the whole.
func (i *Invite) revise(r *Record) {
	v := revision{Sequence: i.Sequence, Stamp: i.Stamp, Start: i.Start}
	have := readLines[revision](r.List("revisions"))
	at, known := slices.BinarySearchFunc(have, v, func(a, b revision) int {
		return cmp.Or(a.compare(b), cmp.Compare(a.Start, b.Start))
	})
	if !known {
		have = slices.Insert(have, at, v)
	}
	r.Values["revisions"] = lines(have[max(0, len(have)-maxRevisions):])
}

// Moves lists what changed about the times of a meeting that are not long over:
// the last time the whole was moved, and which of a series were.
func (r *Record) Moves() []Move {
	var out []Move
	recent := r.When("started").Add(-7 * 24 * time.Hour)
	told := func(m Move) {
		if max(m.Was, m.Now) >= recent {
			out = append(out, m)
		}
	}
	if have := readLines[revision](r.List("revisions")); len(have) > 0 {
		now := have[len(have)-1].Start
		for _, v := range slices.Backward(have) {
			if v.Start != now {
				told(Move{Was: v.Start, Now: now})
				break
			}
		}
	}
	for _, o := range readLines[Occurrence](r.List("occurrences")) {
		switch {
		case o.Cancelled:
			told(Move{Was: o.Planned})
		case o.Start != o.Planned:
			told(Move{Was: o.Planned, Now: o.Start})
		}
	}
	return out[:min(len(out), maxMoves)]
}

// maxMoves is how many changes of a series are told.
const maxMoves = 5

// Frequency is how often a series repeats: daily, weekly, monthly or yearly; ""
// for one that does not, or otherwise.
func (r *Record) Frequency() string {
	for _, part := range strings.Split(strings.ToLower(r.Text("repeats")), ";") {
		if f, ok := strings.CutPrefix(part, "freq="); ok {
			return f
		}
	}
	return ""
}

// MeetingAnswer is what somebody said to an invitation, and when.
type MeetingAnswer struct {
	Address Address `json:"address"`
	Answer  string  `json:"answer"`
	At      Time    `json:"at"`
	Of      Time    `json:"of,omitempty"` // the one of a series that it was said to, by when it was to be; zero for all
}

// MeetingAnswers reads those of a meeting.
func (r *Record) MeetingAnswers() []MeetingAnswer {
	return readLines[MeetingAnswer](r.List("answers"))
}

// attend sets the best answer of our own people, to one of a series.
func (r *Record) attend(of Time, own func(Address) bool) {
	said, ours := map[Address]string{}, false
	for _, a := range r.MeetingAnswers() { // sorted: what was said to one comes after what was said to all
		if !own(a.Address) {
			continue
		}
		if ours = true; a.Of == 0 || a.Of == of {
			said[a.Address] = a.Answer
		}
	}
	best := len(Answers())
	for _, answer := range said {
		if n := slices.Index(Answers(), answer); n >= 0 {
			best = min(best, n)
		}
	}
	switch {
	case best < len(Answers()):
		r.Values["attendance"] = Answers()[best]
	case ours: // to others of the series
		delete(r.Values, "attendance")
	}
}

// lines writes one value a line, as lists of text are kept.
func lines[T any](values []T) []string {
	out := make([]string, 0, len(values))
	for _, v := range values {
		b, err := json.Marshal(v)
		if err == nil { // no value here is without a form in JSON
			out = append(out, string(b))
		}
	}
	return out
}

func readLines[T any](list []string) []T {
	out := make([]T, 0, len(list))
	for _, s := range list {
		var v T
		if json.Unmarshal([]byte(s), &v) == nil {
			out = append(out, v)
		}
	}
	return out
}

func timeLines(list []Time) []string {
	out := make([]string, 0, len(list))
	for _, t := range list[:min(len(list), maxList)] {
		out = append(out, t.String())
	}
	return out
}

func times(list []string) []Time {
	out := make([]Time, 0, len(list))
	for _, s := range list {
		if t, err := ParseTime(s); err == nil {
			out = append(out, t)
		}
	}
	return out
}
