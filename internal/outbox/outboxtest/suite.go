// Package outboxtest holds every Sender to the contract of package outbox: Run
// checks each of its promises against a real server.
package outboxtest

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"threadline/internal/crm"
	"threadline/internal/mail"
	"threadline/internal/outbox"
)

// Harness is one account on a server: its sender, and what the test needs to see
// and to break. What a mail system has no equal of is nil.
type Harness struct {
	Sender   outbox.Sender
	From     crm.Address
	To       crm.Address // somebody whom the server takes
	Received func() [][]byte
	Refused  crm.Address                      // somebody whom it does not take
	LoseOne  func()                           // takes the next mail and cuts the connection instead of an answer
	CutOne   func()                           // cuts the next connection before it takes anything
	BusyOne  func()                           // says "later" to the next mail
	Wrong    func(t *testing.T) outbox.Sender // the same account with credentials that are refused
	Drafts   func() [][]byte                  // what lies among the drafts of the account
	Forget   func()                           // its owner throws them away
}

// Run runs the suite; fresh is called for each test.
func Run(t *testing.T, fresh func(t *testing.T) Harness) {
	for name, test := range map[string]func(*testing.T, Harness){
		"a mail arrives once, as it is": arrives, "a refused recipient": refused, "an answer that is lost": lost,
		"a connection that is cut": cut, "a busy server": busy, "wrong credentials": wrong, "a mail is found": found,
		"a draft is written, changed and sent": drafted, "a draft that its owner threw away": thrown,
	} {
		t.Run(name, func(t *testing.T) { test(t, fresh(t)) })
	}
}

// write makes the n-th mail.
func write(t *testing.T, h Harness, to ...crm.Address) outbox.Mail {
	t.Helper()
	n := time.Now().UnixNano()
	l := mail.Letter{ID: crm.RFCID(fmt.Sprintf("tl.test%d@ours.example", n)), Date: time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC),
		From: mail.Party{Name: "Nora Łoś", Address: h.From}, Subject: "Zażółć gęślą jaźń", Text: "Dots at line starts:\n.\n..two\n\nEnd.\n", HTML: "<p>End.</p>"}
	for _, a := range to {
		l.To = append(l.To, mail.Party{Address: a})
	}
	raw, err := mail.Compose(&l)
	if err != nil {
		t.Fatal(err)
	}
	return outbox.Mail{ID: l.ID, From: h.From, To: to, Raw: raw}
}

