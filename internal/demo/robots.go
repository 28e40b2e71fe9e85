package demo

import (
	"fmt"
	"strings"
	"time"
)

// outOfOffice answers the rep's last mail automatically (RFC 3834). Robots
// answer the mail, but the talk does not go on from them.
func (t *teller) outOfOffice(at time.Time) {
	r := t.who(0)
	last := t.thread.last
	said := t.b.say(t.lang+"/ooo", vars{"subject": last.subject})
	s := r.style
	s.plain = true
	t.b.add(letter{
		folder: t.shelf(at), style: s, id: t.b.id(r.person(0)), from: r.person(0), to: []Person{nora()},
		date: local(at, t.lang), subject: said.subject, refs: []string{last.id},
		extra: []header{{"Auto-Submitted", "auto-replied"}, {"X-Auto-Response-Suppress", "All"}, {"Precedence", "bulk"}},
		text:  said.body + "\n\n" + r.Name + "\n" + t.company.Name,
	})
}

// bounce is the delivery status notification (RFC 3464) for the misspelt copy
// of the rep's last mail.
func (t *teller) bounce(at time.Time) {
	failed, last := t.misspelt().Address, t.thread.last
	from := Person{"Mail Delivery System", "mailer-daemon@brightwell.example"}
	host := "mx1." + string(failed.Domain())
	status := fmt.Sprintf("Reporting-MTA: dns; mail.brightwell.example\r\nArrival-Date: %s\r\n\r\n"+
		"Final-Recipient: rfc822; %s\r\nAction: failed\r\nStatus: 5.1.1\r\nRemote-MTA: dns; %s\r\n"+
		"Diagnostic-Code: smtp; 550 5.1.1 <%s>: Recipient address rejected: no such user\r\n",
		last.date.Format(time.RFC1123Z), failed, host, failed)
	original := fmt.Sprintf("Message-ID: %s\r\nDate: %s\r\nFrom: %s\r\nTo: %s\r\nSubject: %s\r\n",
		last.id, last.date.Format(time.RFC1123Z), last.style.address(last.from), last.style.addresses(last.to), last.style.word(last.subject))
	t.b.add(letter{
		folder: t.shelf(at), own: true, style: stylePlain(), kind: "report; report-type=delivery-status",
		id: t.b.id(from), from: from, to: []Person{nora()}, date: local(at, "en"),
		subject: "Undelivered Mail Returned to Sender",
		extra:   []header{{"Auto-Submitted", "auto-replied"}},
		text: "This is the mail system at host mail.brightwell.example.\n\nYour message could not be delivered to one recipient.\n\n<" +
			string(failed) + ">: host " + host + " said: 550 5.1.1\n    Recipient address rejected: no such user",
		parts: []part{
			{contentType: "message/delivery-status", raw: []byte(status), text: true},
			{contentType: "text/rfc822-headers", raw: []byte(original), text: true},
		},
	})
}

// meeting is the time of the visit that an invitation proposes.
func (t *teller) meeting() time.Time {
	last := t.thread.last.date.UTC()
	days := 14 + (int(time.Thursday)-int(last.Weekday())+7)%7
	return time.Date(last.Year(), last.Month(), last.Day()+days, 9, 30, 0, 0, time.UTC)
}

// invite sends an invitation (RFC 5546) for a visit.
func (t *teller) invite(at time.Time) {
	to := t.who(0)
	start := t.meeting()
	l := letter{
		folder: Sent, own: true, style: repStyle(), id: t.b.id(nora()), from: nora(),
		to: []Person{to.person(0)}, cc: []Person{tom()}, date: local(at, "en"),
		subject: "Invitation: Brightwell at " + t.company.Name,
		text: to.greet + "\n\nBrightwell at " + t.company.Name + ", " + t.company.City + "\n" +
			local(start, t.lang).Format("02/01/2006 15:04") + "\n\nNora",
	}
	t.vars["uid"] = strings.Trim(l.id, "<>")
	t.vars["start"] = start.Format("20060102T150405Z")
	l.parts = calendar("REQUEST", t.ics(l.date, "REQUEST", "NEEDS-ACTION", to))
	t.inside.begin(l)
	t.b.add(l)
}

// inviteReply accepts the invitation.
func (t *teller) inviteReply(at time.Time) {
	from := t.who(0)
	l := letter{
		folder: t.shelf(at), style: from.style, id: t.b.id(from.person(0)), from: from.person(0), to: []Person{nora()},
		date: local(at, t.lang), subject: "Accepted: Brightwell at " + t.company.Name, refs: []string{t.inside.last.id},
		text: from.Name + " has accepted this invitation.",
	}
	l.parts = calendar("REPLY", t.ics(l.date, "REPLY", "ACCEPTED", from))
	t.b.add(l)
}

// calendar is the invitation as an alternative of the text and as a file.
func calendar(method string, ics []byte) []part {
	return []part{
		{contentType: "text/calendar; charset=utf-8; method=" + method, raw: ics, inAlt: true},
		{contentType: "application/ics; name=\"invite.ics\"", disposition: "attachment; filename=\"invite.ics\"", raw: ics},
	}
}

func (t *teller) ics(at time.Time, method, answer string, guest role) []byte {
	start, _ := time.Parse("20060102T150405Z", t.vars["start"])
	lines := []string{
		"BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Brightwell//Evergreen Mail//EN", "METHOD:" + method,
		"BEGIN:VEVENT", "UID:" + t.vars["uid"], "DTSTAMP:" + at.UTC().Format("20060102T150405Z"),
		"DTSTART:" + t.vars["start"], "DTEND:" + start.Add(2*time.Hour).Format("20060102T150405Z"),
		"SUMMARY:Brightwell at " + t.company.Name, "LOCATION:" + t.company.City,
		"ORGANIZER;CN=Nora Keane:mailto:" + string(nora().Address),
		"ATTENDEE;PARTSTAT=" + answer + ":mailto:" + string(guest.Emails[0]),
		"STATUS:CONFIRMED", "SEQUENCE:0", "END:VEVENT", "END:VCALENDAR", "",
	}
	return []byte(strings.Join(lines, "\r\n"))
}
