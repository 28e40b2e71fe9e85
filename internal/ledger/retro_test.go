package ledger_test

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/ledger"
	"threadline/internal/records"
	"threadline/internal/store"
)

type links = map[crm.RecordID]crm.RuleName

// TestOthersForAMoment makes a domain ours and gives it up again before the
// follower looks: mail that came in between is matched as what we are.
func TestOthersForAMoment(t *testing.T) {
	w := newWorld(t)
	anna := w.make(crm.KindContact, map[string]any{"name": "Anna", "emails": "a@acme.example"})
	w.catchUp()
	own := func(domains ...crm.Domain) {
		ws, err := store.Workspaces.Get(w.ctx, w.sp, string(w.sp.Workspace()))
		must(t, err)
		ws.Value.OwnDomains = domains
		b := w.sp.Batch()
		store.Workspaces.Put(b, &ws.Value)
		must(t, b.Commit(w.ctx))
	}
	own("us.example", "acme.example")
	came := letter("1", nil, day(1), "a@acme.example", olaMail)
	w.arrive(false, came)
	w.wantLinks(came.ID, nil)
	own("us.example")
	w.catchUp()
	w.wantLinks(came.ID, links{anna.Record.ID: crm.ByAddress})
	w.audit()
}

// TestSettledWaits: while a follower has not looked at who we are, nothing is
// settled.
func TestSettledWaits(t *testing.T) {
	w := newWorld(t)
	w.catchUp()
	must(t, ledger.Settled(w.ctx, w.sp))
	b := w.sp.Batch()
	store.Tell(b, &crm.Arrival{})
	must(t, b.Commit(w.ctx))
	soon, cancel := context.WithTimeout(w.ctx, 200*time.Millisecond)
	defer cancel()
	if err := ledger.Settled(soon, w.sp); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("nobody has looked: %v", err)
	}
	w.catchUp()
	must(t, ledger.Settled(w.ctx, w.sp))
}

// TestRetroactive makes records after their mail has come: the mail is linked,
// and undo takes the links back.
func TestRetroactive(t *testing.T) {
	w := newWorld(t)
	early := letter("1", nil, day(1), "a@acme.example", olaMail)
	late := letter("2", nil, day(35), "a@acme.example", olaMail)
	w.arrive(false, early, late)
	w.wantLinks(late.ID, nil)
	blank := w.dump()

	anna := w.make(crm.KindContact, map[string]any{"name": "Anna", "emails": "a@acme.example"})
	w.catchUp()
	w.wantLinks(early.ID, links{anna.Record.ID: crm.ByAddress})
	w.wantLinks(late.ID, links{anna.Record.ID: crm.ByAddress})

	byte_ := w.make(crm.KindCompany, map[string]any{"name": "Byte"})
	works := w.update(anna.Record.ID, map[string]any{"company": string(byte_.Record.ID)})
	w.catchUp()
	w.wantLinks(late.ID, links{anna.Record.ID: crm.ByAddress, byte_.Record.ID: crm.ByContact})

	acme := w.make(crm.KindCompany, map[string]any{"name": "Acme", "domains": "acme.example"})
	w.catchUp()
	w.wantLinks(late.ID, links{anna.Record.ID: crm.ByAddress, byte_.Record.ID: crm.ByContact, acme.Record.ID: crm.ByDomain})
	w.undo(acme.Batch)
	w.undo(works)
	w.catchUp()
	w.wantLinks(late.ID, links{anna.Record.ID: crm.ByAddress})

	deal := w.make(crm.KindDeal, map[string]any{"name": "Deal", "contacts": string(anna.Record.ID), "created": day(40)})
	w.catchUp()
	w.wantLinks(early.ID, links{anna.Record.ID: crm.ByAddress}) // more than 30 days before
	w.wantLinks(late.ID, links{anna.Record.ID: crm.ByAddress, deal.Record.ID: crm.ByOnlyDeal})

	w.by.At = day(41)
	won := w.update(deal.Record.ID, map[string]any{"stage": "won"})
	after := letter("3", nil, day(42), "a@acme.example", olaMail)
	w.arrive(false, after)
	w.catchUp()
	w.wantLinks(late.ID, links{anna.Record.ID: crm.ByAddress, deal.Record.ID: crm.ByOnlyDeal})
	w.wantLinks(after.ID, links{anna.Record.ID: crm.ByAddress})
	w.undo(won)
	w.catchUp()
	w.wantLinks(after.ID, links{anna.Record.ID: crm.ByAddress, deal.Record.ID: crm.ByOnlyDeal})

	w.audit()
	w.undo(deal.Batch)
	w.undo(anna.Batch)
	w.catchUp()
	w.audit()
	kept := slices.DeleteFunc(w.dump(), func(m crm.Message) bool { return m.ID == after.ID })
	if d := cmp.Diff(blank, kept); d != "" {
		t.Errorf("undo leaves something (-before +after):\n%s", d)
	}
}

