package mail

import (
	"slices"
	"strings"
	"testing"

	"threadline/internal/crm"
)

// TestBounceNamesWhatItReturns: a bounce without references is about the mail
// whose header it carries; other mail with a mail in it is about nothing.
func TestBounceNamesWhatItReturns(t *testing.T) {
	const report = `From: MAILER-DAEMON@mx.example
To: ola@us.example
Subject: Undelivered Mail Returned to Sender
Message-ID: <bounce@mx.example>
Return-Path: <>
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: text/plain

No such user.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example
--b
Content-Type: KIND

From: ola@us.example
Message-ID: <offer@us.example>
Subject: Offer

--b--
`
	for _, kind := range []string{"message/rfc822", "text/rfc822-headers"} {
		p := Parse([]byte(strings.Replace(report, "KIND", kind, 1)))
		if p.Class != crm.ClassBounce || !slices.Equal(p.References, []crm.RFCID{"offer@us.example"}) {
			t.Errorf("%s: a %s about %v", kind, p.Class, p.References)
		}
	}
	forward := strings.NewReplacer("MAILER-DAEMON@mx.example", "anna@acme.example", "Return-Path: <>\n", "", "multipart/report; report-type=delivery-status", "multipart/mixed", "KIND", "message/rfc822").Replace(report)
	if p := Parse([]byte(forward)); p.Class != crm.ClassPerson || len(p.References) != 0 {
		t.Errorf("a forward is a %s about %v", p.Class, p.References)
	}
}

// TestAttachmentsTellApart: without a Message-ID two mails that differ in what
// is attached alone are two messages; with one, a copy from which something was
// taken off is the same.
func TestAttachmentsTellApart(t *testing.T) {
	const mail = `From: scan@us.example
To: ola@us.example
Date: Mon, 2 Nov 2026 10:00:00 +0000
Subject: Scan
ID
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: text/plain

A scan.
--b
Content-Type: application/pdf; name=NAME
Content-Disposition: attachment; filename=NAME

CONTENT
--b--
`
	key := crm.IDKey("0123456789abcdef0123456789abcdef")
	id := func(rfc, name, content string) crm.MessageID {
		return Parse([]byte(strings.NewReplacer("ID", rfc, "NAME", name, "CONTENT", content).Replace(mail))).MessageID(key)
	}
	none := "X-Scanner: 1"
	if id(none, "a.pdf", "one") == id(none, "b.pdf", "one") || id(none, "a.pdf", "one") == id(none, "a.pdf", "twice") {
		t.Error("two scans are one message")
	}
	if id(none, "a.pdf", "one") != id(none, "a.pdf", "one") {
		t.Error("one scan is two messages")
	}
	if id("Message-ID: <a@us.example>", "a.pdf", "one") != id("Message-ID: <a@us.example>", "b.pdf", "twice") {
		t.Error("with a Message-ID what is attached decides")
	}
}
