package api

import (
	"context"

	"github.com/danielgtaylor/huma/v2"

	"threadline/internal/crm"
)

const tarFile = "application/x-tar"

func (s *Server) backupRoutes() {
	r := get("/api/v1/backup", "backup", "Everything that is stored but the key file, as of one instant: a tar file (operator)", "whole")
	r.limit = longLimit
	r.edit = func(op *huma.Operation) {
		op.Responses = map[string]*huma.Response{"200": {Description: "A tar file; without its entry end.json it was cut",
			Content: map[string]*huma.MediaType{tarFile: {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}}}}
	}
	add(s, r, s.backup)
}

func (s *Server) backup(ctx context.Context, _ *none) (*huma.StreamResponse, error) {
	if err := operator(ctx, "back up everything"); err != nil {
		return nil, err
	}
	if s.deps.Backup == nil {
		return nil, crm.Errorf(crm.Invalid, "api.backup", "this database is backed up by its own means").
			WithHint("on Firestore use Google's managed export: gcloud firestore export gs://BUCKET")
	}
	return s.streamAs(tarFile, func(ctx context.Context, w *lineWriter) error { return s.deps.Backup(ctx, w) }), nil
}
