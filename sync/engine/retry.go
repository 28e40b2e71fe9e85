package engine

import (
	"context"
	"slices"
	"time"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// A copy that failed is tried again after growing pauses; after maxAttempts it
// is a dead letter, visible with its reason and a button to retry.
const (
	maxAttempts = 5
	retryBase   = time.Minute
)

// setAside handles a piece that could not be fetched. A large one is tried
// again in smaller pieces, until the one copy that is to blame is alone; that
// one goes to the queue of exceptions, and in the end to the dead letters.
func (r *run) setAside(ctx context.Context, f *failedWork) error {
	if innocent(f.err) {
		return nil
	}
	if f.rest.Size() > 1 {
		r.size = max(f.rest.Size()/2, 1)
		return nil
	}
	for key := range f.rest.All() {
		if err := r.except(ctx, f, key); err != nil {
			return err
		}
	}
	return nil
}

// innocent tells that a failure says nothing about the copies that were asked
// for.
func innocent(err error) bool {
	switch crm.KindOf(err) {
	case crm.Throttled, crm.Unauthorized, crm.NotFound, crm.Conflict:
		return true
	}
	return false
}

func (r *run) except(ctx context.Context, f *failedWork, key crm.Key) error {
	return r.lease.Fenced(ctx, func(ctx context.Context, tx *store.Tx) error {
		doc, err := store.Boxes.Get(ctx, tx, string(f.work.box))
		if err != nil || doc.Value.Epoch != f.work.epoch {
			return err
		}
		id := queueID(r.build.key, f.work.box, f.work.epoch, key)
		old, err := store.Queue.GetMany(ctx, tx, []string{id})
		if err != nil {
			return err
		}
		box, q := doc.Value, old[0].Value
		if !old[0].Exists() {
			q = crm.Queued{ID: id, Mailbox: r.mailbox.ID, Box: box.ID, Epoch: box.Epoch, Key: key, Lane: f.work.lane}
			box.Counts.Queued = max(box.Counts.Queued-1, 0)
			box.Counts.Retrying++
		}
		box.Live, box.Pending = box.Live.Minus(f.rest), box.Pending.Minus(f.rest)
		q.Attempts++
		q.Reason, q.Detail = deadReason(f.err), message(f.err)
		q.NextAt = r.sp.Store().Now().Add(retryBase << min(q.Attempts-1, 10))
		if q.Attempts >= maxAttempts {
			bury(tx, r.build.key, &box, q)
		} else {
			store.Queue.Put(tx, &q)
		}
		store.Boxes.Put(tx, &box)
		return nil
	})
}

func deadReason(err error) crm.DeadReason {
	switch {
	case unstorable(err):
		return crm.DeadStore
	case crm.IsKind(err, crm.Internal):
		return crm.DeadProtocol
	}
	return crm.DeadFetch
}

// unstorable tells that a mail is to blame for what the store refused: a value
// that is not allowed, or one over a limit.
func unstorable(err error) bool {
	return crm.IsKind(err, crm.Invalid) || crm.IsKind(err, crm.TooLarge)
}

// queued reads so many exceptions of the mailbox, those that are due first, but for
// those of closed folders: however many of these are due, nobody waits for them.
func (r *run) queued(ctx context.Context, closed map[crm.BoxID]bool, most int, where ...store.Filter) ([]crm.Queued, error) {
	var out []crm.Queued
	q := store.Query{Where: append([]store.Filter{store.Is("mailbox", r.mailbox.ID)}, where...), Order: "next_at", Limit: most}
	for {
		page, err := store.Queue.Query(ctx, r.sp, q)
		if err != nil {
			return nil, err
		}
		for _, x := range page.Values() {
			if !closed[x.Box] && len(out) < most {
				out = append(out, x)
			}
		}
		if len(out) == most || page.Next == "" {
			return out, nil
		}
		q.After, q.Limit = page.Next, groupMails
	}
}

// prune takes exceptions off the queue whose folder is gone or began a new
// epoch: they mean nothing any more. It returns the others.
func (r *run) prune(ctx context.Context, boxes []crm.Box, due []crm.Queued) ([]crm.Queued, error) {
	var left []crm.Queued
	var void []string
	for _, q := range due {
		if slices.ContainsFunc(boxes, func(b crm.Box) bool { return b.ID == q.Box && b.Epoch == q.Epoch }) {
			left = append(left, q)
		} else {
			void = append(void, q.ID)
		}
	}
	return left, r.dismiss(ctx, void)
}

// outlived takes exceptions of a folder off the queue that mean nothing any
// more, due or not: all when it was emptied, else those of other epochs.
func (r *run) outlived(ctx context.Context, box *crm.Box, emptied bool) error {
	var void []string
	err := r.exceptions(ctx, r.sp, func(q *crm.Queued) {
		if q.Box == box.ID && (emptied || q.Epoch != box.Epoch) {
			void = append(void, q.ID)
		}
	})
	if err != nil {
		return err
	}
	return r.dismiss(ctx, void)
}

func (r *run) dismiss(ctx context.Context, ids []string) error {
	for chunk := range slices.Chunk(ids, removeChunk) {
		err := r.lease.Fenced(ctx, func(_ context.Context, tx *store.Tx) error {
			for _, id := range chunk {
				store.Queue.Delete(tx, id)
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// keep commits a group. When the store refuses what is in one of its mails, the
// others are stored one by one and that one becomes an exception.
func (r *run) keep(ctx context.Context, g *group) error {
	err := r.commit(ctx, g)
	if !unstorable(err) || len(g.mail) == 0 {
		return err
	}
	for _, a := range g.mail {
		key := crm.Keys(a.copy.Key)
		err := r.commit(ctx, &group{work: g.work, mail: []*arrived{a}, done: key})
		if unstorable(err) {
			err = r.except(ctx, &failedWork{work: g.work, rest: key, err: err}, a.copy.Key)
			delete(g.work.queued, a.copy.Key) // it stays on the queue
		}
		if err != nil {
			return err
		}
	}
	return r.commit(ctx, &group{work: g.work, done: g.done})
}

// bury makes a dead letter of an exception.
func bury(tx *store.Tx, key crm.IDKey, box *crm.Box, q crm.Queued) {
	c := crm.Copy{
		ID: copyID(key, q.Box, q.Epoch, q.Key), Mailbox: q.Mailbox, Box: q.Box, Epoch: q.Epoch, Key: q.Key,
		State: crm.CopyDead, Dead: q.Reason, Detail: q.Detail,
	}
	addCount(&box.Counts, c, +1)
	know(box, crm.Keys(c.Key))
	box.Counts.Retrying = max(box.Counts.Retrying-1, 0)
	store.Copies.Put(tx, &c)
	store.Queue.Delete(tx, q.ID)
}

// Retry puts a dead letter back on the queue, to be tried at once.
func Retry(ctx context.Context, sp *store.Space, id crm.CopyID) error {
	const op = crm.Op("engine.Retry")
	ws, err := store.Workspaces.Get(ctx, sp, string(sp.Workspace()))
	if err != nil {
		return err
	}
	return sp.Transact(ctx, func(ctx context.Context, tx *store.Tx) error {
		c, err := store.Copies.Get(ctx, tx, string(id))
		if err != nil {
			return err
		}
		if c.Value.State != crm.CopyDead {
			return crm.Errorf(crm.Invalid, op, "this copy is no dead letter")
		}
		box, err := store.Boxes.Get(ctx, tx, string(c.Value.Box))
		if err != nil {
			return err
		}
		addCount(&box.Value.Counts, c.Value, -1)
		forget(&box.Value, crm.Keys(c.Value.Key))
		box.Value.Counts.Retrying++
		store.Queue.Put(tx, &crm.Queued{
			ID:      queueID(ws.Value.IDKey, c.Value.Box, c.Value.Epoch, c.Value.Key),
			Mailbox: c.Value.Mailbox, Box: c.Value.Box, Epoch: c.Value.Epoch, Key: c.Value.Key,
			Lane: crm.LaneRepair, NextAt: sp.Store().Now(),
		})
		store.Copies.Delete(tx, string(id))
		store.Boxes.Put(tx, &box.Value)
		return nil
	})
}
