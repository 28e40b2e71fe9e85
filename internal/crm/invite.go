package crm

import (
	"cmp"
	"slices"
	"strings"
)

// InviteMethod is what a calendar file in a mail does (RFC 5546 §1.4).
type InviteMethod string

const (
	InviteRequest InviteMethod = "request" // invites, or says anew; publish counts as one
	InviteReply   InviteMethod = "reply"   // an attendee answers
	InviteCancel  InviteMethod = "cancel"
	InviteCounter InviteMethod = "counter" // an attendee proposes another time
)

// States of meetings that come by mail.
const (
	MeetingPlanned   = "planned"
	MeetingCancelled = "cancelled"
)

// Answers of who is invited, from PARTSTAT of RFC 5545 §3.2.12, the best first.
const (
	AnswerAccepted  = "accepted"
	AnswerTentative = "tentative"
	AnswerOpen      = "needs_action"
	AnswerDeclined  = "declined"
)

// Answers lists them, the best first.
func Answers() []string { return []string{AnswerAccepted, AnswerTentative, AnswerOpen, AnswerDeclined} }

// Invite is one event of a calendar file in a mail.
type Invite struct {
	Method    InviteMethod `cbor:"method" json:"method"`
	UID       string       `cbor:"uid" json:"uid"`
	Planned   Time         `cbor:"planned,omitempty" json:"planned,omitempty"` // RECURRENCE-ID: when the one of a series that it is about was to be
	Onward    bool         `cbor:"onward,omitempty" json:"onward,omitempty"`   // RANGE=THISANDFUTURE: about those after it, too
	Sequence  int64        `cbor:"sequence,omitempty" json:"sequence,omitempty"`
	Stamp     Time         `cbor:"stamp,omitempty" json:"stamp,omitempty"`
	Start     Time         `cbor:"start,omitempty" json:"start,omitempty"`
	End       Time         `cbor:"end,omitempty" json:"end,omitempty"`
	Floats    bool         `cbor:"floats,omitempty" json:"floats,omitempty"` // all times are on the clock of whoever reads, written as UTC
	AllDay    bool         `cbor:"all_day,omitempty" json:"all_day,omitempty"`
	Zone      string       `cbor:"zone,omitempty" json:"zone,omitempty"` // IANA name of that of Start
	Title     string       `cbor:"title,omitempty" json:"title,omitempty"`
	Place     string       `cbor:"place,omitempty" json:"place,omitempty"`
	Text      string       `cbor:"text,omitempty" json:"text,omitempty"`
	Organizer Address      `cbor:"organizer,omitempty" json:"organizer,omitempty"`
	Invited   []Invited    `cbor:"invited,omitempty" json:"invited,omitempty"`
	From      Address      `cbor:"-" json:"-"`                                 // who sent it, as the mail says
	Repeats   string       `cbor:"repeats,omitempty" json:"repeats,omitempty"` // RRULE
	Except    []Time       `cbor:"except,omitempty" json:"except,omitempty"`   // EXDATE: what RRULE gives and is not
	Besides   []Time       `cbor:"besides,omitempty" json:"besides,omitempty"` // RDATE: what is besides
}

// Invited is somebody who is asked to come.
type Invited struct {
	Address Address `cbor:"address" json:"address"`
	Name    string  `cbor:"name,omitempty" json:"name,omitempty"`
	Answer  string  `cbor:"answer,omitempty" json:"answer,omitempty"`
}

// MeetingID names the meeting of an invitation: whoever it came to, and however
// often. All of a series are one meeting.
func MeetingID(key IDKey, i *Invite) RecordID {
	return RecordID(DerivedID(Meeting().Prefix, key, "invite", i.UID, ""))
}

// Follow brings the values of a meeting to what an invitation says. Whatever the
// order in which invitations, answers and cancellations come, and however often,
// the result is the same: the highest revision holds, of the series and of each
// of it, and of each person the latest answer. own tells which addresses are
// ours; what hides is not kept.
//
// Of a series it leaves open at which of its times the meeting stands; see
// Record.Stand.
func (i *Invite) Follow(r *Record, hides bool, own func(Address) bool) {
	rank, stamp := i.rank()
	newer := cmp.Or(cmp.Compare(rank, r.Int("sequence")), cmp.Compare(stamp, r.When("stamped")))
	if r.Values["uid"] == nil || newer > 0 { // what people changed since stays
		i.plan(r, hides, own)
		r.Values["sequence"] = rank
		put(r, "stamped", stamp, stamp != 0)
	}
	switch {
	case i.Method == InviteReply:
	case i.Method == InviteCounter:
		i.propose(r)
	case i.Planned != 0:
		i.changeOne(r, hides)
	case i.Method == InviteCancel:
		i.callOff(r)
	default:
		i.revise(r)
	}
	r.holdOff()
	i.answered(r, own)
	r.OpenProposal()
}

