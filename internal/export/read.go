package export

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// Read puts a full export into a store that has no workspace, and returns the
// workspace. Its document comes last: an import that was cut leaves no
// workspace, and can be repeated from the start. Passwords and keys are in no
// export, so that mailboxes need theirs again and people sign in anew.
func Read(ctx context.Context, st *store.Store, bodies *store.BodyCodec, blobs *store.Blobs, r io.Reader, progress func(done int64)) (crm.WorkspaceID, error) {
	const op = crm.Op("export.Read")
	im := &importer{st: st, bodies: bodies, blobs: blobs, dec: json.NewDecoder(bufio.NewReaderSize(r, 1<<20)), progress: progress}
	im.dec.UseNumber()
	if err := im.head(ctx); err != nil {
		return "", err
	}
	if err := im.all(ctx); err != nil {
		return "", crm.Wrap(op, "the import stopped", err)
	}
	return im.ws, nil
}

// chunk is how many documents, and about how many bytes of them, are read
// before they are written.
const (
	chunkDocs  = 2000
	chunkBytes = 16 << 20
)

type importer struct {
	st       *store.Store
	bodies   *store.BodyCodec
	blobs    *store.Blobs
	dec      *json.Decoder
	progress func(int64)

	ws      crm.WorkspaceID
	space   *store.Space
	pending []store.RawDoc
	size    int
	last    []store.RawDoc // the workspace
	done    int64
}

// record is one line of an export.
type record struct {
	Threadline *struct {
		Format    int
		Full      bool
		Workspace crm.WorkspaceID
	}
	Collection string
	ID         string
	Doc        map[string]any
	As         map[string][]string
}

// head reads the first line and looks whether the import may begin.
func (im *importer) head(ctx context.Context) error {
	const op = crm.Op("export.Read")
	var first record
	if err := im.dec.Decode(&first); err != nil || first.Threadline == nil {
		return crm.E(crm.Invalid, op, "this is no export of Threadline", err).WithHint("make one with: threadline export --full")
	}
	switch h := first.Threadline; {
	case h.Format != Format:
		return crm.Errorf(crm.Invalid, op, "the export has form %d; this version reads %d", h.Format, Format).WithHint("import it with the version that made it, or a newer one")
	case !h.Full:
		return crm.Errorf(crm.Invalid, op, "the export is not a full one").WithHint("make one with: threadline export --full")
	default:
		im.ws = h.Workspace
	}
	im.space = im.st.In(im.ws)
	ids, err := im.st.Workspaces(ctx)
	if err != nil {
		return err
	}
	for _, id := range ids {
		docs, err := store.Workspaces.GetMany(ctx, im.st.In(id), []string{string(id)})
		if err != nil {
			return err
		}
		if docs[0].Exists() {
			return crm.Errorf(crm.Exists, op, "there is a workspace already").WithHint("import into an empty data folder or database")
		}
	}
	return nil
}

func (im *importer) all(ctx context.Context) error {
	for {
		var line record
		err := im.dec.Decode(&line)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return crm.E(crm.Invalid, "export.Read", "the export is damaged or cut", err)
		}
		if err := im.take(ctx, &line); err != nil {
			return err
		}
	}
	if len(im.last) != 1 {
		return crm.Errorf(crm.Invalid, "export.Read", "the export is cut: it holds no workspace")
	}
	if err := im.flush(ctx); err != nil {
		return err
	}
	return im.space.Restore(ctx, im.last)
}

// take turns a line into a document.
func (im *importer) take(ctx context.Context, line *record) error {
	as := map[string]string{}
	for kind, paths := range line.As {
		for _, p := range paths {
			as[p] = kind
		}
	}
	v, err := typed("", line.Doc, as)
	if err != nil {
		return crm.E(crm.Invalid, "export.Read", line.Collection+" "+line.ID+" cannot be read", err)
	}
	fields, _ := v.(map[string]any)
	if line.Collection == store.Bodies.Name {
		if err := im.body(ctx, fields); err != nil {
			return err
		}
	}
	if fields == nil {
		fields = map[string]any{}
	}
	data, err := im.st.Encode(fields)
	if err != nil {
		return err
	}
	doc := store.RawDoc{Collection: line.Collection, ID: line.ID, Data: data}
	if im.done++; im.progress != nil {
		im.progress(im.done)
	}
	if line.Collection == store.Workspaces.Name {
		im.last = append(im.last, doc)
		return nil
	}
	im.pending = append(im.pending, doc)
	if im.size += len(data); len(im.pending) >= chunkDocs || im.size >= chunkBytes {
		return im.flush(ctx)
	}
	return nil
}

func (im *importer) flush(ctx context.Context) error {
	err := im.space.Restore(ctx, im.pending)
	im.pending, im.size = nil, 0
	return err
}

// body packs the content as the engine does, and stores the blobs.
func (im *importer) body(ctx context.Context, fields map[string]any) error {
	if raw, ok := fields[rawBytes].([]byte); ok {
		ref, err := im.blobs.Put(ctx, im.ws, raw)
		if err != nil {
			return err
		}
		fields["raw"] = ref
	}
	delete(fields, rawBytes)
	content, ok := fields["content"].(map[string]any)
	delete(fields, "content")
	if !ok {
		delete(fields, "missing") // the packed form is missing still
		return nil
	}
	packed, err := im.bodies.Pack(contentOf(content))
	if err != nil {
		return err
	}
	if len(packed) <= crm.MaxInlineBody {
		fields["data"] = packed
		return nil
	}
	fields["blob"], err = im.blobs.Put(ctx, im.ws, packed)
	return err
}

// contentOf is the inverse of contentFields.
func contentOf(m map[string]any) *crm.BodyContent {
	text := func(m map[string]any, key string) string { s, _ := m[key].(string); return s }
	c := &crm.BodyContent{Text: text(m, "text"), HTML: text(m, "html")}
	quoted, _ := m["quoted"].(int64)
	c.Quoted = int(quoted)
	people, _ := m["participants"].([]any)
	for _, p := range people {
		p, _ := p.(map[string]any)
		c.Participants = append(c.Participants, crm.Participant{Role: crm.Role(text(p, "role")), Address: crm.Address(text(p, "address")), Name: text(p, "name"), Raw: text(p, "raw")})
	}
	headers, _ := m["headers"].([]any)
	for _, h := range headers {
		h, _ := h.(map[string]any)
		c.Headers = append(c.Headers, crm.Header{Name: text(h, "name"), Value: text(h, "value")})
	}
	reports, _ := m["reports"].([]any)
	for _, r := range reports {
		r, _ := r.(map[string]any)
		c.Reports = append(c.Reports, crm.Report{Kind: crm.ReportKind(text(r, "kind")), Of: crm.RFCID(text(r, "of")), Recipient: crm.Address(text(r, "recipient")),
			Status: text(r, "status"), Text: text(r, "text")})
	}
	return c
}
