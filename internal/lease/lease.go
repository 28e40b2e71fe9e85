// Package lease lets one process at a time do a piece of work, whatever its
// clock says.
//
// What it stores: lease documents.
//
// What it promises:
//   - The fence of a lease grows with every acquisition, and Fenced refuses a
//     transaction whose fence is not the present one: a process that stood still
//     and comes back writes nothing.
//   - A lease that nobody renews is free when it ends. The clock decides only how
//     soon another process takes over, never whether data is safe.
package lease

import (
	"context"
	"time"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// ErrLost says that another process has the lease by now.
var ErrLost = crm.Errorf(crm.Conflict, "lease", "another process does this work now")

// Lease is a piece of work held by this process.
type Lease struct {
	sp    *store.Space
	id    string
	owner string
	fence int64
	lasts time.Duration
}

// Acquire takes the lease of a name if it is free or ran out; crm.Conflict says
// who has it.
func Acquire(ctx context.Context, sp *store.Space, name, owner string, lasts time.Duration) (*Lease, error) {
	l := &Lease{sp: sp, id: crm.PrefixLease + "_" + name, owner: owner, lasts: lasts}
	err := sp.Transact(ctx, func(ctx context.Context, tx *store.Tx) error {
		docs, err := store.Leases.GetMany(ctx, tx, []string{l.id})
		if err != nil {
			return err
		}
		now, have := sp.Store().Now(), docs[0].Value
		if docs[0].Exists() && have.Owner != owner && have.Until > now {
			return crm.Errorf(crm.Conflict, "lease.Acquire", "%s has it until %s", have.Owner, have.Until)
		}
		l.fence = have.Fence + 1
		store.Leases.Put(tx, &crm.Lease{ID: l.id, Owner: owner, Fence: l.fence, Until: now.Add(lasts)})
		return nil
	})
	return l, err
}

// Fence is the number that grows with every acquisition.
func (l *Lease) Fence() int64 { return l.fence }

// Lasts is how long the lease holds without renewal.
func (l *Lease) Lasts() time.Duration { return l.lasts }

// Margin is how long before its end the owner stops.
func (l *Lease) Margin() time.Duration { return l.lasts / 6 }

// Renew extends the lease; ErrLost when another process has taken it.
func (l *Lease) Renew(ctx context.Context) error {
	return l.put(ctx, l.sp.Store().Now().Add(l.lasts))
}

// Release lets others take over at once.
func (l *Lease) Release(ctx context.Context) error { return l.put(ctx, l.sp.Store().Now()) }

func (l *Lease) put(ctx context.Context, until crm.Time) error {
	return l.Fenced(ctx, func(_ context.Context, tx *store.Tx) error {
		store.Leases.Put(tx, &crm.Lease{ID: l.id, Owner: l.owner, Fence: l.fence, Until: until})
		return nil
	})
}

// Check is the first read of every transaction that depends on the lease.
func (l *Lease) Check(ctx context.Context, tx *store.Tx) error {
	docs, err := store.Leases.GetMany(ctx, tx, []string{l.id})
	if err != nil {
		return err
	}
	if !docs[0].Exists() || docs[0].Value.Owner != l.owner || docs[0].Value.Fence != l.fence {
		return ErrLost
	}
	return nil
}

// Fenced runs a transaction that holds only while the lease does.
func (l *Lease) Fenced(ctx context.Context, fn func(ctx context.Context, tx *store.Tx) error) error {
	return l.sp.Transact(ctx, func(ctx context.Context, tx *store.Tx) error {
		if err := l.Check(ctx, tx); err != nil {
			return err
		}
		return fn(ctx, tx)
	})
}
