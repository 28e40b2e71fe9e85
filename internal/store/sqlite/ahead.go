package sqlite

import (
	"context"
	"slices"

	"threadline/internal/store"
)

// runAhead runs the function of a transaction ahead of its turn if it can, and
// returns what is to be called when the transaction is over.
func (d *Driver) runAhead(j *job, fn txFunc) (over func()) {
	r := &aheadReader{reading: reading{known: map[store.Key]row{}}, d: d, spaces: map[spaceName]bool{}}
	if !d.front.enter(j.ctx, d.closing, r) {
		return func() {}
	}
	returned := false
	d.scouting.Lock() // not closed before the function has returned
	defer d.scouting.Unlock()
	defer func() {
		if !returned { // a panic: nobody may wait for it
			d.front.leave(r)
		}
	}()
	ctx := context.WithValue(j.ctx, inside{}, d)
	out := decision{}
	out.writes, out.err = fn(ctx, r)
	for out.err == nil && d.rerun != nil && d.rerun() {
		out.writes, out.err = fn(ctx, r)
	}
	returned = true
	r.end()
	r.over = nil // what the group before it writes must not live until this one is written
	j.ahead, j.early = r, out
	return func() { d.front.leave(r) }
}

// aheadReader reads for a transaction that runs ahead: what is committed, with
// what is being written laid over it. Whether a statement sees the group already
// makes no difference, because everything of the group is taken from the
// overlay; whatever else is committed meanwhile is found out by spoiled.
type aheadReader struct {
	reading
	d    *Driver
	over *overlay

	spans  []span             // ranges of indexes that were read
	spaces map[spaceName]bool // collections that were read in order of id
	blind  bool               // an index was asked that had no entries yet
}

// Get implements store.DriverReader.
func (r *aheadReader) Get(ctx context.Context, keys []store.Key) ([]store.Raw, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := r.begin(ctx, "sqlite.Get"); err != nil {
		return nil, err
	}
	for _, k := range keys {
		if _, ok := r.known[k]; ok {
			continue
		}
		if c := r.over.cells[k]; c != nil {
			r.known[k] = c.now()
		}
	}
	return r.get(r.d.scout, keys)
}

// Query implements store.DriverReader.
func (r *aheadReader) Query(ctx context.Context, p *store.Plan) ([]store.Raw, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := r.begin(ctx, "sqlite.Query"); err != nil {
		return nil, err
	}
	r.note(p)
	list, err := r.over.query(ctx, r.d.scout, p)
	if err != nil {
		return nil, err
	}
	r.keep(list)
	return rawsOf(list), nil
}

// note remembers what a query looks at.
func (r *aheadReader) note(p *store.Plan) {
	if p.Index == nil {
		r.spaces[spaceName{p.Workspace, p.Collection}] = true
		return
	}
	spans := r.d.names.spans(p)
	r.spans = append(r.spans, spans...)
	r.blind = r.blind || r.d.names.ixOf(p.Workspace, p.Index) == 0
}

// spoiled tells whether a batch may change what was read.
func (r *aheadReader) spoiled(b *batch) bool {
	if r.blind {
		return true
	}
	for k, c := range b.cells {
		if _, read := r.known[k]; c.changed() && (read || r.spaces[spaceName{k.Workspace, k.Collection}]) {
			return true
		}
	}
	asked := map[int64]bool{}
	for _, s := range r.spans {
		asked[s.ix] = true
	}
	var places []place
	for _, list := range [][]place{b.gone, b.new} {
		for _, p := range list {
			if asked[p.ix] {
				places = append(places, p)
			}
		}
	}
	slices.SortFunc(places, comparePlaces)
	return slices.ContainsFunc(r.spans, func(s span) bool { return len(within(places, s)) > 0 })
}