// TestRefusedContactLeadsOn: an answer took the contact off the message; what
// changes about the contact must reach the message all the same.
func TestRefusedContactLeadsOn(t *testing.T) {
	w := newWorld(t)
	m := letter("1", nil, day(39), "a@acme.example", olaMail)
	w.arrive(false, m)
	anna := w.make(crm.KindContact, map[string]any{"emails": "a@acme.example"}).Record.ID
	w.answer(m.ID, crm.ScopeMessage, anna, crm.EffectNever)
	w.catchUp()
	w.wantLinks(m.ID, nil)
	acme := w.make(crm.KindCompany, map[string]any{"name": "Acme"}).Record.ID
	w.update(anna, map[string]any{"company": string(acme)})
	deal := w.make(crm.KindDeal, map[string]any{"name": "Deal", "company": string(acme)}).Record.ID
	w.catchUp()
	w.wantLinks(m.ID, links{acme: crm.ByContact, deal: crm.ByOnlyDeal})
	w.audit()
}

func (w *world) answer(m crm.MessageID, scope crm.Scope, r crm.RecordID, effect crm.RuleEffect) string {
	w.t.Helper()
	batch, err := ledger.Correct(w.ctx, w.sp, ledger.Correction{Message: m, Scope: scope, Record: r, Effect: effect, By: ola, Cause: crm.CauseUI})
	must(w.t, err)
	return batch
}

// TestAnswersAndDeletion answers for a thread that grows; the record goes and
// comes back.
func TestAnswersAndDeletion(t *testing.T) {
	w := newWorld(t)
	first := letter("1", nil, day(1), "e@gmail.com", olaMail)
	w.arrive(false, first)
	acme := w.make(crm.KindCompany, map[string]any{"name": "Acme"}).Record.ID
	batch := w.answer(first.ID, crm.ScopeThread, acme, crm.EffectLink)
	w.catchUp()
	second := letter("2", []crm.RFCID{"1"}, day(2), "e@gmail.com", olaMail)
	w.arrive(false, second)
	w.wantLinks(second.ID, links{acme: crm.ByAnswer})
	if by := w.message(second.ID).Links[0].Evidence.By; crm.IDPrefix(by) != crm.PrefixAnswer {
		t.Errorf("the evidence is %q", by)
	}
	gone, err := w.records.Delete(w.ctx, w.by, acme, 0)
	must(t, err)
	w.catchUp()
	w.wantLinks(first.ID, nil)
	w.wantLinks(second.ID, nil)
	w.undo(gone)
	w.catchUp()
	w.wantLinks(second.ID, links{acme: crm.ByAnswer})
	w.answer(first.ID, crm.ScopeThread, acme, crm.EffectNever) // says otherwise: takes the place
	w.catchUp()
	w.wantLinks(second.ID, nil)
	w.answer(first.ID, crm.ScopeMessage, acme, crm.EffectLink) // later, for this message
	w.catchUp()
	w.wantLinks(first.ID, links{acme: crm.ByAnswer})
	w.wantLinks(second.ID, nil)
	w.audit()
	if _, err := w.records.Undo(w.ctx, w.by, batch); !crm.IsKind(err, crm.Conflict) {
		t.Errorf("the replaced answer was undone: %v", err)
	}
}

