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

	"threadline/internal/crm"
	"threadline/internal/ledger"
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
		m.Class = rapid.SampledFrom([]crm.Class{crm.ClassPerson, crm.ClassPerson, crm.ClassBulk}).Draw(rt, "class")
		out = append(out, m)
	}
	return out
}

func (x *history) step() {
	x.h.us.Add(time.Hour.Microseconds())
	ids := x.recordIDs()
	var err error
	var batch string
	switch op := rapid.IntRange(0, 13).Draw(x.rt, "op"); {
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
	case op == 7:
		batch, err = x.records.Delete(x.ctx, x.by, rapid.SampledFrom(ids).Draw(x.rt, "id"), 0)
	case op == 8 && len(x.batches) > 0:
		batch, err = x.records.Undo(x.ctx, x.by, rapid.SampledFrom(x.batches).Draw(x.rt, "batch"))
	case op <= 10 && len(x.here) > 0:
		m := rapid.SampledFrom(x.here).Draw(x.rt, "message")
		batch, err = ledger.Answer(x.ctx, x.sp, ledger.Correction{Message: m.ID, Record: rapid.SampledFrom(ids).Draw(x.rt, "record"), By: ola, Cause: crm.CauseUI,
			Scope:  rapid.SampledFrom([]crm.Scope{crm.ScopeMessage, crm.ScopeThread}).Draw(x.rt, "scope"),
			Effect: rapid.SampledFrom([]crm.RuleEffect{crm.EffectLink, crm.EffectNever}).Draw(x.rt, "effect")})
	case op == 11:
		batch = x.rule(ids)
	case op == 12:
		batch = x.exclusion()
	default:
		x.ourselves()
	}
	if err != nil && !crm.IsKind(err, crm.Invalid) && !crm.IsKind(err, crm.Conflict) && !crm.IsKind(err, crm.NotFound) {
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
	set("name", rapid.SampledFrom([]string{"One", "Two"}).Draw(x.rt, "name"))
	switch kind {
	case crm.KindContact:
		set("emails", x.some("a@acme.example", "b@acme.example", "c@byte.example", "d@mail.byte.example", "e@gmail.com", string(olaMail)))
		set("company", x.one(ids, "com"))
	case crm.KindCompany:
		set("domains", x.some("acme.example", "byte.example", "mail.byte.example", "late.example"))
	case crm.KindDeal:
		set("stage", rapid.SampledFrom([]string{"proposal", "won", "lost"}).Draw(x.rt, "stage"))
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

// exclusion makes or deletes one of a few exclusions.
func (x *history) exclusion() string {
	token := rapid.SampledFrom(ruleTokens).Draw(x.rt, "token")
	effect := rapid.SampledFrom([]crm.ExclusionEffect{crm.DropParticipant, crm.MetadataOnly}).Draw(x.rt, "effect")
	id := crm.DerivedID(crm.PrefixExclusion, idKey, string(token), string(effect))
	gone := rapid.Bool().Draw(x.rt, "delete")
	return x.logged(store.Exclusions.Name, id, func(tx *store.Tx) {
		if gone {
			store.Exclusions.Delete(tx, id)
		} else {
			store.Exclusions.Put(tx, &crm.Exclusion{ID: id, Pattern: token, Effect: effect, At: 1})
		}
	})
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
