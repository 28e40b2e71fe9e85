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
func (o *overlay) at(ix int64) []place {
	if list, known := o.places[ix]; known {
		return list
	}
	var list []place
	for _, c := range o.of {
		for _, p := range c.is {
			if p.ix == ix {
				list = append(list, p)
			}
		}
	}
	slices.SortFunc(list, comparePlaces)
	o.places[ix] = list
	return list
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
	have, err := s.byNumber(p, hits)
	if err != nil {
		return nil, err
	}
	hits = slices.DeleteFunc(hits, func(h hit) bool {
		f, ok := have[h.doc]
		return !ok || o.cells[f.key] != nil
	})
	for _, sp := range spans {
		hits = append(hits, o.hits(sp, have)...)
	}
	hits = inOrder(p, hits)
	out := make([]found, len(hits))
	for i, h := range hits {
		out[i] = have[h.doc]
	}
	return out, nil
}

// hits are the entries of the overlay in a range; their documents join have.
func (o *overlay) hits(sp span, have map[int64]found) []hit {
	var out []hit
	for _, p := range within(o.at(sp.ix), sp) {
		c := o.of[p.doc]
		have[p.doc] = found{key: c.key, row: c.now()}
		out = append(out, hit{place: p.key[min(sp.prefix, len(p.key)):], doc: p.doc})
	}
	return out
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
