package api

import (
	"context"
	"strings"

	"threadline/internal/crm"
	"threadline/sync/engine"
)

func (s *Server) auditMailbox(ctx context.Context, in *MailboxRef) (*body[items[engine.FolderAudit]], error) {
	m, err := s.mailbox(ctx, *in)
	if err != nil {
		return nil, err
	}
	list, err := s.deps.Engine.Audit(ctx, &m)
	if err != nil {
		return nil, serverTrouble(err)
	}
	return listed(list), nil
}

// repairMailbox answers what is wrong now; the engine repairs it afterwards, and
// the folders of the mailbox then show what it found.
func (s *Server) repairMailbox(ctx context.Context, in *MailboxRef) (*body[items[engine.FolderAudit]], error) {
	out, err := s.auditMailbox(ctx, in)
	if err != nil {
		return nil, err
	}
	return out, s.deps.Engine.AskAudit(ctx, crm.MailboxID(in.ID))
}

type whereQuery struct {
	MailboxRef
	MessageID string `query:"message_id" required:"true" minLength:"1" maxLength:"1000" doc:"With or without its angle brackets"`
}

func (s *Server) whereInMailbox(ctx context.Context, in *whereQuery) (*body[engine.Whereabouts], error) {
	m, err := s.mailbox(ctx, in.MailboxRef)
	if err != nil {
		return nil, err
	}
	w, err := s.deps.Engine.Where(ctx, &m, crm.RFCID(strings.Trim(strings.TrimSpace(in.MessageID), "<>")))
	if err != nil {
		return nil, serverTrouble(err)
	}
	return answer(w), nil
}
