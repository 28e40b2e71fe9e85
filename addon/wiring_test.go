package addon

import (
	"context"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"threadline/addon/card"
	"threadline/internal/auth"
	"threadline/internal/crm"
	"threadline/internal/ledger"
	"threadline/internal/letter"
	"threadline/internal/records"
	"threadline/internal/store"
	tt "threadline/internal/timeline/timelinetest"
)

// named is something that the parameter of an action names: one that is hidden
// from Bob, one of another workspace, something that is none at all, and one
// that is his.
type named struct{ param, hidden, foreign, wrong, own string }

// reach says for each operation what it can name besides the open message.
// Operations without anything draw a form or the person's own things.
var reach = map[string][]string{
	opDealOpen: {"deal"}, opDealStage: {"deal"}, opDealSave: {"deal"}, opDealWin: {"deal"}, opDealLose: {"deal"}, opDealLost: {"deal"}, opDealReopen: {"deal"},
	opNote: {"about"}, opCall: {"about"}, opTask: {"about"},
	opNoteSave: {"about"}, opCallSave: {"about"}, opTaskSave: {"about"}, opTaskIn: {"about"}, opTaskReply: {"about"},
	opTaskOpen: {"task"}, opTaskDone: {"task"}, opTaskWait: {"task"}, opTaskMove: {"task"},
	opPerson: {}, opPersonMake: {"known"}, opPersonUse: {"contact", "company"},
	opSearch: {}, opSuggest: {}, opFind: {},
	opRecord: {"deal", "contact", "company"}, opLink: {"deal", "contact", "company"}, opUnlink: {"deal", "contact", "company"},
	opSettings: {}, opPause: {"mailbox"}, opShare: {"mailbox"}, opLocale: {}, opNeverAdd: {}, opNeverDrop: {"exclusion"},
	opLetter: {"template"}, opInsert: {"template"}, opTrack: {}, opMail: {}, opDraft: {"template"},
	opDone: {"last"}, opSplit: {}, opChoose: {"chosen"}, opAccept: {},
	opAsk: {"deal", "instead"}, opForetell: {"deal", "instead"}, opCorrect: {"deal", "instead"}, opUndo: {"batch"},
	opNewsRead: {}, opPlace: {}, opMeetingAccept: {"meeting"},
}

// refusals are what a refused action says.
var refusals = []string{"This no longer exists, or you may not see it.", "The request could not be understood.", "You are not allowed to do this.", "Please check: "}

// wired is a server that takes signed events, with two people of whom one sees
// only what is his, and a workspace beside theirs.
type wired struct {
	*google
	bearer, bob, anna string
	message           crm.MessageID // in Bob's mailbox
	things            map[string]named
	before            int
	place             string // what is chosen
}

func newWired(t *testing.T) *wired {
	x := &wired{google: newGoogle(t)}
	x.bearer = x.token(t, func(*jose, *Claims) {})
	x.bob, x.anna = x.user(tt.BobAtWork), x.user(tt.AnnaAtWork)
	x.message = x.w.Store(tt.Mail{ID: "kauf@kunde.example", From: "kai@kunde.example", To: []crm.Address{tt.BobAtWork}, Mailbox: tt.BobMail, Subject: "Angebot", Text: "Hallo", Date: crm.At(tt.Start)})[0]
	x.role(t)
	x.furnish(t)
	newTracked(x.office).allow(crm.Mailing{Single: crm.TrackIndividual})
	x.town(tt.Bob)
	x.h.deps.Draft = func(context.Context, Event, []byte) (GmailDraft, error) { return GmailDraft{"r-1", "15e9"}, nil }
	x.before = x.feed()
	return x
}

