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
