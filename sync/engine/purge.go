package engine

import (
	"cmp"
	"context"
	"slices"

	"threadline/internal/crm"
	"threadline/internal/ledger"
	"threadline/internal/store"
)

// Delete ends a mailbox: it stops at once and its sealed password is gone when
// this returns. Then its copies, folders and queue are taken away in chunks, by
// whichever process holds the mailbox; a kill in between loses nothing of this.
// With erase, messages go too that lie in no other mailbox and never lay in
// another person's. Those that were deleted on the server before go only if the
// owner has no other mailbox, because nobody knows in which of them they lay.
//
// What is left is the address, so that its mail stays known as ours. None of
// this can be undone; the server and its mail are not touched, so that adding
// the mailbox again brings back what still lies there.
func (e *Engine) Delete(ctx context.Context, id crm.MailboxID, erase bool) error {
	return e.turn(ctx, id, func(m *crm.Mailbox) {
		m.State, m.Erase, m.Password = crm.StateDeleting, erase, ""
		m.Trouble, m.NextAt, m.Fails = nil, 0, 0
	})
}

// Finish takes away a mailbox that is being deleted, for a process that does
// not sync. crm.Conflict says who works on it.
func (e *Engine) Finish(ctx context.Context, id crm.MailboxID) error {
	doc, err := store.Mailboxes.Get(ctx, e.sp, string(id))
	if err != nil || doc.Value.State != crm.StateDeleting {
		return err
	}
	return e.hold(ctx, e.newRun(doc.Value))
}

// purge takes away what a deleted mailbox has left. Every chunk is a
// transaction, and doing it again finds the rest.
func (r *run) purge(ctx context.Context) error {
	boxes, err := r.boxes(ctx)
	if err != nil {
		return err
	}
	for _, b := range boxes {
		if err := r.purgeBox(ctx, b); err != nil {
			return err
		}
	}
	if r.mailbox.Erase {
		if err := r.purgeLost(ctx); err != nil {
			return err
		}
		if err := r.cfg.Blobs.Sweep(ctx, r.sp); err != nil {
			return err
		}
	}
	return r.lease.Fenced(ctx, func(ctx context.Context, tx *store.Tx) error {
		docs, err := store.Mailboxes.GetMany(ctx, tx, []string{string(r.mailbox.ID)})
		if err != nil || !docs[0].Exists() {
			return err
		}
		m := docs[0].Value
		store.Mailboxes.Put(tx, &crm.Mailbox{ID: m.ID, Owner: m.Owner, Kind: m.Kind, Address: m.Address, Aliases: m.Aliases,
			CreatedAt: m.CreatedAt, State: crm.StateDeleted})
		return nil
	})
}

func (r *run) purgeBox(ctx context.Context, box *crm.Box) error {
	if err := r.clear(ctx, box); err != nil {
		return err
	}
	return r.lease.Fenced(ctx, func(_ context.Context, tx *store.Tx) error {
		store.Boxes.Delete(tx, string(box.ID))
		return nil
	})
}

// purgeLost erases messages of the owner that lie nowhere any more, unless
// another mailbox of theirs may have brought them.
func (r *run) purgeLost(ctx context.Context) error {
	docs, err := store.Mailboxes.All(ctx, r.sp, store.Query{Where: []store.Filter{store.Is("owner", r.mailbox.Owner)}})
	if err != nil {
		return err
	}
	for _, d := range docs {
		if d.Value.ID != r.mailbox.ID && d.Value.State != crm.StateDeleted {
			return nil
		}
	}
	var lost []string
	err = store.Messages.Each(ctx, r.sp, store.Query{Limit: store.MaxLimit}, func(d store.Doc[crm.Message]) error {
		if r.lonely(&d.Value) {
			lost = append(lost, string(d.Value.ID))
		}
		return nil
	})
	if err != nil {
		return err
	}
	for chunk := range slices.Chunk(lost, removeChunk) {
		err := r.lease.Fenced(ctx, func(ctx context.Context, tx *store.Tx) error {
			docs, err := store.Messages.GetMany(ctx, tx, chunk)
			if err != nil {
				return err
			}
			var gone []crm.Message
			for _, d := range docs {
				if d.Exists() && r.lonely(&d.Value) {
					gone = append(gone, d.Value)
				}
			}
			out, err := ledger.Erase(ctx, tx, r.sp.Workspace(), gone, nil)
			if err == nil {
				r.writeErased(tx, out, gone)
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// lonely tells whether a message lies nowhere and was never in the mailbox of
// somebody else.
func (r *run) lonely(m *crm.Message) bool {
	return len(m.Copies) == 0 && len(m.Owners) == 1 && m.Owners[0] == r.mailbox.Owner
}

// bereave takes those out of messages that are to go, whose copies were taken
// off just now, and decides what becomes of their threads; what that changes is
// in the outcome and not in messages any more.
func (r *run) bereave(ctx context.Context, tx *store.Tx, messages map[crm.MessageID]*crm.Message) ([]crm.Message, *ledger.Outcome, error) {
	if r.mailbox.State != crm.StateDeleting || !r.mailbox.Erase {
		return nil, nil, nil
	}
	var gone []crm.Message
	for id, m := range messages {
		if r.lonely(m) {
			gone = append(gone, *m)
			delete(messages, id)
		}
	}
	slices.SortFunc(gone, func(a, b crm.Message) int { return cmp.Compare(a.ID, b.ID) })
	out, err := ledger.Erase(ctx, tx, r.sp.Workspace(), gone, messages)
	if err != nil {
		return nil, nil, err
	}
	for _, m := range out.Changed {
		delete(messages, m.ID)
	}
	return gone, out, nil
}

func (r *run) writeErased(tx *store.Tx, out *ledger.Outcome, gone []crm.Message) {
	if len(gone) == 0 {
		return
	}
	ids := make([]string, len(gone))
	for i, m := range gone {
		ids[i] = string(m.ID)
		store.Messages.Delete(tx, ids[i])
		store.Bodies.Delete(tx, ids[i])
	}
	out.Write(tx, r.mailbox.ID)
}
