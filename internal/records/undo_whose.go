package records

import (
	"context"
	"slices"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/store"
)

// mayUndo refuses to show or hide mail in somebody else's name: what a person
// said of who may know of their mail, only they and the operator take back.
//
// Of a batch that touched nothing of which they may know they are told that
// there is none.
func (s *Service) mayUndo(ctx context.Context, by By, batch string, steps []step) error {
	if by.Actor == "" {
		return nil
	}
	v, err := s.eyes(ctx, by)
	if err != nil {
		return err
	}
	var refused error
	known := false
	for _, st := range steps {
		seen, err := s.mayStep(v, st)
		known = known || seen && (v.Whole() || st.collection != store.Identities.Name && st.collection != store.Claims.Name)
		if err != nil && (refused == nil || crm.IsKind(refused, crm.NotFound)) {
			refused = err
		}
	}
	switch {
	case !known:
		return noBatch(batch)
	case crm.IsKind(refused, crm.NotFound):
		return crm.Errorf(crm.Denied, "records.Undo", "the batch touched more than your role reaches")
	case refused != nil:
		return refused
	}
	for _, st := range steps {
		for _, data := range [][]byte{st.from, st.to} {
			whose, err := s.whose(st.collection, data)
			if err != nil {
				return err
			}
			if whose != "" && whose != by.Actor {
				return crm.Errorf(crm.Denied, "records.Undo", "somebody else decided who may know of their mail").
					WithHint("they, or the operator, can take it back")
			}
		}
	}
	return nil
}

// others tells whether an entry is about what somebody else keeps from others:
// that it changed is everybody's to know, what it says is theirs.
func (s *Service) others(v access.Viewer, e crm.ChangeEntry) (bool, error) {
	for _, data := range [][]byte{e.Before, e.After} {
		whose, err := s.whose(e.Collection, data)
		if err != nil || whose != "" && whose != v.User && !v.Operator {
			return true, err
		}
	}
	return false, nil
}

// whose tells in whose name a document hides or shows mail, or whose own
// template it is; "" when it is everybody's.
func (s *Service) whose(collection string, data []byte) (crm.UserID, error) {
	if !slices.Contains([]string{store.Answers.Name, store.Exclusions.Name, store.Templates.Name, store.Views.Name, store.Segments.Name}, collection) || data == nil {
		return "", nil
	}
	fields, err := s.sp.Store().Decode(data)
	if err != nil {
		return "", err
	}
	effect, _ := fields["effect"].(string)
	by, _ := fields["by"].(string)
	owner, _ := fields["owner"].(string)
	switch {
	case collection != store.Answers.Name:
		return crm.UserID(owner), nil
	case slices.Contains([]crm.RuleEffect{crm.EffectPrivate, crm.EffectShared}, crm.RuleEffect(effect)):
		return crm.UserID(by), nil
	}
	return "", nil
}
