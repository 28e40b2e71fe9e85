package engine

import (
	"slices"
	"testing"
	"time"

	"threadline/internal/crm"
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
	minutes := 0 // one mail after another
	write := func(from, to crm.Address, l mail.Letter) []byte {
		t.Helper()
		minutes++
		l.From, l.To, l.Date = mail.Party{Address: from}, []mail.Party{{Address: to}}, time.Date(2026, 11, 20, 12, minutes, 0, 0, time.UTC)
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
	back := find(passed.ID)
	if back.Origin != first.ID || back.Thread == first.Thread && back.Part == first.Part {
		t.Errorf("it passes on %q, wants %q; conversations %s %q and %s %q", back.Origin, first.ID, back.Thread, back.Part, first.Thread, first.Part)
	}
	answer, other := mail.Letter{ID: "2@else.example", Text: "Take them.\n"}, mail.Letter{ID: "3@ours.example", Text: "48.\n"}
	answer.Answering(back)
	other.Answering(first)
	deliver("INBOX", write(eve, rep, answer))
	deliver("Sent", write(rep, bo, other))
	l.synced(4)
	if m, p := find(answer.ID), find(passed.ID); m.Thread != p.Thread || m.Part != p.Part || m.Origin != "" {
		t.Errorf("the answer to what was passed on is in %s %q, passes on %q; that is in %s %q", m.Thread, m.Part, m.Origin, p.Thread, p.Part)
	}
	if m := find(other.ID); m.Thread != find(first.RFCID).Thread || m.Part != find(first.RFCID).Part {
		t.Errorf("the answer to the first mail is in %s %q", m.Thread, m.Part)
	}
}
