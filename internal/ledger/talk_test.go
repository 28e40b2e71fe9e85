package ledger_test

import (
	"fmt"
	"slices"
	"testing"

	"threadline/internal/crm"
	"threadline/internal/ledger"
	"threadline/internal/store"
)

// titled is a letter with a subject.
func titled(subject string, m crm.Message) crm.Message {
	m.Subject = subject
	return m
}

// wantTalks compares conversations: Message-IDs together, in order of date.
func (w *world) wantTalks(want ...string) {
	w.t.Helper()
	by := map[crm.ThreadID][]string{}
	all := w.dump()
	slices.SortFunc(all, func(a, b crm.Message) int { return int(a.Date - b.Date) })
	for _, m := range all {
		by[m.Thread] = append(by[m.Thread], string(m.RFCID))
	}
	var got []string
	for _, ids := range by {
		got = append(got, fmt.Sprint(ids))
	}
	slices.Sort(got)
	if slices.Sort(want); !slices.Equal(got, want) {
		w.t.Fatalf("the conversations are %v, want %v", got, want)
	}
}

// TestAnswerBySubject: an answer without references finds the mail that it
// answers in the store, whichever of the two comes first, and leaves it when a
// nearer one comes.
func TestAnswerBySubject(t *testing.T) {
	h := newHouse(t)
	offer := titled("Offer", letter("offer", nil, day(1), olaMail, "a@acme.example"))
	answer := titled("AW: Offer", letter("answer", nil, day(5), "a@acme.example", olaMail))
	other := titled("Re: Offer", letter("other", nil, day(5), "c@byte.example", olaMail))
	nearer := titled("Offer", letter("nearer", nil, day(3), olaMail, "a@acme.example"))
	for _, order := range [][]crm.Message{{offer, answer, other}, {answer, other, offer}, {other, answer, offer}} {
		w := h.world(t.Context(), t)
		for _, m := range order {
			w.arrive(true, m)
		}
		w.wantTalks("[offer answer]", "[other]")
		w.audit()
		w.arrive(true, nearer)
		w.wantTalks("[offer]", "[nearer answer]", "[other]")
		w.audit()
	}
}

// TestAnswerOffTheList: a mailing list puts its name before the subject, and is
// nobody with whom an answer and a mail are shared.
func TestAnswerOffTheList(t *testing.T) {
	w := newWorld(t)
	ask := titled("Racks in Lodz", letter("ask", nil, day(1), olaMail, "trade-talk@lists.example", "a@acme.example"))
	answer := titled("Re: [Trade-Talk] Racks in Lodz", letter("answer", nil, day(2), "a@acme.example", olaMail, "trade-talk@lists.example"))
	named := titled("[Trade] AW: Racks in Lodz", letter("named", nil, day(3), "a@acme.example", olaMail))
	named.Heads = []crm.Header{{Name: "list-id", Value: "Trade <trade-talk.lists.example>"}}
	stranger := titled("Re: [trade-talk] Racks in Lodz", letter("stranger", nil, day(4), "c@byte.example", olaMail, "trade-talk@lists.example"))
	ticket := titled("Re: [Ticket 7] Racks in Lodz", letter("ticket", nil, day(5), "a@acme.example", olaMail))
	for _, m := range []crm.Message{named, ticket, answer, stranger, ask} {
		w.arrive(true, m)
	}
	w.wantTalks("[ask answer named]", "[stranger]", "[ticket]")
	w.audit()
}

// TestSplit: what answers the message goes with it, what the thread passed on
// stays where its evidence is, and undoing the split joins both again.
func TestSplit(t *testing.T) {
	w := newWorld(t)
	acme := w.make(crm.KindCompany, map[string]any{"name": "Acme", "domains": "acme.example"}).Record.ID
	mail := []crm.Message{letter("a", nil, day(1), "a@acme.example", olaMail), letter("b", []crm.RFCID{"a"}, day(2), "e@gmail.com", olaMail),
		letter("c", []crm.RFCID{"a", "b"}, day(3), olaMail, "e@gmail.com"), letter("d", []crm.RFCID{"a"}, day(4), "e@gmail.com", olaMail)}
	w.arrive(true, mail...)
	w.catchUp()
	w.wantTalks("[a b c d]")
	before := w.dump()
	batch, err := ledger.Correct(w.ctx, w.sp, ledger.Correction{Message: mail[1].ID, Scope: crm.ScopeMessage, Effect: crm.EffectSplit, By: ola, Cause: crm.CauseUI})
	must(t, err)
	w.catchUp()
	w.audit()
	w.wantTalks("[a d]", "[b c]")
	w.wantLinks(mail[3].ID, map[crm.RecordID]crm.RuleName{acme: crm.ByThread})
	w.wantLinks(mail[2].ID, nil)
	w.arrive(true, letter("e", []crm.RFCID{"b", "c"}, day(5), "e@gmail.com", olaMail))
	w.wantTalks("[a d]", "[b c e]")
	w.undo(batch)
	w.catchUp()
	w.audit()
	w.wantTalks("[a b c d e]")
	for i, m := range w.dump() {
		if m.RFCID == "c" && len(m.Links) != 1 {
			t.Errorf("after the split was undone c has %d links", len(m.Links))
		}
		if i < len(before) && m.Part != "" {
			t.Errorf("%s kept its part", m.RFCID)
		}
	}
}

