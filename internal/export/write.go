package export

import (
	"bufio"
	"context"
	"io"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// Format is the version of the form of the export.
const Format = 2

// Options of an export.
type Options struct {
	Full     bool                    // for moving house: with change log, cursors, names of threads and id key
	Progress func(done, total int64) // documents; may be nil
}

// Write writes the export of a workspace. Two calls on the same state write the
// same bytes. While mail arrives, an export is no snapshot: what is stored in
// the meantime may be in it or not.
func Write(ctx context.Context, sp *store.Space, bodies *store.BodyCodec, blobs *store.Blobs, w io.Writer, o Options) error {
	const op = crm.Op("export.Write")
	out := bufio.NewWriterSize(w, 1<<20)
	e := &exporter{sp: sp, bodies: bodies, blobs: blobs, w: out, o: o}
	if err := e.run(ctx); err != nil {
		return crm.Wrap(op, "the export cannot be written", err)
	}
	if err := out.Flush(); err != nil {
		return crm.E(crm.Unavailable, op, "the export cannot be written", err)
	}
	return nil
}

type exporter struct {
	sp     *store.Space
	bodies *store.BodyCodec
	blobs  *store.Blobs
	w      *bufio.Writer
	o      Options

	threads     aliases
	line        []byte
	done, total int64
	sum         Summary
}

func (e *exporter) run(ctx context.Context) error {
	var names []string
	for _, c := range store.CollectionInfos() {
		if c.Export == "always" || e.o.Full && c.Export == "full" {
			names = append(names, c.Name)
		}
	}
	for _, name := range names {
		n, err := e.sp.Count(ctx, name, store.Query{})
		if err != nil {
			return err
		}
		e.total += n
	}
	var err error
	if e.threads, err = loadAliases(ctx, e.sp); err != nil {
		return err
	}
	head := map[string]any{"format": int64(Format), "full": e.o.Full, "workspace": string(e.sp.Workspace())}
	if err := e.put(map[string]any{"threadline": head}); err != nil {
		return err
	}
	for _, name := range names {
		err := e.sp.EachRaw(ctx, name, func(d store.RawDoc) error { return e.doc(ctx, d) })
		if err != nil {
			return err
		}
	}
	if !e.o.Full {
		return nil
	}
	return e.end()
}

// doc writes the line of one document.
func (e *exporter) doc(ctx context.Context, d store.RawDoc) error {
	fields, err := e.sp.Store().Decode(d.Data)
	if err != nil {
		return crm.E("", "export.doc", d.Collection+" "+d.ID+" cannot be read", err)
	}
	if err := e.canonical(ctx, d.Collection, d.ID, fields); err != nil {
		return err
	}
	line := map[string]any{"collection": d.Collection, "id": d.ID, "doc": fields}
	if e.o.Full {
		line["as"] = typesOf(fields)
	}
	if err := e.put(line); err != nil {
		return err
	}
	if e.done++; e.o.Progress != nil {
		e.o.Progress(e.done, max(e.done, e.total))
	}
	return ctx.Err()
}

func (e *exporter) put(line map[string]any) error {
	var err error
	if e.line, err = appendValue(e.line[:0], line); err != nil {
		return err
	}
	if _, err := e.w.Write(append(e.line, '\n')); err != nil {
		return crm.E(crm.Unavailable, "export.put", "the export cannot be written", err)
	}
	return nil
}
