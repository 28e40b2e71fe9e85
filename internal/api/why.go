package api

import (
	"context"
	"strings"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/store"
	"threadline/internal/timeline"
	"threadline/sync/engine"
)

// whyView explains what is stored; what is not is looked for on the servers.
type whyView struct {
	timeline.Explanation
	Servers []serverView `json:"servers,omitempty" doc:"What the mail servers say of a message that is not stored"`
}

type serverView struct {
	Mailbox crm.MailboxID `json:"mailbox"`
	Address crm.Address   `json:"address"`
	engine.Answer
	Problem string `json:"problem,omitempty" doc:"Why this server could not be asked"`
}

func (s *Server) why(ctx context.Context, in *MessageRef) (*body[whyView], error) {
	v := viewerOf(ctx)
	ref := strings.Trim(strings.TrimSpace(in.ID), "<>")
	out := whyView{Explanation: timeline.Explanation{Ref: ref, Stored: []timeline.Explained{}, RuleSet: crm.RuleSet}}
	if !v.Operator {
		e, err := s.deps.Timeline.In(lang(ctx)).Why(ctx, v, ref)
		if err == nil {
			out.Explanation = e
			return answer(out), nil
		}
		if !crm.IsKind(err, crm.NotFound) {
			return nil, err
		}
	}
	if _, err := crm.ParseID[crm.MessageID](crm.PrefixMessage, ref); err == nil {
		if v.Operator {
			_, err = reader(ctx)
			return nil, err
		}
		return nil, crm.Errorf(crm.NotFound, "api.why", "there is no message %s", ref).WithField("id")
	}
	servers, err := s.whereabouts(ctx, v, crm.RFCID(ref))
	out.Servers = servers
	return answer(out), err
}

// whereabouts asks the servers of the mailboxes that the viewer may repair.
func (s *Server) whereabouts(ctx context.Context, v access.Viewer, id crm.RFCID) ([]serverView, error) {
	docs, err := store.Mailboxes.All(ctx, s.deps.Space, store.Query{})
	if err != nil {
		return nil, err
	}
	out := []serverView{}
	for i := range docs {
		m := &docs[i].Value
		if !shown(v, m) || m.State == crm.StateDeleting {
			continue
		}
		w, err := s.deps.Engine.Where(ctx, m, id)
		view := serverView{Mailbox: m.ID, Address: m.Address, Answer: w}
		if e, ok := asError(err); ok {
			view.Problem = e.Msg
		} else if err != nil {
			return nil, err
		}
		out = append(out, view)
	}
	return out, nil
}
