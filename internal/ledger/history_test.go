package ledger_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/ledger"
	"threadline/internal/match"
	"threadline/internal/records"
	"threadline/internal/store"
)

// Few values, so that they meet.
var (
	addresses  = []crm.Address{"a@acme.example", "b@acme.example", "c@byte.example", "d@mail.byte.example", "e@gmail.com", olaMail, "f@late.example"}
	ruleTokens = []crm.Token{"a:a@acme.example", "a:e@gmail.com", "d:acme.example", "d:byte.example", "d:gmail.com"}
)

// TestHistories lets mail arrive in any order and groups while people make,
// change, delete and undo, answer and make rules, and the follower looks now
// and then. In the end nothing differs from a full recompute, and from a
// workspace to which the same mail came in another order after the records
// were there.
func TestHistories(t *testing.T) {
	h := newHouse(t)
	rapid.Check(t, func(rt *rapid.T) {
		x := &history{world: h.world(t.Context(), rt), rt: rt, h: h, mail: drawMail(rt)}
		waiting := slices.Clone(x.mail)
		for range rapid.IntRange(1, 30).Draw(rt, "steps") {
			if len(waiting) > 0 && rapid.IntRange(0, 2).Draw(rt, "arrive") == 0 {
				n := rapid.IntRange(1, min(4, len(waiting))).Draw(rt, "group")
				x.arrive(true, waiting[:n]...)
				x.here = append(x.here, waiting[:n]...)
				waiting = waiting[n:]
				continue
			}
			x.step()
			if rapid.IntRange(0, 3).Draw(rt, "catch up") == 0 {
				x.catchUp()
			}
		}
		if len(waiting) > 0 {
			x.arrive(true, waiting...)
		}
		x.catchUp()
		x.audit()
		want := x.dump()
		x.catchUp()
		if d := cmp.Diff(want, x.dump()); d != "" {
			rt.Fatalf("a repeat changed something:\n%s", d)
		}
		y := x.again()
		y.audit()
		if d := cmp.Diff(want, y.dump()); d != "" {
			rt.Fatalf("another order ends otherwise (-first +second):\n%s", d)
		}
	})
}

// history is one run.
type history struct {
	*world
	h       *house
	rt      *rapid.T
	mail    []crm.Message
	here    []crm.Message // what has arrived
	batches []string
	made    int

	recordsOnly bool // nothing happens but what the log of changes holds
}

// drawMail makes mails of which some answer others, some share a Message-ID
// with other content, and some have none.
func drawMail(rt *rapid.T) []crm.Message {
	var out []crm.Message
	for i := range rapid.IntRange(1, 12).Draw(rt, "mails") {
		id := crm.RFCID(fmt.Sprintf("r%d", rapid.IntRange(0, 14).Draw(rt, "id")))
		if rapid.IntRange(0, 9).Draw(rt, "no id") == 0 {
			id = ""
		}
		var refs []crm.RFCID
		for range rapid.IntRange(0, 2).Draw(rt, "refs") {
			refs = append(refs, crm.RFCID(fmt.Sprintf("r%d", rapid.IntRange(0, 14).Draw(rt, "ref"))))
		}
		to := rapid.SliceOfN(rapid.SampledFrom(addresses), 1, 3).Draw(rt, "to")
		m := letter(id, refs, day(rapid.IntRange(1, 80).Draw(rt, "day")).Add(time.Duration(i)*time.Minute), rapid.SampledFrom(addresses).Draw(rt, "from"), to...)
		m.Words = match.Words(rapid.SampledFrom([]string{"call me", "the racks", "scanner", "48.000 EUR", "Q118"}).Draw(rt, "text"), 0)
		m.Class = rapid.SampledFrom([]crm.Class{crm.ClassPerson, crm.ClassPerson, crm.ClassPerson, crm.ClassBulk, crm.ClassNotification, crm.ClassBounce, crm.ClassAutoReply}).Draw(rt, "class")
		m.Subject = rapid.SampledFrom([]string{"Offer", "Re: Offer", "AW: offer", "Fwd: Offer", "Plan", "Odp: Plan", ""}).Draw(rt, "subject")
		m.Owners = rapid.SampledFrom([][]crm.UserID{{ola}, {jan}, {jan, ola}, nil}).Draw(rt, "owners")
		m.Heads = rapid.SampledFrom([][]crm.Header{nil, {{Name: "list-id", Value: "<Club.example>"}}}).Draw(rt, "heads")
		if slices.Contains(m.Owners, ola) && rapid.Bool().Draw(rt, "lies") {
			m.Copies = []crm.CopyRef{{Copy: "cpy_a", Mailbox: "mbx_a", Box: rapid.SampledFrom([]crm.BoxID{"box_in", "box_club"}).Draw(rt, "box")}}
		}
		out = append(out, m)
	}
	return out
}