// TestNewsletterKeepsStrangersApart: all who answer one mass mail stay by
// themselves, whatever the order, and what one of them belongs to is not passed
// on to another.
func TestNewsletterKeepsStrangersApart(t *testing.T) {
	w := newWorld(t)
	acme := w.make(crm.KindCompany, map[string]any{"name": "Acme", "domains": "acme.example"}).Record.ID
	news := letter("news", nil, day(1), olaMail, "a@acme.example", "e@gmail.com", "c@byte.example")
	news.Class = crm.ClassBulk
	a := letter("ra", []crm.RFCID{"news"}, day(2), "a@acme.example", olaMail)
	e := letter("re", []crm.RFCID{"news"}, day(3), "e@gmail.com", olaMail)
	w.arrive(true, a, e)
	w.wantTalks("[ra]", "[re]")
	w.arrive(true, news)
	w.wantTalks("[news]", "[ra]", "[re]")
	w.catchUp()
	w.wantLinks(a.ID, map[crm.RecordID]crm.RuleName{acme: crm.ByDomain})
	w.wantLinks(e.ID, nil)
	w.audit()
}

// TestWhoseTurn follows a conversation: robots and absence notices do not
// count, a person closes it, the next message opens it again.
func TestWhoseTurn(t *testing.T) {
	w := newWorld(t)
	with := func(m crm.Message, c crm.Class) crm.Message {
		m.Class, m.Owners = c, []crm.UserID{ola}
		return m
	}
	ask := with(letter("ask", nil, day(1), olaMail, "a@acme.example"), crm.ClassPerson)
	away := with(letter("away", []crm.RFCID{"ask"}, day(2), "a@acme.example", olaMail), crm.ClassAutoReply)
	answer := with(letter("answer", []crm.RFCID{"ask"}, day(3), "a@acme.example", olaMail), crm.ClassPerson)
	inside := with(letter("inside", []crm.RFCID{"ask", "answer"}, day(4), olaMail, "jan@us.example"), crm.ClassPerson)
	again := with(letter("again", []crm.RFCID{"ask", "answer"}, day(6), "a@acme.example", olaMail), crm.ClassPerson)
	is := func(by crm.RFCID, turn crm.Turn, lists ...crm.WaitToken) {
		t.Helper()
		for _, m := range w.dump() {
			want, waits := crm.Turn(""), []crm.WaitToken(nil)
			if m.RFCID == by {
				want, waits = turn, lists
			}
			if m.Turn != want || !slices.Equal(m.Wait, waits) {
				t.Errorf("%s decides %q and waits on %v, want %q and %v", m.RFCID, m.Turn, m.Wait, want, waits)
			}
		}
	}
	w.arrive(false, ask, away)
	is("ask", crm.TurnTheirs, crm.Wait(ola, crm.WaitTheirs))
	w.arrive(false, answer, inside)
	is("answer", crm.TurnOurs, crm.Wait(ola, crm.WaitAnswer), crm.Wait(ola, crm.WaitOurs))
	batch, err := ledger.Done(w.ctx, w.sp, store.ChangeInfo{Actor: ola, Cause: crm.CauseUI}, inside.ID)
	must(t, err)
	w.catchUp()
	is("answer", crm.TurnDone)
	w.audit()
	w.arrive(false, again)
	is("again", crm.TurnOurs, crm.Wait(ola, crm.WaitAnswer), crm.Wait(ola, crm.WaitOurs))
	w.undo(batch)
	w.catchUp()
	is("again", crm.TurnOurs, crm.Wait(ola, crm.WaitAnswer), crm.Wait(ola, crm.WaitOurs))
	w.audit()
	stranger := with(letter("cold", nil, day(7), "f@late.example", olaMail), crm.ClassPerson)
	w.arrive(false, stranger)
	if m := w.message(stranger.ID); m.Turn != crm.TurnOurs || m.Wait != nil {
		t.Errorf("a stranger's mail has the turn %q and stands on %v", m.Turn, m.Wait)
	}
}
