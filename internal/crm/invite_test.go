package crm

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// TestFollowAnyOrder: whatever the order of invitations, answers and
// cancellations, and however often they come, the meeting is the same.
func TestFollowAnyOrder(t *testing.T) {
	own := func(a Address) bool { return a.Domain() == "own.example" }
	rapid.Check(t, func(t *rapid.T) {
		var mails []Invite
		for n := range rapid.IntRange(1, 5).Draw(t, "mails") {
			i := Invite{UID: "u", Method: rapid.SampledFrom([]InviteMethod{InviteRequest, InviteCancel}).Draw(t, "method"),
				Sequence: int64(n), Stamp: Time(1000 + n), Start: Time(rapid.IntRange(1, 3).Draw(t, "start")), Title: rapid.SampledFrom([]string{"Visit", "Tour"}).Draw(t, "title"), Place: rapid.SampledFrom([]string{"", "Dock"}).Draw(t, "place"),
				Planned: rapid.SampledFrom([]Time{0, 0, 1, 2}).Draw(t, "planned"), Repeats: rapid.SampledFrom([]string{"", "FREQ=DAILY"}).Draw(t, "repeats"),
				Invited: []Invited{{Address: "anna@own.example", Answer: AnswerOpen}, {Address: "ewa@far.example"}}}
			mails = append(mails, i)
		}
		for n := range rapid.IntRange(0, 4).Draw(t, "replies") {
			mails = append(mails, Invite{UID: "u", Method: InviteReply, Stamp: Time(2000 + n), Start: 1, Planned: rapid.SampledFrom([]Time{0, 1}).Draw(t, "of"), Invited: []Invited{{
				Address: rapid.SampledFrom([]Address{"anna@own.example", "bo@own.example", "ewa@far.example"}).Draw(t, "who"),
				Answer:  rapid.SampledFrom(Answers()).Draw(t, "answer")}}})
		}
		for n := range rapid.IntRange(0, 2).Draw(t, "proposals") {
			mails = append(mails, Invite{UID: "u", Method: InviteCounter, Stamp: Time(1001 + 2*n), Start: Time(rapid.IntRange(1, 4).Draw(t, "proposed")), Planned: rapid.SampledFrom([]Time{0, 0, 1, 2}).Draw(t, "of"),
				From: rapid.SampledFrom([]Address{"ewa@far.example", "bo@far.example"}).Draw(t, "by"), Invited: []Invited{{Address: "ewa@far.example", Answer: AnswerTentative}}})
		}
		run := func(order []int) map[string]any {
			r := Record{Values: map[string]any{}}
			for _, n := range order {
				mails[n].Follow(&r, false, own)
				stand(&r, own)
				r.OpenProposal()
			}
			return r.Values
		}
		var plain []int
		for n := range mails {
			plain = append(plain, n)
		}
		want := run(plain)
		other := append(rapid.Permutation(plain).Draw(t, "order"), rapid.SliceOf(rapid.SampledFrom(plain)).Draw(t, "again")...)
		if d := cmp.Diff(want, run(other)); d != "" {
			t.Fatalf("in the order %v: %s", other, d)
		}
	})
}

// stand puts a series at the first of it that is known.
func stand(r *Record, own func(Address) bool) {
	s, ok := r.Series()
	if !ok {
		r.StandAlone()
		return
	}
	at := Occurrence{Planned: s.Start, Start: s.Start, End: s.End}
	for _, o := range s.Changed {
		if !o.Cancelled && (at.Start == 0 || o.Start < at.Start) {
			at = o
		}
	}
	r.Stand(at, at.Start+1, at.Start == 0, own)
}

// TestFollow: moved, called off, answered; what a person wrote since stays until
// the next revision.
func TestFollow(t *testing.T) {
	own := func(a Address) bool { return a.Domain() == "own.example" }
	r := Record{Values: map[string]any{}}
	first := Invite{UID: "u", Method: InviteRequest, Start: 10, End: 20, Title: "Visit", Place: "Here",
		Invited: []Invited{{Address: "anna@own.example", Name: "Anna", Answer: AnswerOpen}}}
	first.Follow(&r, false, own)
	r.Values["status"], r.Values["title"] = "held", "Visit to us"
	first.Follow(&r, false, own)
	if r.Text("status") != "held" || r.Text("title") != "Visit to us" || r.Text("attendance") != AnswerOpen {
		t.Errorf("a repeat changed what a person wrote: %v", r.Values)
	}
	yes := Invite{UID: "u", Method: InviteReply, Stamp: 5, Start: 10, Invited: []Invited{{Address: "anna@own.example", Answer: AnswerAccepted}}}
	yes.Follow(&r, false, own)
	moved := first
	moved.Sequence, moved.Start, moved.End = 1, 30, 40
	moved.Follow(&r, true, own)
	if r.When("started") != 30 || r.Text("status") != "planned" || r.Text("attendance") != AnswerAccepted || r.Text("title") != "?" {
		t.Errorf("moved, with a title that is not for everybody: %v", r.Values)
	}
	off := Invite{UID: "u", Method: InviteCancel, Sequence: 2, Start: 30}
	off.Follow(&r, false, own)
	if r.Text("status") != MeetingCancelled {
		t.Errorf("called off: %v", r.Values)
	}
}

