package engine

import (
	"context"
	"time"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// Leases last Config.Lease, usually leaseLength, and are renewed after a third
// of it. The owner stops writing a sixth before the end, by its own clock; the
// fence in every transaction is what protects the data.
const leaseLength = 30 * time.Second

// lease is a mailbox held by this process.
type lease struct {
	sp    *store.Space
	id    string
	owner string
	fence int64
	lasts time.Duration
}

// margin is how long before its end the owner stops.
func (l *lease) margin() time.Duration { return l.lasts / 6 }

func leaseID(m crm.MailboxID) string { return "lea_" + string(m) }

// acquire takes the lease if it is free or ran out; crm.Conflict says who has
// it. The fence grows with every acquisition.
func acquire(ctx context.Context, sp *store.Space, m crm.MailboxID, owner string, lasts time.Duration) (*lease, error) {
	l := &lease{sp: sp, id: leaseID(m), owner: owner, lasts: lasts}
	err := sp.Transact(ctx, func(ctx context.Context, tx *store.Tx) error {
		docs, err := store.Leases.GetMany(ctx, tx, []string{l.id})
		if err != nil {
			return err
		}
		now, have := sp.Store().Now(), docs[0].Value
		if docs[0].Exists() && have.Owner != owner && have.Until > now {
			return crm.Errorf(crm.Conflict, "engine.acquire", "%s works on this mailbox until %s", have.Owner, have.Until)
		}
		l.fence = have.Fence + 1
		store.Leases.Put(tx, &crm.Lease{ID: l.id, Owner: owner, Fence: l.fence, Until: now.Add(lasts)})
		return nil
	})
	return l, err
}

// renew extends the lease; errLost when another process has taken it.
func (l *lease) renew(ctx context.Context) error {
	return l.put(ctx, l.sp.Store().Now().Add(l.lasts))
}

// release lets others take over at once.
func (l *lease) release(ctx context.Context) error { return l.put(ctx, l.sp.Store().Now()) }

func (l *lease) put(ctx context.Context, until crm.Time) error {
	return l.sp.Transact(ctx, func(ctx context.Context, tx *store.Tx) error {
		if err := l.check(ctx, tx); err != nil {
			return err
		}
		store.Leases.Put(tx, &crm.Lease{ID: l.id, Owner: l.owner, Fence: l.fence, Until: until})
		return nil
	})
}

// check is the first read of every transaction of the engine: nothing is
// written with a fence that is not the current one.
func (l *lease) check(ctx context.Context, tx *store.Tx) error {
	docs, err := store.Leases.GetMany(ctx, tx, []string{l.id})
	if err != nil {
		return err
	}
	if !docs[0].Exists() || docs[0].Value.Owner != l.owner || docs[0].Value.Fence != l.fence {
		return errLost
	}
	return nil
}

// fenced runs a transaction that holds only while the lease does.
func (l *lease) fenced(ctx context.Context, fn func(ctx context.Context, tx *store.Tx) error) error {
	return l.sp.Transact(ctx, func(ctx context.Context, tx *store.Tx) error {
		if err := l.check(ctx, tx); err != nil {
			return err
		}
		return fn(ctx, tx)
	})
}
