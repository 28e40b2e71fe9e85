package api

import (
	"context"
	"slices"

	"threadline/internal/crm"
	"threadline/internal/timeline"
)

func (s *Server) listUpdates(ctx context.Context, in *MessageRef) (*body[items[timeline.Update]], error) {
	list, err := s.updates(ctx, in)
	return listed(list), err
}

func (s *Server) updates(ctx context.Context, in *MessageRef) ([]timeline.Update, error) {
	v, id, err := in.read(ctx)
	if err != nil {
		return nil, err
	}
	list, err := s.deps.Timeline.Updates(ctx, v, id)
	return list, blameNotFound(err, "id")
}

type updateInput struct {
	MessageRef
	Body struct {
		Field timeline.UpdateField `json:"field" enum:"phone,title,company,website"`
		Value string               `json:"value" maxLength:"200" doc:"One of the proposed values"`
	}
}

// acceptUpdate accepts what is proposed and nothing else.
func (s *Server) acceptUpdate(ctx context.Context, in *updateInput) (*body[batched], error) {
	list, err := s.updates(ctx, &in.MessageRef)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(list, func(u timeline.Update) bool { return u.Field == in.Body.Field && u.Value == in.Body.Value })
	if i < 0 {
		return nil, crm.Errorf(crm.Conflict, "api.acceptUpdate", "the signature proposes no such %s", in.Body.Field).WithField("value").
			WithHint("GET the same address for what it proposes")
	}
	batch, err := s.deps.Records.AcceptUpdate(ctx, by(ctx, "take over what a signature says"), list[i].Record, string(list[i].Field), list[i].Value)
	return answer(batched{batch}), err
}