// town gives somebody a second workspace.
func (x *wired) town(user crm.UserID) {
	b := x.h.deps.Book
	b.Places = func(_ context.Context, id crm.UserID) ([]auth.Place, error) {
		if id != user {
			return nil, nil
		}
		return []auth.Place{{ID: b.Space.Workspace(), Name: "Hamburg", Shown: true}, {ID: "wsp_nexttttttttttttttttttttttt", Name: "Trieste"}}, nil
	}
	b.Show = func(ctx context.Context, id crm.UserID, ws crm.WorkspaceID) error {
		list, err := b.Places(ctx, id)
		if err == nil && !slices.ContainsFunc(list, func(p auth.Place) bool { return p.ID == ws }) {
			err = crm.Errorf(crm.NotFound, "town", "there is none")
		}
		return err
	}
}

// role lets Bob see what is his.
func (x *wired) role(t *testing.T) {
	own := crm.FolderRights{Create: crm.ReachOwn, Read: crm.ReachOwn, Update: crm.ReachOwn, Delete: crm.ReachOwn}
	by := records.By{Cause: crm.CauseCLI}
	_, err := x.w.Records.SetRole(t.Context(), by, crm.MemberRole{Key: "own_only", Name: "Own only", Others: own})
	x.must(err)
	_, err = x.w.Records.SetMembership(t.Context(), by, crm.Membership{User: tt.Bob, Role: "own_only"})
	x.must(err)
}

// furnish makes one of each thing for Bob, for Anna alone, and next door.
func (x *wired) furnish(t *testing.T) {
	ctx, next := t.Context(), x.w.Next()
	there := records.New(next)
	task := x.w.Make(crm.KindTask, 3, map[string]any{"title": "Secret call", "due": "2026-11-19", "assignee": string(tt.Anna), "records": []any{string(x.nora)}})
	batch := map[crm.UserID]string{}
	make3 := func(param string, kind crm.Kind, hidden crm.RecordID, n int, values map[string]any) named {
		v := maps.Clone(values)
		v["owner"], v["assignee"] = string(tt.Bob), string(tt.Bob)
		if kind == crm.KindTask {
			delete(v, "owner")
		} else {
			delete(v, "assignee")
		}
		noun, _ := crm.NounOf(kind)
		mine, err := x.w.Records.Create(ctx, records.By{Actor: tt.Bob, Cause: crm.CauseUI}, records.Draft{ID: crm.RecordID(tt.ID(noun.Prefix, n)), Kind: kind, Values: v})
		x.must(err)
		far, err := there.Create(ctx, records.By{Cause: crm.CauseCLI}, records.Draft{ID: crm.RecordID(tt.ID(noun.Prefix, n+1)), Kind: kind, Values: values})
		x.must(err)
		batch[tt.Bob], batch[""] = mine.Batch, far.Batch
		return named{param, string(hidden), string(far.Record.ID), "../etc/passwd", string(mine.Record.ID)}
	}
	deal := make3(recordParam, crm.KindDeal, x.deal, 40, map[string]any{"name": "Mine", "pipeline": "sales", "stage": "qualified", "amount": int64(100), "currency": "PLN"})
	deal.wrong = string(x.nora)
	contact := make3(recordParam, crm.KindContact, x.nora, 40, map[string]any{"name": "Kai", "emails": []any{"kai@mine.example"}})
	company := make3(recordParam, crm.KindCompany, x.nord, 40, map[string]any{"name": "Kunde", "domains": []any{"mine.example"}})
	as := func(n named, param string) named { n.param = param; return n }
	todo := make3(recordParam, crm.KindTask, task, 40, map[string]any{"title": "Call"})
	todo.wrong = deal.own
	meeting := x.meeting(t, there, contact)
	saved, err := x.w.Records.Update(ctx, records.By{Actor: tt.Anna, Cause: crm.CauseUI}, x.deal, records.Patch{Values: map[string]any{"next_step": "Secret step"}})
	x.must(err)
	own, err := x.w.Records.Update(ctx, records.By{Actor: tt.Bob, Cause: crm.CauseUI}, crm.RecordID(contact.own), records.Patch{Values: map[string]any{"title": "Buyer"}})
	x.must(err)
	_, err = ledger.Correct(ctx, x.w.Space, ledger.Correction{Message: x.hello, Scope: crm.ScopeMessage, Effect: crm.EffectPrivate, By: tt.Anna, Cause: crm.CauseUI})
	x.must(err)
	x.h.deps.Book.Followed(ctx)
	other := make3(recordParam, crm.KindDeal, x.deal, 50, map[string]any{"name": "Mine too", "pipeline": "sales", "stage": "qualified"})
	last := named{valueParam, string(x.hello), x.farMail(t, next), "msg_x", string(x.message)}
	x.things = map[string]named{
		"deal": deal, "contact": contact, "company": company, "task": todo, "meeting": meeting,
		"about": as(deal, recordsParam), "known": as(company, knownParam), "chosen": as(deal, valueParam), "instead": as(other, insteadParam),
		"message": as(last, messageParam), "last": last,
		"batch":     {batchParam, saved.Batch, batch[""], "../x", own.Batch},
		"mailbox":   {boxParam, string(tt.AnnaMail), "mbx_nexttttttttttttttttttttttt", "mbx_", string(tt.BobMail)},
		"exclusion": {valueParam, x.never(t, x.w.Space, tt.Anna, "secret-one.example"), x.never(t, next, tt.Bob, "secret-two.example"), "../x", x.never(t, x.w.Space, tt.Bob, "mine.example")},
		"template":  {templateParam, x.letter(t, x.w.Space, x.w.Records, tt.Anna), x.letter(t, next, there, tt.Bob), "tpl_", x.letter(t, x.w.Space, x.w.Records, tt.Bob)},
	}
	about := x.things["about"] // the wrong kind of a record is one that activities may be about
	about.wrong = todo.own
	x.things["about"] = about
	for _, k := range []string{"chosen", "instead"} {
		n := x.things[k]
		n.wrong = "../x"
		x.things[k] = n
	}
}

