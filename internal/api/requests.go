package api

import (
	"context"

	"threadline/internal/access"
	"threadline/internal/crm"
)

// requestRoutes let colleagues ask for mail that they do not see, and its owners
// say yes or no.
func (s *Server) requestRoutes() {
	add(s, post("/api/v1/messages/{id}/request", "request-message", "Ask the owners of a message to show it", "messages"), s.askFor)
	add(s, get("/api/v1/requests", "list-requests", "Requests that wait for the caller's word, or with mine those of the caller", "messages"), s.listRequests)
	add(s, post("/api/v1/requests/{id}/grant", "grant-request", "Show the message: an exception that can be taken back", "access"), s.grantRequest)
	add(s, post("/api/v1/requests/{id}/refuse", "refuse-request", "Do not show the message", "access"), s.refuseRequest)
}

// askedFor is a request with what people call it.
type askedFor struct {
	crm.MailRequest
	Name    string `json:"name" doc:"Of who asks"`
	Subject string `json:"subject,omitempty" doc:"As the caller may see it"`
	Batch   string `json:"batch,omitempty" doc:"Takes a granted request back"`
}

func (s *Server) askedFor(ctx context.Context, list []crm.MailRequest) ([]askedFor, error) {
	ids := make([]crm.MessageID, len(list))
	for i, r := range list {
		ids[i] = r.Message
	}
	subjects, err := s.deps.Content.Subjects(ctx, viewerOf(ctx), ids)
	out := []askedFor{}
	for _, r := range list {
		out = append(out, askedFor{MailRequest: r, Name: s.called(ctx, r.By), Subject: subjects[r.Message]})
	}
	return out, err
}

func (s *Server) askFor(ctx context.Context, in *struct {
	MessageRef
	Body struct {
		Level crm.MailLevel `json:"level,omitempty" enum:"subject,full" default:"full"`
		Note  string        `json:"note,omitempty" maxLength:"2000" doc:"Why; the owners read it"`
	}
}) (*body[items[askedFor]], error) {
	v, id, err := in.read(ctx)
	if err != nil {
		return nil, err
	}
	if in.Body.Level == "" {
		in.Body.Level = access.Full
	}
	made, err := s.deps.Content.Ask(ctx, v, id, in.Body.Level, in.Body.Note)
	if err != nil {
		return nil, err
	}
	out, err := s.askedFor(ctx, made)
	return listed(out), err
}

func (s *Server) listRequests(ctx context.Context, in *struct {
	PageQuery
	Mine bool `query:"mine" doc:"Those that the caller made, whatever became of them"`
}) (*body[items[askedFor]], error) {
	p, err := s.deps.Content.Requests(ctx, viewerOf(ctx), in.Mine, in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	list, err := s.askedFor(ctx, p.Items)
	return answer(items[askedFor]{Items: list, Next: p.Next}), err
}

// RequestRef is the id of a request in an address.
type RequestRef struct {
	ID string `path:"id" maxLength:"60"`
}

func (s *Server) grantRequest(ctx context.Context, in *RequestRef) (*body[askedFor], error) {
	return s.answerRequest(ctx, in.ID, true)
}

func (s *Server) refuseRequest(ctx context.Context, in *RequestRef) (*body[askedFor], error) {
	return s.answerRequest(ctx, in.ID, false)
}

func (s *Server) answerRequest(ctx context.Context, id string, yes bool) (*body[askedFor], error) {
	r, batch, err := s.deps.Content.Answer(ctx, s.deps.Records, by(ctx, ""), id, yes)
	if err != nil {
		return nil, err
	}
	list, err := s.askedFor(ctx, []crm.MailRequest{r})
	list[0].Batch = batch
	return answer(list[0]), err
}