// TestProposal: another time that is proposed shows until it is taken over, or the
// organizer says anew; a stranger proposes nothing.
func TestProposal(t *testing.T) {
	own := func(a Address) bool { return a.Domain() == "own.example" }
	first := Invite{UID: "u", Method: InviteRequest, Stamp: 1, Start: 10, End: 20, Title: "Visit", Organizer: "anna@own.example",
		Invited: []Invited{{Address: "ewa@far.example", Answer: AnswerOpen}, {Address: "anna@own.example", Answer: AnswerAccepted}}}
	counter := Invite{UID: "u", Method: InviteCounter, Stamp: 5, Start: 30, End: 40, From: "ewa@far.example",
		Invited: []Invited{{Address: "ewa@far.example", Answer: AnswerTentative}, {Address: "anna@own.example", Answer: AnswerDeclined}}}
	r := Record{Values: map[string]any{}}
	first.Follow(&r, false, own)
	counter.Follow(&r, false, own)
	if r.When("started") != 10 || r.When("proposed") != 30 || r.When("proposed_ends") != 40 || r.Text("proposed_by") != "ewa@far.example" || r.Text("attendance") != AnswerAccepted {
		t.Errorf("proposed: %v", r.Values)
	}
	stranger, older := counter, counter
	stranger.From, stranger.Stamp = "eve@evil.example", 6
	older.Stamp, older.Start = 4, 50
	older.Follow(&r, false, own)
	if r.When("proposed") != 30 {
		t.Errorf("an older one: %v", r.Values)
	}
	other := r.Clone()
	stranger.Follow(&other, false, own)
	if other.Values["proposed"] != nil {
		t.Errorf("a stranger proposes: %v", other.Values)
	}
	taken := r.Clone()
	taken.Values["started"], taken.Values["ends"] = Time(30), Time(40)
	taken.OpenProposal()
	if taken.Values["proposed"] != nil || taken.Values["proposed_by"] != nil {
		t.Errorf("taken over: %v", taken.Values)
	}
	first.Sequence, first.Stamp, first.Start = 1, 9, 15
	first.Follow(&r, false, own)
	if r.Values["proposed"] != nil || r.When("started") != 15 {
		t.Errorf("said anew: %v", r.Values)
	}
}

// TestProposalOfSeries: one about a series, or one of it, is told as such, and ends
// with what it is about.
func TestProposalOfSeries(t *testing.T) {
	own := func(a Address) bool { return a.Domain() == "own.example" }
	const day = 1000
	all := Invite{UID: "u", Method: InviteRequest, Stamp: 1, Start: day, End: day + 10, Repeats: "FREQ=DAILY", Organizer: "anna@own.example",
		Invited: []Invited{{Address: "ewa@far.example"}}}
	whole := Invite{UID: "u", Method: InviteCounter, Stamp: 5, Start: day + 100, End: day + 110, From: "ewa@far.example"}
	one := whole
	one.Stamp, one.Planned, one.Start, one.End = 6, 2*day, 2*day+50, 2*day+60
	said := func(mails ...Invite) (Record, *Proposal) {
		r := Record{Values: map[string]any{}}
		for _, i := range append([]Invite{all}, mails...) {
			i.Follow(&r, false, own)
		}
		stand(&r, own)
		r.OpenProposal()
		return r, r.Proposed()
	}
	if r, p := said(whole); p == nil || !p.Whole || p.Alone() || p.Start != day+100 || r.When("started") != day {
		t.Errorf("of the whole: %+v of %v", p, r.Values)
	}
	r, p := said(whole, one)
	if p == nil || p.Whole || p.Alone() || p.Of != 2*day || p.Start != one.Start || p.End != one.End || p.By != "ewa@far.example" {
		t.Errorf("of one: %+v", p)
	}
	r.Values["started"] = Time(3 * day) // where the series stands later
	if r.OpenProposal(); r.Proposed() != nil {
		t.Errorf("of one that is over: %v", r.Values)
	}
	moved := Invite{UID: "u", Method: InviteRequest, Stamp: 7, Planned: 2 * day, Start: 2*day + 70}
	off := Invite{UID: "u", Method: InviteCancel, Stamp: 4, Planned: 2 * day, Start: 2 * day}
	agreed := moved
	agreed.Stamp, agreed.Start = 3, one.Start
	for name, i := range map[string]Invite{"moved since": moved, "called off": off, "it is then": agreed} {
		if _, p := said(one, i); p != nil {
			t.Errorf("%s: %+v", name, p)
		}
	}
}
