package sequence

import (
	"time"

	"threadline/internal/campaign"
	"threadline/internal/crm"
)

// reasonCondition is why a step was passed over that was not meant for somebody.
const reasonCondition = "condition"

// here is where somebody stands.
type here struct {
	seq   *crm.Sequence
	enr   crm.Enrolment
	lines []crm.Recipient // by step; one that is not there yet has no id
	now   crm.Time
}

// planned is what is to be written down.
type planned struct {
	enr     crm.Enrolment
	changed bool // the enrolment
	line    *crm.Recipient
}

// plan says what comes next for one person. Planned again it changes nothing.
func plan(h here, fresh func(step int, due crm.Time) crm.Recipient, calendar crm.Calendar, zone *time.Location) planned {
	out := planned{enr: h.enr}
	base, away := h.enr.Began, crm.Time(0)
	for _, l := range h.lines {
		away = max(away, l.Away)
	}
	away = backAt(away, calendar, zone)
	for i := range h.seq.Steps {
		l := h.lines[i]
		switch {
		case l.ID == "":
			if h.enr.State == crm.EnrolmentActive {
				due := crm.At(calendar.After(base.Std().In(zone), h.seq.Steps[i].Wait))
				line := fresh(i, max(due, away))
				out.line = &line
			}
			return out
		case l.State == crm.RecipientSent || i < h.enr.Past && l.State != crm.RecipientQueued && l.State != crm.RecipientClaimed,
			l.State == crm.RecipientExcluded && l.Reason == reasonCondition:
			if base = l.Sent; base == 0 {
				base = l.At
			}
			continue
		}
		h.at(&out, l, away)
		return out
	}
	if h.enr.State == crm.EnrolmentActive {
		out.end(crm.EnrolmentFinished, "", h.now)
	}
	return out
}

// backAt is when somebody who is away until some time is back at work: on the first
// working day.
func backAt(away crm.Time, calendar crm.Calendar, zone *time.Location) crm.Time {
	day := away.Std().In(zone)
	if away == 0 || calendar.Works(day) {
		return away
	}
	return crm.At(calendar.After(day, 1))
}

// at looks at the line that is neither sent nor passed over.
func (h here) at(out *planned, l crm.Recipient, away crm.Time) {
	active := h.enr.State == crm.EnrolmentActive
	switch l.State {
	case crm.RecipientQueued:
		if !active {
			l.State, l.Reason, l.At = crm.RecipientExcluded, string(h.enr.State), h.now
			out.line = &l
		} else if l.Due < away {
			l.Due = away
			out.line = &l
		}
	case crm.RecipientUnknown:
		if active && campaign.Exhausted(&l) {
			out.end(crm.EnrolmentStopped, crm.StopUnknown, h.now)
		}
	case crm.RecipientFailed, crm.RecipientExcluded:
		if !active {
			return
		}
		if l.At > h.enr.Since && !ours(l.Reason) {
			out.end(crm.EnrolmentStopped, stopped(&l), h.now)
			return
		}
		l.State, l.Reason, l.Tries, l.Due, l.At = crm.RecipientQueued, "", 0, max(l.DueAnew(h.seq.Restored, h.now), away), h.now
		l.Bounce, l.Bounced, l.Said = "", 0, ""
		out.line = &l
	}
}

// ours tells whether a line was left out because of the state of the enrolment,
// which has changed since.
func ours(reason string) bool {
	for _, s := range crm.EnrolmentStates() {
		if reason == string(s) {
			return true
		}
	}
	return false
}

// stopped is why a line that did not go out ends a sequence.
func stopped(l *crm.Recipient) string {
	if l.State == crm.RecipientFailed {
		return crm.Clip(crm.StopFailed+": "+l.Reason, 300)
	}
	return l.Reason
}

func (p *planned) end(to crm.EnrolmentState, why string, now crm.Time) {
	p.enr.State, p.enr.Reason, p.enr.At, p.changed = to, why, now, true
}
