package meeting

import (
	"log/slog"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/ledger"
	"threadline/internal/records"
	"threadline/internal/store"
	tt "threadline/internal/timeline/timelinetest"
)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

const ewaAddr = crm.Address("ewa@far.example")

type rig struct {
	*tt.World
	now time.Time
}

func newRig(t *testing.T) *rig {
	r := &rig{now: tt.Start}
	r.World = tt.Open(t, t.TempDir()+"/data.db", func() time.Time { r.now = r.now.Add(time.Millisecond); return r.now })
	return r
}

func (r *rig) catchUp() {
	r.T.Helper()
	for range 2 { // a repeat changes nothing
		must(r.T, New(r.Space, r.Records, r.Bodies, r.Blobs, slog.New(slog.DiscardHandler)).CatchUp(r.T.Context()))
	}
}

func (r *rig) invited(id string, i crm.Invite, more tt.Mail) {
	r.T.Helper()
	i.UID = "visit"
	m := tt.Mail{ID: crm.RFCID(id), From: ewaAddr, To: []crm.Address{tt.AnnaAtWork}, Subject: "Visit", Class: crm.ClassCalendar, Date: crm.At(r.now), Invites: []crm.Invite{i}}
	if more.From != "" {
		m.From, m.To = more.From, more.To
	}
	m.Mailbox = more.Mailbox
	r.Store(m)
	r.catchUp()
}

func (r *rig) meetings() []crm.Record {
	r.T.Helper()
	docs, err := store.Activities.All(r.T.Context(), r.Space, store.Query{Where: []store.Filter{store.Is("kind", crm.KindMeeting)}, Order: "created_at"})
	must(r.T, err)
	var out []crm.Record
	for _, d := range docs {
		out = append(out, d.Value)
	}
	return out
}

// TestInvitation: made once, moved, answered, called off; of a mail that
// colleagues know by its people only it names these.
func TestInvitation(t *testing.T) {
	r := newRig(t)
	start := crm.At(r.now.Add(48 * time.Hour))
	people := []crm.Invited{{Address: tt.AnnaAtWork, Name: "Anna", Answer: crm.AnswerOpen}, {Address: ewaAddr, Name: "Ewa", Answer: crm.AnswerAccepted}}
	first := crm.Invite{Method: crm.InviteRequest, Start: start, End: start.Add(time.Hour), Title: "Price talk", Place: "Room 1", Organizer: ewaAddr, Invited: people}
	r.invited("one@x", first, tt.Mail{})
	if got := r.meetings(); len(got) != 0 {
		t.Fatalf("a meeting with nobody whom we know: %v", got)
	}
	ewa := r.Make(crm.KindContact, 1, map[string]any{"name": "Ewa", "emails": []string{string(ewaAddr)}})
	must(t, ledger.NewFollower(r.Space, slog.New(slog.DiscardHandler)).CatchUp(t.Context()))
	r.catchUp()
	got := r.meetings()
	if len(got) != 1 {
		t.Fatalf("%d meetings", len(got))
	}
	m := got[0]
	want := map[string]any{"title": "Ewa", "started": start, "status": "planned", "attendance": "needs_action", "organizer": string(ewaAddr)}
	for key, v := range want {
		if d := cmp.Diff(v, m.Values[key]); d != "" {
			t.Errorf("%s: %s", key, d)
		}
	}
	if m.Values["place"] != nil || m.At != start || len(m.Feed) != 1 || m.Feed[0] != crm.Feed(ewa, crm.Members) {
		t.Errorf("the meeting: %+v", m)
	}
	r.invited("yes@x", crm.Invite{Method: crm.InviteReply, Start: start, Stamp: crm.At(r.now), Invited: []crm.Invited{{Address: tt.AnnaAtWork, Answer: crm.AnswerAccepted}}},
		tt.Mail{From: tt.AnnaAtWork, To: []crm.Address{ewaAddr}})
	moved := first
	moved.Sequence, moved.Start, moved.End = 1, start.Add(24*time.Hour), 0
	r.invited("two@x", moved, tt.Mail{})
	m = r.meetings()[0]
	if m.At != moved.Start || m.Text("attendance") != crm.AnswerAccepted || m.Values["ends"] != nil {
		t.Errorf("moved and accepted: %v", m.Values)
	}
	r.invited("off@x", crm.Invite{Method: crm.InviteCancel, Sequence: 2, Start: moved.Start}, tt.Mail{})
	if m = r.meetings()[0]; m.Text("status") != crm.MeetingCancelled || len(r.meetings()) != 1 {
		t.Errorf("called off: %v", m.Values)
	}
	doc, err := store.Identities.GetMany(t.Context(), r.Space, []string{crm.IdentityID(r.Key, crm.AddressToken(ewaAddr))})
	must(t, err)
	if h := doc[0].Value.Holders; len(h) != 1 || h[0].Record != ewa {
		t.Errorf("the address of an attendee is held by %v", h)
	}
}

