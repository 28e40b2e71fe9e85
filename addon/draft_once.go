package addon

import (
	"context"
	"slices"
	"time"

	"threadline/internal/crm"
	"threadline/internal/store"
)

const (
	// draftSettles is how long a click that comes again gets the draft that it made
	// before. Later it is meant: the draft may be sent by then, or thrown away.
	draftSettles = time.Minute
	// draftTakes is how long a draft may take. What is not there by then was begun
	// by a process that died; whether Gmail has it, nobody knows.
	draftTakes = 15 * time.Second
	draftLook  = 100 * time.Millisecond // between looks for a draft of another click, at first
)

// draftOnce makes the draft of a key, or returns the one that another click of the
// same key makes or has made, whichever instance got it: what was begun stands in the
// store, in one document for each person. Gmail cannot be asked: the tokens of an
// event may make a draft and not look for one. A failure is told to whoever waits,
// and then forgotten.
func (c *click) draftOnce(ctx context.Context, key string, begin func() (GmailDraft, error)) (GmailDraft, error) {
	const op = crm.Op("addon.draftOnce")
	first := true
	for wait := draftLook; ; wait = min(2*wait, time.Second) {
		one, mine, err := c.claimDraft(ctx, key, first)
		switch {
		case err != nil:
			return GmailDraft{}, err
		case mine:
			return c.makeDraft(ctx, key, begin)
		case one.Draft != "":
			return GmailDraft{ID: one.Draft, Thread: one.Thread}, nil
		case one.Key == "":
			return GmailDraft{}, crm.Errorf(crm.Unavailable, op, "the draft that was being made failed")
		}
		first = false
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return GmailDraft{}, context.Cause(ctx)
		}
	}
}

// claimDraft returns what was begun under a key, nothing for none; mine tells that the
// caller has to make it, which only the first look may take upon itself.
func (c *click) claimDraft(ctx context.Context, key string, first bool) (one crm.BegunDraft, mine bool, err error) {
	err = c.changeDrafts(ctx, func(d *crm.Drafting) bool {
		one, mine = crm.BegunDraft{}, false // the transaction may run again
		if i := indexOfDraft(d, key); i >= 0 {
			one = d.Begun[i]
			return false
		}
		if mine = first; mine {
			d.Begun = append(d.Begun, crm.BegunDraft{Key: key, At: crm.At(c.h.now())})
		}
		return mine
	})
	return one, mine, err
}

// makeDraft makes it, and says so. Whoever clicks again may have hung up on the first
// request; its draft is made all the same, and theirs.
func (c *click) makeDraft(ctx context.Context, key string, begin func() (GmailDraft, error)) (GmailDraft, error) {
	made, failed := begin()
	ctx = context.WithoutCancel(ctx)
	err := c.changeDrafts(ctx, func(d *crm.Drafting) bool {
		i := indexOfDraft(d, key)
		switch {
		case i >= 0 && failed != nil:
			d.Begun = slices.Delete(d.Begun, i, i+1)
		case i >= 0:
			d.Begun[i].Draft, d.Begun[i].Thread = made.ID, made.Thread
		}
		return i >= 0
	})
	if failed != nil {
		return GmailDraft{}, failed
	}
	return made, err
}

// changeDrafts changes what the person began, without what is settled. change tells
// whether there is anything to write.
func (c *click) changeDrafts(ctx context.Context, change func(*crm.Drafting) bool) error {
	return c.book.Space.Transact(ctx, func(ctx context.Context, tx *store.Tx) error {
		docs, err := store.Draftings.GetMany(ctx, tx, []string{string(c.user)})
		if err != nil {
			return err
		}
		d := crm.Drafting{ID: c.user, Begun: slices.Clone(docs[0].Value.Begun)}
		d.Begun = slices.DeleteFunc(d.Begun, func(one crm.BegunDraft) bool {
			age := c.h.now().Sub(one.At.Std())
			return age > draftSettles || one.Draft == "" && age > draftTakes
		})
		if change(&d) {
			store.Draftings.Put(tx, &d)
		}
		return nil
	})
}

func indexOfDraft(d *crm.Drafting, key string) int {
	return slices.IndexFunc(d.Begun, func(one crm.BegunDraft) bool { return one.Key == key })
}
