package addon

import (
	"strings"
	"testing"
	"time"

	"threadline/addon/card"
	"threadline/internal/crm"
	"threadline/internal/records"
	"threadline/internal/store"
	tt "threadline/internal/timeline/timelinetest"
)

// linked tells whether the mail is on the timeline of a record.
func (x *office) linked(m crm.MessageID, r crm.RecordID) bool {
	x.t.Helper()
	d, err := store.Messages.Get(x.t.Context(), x.w.Space, string(m))
	x.must(err)
	for _, l := range d.Value.Links {
		if l.Record == r {
			return true
		}
	}
	return false
}

// wrong presses "Wrong?" beside the reason for a record.
func (x *office) wrong(id crm.RecordID) {
	x.t.Helper()
	var found object
	walk(x.top(), func(o object) {
		if params := paramsOf(o); found == nil && params[opParam] == opAsk && params[recordParam] == string(id) {
			found = o
		}
	})
	if found == nil {
		x.t.Fatalf("no reason for %s can be said to be wrong: %s", id, x.text())
	}
	x.run(found)
}

func paramsOf(action object) object {
	out := object{}
	list, _ := action["parameters"].([]any)
	for _, v := range list {
		if kv, ok := v.(object); ok {
			out[kv["key"].(string)] = kv["value"]
		}
	}
	return out
}

// rival makes a second deal of the company, to which the same mail could belong.
func (x *office) rival() crm.RecordID {
	return x.w.Make(crm.KindDeal, 9, map[string]any{"name": "Conveyor belts", "pipeline": "sales", "stage": "qualified", "company": string(x.nord),
		"contacts": []any{string(x.nora)}, "created": crm.At(tt.Start.Add(-20 * 24 * time.Hour)).String(), "owner": string(tt.Anna)})
}

// TestFlowCorrections: a mail is said to be wrong for a conversation, an address
// and a domain; what will change is shown first, and each is taken back.
func TestFlowCorrections(t *testing.T) {
	x := newOffice(t)
	belts := x.rival()
	x.h.deps.Book.Followed(t.Context())
	x.open(x.ask)
	x.sees("the message names")
	x.wrong(x.deal)
	x.sees("For whom does this hold?", "Conveyor belts")
	x.fill("instead", string(belts))
	x.click("Show what changes")
	x.sees("1 message would change", "+ Conveyor belts", "− Pallet racks")
	if !x.linked(x.ask, x.deal) {
		t.Fatal("the preview has changed something")
	}
	x.click("Apply")
	x.hears("Corrected.")
	x.sees("Conveyor belts", "put here by")
	if x.linked(x.ask, x.deal) || !x.linked(x.ask, belts) || x.last["stateChanged"] != true || len(x.stack) != 1 {
		t.Errorf("after the correction: racks %t, belts %t, %d cards", x.linked(x.ask, x.deal), x.linked(x.ask, belts), len(x.stack))
	}
	x.press("Corrected.")
	x.hears("Taken back.")
	if !x.linked(x.ask, x.deal) || x.linked(x.ask, belts) {
		t.Error("it was not taken back")
	}
	for _, scope := range []string{"message", "address", "domain"} {
		x.open(x.ask)
		x.wrong(x.nord)
		x.fill("scope", scope)
		x.click("Show what changes")
		x.sees("1 message would change", "0 more, 1 fewer")
		x.click("Apply")
		if x.linked(x.ask, x.nord) || !x.linked(x.ask, x.nora) {
			t.Errorf("%s: company %t, contact %t", scope, x.linked(x.ask, x.nord), x.linked(x.ask, x.nora))
		}
		x.press("Corrected.")
		if !x.linked(x.ask, x.nord) {
			t.Errorf("%s: it was not taken back", scope)
		}
	}
}

// TestFlowQuestion: when two deals fit, the matcher asks; the answer holds and
// is taken back.
func TestFlowQuestion(t *testing.T) {
	x := newOffice(t)
	belts := x.rival()
	id := x.w.Store(tt.Mail{ID: "again@nord.example", From: "nora@nord.example", To: []crm.Address{tt.AnnaAtWork}, Subject: "A word", Text: "When will you call?", Date: crm.At(tt.Start.Add(-time.Hour))})[0]
	x.h.deps.Book.Followed(t.Context())
	answer := func(row string) {
		t.Helper()
		x.open(id)
		x.sees("Which deal is this about?", "Several deals fit")
		if row == "" {
			x.click("None of these")
			return
		}
		var found object
		walk(x.top(), func(o object) {
			if p := paramsOf(o); p[opParam] == opChoose && p[valueParam] == row {
				found = o
			}
		})
		x.run(found)
	}
	answer(string(belts))
	x.hears("The conversation is logged at Conveyor belts.")
	x.seesNot("Which deal is this about?")
	if !x.linked(id, belts) || x.last["stateChanged"] != true {
		t.Error("the answer changed nothing")
	}
	x.press("The conversation is logged at Conveyor belts.")
	x.hears("Taken back.")
	answer("")
	x.hears("Corrected.")
	x.seesNot("Which deal is this about?")
	if x.linked(id, belts) || x.linked(id, x.deal) {
		t.Error("none of these chose one")
	}
}