// rank says how much an invitation knows of the meeting: what an answer repeats
// counts for less than what a cancellation does, that for less than what is said
// of one of a series, and all for less than any revision of the whole. A proposal
// says when it would be, and counts for least.
func (i *Invite) rank() (int64, Time) {
	switch {
	case i.Method == InviteCounter:
		return -4, i.Stamp
	case i.Method == InviteReply:
		return -3, 0
	case i.Planned != 0:
		return -1, i.Stamp
	case i.Method == InviteCancel:
		return -2, i.Stamp
	}
	return i.Sequence, i.Stamp
}

// plan takes over what is planned.
func (i *Invite) plan(r *Record, hides bool, own func(Address) bool) {
	moved := i.Planned == 0 && r.When("started") != i.Start && i.Repeats == ""
	if r.Text("status") == "" || moved {
		r.Values["status"] = MeetingPlanned
	}
	var people []string
	for _, p := range i.Invited {
		people = append(people, string(p.Address))
	}
	put(r, "attendees", people, len(people) > 0)
	i.times(r)
	put(r, "organizer", string(i.Organizer), i.Organizer != "")
	if !hides {
		put(r, "title", Clip(i.Title, maxLine/2), i.Title != "")
		put(r, "place", Clip(i.Place, maxLine/2), i.Place != "")
		put(r, "about", i.Text, i.Text != "")
	}
	if r.Text("title") == "" || hides {
		r.Values["title"] = i.who(own)
	}
	r.named()
	r.Values["uid"] = i.UID
}

// times takes over when a meeting is, or all of a series.
func (i *Invite) times(r *Record) {
	series := i.Planned == 0 && (i.Repeats != "" || len(i.Besides) > 0)
	if !series || r.When("started") == 0 {
		start, end := i.Start, i.End
		if i.Method == InviteCounter && i.Planned != 0 { // what is known is when it was to be
			start, end = i.Planned, 0
		}
		r.Values["started"] = cmp.Or(start, i.Planned, i.Stamp) // who answers or calls off need not say when
		put(r, "ends", end, end > start)
	}
	put(r, "all_day", true, i.AllDay)
	put(r, "first", i.Start, series)
	put(r, "first_ends", i.End, series && i.End > i.Start)
	put(r, "zone", i.Zone, series && i.Zone != "")
	put(r, "repeats", i.Repeats, series && i.Repeats != "")
	except, besides := timeLines(i.Except), timeLines(i.Besides)
	put(r, "except", except, series && len(except) > 0)
	put(r, "besides", besides, series && len(besides) > 0)
}

// who names the people from outside, for a meeting whose title is not for
// everybody.
func (i *Invite) who(own func(Address) bool) string {
	var names []string
	for _, p := range i.Invited {
		if own(p.Address) {
			continue
		}
		if p.Name != "" {
			names = append(names, p.Name)
		} else {
			names = append(names, string(p.Address))
		}
	}
	if len(names) == 0 {
		names = []string{cmp.Or(string(i.Organizer), "?")}
	}
	return Clip(strings.Join(names, ", "), maxLine/2)
}

// answered keeps of each person the latest answer.
func (i *Invite) answered(r *Record, own func(Address) bool) {
	have := r.MeetingAnswers()
	for _, p := range i.Invited {
		if p.Answer == "" || i.Method == InviteCounter && p.Address != i.From { // who proposes repeats what they know of the others
			continue
		}
		if i.Planned != 0 && p.Answer == AnswerOpen {
			continue // what was said to the series holds
		}
		a := MeetingAnswer{Address: p.Address, Answer: p.Answer, At: i.Stamp, Of: i.Planned}
		at := slices.IndexFunc(have, func(h MeetingAnswer) bool { return h.Address == a.Address && h.Of == a.Of })
		switch {
		case at < 0:
			have = append(have, a)
		case later(a, have[at]):
			have[at] = a
		}
	}
	slices.SortFunc(have, func(a, b MeetingAnswer) int {
		return cmp.Or(cmp.Compare(a.Of, b.Of), cmp.Compare(a.Address, b.Address))
	})
	list := lines(have)
	put(r, "answers", list[:min(len(list), maxList)], len(list) > 0)
	r.attend(0, own)
}

// later tells which of two answers of one person counts. An invitation that is
// sent anew repeats "not answered yet" and takes nothing back.
func later(a, b MeetingAnswer) bool {
	if (a.Answer == AnswerOpen) != (b.Answer == AnswerOpen) {
		return b.Answer == AnswerOpen
	}
	return a.At > b.At || a.At == b.At && slices.Index(Answers(), a.Answer) < slices.Index(Answers(), b.Answer)
}

func put(r *Record, key string, v any, is bool) {
	if is {
		r.Values[key] = v
	} else {
		delete(r.Values, key)
	}
}
