package api

import (
	"context"

	"github.com/danielgtaylor/huma/v2"

	"threadline/internal/crm"
	"threadline/internal/extract"
	"threadline/internal/job"
)

func (s *Server) extractRoutes() {
	const all, one = "/api/v1/exports", "/api/v1/exports/{id}"
	add(s, made(post(all, "begin-export", "Begin to write a file: records of a query or a view as CSV or JSON lines, mail as .eml", "exports")), s.beginExport)
	add(s, get(all, "list-exports", "Exports of the caller, newest first", "exports"), s.listExports)
	add(s, get(one, "get-export", "How far an export is", "exports"), s.getExport)
	file := get(one+"/file", "export-file", "The file of an export that is done", "exports")
	file.limit = longLimit
	file.edit = func(op *huma.Operation) {
		schema := &huma.MediaType{Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}
		op.Responses = map[string]*huma.Response{"200": {Description: "The file",
			Content: map[string]*huma.MediaType{textCSV: schema, jsonLines: schema, "application/zip": schema}}}
	}
	add(s, file, s.exportFile)
}

func (s *Server) beginExport(ctx context.Context, in *struct{ Body extract.Order }) (*body[job.Progress], error) {
	if in.Body.Format == extract.EML {
		if err := opens(ctx, crm.GrantMail); err != nil {
			return nil, err
		}
	}
	p, err := s.deps.Extract.Begin(ctx, viewerOf(ctx), callerOf(ctx).cause, in.Body)
	return answer(p), err
}

func (s *Server) listExports(ctx context.Context, in *PageQuery) (*body[items[job.Progress]], error) {
	list, next, err := s.deps.Jobs.List(ctx, viewerOf(ctx), extract.KindName, in.Limit, in.Cursor)
	out := listed(list)
	out.Body.Next = next
	return out, err
}

func (s *Server) getExport(ctx context.Context, in *JobRef) (*body[job.Progress], error) {
	id, err := in.id()
	if err != nil {
		return nil, err
	}
	p, err := s.deps.Extract.Get(ctx, viewerOf(ctx), id)
	return answer(p), err
}

func (s *Server) exportFile(ctx context.Context, in *JobRef) (*huma.StreamResponse, error) {
	id, err := in.id()
	if err != nil {
		return nil, err
	}
	letters, err := s.deps.Extract.Letters(ctx, viewerOf(ctx), id)
	if err == nil && letters {
		err = opens(ctx, crm.GrantMail)
	}
	if err != nil {
		return nil, err
	}
	f, err := s.deps.Extract.File(ctx, viewerOf(ctx), callerOf(ctx).cause, id)
	if err != nil {
		return nil, err
	}
	whole := s.streamAs(f.Type, func(ctx context.Context, w *lineWriter) error { return f.Write(ctx, w) })
	return &huma.StreamResponse{Body: func(hc huma.Context) {
		hc.SetHeader("Content-Disposition", `attachment; filename="`+f.Name+`"`)
		whole.Body(hc)
	}}, nil
}
