package sequence

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"threadline/internal/access"
	"time"

	"threadline/internal/crm"
	"threadline/internal/mail"
	"threadline/internal/outbox"
	"threadline/internal/records"
	"threadline/internal/store"
	tt "threadline/internal/timeline/timelinetest"
)

// TestUntilTheyAnswer follows several people through a sequence over a weekend
// and a holiday.
func TestUntilTheyAnswer(t *testing.T) {
	w := newWorld(t, func(d *Draft) { d.Steps[1].If = `contacts where title is empty` })
	_, err := w.campaigns.SetCalendar(t.Context(), w.anna, w.info(), crm.Calendar{Holidays: []string{"2026-11-23"}})
	must(t, err)
	var people []Enrolled
	for i := range 10 {
		people = append(people, w.contact(i))
	}
	w.work()
	line := func(i, step int) crm.Recipient { return w.person(people[i].ID).Lines[step] }
	first := func(i int) []crm.RFCID { return []crm.RFCID{line(i, 0).RFCID} }
	w.back(tt.Mail{From: addressOf(1), Refs: first(1), Text: "Yes, please."})
	w.back(tt.Mail{From: addressOf(2), Refs: first(2), Class: crm.ClassAutoReply, Text: "I am away until 27 November 2026."})
	w.back(tt.Mail{From: "mailer-daemon@mx.example", Class: crm.ClassBounce, Text: "no", Reports: []crm.Report{{Kind: crm.ReportFailed, Of: first(3)[0], Status: "5.1.1", Text: "no such user"}}})
	_, err = w.campaigns.Suppress(t.Context(), w.info(), addressOf(4), crm.SuppressedUnsubscribed, "")
	must(t, err)
	_, err = w.s.Leave(t.Context(), w.anna, w.info(), people[5].ID)
	must(t, err)
	deal := w.Make(crm.KindDeal, 0, map[string]any{"name": "Racks", "pipeline": "sales", "stage": "proposal", "contacts": []any{string(people[6].Contact)}})
	_, err = w.Records.Update(t.Context(), records.By{Actor: tt.Anna, Cause: crm.CauseUI}, deal, records.Patch{Values: map[string]any{"stage": "negotiation"}})
	must(t, err)
	_, err = w.Records.Update(t.Context(), records.By{Actor: tt.Anna, Cause: crm.CauseUI}, people[7].Contact, records.Patch{Values: map[string]any{"title": "Buyer"}})
	must(t, err)
	w.back(tt.Mail{From: "secretary@people.example", Refs: first(8), Text: "I answer for them."})
	// Our own copy of a letter, and a colleague's mail, are no answers.
	w.Store(tt.Mail{ID: first(0)[0], From: tt.AnnaAtWork, To: []crm.Address{addressOf(0)}, Box: "Sent", Role: crm.RoleSent, Date: w.Space.Store().Now(), Subject: "Subject 1"})
	w.follow()

	w.until(20, 1)
	if got := w.subjects(0); len(got) != 1 {
		t.Errorf("before two working days are over there are %q", got)
	}
	w.until(20, 12) // Friday: two working days
	w.until(27, 16)
	want := map[int]string{
		0: "finished  3 Subject 1 for Person0|Re: Subject 1 for Person0|Subject 3 for Person0",
		1: "stopped replied 1 Subject 1 for Person1",
		2: "active  2 Subject 1 for Person2|Re: Subject 1 for Person2",
		3: "stopped bounced 1 Subject 1 for Person3",
		4: "stopped unsubscribed 1 Subject 1 for Person4",
		5: "left  1 Subject 1 for Person5",
		6: "stopped deal_stage 1 Subject 1 for Person6",
		7: "finished  3 Subject 1 for Person7|Subject 3 for Person7",
		8: "stopped replied 1 Subject 1 for Person8",
	}
	for i := range 9 {
		p := w.person(people[i].ID)
		got := strings.Join([]string{string(p.State), p.Reason, string(rune('0' + p.Step)), strings.Join(w.subjects(i), "|")}, " ")
		if got != want[i] {
			t.Errorf("%d: %s\nwant %s", i, got, want[i])
		}
	}
	second, third := mail.Parse(w.post.mails[addressOf(0)][1]), mail.Parse(w.post.mails[addressOf(0)][2])
	if !slices.Equal(second.InReplyTo, first(0)) || len(third.InReplyTo) != 0 {
		t.Errorf("the second letter answers %v, the third %v", second.InReplyTo, third.InReplyTo)
	}
	for step, day := range map[int]string{0: "2026-11-18", 1: "2026-11-20", 2: "2026-11-26"} { // Monday is off
		if got := line(0, step).Sent.Std().Format("2006-01-02"); got != day {
			t.Errorf("step %d went on %s, want %s", step+1, got, day)
		}
	}
	if got := line(2, 1).Sent.Std().Format("2006-01-02"); got < "2026-11-27" {
		t.Errorf("who was away until the 27th got the second letter on %s", got)
	}
	r, err := w.s.Results(t.Context(), w.anna, w.seq.ID)
	must(t, err)
	if r.People[crm.EnrolmentStopped] != 5 || r.Steps[0].Lines[crm.RecipientSent] != 10 || r.Replied != 2 || r.Recipients[crm.RecipientUnknown] != 0 {
		t.Errorf("results %+v", r)
	}
}

