package records

import (
	"context"
	"slices"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/store"
)

// Related is a link between two records, seen from one of them.
type Related struct {
	ID    crm.RecordID `json:"id"`
	Kind  crm.Kind     `json:"kind"`
	Name  string       `json:"name"`
	Field string       `json:"field" doc:"Relation that holds the link"`
	Role  string       `json:"role,omitempty"`
	From  bool         `json:"from,omitempty" doc:"The other record points here"`
}

// Related lists the records that a record points to and those that point to it,
// with the roles of the links, at most a thousand of the latter.
func (s *Service) Related(ctx context.Context, v access.Viewer, id crm.RecordID) ([]Related, error) {
	const op = crm.Op("records.Related")
	doc, err := s.Get(ctx, v, id)
	if err != nil {
		return nil, err
	}
	sch, err := s.schema(ctx)
	if err != nil {
		return nil, err
	}
	out, err := s.pointsTo(ctx, v, sch, &doc.Value)
	if err != nil {
		return nil, crm.Wrap(op, "the related records cannot be read", err)
	}
	others, err := referrers(ctx, s.sp, id, store.MaxLimit)
	if err != nil {
		return nil, crm.Wrap(op, "the related records cannot be read", err)
	}
	if others, err = s.Sees(ctx, v, others); err != nil {
		return nil, err
	}
	for i := range others {
		o := &others[i]
		n, _ := sch.Noun(o.Kind)
		for _, f := range n.Fields {
			if f.Type == crm.FieldRelation && slices.Contains(o.Records(f.Key), id) {
				out = append(out, Related{ID: o.ID, Kind: o.Kind, Name: o.Name(), Field: f.Key, Role: o.Role(f.Key, id), From: true})
			}
		}
	}
	return out, nil
}

// pointsTo lists what the relations of a record hold.
func (s *Service) pointsTo(ctx context.Context, v access.Viewer, sch crm.Schema, r *crm.Record) ([]Related, error) {
	n, _ := sch.Noun(r.Kind)
	var out []Related
	var ids []crm.RecordID
	for _, f := range n.Fields {
		if f.Type != crm.FieldRelation {
			continue
		}
		for _, to := range r.Records(f.Key) {
			ids = append(ids, to)
			out = append(out, Related{ID: to, Field: f.Key, Role: r.Role(f.Key, to)})
		}
	}
	docs, err := s.GetMany(ctx, v, ids)
	var known []Related
	for i, d := range docs {
		if d.Exists() {
			out[i].Kind, out[i].Name = d.Value.Kind, d.Value.Name()
			known = append(known, out[i])
		}
	}
	return known, err
}