func arrives(t *testing.T, h Harness) {
	m := write(t, h, h.To)
	if _, err := h.Sender.Send(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	got := h.Received()
	if len(got) != 1 {
		t.Fatalf("%d mails arrived, want one", len(got))
	}
	key := crm.IDKey("a key of the tests")
	if sent, came := mail.Parse(m.Raw), mail.Parse(got[0]); sent.MessageID(key) != came.MessageID(key) || came.RFCID != m.ID {
		t.Errorf("the mail that came is another message: %q\n%s", came.RFCID, got[0])
	}
}

func refused(t *testing.T, h Harness) {
	if h.Refused == "" {
		t.Skip("every recipient is taken here")
	}
	_, err := h.Sender.Send(t.Context(), write(t, h, h.To, h.Refused))
	if !crm.IsKind(err, crm.Invalid) || outbox.Unknown(err) || !strings.Contains(err.Error(), string(h.Refused)) {
		t.Errorf("error %v; want invalid, with the recipient", err)
	}
	if n := len(h.Received()); n != 0 {
		t.Errorf("%d mails arrived all the same", n)
	}
}

func lost(t *testing.T, h Harness) {
	h.LoseOne()
	_, err := h.Sender.Send(t.Context(), write(t, h, h.To))
	if !outbox.Unknown(err) {
		t.Errorf("error %v after the body had gone out; want unknown", err)
	}
	if n := len(h.Received()); n > 1 {
		t.Errorf("the mail was sent %d times", n)
	}
}

func cut(t *testing.T, h Harness) {
	if h.CutOne == nil {
		t.Skip("cannot be told apart here")
	}
	h.CutOne()
	_, err := h.Sender.Send(t.Context(), write(t, h, h.To))
	if !crm.IsKind(err, crm.Unavailable) || outbox.Unknown(err) {
		t.Errorf("error %v; want unavailable, and sure", err)
	}
}

func busy(t *testing.T, h Harness) {
	h.BusyOne()
	_, err := h.Sender.Send(t.Context(), write(t, h, h.To))
	if !crm.IsKind(err, crm.Throttled) || outbox.Unknown(err) {
		t.Errorf("error %v; want throttled, and sure", err)
	}
	if n := len(h.Received()); n != 0 {
		t.Errorf("%d mails arrived: it was tried again", n)
	}
}

func wrong(t *testing.T, h Harness) {
	_, err := h.Wrong(t).Send(t.Context(), write(t, h, h.To))
	if !crm.IsKind(err, crm.Unauthorized) || outbox.Unknown(err) {
		t.Errorf("error %v; want unauthorized, and sure", err)
	}
}

// drafter is the sender as one that keeps drafts.
func (h Harness) drafter(t *testing.T) outbox.Drafter {
	t.Helper()
	d, ok := h.Sender.(outbox.Drafter)
	if !ok || h.Drafts == nil {
		t.Fatal("no drafts are kept here")
	}
	return d
}

func drafted(t *testing.T, h Harness) {
	d, m := h.drafter(t), write(t, h)
	for round, word := range []string{"first", "second", "third"} {
		m.Raw = bytes.Replace(m.Raw, []byte("Subject: "), []byte("X-Round: "+word+"\r\nSubject: "), 1)
		name, err := d.SaveDraft(t.Context(), m)
		if err != nil || name == "" {
			t.Fatalf("%q, %v", name, err)
		}
		got := h.Drafts()
		if len(got) != 1 || !bytes.Contains(got[0], []byte(word)) {
			t.Fatalf("after %d changes %d drafts: %s", round, len(got), got)
		}
		if m.Draft = name; round == 0 {
			m.Draft = "" // a kill came before its name was written down
		}
	}
	if got, err := d.Find(t.Context(), m.ID); len(got) > 0 || err != nil {
		t.Errorf("a draft counts as sent: %v, %v", got, err)
	}
	if m.To = []crm.Address{h.To}; len(h.Received()) != 0 {
		t.Error("a draft was sent")
	}
	if _, err := d.Send(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := d.DropDraft(t.Context(), m); err != nil {
			t.Error(err)
		}
	}
	if n, left := len(h.Received()), len(h.Drafts()); n != 1 || left != 0 {
		t.Errorf("%d mails arrived, %d drafts are left", n, left)
	}
}

func thrown(t *testing.T, h Harness) {
	d, m := h.drafter(t), write(t, h, h.To)
	var err error
	if m.Draft, err = d.SaveDraft(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	h.Forget()
	if m.Draft, err = d.SaveDraft(t.Context(), m); err != nil || len(h.Drafts()) != 1 {
		t.Fatalf("%d drafts, %v", len(h.Drafts()), err)
	}
	h.Forget()
	if _, err := d.Send(t.Context(), m); err != nil || len(h.Received()) != 1 {
		t.Errorf("%d mails arrived: %v", len(h.Received()), err)
	}
}

func found(t *testing.T, h Harness) {
	m := write(t, h, h.To)
	if got, err := h.Sender.Find(t.Context(), m.ID); len(got) > 0 || err != nil {
		t.Errorf("found %v, %v before it was sent", got, err)
	}
	if _, err := h.Sender.Send(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	other := crm.RFCID("never." + m.ID)
	got, err := h.Sender.Find(t.Context(), other, m.ID)
	if _, ok := got[m.ID]; !ok || len(got) != 1 || err != nil {
		t.Errorf("found %v, %v after one of two was sent", got, err)
	}
}
