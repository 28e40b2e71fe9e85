package campaign

import (
	"context"

	"threadline/internal/crm"
	"threadline/internal/outbox"
	"threadline/internal/store"
)

// tidy takes up what was left behind: claims of processes that ended, and
// unknown mail whose grace is over, which is looked up. One worker does it once at
// a time.
func (w *worker) tidy(ctx context.Context) error {
	w.tidying.Lock()
	defer w.tidying.Unlock()
	now := w.s.sp.Store().Now()
	err := w.each(ctx, inState(w.c.ID, crm.RecipientClaimed), func(_ context.Context, list []crm.Recipient) ([]crm.Recipient, error) {
		return stepped(list, func(r crm.Recipient) (crm.Recipient, bool) { return leftBehind(r, now) }), nil
	})
	if err != nil {
		return err
	}
	// What was due for a look before has been looked up so often as it ever will be.
	pending := append(inState(w.c.ID, crm.RecipientUnknown),
		store.Filter{Field: "due", Op: store.Ge, Value: w.lookedTo}, store.Filter{Field: "due", Op: store.Le, Value: now})
	if err := w.each(ctx, pending, w.lookUp); err != nil {
		return err
	}
	w.lookedTo = now
	return nil
}

// lookUp asks the mail system for the mails of unknown lines. One that cannot be
// asked says nothing: they stay unknown, by name.
func (w *worker) lookUp(ctx context.Context, list []crm.Recipient) ([]crm.Recipient, error) {
	var ids []crm.RFCID
	for i := range list {
		if !Exhausted(&list[i]) {
			ids = append(ids, list[i].RFCID)
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	found, err := w.sender.Find(ctx, ids...)
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	now := w.s.sp.Store().Now()
	return stepped(list, func(r crm.Recipient) (crm.Recipient, bool) {
		receipt, there := found[r.RFCID]
		return lookedUp(r, looked{there: there, remote: receipt.Remote, answered: err == nil, nowhere: outbox.Nowhere(err), proven: w.sender.Proves()}, now)
	}), nil
}

// stepped are the lines that a step changes.
func stepped(list []crm.Recipient, step func(crm.Recipient) (crm.Recipient, bool)) []crm.Recipient {
	var out []crm.Recipient
	for _, r := range list {
		if x, ok := step(r); ok {
			out = append(out, x)
		}
	}
	return out
}

// atOnceLooked is how many lines are looked up before their answers are written
// down.
const atOnceLooked = 50

// each applies a step to lines in order of when they are due, some at once, and
// writes down what it changes unless the lines were changed meanwhile.
func (w *worker) each(ctx context.Context, where []store.Filter, step func(context.Context, []crm.Recipient) ([]crm.Recipient, error)) error {
	for cursor := ""; ; {
		page, err := store.Recipients.Query(ctx, w.s.sp, store.Query{Where: where, Order: "due", Limit: atOnceLooked, After: cursor})
		if err != nil {
			return err
		}
		changed, err := step(ctx, page.Values())
		if err != nil {
			return err
		}
		if err := w.update(ctx, page.Items, changed); err != nil {
			return err
		}
		if cursor = page.Next; cursor == "" {
			return nil
		}
	}
}

// update writes lines down that are still as they were read.
func (w *worker) update(ctx context.Context, read []store.Doc[crm.Recipient], changed []crm.Recipient) error {
	if len(changed) == 0 {
		return nil
	}
	ids, versions := make([]string, len(changed)), map[string]store.Version{}
	for i := range changed {
		ids[i] = changed[i].ID
	}
	for _, d := range read {
		versions[d.Value.ID] = d.Version
	}
	return w.change(ctx, func(ctx context.Context, tx *store.Tx) error {
		docs, err := store.Recipients.GetMany(ctx, tx, ids)
		if err != nil {
			return err
		}
		var still []crm.Recipient
		for i, d := range docs {
			if d.Version == versions[ids[i]] {
				still = append(still, changed[i])
			}
		}
		follow, err := w.e.After(ctx, tx, still)
		if err != nil {
			return err
		}
		follow(tx)
		for i := range still {
			store.Recipients.Put(tx, &still[i])
		}
		return nil
	})
}
