package addon

import (
	"context"

	"threadline/addon/card"
	"threadline/internal/crm"
	"threadline/internal/i18n"
	"threadline/internal/records"
	"threadline/internal/timeline"
)

// opMeetingAccept moves a meeting to the time that somebody proposes.
const opMeetingAccept = "meeting.accept"

// proposed adds the other time that somebody asks for a meeting. Of a single one a
// click takes it over; for a series only the organizer can.
func (v View) proposed(d *card.Details, t timeline.SheetTouch, m crm.MessageID, now crm.Time) {
	p := t.Proposed
	if p == nil {
		return
	}
	when, by := v.moment(p.Start, now), string(p.By)
	d.Wrap = true
	switch {
	case p.Whole:
		d.Bottom = v.t(i18n.MeetingProposedAll, when, by)
	case p.Of != 0:
		d.Bottom = v.t(i18n.MeetingProposedOne, when, by, v.moment(p.Of, now))
	default:
		d.Bottom = v.t(i18n.MeetingProposed, when, by)
	}
	if p.Alone() && v.Books {
		d.Button = card.NewButton(v.Lang.T(i18n.ActionAccept), v.run(opMeetingAccept, v.about(m), param(recordParam, t.ID), param(valueParam, p.Start.String())))
	}
}

// meetingAccept takes over the time that the card showed, and no other.
func meetingAccept(ctx context.Context, c *click) (card.Response, error) {
	id, err := c.record(recordParam, crm.KindMeeting)
	if err != nil {
		return card.Response{}, err
	}
	d, err := c.book.Records.Get(ctx, c.viewer, id)
	if err != nil {
		return card.Response{}, err
	}
	p := d.Value.Proposed()
	if p == nil || !p.Alone() || p.Start.String() != c.ev.Params[valueParam] {
		return card.Response{}, crm.Errorf(crm.Conflict, "addon.meetingAccept", "the time is proposed no more").WithHint("look at the meeting as it is now")
	}
	values := map[string]any{"started": p.Start.String(), "ends": nil}
	if p.End != 0 {
		values["ends"] = p.End.String()
	}
	said := c.v.Lang.T(i18n.MeetingMoved, c.v.moment(p.Start, crm.At(c.h.now())))
	return c.told(ctx, said, func(crm.MessageID) (string, error) {
		saved, err := c.book.Records.Update(ctx, c.by("take over a proposed time"), id, records.Patch{Values: values, IfMatch: d.Version})
		return saved.Batch, err
	})
}
