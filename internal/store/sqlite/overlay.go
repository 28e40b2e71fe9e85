package sqlite

import (
	"context"
	"slices"
	"strings"

	"threadline/internal/store"
)

// overlay is what batches write that are not committed yet, the later one over
// the earlier.
type overlay struct {
	cells  map[store.Key]*cell
	count  map[spaceName]int // of cells
	of     map[int64]*cell   // by number
	places map[int64][]place // of the indexes that were asked for, see at
}

func newOverlay(batches []*batch) *overlay {
	n := 0
	for _, b := range batches {
		n += len(b.cells)
	}
	o := &overlay{cells: make(map[store.Key]*cell, n), count: map[spaceName]int{}, of: make(map[int64]*cell, n), places: map[int64][]place{}}
	for _, b := range batches {
		for k, c := range b.cells {
			if c.changed() {
				o.cells[k] = c
			}
		}
	}
	for k, c := range o.cells {
		o.count[spaceName{k.Workspace, k.Collection}]++
		o.of[c.old.n] = c
	}
	return o
}

// at returns the entries of an index, in order, of documents as they will be. Few
// of the many indexes are ever asked.
func (o *overlay) at(names *names, p *store.Plan, ix int64) ([]place, error) {
	if list, known := o.places[ix]; known {
		return list, nil
	}
	var list []place
	name, alone := names.nameOf(p.Index), store.NewIndexes([]store.Index{*p.Index})
	for _, c := range o.of {
		if c.key.Workspace != p.Workspace || c.key.Collection != p.Collection {
			continue
		}
		entries := c.is
		if !c.made {
			var err error
			if entries, err = alone.Entries(c.key.Collection, c.key.ID, c.data); err != nil {
				return nil, err
			}
		}
		for _, e := range entries {
			if !c.made || names.nameOf(e.Index) == name {
				list = append(list, place{ix, e.Key, c.old.n})
			}
		}
	}
	slices.SortFunc(list, comparePlaces)
	o.places[ix] = list
	return list, nil
}

// query runs a plan on what is committed with the overlay laid over it. Of what
// is committed so many more documents are read as may be under the overlay.
func (o *overlay) query(ctx context.Context, s *session, p *store.Plan) ([]found, error) {
	under := o.count[spaceName{p.Workspace, p.Collection}]
	if under == 0 {
		return s.query(ctx, p)
	}
	more := *p
	more.Limit += under
	if p.Index == nil {
		list, err := s.byID(&more)
		return o.byID(p, list), err
	}
	spans := s.names.spans(p)
	hits, err := s.merge(ctx, &more, spans)
	if err != nil {
		return nil, err
	}
	// Those under the overlay are not read.
	hits = inOrder(p, slices.DeleteFunc(hits, func(h hit) bool { return o.of[h.doc] != nil }))
	have, err := s.byNumber(p, hits)
	if err != nil {
		return nil, err
	}
	hits = slices.DeleteFunc(hits, func(h hit) bool {
		_, ok := have[h.doc]
		return !ok
	})
	for _, sp := range spans {
		some, err := o.hits(s.names, p, sp, have)
		if err != nil {
			return nil, err
		}
		hits = append(hits, some...)
	}
	hits = inOrder(p, hits)
	out := make([]found, len(hits))
	for i, h := range hits {
		out[i] = have[h.doc]
	}
	return out, nil
}

// hits are the entries of the overlay in a range; their documents join have.
func (o *overlay) hits(names *names, p *store.Plan, sp span, have map[int64]found) ([]hit, error) {
	list, err := o.at(names, p, sp.ix)
	if err != nil {
		return nil, err
	}
	var out []hit
	for _, pl := range within(list, sp) {
		c := o.of[pl.doc]
		have[pl.doc] = found{key: c.key, row: c.now()}
		out = append(out, hit{place: pl.key[min(sp.prefix, len(pl.key)):], doc: pl.doc})
	}
	return out, nil
}

// within returns those of sorted places that are in a range.
func within(places []place, sp span) []place {
	at := func(key []byte) int {
		i, _ := slices.BinarySearchFunc(places, place{ix: sp.ix, key: key}, comparePlaces)
		return i
	}
	return places[at(sp.low):at(sp.high)]
}

// byID lays the overlay over documents in order of id.
func (o *overlay) byID(p *store.Plan, list []found) []found {
	order := strings.Compare
	if p.Desc {
		order = func(a, b string) int { return strings.Compare(b, a) }
	}
	list = slices.DeleteFunc(list, func(f found) bool { return o.cells[f.key] != nil })
	for k, c := range o.cells {
		here := k.Workspace == p.Workspace && k.Collection == p.Collection
		if here && c.version != 0 && (p.After == nil || order(k.ID, string(p.After)) > 0) {
			list = append(list, found{key: k, row: c.now()})
		}
	}
	slices.SortFunc(list, func(a, b found) int { return order(a.key.ID, b.key.ID) })
	return list[:min(len(list), p.Limit)]
}
