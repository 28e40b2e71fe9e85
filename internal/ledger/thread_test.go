package ledger_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"threadline/internal/crm"
	"threadline/internal/ledger"
	"threadline/internal/match"
	"threadline/internal/records"
	"threadline/internal/store"
)

// chain makes a conversation of n mails, each an answer to the one before;
// only the first is with somebody at a company.
func chain(n int) []crm.Message {
	out := []crm.Message{letter("m0", nil, day(1), "a@acme.example", olaMail)}
	for i := 1; i < n; i++ {
		out = append(out, letter(crm.RFCID(fmt.Sprintf("m%d", i)), []crm.RFCID{"m0", crm.RFCID(fmt.Sprintf("m%d", i-1))},
			day(2).Add(time.Duration(i)*time.Minute), "e@gmail.com", olaMail))
	}
	return out
}

// inOneThread checks that all mails have one name for their thread: the
// smallest of their ids.
func inOneThread(w *world, mail []crm.Message) {
	want := mail[0].ID
	for _, m := range mail {
		want = min(want, m.ID)
	}
	for _, m := range w.dump() {
		if m.Thread != crm.ThreadID(want) {
			w.t.Fatalf("%s is in the thread %s, want %s", m.ID, m.Thread, want)
		}
	}
	all, err := ledger.Members(w.ctx, w.sp, crm.ThreadID(want), store.MaxLimit)
	must(w.t, err)
	if len(all) != len(mail) {
		w.t.Fatalf("the thread has %d members, want %d", len(all), len(mail))
	}
}

// TestNames lets a thread lose its name many times: mails arrive one by one
// with ever smaller ids.
func TestNames(t *testing.T) {
	w := newWorld(t)
	mail := chain(25)
	slices.SortFunc(mail, func(a, b crm.Message) int { return strings.Compare(string(b.ID), string(a.ID)) })
	for _, m := range mail {
		w.arrive(true, m)
	}
	inOneThread(w, mail)
	root := crm.ThreadID(mail[len(mail)-1].ID)
	names, err := ledger.Names(t.Context(), w.sp, root)
	must(t, err)
	if len(names) < 11 {
		t.Fatalf("the thread had %d names: the test shows nothing", len(names))
	}
	w.make(crm.KindCompany, map[string]any{"name": "Acme", "domains": "acme.example"})
	w.catchUp()
	w.audit()
}

// TestLongThread lets 600 mails of one thread arrive in any order and groups:
// on the way it becomes too long for a conversation and stops to pass on its
// company and an answer for all of it.
func TestLongThread(t *testing.T) {
	h := newHouse(t)
	mail := chain(match.MaxThread + 100)
	var dumps [][]crm.Message
	for seed := range uint64(2) {
		w := h.world(t.Context(), t)
		acme, err := w.records.Create(w.ctx, w.by, records.Draft{ID: "com_aaaaaaaaaaaaaaaaaaaaaaaaaa", Kind: crm.KindCompany,
			Values: map[string]any{"name": "Acme", "domains": "acme.example"}})
		must(t, err)
		r := rand.New(rand.NewPCG(seed, 1))
		order := slices.Clone(mail)
		r.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		for at, answered := 0, false; at < len(order); {
			n := min(1+r.IntN(150), len(order)-at)
			w.arrive(true, order[at:at+n]...)
			at += n
			if !answered && slices.ContainsFunc(order[:at], func(m crm.Message) bool { return m.ID == mail[3].ID }) {
				answered = true
				_, err := ledger.Correct(w.ctx, w.sp, ledger.Correction{Message: mail[3].ID, Scope: crm.ScopeThread, Record: acme.Record.ID, Effect: crm.EffectNever, By: ola, Cause: crm.CauseUI})
				must(t, err)
				w.catchUp()
			}
		}
		w.catchUp()
		w.audit()
		inOneThread(w, mail)
		for _, m := range w.dump() {
			if want := m.RFCID == "m0"; want != (len(m.Links) == 1) {
				t.Fatalf("%s has %d links in a thread that is no conversation", m.RFCID, len(m.Links))
			}
		}
		dumps = append(dumps, w.dump())
	}
	if d := cmp.Diff(dumps[0], dumps[1]); d != "" {
		t.Fatalf("another order ends otherwise:\n%s", d)
	}
}

