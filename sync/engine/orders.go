package engine

import (
	"context"
	"slices"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// What a person wants of a mailbox is written into its document, so that it
// holds whichever process works on it, and when none does. The run of this
// process is woken to read it; another process finds it within Config.Poll, and
// before it next writes the document.

// Wake makes a mailbox of this process look at its server now; a delayed one
// does not wait any longer. A paused or refused one waits for Resume.
func (e *Engine) Wake(id crm.MailboxID) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if r := e.runs[id]; r != nil {
		ring(r.wake)
	}
}

// Pause stops a mailbox until Resume. A piece that is being stored is not cut
// off.
func (e *Engine) Pause(ctx context.Context, id crm.MailboxID) error {
	return e.EditThen(ctx, id, Rest, func(*crm.Mailbox) {})
}

// Resume lets a paused mailbox go on, or one whose credentials were repaired.
// Any other one looks at its server now.
func (e *Engine) Resume(ctx context.Context, id crm.MailboxID) error {
	return e.EditThen(ctx, id, GoOn, func(*crm.Mailbox) {})
}

// Edit changes what a mailbox is set to; which folders are synced and since
// when is worked out again at once.
func (e *Engine) Edit(ctx context.Context, id crm.MailboxID, change func(*crm.Mailbox)) error {
	return e.EditThen(ctx, id, AsBefore, change)
}

// Then is what a mailbox does once it was edited.
type Then int

// A mailbox rests until it is resumed; goes on, if it was paused or waited for
// credentials; or goes on only if it waited for those.
const (
	AsBefore Then = iota
	Rest
	GoOn
	Repaired
)

// EditThen changes what a mailbox is set to and what it does, in one transaction:
// whoever is told of a failure finds everything as it was.
func (e *Engine) EditThen(ctx context.Context, id crm.MailboxID, then Then, change func(*crm.Mailbox)) error {
	return e.turn(ctx, id, func(m *crm.Mailbox) {
		state := m.State
		change(m)
		m.State = state
		switch {
		case then == Rest:
			m.State, m.NextAt = crm.StatePaused, 0
		case then == GoOn && state == crm.StatePaused, then >= GoOn && state == crm.StateAuthRequired:
			m.State, m.Trouble, m.Fails, m.NextAt = crm.StateConnecting, nil, 0, 0
		}
	})
}

// turn changes the document of a mailbox and wakes its run. A mailbox that is
// being deleted takes no more orders.
func (e *Engine) turn(ctx context.Context, id crm.MailboxID, change func(*crm.Mailbox)) error {
	err := e.sp.Transact(ctx, func(ctx context.Context, tx *store.Tx) error {
		doc, err := store.Mailboxes.Get(ctx, tx, string(id))
		if err != nil {
			return err
		}
		if doc.Value.State == crm.StateDeleting {
			return crm.Errorf(crm.Conflict, "engine.turn", "this mailbox is being deleted")
		}
		aliases := doc.Value.Aliases
		change(&doc.Value)
		store.Mailboxes.Put(tx, &doc.Value)
		if !slices.Equal(aliases, doc.Value.Aliases) {
			store.Tell(tx, &crm.Arrival{}) // whoever follows looks at who we are
		}
		return nil
	})
	if err == nil {
		e.Wake(id)
	}
	return err
}

// heed reads the document of the mailbox and tells what a person wants since
// this run last saw it, "" for nothing. Nothing may be in flight.
func (r *run) heed(ctx context.Context) (EventKind, error) {
	docs, err := store.Mailboxes.GetMany(ctx, r.sp, []string{string(r.mailbox.ID)})
	if err != nil {
		return "", err
	}
	if !docs[0].Exists() { // deleted without us
		return Deleted, nil
	}
	return r.hear(docs[0].Value), nil
}

// hear takes over the document and tells what it asks for.
func (r *run) hear(m crm.Mailbox) EventKind {
	asked := asksOther(r.mailbox, &m)
	*r.mailbox = m
	switch {
	case !asked:
		return ""
	case m.State == crm.StatePaused:
		return Paused
	case m.State == crm.StateDeleting:
		return Deleted
	}
	return Resumed
}

// asksOther tells whether a person asks something of a mailbox that a run last saw
// otherwise: to stop or go on, or to sign in another way. What the server says to
// the old way in is then of no interest.
func asksOther(seen, now *crm.Mailbox) bool {
	return now.State != seen.State || now.Server != seen.Server || now.TLS != seen.TLS || now.Login != seen.Login || now.Password != seen.Password
}
