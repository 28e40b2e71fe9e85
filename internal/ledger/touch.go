package ledger

import (
	"context"
	"reflect"
	"slices"

	"threadline/internal/crm"
	"threadline/internal/match"
	"threadline/internal/store"
)

// touched is what a change may have moved. Mail is reached by the addresses and
// domains under which it is sought, never by its present links: these may be
// taken away by an answer although more follows from the record.
type touched struct {
	patterns []crm.Token        // mail that exclusions find but that is not sought by tokens
	tokens   map[crm.Token]bool // mail that is sought by them
	messages map[crm.MessageID]bool
	told     map[crm.RecordID]bool // contacts whose tokens are there already
	leads    map[crm.RecordID]bool // contacts and companies: what follows from them is another
	came     map[crm.RecordID]bool // records that were made, or came back
	went     map[crm.RecordID]bool // records that are gone
	ended    map[crm.RecordID]bool // deals that were closed, or opened again: answers about them end or hold again
	users    []crm.Audience        // everybody who may be the only one to know of mail
}

func newTouched() *touched {
	return &touched{tokens: map[crm.Token]bool{}, messages: map[crm.MessageID]bool{}, told: map[crm.RecordID]bool{}, leads: map[crm.RecordID]bool{},
		came: map[crm.RecordID]bool{}, went: map[crm.RecordID]bool{}, ended: map[crm.RecordID]bool{}}
}