// meeting is one of each with a time that is proposed.
func (x *wired) meeting(t *testing.T, there *records.Service, contact named) named {
	first, counter := proposed("Secret visit", crm.At(tt.Start.Add(48*time.Hour)), "")
	out := named{recordParam, tt.ID("mee", 40), tt.ID("mee", 41), contact.own, tt.ID("mee", 42)}
	x.must(keepMeeting(t, x.w.Records, tt.Anna, crm.RecordID(out.hidden), x.nora, first, counter))
	x.must(keepMeeting(t, there, tt.Bob, crm.RecordID(out.foreign), crm.RecordID(contact.foreign), first, counter))
	first.Title = "Visit"
	x.must(keepMeeting(t, x.w.Records, tt.Bob, crm.RecordID(out.own), crm.RecordID(contact.own), first, counter))
	return out
}

// farMail is a message of Bob's next door.
func (x *wired) farMail(t *testing.T, next *store.Space) string {
	id := crm.MessageID(crm.DerivedID(crm.PrefixMessage, x.w.Key, "next door"))
	b := next.Batch()
	store.Messages.Create(b, &crm.Message{ID: id, Date: crm.At(tt.Start), Subject: "Secret next door", Owners: []crm.UserID{tt.Bob}, Thread: crm.ThreadID(id), RuleSet: crm.RuleSet})
	store.Mailboxes.Create(b, &crm.Mailbox{ID: "mbx_nexttttttttttttttttttttttt", Owner: tt.Bob, Kind: "imap", Address: "bob@next.example", CreatedAt: crm.At(tt.Start), State: crm.StateLive})
	x.must(b.Commit(t.Context()))
	return string(id)
}

func (x *wired) never(t *testing.T, sp *store.Space, owner crm.UserID, domain string) string {
	pattern, err := ledger.Pattern(domain)
	x.must(err)
	e, _, err := ledger.Exclude(t.Context(), sp, store.ChangeInfo{Actor: owner, Cause: crm.CauseUI}, crm.Exclusion{Owner: owner, Pattern: pattern, Effect: crm.OwnerOnly})
	x.must(err)
	return e.ID
}

