package api

import (
	"context"
	"time"

	"threadline/internal/crm"
	"threadline/internal/seal"
	"threadline/internal/store"
)

type mailboxEdit struct {
	MailboxRef
	Body struct {
		Password string `json:"password,omitempty" maxLength:"1000" writeOnly:"true" doc:"Tried before it is kept"`
		Paused   *bool  `json:"paused,omitempty"`
	}
}

func (s *Server) editMailbox(ctx context.Context, in *mailboxEdit) (*body[mailboxView], error) {
	m, err := s.mailbox(ctx, in.MailboxRef)
	if err != nil {
		return nil, err
	}
	if in.Body.Password != "" {
		if err := s.setPassword(ctx, m, seal.NewSecret(in.Body.Password)); err != nil {
			return nil, err
		}
	}
	switch p := in.Body.Paused; {
	case p == nil:
	case *p:
		err = s.pause(ctx, m.ID)
	default:
		err = s.resume(ctx, m.ID)
	}
	if err != nil {
		return nil, err
	}
	return s.getMailbox(ctx, &in.MailboxRef)
}

// setPassword keeps a password that works, and goes on where a wrong one had
// stopped the mailbox.
func (s *Server) setPassword(ctx context.Context, m crm.Mailbox, password seal.Secret) error {
	if err := s.try(ctx, m, password); err != nil {
		return err
	}
	sealed, err := s.deps.Seal.Seal(password, string(m.ID), "password")
	if err != nil {
		return err
	}
	var state crm.MailboxState
	err = s.alter(ctx, m.ID, func(m *crm.Mailbox) {
		m.Password, state = sealed, m.State
	})
	if err != nil {
		return err
	}
	switch state {
	case crm.StateAuthRequired:
		return s.resume(ctx, m.ID)
	case crm.StateThrottled:
		s.deps.Engine.Wake(m.ID)
	}
	return nil
}

func (s *Server) pauseMailbox(ctx context.Context, in *MailboxRef) (*body[mailboxView], error) {
	m, err := s.mailbox(ctx, *in)
	if err != nil {
		return nil, err
	}
	if err := s.pause(ctx, m.ID); err != nil {
		return nil, err
	}
	return s.getMailbox(ctx, in)
}

func (s *Server) resumeMailbox(ctx context.Context, in *MailboxRef) (*body[mailboxView], error) {
	m, err := s.mailbox(ctx, *in)
	if err != nil {
		return nil, err
	}
	if err := s.resume(ctx, m.ID); err != nil {
		return nil, err
	}
	return s.getMailbox(ctx, in)
}

// pause asks the running engine, which keeps the state; without one the next
// engine finds it in the mailbox.
func (s *Server) pause(ctx context.Context, id crm.MailboxID) error {
	if s.cfg.Syncs() {
		s.deps.Engine.Pause(id)
		return s.until(ctx, id, func(st crm.MailboxState) bool { return st == crm.StatePaused })
	}
	return s.alter(ctx, id, func(m *crm.Mailbox) { m.State, m.NextAt = crm.StatePaused, 0 })
}

func (s *Server) resume(ctx context.Context, id crm.MailboxID) error {
	if s.cfg.Syncs() {
		doc, err := store.Mailboxes.Get(ctx, s.deps.Space, string(id))
		if err != nil {
			return err
		}
		switch doc.Value.State {
		case crm.StatePaused, crm.StateAuthRequired:
			s.deps.Engine.Resume(id)
			return s.until(ctx, id, func(st crm.MailboxState) bool { return st != doc.Value.State })
		default:
			s.deps.Engine.Wake(id) // not stopped: look now
		}
		return nil
	}
	return s.alter(ctx, id, func(m *crm.Mailbox) {
		if m.State == crm.StatePaused || m.State == crm.StateAuthRequired {
			m.State, m.Trouble, m.Fails, m.NextAt = crm.StateConnecting, nil, 0, 0
		}
	})
}

// turnTime is how long an answer waits for the engine to turn. A piece of work
// that is being stored is not cut off; the mailbox turns after it.
const turnTime = 3 * time.Second

// until waits a little, so that the answer shows the state that was asked for.
func (s *Server) until(ctx context.Context, id crm.MailboxID, reached func(crm.MailboxState) bool) error {
	for end := time.Now().Add(turnTime); time.Now().Before(end); {
		doc, err := store.Mailboxes.Get(ctx, s.deps.Space, string(id))
		if err != nil || reached(doc.Value.State) {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(20 * time.Millisecond):
		}
	}
	return nil
}

// alter changes a mailbox document in one transaction.
func (s *Server) alter(ctx context.Context, id crm.MailboxID, change func(*crm.Mailbox)) error {
	return s.deps.Space.Transact(ctx, func(ctx context.Context, tx *store.Tx) error {
		doc, err := store.Mailboxes.Get(ctx, tx, string(id))
		if err != nil {
			return err
		}
		change(&doc.Value)
		store.Mailboxes.Put(tx, &doc.Value)
		return nil
	})
}
