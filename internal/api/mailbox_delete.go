package api

import (
	"context"
	"net/http"
	"time"

	"threadline/internal/crm"
	"threadline/internal/store"
)

func (s *Server) endRoutes(one string) {
	end := remove(one, "delete-mailbox", "Stop a mailbox for good; its password, copies and sync state go at once and cannot be brought back", "mailboxes")
	end.guarded = true
	end.limit, end.status = longLimit, http.StatusOK
	add(s, end, s.deleteMailbox)
}

// Mail that is kept or erased with its mailbox.
const (
	mailKeep  = "keep"
	mailErase = "erase"
)

type mailboxEnd struct {
	MailboxRef
	Mail string `query:"mail" enum:"keep,erase" default:"keep" doc:"keep: messages stay on timelines. erase: those that lie in no other mailbox, and never lay in another person's, go too"`
}

type mailboxGone struct {
	ID       crm.MailboxID    `json:"id"`
	State    crm.MailboxState `json:"state" doc:"deleted, or deleting while copies are taken away"`
	Mail     string           `json:"mail"`
	Undoable bool             `json:"undoable" doc:"Always false; the mail server is not touched, so the mailbox can be added again"`
}

// deleteMailbox marks the mailbox, which stops it, and waits a little for the
// engine to take it away.
func (s *Server) deleteMailbox(ctx context.Context, in *mailboxEnd) (*body[mailboxGone], error) {
	m, err := s.mailbox(ctx, in.MailboxRef)
	if err != nil {
		return nil, err
	}
	if m.State != crm.StateDeleting {
		if err := s.deps.Engine.Delete(ctx, m.ID, in.Mail == mailErase); err != nil {
			return nil, err
		}
		s.revoke(ctx, &m)
	}
	if s.cfg.Syncs() {
		err = s.deleted(ctx, m.ID)
	} else if err = s.deps.Engine.Finish(ctx, m.ID); crm.IsKind(err, crm.Conflict) {
		err = nil // another process works on it, and will
	}
	if err != nil {
		return nil, err
	}
	doc, err := store.Mailboxes.Get(ctx, s.deps.Space, string(m.ID))
	if err != nil {
		return nil, err
	}
	mail := mailKeep
	if in.Mail == mailErase {
		mail = mailErase
	}
	return answer(mailboxGone{ID: m.ID, State: doc.Value.State, Mail: mail}), nil
}

// turnTime is how long an answer waits for the engine to turn. A piece of work
// that is being stored is not cut off; the mailbox turns after it.
const turnTime = 3 * time.Second

// deleted waits a little, so that the answer of a small mailbox is the end.
func (s *Server) deleted(ctx context.Context, id crm.MailboxID) error {
	for end := time.Now().Add(turnTime); time.Now().Before(end); {
		doc, err := store.Mailboxes.Get(ctx, s.deps.Space, string(id))
		if err != nil || doc.Value.State == crm.StateDeleted {
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
