package records

import (
	"context"
	"maps"
	"slices"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// gathered is what one transaction of a merge writes. With more set, others
// still point to what goes, and the records themselves wait.
type gathered struct {
	e        *edit
	n        crm.Noun
	more     bool
	pointing []crm.Record
	answers  []crm.Answer
	rules    []crm.Rule
	all      []crm.Record // the one that stays first
	now      crm.Record
	x        *identities
	unique   *claims
}

func (g *gathered) moves() int { return len(g.pointing) + len(g.answers) + len(g.rules) }

// gather reads everything that a merge changes, and changes it in memory.
func (s *Service) gather(ctx context.Context, tx *store.Tx, by By, n crm.Noun, m Merging) (*gathered, error) {
	e, err := s.begin(ctx, tx, by)
	if err != nil {
		return nil, err
	}
	g := &gathered{e: e, n: n}
	if err := g.read(ctx, tx, m); err != nil {
		return nil, err
	}
	if err := g.follow(ctx, tx, m); err != nil || g.more {
		return g, err
	}
	said, err := m.values(n, g.all)
	if err == nil {
		err = g.named(&m)
	}
	if err != nil {
		return nil, err
	}
	return g, g.join(ctx, tx, said)
}

// named refuses to decide about fields that are hidden from the writer: to them
// there are none. Their values follow the rule.
func (g *gathered) named(m *Merging) error {
	n := g.e.viewer.Noun(g.n)
	if _, err := n.ParseValues(m.Values); err != nil {
		return err
	}
	for key := range m.Take {
		if _, ok := n.Field(key); !ok {
			return m.cannotTake(key)
		}
	}
	return nil
}

// read fetches the records, which the writer may change and delete.
func (g *gathered) read(ctx context.Context, tx *store.Tx, m Merging) error {
	docs, err := fetch(ctx, tx, m.all())
	if err != nil {
		return err
	}
	for i, d := range docs {
		do := crm.Delete
		if i == 0 {
			do = crm.Update
		}
		switch {
		case !d.Exists() || !g.e.viewer.Reads(&d.Value):
			return missing(m.all()[i])
		case !g.e.viewer.Can(do, &d.Value):
			return crm.Errorf(crm.Denied, "records.Merge", "you may not merge %s", d.Value.ID).WithHint("merging changes one record and deletes the others")
		}
		if d.Value.Kind == crm.KindLead && d.Value.Text("status") == crm.LeadConverted {
			return crm.Errorf(crm.Invalid, "records.Merge", "%s is converted: what it became is merged instead", d.Value.ID).WithField("from")
		}
		g.all = append(g.all, d.Value)
	}
	return nil
}

// follow lets what points to the records that go point to the one that stays.
func (g *gathered) follow(ctx context.Context, tx *store.Tx, m Merging) error {
	seen := map[crm.RecordID]bool{}
	for _, id := range m.all() {
		seen[id] = true // they are written by themselves
	}
	for _, id := range m.From {
		list, err := referrers(ctx, tx, id, chunkRecords+len(seen))
		if err != nil {
			return err
		}
		for _, r := range list {
			if !seen[r.ID] && len(g.pointing) < chunkRecords {
				seen[r.ID] = true
				g.pointing = append(g.pointing, g.e.repoint(r, m))
			} else if !seen[r.ID] {
				g.more = true
			}
		}
		if err := g.said(ctx, tx, id, m.Into); err != nil {
			return err
		}
	}
	return nil
}

// said lets answers and rules about a record be about another.
func (g *gathered) said(ctx context.Context, tx *store.Tx, id, into crm.RecordID) error {
	about := store.Query{Where: []store.Filter{store.Is("record", id)}, Limit: chunkRecords}
	answers, err := store.Answers.Query(ctx, tx, about)
	if err != nil {
		return err
	}
	rules, err := store.Rules.Query(ctx, tx, about)
	if err != nil {
		return err
	}
	g.more = g.more || answers.Next != "" || rules.Next != ""
	for _, a := range answers.Values() {
		a.Record = into
		g.answers = append(g.answers, a)
	}
	for _, r := range rules.Values() {
		r.Record = into
		g.rules = append(g.rules, r)
	}
	return nil
}

// repoint puts the id of the record that stays for those of the others, with
// the role of the link.
func (e *edit) repoint(r crm.Record, m Merging) crm.Record {
	n, ok := e.schema.Noun(r.Kind)
	if !ok {
		return r
	}
	old := r
	r = r.Clone()
	for _, f := range n.Fields {
		if f.Type != crm.FieldRelation {
			continue
		}
		var list []string
		roles := map[string]any{}
		for _, id := range r.List(f.Key) {
			role := r.Role(f.Key, crm.RecordID(id))
			if slices.Contains(m.From, crm.RecordID(id)) {
				id = string(m.Into)
			}
			if !slices.Contains(list, id) {
				list = append(list, id)
			}
			if had, _ := roles[id].(string); had == "" && role != "" {
				roles[id] = role
			}
		}
		switch {
		case list == nil:
		case f.Many:
			r.Values[f.Key] = list
		default:
			r.Values[f.Key] = list[0]
		}
		if len(roles) > 0 {
			r.Values[crm.RolesKey(f.Key)] = roles
		}
	}
	n.Apply(&r, nil)
	n.FillSlots(&r)
	if n.Activity {
		e.keepActivity(&old, &r)
	}
	return r
}

// join makes the merged record, and moves identities and unique values to it.
func (g *gathered) join(ctx context.Context, tx *store.Tx, said map[string]any) error {
	stays, goes := g.all[0], g.all[1:]
	g.now = stays.Clone()
	for _, f := range g.n.Fields {
		if _, ok := said[f.Key]; !ok && !f.System {
			said[f.Key] = nil
		}
	}
	g.n.Apply(&g.now, said)
	g.roles()
	var tokens []crm.Token
	var claimed [][]crm.Claim
	held := crm.Record{ID: stays.ID, Kind: stays.Kind, Values: map[string]any{}}
	for _, r := range g.all {
		g.now.CreatedAt = min(g.now.CreatedAt, r.CreatedAt)
		tokens = append(tokens, TokensOf(&r)...)
		claimed = append(claimed, g.n.Claims(g.e.ws.IDKey, &r))
		for _, f := range g.n.Fields {
			if f.Type.Identity() || f.Key == "former" {
				setList(&held, f.Key, union(held.List(f.Key), r.List(f.Key)))
			}
		}
	}
	maps.DeleteFunc(said, func(key string, _ any) bool { return g.e.viewer.Hides(g.n.Kind, key) })
	if err := g.e.check(g.n, &stays, &g.now, said); err != nil {
		return err
	}
	var err error
	if g.x, err = loadIdentities(ctx, tx, g.e.ws.IDKey, tokens); err != nil {
		return err
	}
	if g.unique, err = g.e.claims(ctx, tx, append(claimed, g.n.Claims(g.e.ws.IDKey, &g.now))...); err != nil {
		return err
	}
	for _, r := range goes {
		for _, t := range TokensOf(&r) {
			g.x.pass(t, r.ID, stays.ID)
		}
		if err := g.unique.change(g.n.Claims(g.e.ws.IDKey, &r), nil); err != nil {
			return err
		}
	}
	g.x.change(&held, &g.now, true, g.e.at)
	return g.unique.change(g.n.Claims(g.e.ws.IDKey, &stays), g.n.Claims(g.e.ws.IDKey, &g.now))
}

// roles gives the links of the merged record the roles that they had anywhere.
func (g *gathered) roles() {
	for _, f := range g.n.Fields {
		if len(f.Roles) == 0 {
			continue
		}
		roles := map[string]any{}
		for _, id := range g.now.Records(f.Key) {
			for _, r := range g.all {
				if role := r.Role(f.Key, id); role != "" && roles[string(id)] == nil {
					roles[string(id)] = role
				}
			}
		}
		delete(g.now.Values, crm.RolesKey(f.Key))
		if len(roles) > 0 {
			g.now.Values[crm.RolesKey(f.Key)] = roles
		}
	}
}

func (g *gathered) write(tx *store.Tx) error {
	for i := range g.pointing {
		n, err := nounOf(g.pointing[i].ID)
		if err != nil {
			return err
		}
		collectionOf(n).Put(tx, &g.pointing[i])
	}
	for i := range g.answers {
		store.Answers.Put(tx, &g.answers[i])
	}
	for i := range g.rules {
		store.Rules.Put(tx, &g.rules[i])
	}
	if g.more {
		return nil
	}
	collectionOf(g.n).Put(tx, &g.now)
	for _, r := range g.all[1:] {
		collectionOf(g.n).Delete(tx, string(r.ID))
	}
	g.x.write(tx)
	g.unique.write(tx)
	return nil
}

// pass hands what a record holds and held to another, with its times. Of two
// present holds of the other the earlier one stays.
func (x *identities) pass(t crm.Token, from, to crm.RecordID) {
	d := x.docs[t]
	open := -1
	var out []crm.Holder
	for _, h := range d.Holders {
		if h.Record == from {
			h.Record = to
		}
		if h.Record == to && h.To == 0 {
			if open >= 0 {
				out[open].From = min(out[open].From, h.From)
				continue
			}
			open = len(out)
		}
		out = append(out, h)
	}
	d.Holders = out
	x.settle(t)
}
