package api

import (
	"context"

	"threadline/internal/crm"
	"threadline/internal/ledger"
	"threadline/internal/timeline"
)

// threadRoutes are the conversations: one whole, those that wait for somebody,
// and the word that nobody has to write any more.
func (s *Server) threadRoutes() {
	add(s, get("/api/v1/threads", "list-threads", "The caller's conversations that wait for somebody, each by the message that decides", "threads"), s.listThreads)
	add(s, get("/api/v1/threads/{id}", "get-thread", "One conversation whole, whose turn it is, and where a split is proposed", "threads"), s.getThread)
	add(s, post("/api/v1/threads/{id}/done", "close-thread", "Say that nobody has to write in it, until the next message that counts", "threads"), s.closeThread)
	add(s, get("/api/v1/home", "home", "The caller's day: mail that waits, answers, tasks, deals without a next step, mailboxes", "threads"), s.home)
}

type threadQuery struct {
	PageQuery
	List crm.WaitList `query:"list" enum:"ours,answer,theirs" default:"ours" doc:"ours: they wait for an answer, the longest first; answer: they answered, newest first; theirs: we wait for one, the longest first"`
}

func (s *Server) listThreads(ctx context.Context, in *threadQuery) (*body[timeline.List], error) {
	v, err := reader(ctx)
	if err != nil {
		return nil, err
	}
	list, err := s.deps.Timeline.In(lang(ctx)).Waiting(ctx, v, in.List, in.Cursor, in.Limit)
	return answer(list), err
}

// ThreadRef is the name of a conversation in an address.
type ThreadRef struct {
	ID string `path:"id" maxLength:"100"`
}

func (s *Server) getThread(ctx context.Context, in *ThreadRef) (*body[timeline.Conversation], error) {
	v, err := reader(ctx)
	if err != nil {
		return nil, err
	}
	c, err := s.deps.Timeline.In(lang(ctx)).Conversation(ctx, v, crm.ThreadID(in.ID))
	return answer(c), err
}

func (s *Server) closeThread(ctx context.Context, in *ThreadRef) (*body[batched], error) {
	v, err := reader(ctx)
	if err != nil {
		return nil, err
	}
	c, err := s.deps.Timeline.Conversation(ctx, v, crm.ThreadID(in.ID))
	if err != nil {
		return nil, err
	}
	if c.Decides == "" {
		return nil, crm.Errorf(crm.Conflict, "api.closeThread", "nobody has to write in this conversation").WithField("id")
	}
	batch, err := ledger.Done(ctx, s.deps.Space, changed(ctx, "close a conversation"), c.Decides)
	return answer(batched{batch}), err
}

func (s *Server) home(ctx context.Context, _ *none) (*body[*timeline.Home], error) {
	v, err := reader(ctx)
	if err != nil {
		return nil, err
	}
	h, err := s.deps.Timeline.In(lang(ctx)).Home(ctx, v)
	return answer(h), err
}