func TestPersonsWord(t *testing.T) {
	w := newWorld(t, nil)
	p := w.contact(0)
	if _, err := w.s.Enrol(t.Context(), w.anna, w.info(), w.seq.ID, One{Contact: p.Contact, Again: true}); !crm.IsKind(err, crm.Conflict) {
		t.Errorf("somebody is in it twice: %v", err)
	}
	state := func(want string) Enrolled {
		t.Helper()
		w.follow()
		x := w.person(p.ID)
		got := strings.TrimSpace(string(x.State) + " " + x.Reason + " " + string(x.Last))
		if got != want {
			t.Errorf("they are %q, want %q", got, want)
		}
		return x
	}
	do := func(f func() (Enrolled, error)) string {
		t.Helper()
		x, err := f()
		must(t, err)
		return x.Batch
	}
	hold := func() (Enrolled, error) { return w.s.Hold(t.Context(), w.anna, w.info(), p.ID) }
	resume := func() (Enrolled, error) { return w.s.Resume(t.Context(), w.anna, w.info(), p.ID) }
	leave := func() (Enrolled, error) { return w.s.Leave(t.Context(), w.anna, w.info(), p.ID) }
	undo := func(batch string) {
		t.Helper()
		_, err := w.Records.Undo(t.Context(), records.By{Actor: tt.Anna, Cause: crm.CauseUI}, batch)
		must(t, err)
	}
	do(hold)
	state("paused  excluded")
	w.work()
	do(resume)
	state("active  queued")
	batch := do(leave)
	state("left  excluded")
	undo(batch)
	state("active  queued")
	other := w.contact(1)
	undo(other.Batch) // of being put in
	w.work()
	if len(w.subjects(1)) != 0 || len(w.subjects(0)) != 1 {
		t.Errorf("who was never put in got %q, who was %q", w.subjects(1), w.subjects(0))
	}
	other, err := w.s.Enrol(t.Context(), w.anna, w.info(), w.seq.ID, One{Contact: other.Contact})
	must(t, err)
	w.work()
	if got := w.subjects(1); len(got) != 1 {
		t.Errorf("put in again they got %q", got)
	}
	undo(other.Batch)
	w.until(24, 12)
	if got := w.subjects(1); len(got) != 1 {
		t.Errorf("what was undone went on: %q", got)
	}
}

// TestNobodyKnows keeps the next letter back while nobody knows about the last.
func TestNobodyKnows(t *testing.T) {
	w := newWorld(t, nil)
	p, other := w.contact(0), w.contact(1)
	w.post.answer = func(m outbox.Mail) error {
		switch m.To[0] {
		case addressOf(0):
			return outbox.NotKnown("test", errors.New("cut"))
		default:
			return crm.Errorf(crm.Invalid, "test", "550 5.7.1 blocked")
		}
	}
	w.work()
	if x := w.person(p.ID); x.Last != crm.RecipientUnknown || x.State != crm.EnrolmentActive {
		t.Errorf("%+v", x)
	}
	w.post.answer = nil
	w.until(20, 12)
	if x := w.person(p.ID); x.State != crm.EnrolmentStopped || x.Reason != crm.StopUnknown || len(w.subjects(0)) != 0 {
		t.Errorf("%s %s, mails %q", x.State, x.Reason, w.subjects(0))
	}
	if x := w.person(other.ID); x.State != crm.EnrolmentStopped || !strings.HasPrefix(x.Reason, crm.StopFailed) {
		t.Errorf("%s %s", x.State, x.Reason)
	}
	for _, id := range []string{p.ID, other.ID} {
		_, err := w.s.Resume(t.Context(), w.anna, w.info(), id)
		must(t, err)
	}
	w.until(23, 8)
	if got := w.subjects(0); len(got) != 1 || !strings.HasPrefix(got[0], "Subject 2") { // it answers nothing that is known to have gone out
		t.Errorf("after a person's word: %q", got)
	}
	if got := w.subjects(1); len(got) != 1 || !strings.HasPrefix(got[0], "Subject 1") {
		t.Errorf("after a person's word: %q", got)
	}
}

