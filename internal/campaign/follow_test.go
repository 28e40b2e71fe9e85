package campaign

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"threadline/internal/crm"
	"threadline/internal/mail"
	"threadline/internal/outbox"
	"threadline/internal/store"
	tt "threadline/internal/timeline/timelinetest"
)

// line is where a contact stands in the ledger.
func (w *world) line(i int) crm.Recipient {
	w.t.Helper()
	doc, err := store.Recipients.Get(w.t.Context(), w.Space, crm.RecipientID(w.Key, w.campaign.ID, addressOf(i)))
	must(w.t, err)
	return doc.Value
}

// back stores mails as the sync does, and follows them, twice.
func (w *world) back(mails ...tt.Mail) {
	w.t.Helper()
	for i := range mails {
		if mails[i].Date == 0 {
			mails[i].Date = w.Space.Store().Now()
		}
		if mails[i].To == nil {
			mails[i].To = []crm.Address{tt.AnnaAtWork}
		}
		mails[i].ID = crm.RFCID(fmt.Sprintf("back%d.%d@mx.example", i, w.Space.Store().Now()))
		w.Store(mails[i])
	}
	f := NewFollower(w.s, w.Bodies, w.Blobs, quiet(), Listener{})
	must(w.t, f.CatchUp(w.t.Context()))
	b := w.Space.Batch()
	store.Jobs.Delete(b, followID)
	must(w.t, b.Commit(w.t.Context()))
	must(w.t, f.CatchUp(w.t.Context()))
}

func (w *world) suppressed(i int) crm.SuppressionReason {
	w.t.Helper()
	out, err := suppressed(w.t.Context(), w.Space, w.Key, []crm.Address{addressOf(i)}, "")
	must(w.t, err)
	return out[addressOf(i)]
}

// failed is a bounce as it is stored.
func failed(r crm.Report) tt.Mail {
	return tt.Mail{From: "mailer-daemon@mx.example", Subject: "Undelivered", Class: crm.ClassBounce, Reports: []crm.Report{r}, Text: fmt.Sprint(r)}
}

func TestWhatComesBack(t *testing.T) {
	w := newWorld(t, 14, nil)
	w.prepare()
	w.start()
	must(t, w.work())
	w.pass(time.Hour)
	id := func(i int) crm.RFCID { return w.line(i).RFCID }
	ref := func(i int) []crm.RFCID { return []crm.RFCID{id(i)} }
	w.back(
		tt.Mail{From: addressOf(0), Refs: ref(0), Subject: "Re: Offer", Text: "Yes, please."},
		tt.Mail{From: "assistant@people.example", Refs: ref(1), Text: "I answer for them."},
		tt.Mail{From: addressOf(2), Subject: "New mail", Text: "About your offer."},
		tt.Mail{From: addressOf(3), Refs: ref(3), Class: crm.ClassAutoReply, Text: "I am away until 3 December 2026."},
		tt.Mail{From: addressOf(4), Refs: ref(4), Class: crm.ClassAutoReply, Text: "Nieobecny."},
		failed(crm.Report{Kind: crm.ReportFailed, Of: id(5), Status: "5.1.1", Text: "no such user"}),
		failed(crm.Report{Kind: crm.ReportDelayed, Of: id(6), Status: "4.4.1", Text: "busy"}),
		failed(crm.Report{Kind: crm.ReportFailed, Of: id(7), Status: "5.7.1", Text: "blocked"}),
		failed(crm.Report{Kind: crm.ReportFailed, Recipient: addressOf(8), Status: "5.2.2", Text: "full"}),
		tt.Mail{From: "fbl@isp.example", Class: crm.ClassNotification, Reports: []crm.Report{{Kind: crm.ReportComplaint, Of: id(9)}}},
		tt.Mail{From: addressOf(10), Subject: "Unsubscribe " + token(w.Key, purposeLeave, w.line(10).ID)},
		tt.Mail{From: addressOf(11), Class: crm.ClassBulk, Subject: "Our newsletter"},
		tt.Mail{From: tt.AnnaAtWork, To: []crm.Address{addressOf(12)}, Refs: ref(12), Subject: "Re: Offer", Text: "One more thing."},
		failed(crm.Report{Kind: crm.ReportFailed, Of: "other@own.example", Recipient: addressOf(13), Status: "5.1.1"}),
	)
	for i, want := range map[int]string{
		0: "replied", 1: "replied", 2: "replied", 3: "away 2026-12-03", 4: "away 2026-11-23", 5: "hard bounced", 6: "", 7: "policy", 8: "soft",
		9: "complained complained", 10: "left unsubscribed", 11: "", 12: "", 13: "",
	} {
		r := w.line(i)
		var got []string
		for name, on := range map[string]bool{"replied": r.Replied > 0, string(r.Bounce): r.Bounced > 0, "complained": r.Complained > 0, "left": r.Left > 0,
			"away " + r.Away.Std().Format(time.DateOnly): r.Away > 0} {
			if on {
				got = append(got, name)
			}
		}
		if why := w.suppressed(i); why != "" {
			got = append(got, string(why))
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%d is %q, want %q", i, got, want)
		}
	}
}

