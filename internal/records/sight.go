package records

import (
	"context"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/store"
)

// sight decides which records a viewer may know of. An activity about records
// is known to those who may know of one of these at least: what is said about a
// hidden deal is hidden with it.
type sight struct {
	sp   *store.Space
	v    access.Viewer
	have map[crm.RecordID]bool // records that activities are about
}

func (s *Service) sight(v access.Viewer) *sight {
	return &sight{sp: s.sp, v: v, have: map[crm.RecordID]bool{}}
}

// look prepares to decide over documents that are about to be asked for.
func (x *sight) look(ctx context.Context, docs []store.Doc[crm.Record]) error {
	if x.v.Whole() {
		return nil
	}
	var ids []crm.RecordID
	asked := map[crm.RecordID]bool{}
	for i := range docs {
		for _, id := range about(&docs[i].Value) {
			if _, known := x.have[id]; !known && !asked[id] {
				asked[id] = true
				ids = append(ids, id)
			}
		}
	}
	found, err := fetch(ctx, x.sp, ids)
	for i, d := range found {
		x.have[ids[i]] = d.Exists() && x.v.Reads(&d.Value)
	}
	return err
}

// about lists the records that an activity is about.
func about(r *crm.Record) []crm.RecordID {
	if n, ok := crm.NounOf(r.Kind); !ok || !n.Activity {
		return nil
	}
	return r.Records("records")
}

// sees tells whether the viewer may know of a record that was looked at.
func (x *sight) sees(r *crm.Record) bool {
	if !x.v.Reads(r) {
		return false
	}
	ids := about(r)
	if len(ids) == 0 || x.v.Whole() || r.Holder() == x.v.User {
		return true
	}
	for _, id := range ids {
		if x.have[id] {
			return true
		}
	}
	return false
}

// shown hides what the viewer may not know of: those records are as if they did
// not exist, and hidden fields as if they had no value.
func (x *sight) shown(ctx context.Context, docs []store.Doc[crm.Record]) error {
	if err := x.look(ctx, docs); err != nil {
		return err
	}
	for i := range docs {
		switch {
		case !docs[i].Exists():
		case !x.sees(&docs[i].Value):
			docs[i] = store.Doc[crm.Record]{Value: crm.Record{ID: docs[i].Value.ID}}
		default:
			docs[i].Value = x.v.Show(docs[i].Value)
		}
	}
	return nil
}

// Sees returns those of the records that the viewer may know of, as they are
// shown to them: for rooms that read records by themselves.
func (s *Service) Sees(ctx context.Context, v access.Viewer, list []crm.Record) ([]crm.Record, error) {
	docs := make([]store.Doc[crm.Record], len(list))
	for i, r := range list {
		docs[i] = store.Doc[crm.Record]{Value: r, Version: 1}
	}
	if err := s.sight(v).shown(ctx, docs); err != nil {
		return nil, crm.Wrap("records.Sees", "the records cannot be read", err)
	}
	var out []crm.Record
	for _, d := range docs {
		if d.Exists() {
			out = append(out, d.Value)
		}
	}
	return out, nil
}