func (x *history) step() {
	x.h.us.Add(time.Hour.Microseconds())
	x.do(rapid.IntRange(0, 15).Draw(x.rt, "op"))
}

// lastRecordOp is the last of the steps that concern records and nothing else.
const lastRecordOp = 7

func (x *history) do(op int) {
	ids := x.recordIDs()
	var err error
	var batch string
	switch {
	case op >= 14 && len(x.here) > 0:
		m := rapid.SampledFrom(x.here).Draw(x.rt, "message")
		if rapid.Bool().Draw(x.rt, "split") {
			batch, err = ledger.Correct(x.ctx, x.sp, ledger.Correction{Message: m.ID, Scope: crm.ScopeMessage, Effect: crm.EffectSplit, By: ola, Cause: crm.CauseUI})
		} else {
			batch, err = ledger.Done(x.ctx, x.sp, store.ChangeInfo{Actor: ola, Cause: crm.CauseUI}, m.ID)
		}
	case op <= 3 || len(ids) == 0:
		var s records.Saved
		kind := rapid.SampledFrom([]crm.Kind{crm.KindContact, crm.KindCompany, crm.KindDeal}).Draw(x.rt, "kind")
		s, err = x.records.Create(x.ctx, x.dated(), records.Draft{ID: x.newID(kind), Kind: kind, Values: x.values(kind, ids, false)})
		batch = s.Batch
	case op <= 6:
		id := rapid.SampledFrom(ids).Draw(x.rt, "id")
		n, _ := crm.NounOfID(id)
		var s records.Saved
		s, err = x.records.Update(x.ctx, x.dated(), id, records.Patch{Values: x.values(n.Kind, ids, true), MovedOn: rapid.Bool().Draw(x.rt, "moved on")})
		batch = s.Batch
	case op == lastRecordOp:
		batch, err = x.records.Delete(x.ctx, x.by, rapid.SampledFrom(ids).Draw(x.rt, "id"), 0)
	case op == 8 && len(x.batches) > 0:
		batch, err = x.records.Undo(x.ctx, x.by, rapid.SampledFrom(x.batches).Draw(x.rt, "batch"))
	case op <= 10 && len(x.here) > 0:
		m := rapid.SampledFrom(x.here).Draw(x.rt, "message")
		batch, err = x.correct(m, ids)
	case op == 11:
		batch = x.rule(ids)
	case op == 12:
		batch = x.exclusion()
	case !x.recordsOnly:
		x.ourselves()
	}
	if err != nil && !crm.IsKind(err, crm.Invalid) && !crm.IsKind(err, crm.Conflict) && !crm.IsKind(err, crm.NotFound) && !crm.IsKind(err, crm.Denied) {
		x.rt.Fatalf("%v", err)
	}
	if err == nil && batch != "" {
		x.batches = append(x.batches, batch)
	}
}

// newID makes ids that are the same when a history is run again.
func (x *history) newID(kind crm.Kind) crm.RecordID {
	n, _ := crm.NounOf(kind)
	x.made++
	return crm.RecordID(crm.DerivedID(n.Prefix, idKey, fmt.Sprint(x.made)))
}

// dated lets a write come about on some day.
func (x *history) dated() records.By {
	by := x.by
	if rapid.Bool().Draw(x.rt, "dated") {
		by.At = day(rapid.IntRange(1, 80).Draw(x.rt, "at"))
	}
	return by
}

func (x *history) recordIDs() []crm.RecordID {
	docs, err := store.Records.All(x.ctx, x.sp, store.Query{})
	must(x.rt, err)
	var out []crm.RecordID
	for _, d := range docs {
		out = append(out, d.Value.ID)
	}
	return out
}

