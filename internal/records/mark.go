package records

import (
	"context"
	"encoding/binary"
	"slices"
	"time"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/store"
)

// markedCounter holds the fingerprint of the policy for which all records were
// marked last.
const markedCounter = "audience"

// markPage is how many records one transaction marks.
const markPage = 200

// MarkAll gives every record the audience that the present roles, teams and
// territories make, where that was not done yet. It may be interrupted and
// called again; nothing of it is history.
func (s *Service) MarkAll(ctx context.Context) error {
	const op = crm.Op("records.MarkAll")
	m, err := newMarker(ctx, s.sp)
	if err != nil || m.done {
		return crm.Wrap(op, "the records cannot be marked", err)
	}
	for _, c := range []store.Collection[crm.Record]{store.Records, store.Activities} {
		if err := m.collection(ctx, c); err != nil {
			return crm.Wrap(op, "the records cannot be marked", err)
		}
	}
	b := s.sp.Batch()
	store.Counters.Put(b, &crm.Counter{ID: markedCounter, Last: m.sum})
	return crm.Wrap(op, "the records cannot be marked", b.Commit(ctx))
}

// marker is one run of MarkAll.
type marker struct {
	sp     *store.Space
	policy *access.Policy
	rules  []rule
	sum    int64 // the fingerprint of the policy
	done   bool  // all records are marked for it, or nobody is restricted
}

func newMarker(ctx context.Context, sp *store.Space) (*marker, error) {
	sch, err := readSchema(ctx, sp)
	if err != nil {
		return nil, err
	}
	ws, err := store.Workspaces.Get(ctx, sp, string(sp.Workspace()))
	if err != nil {
		return nil, err
	}
	docs, err := store.Counters.GetMany(ctx, sp, []string{markedCounter})
	if err != nil {
		return nil, err
	}
	m := &marker{sp: sp, policy: access.NewPolicy(sch)}
	m.rules = territoryRules(sch, ws.Value.Currency, m.policy)
	sum := m.policy.Fingerprint()
	m.sum = int64(binary.BigEndian.Uint64(sum[:8]) >> 1)
	m.done = docs[0].Exists() && docs[0].Value.Last == m.sum || !docs[0].Exists() && !m.policy.Restricted()
	return m, nil
}

func (m *marker) collection(ctx context.Context, c store.Collection[crm.Record]) error {
	q := store.Query{Limit: markPage}
	for {
		page, err := c.Query(ctx, m.sp, q)
		if err != nil {
			return err
		}
		var stale []string
		for _, d := range page.Items {
			if r := d.Value; m.mark(&r) {
				stale = append(stale, string(r.ID))
			}
		}
		if err := m.write(ctx, c, stale); err != nil {
			return err
		}
		if page.Next == "" {
			return nil
		}
		q.After = page.Next
	}
}

// mark puts the audience into the record and tells whether it had another.
func (m *marker) mark(r *crm.Record) bool {
	tidy(r)
	now := m.policy.Audience(r, liesIn(m.rules, r))
	was := r.Audience
	r.Audience = now
	return !slices.Equal(now, was)
}

func (m *marker) write(ctx context.Context, c store.Collection[crm.Record], ids []string) error {
	if len(ids) == 0 {
		return nil
	}
	return m.sp.Derive(ctx, func(ctx context.Context, tx *store.Tx) error {
		docs, err := c.GetMany(ctx, tx, ids)
		for _, d := range docs {
			if r := d.Value; d.Exists() && m.mark(&r) {
				c.Put(tx, &r)
			}
		}
		return err
	})
}

// KeepMarked marks records anew whenever who may what has changed: also after an
// undo, and after a process that was killed in the midst of it. It ends with its
// context.
func (s *Service) KeepMarked(ctx context.Context) error {
	minute := time.NewTicker(time.Minute)
	defer minute.Stop()
	for {
		woken, age := s.sp.Woken(), s.sp.SettingsAge()
		if err := s.MarkAll(ctx); err != nil {
			return err
		}
		for due := false; !due && s.sp.SettingsAge() == age; woken = s.sp.Woken() {
			select {
			case <-ctx.Done():
				return nil
			case <-woken:
			case <-minute.C:
				due = true // another process may have changed them
			}
		}
	}
}
