package gmail_test

import (
	"testing"

	"threadline/internal/crm"
	"threadline/sync/gmail"
	"threadline/sync/gmail/gmailtest"
	"threadline/sync/source"
)

// TestFindInItsFolder: what a search of all mail finds and is no part of it, such as a
// chat, is found where it is.
func TestFindInItsFolder(t *testing.T) {
	a := newAccount(t, gmailtest.Options{})
	for id, label := range map[string]string{"mail": gmailtest.Inbox, "chat": gmailtest.Chat, "draft": gmailtest.Draft} {
		a.Add(rep, gmailtest.Mail{Labels: []string{label}, Raw: []byte("From: a@acme.example\r\nMessage-ID: <" + id + "@acme.example>\r\nSubject: x\r\n\r\nx\r\n")})
	}
	s, err := gmail.New(a.config(a.Grant(rep, gmailtest.ScopeReadonly))).Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for _, c := range []struct {
		folder, id string
		want       bool
	}{{gmail.AllMail, "mail", true}, {gmail.AllMail, "chat", false}, {gmail.AllMail, "draft", false}, {"Chats", "chat", true}, {"Chats", "mail", false}, {"Drafts", "draft", true}} {
		got, err := s.Find(t.Context(), c.folder, source.Clue{ID: crm.RFCID(c.id + "@acme.example")})
		if err != nil || (len(got.Keys) > 0) != c.want {
			t.Errorf("%s in %s: %v, %v; want it there: %t", c.id, c.folder, got, err, c.want)
		}
	}
}