func (x *history) values(kind crm.Kind, ids []crm.RecordID, patch bool) map[string]any {
	v := map[string]any{}
	set := func(key string, value any) {
		if !patch || rapid.Bool().Draw(x.rt, "set "+key) {
			v[key] = value
		}
	}
	set("name", rapid.SampledFrom([]string{"Racks", "Scanner Q-118", "Racks renewal"}).Draw(x.rt, "name"))
	switch kind {
	case crm.KindContact:
		set("emails", x.some("a@acme.example", "b@acme.example", "c@byte.example", "d@mail.byte.example", "e@gmail.com", string(olaMail)))
		set("company", x.one(ids, "com"))
	case crm.KindCompany:
		set("domains", x.some("acme.example", "byte.example", "mail.byte.example", "late.example"))
	case crm.KindDeal:
		set("stage", rapid.SampledFrom([]string{"proposal", "won", "lost"}).Draw(x.rt, "stage"))
		set("amount", rapid.SampledFrom([]int64{0, 48_000_00}).Draw(x.rt, "amount"))
		set("created", day(rapid.IntRange(1, 80).Draw(x.rt, "created")))
		set("company", x.one(ids, "com"))
		set("contacts", x.any(ids, "con"))
	}
	return v
}

func (x *history) some(from ...string) []string {
	return rapid.SliceOfNDistinct(rapid.SampledFrom(from), 0, 3, rapid.ID[string]).Draw(x.rt, "some")
}

func (x *history) any(ids []crm.RecordID, prefix string) []string {
	var from []string
	for _, id := range ids {
		if crm.IDPrefix(string(id)) == prefix {
			from = append(from, string(id))
		}
	}
	if len(from) == 0 {
		return nil
	}
	return rapid.SliceOfNDistinct(rapid.SampledFrom(from), 0, min(2, len(from)), rapid.ID[string]).Draw(x.rt, "ids")
}

func (x *history) one(ids []crm.RecordID, prefix string) any {
	if any := x.any(ids, prefix); len(any) > 0 {
		return any[0]
	}
	return nil
}

// rule makes, changes or deletes one of a few rules.
func (x *history) rule(ids []crm.RecordID) string {
	token := rapid.SampledFrom(ruleTokens).Draw(x.rt, "token")
	id := crm.DerivedID(crm.PrefixRule, idKey, string(token))
	gone := rapid.IntRange(0, 3).Draw(x.rt, "delete") == 0
	r := crm.Rule{ID: id, Value: token, Record: rapid.SampledFrom(ids).Draw(x.rt, "record"), At: 1,
		Effect: rapid.SampledFrom([]crm.RuleEffect{crm.EffectLink, crm.EffectNever}).Draw(x.rt, "effect")}
	return x.logged(store.Rules.Name, id, func(tx *store.Tx) {
		if gone {
			store.Rules.Delete(tx, id)
		} else {
			store.Rules.Put(tx, &r)
		}
	})
}

// excluded are patterns and effects that meet the mail.
var excluded = []crm.Exclusion{
	{Pattern: "a:a@acme.example", Effect: crm.DropParticipant}, {Pattern: "a:e@gmail.com", Effect: crm.DropCopy},
	{Pattern: "d:byte.example", Effect: crm.DropParticipant, Owner: ola}, {Pattern: "d:byte.example", Effect: crm.DropCopy, Owner: jan},
	{Pattern: "d:acme.example", Effect: crm.MetadataOnly}, {Pattern: "d:gmail.com", Effect: crm.OwnerOnly},
	{Pattern: crm.SubjectToken("About r1"), Effect: crm.DropCopy}, {Pattern: crm.SubjectToken("r2"), Effect: crm.OwnerOnly, Owner: ola},
	{Pattern: crm.HeaderToken("List-Id", "club"), Effect: crm.DropCopy, Owner: jan}, {Pattern: crm.HeaderToken("List-Id", ""), Effect: crm.MetadataOnly},
	{Pattern: crm.LabelToken("Club"), Effect: crm.DropCopy, Owner: ola}, {Pattern: crm.LabelToken("club"), Effect: crm.OwnerOnly},
	{Pattern: "a:a@acme.example", Effect: crm.NeverStore},
}