func TestAnswerErrors(t *testing.T) {
	w := newWorld(t)
	m := letter("1", nil, day(1), "a@acme.example", olaMail)
	w.arrive(false, m)
	acme := w.make(crm.KindCompany, map[string]any{"name": "Acme"}).Record.ID
	good := ledger.Correction{Message: m.ID, Scope: crm.ScopeThread, Record: acme, Effect: crm.EffectLink, By: ola, Cause: crm.CauseUI}
	for name, c := range map[string]struct {
		change func(*ledger.Correction)
		kind   crm.ErrorKind
	}{
		"unknown message":       {func(c *ledger.Correction) { c.Message = "msg_none" }, crm.NotFound},
		"unknown record":        {func(c *ledger.Correction) { c.Record = "con_none" }, crm.NotFound},
		"no id":                 {func(c *ledger.Correction) { c.Record = "../x" }, crm.Invalid},
		"unknown scope":         {func(c *ledger.Correction) { c.Scope = "world" }, crm.Invalid},
		"no record":             {func(c *ledger.Correction) { c.Record = "" }, crm.Invalid},
		"unknown instead":       {func(c *ledger.Correction) { c.Effect, c.Instead = crm.EffectNever, "dea_none" }, crm.NotFound},
		"the same instead":      {func(c *ledger.Correction) { c.Effect, c.Instead = crm.EffectNever, c.Record }, crm.Invalid},
		"link and instead":      {func(c *ledger.Correction) { c.Instead = "dea_none" }, crm.Invalid},
		"our address":           {func(c *ledger.Correction) { c.Scope, c.Address = crm.ScopeAddress, olaMail }, crm.Invalid},
		"below our domain":      {func(c *ledger.Correction) { c.Scope, c.Address = crm.ScopeDomain, "x@mail.us.example" }, crm.Invalid},
		"free mail":             {func(c *ledger.Correction) { c.Scope, c.Address = crm.ScopeDomain, "x@gmail.com" }, crm.Invalid},
		"hide what is not hers": {func(c *ledger.Correction) { c.Effect = crm.EffectPrivate }, crm.Denied},
		"split a domain":        {func(c *ledger.Correction) { c.Effect, c.Scope = crm.EffectSplit, crm.ScopeDomain }, crm.Invalid},
		"no scope":              {func(c *ledger.Correction) { c.Scope = "" }, crm.Invalid},
		"no effect":             {func(c *ledger.Correction) { c.Effect = "maybe" }, crm.Invalid},
		"message of others":     {func(c *ledger.Correction) { c.Message = crm.MessageID(acme) }, crm.NotFound},
	} {
		bad := good
		c.change(&bad)
		if _, err := ledger.Correct(t.Context(), w.sp, bad); !crm.IsKind(err, c.kind) {
			t.Errorf("%s: got %v, want %s", name, err, c.kind)
		}
	}
	if docs, err := store.Answers.All(t.Context(), w.sp, store.Query{}); err != nil || len(docs) != 0 {
		t.Errorf("refused answers were stored: %+v, %v", docs, err)
	}
}

// TestArrivals reads what the feed tells: new mail, links gained and lost, and
// whether it is history.
func TestArrivals(t *testing.T) {
	w := newWorld(t)
	anna := w.make(crm.KindContact, map[string]any{"emails": "a@acme.example"})
	live := letter("1", nil, day(1), "a@acme.example", olaMail)
	old := letter("2", nil, day(1), "b@acme.example", olaMail)
	w.arrive(false, live)
	w.arrive(true, old)
	w.catchUp()
	who := []crm.RecordID{anna.Record.ID}
	want := []crm.ArrivalItem{{Message: live.ID, New: true, Gained: who}, {Message: old.ID, New: true, Historical: true}}
	if d := cmp.Diff(want, w.arrivals()); d != "" {
		t.Fatalf("arrivals (-want +got):\n%s", d)
	}
	w.arrive(false, live) // again: nothing is new
	w.update(anna.Record.ID, map[string]any{"emails": "b@acme.example"})
	w.catchUp()
	got := w.arrivals()[len(want):]
	slices.SortFunc(got, func(a, b crm.ArrivalItem) int { return len(a.Gained) - len(b.Gained) })
	want = []crm.ArrivalItem{{Message: live.ID, Historical: true, Lost: who}, {Message: old.ID, Historical: true, Gained: who}}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("arrivals of a rematch (-want +got):\n%s", d)
	}
}

// TestDryRun: a dry rematch tells what a real one would do, and writes nothing.
func TestDryRun(t *testing.T) {
	w := newWorld(t)
	mail := chain(450) // in several chunks
	w.arrive(true, mail...)
	w.make(crm.KindCompany, map[string]any{"name": "Acme", "domains": "acme.example"})
	before := w.everything()
	dry, err := ledger.Rematch(t.Context(), w.sp, true, nil)
	must(t, err)
	if d := cmp.Diff(before, w.everything()); d != "" {
		t.Fatalf("a dry run wrote:\n%s", d)
	}
	var seen int64
	done, err := ledger.Rematch(t.Context(), w.sp, false, func(p ledger.Progress) { seen = p.Done })
	must(t, err)
	if dry.Seen != 450 || done.Seen != 450 || seen != 450 || dry.Changed != 450 || done.Changed != 450 {
		t.Errorf("dry: %d of %d, done: %d of %d, last told %d", dry.Changed, dry.Seen, done.Changed, done.Seen, seen)
	}
	if len(dry.Items) == 0 || len(dry.Items) > 450 || len(dry.Items[0].Gained) != 1 {
		t.Errorf("a dry run tells of %d messages", len(dry.Items))
	}
	w.audit()
	if again, err := ledger.Rematch(t.Context(), w.sp, false, nil); err != nil || again.Changed != 0 {
		t.Errorf("a repeat changed %d: %v", again.Changed, err)
	}
}

