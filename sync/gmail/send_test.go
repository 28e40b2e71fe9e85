package gmail_test

import (
	"bytes"
	"testing"

	"threadline/internal/crm"
	"threadline/internal/mail"
	"threadline/internal/outbox"
	"threadline/internal/outbox/outboxtest"
	"threadline/sync/gmail"
	"threadline/sync/gmail/gmailtest"
)

func TestSender(t *testing.T) {
	outboxtest.Run(t, func(t *testing.T) outboxtest.Harness {
		a := newAccount(t, gmailtest.Options{})
		a.AddUser("anna@acme.example")
		sender := func(t *testing.T, refresh string) outbox.Sender {
			s, err := gmail.NewSender(t.Context(), a.config(refresh))
			if err != nil {
				t.Fatal(err)
			}
			return s
		}
		drafter := a.config(a.Grant(rep, gmailtest.ScopeReadonly, gmailtest.ScopeCompose))
		drafter.Drafts = true
		d, err := gmail.NewSender(t.Context(), drafter)
		if err != nil {
			t.Fatal(err)
		}
		fail := func(f gmailtest.Fault) func() {
			f.Method, f.Count = "messages.send", 1
			return func() { a.Fail(f) }
		}
		return outboxtest.Harness{Sender: d, From: rep, To: "anna@acme.example",
			Received: func() [][]byte { return a.Messages("anna@acme.example", gmailtest.Inbox) },
			LoseOne:  fail(gmailtest.Fault{Lose: true}), BusyOne: fail(gmailtest.Fault{Status: 429, Reason: "userRateLimitExceeded"}),
			Drafts: func() [][]byte { return a.Drafts(rep) }, Forget: func() { a.DropDrafts(rep) },
			Wrong: func(t *testing.T) outbox.Sender { return sender(t, a.Grant(rep, gmailtest.ScopeReadonly)) }}
	})
}

// TestLargeMail sends what is too large for one request: a lost answer is asked
// for, and only when nobody answers at all the outcome is unknown.
func TestLargeMail(t *testing.T) {
	a := newAccount(t, gmailtest.Options{})
	a.AddUser("anna@acme.example")
	s, err := gmail.NewSender(t.Context(), a.config(a.Grant(rep, gmailtest.ScopeReadonly, gmailtest.ScopeSend)))
	if err != nil {
		t.Fatal(err)
	}
	file := mail.Enclosed{Name: "plan.bin", Type: "application/octet-stream", Data: bytes.Repeat([]byte("four"), 1<<20)}
	send := func(id crm.RFCID) (outbox.Receipt, error) {
		raw, err := mail.Compose(&mail.Letter{ID: id, From: mail.Party{Address: rep}, To: []mail.Party{{Address: "anna@acme.example"}}, Subject: "Plan", Text: "Here."})
		if err != nil {
			t.Fatal(err)
		}
		return s.Send(t.Context(), outbox.Mail{ID: id, From: rep, To: []crm.Address{"anna@acme.example", "boss@acme.example"}, Raw: mail.Enclose(raw, id, []mail.Enclosed{file})})
	}
	if r, err := send("tl.one@ours.example"); err != nil || r.Remote == "" || r.Thread == "" {
		t.Fatalf("%+v, %v", r, err)
	}
	got := mail.Parse(a.Messages("anna@acme.example", gmailtest.Inbox)[0])
	if len(got.Attachments) != 1 || !bytes.Equal(got.Attached()[0].Content(), file.Data) || got.RFCID != "tl.one@ours.example" {
		t.Errorf("what arrived: %+v", got.Attachments)
	}
	a.Fail(gmailtest.Fault{Method: "upload", Count: 1, Lose: true})
	if r, err := send("tl.two@ours.example"); err != nil || r.Remote == "" {
		t.Errorf("a lost answer: %+v, %v", r, err)
	}
	a.Fail(gmailtest.Fault{Method: "upload", Count: 1, Cut: true})
	if _, err := send("tl.three@ours.example"); !crm.IsKind(err, crm.Unavailable) || outbox.Unknown(err) {
		t.Errorf("a mail that did not arrive: %v", err)
	}
	a.Fail(gmailtest.Fault{Method: "upload", Count: 1, Lose: true})
	a.Fail(gmailtest.Fault{Method: "upload", Count: 1, Cut: true})
	if _, err := send("tl.four@ours.example"); !outbox.Unknown(err) {
		t.Errorf("nobody knows, and: %v", err)
	}
	a.Fail(gmailtest.Fault{Method: "messages.send", Count: 1, Status: 503, Reason: "backendError"})
	if _, err := send("tl.five@ours.example"); !crm.IsKind(err, crm.Unavailable) || outbox.Unknown(err) {
		t.Errorf("no session: %v", err)
	}
	if n := len(a.Messages("anna@acme.example", gmailtest.Inbox)); n != 3 {
		t.Errorf("%d mails arrived, want 3", n)
	}
}
