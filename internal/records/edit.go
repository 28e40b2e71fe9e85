package records

import (
	"context"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/store"
)

// edit is what one transaction knows before it decides: everything is read
// first, because a transaction cannot read after it wrote.
type edit struct {
	by     By
	ws     crm.Workspace
	schema crm.Schema
	now    crm.Time
	at     crm.Time    // when it came about
	dated  bool        // the caller said when
	alike  []Duplicate // what a new record is perhaps a duplicate of
	policy *access.Policy
	viewer access.Viewer // who writes, with what they may at this moment
	rules  []rule        // of territories, compiled when they are needed
}

// begin reads what every write needs.
func (s *Service) begin(ctx context.Context, tx *store.Tx, by By) (*edit, error) {
	ws, err := store.Workspaces.Get(ctx, tx, string(s.sp.Workspace()))
	if err != nil {
		return nil, err
	}
	e := &edit{by: by, ws: ws.Value, now: s.sp.Store().Now(), at: by.At, dated: by.At != 0}
	if !e.dated {
		e.at = e.now
	}
	if e.schema, err = readSchema(ctx, tx); err != nil {
		return nil, err
	}
	e.policy = access.NewPolicy(e.schema)
	e.viewer = writer(e.policy, by)
	return e, nil
}

// check holds a record against its noun and the workspace's rules; old is nil
// for a new one.
func (e *edit) check(n crm.Noun, old, r *crm.Record, said map[string]any) error {
	if err := e.allow(n, old, r, said); err != nil {
		return err
	}
	if err := e.keepRules(n, old, r, said); err != nil {
		return err
	}
	if err := n.Validate(r); err != nil {
		return err
	}
	n.FillSlots(r)
	r.Alike = alike(n, r)
	r.Audience = e.policy.Audience(r, e.lies(r))
	return checkDomains(&e.ws, old, r)
}

// info says who changes what.
func (by By) info(title string) store.ChangeInfo {
	if by.Title != "" {
		title = by.Title
	}
	return store.ChangeInfo{Actor: by.Actor, Cause: by.Cause, Batch: by.Batch, Title: title}
}