// everything is every document of the workspace.
func (w *world) everything() map[string]string {
	w.t.Helper()
	out := map[string]string{}
	for _, c := range store.CollectionInfos() {
		must(w.t, w.sp.EachRaw(w.ctx, c.Name, func(d store.RawDoc) error {
			out[c.Name+"/"+d.ID] = string(d.Data)
			return nil
		}))
	}
	return out
}

// TestAuditFinds damages what is stored: the audit must not stay silent.
func TestAuditFinds(t *testing.T) {
	w := newWorld(t)
	m := letter("1", nil, day(1), "a@acme.example", olaMail)
	w.arrive(false, m)
	w.make(crm.KindContact, map[string]any{"emails": "a@acme.example"})
	w.catchUp()
	good := w.message(m.ID)
	for what, damage := range map[string]func(*crm.Message){
		"links":              func(m *crm.Message) { m.Links = nil },
		"feed":               func(m *crm.Message) { m.Feed = m.Feed[:1] },
		"seek":               func(m *crm.Message) { m.Seek = nil },
		"marks":              func(m *crm.Message) { m.Marks = []crm.Mark{crm.MarkSameID} },
		"direction":          func(m *crm.Message) { m.Direction = crm.Outbound },
		"answers":            func(m *crm.Message) { m.Answered = true },
		"who may know of it": func(m *crm.Message) { m.Private = true },
		"exclusions":         func(m *crm.Message) { m.Excluded = crm.MetadataOnly },
	} {
		bad := good
		damage(&bad)
		b := w.sp.Batch()
		store.Messages.Put(b, &bad)
		must(t, b.Commit(t.Context()))
		var found []string
		must(t, ledger.Audit(t.Context(), w.sp, func(d ledger.Difference) { found = append(found, d.What) }, nil))
		if !slices.Contains(found, what+" differ from a recompute") {
			t.Errorf("damaged %s: found %q", what, found)
		}
	}
}

// TestSuggest finds people in mail, and nobody else.
func TestSuggest(t *testing.T) {
	w := newWorld(t)
	name := func(m crm.Message, names ...string) crm.Message {
		for i, n := range names {
			m.Participants[i].Name = n
		}
		return m
	}
	class := func(m crm.Message, c crm.Class) crm.Message { m.Class = c; return m }
	written := letter("1", nil, day(1), olaMail, "a@acme.example", "no-reply@acme.example", "jan@us.example")
	written.Participants = append(written.Participants, crm.Participant{Role: crm.RoleCc, Address: "a@acme.example"}, crm.Participant{Role: crm.RoleCc, Address: "c@byte.example"})
	reply := name(letter("2", []crm.RFCID{"1"}, day(2), "a@acme.example", olaMail, "d@mail.byte.example"), "Anna Nowak")
	w.arrive(true, written, reply,
		letter("3", nil, day(3), olaMail, "known@acme.example", "e@gmail.com", "news@shop.example", "dropped@acme.example", "both@shop.example"),
		class(letter("4", nil, day(4), "news@shop.example", olaMail), crm.ClassBulk),
		class(letter("5", nil, day(4), "robot@shop.example", olaMail), crm.ClassNotification),
		class(letter("6", nil, day(4), "both@shop.example", olaMail), crm.ClassBulk),
		letter("7", nil, day(5), "both@shop.example", olaMail),
		letter("8", nil, day(5), "newsletter@shop.example", olaMail),
		name(letter("9", nil, day(6), "e@gmail.com", olaMail), "e@gmail.com"))
	w.make(crm.KindContact, map[string]any{"emails": "known@acme.example"})
	w.change(func(tx *store.Tx) {
		store.Exclusions.Create(tx, &crm.Exclusion{ID: "exc_1", Pattern: "a:dropped@acme.example", Effect: crm.DropParticipant})
	})
	w.catchUp()
	want := []ledger.Person{
		{Address: "e@gmail.com", Written: 1, Received: 1, Last: day(6), Example: letter("9", nil, day(6), "e@gmail.com", olaMail).ID},
		{Address: "both@shop.example", Domain: "shop.example", Written: 1, Received: 1, Last: day(5), Example: letter("7", nil, day(5), "both@shop.example", olaMail).ID},
		{Address: "a@acme.example", Name: "Anna Nowak", Domain: "acme.example", Written: 1, Received: 1, Last: day(2), Example: reply.ID},
		{Address: "c@byte.example", Domain: "byte.example", Written: 1, Last: day(1), Example: written.ID},
		{Address: "d@mail.byte.example", Domain: "mail.byte.example", Copied: 1, Last: day(2), Example: reply.ID},
	}
	for who, v := range map[string]access.Viewer{"operator": access.Operator(), "owner": access.Member(ola), "colleague": access.Member(jan)} {
		got, err := ledger.Suggest(t.Context(), w.sp, v)
		must(t, err)
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s is suggested (-want +got):\n%s", who, d)
		}
	}
	if got, err := ledger.Suggest(t.Context(), w.sp, access.Viewer{}); !crm.IsKind(err, crm.Denied) || got != nil {
		t.Errorf("nobody is told %+v, %v", got, err)
	}
}