// exclusion makes one or takes one back.
func (x *history) exclusion() string {
	info := store.ChangeInfo{Cause: crm.CauseUI}
	have, err := ledger.Exclusions(x.ctx, x.sp)
	must(x.rt, err)
	if len(have) > 0 && rapid.Bool().Draw(x.rt, "include") {
		batch, err := ledger.Include(x.ctx, x.sp, access.Operator(), info, rapid.SampledFrom(have).Draw(x.rt, "exclusion").ID)
		must(x.rt, err)
		return batch
	}
	_, batch, err := ledger.Exclude(x.ctx, x.sp, info, rapid.SampledFrom(excluded).Draw(x.rt, "exclude"))
	if err != nil && !crm.IsKind(err, crm.Invalid) { // it is ours by now
		x.rt.Fatalf("%v", err)
	}
	return batch
}

// correct says something about a message, and holds the preview against what
// comes of it when nothing else is waiting.
func (x *history) correct(m crm.Message, ids []crm.RecordID) (string, error) {
	c := ledger.Correction{Message: m.ID, Record: rapid.SampledFrom(ids).Draw(x.rt, "record"), By: rapid.SampledFrom([]crm.UserID{ola, jan}).Draw(x.rt, "by"), Cause: crm.CauseUI,
		Scope:  rapid.SampledFrom([]crm.Scope{crm.ScopeMessage, crm.ScopeThread, crm.ScopeAddress, crm.ScopeDomain}).Draw(x.rt, "scope"),
		Effect: rapid.SampledFrom([]crm.RuleEffect{crm.EffectLink, crm.EffectNever, crm.EffectPrivate, crm.EffectShared, crm.EffectDeal}).Draw(x.rt, "effect")}
	if n, _ := crm.NounOfID(c.Record); c.Effect == crm.EffectDeal && n.Kind != crm.KindDeal {
		c.Record = ""
	}
	if c.Effect == crm.EffectNever && rapid.Bool().Draw(x.rt, "move") {
		c.Instead = rapid.SampledFrom(ids).Draw(x.rt, "instead")
	}
	if rapid.Bool().Draw(x.rt, "whose") {
		c.Address = rapid.SampledFrom(addresses).Draw(x.rt, "address")
	}
	if !rapid.Bool().Draw(x.rt, "look first") {
		return ledger.Correct(x.ctx, x.sp, c)
	}
	x.catchUp()
	before := x.dump()
	want, failed := ledger.PreviewCorrection(x.ctx, x.sp, access.Member(c.By), c)
	batch, err := ledger.Correct(x.ctx, x.sp, c)
	if (failed == nil) != (err == nil) || err != nil {
		if (failed == nil) != (err == nil) {
			x.rt.Fatalf("the preview says %v, the correction %v", failed, err)
		}
		return batch, err
	}
	x.catchUp()
	x.foretold(want, access.Member(c.By), before, x.dump())
	return batch, nil
}

// foretold compares a preview with what came about.
func (x *history) foretold(p ledger.Preview, v access.Viewer, before, after []crm.Message) {
	want := map[crm.MessageID]ledger.Moved{}
	for _, m := range p.Sample {
		want[m.Message] = m
	}
	changed := int64(0)
	for i, was := range before {
		is := after[i]
		if access.Message(v, &was) == access.None {
			if _, told := want[was.ID]; told {
				x.rt.Fatalf("the preview tells of %s, which the viewer may not know of", was.ID)
			}
			continue
		}
		gained, lost := linked(is.Links, was.Links), linked(was.Links, is.Links)
		if len(gained)+len(lost) == 0 && was.Private == is.Private && was.Excluded == is.Excluded {
			if _, told := want[was.ID]; told {
				x.rt.Fatalf("%s was to change and did not: %+v", was.ID, want[was.ID])
			}
			continue
		}
		changed++
		if m, told := want[was.ID]; told && (!slices.Equal(linked(m.Gained, nil), gained) || !slices.Equal(linked(m.Lost, nil), lost)) {
			x.rt.Fatalf("%s gained %v and lost %v, but the preview said %+v", was.ID, gained, lost, m)
		}
	}
	if changed != p.Changed || len(p.Sample) != min(int(changed), 10) {
		x.rt.Fatalf("%d messages changed, the preview said %d and showed %d", changed, p.Changed, len(p.Sample))
	}
}

