package records

import (
	"maps"
	"reflect"
	"slices"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// create makes a record of values.
func (g *bringer) create(id crm.RecordID, values map[string]any) Outcome {
	r := crm.Record{ID: id, Kind: g.Noun.Kind, Values: map[string]any{}, CreatedAt: g.now, CreatedBy: g.actor}
	g.Noun.Apply(&r, values)
	g.Noun.Defaults(&r)
	g.count(&r)
	if err := g.check(g.Noun, nil, &r, values); err != nil {
		return failed(err)
	}
	out := Outcome{Did: DidCreate, Record: id}
	for _, rule := range g.rules {
		for _, other := range g.sharing(rule, values) {
			e := crm.Errorf(crm.Exists, "records.Bring", "%s has the same %s", other, rule.Field).WithField(rule.Field)
			if rule.Effect == crm.DuplicateForbids {
				return failed(e.WithHint("duplicates are forbidden by a rule"))
			}
			out.Err = e
		}
	}
	if err := g.unique.change(nil, g.Noun.Claims(g.ws.IDKey, &r)); err != nil {
		return failed(err)
	}
	g.numbered()
	g.x.change(nil, &r, false, g.at)
	g.keep(&brought{noun: g.Noun, now: r})
	return out
}

// change puts values into the record that is there. A record that an earlier
// row of a plan makes is not known here, and takes whatever comes.
func (g *bringer) change(then Did, id crm.RecordID, values map[string]any, row *Row) Outcome {
	out := Outcome{Did: then, Record: id}
	b := g.recs[id]
	if b == nil {
		return out
	}
	was := b.now
	r := was.Clone()
	said := g.said(then, &was, values)
	if then == DidSet {
		out.Seen = seen(&was, row)
		setLists(said, &was, row)
	}
	g.Noun.Apply(&r, said)
	if then == DidSet {
		if out.Diff = differences(&was, &r); len(out.Diff) == 0 {
			out.Did = DidSkip
			return out
		}
	}
	if err := g.check(g.Noun, &was, &r, said); err != nil {
		return failed(err)
	}
	for _, rule := range g.rules {
		if rule.Effect != crm.DuplicateForbids {
			continue
		}
		for _, other := range g.sharing(rule, values) {
			if other != id {
				return failed(crm.Errorf(crm.Exists, "records.Bring", "%s has the same %s", other, rule.Field).WithField(rule.Field))
			}
		}
	}
	if err := g.unique.change(g.Noun.Claims(g.ws.IDKey, &was), g.Noun.Claims(g.ws.IDKey, &r)); err != nil {
		return failed(err)
	}
	g.x.change(&was, &r, false, g.at)
	b.now = r
	for _, key := range alike(b.noun, &r) {
		if key = NameKey(b.noun.Kind, key); !slices.Contains(g.names[key], id) {
			g.names[key] = append(g.names[key], id)
		}
	}
	g.spend(&was, &r)
	return out
}

// said are the values that a row gives to a record.
func (g *bringer) said(then Did, was *crm.Record, values map[string]any) map[string]any {
	if then == DidSet {
		return maps.Clone(values)
	}
	said := map[string]any{}
	for key, v := range values {
		f, _ := g.Noun.Field(key)
		switch {
		case f.List():
			said[key] = union(was.List(key), v)
		case then == DidUpdate || was.Values[key] == nil:
			said[key] = v
		}
	}
	return said
}

// union adds the values of a list to another, in order, each once.
func union(list []string, v any) []string {
	out := slices.Clone(list)
	r := crm.Record{Values: map[string]any{"": v}}
	for _, s := range r.List("") {
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

// write stores what changed.
func (g *bringer) write(tx *store.Tx) {
	for _, id := range slices.Sorted(maps.Keys(g.recs)) {
		switch b := g.recs[id]; {
		case b.old == nil:
			collectionOf(b.noun).Create(tx, &b.now)
		case !reflect.DeepEqual(*b.old, b.now):
			collectionOf(b.noun).Put(tx, &b.now)
		}
	}
	g.x.write(tx)
	g.unique.write(tx)
	for _, c := range g.counters {
		store.Counters.Put(tx, c)
	}
}

// count gives a new record its numbers; numbered uses them up, so that a row
// with an error leaves no gap.
func (g *bringer) count(r *crm.Record) {
	for _, f := range g.Noun.Numbered() {
		r.Values[f.Key] = g.counters[f.Key].Last + 1
	}
}

func (g *bringer) numbered() {
	for _, f := range g.Noun.Numbered() {
		g.counters[f.Key].Last++
	}
}
