package api

import (
	"context"

	"threadline/internal/access"
	"threadline/internal/bulk"
	"threadline/internal/job"
	"threadline/internal/records"
)

func (s *Server) bulkRoutes() {
	const edits, edit, undos, undo = "/api/v1/bulk", "/api/v1/bulk/{id}", "/api/v1/undos", "/api/v1/undos/{id}"
	add(s, made(post(edits, "plan-edit", "Find out what giving the records of a query the same values would change; nothing is written", "bulk")), s.planEdit)
	add(s, get(edits, "list-edits", "Edits in bulk of the caller, newest first", "bulk"), s.listEdits)
	add(s, get(edit, "get-edit", "An edit in bulk: what was ordered, what was planned, how far it is", "bulk"), s.getEdit)
	add(s, get(edit+"/rows", "edit-rows", "What the plan says of each record, or what became of it", "bulk"), s.editRows)
	add(s, post(edit+"/apply", "apply-edit", "Do what was planned, as one batch that can be undone", "bulk"), s.applyEdit)
	add(s, made(post(undos, "begin-undo", "Take a batch of any size back, as a job: all of it, or, when something was changed since, after a word", "changes")), s.beginUndo)
	add(s, get(undo, "get-undo", "How far an undo is", "changes"), s.getUndo)
	add(s, get(undo+"/conflicts", "undo-conflicts", "What cannot be taken back, because it was changed since", "changes"), s.undoConflicts)
	add(s, post(undo+"/apply", "force-undo", "Take back what can be, and leave alone what was changed since", "changes"), s.forceUndo)
}

func (s *Server) planEdit(ctx context.Context, in *struct{ Body bulk.Order }) (*body[bulk.Edit], error) {
	e, err := s.deps.Bulk.Plan(ctx, viewerOf(ctx), by(ctx, ""), in.Body)
	return answer(e), err
}

func (s *Server) listEdits(ctx context.Context, in *PageQuery) (*body[items[job.Progress]], error) {
	list, next, err := s.deps.Jobs.List(ctx, viewerOf(ctx), bulk.EditKind, in.Limit, in.Cursor)
	out := listed(list)
	out.Body.Next = next
	return out, err
}

func (s *Server) getEdit(ctx context.Context, in *JobRef) (*body[bulk.Edit], error) {
	id, err := in.id()
	if err != nil {
		return nil, err
	}
	e, err := s.deps.Bulk.Get(ctx, viewerOf(ctx), id)
	return answer(e), err
}

func (s *Server) editRows(ctx context.Context, in *struct {
	JobRef
	PageQuery
	Only []string `query:"only" enum:"set,skip,error" doc:"Records of these outcomes; without: all"`
}) (*body[items[bulk.EditLine]], error) {
	id, err := in.id()
	if err != nil {
		return nil, err
	}
	lines, next, err := s.deps.Bulk.Rows(ctx, viewerOf(ctx), id, in.Only, in.Limit, in.Cursor)
	out := listed(lines)
	out.Body.Next = next
	return out, err
}

func (s *Server) applyEdit(ctx context.Context, in *JobRef) (*body[bulk.Edit], error) {
	id, err := in.id()
	if err != nil {
		return nil, err
	}
	e, err := s.deps.Bulk.Apply(ctx, viewerOf(ctx), id)
	return answer(e), err
}

func (s *Server) beginUndo(ctx context.Context, in *struct {
	Body struct {
		Batch string `json:"batch" maxLength:"100"`
	}
}) (*body[job.Progress], error) {
	batch, err := BatchRef{in.Body.Batch}.parse()
	if err != nil {
		return nil, err
	}
	p, err := s.deps.Bulk.Undo(ctx, viewerOf(ctx), by(ctx, ""), batch)
	return answer(p), blameNotFound(err, "batch")
}

func (s *Server) undoJob(ctx context.Context, in *JobRef, do func(context.Context, access.Viewer, string) (job.Progress, error)) (*body[job.Progress], error) {
	id, err := in.id()
	if err != nil {
		return nil, err
	}
	p, err := do(ctx, viewerOf(ctx), id)
	return answer(p), err
}

func (s *Server) getUndo(ctx context.Context, in *JobRef) (*body[job.Progress], error) {
	return s.undoJob(ctx, in, s.deps.Bulk.GetUndo)
}

func (s *Server) forceUndo(ctx context.Context, in *JobRef) (*body[job.Progress], error) {
	return s.undoJob(ctx, in, s.deps.Bulk.Force)
}

func (s *Server) undoConflicts(ctx context.Context, in *struct {
	JobRef
	PageQuery
}) (*body[items[records.Clash]], error) {
	id, err := in.id()
	if err != nil {
		return nil, err
	}
	list, next, err := s.deps.Bulk.Clashes(ctx, viewerOf(ctx), id, in.Limit, in.Cursor)
	out := listed(list)
	out.Body.Next = next
	return out, err
}
