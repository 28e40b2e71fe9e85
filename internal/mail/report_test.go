package mail

import (
	"strings"
	"testing"
	"time"

	"threadline/internal/crm"
)

// bounce wraps a status in a report, as deep in other mails as asked for.
func bounce(depth int, status, returned string) string {
	inner := "From: Mail Delivery <mailer-daemon@mx.example>\nTo: anna@own.example\nReturn-Path: <>\nSubject: Undelivered Mail\n" +
		"Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\nContent-Type: text/plain\n\nSorry.\n--b\nContent-Type: message/delivery-status\n\n" +
		status + "\n--b\nContent-Type: " + returned + "\n\nMessage-ID: <rcp_x@own.example>\nTo: bo@firm.example\nSubject: Offer\n\n--b--\n"
	for i := range depth {
		b := string(rune('c' + i))
		inner = "From: postmaster@mx.example\nTo: anna@own.example\nReturn-Path: <>\nContent-Type: multipart/report; report-type=delivery-status; boundary=" + b +
			"\n\n--" + b + "\nContent-Type: multipart/related; boundary=r" + b + "\n\n--r" + b + "\nContent-Type: message/rfc822\n\n" + inner + "\n--r" + b + "--\n--" + b + "--\n"
	}
	return inner
}

func TestReports(t *testing.T) {
	const head = "Reporting-MTA: dns; mx.example\n\n"
	for name, c := range map[string]struct {
		raw    string
		want   crm.Report
		weight crm.BounceKind
	}{
		"plain": {bounce(0, head+"Final-Recipient: rfc822; bo@firm.example\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 no such user\n", "text/rfc822-headers"),
			crm.Report{Kind: "failed", Of: "rcp_x@own.example", Recipient: "bo@firm.example", Status: "5.1.1"}, "hard"},
		"nested, general status": {bounce(2, head+"Original-Recipient: rfc822;bo@firm.example\nFinal-Recipient: rfc822; b.o@inner.example\nAction: failed\nStatus: 5.0.0\nDiagnostic-Code: smtp; 550 mailbox unavailable\n", "message/rfc822"),
			crm.Report{Kind: "failed", Of: "rcp_x@own.example", Recipient: "bo@firm.example", Status: "5.0.0"}, "hard"},
		"delay": {bounce(0, head+"Final-Recipient: rfc822; bo@firm.example\nAction: delayed\nStatus: 4.4.1\nDiagnostic-Code: smtp; connection timed out\n", "message/rfc822"),
			crm.Report{Kind: "delayed", Of: "rcp_x@own.example", Recipient: "bo@firm.example", Status: "4.4.1"}, "soft"},
		"policy": {bounce(0, head+"Final-Recipient: rfc822; bo@firm.example\nAction: failed\nStatus: 5.7.1\nDiagnostic-Code: smtp; 550 5.7.1 blocked by policy\n", "message/rfc822"),
			crm.Report{Kind: "failed", Of: "rcp_x@own.example", Recipient: "bo@firm.example", Status: "5.7.1"}, "policy"},
		"full": {bounce(0, head+"Final-Recipient: rfc822; bo@firm.example\nStatus: 5.2.2\n", "message/rfc822"),
			crm.Report{Kind: "failed", Of: "rcp_x@own.example", Recipient: "bo@firm.example", Status: "5.2.2"}, "soft"},
		"no recipient named": {bounce(0, head+"Action: failed\nStatus: 550\n", "message/rfc822"),
			crm.Report{Kind: "failed", Of: "rcp_x@own.example", Recipient: "bo@firm.example", Status: "550"}, "soft"},
		"prose": {"From: MAILER-DAEMON@yahoo.example\nTo: anna@own.example\nReturn-Path: <>\nSubject: Failure Notice\n\nSorry, we were unable to deliver your message to the following address.\n\n<bo@firm.example>:\n550: 5.1.1 user unknown\n",
			crm.Report{Kind: "failed", Recipient: "bo@firm.example", Status: "5.1.1"}, "hard"},
		"named in the header": {"From: Mail Delivery Subsystem <mailer-daemon@googlemail.example>\nTo: anna@own.example\nX-Failed-Recipients: bo@firm.example\nSubject: Delivery Status Notification (Failure)\n\nThe address couldn't be found. It does not exist.\n",
			crm.Report{Kind: "failed", Recipient: "bo@firm.example"}, "hard"},
		"complaint": {"From: fbl@isp.example\nTo: anna@own.example\nSubject: complaint\nContent-Type: multipart/report; report-type=feedback-report; boundary=b\n\n--b\nContent-Type: text/plain\n\nx\n--b\nContent-Type: message/feedback-report\n\nFeedback-Type: abuse\nVersion: 1\nOriginal-Rcpt-To: <bo@firm.example>\n\n--b\nContent-Type: message/rfc822\n\nMessage-ID: <rcp_x@own.example>\nSubject: Offer\n\nx\n--b--\n",
			crm.Report{Kind: "complaint", Of: "rcp_x@own.example", Recipient: "bo@firm.example"}, "soft"},
	} {
		t.Run(name, func(t *testing.T) {
			p := Parse([]byte(strings.ReplaceAll(c.raw, "\n", "\r\n")))
			if len(p.Reports) != 1 {
				t.Fatalf("%d reports: %+v (%s)", len(p.Reports), p.Reports, p.Class)
			}
			got := p.Reports[0]
			if w := Weigh(got.Status, got.Text); c.want.Kind != crm.ReportComplaint && w != c.weight {
				t.Errorf("%s %q weighs %s, want %s", got.Status, got.Text, w, c.weight)
			}
			if got.Text = ""; got != c.want {
				t.Errorf("%+v, want %+v", got, c.want)
			}
		})
	}
}