// TestBecomesTooLong watches the moment: with the last mail over the limit all
// others lose what the thread had passed on.
func TestBecomesTooLong(t *testing.T) {
	w := newWorld(t)
	acme := w.make(crm.KindCompany, map[string]any{"name": "Acme", "domains": "acme.example"}).Record.ID
	mail := chain(match.MaxThread + 1)
	w.arrive(true, mail[:match.MaxThread]...)
	w.wantLinks(mail[7].ID, map[crm.RecordID]crm.RuleName{acme: crm.ByThread})
	w.arrive(true, mail[match.MaxThread])
	w.wantLinks(mail[0].ID, map[crm.RecordID]crm.RuleName{acme: crm.ByDomain})
	w.wantLinks(mail[7].ID, nil)
	w.audit()
}

// TestSharedReference: a program that puts one reference into all its mails
// makes a thread without end; each mail of it still costs the same.
func TestSharedReference(t *testing.T) {
	w := newWorld(t)
	var mail []crm.Message
	for i := range 1100 {
		mail = append(mail, letter(crm.RFCID(fmt.Sprintf("alert%d", i)), []crm.RFCID{"alerts@host"}, day(1)+crm.Time(i), "a@acme.example", olaMail))
	}
	for group := range slices.Chunk(mail, 300) {
		w.arrive(true, group...)
	}
	names := map[crm.ThreadID]bool{}
	for _, m := range w.dump() {
		names[m.Thread] = true
	}
	if len(names) != 1 {
		t.Fatalf("the mails are in %d threads", len(names))
	}
	twin := letter("alert7", nil, day(3), "b@acme.example", olaMail)
	w.arrive(true, twin)
	for _, id := range []crm.MessageID{twin.ID, mail[7].ID} {
		if !slices.Contains(w.message(id).Marks, crm.MarkSameID) {
			t.Errorf("%s shares its Message-ID and is not marked", id)
		}
	}
	w.audit()
}

// TestMarksOfLongThreads tells in a thread that is too long for a conversation
// which messages change the subject and which have a Message-ID that another one
// has.
func TestMarksOfLongThreads(t *testing.T) {
	w := newWorld(t)
	mail := chain(match.MaxThread + 20)
	for i := range mail {
		mail[i].Subject, mail[i].Class = "Re: racks", crm.ClassPerson
		if i > 0 {
			mail[i].InReplyTo = []crm.RFCID{mail[i-1].RFCID}
		}
	}
	changed := []int{7, 260, match.MaxThread + 15}
	for _, i := range changed {
		mail[i].Subject = fmt.Sprintf("Invoice %d", i)
		mail[i+1].Subject = "Re: " + mail[i].Subject
		mail[i+2].Subject = "Re: " + mail[i].Subject
	}
	forged := letter("m300", []crm.RFCID{"m0", "m299"}, day(3), "e@gmail.com", olaMail)
	forged.ID, forged.Subject = forged.ID+"x", "Re: racks"
	for chunk := range slices.Chunk(append(mail, forged), 200) {
		w.arrive(true, chunk...)
	}
	everything := func(*crm.Message) bool { return true }
	for i, want := range map[int]bool{7: true, 8: false, 9: false, 10: true, 11: false, 260: true, 262: false, 263: true, match.MaxThread + 15: true, match.MaxThread + 10: false, 0: false} {
		m := w.message(mail[i].ID)
		_, part, err := ledger.Conversation(w.ctx, w.sp, &m)
		must(t, err)
		got, err := ledger.SubjectChanges(w.ctx, w.sp, part, everything)
		must(t, err)
		if got[m.ID] != want {
			t.Errorf("mail %d, %q: a split is proposed: %v, want %v", i, m.Subject, got[m.ID], want)
		}
	}
	for id, want := range map[crm.MessageID]bool{forged.ID: true, mail[300].ID: true, mail[299].ID: false} {
		if m := w.message(id); slices.Contains(m.Marks, crm.MarkSameID) != want {
			t.Errorf("%s (%s) has the marks %v", id, m.RFCID, m.Marks)
		}
	}
	w.audit()
}
