package mail

import (
	"testing"

	"threadline/internal/crm"
)

func TestClass(t *testing.T) {
	const from = "From: Anna <anna@acme.example>\n"
	for _, c := range []struct {
		name, raw string
		want      crm.Class
	}{
		{"person", from + "Subject: Offer\n", crm.ClassPerson},
		{"person answering a person away", from + "Subject: Re: Out of office\nIn-Reply-To: <a@x>\n", crm.ClassPerson},
		{"person writing about absence", from + "Subject: Out of office on Friday\n", crm.ClassPerson},
		{"report", from + "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n", crm.ClassBounce},
		{"daemon", "Return-Path: <>\nFrom: MAILER-DAEMON@mx.example\nSubject: hm\n", crm.ClassBounce},
		{"bare daemon", "Return-Path: <>\nFrom: MAILER-DAEMON\n", crm.ClassBounce},
		{"postmaster", "From: postmaster@mx.example\nSubject: Undeliverable: Offer\n", crm.ClassBounce},
		{"failed recipients", from + "X-Failed-Recipients: bob@x.example\n", crm.ClassBounce},
		{"auto-replied", from + "Auto-Submitted: auto-replied (vacation)\n", crm.ClassAutoReply},
		{"auto-replied through a list", from + "Auto-Submitted: auto-replied\nPrecedence: bulk\n", crm.ClassAutoReply},
		{"auto no", from + "Auto-Submitted: no\n", crm.ClassPerson},
		{"x-autoreply", from + "X-Autoreply: yes\n", crm.ClassAutoReply},
		{"precedence auto_reply", from + "Precedence: auto_reply\n", crm.ClassAutoReply},
		{"exchange", from + "X-Auto-Response-Suppress: All\nSubject: Automatic reply: Offer\n", crm.ClassAutoReply},
		{"suppressed receipts only", from + "X-Auto-Response-Suppress: DR, RN, NRN\n", crm.ClassPerson},
		{"french absence", "Return-Path: <>\n" + from + "Subject: Réponse automatique : Offre\n", crm.ClassAutoReply},
		{"italian absence", from + "Subject: Fuori ufficio\nIn-Reply-To: <a@x>\n", crm.ClassAutoReply},
		{"polish absence", from + "Subject: =?utf-8?Q?Odpowied=C5=BA?= automatyczna: Oferta\nPrecedence: bulk\n", crm.ClassAutoReply},
		{"automatic by its subject alone", from + "Subject: Automatic reply: Offer 12\n", crm.ClassAutoReply},
		{"the same in French", from + "Subject: =?utf-8?Q?R=C3=A9ponse_automatique=C2=A0:_Offre?=\n", crm.ClassAutoReply},
		{"the same in German", from + "Subject: Abwesenheitsnotiz: Angebot\n", crm.ClassAutoReply},
		{"person answering a program", from + "Subject: Re: Automatic reply: Offer 12\n", crm.ClassPerson},
		{"person writing about replies", from + "Subject: Automatic reply rules, a question: how?\n", crm.ClassPerson},
		{"person asking for one", from + "Subject: Automatic reply\n", crm.ClassPerson},
		{"list", from + "List-Id: <news.example>\n", crm.ClassBulk},
		{"unsubscribe", from + "List-Unsubscribe: <https://x.example>\n", crm.ClassBulk},
		{"precedence", from + "Precedence: list\n", crm.ClassBulk},
		{"feedback", from + "Feedback-ID: 1:2:3:x\n", crm.ClassBulk},
		{"list from noreply", "From: noreply@x.example\nList-Id: <n.example>\n", crm.ClassBulk},
		{"noreply", "From: no-reply@x.example\nSubject: Your order\n", crm.ClassNotification},
		{"noreply generated", "From: noreply@x.example\nAuto-Submitted: auto-generated\n", crm.ClassNotification},
		{"generated", from + "Auto-Submitted: auto-generated\n", crm.ClassNotification},
		{"read receipt", from + "Content-Type: multipart/report; report-type=disposition-notification; boundary=b\n", crm.ClassNotification},
		{"invitation", from + "Content-Type: multipart/alternative; boundary=b\n\n--b\n\nhi\n--b\nContent-Type: text/calendar; method=REQUEST\n\nBEGIN:VCALENDAR\n--b--\n", crm.ClassCalendar},
		{"calendar alone", from + "Content-Type: text/calendar; method=REPLY\n\nBEGIN:VCALENDAR\n", crm.ClassCalendar},
		{"calendar file", from + "Content-Type: text/calendar; name=x.ics\n\nBEGIN:VCALENDAR\n", crm.ClassPerson},
		{"empty", "", crm.ClassPerson},
	} {
		if got := Parse([]byte(c.raw)).Class; got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}
