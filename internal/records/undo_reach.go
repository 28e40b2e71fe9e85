package records

import (
	"bytes"
	"context"
	"reflect"
	"slices"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/store"
)

// allowed reads who may what, within the transaction, and refuses steps that
// whoever takes the batch back may not do.
func (u *undo) allowed(ctx context.Context, r store.Reader, left []step) error {
	sch, err := readSchema(ctx, r)
	if err != nil {
		return err
	}
	u.schema, u.policy = &sch, access.NewPolicy(sch)
	if u.policy.Restricted() {
		ws, err := store.Workspaces.Get(ctx, r, string(u.s.sp.Workspace()))
		if err != nil {
			return err
		}
		u.rules = territoryRules(sch, ws.Value.Currency, u.policy)
	}
	v := writer(u.policy, u.by)
	for _, st := range left {
		if _, err := u.s.mayStep(v, st); err != nil {
			return err
		}
	}
	return nil
}

// mayStep refuses a step that the viewer may not do; seen tells whether they may
// know of it.
func (s *Service) mayStep(v access.Viewer, st step) (seen bool, err error) {
	if who := sharer(st.id); st.collection == store.Settings.Name && who != "" {
		if v.User == who || v.Operator {
			return true, nil
		}
		return false, crm.Errorf(crm.Denied, "records.Undo", "somebody else decided who may know of their mail")
	}
	if st.collection == store.Settings.Name {
		right := crm.RightSettings
		if decides(st.id) {
			right = crm.RightAdmin
		}
		return true, v.Require(right)
	}
	if !isRecord(st.collection) || v.Operator {
		return true, nil
	}
	var images []crm.Record
	for _, data := range [][]byte{st.from, st.to} {
		if data == nil {
			continue
		}
		r, err := s.record(st.id, data)
		if err != nil {
			return false, err
		}
		images = append(images, r)
	}
	do := crm.Update
	switch {
	case st.to == nil:
		do = crm.Delete
	case st.from == nil:
		do = crm.Create
	}
	if !v.Reads(&images[0]) {
		return false, missing(crm.RecordID(st.id))
	}
	if !v.Can(do, &images[0]) {
		return true, crm.Errorf(crm.Denied, "records.mayStep", "your role does not let you take back what was done with %s", st.id)
	}
	return true, s.mayFields(v, images)
}

// mayFields refuses to take back fields that the viewer does not change.
func (s *Service) mayFields(v access.Viewer, images []crm.Record) error {
	if len(images) < 2 {
		return nil
	}
	a, b := images[0], images[1]
	for _, r := range images {
		for key := range r.Values {
			if !v.Changes(r.Kind, key) && !reflect.DeepEqual(a.Values[key], b.Values[key]) {
				return crm.Errorf(crm.Denied, "records.mayFields", "the batch changed fields of %s that your role does not change", a.ID)
			}
		}
	}
	return nil
}

// reaches is the record of a step with the audience that it has at present; ok
// is false where what was stored can be put back as it was.
func (u *undo) reaches(st step) (crm.Record, bool, error) {
	if st.to == nil || !isRecord(st.collection) {
		return crm.Record{}, false, nil
	}
	r, err := u.s.record(st.id, st.to)
	if err != nil {
		return r, false, err
	}
	now := u.policy.Audience(&r, liesIn(u.rules, &r))
	same := slices.Equal(now, r.Audience)
	r.Audience = now
	return r, !same, nil
}

// onlyReached tells whether a record differs from what the batch left (true) or
// found (false) in nothing but its audience; nil when it differs in more.
func (u *undo) onlyReached(st step, have []byte) (*bool, error) {
	if have == nil || !isRecord(st.collection) {
		return nil, nil
	}
	is, err := u.s.record(st.id, have)
	if err != nil {
		return nil, err
	}
	for _, data := range [][]byte{st.from, st.to} {
		if data == nil {
			continue
		}
		r, err := u.s.record(st.id, data)
		if err != nil {
			return nil, err
		}
		if r.Audience = is.Audience; reflect.DeepEqual(r, is) {
			left := bytes.Equal(data, st.from)
			return &left, nil
		}
	}
	return nil, nil
}

// collectionNamed is where records of the name lie.
func collectionNamed(name string) store.Collection[crm.Record] {
	if name == store.Activities.Name {
		return store.Activities
	}
	return store.Records
}
