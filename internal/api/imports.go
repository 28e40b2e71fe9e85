package api

import (
	"context"
	"io"
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"threadline/internal/crm"
	"threadline/internal/intake"
	"threadline/internal/job"
	"threadline/internal/table"
)

const textCSV = "text/csv"

func (s *Server) importRoutes() {
	const all, one = "/api/v1/imports", "/api/v1/imports/{id}"
	upload := made(post(all, "upload-import", "Upload a file of records of any size; how it is written and what its columns are is guessed", "imports"))
	upload.limit, upload.stream = longLimit, true
	upload.edit = func(op *huma.Operation) {
		op.RequestBody = &huma.RequestBody{Required: true, Description: "The file as it is: CSV of any dialect",
			Content: map[string]*huma.MediaType{textCSV: {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}}}
	}
	add(s, upload, s.uploadImport)
	add(s, get(all, "list-imports", "Imports of the caller, newest first", "imports"), s.listImports)
	add(s, get(one, "get-import", "An import: how its file is read, what was planned, how far it is", "imports"), s.getImport)
	add(s, post(one+"/plan", "plan-import", "Say, or say again, how the file is read and what becomes of its rows, and plan; nothing is written", "imports"), s.planImport)
	add(s, get(one+"/rows", "import-rows", "What the plan says of each row, or what became of it", "imports"), s.importRows)
	add(s, route{method: http.MethodPatch, path: one + "/rows", id: "correct-import-rows", tag: "imports",
		summary: "Decide on single rows instead of the plan, and plan again"}, s.correctRows)
	add(s, post(one+"/apply", "apply-import", "Do what was planned, as one batch that can be undone", "imports"), s.applyImport)
}

// uploadInput is a file on its way in. The body is read by the handler, piece
// by piece.
type uploadInput struct {
	Folder    string `query:"folder" required:"true" maxLength:"60" doc:"What its rows are, such as contacts"`
	Name      string `query:"name" maxLength:"200" doc:"What the file is called, for people"`
	Encoding  string `query:"encoding" enum:"utf-8,utf-16le,utf-16be,windows-1250,windows-1252" doc:"Instead of the guess"`
	Delimiter string `query:"delimiter" enum:"comma,semicolon,tab,bar" doc:"Instead of the guess"`
	Header    string `query:"header" enum:"true,false" doc:"Whether the first row holds headings, instead of the guess"`

	file io.Reader
}

// Resolve implements huma.Resolver.
func (in *uploadInput) Resolve(ctx huma.Context) []error {
	in.file = ctx.BodyReader()
	return nil
}

// said is what the caller knows of the file.
func (in *uploadInput) said() intake.Options {
	o := intake.Options{Encoding: table.Encoding(in.Encoding), Delimiter: in.Delimiter}
	if header, err := strconv.ParseBool(in.Header); err == nil {
		o.Header = &header
	}
	return o
}

func (s *Server) uploadImport(ctx context.Context, in *uploadInput) (*body[intake.Import], error) {
	n, err := s.folder(ctx, in.Folder)
	if err != nil {
		return nil, err
	}
	if err := viewerOf(ctx).Require(crm.RightImport); err != nil {
		return nil, err
	}
	im, err := s.deps.Intake.Upload(ctx, by(ctx, ""), n, in.Name, in.file, in.said())
	return answer(im), err
}

func (s *Server) listImports(ctx context.Context, in *PageQuery) (*body[items[job.Progress]], error) {
	list, next, err := s.deps.Jobs.List(ctx, viewerOf(ctx), intake.KindName, in.Limit, in.Cursor)
	out := listed(list)
	out.Body.Next = next
	return out, err
}

func (s *Server) getImport(ctx context.Context, in *JobRef) (*body[intake.Import], error) {
	id, err := in.id()
	if err != nil {
		return nil, err
	}
	im, err := s.deps.Intake.Get(ctx, viewerOf(ctx), id)
	return answer(im), err
}

func (s *Server) planImport(ctx context.Context, in *struct {
	JobRef
	Body *intake.Options
}) (*body[intake.Import], error) {
	id, err := in.id()
	if err != nil {
		return nil, err
	}
	o := intake.Options{}
	if in.Body != nil {
		o = *in.Body
	}
	im, err := s.deps.Intake.Plan(ctx, viewerOf(ctx), id, o)
	return answer(im), err
}

func (s *Server) applyImport(ctx context.Context, in *JobRef) (*body[intake.Import], error) {
	id, err := in.id()
	if err != nil {
		return nil, err
	}
	im, err := s.deps.Intake.Apply(ctx, viewerOf(ctx), id)
	return answer(im), err
}

// rowsQuery asks for rows of a plan.
type rowsQuery struct {
	JobRef
	PageQuery
	Only []string `query:"only" enum:"create,update,merge,skip,error,warning" doc:"Rows of these outcomes; without: all"`
}

func (s *Server) importRows(ctx context.Context, in *rowsQuery) (*body[items[intake.Line]], error) {
	id, err := in.id()
	if err != nil {
		return nil, err
	}
	lines, next, err := s.deps.Intake.Rows(ctx, viewerOf(ctx), id, intake.RowsQuery{Only: in.Only, Limit: in.Limit, Cursor: in.Cursor})
	out := listed(lines)
	out.Body.Next = next
	return out, err
}

func (s *Server) correctRows(ctx context.Context, in *struct {
	JobRef
	Body struct {
		Rows []intake.Decision `json:"rows" minItems:"1" maxItems:"2000"`
	}
}) (*body[intake.Import], error) {
	id, err := in.id()
	if err != nil {
		return nil, err
	}
	im, err := s.deps.Intake.Decide(ctx, viewerOf(ctx), id, in.Body.Rows)
	return answer(im), err
}
