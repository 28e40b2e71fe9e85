package records

import (
	"context"
	"reflect"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/store"
)

// writer is who writes: the operator and the program itself where there is no
// actor. It is worked out from the settings that the transaction reads, so that
// a right that was taken away a moment ago is gone.
func writer(p *access.Policy, by By) access.Viewer {
	if by.Actor == "" {
		return access.Operator()
	}
	return p.Member(by.Actor)
}

// eyes are those of who writes: what they look at before the transaction.
func (s *Service) eyes(ctx context.Context, by By) (access.Viewer, error) {
	p, err := s.Policy(ctx)
	if err != nil {
		return access.Viewer{}, err
	}
	return writer(p, by), nil
}

// ownEyes reads records with every field, as far as who writes may know of them.
func (s *Service) ownEyes(ctx context.Context, by By, ids []crm.RecordID) ([]store.Doc[crm.Record], error) {
	v, err := s.eyes(ctx, by)
	if err != nil {
		return nil, err
	}
	docs, err := fetch(ctx, s.sp, ids)
	for i := range docs {
		if !v.Reads(&docs[i].Value) {
			docs[i] = store.Doc[crm.Record]{}
		}
	}
	return docs, err
}

// allow refuses a write that the writer's role does not let them do; old is nil
// for a new record. A record that they may not read does not exist for them.
func (e *edit) allow(n crm.Noun, old, r *crm.Record, said map[string]any) error {
	const op = crm.Op("records.allow")
	switch {
	case old == nil && !e.viewer.Can(crm.Create, r):
		return mayNotMake(n)
	case old != nil && !e.viewer.Reads(old):
		return missing(old.ID)
	case old != nil && !e.viewer.Can(crm.Update, old):
		return crm.Errorf(crm.Denied, op, "your role does not let you change this %s", n.Kind).WithHint("ask its owner or an admin of the workspace")
	}
	for key := range said {
		var was any
		if old != nil {
			was = old.Values[key]
		}
		if e.viewer.Changes(n.Kind, key) || reflect.DeepEqual(was, r.Values[key]) && !e.viewer.Hides(n.Kind, key) {
			continue
		}
		if e.viewer.Hides(n.Kind, key) {
			_, err := e.viewer.Noun(n).ParseValues(map[string]any{key: nil}) // as a field that there is not
			return err
		}
		return crm.Errorf(crm.Denied, op, "your role reads %s and does not change it", key).WithField(key)
	}
	return nil
}

func mayNotMake(n crm.Noun) error {
	return crm.Errorf(crm.Denied, "records.allow", "your role does not let you make this %s", n.Kind).
		WithHint("ask an admin of the workspace; perhaps you may make it for yourself only")
}

// mayDelete refuses to delete what the writer may not.
func (e *edit) mayDelete(n crm.Noun, r *crm.Record) error {
	switch {
	case !e.viewer.Reads(r):
		return missing(r.ID)
	case !e.viewer.Can(crm.Delete, r):
		return crm.Errorf(crm.Denied, "records.mayDelete", "your role does not let you delete this %s", n.Kind).WithHint("ask its owner or an admin of the workspace")
	}
	return nil
}

// whole tells whether a viewer reads all there is of a folder.
func whole(v access.Viewer, k crm.Kind) bool {
	return v.Reach(crm.Read, k) == crm.ReachAll && len(v.Hidden(k)) == 0
}
