package ledger

import (
	"context"
	"reflect"
	"slices"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// touched is what a change may have moved. Mail is reached by the addresses and
// domains under which it is sought, never by its present links: these may be
// taken away by an answer although more follows from the record.
type touched struct {
	all      bool               // everything
	tokens   map[crm.Token]bool // mail that is sought by them
	messages map[crm.MessageID]bool
	leads    map[crm.RecordID]bool // contacts and companies: what follows from them is another
	came     map[crm.RecordID]bool // records that were made, or came back
	went     map[crm.RecordID]bool // records that are gone
}

// touchedBy reads what a change names and what hangs on it. Reading the present
// state is right: whatever changed since is the subject of a later change.
func (f *Follower) touchedBy(ctx context.Context, ch *crm.Change) (*touched, error) {
	t := &touched{tokens: map[crm.Token]bool{}, messages: map[crm.MessageID]bool{}, leads: map[crm.RecordID]bool{},
		came: map[crm.RecordID]bool{}, went: map[crm.RecordID]bool{}}
	dir, _, err := base(ctx, f.sp, f.sp.Workspace())
	if err != nil {
		return nil, err
	}
	for _, e := range ch.Entries {
		before, err := f.fields(e.Before)
		if err != nil {
			return nil, err
		}
		after, err := f.fields(e.After)
		if err != nil {
			return nil, err
		}
		t.add(e, before, after)
		if e.Collection == store.Exclusions.Name && (t.free(dir.Free, before) || t.free(dir.Free, after)) {
			t.all = true // mail is not sought by free-mail domains
		}
	}
	if err := t.follow(ctx, f.sp); err != nil {
		return nil, err
	}
	for _, rules := range dir.Rules {
		for _, r := range rules {
			if t.leads[r.Record] || t.came[r.Record] || t.went[r.Record] {
				t.tokens[r.Value] = true
			}
		}
	}
	return t, t.answers(ctx, f.sp)
}

func (f *Follower) fields(data []byte) (map[string]any, error) {
	if data == nil {
		return nil, nil
	}
	return f.sp.Store().Decode(data)
}

func (t *touched) free(free func(crm.Domain) bool, fields map[string]any) bool {
	pattern, _ := fields["pattern"].(string)
	return len(pattern) > 2 && pattern[:2] == "d:" && free(crm.Domain(pattern[2:]))
}

// add notes what one entry names, before and after.
func (t *touched) add(e crm.ChangeEntry, before, after map[string]any) {
	if e.Collection == store.Records.Name {
		t.addRecord(crm.RecordID(e.ID), before, after)
		return
	}
	key := map[string]string{store.Identities.Name: "token", store.Rules.Name: "value",
		store.Exclusions.Name: "pattern", store.Answers.Name: "message"}[e.Collection]
	for _, fields := range []map[string]any{before, after} {
		text, _ := fields[key].(string)
		switch {
		case text == "":
		case e.Collection == store.Answers.Name:
			t.messages[crm.MessageID(text)] = true
		default:
			t.tokens[crm.Token(text)] = true
		}
	}
}

// deciding are the fields of a record on which links hang, besides identities.
var deciding = map[crm.Kind][]string{
	crm.KindContact: {"company"},
	crm.KindDeal:    {"created", "closed_at", "contacts", "company"},
}

func (t *touched) addRecord(id crm.RecordID, before, after map[string]any) {
	n, _ := crm.NounOfID(id)
	moved := (before == nil) != (after == nil)
	if moved {
		t.came[id], t.went[id] = after != nil, after == nil
	}
	was, _ := before["values"].(map[string]any)
	is, _ := after["values"].(map[string]any)
	for _, key := range deciding[n.Kind] {
		moved = moved || !reflect.DeepEqual(was[key], is[key])
	}
	if !moved {
		return
	}
	for _, values := range []map[string]any{was, is} {
		rec := crm.Record{ID: id, Kind: n.Kind, Values: values}
		switch n.Kind {
		case crm.KindContact:
			t.leads[id] = true
			t.addTokens(&rec)
		case crm.KindDeal:
			for _, r := range append(rec.Records("contacts"), rec.Records("company")...) {
				t.leads[r] = true
			}
		}
	}
}

// addTokens adds what a record holds and held.
func (t *touched) addTokens(rec *crm.Record) {
	for _, token := range rec.Tokens() {
		t.tokens[token] = true
	}
	for _, token := range rec.List("former") {
		t.tokens[crm.Token(token)] = true
	}
}

// follow adds what the contacts and companies that lead on hold, and the
// contacts by whom a company is linked.
func (t *touched) follow(ctx context.Context, r store.Reader) error {
	var ids []string
	for _, id := range keys(t.leads) {
		n, _ := crm.NounOfID(id)
		ids = append(ids, string(id))
		if n.Kind != crm.KindCompany {
			continue
		}
		q := store.Query{Where: []store.Filter{store.Is("kind", crm.KindContact), store.Is("values.company", id)}, Limit: store.MaxLimit}
		err := store.Records.Each(ctx, r, q, func(d store.Doc[crm.Record]) error {
			t.leads[d.Value.ID] = true
			t.addTokens(&d.Value)
			return nil
		})
		if err != nil {
			return err
		}
	}
	docs, err := store.Records.GetMany(ctx, r, ids)
	for i := range docs {
		t.addTokens(&docs[i].Value)
	}
	return err
}

// answers finds the messages that somebody linked to a record that is there
// again: while it was gone the answer had no effect.
func (t *touched) answers(ctx context.Context, r store.Reader) error {
	if !slices.Contains(values(t.came), true) {
		return nil
	}
	return store.Answers.Each(ctx, r, store.Query{Limit: store.MaxLimit}, func(d store.Doc[crm.Answer]) error {
		if t.came[d.Value.Record] {
			t.messages[d.Value.Message] = true
		}
		return nil
	})
}

func values[K comparable, V any](m map[K]V) []V {
	out := make([]V, 0, len(m))
	for _, v := range m {
		out = append(out, v)
	}
	return out
}

func (t *touched) queries() []store.Query {
	var out []store.Query
	for chunk := range chunks(keys(t.tokens), 30) {
		out = append(out, store.Query{Where: []store.Filter{store.HasAny("seek", chunk)}, Limit: rematchChunk})
	}
	var feeds []crm.FeedToken
	for _, r := range keys(t.went) {
		if t.went[r] {
			feeds = append(feeds, crm.Feed(r, crm.Members))
		}
	}
	for chunk := range chunks(feeds, 30) {
		out = append(out, store.Query{Where: []store.Filter{store.HasAny("feed", chunk)}, Order: "date", Desc: true, Limit: rematchChunk})
	}
	return out
}