// TestShared: what everybody may read is told whole, and can be taken back.
func TestShared(t *testing.T) {
	r := newRig(t)
	_, err := r.Records.Share(t.Context(), records.By{Actor: tt.Anna}, crm.Sharing{Mailboxes: map[crm.MailboxID]crm.MailLevel{tt.AnnaMail: crm.MailFull}})
	must(t, err)
	r.Make(crm.KindContact, 1, map[string]any{"name": "Ewa", "emails": []string{string(ewaAddr)}})
	r.invited("one@x", crm.Invite{Method: crm.InviteRequest, Floats: true, Start: crm.At(time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)), Title: "Price talk", Place: "Room 1"}, tt.Mail{})
	m := r.meetings()[0]
	if m.Text("title") != "Price talk" || m.Text("place") != "Room 1" || m.At.String() != "2026-11-30T23:00:00Z" {
		t.Errorf("%v at %s", m.Values, m.At)
	}
	page, err := r.Records.History(t.Context(), access.Member(tt.Anna), string(m.ID), records.Page{})
	must(t, err)
	_, err = r.Records.Undo(t.Context(), records.By{Actor: tt.Anna}, page.Items[0].Batch)
	must(t, err)
	if got := r.meetings(); len(got) != 0 {
		t.Errorf("after undo: %v", got)
	}
}

