package api

import (
	"context"

	"threadline/internal/crm"
	"threadline/internal/store"
	"threadline/sync/engine"
)

type deadView struct {
	Copy   crm.CopyID     `json:"copy"`
	Folder string         `json:"folder"`
	Key    crm.Key        `json:"key" doc:"UID on the server"`
	Reason crm.DeadReason `json:"reason"`
	Detail string         `json:"detail,omitempty"`
}

const maxDead = 1000

// listDead lists at most maxDead dead letters.
func (s *Server) listDead(ctx context.Context, in *MailboxRef) (*body[items[deadView]], error) {
	m, err := s.mailbox(ctx, *in)
	if err != nil {
		return nil, err
	}
	boxes, err := store.Boxes.All(ctx, s.deps.Space, store.Query{Where: []store.Filter{store.Is("mailbox", m.ID)}})
	if err != nil {
		return nil, err
	}
	var out []deadView
	for _, b := range boxes {
		if len(b.Value.Counts.Dead) == 0 || len(out) >= maxDead {
			continue
		}
		q := store.Query{Where: []store.Filter{store.Is("box", b.Value.ID), store.Is("state", crm.CopyDead)}, Order: "key", Limit: maxDead - len(out)}
		page, err := store.Copies.Query(ctx, s.deps.Space, q)
		if err != nil {
			return nil, err
		}
		for _, c := range page.Values() {
			out = append(out, deadView{Copy: c.ID, Folder: b.Value.Name, Key: c.Key, Reason: c.Dead, Detail: c.Detail})
		}
	}
	return listed(out), nil
}

type deadID struct {
	MailboxRef
	Copy string `path:"copy" maxLength:"100"`
}

func (s *Server) retryDead(ctx context.Context, in *deadID) (*body[mailboxView], error) {
	m, err := s.mailbox(ctx, in.MailboxRef)
	if err != nil {
		return nil, err
	}
	missing := crm.Errorf(crm.NotFound, "api.retryDead", "this mailbox has no dead letter %q", crm.Clip(in.Copy, 60)).WithField("copy")
	id, err := crm.ParseID[crm.CopyID](crm.PrefixCopy, in.Copy)
	if err != nil {
		return nil, missing
	}
	docs, err := store.Copies.GetMany(ctx, s.deps.Space, []string{string(id)})
	if err != nil {
		return nil, err
	}
	if c := docs[0].Value; !docs[0].Exists() || c.Mailbox != m.ID || c.State != crm.CopyDead {
		return nil, missing
	}
	if err := engine.Retry(ctx, s.deps.Space, id); err != nil {
		return nil, err
	}
	s.deps.Engine.Wake(m.ID)
	return s.getMailbox(ctx, &in.MailboxRef)
}
