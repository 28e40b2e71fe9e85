package records

import (
	"context"
	"maps"
	"slices"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// load reads everything on which decisions about the rows hang.
func (g *bringer) load(ctx context.Context, tx *store.Tx, rows []Row) error {
	rules, err := duplicateRules(ctx, tx, g.Noun)
	if err != nil {
		return err
	}
	for _, r := range rules.Rules {
		if r.Effect == crm.DuplicateForbids || g.Dry {
			g.rules = append(g.rules, r) // warnings are for the plan
		}
	}
	if err := g.loadUsers(ctx, tx); err != nil {
		return err
	}
	need := g.needs(rows)
	if g.x, err = loadIdentities(ctx, tx, g.ws.IDKey, slices.Collect(maps.Keys(need.tokens))); err != nil {
		return err
	}
	ids := need.ids
	for _, d := range g.x.docs {
		for _, h := range d.Holders {
			if h.To == 0 {
				ids[h.Record] = true
			}
		}
	}
	if err := g.loadNames(ctx, tx, need.names); err != nil {
		return err
	}
	if err := g.loadRecords(ctx, tx, slices.Sorted(maps.Keys(ids))); err != nil {
		return err
	}
	if err := g.loadUnique(ctx, tx, rows); err != nil {
		return err
	}
	return g.loadCounters(ctx, tx)
}

// loadUnique reads who has the unique values of the rows and of what they may
// change.
func (g *bringer) loadUnique(ctx context.Context, tx *store.Tx, rows []Row) (err error) {
	var lists [][]crm.Claim
	for i := range rows {
		lists = append(lists, g.Noun.Claims(g.ws.IDKey, &crm.Record{ID: rows[i].ID, Kind: g.Noun.Kind, Values: rows[i].Values}))
	}
	for _, b := range g.recs {
		if b.noun.Kind == g.Noun.Kind {
			lists = append(lists, g.Noun.Claims(g.ws.IDKey, &b.now))
		}
	}
	g.unique, err = g.claims(ctx, tx, lists...)
	return err
}

// loadCounters reads the numbers that new records get.
func (g *bringer) loadCounters(ctx context.Context, tx *store.Tx) error {
	g.counters = map[string]*crm.Counter{}
	for _, f := range g.Noun.Numbered() {
		docs, err := store.Counters.GetMany(ctx, tx, []string{crm.CounterID(g.Noun.Kind, f.Key)})
		if err != nil {
			return err
		}
		g.counters[f.Key] = &docs[0].Value
	}
	return nil
}

// needed is what rows name.
type needed struct {
	tokens map[crm.Token]bool
	ids    map[crm.RecordID]bool
	names  map[crm.Kind]map[string]bool
}

func (g *bringer) needs(rows []Row) needed {
	need := needed{map[crm.Token]bool{}, map[crm.RecordID]bool{}, map[crm.Kind]map[string]bool{}}
	name := func(k crm.Kind, s string) {
		if key := nameKey(s); key != "" {
			if need.names[k] == nil {
				need.names[k] = map[string]bool{}
			}
			need.names[k][key] = true
		}
	}
	byName := slices.Contains(g.Match, g.Noun.Title) || slices.ContainsFunc(g.rules, func(r crm.DuplicateRule) bool { return r.Field == g.Noun.Title })
	for i := range rows {
		row := &rows[i]
		if row.Err != nil {
			continue
		}
		r := crm.Record{Kind: g.Noun.Kind, Values: row.Values}
		for _, t := range r.Tokens() {
			need.tokens[t] = true
		}
		if row.About != "" {
			need.ids[row.About] = true
		}
		if byName {
			name(g.Noun.Kind, r.Text(g.Noun.Title))
		}
		for field, texts := range row.Names {
			f, _ := g.Noun.Field(field)
			if f.Type != crm.FieldRelation {
				continue
			}
			for _, text := range texts {
				if id, ok := asID(text); ok {
					need.ids[id] = true
					continue
				}
				if t := asToken(text); t != "" {
					need.tokens[t] = true
				}
				name(f.To, text)
			}
		}
	}
	return need
}

// asID reads text as the id of a record.
func asID(text string) (crm.RecordID, bool) {
	n, ok := crm.NounOfID(crm.RecordID(text))
	if !ok {
		return "", false
	}
	id, err := crm.ParseID[crm.RecordID](n.Prefix, text)
	return id, err == nil
}

// asToken reads text as an address or a domain, "" when it is neither.
func asToken(text string) crm.Token {
	if a, err := crm.ParseAddress(text); err == nil {
		return crm.AddressToken(a)
	}
	if d, err := crm.ParseDomain(text); err == nil && slices.Contains([]byte(text), '.') {
		return crm.DomainToken(d)
	}
	return ""
}

func (g *bringer) loadUsers(ctx context.Context, tx *store.Tx) error {
	if !slices.ContainsFunc(g.Noun.Fields, func(f crm.Field) bool { return f.Type == crm.FieldUser }) {
		return nil
	}
	users, err := store.Users.All(ctx, tx, store.Query{})
	g.users = map[string]crm.UserID{}
	for _, d := range users {
		u := d.Value
		if u.Status == crm.UserLeft {
			continue
		}
		g.users[string(u.ID)] = u.ID
		g.users[string(u.Email)] = u.ID
		name := nameKey(u.Name)
		if other, taken := g.users[name]; taken && other != u.ID {
			g.users[name] = ""
			continue
		}
		g.users[name] = u.ID
	}
	return err
}

// loadNames finds records by their names.
func (g *bringer) loadNames(ctx context.Context, tx *store.Tx, names map[crm.Kind]map[string]bool) error {
	for kind, keys := range names {
		n, ok := g.schema.Noun(kind)
		if !ok {
			continue
		}
		for chunk := range slices.Chunk(slices.Sorted(maps.Keys(keys)), store.Width(tx)) {
			q := store.Query{Where: []store.Filter{store.Is("kind", kind), store.HasAmong("alike", chunk)}, Limit: store.MaxLimit}
			err := collectionOf(n).Each(ctx, tx, q, func(d store.Doc[crm.Record]) error {
				g.have(n, d.Value)
				return nil
			})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// have takes a stored record into the transaction.
func (g *bringer) have(n crm.Noun, r crm.Record) {
	if g.recs[r.ID] != nil {
		return
	}
	tidy(&r)
	if !g.viewer.Reads(&r) {
		g.hidden[r.ID] = true
		return
	}
	old := r.Clone()
	g.recs[r.ID] = &brought{noun: n, old: &old, now: r}
	for _, key := range r.Alike {
		key = NameKey(r.Kind, key)
		g.names[key] = append(g.names[key], r.ID)
	}
}

// loadRecords reads records by id, and the identities of those that rows may
// change.
func (g *bringer) loadRecords(ctx context.Context, tx *store.Tx, ids []crm.RecordID) error {
	ids = slices.DeleteFunc(ids, func(id crm.RecordID) bool { return g.recs[id] != nil })
	docs, err := fetch(ctx, tx, ids)
	if err != nil {
		return err
	}
	for _, d := range docs {
		if n, ok := g.schema.Noun(d.Value.Kind); ok && d.Exists() {
			g.have(n, d.Value)
		}
	}
	var more []crm.Token
	for _, b := range g.recs {
		for _, t := range TokensOf(&b.now) {
			if g.x.docs[t] == nil && b.noun.Kind == g.Noun.Kind {
				more = append(more, t)
			}
		}
	}
	x, err := loadIdentities(ctx, tx, g.ws.IDKey, more)
	if err != nil {
		return err
	}
	maps.Copy(g.x.docs, x.docs)
	return nil
}

// resolve turns what a row names into ids, and returns the records that are to
// be made for it.
func (g *bringer) resolve(row *Row, values map[string]any) ([]*brought, error) {
	var made []*brought
	for _, field := range slices.Sorted(maps.Keys(row.Names)) {
		f, _ := g.Noun.Field(field)
		var ids []string
		for _, text := range row.Names[field] {
			id, fresh, err := g.resolveOne(f, text)
			if err != nil {
				return nil, err
			}
			if fresh != nil {
				made = append(made, fresh)
			}
			if !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
		}
		switch {
		case len(ids) == 0:
		case f.Many:
			values[field] = ids
		case len(ids) > 1:
			return nil, crm.Errorf(crm.Invalid, "records.Bring", "%s takes one value", field).WithField(field)
		default:
			values[field] = ids[0]
		}
	}
	return made, nil
}

func (g *bringer) resolveOne(f crm.Field, text string) (string, *brought, error) {
	if f.Type == crm.FieldUser {
		id := g.users[text]
		if id == "" {
			id = g.users[nameKey(text)]
		}
		if id == "" {
			return "", nil, crm.Errorf(crm.Invalid, "records.Bring", "%q is no user of this workspace", crm.Clip(text, 60)).WithField(f.Key)
		}
		return string(id), nil, nil
	}
	found := g.meant(f.To, text)
	switch {
	case len(found) == 1:
		return string(found[0]), nil, nil
	case len(found) > 1:
		return "", nil, crm.Errorf(crm.Conflict, "records.Bring", "%d records are called %q", len(found), crm.Clip(text, 60)).WithField(f.Key).
			WithHint("write the id of the one that is meant")
	}
	n, ok := g.schema.Noun(f.To)
	_, isID := asID(text)
	if !g.Make || !ok || isID {
		return "", nil, crm.Errorf(crm.Invalid, "records.Bring", "there is no %s %q", f.To, crm.Clip(text, 60)).WithField(f.Key)
	}
	fresh, err := g.makeNamed(n, text)
	if err != nil {
		return "", nil, err
	}
	return string(fresh.now.ID), fresh, nil
}

// meant are the records that text may mean.
func (g *bringer) meant(k crm.Kind, text string) []crm.RecordID {
	if id, ok := asID(text); ok {
		if b := g.recs[id]; b != nil && (k == "" || b.noun.Kind == k) {
			return []crm.RecordID{id}
		}
		return nil
	}
	if t := asToken(text); t != "" {
		if ids := g.holders(k, t); len(ids) > 0 {
			return ids
		}
	}
	return g.called(k, text)
}

// makeNamed is a record that has nothing but a name.
func (g *bringer) makeNamed(n crm.Noun, name string) (*brought, error) {
	f, _ := n.Field(n.Title)
	v, err := f.Parse(name)
	if err != nil {
		return nil, err
	}
	r := crm.Record{ID: g.MadeID(n, nameKey(name)), Kind: n.Kind, Values: map[string]any{n.Title: v}, CreatedAt: g.now, CreatedBy: g.actor}
	err = g.check(n, nil, &r, r.Values)
	return &brought{noun: n, now: r}, err
}