// TestSeries: one meeting of a series, at the one that comes next; moved, called
// off and answered one by one, in any order; it goes on when one is over.
func TestSeries(t *testing.T) {
	r := newRig(t)
	_, err := r.Records.Share(t.Context(), records.By{Actor: tt.Anna}, crm.Sharing{Mailboxes: map[crm.MailboxID]crm.MailLevel{tt.AnnaMail: crm.MailFull}})
	must(t, err)
	r.Make(crm.KindContact, 1, map[string]any{"name": "Ewa", "emails": []string{string(ewaAddr)}})
	first := crm.At(time.Date(r.now.Year(), r.now.Month(), r.now.Day()+1, 9, 0, 0, 0, time.UTC))
	week := func(n int) crm.Time { return first.Add(time.Duration(n) * 7 * 24 * time.Hour) }
	all := crm.Invite{Method: crm.InviteRequest, Start: first, End: first.Add(time.Hour), Title: "Weekly", Repeats: "FREQ=WEEKLY", Organizer: ewaAddr,
		Invited: []crm.Invited{{Address: tt.AnnaAtWork, Answer: crm.AnswerAccepted}, {Address: ewaAddr, Answer: crm.AnswerAccepted}}}
	moved := crm.Invite{Method: crm.InviteRequest, Planned: week(1), Start: week(1).Add(26 * time.Hour), End: week(1).Add(27 * time.Hour), Sequence: 2, Stamp: 2}
	stale := moved
	stale.Start, stale.End, stale.Sequence = week(1).Add(time.Hour), week(1).Add(2*time.Hour), 1
	r.invited("moved@x", moved, tt.Mail{}) // before the series is known
	r.invited("all@x", all, tt.Mail{})
	r.invited("stale@x", stale, tt.Mail{})
	r.invited("off@x", crm.Invite{Method: crm.InviteCancel, Planned: week(2), Start: week(2), Sequence: 1}, tt.Mail{})
	r.invited("no@x", crm.Invite{Method: crm.InviteReply, Planned: week(1), Start: week(1), Stamp: 9, Invited: []crm.Invited{{Address: tt.AnnaAtWork, Answer: crm.AnswerDeclined}}},
		tt.Mail{From: tt.AnnaAtWork, To: []crm.Address{ewaAddr}})
	stands := func(at crm.Time, status, attendance string) {
		t.Helper()
		got := r.meetings()
		if len(got) != 1 {
			t.Fatalf("%d meetings", len(got))
		}
		if m := got[0]; m.At != at || m.Text("status") != status || m.Text("attendance") != attendance || m.Text("title") != "Weekly" {
			t.Errorf("stands at %s, %s, %s, %q; want %s, %s, %s", m.At, m.Text("status"), m.Text("attendance"), m.Text("title"), at, status, attendance)
		}
	}
	stands(first, crm.MeetingPlanned, crm.AnswerAccepted)
	m := r.meetings()[0]
	want := []crm.Move{{Was: week(1), Now: moved.Start}, {Was: week(2)}}
	if d := cmp.Diff(want, m.Moves()); d != "" || m.Frequency() != "weekly" {
		t.Errorf("moves: %s", d)
	}
	for _, step := range []struct {
		after crm.Time
		at    crm.Time
		said  string
	}{{first, first, crm.AnswerAccepted}, {first.Add(time.Hour), moved.Start, crm.AnswerDeclined}, {moved.End, week(3), crm.AnswerAccepted}} {
		r.now = step.after.Std()
		r.catchUp()
		stands(step.at, crm.MeetingPlanned, step.said)
	}
	page, err := r.Records.History(t.Context(), access.Member(tt.Anna), string(m.ID), records.Page{})
	must(t, err)
	if len(page.Items) != 6 { // made, the series, called off, answered, and gone on twice
		t.Errorf("%d changes", len(page.Items))
	}
	r.invited("end@x", crm.Invite{Method: crm.InviteCancel, Sequence: 3}, tt.Mail{})
	stands(week(3), crm.MeetingCancelled, crm.AnswerAccepted)
	r.now = week(9).Std()
	r.catchUp()
	stands(week(3), crm.MeetingCancelled, crm.AnswerAccepted)
}

// TestSeriesBad: a rule that makes no series leaves a single meeting.
func TestSeriesBad(t *testing.T) {
	r := newRig(t)
	r.Make(crm.KindContact, 1, map[string]any{"name": "Ewa", "emails": []string{string(ewaAddr)}})
	start := crm.At(r.now.Add(48 * time.Hour))
	r.invited("one@x", crm.Invite{Method: crm.InviteRequest, Start: start, Repeats: "FREQ=SECONDLY"}, tt.Mail{})
	if m := r.meetings(); len(m) != 1 || m[0].At != start || m[0].Values["repeats"] != nil || m[0].Values["over"] == nil {
		t.Errorf("%v", m)
	}
}

// TestOneOfItsOwn: one of a series shows its own title and place while the meeting
// stands there, and what a person wrote stays.
func TestOneOfItsOwn(t *testing.T) {
	r := newRig(t)
	_, err := r.Records.Share(t.Context(), records.By{Actor: tt.Anna}, crm.Sharing{Mailboxes: map[crm.MailboxID]crm.MailLevel{tt.AnnaMail: crm.MailFull}})
	must(t, err)
	r.Make(crm.KindContact, 1, map[string]any{"name": "Ewa", "emails": []string{string(ewaAddr)}})
	first := crm.At(time.Date(r.now.Year(), r.now.Month(), r.now.Day()+1, 9, 0, 0, 0, time.UTC))
	week := func(n int) crm.Time { return first.Add(time.Duration(n) * 7 * 24 * time.Hour) }
	r.invited("all@x", crm.Invite{Method: crm.InviteRequest, Start: first, End: first.Add(time.Hour), Title: "Weekly", Place: "Room 1", Repeats: "FREQ=WEEKLY"}, tt.Mail{})
	r.invited("one@x", crm.Invite{Method: crm.InviteRequest, Planned: week(1), Start: week(1), End: week(1).Add(time.Hour), Title: "Review", Place: "Room 2", Stamp: 2}, tt.Mail{})
	stands := func(now crm.Time, title, place string) {
		t.Helper()
		r.now = now.Std()
		r.catchUp()
		if m := r.meetings()[0]; m.Text("title") != title || m.Text("place") != place {
			t.Errorf("at %s it is %q in %q, want %q in %q", m.At, m.Text("title"), m.Text("place"), title, place)
		}
	}
	stands(first, "Weekly", "Room 1")
	stands(first.Add(2*time.Hour), "Review", "Room 2")
	_, err = r.Records.Update(t.Context(), records.By{Actor: tt.Anna}, r.meetings()[0].ID, records.Patch{Values: map[string]any{"title": "Our review"}})
	must(t, err)
	r.invited("again@x", crm.Invite{Method: crm.InviteRequest, Planned: week(1), Start: week(1), End: week(1).Add(time.Hour), Title: "Review", Place: "Room 2", Stamp: 2}, tt.Mail{})
	stands(week(1), "Our review", "Room 2")
	stands(week(1).Add(2*time.Hour), "Weekly", "Room 1")
}

