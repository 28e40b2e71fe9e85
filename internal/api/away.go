package api

import (
	"context"
	"net/http"

	"threadline/internal/crm"
)

// awayRoutes say what a mailbox answers while its owner is away.
func (s *Server) awayRoutes() {
	const one = "/api/v1/mailboxes/{id}/away"
	add(s, get(one, "get-away", "What one's own mailbox answers by itself", "mailboxes"), s.getAway)
	add(s, route{method: http.MethodPut, path: one, id: "set-away", summary: "Say what one's own mailbox answers by itself", tag: "mailboxes"}, s.setAway)
}

func (s *Server) getAway(ctx context.Context, in *MailboxRef) (*body[crm.Away], error) {
	a, err := s.deps.Away.Get(ctx, viewerOf(ctx), crm.MailboxID(in.ID))
	return answer(a), err
}

type awayInput struct {
	MailboxRef
	Body struct {
		On      bool     `json:"on"`
		From    crm.Time `json:"from,omitempty" doc:"Not before"`
		Until   crm.Time `json:"until,omitempty" doc:"Not after"`
		Subject string   `json:"subject,omitempty" maxLength:"500" doc:"Empty: Re: and the subject of the mail that is answered"`
		Text    string   `json:"text" maxLength:"20000"`
		Every   int      `json:"every,omitempty" minimum:"0" maximum:"365" doc:"Days in which one person gets one answer; 0: 7"`
		Known   bool     `json:"known,omitempty" doc:"Answers contacts alone"`
	}
}

func (s *Server) setAway(ctx context.Context, in *awayInput) (*body[batched], error) {
	b := &in.Body
	a := crm.Away{Mailbox: crm.MailboxID(in.ID), On: b.On, From: b.From, Until: b.Until, Subject: b.Subject, Text: b.Text, Every: b.Every, Known: b.Known}
	batch, err := s.deps.Away.Set(ctx, viewerOf(ctx), changed(ctx, "say what a mailbox answers by itself"), a)
	return answer(batched{batch}), err
}
