package api

import (
	"context"
	"strings"
	"time"

	"threadline/internal/crm"
	"threadline/sync/engine"
	"threadline/sync/source"
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

func (s *Server) whereInMailbox(ctx context.Context, in *whereQuery) (*body[engine.Answer], error) {
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

type traceQuery struct {
	MailboxRef
	With    string `query:"with" maxLength:"200" doc:"An address, a domain or a name among sender and recipients"`
	Subject string `query:"subject" maxLength:"200" doc:"Words of the subject, in any order"`
	Day     string `query:"day" maxLength:"10" doc:"When it arrived, as 2026-11-27"`
}

func (s *Server) traceMail(ctx context.Context, in *traceQuery) (*body[engine.Traces], error) {
	if _, err := reader(ctx); err != nil { // it shows words of mail
		return nil, err
	}
	m, err := s.mailbox(ctx, in.MailboxRef)
	if err != nil {
		return nil, err
	}
	clue, err := s.clueOf(ctx, in)
	if err != nil {
		return nil, err
	}
	list, err := s.deps.Engine.Trace(ctx, &m, clue)
	if err != nil {
		return nil, serverTrouble(err)
	}
	return answer(list), nil
}

// clueOf reads a clue; a day is one of the reader's.
func (s *Server) clueOf(ctx context.Context, in *traceQuery) (source.Clue, error) {
	const op = crm.Op("api.traceMail")
	clue := source.Clue{With: in.With, Subject: in.Subject}
	if in.Day != "" {
		ws, err := s.workspace(ctx)
		if err != nil {
			return clue, err
		}
		day, err := time.ParseInLocation(time.DateOnly, in.Day, viewerOf(ctx).Zone(ws.Zone))
		if err != nil {
			return clue, crm.Errorf(crm.Invalid, op, "%q is no day, as 2026-11-27", crm.Clip(in.Day, 20)).WithField("day")
		}
		clue.From, clue.Until = crm.At(day), crm.At(day.AddDate(0, 0, 1))
	}
	return clue.Parse(op)
}