// TestAnswerInTheConversation: somebody else answers what followed our mail.
func TestAnswerInTheConversation(t *testing.T) {
	w := newWorld(t, 2, nil)
	w.prepare()
	w.start()
	must(t, w.work())
	w.pass(time.Hour)
	own := tt.Mail{ID: w.line(0).RFCID, From: tt.AnnaAtWork, To: []crm.Address{addressOf(0)}, Date: w.Space.Store().Now(), Subject: "Offer", Text: "Dear you."}
	w.Store(own)
	more := own
	more.ID, more.Refs, more.Text = "more@own.example", []crm.RFCID{own.ID}, "One more thing."
	w.Store(more)
	w.back(tt.Mail{From: "boss@elsewhere.example", Refs: []crm.RFCID{more.ID}, Subject: "Re: Offer", Text: "We take it."},
		tt.Mail{From: "other@elsewhere.example", Refs: []crm.RFCID{"unseen@elsewhere.example"}, Subject: "Re: Lunch", Text: "Gladly."})
	if w.line(0).Replied == 0 || w.line(1).Replied != 0 {
		t.Errorf("answered: %v, %v", w.line(0).Replied, w.line(1).Replied)
	}
}

// TestDoubtEnds: a mail of which nobody knew whether it went out is known to
// have gone out by whatever comes back of it.
func TestDoubtEnds(t *testing.T) {
	w := newWorld(t, 3, nil)
	w.prepare()
	w.start()
	w.post.lost = true
	w.post.answer = func(int, outbox.Mail) (bool, error) { return true, outbox.NotKnown("test", errors.New("cut")) }
	must(t, w.work())
	w.back(tt.Mail{From: addressOf(0), Refs: []crm.RFCID{w.line(0).RFCID}}, failed(crm.Report{Kind: crm.ReportFailed, Of: w.line(1).RFCID, Status: "5.1.1"}))
	own := w.line(2).RFCID
	w.Store(tt.Mail{ID: own, From: tt.AnnaAtWork, To: []crm.Address{addressOf(2)}, Box: "Sent", Role: crm.RoleSent, Date: w.Space.Store().Now()})
	w.back()
	for i := range 3 {
		if r := w.line(i); r.State != crm.RecipientSent || r.Sent == 0 {
			t.Errorf("%d is %s", i, r.State)
		}
	}
}

// TestAbsenceProves: a mail system that keeps what it sends, and has no copy
// minutes later, did not send: then it is sent once more.
func TestAbsenceProves(t *testing.T) {
	w := newWorld(t, 2, nil)
	w.prepare()
	w.start()
	w.post.proves = true
	w.post.answer = func(_ int, m outbox.Mail) (bool, error) {
		return m.To[0] == addressOf(0), outbox.NotKnown("test", errors.New("cut"))
	}
	must(t, w.work())
	w.post.answer = nil
	for range looks {
		w.pass(grace + time.Second)
		must(t, w.work())
	}
	must(t, w.work())
	w.once()
	if f := w.figures(); f[crm.RecipientSent] != 2 {
		t.Errorf("%v", f)
	}
}

// TestRefusedWhileSending: a server that says there is no such mailbox says so
// of the address, for every campaign.
func TestRefusedWhileSending(t *testing.T) {
	w := newWorld(t, 2, nil)
	w.prepare()
	w.start()
	w.post.answer = func(_ int, m outbox.Mail) (bool, error) {
		why := map[crm.Address]string{addressOf(0): "550 5.1.1 no such user", addressOf(1): "550 5.7.1 blocked"}[m.To[0]]
		return false, crm.E(crm.Invalid, "test", "", errors.New(why))
	}
	must(t, w.s.send(context.WithoutCancel(t.Context()), w.config(), w.errand()))
	if w.suppressed(0) != crm.SuppressedBounced || w.suppressed(1) != "" || w.line(1).Bounce != crm.BouncePolicy {
		t.Errorf("suppressed %q and %q, the second is %+v", w.suppressed(0), w.suppressed(1), w.line(1))
	}
	if got := mail.Weigh("", w.line(0).Said); got != crm.BounceHard {
		t.Errorf("%q weighs %s", w.line(0).Said, got)
	}
}