func TestManyReportsInOne(t *testing.T) {
	p := Parse([]byte(bounce(0, "Reporting-MTA: dns; x\n\nFinal-Recipient: rfc822; a@x.example\nAction: failed\nStatus: 5.1.1\n\nFinal-Recipient: rfc822; b@x.example\nAction: delivered\nStatus: 2.0.0\n", "message/rfc822")))
	if len(p.Reports) != 2 || p.Reports[0].Kind != crm.ReportFailed || p.Reports[1].Kind != crm.ReportDelivered {
		t.Errorf("%+v", p.Reports)
	}
	if p := Parse([]byte("From: bo@firm.example\nSubject: x\n\n550 5.1.1 bo@firm.example does not exist\n")); p.Reports != nil {
		t.Errorf("a mail of a person reports %+v", p.Reports)
	}
}

func TestAwayUntil(t *testing.T) {
	at := crm.At(time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC))
	for text, want := range map[string]string{
		"I am out of the office until 3 December 2026.":            "2026-12-03",
		"I will be back on December 7th and answer then":           "2026-12-07",
		"Je suis absente jusqu'au 4 décembre inclus":               "2026-12-04",
		"Sono fuori ufficio fino al 12 gennaio":                    "2027-01-12",
		"Jestem na urlopie do 15 stycznia 2027 r.":                 "2027-01-15",
		"Jestem nieobecny w dniach 21.11-27.11, wracam 30.11.2026": "2026-11-30",
		"Ich bin bis zum 27.11.2026 nicht im Büro":                 "2026-11-27",
		"away until 2026-12-01 with no mail":                       "2026-12-01",
		"I am travelling and may be slow to answer.":               "",
		"I left the company in 2019; write to info@firm.example.":  "",
		"I was on holiday until 3 November 2026":                   "",
		"back on 45 December":                                      "",
	} {
		got := AwayUntil(text, at)
		day := ""
		if got != 0 {
			day = got.Std().Format(time.DateOnly)
		}
		if day != want {
			t.Errorf("%q: %q, want %q", text, day, want)
		}
	}
}