// touchedBy reads what a change names and what hangs on it. Reading the present
// state is right: whatever changed since is the subject of a later change.
func (f *Follower) touchedBy(ctx context.Context, ch *crm.Change) (*touched, error) {
	t := newTouched()
	dir, _, err := base(ctx, f.sp, f.sp.Workspace())
	if err != nil {
		return nil, err
	}
	images, err := f.images(ch)
	if err != nil {
		return nil, err
	}
	for i, e := range ch.Entries {
		before, after := images[i][0], images[i][1]
		t.add(e, before, after)
		if e.Collection == store.Exclusions.Name {
			for _, fields := range []map[string]any{before, after} {
				pattern, _ := fields["pattern"].(string)
				t.pattern(dir.Free, crm.Token(pattern))
			}
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
	users, err := contents(store.Users.All(ctx, f.sp, store.Query{}))
	if err != nil {
		return nil, err
	}
	for _, u := range users {
		t.users = append(t.users, crm.Audience(u.ID))
	}
	return t, t.answers(ctx, f.sp)
}

// images are the fields of each entry before and after.
func (f *Follower) images(ch *crm.Change) ([][2]map[string]any, error) {
	out := make([][2]map[string]any, len(ch.Entries))
	err := store.Spread(len(out), func(from, to int) (err error) {
		for i := from; i < to && err == nil; i++ {
			if out[i][0], err = f.fields(ch.Entries[i].Before); err == nil {
				out[i][1], err = f.fields(ch.Entries[i].After)
			}
		}
		return err
	})
	return out, err
}

func (f *Follower) fields(data []byte) (map[string]any, error) {
	if data == nil {
		return nil, nil
	}
	return f.sp.Store().Decode(data)
}

// pattern adds the mail that an exclusion finds.
func (t *touched) pattern(free func(crm.Domain) bool, p crm.Token) {
	d := p.Domain()
	switch reg := match.Registered(d); {
	case p == "":
	case p.Address() != "":
		t.tokens[p] = true
	case d != "" && !free(d) && !free(reg) && !match.Public(d):
		t.tokens[crm.DomainToken(reg)] = true // under it stands all that is below
	default:
		t.patterns = append(t.patterns, p)
	}
}

// add notes what one entry names, before and after.
func (t *touched) add(e crm.ChangeEntry, before, after map[string]any) {
	if e.Collection == store.Records.Name {
		t.addRecord(crm.RecordID(e.ID), before, after)
		return
	}
	key := map[string]string{store.Identities.Name: "token", store.Rules.Name: "value",
		store.Answers.Name: "message"}[e.Collection]
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
	crm.KindDeal:    {"created", "closed_at", "contacts", "company", "name", "amount"},
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
	t.ended[id] = n.Kind == crm.KindDeal && !reflect.DeepEqual(was["closed_at"], is["closed_at"])
	for _, values := range []map[string]any{was, is} {
		rec := crm.Record{ID: id, Kind: n.Kind, Values: values}
		switch n.Kind {
		case crm.KindContact:
			t.leads[id], t.told[id] = true, true
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
// contacts by whom a company is linked. What a contact of the change itself has
// taken or left since is the subject of a later one.
func (t *touched) follow(ctx context.Context, r store.Reader) error {
	var ids []string
	for _, id := range keys(t.leads) {
		n, _ := crm.NounOfID(id)
		if !t.told[id] {
			ids = append(ids, string(id))
		}
		if n.Kind != crm.KindCompany {
			continue
		}
		q := store.Query{Where: []store.Filter{store.Is("kind", crm.KindContact), store.Is("values.company", id)}, Limit: store.MaxLimit}
		err := store.Records.Each(ctx, r, q, func(d store.Doc[crm.Record]) error {
			t.leads[d.Value.ID], t.told[d.Value.ID] = true, true
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

// answers finds the messages of which somebody spoke together with a deal that
// was closed or opened again, or with a record that is there
// again: while it was gone the answer had no effect.
func (t *touched) answers(ctx context.Context, r store.Reader) error {
	if !slices.Contains(values(t.came), true) && !slices.Contains(values(t.ended), true) {
		return nil
	}
	return store.Answers.Each(ctx, r, store.Query{Limit: store.MaxLimit}, func(d store.Doc[crm.Answer]) error {
		if t.came[d.Value.Record] || t.ended[d.Value.Record] {
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

func (t *touched) queries(width int) []store.Query {
	var out []store.Query
	sought := slices.DeleteFunc(keys(t.tokens), func(token crm.Token) bool { return token.Address() == "" && token.Domain() == "" })
	for chunk := range chunks(sought, width) {
		out = append(out, store.Query{Where: []store.Filter{store.HasAmong("seek", chunk)}, Limit: store.MaxLimit})
	}
	var feeds []crm.FeedToken
	for _, r := range keys(t.went) {
		if t.went[r] {
			feeds = append(feeds, crm.Feed(r, crm.Members))
			for _, u := range t.users {
				feeds = append(feeds, crm.Feed(r, u))
			}
		}
	}
	for chunk := range chunks(feeds, width) {
		out = append(out, store.Query{Where: []store.Filter{store.HasAmong("feed", chunk)}, Order: "date", Desc: true, Limit: store.MaxLimit})
	}
	return out
}

// each calls f with the touched messages; one may come several times.
func (t *touched) each(ctx context.Context, sp *store.Space, f func([]crm.MessageID) error) error {
	for _, q := range t.queries(store.Width(sp)) {
		if err := eachPage(ctx, sp, q, f); err != nil {
			return err
		}
	}
	if err := scan(ctx, sp, t.patterns, f); err != nil {
		return err
	}
	ids, err := present(ctx, sp, keys(t.messages))
	if err != nil || len(ids) == 0 {
		return err
	}
	return f(ids)
}

// scan reads all mail for patterns that no index finds.
func scan(ctx context.Context, sp *store.Space, patterns []crm.Token, f func([]crm.MessageID) error) error {
	if len(patterns) == 0 {
		return nil
	}
	dir := &match.Directory{}
	if err := folders(ctx, sp, dir); err != nil {
		return err
	}
	for q := (store.Query{Limit: rematchChunk}); ; {
		page, err := store.Messages.Query(ctx, sp, q)
		if err != nil {
			return err
		}
		var ids []crm.MessageID
		for i := range page.Items {
			m := &page.Items[i].Value
			in := dir.Everywhere(m)
			if slices.ContainsFunc(patterns, func(p crm.Token) bool { return match.Asks(p, m, in) }) {
				ids = append(ids, m.ID)
			}
		}
		if len(ids) > 0 {
			if err := f(ids); err != nil {
				return err
			}
		}
		if page.Next == "" {
			return nil
		}
		q.After = page.Next
	}
}

// present puts messages in the place of the stubs that they replaced.
func present(ctx context.Context, r store.Reader, ids []crm.MessageID) ([]crm.MessageID, error) {
	docs, err := store.Messages.GetMany(ctx, r, texts(ids))
	if err != nil {
		return nil, err
	}
	var out, gone []crm.MessageID
	for i, d := range docs {
		if d.Exists() {
			out = append(out, ids[i])
		} else {
			gone = append(gone, ids[i])
		}
	}
	var qs []store.Query
	for chunk := range chunks(gone, store.Width(r)) {
		qs = append(qs, store.Query{Where: []store.Filter{store.HasAmong("was", chunk)}, Limit: store.MaxLimit})
	}
	err = store.Messages.Gather(ctx, r, qs, func(d store.Doc[crm.Message]) error { out = append(out, d.Value.ID); return nil })
	return out, err
}