// TestAcceptWrittenTo makes contacts of those written to, and takes it back.
func TestAcceptWrittenTo(t *testing.T) {
	w := newWorld(t)
	m := letter("1", nil, day(1), olaMail, "a@acme.example", "e@gmail.com", "no-reply@acme.example")
	w.arrive(true, m, letter("2", nil, day(2), "stranger@byte.example", olaMail))
	before, err := json.Marshal(w.dump())
	must(t, err)
	done, err := w.records.AcceptWrittenTo(w.ctx, access.Operator(), records.By{Cause: crm.CauseCLI})
	must(t, err)
	if done.Contacts != 2 || done.Companies != 1 {
		t.Errorf("made %+v", done)
	}
	w.catchUp()
	if got := w.message(m.ID).Links; len(got) != 3 {
		t.Errorf("the mail is linked to %+v", got)
	}
	w.audit()
	w.undo(done.Batch)
	w.catchUp()
	after, err := json.Marshal(w.dump())
	must(t, err)
	if string(before) != string(after) {
		t.Errorf("undo leaves something:\n%s\n%s", before, after)
	}
}

// TestReplaces: when the text of a mail comes that was known by its header, the
// header is evidence of nothing any more and is not written again.
func TestReplaces(t *testing.T) {
	w := newWorld(t)
	w.make(crm.KindCompany, map[string]any{"name": "Acme", "domains": "acme.example"})
	stub := letter("1", nil, day(1), "a@acme.example", olaMail)
	stub.Stub = true
	stub.ID = "msg_aaaaaaaaaaaaaaaaaaaaaaaaaa" // before any other
	answer := letter("2", []crm.RFCID{"1"}, day(2), "e@gmail.com", olaMail)
	w.arrive(true, stub, answer)
	if by := w.message(answer.ID).Links[0].Evidence.Message; by != stub.ID {
		t.Fatalf("the evidence is %s", by)
	}
	text := letter("1", nil, day(1), "a@acme.example", olaMail)
	must(t, w.sp.Transact(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		out, err := ledger.Link(ctx, tx, w.sp.Workspace(), []*ledger.Draft{{Message: &text, Replaces: []crm.MessageID{stub.ID}}})
		if err != nil {
			return err
		}
		store.Messages.Delete(tx, string(stub.ID))
		out.Write(tx, "")
		return nil
	}))
	w.audit()
	if by := w.message(answer.ID).Links[0].Evidence.Message; by != text.ID || len(w.dump()) != 2 {
		t.Errorf("the evidence is %s among %d messages", by, len(w.dump()))
	}
}

// TestToldEachTime: what happens to a mail again is told again, whatever it is
// like: projections that missed the second time would show a mail that is hidden.
func TestToldEachTime(t *testing.T) {
	w := newWorld(t)
	m := letter("1", nil, day(1), "a@acme.example", olaMail)
	m.Owners = []crm.UserID{ola}
	w.arrive(false, m)
	told := len(w.arrivals())
	for range 2 {
		for _, effect := range []crm.RuleEffect{crm.EffectPrivate, crm.EffectShared} {
			w.answer(m.ID, crm.ScopeMessage, "", effect)
			w.catchUp()
			all := w.arrivals()
			if is := w.message(m.ID).Private; is != (effect == crm.EffectPrivate) || len(all) != told+1 || all[told].Message != m.ID {
				t.Fatalf("%s: private is %t, and %d arrivals are told after %d", effect, is, len(all), told)
			}
			told = len(all)
		}
	}
}
