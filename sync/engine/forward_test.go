package engine

import (
	"slices"
	"testing"
	"time"

	"threadline/internal/crm"
	"threadline/internal/ledger"
	"threadline/internal/mail"
	"threadline/internal/store"
	"threadline/internal/testenv"
)

// TestDovecotForward: a mail that we passed on comes back from the folder of sent
// mail as a conversation of its own, which knows what it passes on; an answer to it
// stays there, and one to the first mail does not come along.
func TestDovecotForward(t *testing.T) {
	server := testenv.Dovecot(t, testenv.DovecotOptions{})
	deliver := func(folder string, raw ...[]byte) {
		t.Helper()
		var list []testenv.Mail
		for _, r := range raw {
			list = append(list, testenv.Mail{Raw: r})
		}
		_, err := server.LoadMaildir("rep", folder, slices.Values(list))
		must(t, err)
	}
	write := func(from, to crm.Address, l mail.Letter) []byte {
		t.Helper()
		l.From, l.To, l.Date = mail.Party{Address: from}, []mail.Party{{Address: to}}, time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
		raw, err := mail.Compose(&l)
		must(t, err)
		return raw
	}
	const rep, bo, eve = "rep@ours.example", "bo@nord.example", "eve@else.example"
	deliver("INBOX", write(bo, rep, mail.Letter{ID: "1@nord.example", Subject: "Racks", Text: "How much?\n"}))
	l := runLive(t, server.Addr, testenv.Password, nil)
	l.synced(1)
	find := func(id crm.RFCID) *crm.Message {
		t.Helper()
		page, err := store.Messages.Query(t.Context(), l.sp, store.Query{Where: []store.Filter{store.Has("mentions", id)}, Limit: 10})
		must(t, err)
		for _, m := range page.Values() {
			if m.RFCID == id {
				return &m
			}
		}
		t.Fatalf("there is no message %s", id)
		return nil
	}
	first := find("1@nord.example")
	passed := mail.Letter{ID: "tl.f@ours.example", Text: "What do you think?\n", HTML: "<p>What do you think?</p>"}
	passed.Forwarding(first)
	raw, err := mail.Below(write(rep, eve, passed), passed.ID, &mail.Quoted{Head: []string{"---------- Forwarded message ----------", "From: Bo"}, Text: "How much?", HTML: "<p>How much?</p>", Passed: true})
	must(t, err)
	deliver("Sent", raw)
	l.synced(2)
	talk := func(id crm.RFCID) crm.ThreadID { // a stored name may be a former one
		t.Helper()
		name, err := ledger.Talk(t.Context(), l.sp, find(id))
		must(t, err)
		return name
	}
	back := find(passed.ID)
	if back.Origin != first.ID || talk(passed.ID) == talk(first.RFCID) {
		t.Errorf("it passes on %q, wants %q; the conversations are %s and %s", back.Origin, first.ID, talk(passed.ID), talk(first.RFCID))
	}
	answer, other := mail.Letter{ID: "2@else.example", Text: "Take them.\n"}, mail.Letter{ID: "3@ours.example", Text: "48.\n"}
	answer.Answering(back)
	other.Answering(first)
	deliver("INBOX", write(eve, rep, answer))
	deliver("Sent", write(rep, bo, other))
	l.synced(4)
	if talk(answer.ID) != talk(passed.ID) || find(answer.ID).Origin != "" {
		t.Errorf("the answer to what was passed on is in %s, that is in %s; it passes on %q", talk(answer.ID), talk(passed.ID), find(answer.ID).Origin)
	}
	if talk(other.ID) != talk(first.RFCID) || talk(other.ID) == talk(passed.ID) {
		t.Errorf("the answer to the first mail is in %s, that is in %s", talk(other.ID), talk(first.RFCID))
	}
}