func TestCrowd(t *testing.T) {
	w := newWorld(t, nil)
	var in []crm.RecordID
	for i := range 30 {
		values := map[string]any{"name": "Person Own", "emails": []any{string(addressOf(i))}}
		if i == 7 {
			values = map[string]any{"name": "Without Address"}
		}
		if i == 8 {
			values["emails"] = []any{string(addressOf(9))}
			delete(values, "name")
		}
		if i == 9 {
			continue
		}
		in = append(in, w.Make(crm.KindContact, i, values))
	}
	_, err := w.campaigns.Suppress(t.Context(), w.info(), addressOf(3), crm.SuppressedManual, "")
	must(t, err)
	eyes := w.anna
	run := func() crm.Job {
		t.Helper()
		p, err := w.s.EnrolAll(t.Context(), eyes, w.info(), w.jobs, w.seq.ID, "contacts", "")
		must(t, err)
		must(t, w.jobs.WorkOff(t.Context()))
		doc, err := store.Jobs.Get(t.Context(), w.Space, p.ID)
		must(t, err)
		return doc.Value
	}
	j := run()
	if j.Counts["active"] != 26 || j.Counts["excluded"] != 3 || j.State != crm.JobDone {
		t.Fatalf("%+v", j)
	}
	list, _, err := w.s.Enrolments(t.Context(), w.anna, w.seq.ID, crm.EnrolmentExcluded, 10, "")
	must(t, err)
	var why []string
	for _, e := range list {
		why = append(why, e.Reason)
	}
	slices.Sort(why)
	if got := strings.Join(why, "; "); got != "manual; missing: contact.first_name; no_address" {
		t.Errorf("left out: %s", got)
	}
	eyes = access.Operator() // the person at the command line, who is no user
	if again := run(); again.Counts["active"] != 0 || again.Counts["present"] != 26 {
		t.Errorf("put in again: %+v", again.Counts)
	}
	w.work()
	if len(w.post.mails) != 26 {
		t.Errorf("%d people got a letter", len(w.post.mails))
	}
	_, err = w.Records.Undo(t.Context(), records.By{Actor: tt.Anna, Cause: crm.CauseUI}, j.Batch)
	must(t, err)
	w.until(21, 12)
	for a, mails := range w.post.mails {
		if len(mails) != 1 {
			t.Fatalf("%s got %d letters after the undo", a, len(mails))
		}
	}
}

func TestRefused(t *testing.T) {
	w := newWorld(t, nil)
	for field, edit := range map[string]func(*Draft){
		"name":         func(d *Draft) { d.Name = " " },
		"mailbox":      func(d *Draft) { d.Mailbox = tt.BobMail },
		"steps":        func(d *Draft) { d.Steps = nil },
		"steps[1]":     func(d *Draft) { d.Steps[1].Wait = -1 },
		"steps[2]":     func(d *Draft) { d.Steps[2].Template = "tpl_aaaaaaaaaaaaaaaaaaaaaaaaaa" },
		"steps[0]":     func(d *Draft) { d.Steps[0].If = "companies" },
		"pace.per_day": func(d *Draft) { d.Pace.PerDay = 0 },
		"purpose":      func(d *Draft) { d.Purpose = "news" },
	} {
		d := w.draft
		d.Steps = slices.Clone(d.Steps)
		edit(&d)
		if _, err := w.s.Save(t.Context(), w.anna, w.info(), "", d, 0); err == nil || !strings.Contains(err.Error(), "(field "+field+")") {
			t.Errorf("%s: %v", field, err)
		}
	}
	w.contact(0)
	shorter := w.draft
	shorter.Steps = shorter.Steps[:2]
	if _, err := w.s.Save(t.Context(), w.anna, w.info(), w.seq.ID, shorter, 0); !crm.IsKind(err, crm.Conflict) {
		t.Errorf("a step is taken away from people: %v", err)
	}
	_, err := w.campaigns.Suppress(t.Context(), w.info(), addressOf(1), crm.SuppressedManual, "")
	must(t, err)
	gone := w.Make(crm.KindContact, 1, map[string]any{"name": "Gone Now", "emails": []any{string(addressOf(1))}})
	if _, err := w.s.Enrol(t.Context(), w.anna, w.info(), w.seq.ID, One{Contact: gone}); !crm.IsKind(err, crm.Conflict) || !strings.Contains(err.Error(), "manual") {
		t.Errorf("who must not be written to is put in: %v", err)
	}
}

// TestBackAt: nobody gets a letter on the Saturday up to which they were away.
func TestBackAt(t *testing.T) {
	at := func(day int) crm.Time { return crm.At(time.Date(2026, 12, day, 0, 0, 0, 0, time.UTC)) }
	for away, want := range map[int]int{18: 18, 19: 21, 20: 21, 21: 21} { // a Friday and what follows
		if got := backAt(at(away), crm.Calendar{}, time.UTC); got != at(want) {
			t.Errorf("away until %s: back at %s", at(away), got)
		}
	}
	if got := backAt(at(18), crm.Calendar{Holidays: []string{"2026-12-18"}}, time.UTC); got != at(21) {
		t.Errorf("away until a holiday: back at %s", got)
	}
	if got := backAt(0, crm.Calendar{}, time.UTC); got != 0 {
		t.Errorf("who is not away is back at %s", got)
	}
}