// TestCounter: a proposed time shows, is taken over as any change, and comes back
// when that is undone.
func TestCounter(t *testing.T) {
	r := newRig(t)
	r.Make(crm.KindContact, 1, map[string]any{"name": "Ewa", "emails": []string{string(ewaAddr)}})
	start := crm.At(r.now.Add(48 * time.Hour))
	r.invited("one@x", crm.Invite{Method: crm.InviteRequest, Stamp: 1, Start: start, End: start.Add(time.Hour), Organizer: tt.AnnaAtWork,
		Invited: []crm.Invited{{Address: ewaAddr}}}, tt.Mail{})
	later := start.Add(24 * time.Hour)
	r.invited("counter@x", crm.Invite{Method: crm.InviteCounter, Stamp: 2, Start: later, End: later.Add(time.Hour)}, tt.Mail{})
	m := r.meetings()[0]
	if m.When("proposed") != later || m.Text("proposed_by") != string(ewaAddr) || m.When("started") != start {
		t.Fatalf("proposed: %v", m.Values)
	}
	before := m
	done, err := r.Records.Update(t.Context(), records.By{Actor: tt.Anna}, m.ID, records.Patch{Values: map[string]any{"started": later.String(), "ends": later.Add(time.Hour).String()}})
	must(t, err)
	r.catchUp()
	if m = r.meetings()[0]; m.When("started") != later || m.Values["proposed"] != nil {
		t.Errorf("taken over: %v", m.Values)
	}
	_, err = r.Records.Undo(t.Context(), records.By{Actor: tt.Anna}, done.Batch)
	must(t, err)
	if d := cmp.Diff(before.Values, r.meetings()[0].Values); d != "" {
		t.Errorf("undone: %s", d)
	}
}

// TestCounterOfSeries: what is proposed for one of a series is told until that one
// is over.
func TestCounterOfSeries(t *testing.T) {
	r := newRig(t)
	r.Make(crm.KindContact, 1, map[string]any{"name": "Ewa", "emails": []string{string(ewaAddr)}})
	start := crm.At(r.now.Truncate(time.Second).Add(48 * time.Hour))
	next := start.Add(7 * 24 * time.Hour)
	r.invited("one@x", crm.Invite{Method: crm.InviteCounter, Planned: next, Stamp: 2, Start: next.Add(time.Hour)}, tt.Mail{}) // before the series is known
	r.invited("all@x", crm.Invite{Method: crm.InviteRequest, Stamp: 1, Start: start, End: start.Add(time.Hour), Organizer: tt.AnnaAtWork, Repeats: "FREQ=WEEKLY",
		Invited: []crm.Invited{{Address: ewaAddr}}}, tt.Mail{})
	m := r.meetings()[0]
	if p := m.Proposed(); p == nil || p.Of != next || p.Start != next.Add(time.Hour) || p.Whole || p.Alone() || m.When("started") != start {
		t.Fatalf("proposed: %+v of %v", p, m.Values)
	}
	r.now = next.Add(2 * time.Hour).Std()
	r.catchUp()
	if m = r.meetings()[0]; m.When("started") == start || m.Proposed() != nil {
		t.Errorf("after it: %+v, at %s", m.Proposed(), m.At)
	}
}