func (x *wired) letter(t *testing.T, sp *store.Space, r *records.Service, owner crm.UserID) string {
	v, err := x.w.Records.Viewer(t.Context(), owner)
	x.must(err)
	saved, err := letter.New(sp, r).Save(t.Context(), v, store.ChangeInfo{Actor: owner, Cause: crm.CauseUI}, "", letter.Draft{Kind: crm.TemplateMail, Name: "Secret letter", Subject: "Hello", HTML: "<p>x</p>", Mine: true}, 0)
	x.must(err)
	return saved.Template.ID
}

// params are those of an operation of which some are given.
func (x *wired) params(op string, given ...card.Param) []card.Param {
	all := map[string]string{opParam: op, messageParam: string(x.message), daysParam: "3", titleParam: "x", addressParam: "kai@kunde.example"}
	if op == opMeetingAccept {
		_, counter := proposed("", crm.At(tt.Start.Add(48*time.Hour)), "")
		all[valueParam] = counter.Start.String()
	}
	for _, p := range given {
		all[p.Key] = p.Value
	}
	var out []card.Param
	for _, k := range slices.Sorted(maps.Keys(all)) {
		out = append(out, param(k, all[k]))
	}
	return out
}

// post sends parameters with a state, and returns what the answer says.
func (x *wired) post(user string, params []card.Param, state card.Param) string {
	x.office.t.Helper()
	m := object{state.Key: state.Value}
	for _, p := range params {
		m[p.Key] = p.Value
	}
	ev := x.event(user, m)
	inputs := object{}
	for k, v := range map[string]string{"reason": "x", "stage": "proposal", "text": "x", "title": "x", "q": "Pallet", "name": "Eve", "kind": "contact", "amount": "1", "pattern": "y.example",
		"locale": "pl", "level_": "metadata", placeInput: x.place} {
		inputs[k] = text(v)
	}
	ev["commonEventObject"].(object)["formInputs"] = inputs
	code, out := x.send(x.bearer, marshal(x.office.t, ev))
	if code != 200 {
		x.office.t.Fatalf("%d %s", code, out)
	}
	return out
}

func refused(out string) bool {
	return slices.ContainsFunc(refusals, func(s string) bool { return strings.Contains(out, s) })
}

// untold fails when an answer tells of what is hidden.
func (x *wired) untold(what, out string) {
	x.office.t.Helper()
	for _, secret := range []string{"Pallet racks", "Nora", "Secret", "secret-", "Ciao"} {
		if strings.Contains(out, secret) {
			x.office.t.Errorf("%s tells of %s: %s", what, secret, out)
		}
	}
}

// unwritten fails when an operation has written.
func (x *wired) unwritten(op string) {
	x.office.t.Helper()
	if n := x.feed(); n != x.before {
		x.office.t.Errorf("%s has written", op)
		x.before = n
	}
}

