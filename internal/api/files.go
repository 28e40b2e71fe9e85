package api

import (
	"context"
	"io"
	"mime"

	"github.com/danielgtaylor/huma/v2"

	"threadline/internal/crm"
)

func (s *Server) fileRoutes() {
	put := made(post("/api/v1/files", "upload-file", "Keep a file of at most 25 MB; the answer is the value of a field of the type file", "records"))
	put.limit, put.stream = longLimit, true
	put.edit = func(op *huma.Operation) {
		op.RequestBody = &huma.RequestBody{Required: true, Description: "The file as it is",
			Content: map[string]*huma.MediaType{"application/octet-stream": {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}}}
	}
	add(s, put, s.uploadFile)
	file := get("/api/v1/files/{id}/{field}", "record-file", "The file that a field of a record names", "records")
	file.limit, file.stream, file.edit = longLimit, true, holds("application/octet-stream", "To be saved")
	add(s, file, s.recordFile)
}

type fileInput struct {
	Name string `query:"name" required:"true" maxLength:"200"`
	Type string `query:"type" maxLength:"100" default:"application/octet-stream" doc:"Media type"`

	file io.Reader
}

// Resolve implements huma.Resolver.
func (in *fileInput) Resolve(ctx huma.Context) []error {
	in.file = ctx.BodyReader()
	return nil
}

// fileValue is what a field of the type file takes.
type fileValue struct {
	Blob string `json:"blob"`
	Name string `json:"name"`
	Type string `json:"type"`
	Size int64  `json:"size"`
}

func (s *Server) uploadFile(ctx context.Context, in *fileInput) (*body[fileValue], error) {
	kind, _, err := mime.ParseMediaType(in.Type)
	if err != nil {
		return nil, crm.Errorf(crm.Invalid, "api.uploadFile", "%q is no media type", crm.Clip(in.Type, 40)).WithField("type").WithHint("such as application/pdf")
	}
	f, err := s.deps.Files.Put(ctx, viewerOf(ctx), in.Name, kind, in.file)
	return answer(fileValue{f.Blob, f.Name, f.Type, f.Size}), err
}

func (s *Server) recordFile(ctx context.Context, in *struct {
	RecordRef
	Field string `path:"field" maxLength:"40"`
}) (*huma.StreamResponse, error) {
	f, data, err := s.deps.Files.Get(ctx, viewerOf(ctx), crm.RecordID(in.ID), in.Field)
	if err != nil {
		return nil, blameNotFound(err, "id")
	}
	saved := mime.FormatMediaType("attachment", map[string]string{"filename": f.Name})
	return part(f.Type, nothing, data, map[string]string{"Content-Disposition": saved}), nil
}
