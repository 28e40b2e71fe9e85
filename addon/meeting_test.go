package addon

import (
	"testing"
	"time"

	"threadline/internal/crm"
	"threadline/internal/records"
	tt "threadline/internal/timeline/timelinetest"
)

// meets keeps a meeting of calendar files about a record, as mail would bring them.
func (p *player) meets(n int, about crm.RecordID, files ...crm.Invite) crm.RecordID {
	p.t.Helper()
	id := crm.RecordID(tt.ID("mee", n))
	p.must(keepMeeting(p.t, p.w.Records, "", id, about, files...))
	return id
}

func keepMeeting(t testing.TB, r *records.Service, of crm.UserID, id, about crm.RecordID, files ...crm.Invite) error {
	_, err := r.Keep(t.Context(), records.By{Actor: of, Cause: crm.CauseSystem}, crm.KindMeeting, id, func(m *crm.Record, _ bool) bool {
		for _, i := range files {
			i.Follow(m, false, func(a crm.Address) bool { return a.Domain() == tt.OwnDomain })
		}
		m.Values["records"] = []string{string(about)}
		return true
	})
	return err
}

// proposed is an invitation, and another time that Nora asks for.
func proposed(title string, start crm.Time, repeats string) (first, counter crm.Invite) {
	invited := []crm.Invited{{Address: "nora@nord.example"}, {Address: tt.AnnaAtWork}}
	first = crm.Invite{UID: title, Method: crm.InviteRequest, Stamp: 1, Start: start, End: start.Add(time.Hour), Title: title, Organizer: tt.AnnaAtWork, Repeats: repeats, Invited: invited}
	counter = crm.Invite{UID: title, Method: crm.InviteCounter, Stamp: 2, Start: start.Add(26 * time.Hour), End: start.Add(27 * time.Hour), From: "nora@nord.example"}
	return first, counter
}

// TestFlowMeeting: a time that somebody proposes is taken over by a click, and back;
// one that is proposed no more is refused; for a series there is nothing to click.
func TestFlowMeeting(t *testing.T) {
	x := newOffice(t)
	x.h.cfg.Now = func() time.Time { return tt.Start }
	start := crm.At(tt.Start.Add(48 * time.Hour))
	first, counter := proposed("Visit", start, "")
	id := x.meets(1, x.nora, first, counter)
	x.open(x.ask)
	x.sees("Visit", "Another time is proposed: 23 Nov, 12:00 (nora@nord.example)")
	old := x.button("Visit")
	x.press("Visit")
	x.hears("The meeting is moved to 23 Nov, 12:00.")
	if m := x.record(id); m.When("started") != counter.Start || m.When("ends") != counter.End || m.Proposed() != nil {
		t.Errorf("taken over: %v", m.Values)
	}
	x.seesNot("Another time")
	x.click("Undo")
	if m := x.record(id); m.When("started") != start || m.Proposed() == nil {
		t.Errorf("taken back: %v", m.Values)
	}
	x.press("Visit")
	before := x.feed()
	x.run(old)
	x.sees("Somebody changed this in the meantime.")
	if x.feed() != before {
		t.Error("what was proposed no more was written")
	}
	all, whole := proposed("Weekly", start.Add(time.Hour), "FREQ=WEEKLY")
	x.meets(2, x.nora, all, whole)
	one := whole
	one.UID, all.UID, all.Title, one.Planned = "One", "One", "One", all.Start
	x.meets(3, x.nora, all, one)
	x.open(x.ask)
	x.sees("Another time is proposed for the whole series, its first meeting 23 Nov, 13:00 (nora@nord.example)",
		"Another time is proposed for the one of 22 Nov, 11:00: 23 Nov, 13:00 (nora@nord.example)")
}
