package mail

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"threadline/internal/crm"
)

func calendarMail(method, lines string) []byte {
	return []byte("From: ewa@far.example\nTo: anna@own.example\nSubject: Visit\nContent-Type: multipart/alternative; boundary=b\n\n--b\n\nhi\n--b\n" +
		"Content-Type: text/calendar; charset=utf-8; method=" + method + "\n\n" + lines + "\n--b--\n")
}

// TestInvites reads what Google, Outlook and careless programs write.
func TestInvites(t *testing.T) {
	const head, tail = "BEGIN:VCALENDAR\nMETHOD:REQUEST\n", "END:VEVENT\nEND:VCALENDAR"
	at := func(s string) crm.Time {
		x, err := time.Parse(time.RFC3339, s)
		if err != nil {
			t.Fatal(err)
		}
		return crm.At(x)
	}
	for name, c := range map[string]struct {
		text string
		want []crm.Invite
	}{
		"utc": {head + "BEGIN:VEVENT\nUID:u1\nSEQUENCE:2\nDTSTAMP:20261101T080000Z\nDTSTART:20261127T090000Z\nDTEND:20261127T100000Z\nSUMMARY:Visit\\, with\n  coffee\n" +
			"LOCATION:Room 1\nORGANIZER;CN=\"Ewa: boss; of all\":mailto:Ewa@Far.example\nATTENDEE;CN=Anna;PARTSTAT=NEEDS-ACTION:MAILTO:anna@own.example\nRRULE:FREQ=WEEKLY\n" +
			"BEGIN:VALARM\nDESCRIPTION:no\nEND:VALARM\n" + tail,
			[]crm.Invite{{Method: crm.InviteRequest, UID: "u1", Sequence: 2, Stamp: at("2026-11-01T08:00:00Z"), Start: at("2026-11-27T09:00:00Z"), End: at("2026-11-27T10:00:00Z"),
				Title: "Visit, with coffee", Place: "Room 1", Organizer: "ewa@far.example", Repeats: "FREQ=WEEKLY", Invited: []crm.Invited{{Address: "anna@own.example", Name: "Anna", Answer: "needs_action"}}}}},
		"iana zone": {head + "BEGIN:VEVENT\nUID:u2\nDTSTART;TZID=Europe/Warsaw:20260701T090000\nDURATION:PT1H30M\n" + tail,
			[]crm.Invite{{Method: crm.InviteRequest, UID: "u2", Start: at("2026-07-01T07:00:00Z"), End: at("2026-07-01T08:30:00Z")}}},
		"windows zone": {head + "BEGIN:VEVENT\nUID:u3\nDTSTART;TZID=\"Central European Standard Time\":20260101T090000\n" + tail,
			[]crm.Invite{{Method: crm.InviteRequest, UID: "u3", Start: at("2026-01-01T08:00:00Z"), End: at("2026-01-01T08:00:00Z")}}},
		"own zone": {head + "BEGIN:VTIMEZONE\nTZID:Ours\nBEGIN:DAYLIGHT\nTZOFFSETTO:+0300\nEND:DAYLIGHT\nBEGIN:STANDARD\nTZOFFSETTO:+0200\nEND:STANDARD\nEND:VTIMEZONE\nBEGIN:VEVENT\nUID:u4\nDTSTART;TZID=Ours:20260101T090000\n" + tail,
			[]crm.Invite{{Method: crm.InviteRequest, UID: "u4", Start: at("2026-01-01T07:00:00Z"), End: at("2026-01-01T07:00:00Z")}}},
		"whole day": {head + "BEGIN:VEVENT\nUID:u5\nDTSTART;VALUE=DATE:20260101\nSTATUS:CANCELLED\n" + tail,
			[]crm.Invite{{Method: crm.InviteCancel, UID: "u5", Floats: true, Start: at("2026-01-01T00:00:00Z"), End: at("2026-01-01T00:00:00Z")}}},
		"no id":        {head + "BEGIN:VEVENT\nDTSTART:20260101T090000Z\n" + tail, nil},
		"no beginning": {head + "BEGIN:VEVENT\nUID:u6\nDTSTART:soon\n" + tail, nil},
		"other method": {strings.Replace(head, "REQUEST", "REFRESH", 1) + "BEGIN:VEVENT\nUID:u7\nDTSTART:20260101T090000Z\n" + tail, nil},
		"rubbish":      {"BEGIN:VEVENT\n:\n;:\nBEGIN\nEND:X\nUID", nil},
	} {
		p := Parse(calendarMail("REQUEST", c.text))
		if d := cmp.Diff(c.want, p.Invites); d != "" {
			t.Errorf("%s: %s", name, d)
		}
		if p.Class != crm.ClassCalendar {
			t.Errorf("%s: class %s", name, p.Class)
		}
	}
}
