package api

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"threadline/internal/export"
	"threadline/internal/ledger"
)

// wholeRoutes read or rewrite everything; they stream and take their time.
func (s *Server) wholeRoutes() {
	rematch := post("/api/v1/rematch", "rematch", "Decide again for every message where it belongs: progress as JSON lines, the outcome last (operator)", "whole")
	rematch.limit, rematch.edit = longLimit, lines
	add(s, rematch, s.rematch)
	export := get("/api/v1/export", "export", "The canonical export as JSON lines (operator)", "whole")
	export.limit, export.edit = longLimit, lines
	add(s, export, s.export)
	verify := get("/api/v1/verify", "verify", "Check every promise on live data: findings as JSON lines, a summary last (operator)", "whole")
	verify.limit, verify.edit = longLimit, lines
	add(s, verify, s.verify)
}

// lines says that an operation answers JSON lines.
func lines(op *huma.Operation) {
	op.Responses = map[string]*huma.Response{"200": {Description: "JSON lines; one that holds only a problem says that the stream broke",
		Content: map[string]*huma.MediaType{jsonLines: {Schema: &huma.Schema{Type: huma.TypeString}}}}}
}

const jsonLines = "application/x-ndjson"

type exportInput struct {
	Full bool `query:"full" doc:"With change log, cursors and id key, for moving house"`
}

func (s *Server) export(ctx context.Context, in *exportInput) (*huma.StreamResponse, error) {
	if err := operator(ctx, "export everything"); err != nil {
		return nil, err
	}
	return s.stream(func(ctx context.Context, w *lineWriter) error {
		return export.Write(ctx, s.deps.Space, s.deps.Bodies, s.deps.Blobs, w, export.Options{Full: in.Full})
	}), nil
}

func (s *Server) verify(ctx context.Context, _ *none) (*huma.StreamResponse, error) {
	if err := operator(ctx, "verify everything"); err != nil {
		return nil, err
	}
	return s.stream(func(ctx context.Context, w *lineWriter) error { return s.findings(ctx, w) }), nil
}

type verified struct {
	Checked  int64 `json:"checked"`  // documents
	Findings int   `json:"findings"` // broken promises
}

// findings writes what is broken and how far it has come line by line, and what
// was checked in the end.
func (s *Server) findings(ctx context.Context, w *lineWriter) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	enc := json.NewEncoder(w)
	var sum verified
	report := func(f export.Finding) {
		sum.Findings++
		if err := enc.Encode(map[string]export.Finding{"finding": f}); err != nil {
			cancel(err)
		}
	}
	if s.deps.Check != nil {
		if err := s.deps.Check(ctx); err != nil {
			report(export.Finding{Collection: "file", What: err.Error(), Todo: "stop the server, copy the data folder, and restore the last backup"})
		}
	}
	if err := ledger.Settled(ctx, s.deps.Space); err != nil {
		return err
	}
	tell, begun := s.progress(w, cancel), s.deps.Space.Store().Now()
	err := export.Verify(ctx, s.deps.Space, s.deps.Bodies, s.deps.Blobs, report, func(done, total int64) {
		sum.Checked = done
		tell(ledger.Reached(done, total, s.deps.Space.Store().Now().Sub(begun)))
	})
	if err != nil {
		return err
	}
	return enc.Encode(map[string]verified{"summary": sum})
}

// stream answers line by line. What breaks it before the first byte is a
// problem document; later the connection is cut, so that nobody takes a part
// for the whole.
func (s *Server) stream(write func(context.Context, *lineWriter) error) *huma.StreamResponse {
	return s.streamAs(jsonLines, write)
}

func (s *Server) streamAs(kind string, write func(context.Context, *lineWriter) error) *huma.StreamResponse {
	return &huma.StreamResponse{Body: func(hc huma.Context) {
		ctx := hc.Context()
		out := &lateHeader{hc: hc, kind: kind}
		buffered := &lineWriter{bufio.NewWriterSize(out, 64<<10), out}
		err := write(ctx, buffered)
		if err == nil {
			err = buffered.Flush()
		}
		switch {
		case err == nil && !out.begun:
			hc.SetHeader("Content-Type", kind)
			hc.SetStatus(http.StatusOK)
		case err == nil:
		case !out.begun:
			p := problem(ctx, s.deps.Log, err)
			hc.SetHeader("Content-Type", p.ContentType(""))
			hc.SetStatus(p.Status)
			_ = json.NewEncoder(hc.BodyWriter()).Encode(p) // the client is gone: nobody is left to tell
		default:
			s.deps.Log.ErrorContext(ctx, "a stream broke", "request", requestID(ctx), "err", err)
			panic(http.ErrAbortHandler)
		}
	}}
}

// lineWriter holds lines back until there are many, or Push sends them.
type lineWriter struct {
	*bufio.Writer
	out *lateHeader
}

// Push sends what was written so far.
func (w *lineWriter) Push() error {
	err := w.Flush()
	if f, ok := w.out.hc.BodyWriter().(http.Flusher); ok && err == nil {
		f.Flush()
	}
	return err
}

// lateHeader sends the header with the first bytes.
type lateHeader struct {
	hc    huma.Context
	kind  string // of content
	begun bool
}

func (w *lateHeader) Write(b []byte) (int, error) {
	if !w.begun {
		w.begun = true
		w.hc.SetHeader("Content-Type", w.kind)
		w.hc.SetStatus(http.StatusOK)
	}
	return w.hc.BodyWriter().Write(b)
}