// linked are the records of a that are not in b.
func linked(a, b []crm.Link) []crm.RecordID {
	var out []crm.RecordID
	for _, l := range a {
		if !slices.ContainsFunc(b, func(x crm.Link) bool { return x.Record == l.Record }) {
			out = append(out, l.Record)
		}
	}
	return out
}

// logged changes one document that it has read.
func (x *history) logged(collection, id string, write func(*store.Tx)) string {
	batch, err := x.sp.Change(x.ctx, store.ChangeInfo{Cause: crm.CauseUI}, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.GetEncoded(ctx, collection, []string{id})
		write(tx)
		return err
	})
	must(x.rt, err)
	return batch
}

// ourselves makes a domain or an address ours, or gives it up.
func (x *history) ourselves() {
	ws, err := store.Workspaces.Get(x.ctx, x.sp, string(x.sp.Workspace()))
	must(x.rt, err)
	b := x.sp.Batch()
	switch rapid.IntRange(0, 2).Draw(x.rt, "ours") {
	case 0:
		ws.Value.OwnDomains = []crm.Domain{"us.example", rapid.SampledFrom([]crm.Domain{"us.example", "byte.example"}).Draw(x.rt, "domain")}
		store.Workspaces.Put(b, &ws.Value)
	case 1:
		ws.Value.FreeMail = rapid.SampledFrom([][]crm.Domain{nil, {"acme.example"}}).Draw(x.rt, "free")
		store.Workspaces.Put(b, &ws.Value)
	default:
		store.Mailboxes.Put(b, &crm.Mailbox{ID: "mbx_a", Owner: ola, Kind: "imap", Address: rapid.SampledFrom([]crm.Address{olaMail, "a@acme.example"}).Draw(x.rt, "address")})
	}
	must(x.rt, b.Commit(x.ctx))
}

// again makes a workspace with the same records in the end, to which the mail
// comes in another order.
func (x *history) again() *world {
	y := x.h.world(x.ctx, x.rt)
	b := y.sp.Batch()
	ws, err := store.Workspaces.Get(x.ctx, x.sp, string(x.sp.Workspace()))
	must(x.rt, err)
	ws.Value.ID = y.sp.Workspace()
	store.Workspaces.Put(b, &ws.Value)
	boxes, err := store.Mailboxes.All(x.ctx, x.sp, store.Query{})
	must(x.rt, err)
	for i := range boxes {
		store.Mailboxes.Put(b, &boxes[i].Value)
	}
	must(x.rt, b.Commit(x.ctx))
	first := rapid.Bool().Draw(x.rt, "records first")
	if first {
		x.copyTo(y, store.Records.Name, store.Identities.Name, store.Rules.Name, store.Exclusions.Name)
	}
	r := rand.New(rand.NewPCG(rapid.Uint64().Draw(x.rt, "seed"), 1))
	mail := slices.Clone(x.mail)
	r.Shuffle(len(mail), func(i, j int) { mail[i], mail[j] = mail[j], mail[i] })
	for len(mail) > 0 {
		n := 1 + r.IntN(len(mail))
		y.arrive(true, mail[:n]...)
		mail = mail[n:]
		if r.IntN(2) == 0 {
			y.catchUp()
		}
	}
	if !first {
		x.copyTo(y, store.Identities.Name, store.Rules.Name, store.Exclusions.Name, store.Records.Name)
	}
	x.copyTo(y, store.Answers.Name)
	y.catchUp()
	return y
}

// copyTo copies collections as they are stored.
func (x *history) copyTo(y *world, collections ...string) {
	for _, c := range collections {
		must(x.rt, x.sp.EachRaw(x.ctx, c, func(d store.RawDoc) error {
			_, err := y.sp.Change(x.ctx, store.ChangeInfo{Cause: crm.CauseImport}, func(ctx context.Context, tx *store.Tx) error {
				_, err := tx.GetEncoded(ctx, c, []string{d.ID})
				tx.PutEncoded(c, d.ID, d.Data)
				return err
			})
			return err
		}))
	}
}
