package api

import (
	"context"

	"threadline/internal/crm"
	"threadline/internal/ledger"
	"threadline/internal/timeline"
)

// questionRoutes are how people choose where the program does not: conversations
// to which several deals fit.
func (s *Server) questionRoutes() {
	add(s, get("/api/v1/questions", "list-questions", "Conversations to which several deals fit, newest first", "messages"), s.listQuestions)
	add(s, post("/api/v1/messages/{id}/deal", "choose-deal", "Say to which deal the conversation of a message belongs, or to none", "messages"), s.chooseDeal)
}

func (s *Server) listQuestions(ctx context.Context, in *PageQuery) (*body[timeline.QuestionList], error) {
	v, err := reader(ctx)
	if err != nil {
		return nil, err
	}
	list, err := s.deps.Timeline.In(lang(ctx)).Questions(ctx, v, in.Cursor, in.Limit)
	return answer(list), err
}

type dealChoice struct {
	MessageRef
	Body struct {
		Deal string `json:"deal" maxLength:"60" doc:"Id of the deal, or none"`
	}
}

// noDeal is the choice of no deal at all.
const noDeal = "none"

func (s *Server) chooseDeal(ctx context.Context, in *dealChoice) (*body[batched], error) {
	_, id, err := in.read(ctx)
	if err != nil {
		return nil, err
	}
	who := callerOf(ctx)
	c := ledger.Correction{Message: id, Scope: crm.ScopeThread, Effect: crm.EffectDeal, By: who.user.ID, Cause: who.cause}
	if in.Body.Deal != noDeal {
		if c.Record, err = recordID(in.Body.Deal, "deal"); err != nil {
			return nil, err
		}
	}
	batch, err := ledger.Correct(ctx, s.deps.Space, c)
	return answer(batched{batch}), err
}