// TestWiring: no operation of a card says or does anything about what its person
// may not see, what lies in another workspace, or what is none; nor with the
// state of somebody else, with one that was changed, or one that is too old; and
// with what is theirs each of them works. It fails for an operation of which
// nobody has said what it can name.
func TestWiring(t *testing.T) {
	x := newWired(t)
	ops := slices.Sorted(maps.Keys(operations()))
	for _, op := range ops {
		names, said := reach[op]
		if !said {
			t.Errorf("%s: say in reach what it can name", op)
		}
		seal := func(p []card.Param) card.Param { return x.h.stamp(tt.Bob).seal(p) }
		for _, thing := range append([]string{"message"}, names...) {
			n := x.things[thing]
			for what, id := range map[string]string{"hidden": n.hidden, "foreign": n.foreign, "wrong": n.wrong} {
				p := x.params(op, append(x.given(op, thing), param(n.param, id))...)
				out := x.post(x.bob, p, seal(p))
				if !refused(out) {
					t.Errorf("%s of a %s %s: %s", op, what, thing, out)
				}
				x.untold(op+" of a "+what+" "+thing, out)
			}
		}
		x.unproven(op)
		x.unwritten(op)
	}
	for _, place := range []string{"wsp_zzzzzzzzzzzzzzzzzzzzzzzzzz", "../x", ""} {
		x.place = place
		p := x.params(opPlace)
		if out := x.post(x.bob, p, x.h.stamp(tt.Bob).seal(p)); !refused(out) {
			t.Errorf("the sidebar shows %q: %s", place, out)
		}
	}
	x.place = "wsp_nexttttttttttttttttttttttt"
	x.elsewhere(ops)
	for _, op := range ops {
		things := reach[op]
		if len(things) == 0 {
			things = []string{"message"}
		}
		for _, thing := range things {
			p := x.params(op, x.given(op, thing)...)
			if out := x.post(x.bob, p, x.h.stamp(tt.Bob).seal(p)); refused(out) {
				t.Errorf("%s of one's own %s: %s", op, thing, out)
			}
		}
	}
}

// elsewhere clicks in cards of Bob's other workspace: he is told so, and nothing
// is done.
func (x *wired) elsewhere(ops []string) {
	t := x.office.t
	t.Helper()
	there := &Handler{cfg: Config{StateKey: []byte("of the other door"), Now: x.h.cfg.Now}}
	x.h.deps.Book.Others = func(_ context.Context, id crm.UserID) ([]Door, error) {
		if id != tt.Bob {
			return nil, nil
		}
		return []Door{{Name: "Trieste", User: "usr_bob_in_trieste", StateKey: there.cfg.StateKey}}, nil
	}
	defer func() { x.h.deps.Book.Others = nil }()
	seal := there.stamp("usr_bob_in_trieste").seal
	for _, op := range ops {
		p := x.params(op, x.given(op, "message")...)
		if out := x.post(x.bob, p, seal(p)); !strings.Contains(out, "of Trieste; the sidebar shows Hamburg now") || !strings.Contains(out, opRefresh) && !strings.Contains(out, opHome) {
			t.Errorf("%s in a card of Trieste: %s", op, out)
		}
		if out := x.post(x.anna, p, seal(p)); !refused(out) {
			t.Errorf("%s in a card of somebody else's other workspace: %s", op, out)
		}
	}
	x.unwritten("cards of another workspace")
}

// given are the parameters by which an operation works.
func (x *wired) given(op, thing string) []card.Param {
	var out []card.Param
	for _, name := range append(slices.Clone(reach[op][:min(len(reach[op]), 1)]), thing) {
		out = append(out, param(x.things[name].param, x.things[name].own))
	}
	return out
}

// unproven sends an operation whose state proves nothing.
func (x *wired) unproven(op string) {
	x.office.t.Helper()
	p := x.params(op, x.given(op, "message")...)
	stamp := x.h.stamp(tt.Bob)
	old := *stamp
	old.until = x.h.now().Add(-time.Hour).Unix()
	short := x.params(op, append(x.given(op, "message"), param(titleParam, "y"))...)
	for what, c := range map[string]struct {
		user  string
		state card.Param
		want  string
	}{
		"another's state": {x.anna, stamp.seal(p), "You are not allowed to do this."},
		"a changed state": {x.bob, stamp.seal(short), "You are not allowed to do this."},
		"no state":        {x.bob, param(stateParam, ""), "You are not allowed to do this."},
		"an old state":    {x.bob, old.seal(p), "Somebody changed this in the meantime."},
	} {
		out := x.post(c.user, p, c.state)
		if !strings.Contains(out, c.want) {
			x.office.t.Errorf("%s with %s: %s", op, what, out)
		}
		x.untold(op+" with "+what, out)
	}
}