// TestFlowConversation: nobody has to write any more; what a signature says is
// taken over; another conversation begins where the subject changes.
func TestFlowConversation(t *testing.T) {
	x := newOffice(t)
	ids := x.w.Store(
		tt.Mail{ID: "sig@nord.example", From: "nora@nord.example", To: []crm.Address{tt.AnnaAtWork}, Subject: "Re: Pallet racks", Refs: []crm.RFCID{"ask@nord.example"}, Date: crm.At(tt.Start.Add(-2 * time.Hour)),
			Text: "Fine.\n\nBest regards\nNora Lind\nHead of Purchasing\nNord\nPhone: +46 8 123 456 78\n"},
		tt.Mail{ID: "other@nord.example", From: "nora@nord.example", To: []crm.Address{tt.AnnaAtWork}, Subject: "Holiday in August", Refs: []crm.RFCID{"ask@nord.example", "sig@nord.example"}, Text: "We are closed.", Date: crm.At(tt.Start.Add(-time.Hour))},
	)
	x.h.deps.Book.Followed(t.Context())
	x.open(ids[0])
	x.sees("From the signature", "+46812345678")
	x.press("+46812345678")
	x.hears("Saved.")
	if got := x.record(x.nora).List("phones"); len(got) != 1 || got[0] != "+46812345678" {
		t.Errorf("phones %v", got)
	}
	x.press("Saved.")
	if got := x.record(x.nora).List("phones"); len(got) != 0 {
		t.Errorf("taken back: %v", got)
	}
	x.open(ids[1])
	x.click("Mark as done")
	x.hears("Closed: nobody has to write")
	x.sees("Closed: nobody has to write", "Undo")
	x.press("Closed: nobody has to write")
	x.sees("Our turn to write")
	x.sees("The subject changes here.")
	x.click("Split the conversation here")
	x.hears("Corrected.")
	x.seesNot("The subject changes here.")
	if a, b := x.talk(ids[0]), x.talk(ids[1]); a == b {
		t.Error("it is one conversation still")
	}
	x.press("Corrected.")
	if a, b := x.talk(ids[0]), x.talk(ids[1]); a != b {
		t.Error("they were not joined again")
	}
}

// talk is the conversation of a mail.
func (x *office) talk(m crm.MessageID) crm.ThreadID {
	x.t.Helper()
	d, err := store.Messages.Get(x.t.Context(), x.w.Space, string(m))
	x.must(err)
	return d.Value.Talk(func(id crm.ThreadID) crm.ThreadID { return id })
}

// TestHiddenInstead: what is entered is not sealed; a deal that the person may
// not see, or that there is not, is refused before anything is foretold.
func TestHiddenInstead(t *testing.T) {
	x := newOffice(t)
	secret := x.w.Make(crm.KindDeal, 9, map[string]any{"name": "Secret plans", "pipeline": "sales", "stage": "qualified", "owner": string(tt.Bob)})
	by := records.By{Cause: crm.CauseCLI}
	own := crm.FolderRights{Create: crm.ReachOwn, Read: crm.ReachOwn, Update: crm.ReachOwn, Delete: crm.ReachOwn}
	_, err := x.w.Records.SetRole(t.Context(), by, crm.MemberRole{Key: "own_only", Name: "Own only", Others: own})
	x.must(err)
	_, err = x.w.Records.SetMembership(t.Context(), by, crm.Membership{User: tt.Anna, Role: "own_only"})
	x.must(err)
	before := x.feed()
	for _, op := range []string{opForetell, opCorrect} {
		for _, instead := range []string{string(secret), "dea_zzzzzzzzzzzzzzzzzzzzzzzzzz"} {
			x.sealed(tt.Anna, []card.Param{param(opParam, op), param(recordParam, string(x.deal)), param(messageParam, string(x.ask))},
				object{insteadParam: text(instead), scopeParam: text("thread")})
			if b := asText(x.last); !strings.Contains(b, "no longer exists") || strings.Contains(b, "Secret") {
				t.Errorf("%s to %s: %s", op, instead, b)
			}
		}
	}
	if after := x.feed(); after != before {
		t.Errorf("%d changes were written", after-before)
	}
}
