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
	const ownZone = "BEGIN:VTIMEZONE\nTZID:Ours\nBEGIN:DAYLIGHT\nDTSTART:16010101T030000\nTZOFFSETTO:+0300\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3\nEND:DAYLIGHT\n" +
		"BEGIN:STANDARD\nDTSTART:16010101T040000\nTZOFFSETTO:+0200\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10\nEND:STANDARD\nEND:VTIMEZONE\n"
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
		"own zone": {head + ownZone + "BEGIN:VEVENT\nUID:u4\nDTSTART;TZID=Ours:20260101T090000\n" + tail,
			[]crm.Invite{{Method: crm.InviteRequest, UID: "u4", Start: at("2026-01-01T07:00:00Z"), End: at("2026-01-01T07:00:00Z")}}},
		"own zone in summer": {head + ownZone + "BEGIN:VEVENT\nUID:u4\nDTSTART;TZID=Ours:20260701T090000\nRRULE:FREQ=DAILY\nEXDATE;TZID=Ours:20260702T090000,20260703T090000\nRDATE;VALUE=PERIOD:20261001T060000Z/PT1H\n" + tail,
			[]crm.Invite{{Method: crm.InviteRequest, UID: "u4", Start: at("2026-07-01T06:00:00Z"), End: at("2026-07-01T06:00:00Z"), Zone: "Europe/Athens", Repeats: "FREQ=DAILY",
				Except: []crm.Time{at("2026-07-02T06:00:00Z"), at("2026-07-03T06:00:00Z")}, Besides: []crm.Time{at("2026-10-01T06:00:00Z")}}}},
		"zone like no other": {head + strings.NewReplacer("+0200", "+0217", "+0300", "+0317").Replace(ownZone) + "BEGIN:VEVENT\nUID:u4\nDTSTART;TZID=Ours:20260701T090000\n" + tail,
			[]crm.Invite{{Method: crm.InviteRequest, UID: "u4", Start: at("2026-07-01T05:43:00Z"), End: at("2026-07-01T05:43:00Z")}}},
		"zone behind words": {head + "BEGIN:VEVENT\nUID:u4\nDTSTART;TZID=/softwarestudio.org/Olson_20011030_5/Europe/Warsaw:20260701T090000\n" + tail,
			[]crm.Invite{{Method: crm.InviteRequest, UID: "u4", Start: at("2026-07-01T07:00:00Z"), End: at("2026-07-01T07:00:00Z")}}},
		"one of a series": {head + "BEGIN:VEVENT\nUID:u4\nRECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Warsaw:20260701T090000\nRRULE:FREQ=DAILY\nDTSTART:20260702T100000Z\n" + tail,
			[]crm.Invite{{Method: crm.InviteRequest, UID: "u4", Planned: at("2026-07-01T07:00:00Z"), Onward: true, Start: at("2026-07-02T10:00:00Z"), End: at("2026-07-02T10:00:00Z")}}},
		"whole day": {head + "BEGIN:VEVENT\nUID:u5\nDTSTART;VALUE=DATE:20260101\nSTATUS:CANCELLED\n" + tail,
			[]crm.Invite{{Method: crm.InviteCancel, UID: "u5", Floats: true, AllDay: true, Start: at("2026-01-01T00:00:00Z"), End: at("2026-01-02T00:00:00Z")}}},
		"called off without a time": {strings.Replace(head, "REQUEST", "CANCEL", 1) + "BEGIN:VEVENT\nUID:u4\nDTSTAMP:20261101T080000Z\nSEQUENCE:1\n" + tail,
			[]crm.Invite{{Method: crm.InviteCancel, UID: "u4", Sequence: 1, Stamp: at("2026-11-01T08:00:00Z")}}},
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

// TestWindowsZones: each is a zone that this program has.
func TestWindowsZones(t *testing.T) {
	for name, zone := range windowsZones {
		if _, err := time.LoadLocation(zone); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, zone := range commonZones {
		if _, err := time.LoadLocation(zone); err != nil {
			t.Error(err)
		}
	}
}

// TestInviteBounds: files that go on and on cost no more than their bounds.
func TestInviteBounds(t *testing.T) {
	var b strings.Builder
	b.WriteString("BEGIN:VCALENDAR\nMETHOD:REQUEST\n")
	for range 10_000 {
		b.WriteString("BEGIN:VTIMEZONE\nTZID:Z\nBEGIN:STANDARD\nRRULE:FREQ=SECONDLY\n")
	}
	for range 5_000 {
		b.WriteString("BEGIN:VEVENT\nUID:u\nDTSTART;TZID=Z:20260101T090000\nEXDATE:20260101T090000Z\nEND:VEVENT\n")
	}
	if got := Parse(calendarMail("REQUEST", b.String())).Invites; len(got) > maxInvites {
		t.Errorf("%d invitations", len(got))
	}
}
