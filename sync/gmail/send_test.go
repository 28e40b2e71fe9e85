package gmail_test

import (
	"testing"

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
		fail := func(f gmailtest.Fault) func() {
			f.Method, f.Count = "messages.send", 1
			return func() { a.Fail(f) }
		}
		return outboxtest.Harness{Sender: sender(t, a.Grant(rep, gmailtest.ScopeReadonly, gmailtest.ScopeSend)), From: rep, To: "anna@acme.example",
			Received: func() [][]byte { return a.Messages("anna@acme.example", gmailtest.Inbox) },
			LoseOne:  fail(gmailtest.Fault{Lose: true}), BusyOne: fail(gmailtest.Fault{Status: 429, Reason: "userRateLimitExceeded"}),
			Wrong: func(t *testing.T) outbox.Sender { return sender(t, a.Grant(rep, gmailtest.ScopeReadonly)) }}
	})
}
