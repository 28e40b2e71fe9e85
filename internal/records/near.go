package records

import (
	"context"
	"maps"
	"slices"

	"threadline/internal/crm"
	"threadline/internal/query"
	"threadline/internal/store"
)

// near fetches the records to which tested ones point, many at a time.
type near struct {
	sight   *sight
	fields  []string // relations through which the query asks
	figures bool     // records need what is computed of them
	have    map[crm.RecordID]*crm.Record
}

// maxNear is how many records are kept: after that it starts anew.
const maxNear = 5_000

func newNear(x *sight, b *query.Bound) *near {
	n := &near{sight: x, figures: b.Figures(), have: map[crm.RecordID]*crm.Record{}}
	seen := map[string]bool{}
	b.Relations(func(f crm.Field) {
		if !seen[f.Key] {
			seen[f.Key] = true
			n.fields = append(n.fields, f.Key)
		}
	})
	return n
}

// get returns a record that was fetched, nil when there is none of which the
// viewer may know: a condition on it does not hold then.
func (n *near) get(id crm.RecordID) *crm.Record { return n.have[id] }

// fetch makes sure that what r points to is there, and fetches the same for the
// records ahead.
func (n *near) fetch(ctx context.Context, r *crm.Record, ahead []store.Doc[crm.Record]) error {
	if len(n.missing(r)) == 0 {
		return nil
	}
	if len(n.have) > maxNear {
		clear(n.have)
	}
	want := map[crm.RecordID]bool{}
	for _, id := range n.missing(r) {
		want[id] = true
	}
	for i := range ahead {
		for _, id := range n.missing(&ahead[i].Value) {
			if len(want) < scanPage {
				want[id] = true
			}
		}
	}
	ids := slices.Sorted(maps.Keys(want))
	docs, err := fetch(ctx, n.sight.sp, ids)
	if err != nil {
		return err
	}
	if n.figures {
		if err := withFigures(ctx, n.sight.sp, docs); err != nil {
			return err
		}
	}
	for i, d := range docs {
		n.have[ids[i]] = nil
		if d.Exists() && n.sight.sees(&d.Value) {
			n.have[ids[i]] = &d.Value
		}
	}
	return nil
}

// missing lists what r points to and is not there yet.
func (n *near) missing(r *crm.Record) []crm.RecordID {
	var ids []crm.RecordID
	for _, key := range n.fields {
		for _, id := range r.Records(key) {
			if _, ok := n.have[id]; !ok {
				ids = append(ids, id)
			}
		}
	}
	return ids
}
