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
)

// MeetingCancelled is the status of a meeting that was called off.
const MeetingCancelled = "cancelled"

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
	Instance  string       `cbor:"instance,omitempty" json:"instance,omitempty"` // RECURRENCE-ID: one of a series
	Sequence  int64        `cbor:"sequence,omitempty" json:"sequence,omitempty"`
	Stamp     Time         `cbor:"stamp,omitempty" json:"stamp,omitempty"`
	Start     Time         `cbor:"start,omitempty" json:"start,omitempty"`
	End       Time         `cbor:"end,omitempty" json:"end,omitempty"`
	Floats    bool         `cbor:"floats,omitempty" json:"floats,omitempty"` // Start and End are on the clock of whoever reads, written as UTC
	Title     string       `cbor:"title,omitempty" json:"title,omitempty"`
	Place     string       `cbor:"place,omitempty" json:"place,omitempty"`
	Text      string       `cbor:"text,omitempty" json:"text,omitempty"`
	Organizer Address      `cbor:"organizer,omitempty" json:"organizer,omitempty"`
	Invited   []Invited    `cbor:"invited,omitempty" json:"invited,omitempty"`
	Repeats   string       `cbor:"repeats,omitempty" json:"repeats,omitempty"` // RRULE
}

// Invited is somebody who is asked to come.
type Invited struct {
	Address Address `cbor:"address" json:"address"`
	Name    string  `cbor:"name,omitempty" json:"name,omitempty"`
	Answer  string  `cbor:"answer,omitempty" json:"answer,omitempty"`
}

// MeetingID names the meeting of an invitation: whoever it came to, and however
// often.
func MeetingID(key IDKey, i *Invite) RecordID {
	return RecordID(DerivedID(Meeting().Prefix, key, "invite", i.UID, i.Instance))
}

// MeetingAnswer is what somebody said to an invitation, and when.
type MeetingAnswer struct {
	Address Address
	Answer  string
	At      Time
}

func (a MeetingAnswer) String() string {
	return string(a.Address) + " " + a.Answer + " " + a.At.String()
}

// MeetingAnswers reads those of a meeting.
func (r *Record) MeetingAnswers() []MeetingAnswer {
	var out []MeetingAnswer
	for _, s := range r.List("answers") {
		if part := strings.Fields(s); len(part) == 3 {
			at, _ := ParseTime(part[2])
			out = append(out, MeetingAnswer{Address: Address(part[0]), Answer: part[1], At: at})
		}
	}
	return out
}

// Follow brings the values of a meeting to what an invitation says. Whatever the
// order in which invitations, answers and cancellations come, and however often,
// the result is the same: the highest revision holds, and of each person the
// latest answer. own tells which addresses are ours; what hides is not kept.
func (i *Invite) Follow(r *Record, hides bool, own func(Address) bool) {
	newer := cmp.Or(cmp.Compare(i.Sequence, r.Int("sequence")), cmp.Compare(i.Stamp, r.When("stamped")))
	known := r.Values["uid"] != nil
	switch {
	case known && (i.Method == InviteReply || newer <= 0): // what people changed since stays
	case i.Method == InviteCancel:
		i.plan(r, hides, own)
		r.Values["status"] = MeetingCancelled
	default:
		i.plan(r, hides, own)
		if i.Method == InviteReply { // any request is newer than what an answer repeats of it
			r.Values["sequence"] = int64(-1)
			delete(r.Values, "stamped")
		}
	}
	i.answered(r, own)
}

// plan takes over what is planned.
func (i *Invite) plan(r *Record, hides bool, own func(Address) bool) {
	moved := r.When("started") != i.Start
	if s := r.Text("status"); s == "" || s == MeetingCancelled || moved {
		r.Values["status"] = "planned"
	}
	var people []string
	for _, p := range i.Invited {
		people = append(people, string(p.Address))
	}
	put(r, "attendees", people, len(people) > 0)
	r.Values["started"] = i.Start
	put(r, "ends", i.End, i.End > i.Start)
	put(r, "organizer", string(i.Organizer), i.Organizer != "")
	put(r, "repeats", i.Repeats, i.Repeats != "")
	if !hides {
		put(r, "title", Clip(i.Title, maxLine/2), i.Title != "")
		put(r, "place", Clip(i.Place, maxLine/2), i.Place != "")
		put(r, "about", i.Text, i.Text != "")
	}
	if r.Text("title") == "" || hides {
		r.Values["title"] = i.who(own)
	}
	r.Values["uid"], r.Values["sequence"] = i.UID, i.Sequence
	put(r, "stamped", i.Stamp, i.Stamp != 0)
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

// answered keeps of each person the latest answer, and the best of our own.
func (i *Invite) answered(r *Record, own func(Address) bool) {
	have := r.MeetingAnswers()
	for _, p := range i.Invited {
		if p.Answer == "" {
			continue
		}
		a := MeetingAnswer{Address: p.Address, Answer: p.Answer, At: i.Stamp}
		at := slices.IndexFunc(have, func(h MeetingAnswer) bool { return h.Address == p.Address })
		switch {
		case at < 0:
			have = append(have, a)
		case later(a, have[at]):
			have[at] = a
		}
	}
	slices.SortFunc(have, func(a, b MeetingAnswer) int { return cmp.Compare(a.Address, b.Address) })
	var list []string
	best := -1
	for _, a := range have {
		list = append(list, a.String())
		if n := slices.Index(Answers(), a.Answer); n >= 0 && own(a.Address) && (best < 0 || n < best) {
			best = n
		}
	}
	put(r, "answers", list[:min(len(list), maxList)], len(list) > 0)
	if best >= 0 {
		r.Values["attendance"] = Answers()[best]
	}
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
