package api

import (
	"context"

	"threadline/internal/crm"
	"threadline/internal/records"
)

func (s *Server) changeRoutes() {
	add(s, get("/api/v1/changes", "list-changes", "What was changed, by whom, newest first", "changes"), s.listChanges)
	add(s, get("/api/v1/changes/{batch}", "get-batch", "The changes of one batch", "changes"), s.getBatch)
	undo := post("/api/v1/changes/{batch}/undo", "undo", "Take a batch back", "changes")
	undo.limit = longLimit
	add(s, undo, s.undo)
}

func (s *Server) listChanges(ctx context.Context, in *PageQuery) (*body[records.ChangePage], error) {
	p, err := s.deps.Records.Changes(ctx, viewerOf(ctx), records.Page{Limit: in.Limit, Cursor: in.Cursor})
	return answer(p), err
}

// BatchRef is the id of a batch in an address.
type BatchRef struct {
	Batch string `path:"batch" maxLength:"100"`
}

func (in BatchRef) parse() (string, error) {
	id, err := crm.ParseID[string](crm.PrefixBatch, in.Batch)
	if err != nil {
		return "", crm.Errorf(crm.NotFound, "api.batchID", "there is no batch %q", crm.Clip(in.Batch, 60)).
			WithField("batch").WithHint("list them with: threadline changes")
	}
	return id, nil
}

func (s *Server) getBatch(ctx context.Context, in *struct {
	BatchRef
	PageQuery
}) (*body[records.ChangePage], error) {
	id, err := in.parse()
	if err != nil {
		return nil, err
	}
	p, err := s.deps.Records.Batch(ctx, viewerOf(ctx), id, records.Page{Limit: in.Limit, Cursor: in.Cursor})
	return answer(p), blameNotFound(err, "batch")
}

func (s *Server) undo(ctx context.Context, in *BatchRef) (*body[batched], error) {
	id, err := in.parse()
	if err != nil {
		return nil, err
	}
	batch, err := s.deps.Records.Undo(ctx, by(ctx, ""), id)
	return answer(batched{batch}), blameNotFound(err, "batch")
}
