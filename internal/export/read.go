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
// export, so that mailboxes need theirs again and people sign in anew. The
// summary is what the export says of itself: also which contents the old house
// had lost.
func Read(ctx context.Context, st *store.Store, bodies *store.BodyCodec, blobs *store.Blobs, r io.Reader, progress func(done int64)) (crm.WorkspaceID, Summary, error) {
	const op = crm.Op("export.Read")
	im := &importer{st: st, bodies: bodies, blobs: blobs, dec: json.NewDecoder(bufio.NewReaderSize(r, 1<<20)), progress: progress}
	im.dec.UseNumber()
	if err := im.head(ctx); err != nil {
		return "", Summary{}, err
	}
	if err := im.all(ctx); err != nil {
		return "", Summary{}, crm.Wrap(op, "the import stopped", err)
	}
	return im.ws, im.sum, nil
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
	format  int
	space   *store.Space
	pending []store.RawDoc
	size    int
	last    []store.RawDoc // the workspace
	done    int64
	sum     Summary
	ended   bool
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
	End        *Summary
}

// head reads the first line and looks whether the import may begin.
func (im *importer) head(ctx context.Context) error {
	const op = crm.Op("export.Read")
	var first record
	if err := im.dec.Decode(&first); err != nil || first.Threadline == nil {
		return crm.E(crm.Invalid, op, "this is no export of Threadline", err).WithHint("make one with: threadline export --full")
	}
	switch h := first.Threadline; {
	case h.Format < 1 || h.Format > Format:
		return crm.Errorf(crm.Invalid, op, "the export has form %d; this version reads up to %d", h.Format, Format).WithHint("import it with the version that made it, or a newer one")
	case !h.Full:
		return crm.Errorf(crm.Invalid, op, "the export is not a full one").WithHint("make one with: threadline export --full")
	default:
		im.ws, im.format = h.Workspace, h.Format
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
			return crm.E(crm.Invalid, "export.Read", "the export is damaged or cut", err).WithHint(again)
		}
		if line.End != nil {
			im.sum, im.ended = *line.End, true
			continue
		}
		if err := im.take(ctx, &line); err != nil {
			return err
		}
	}
	if err := im.flush(ctx); err != nil {
		return err
	}
	if err := im.whole(); err != nil {
		return err
	}
	return im.space.Restore(ctx, im.last)
}

// whole refuses an export that lacks its end. The first form of exports had
// none but the workspace, and no contents of files.
func (im *importer) whole() error {
	switch {
	case len(im.last) != 1:
		return crm.Errorf(crm.Invalid, "export.Read", "the export is cut: it holds no workspace").WithHint(again)
	case im.format == 1:
		im.sum.Documents = im.done
	case !im.ended:
		return crm.Errorf(crm.Invalid, "export.Read", "the export is cut: its last line is missing").WithHint(again)
	case im.sum.Documents != im.done:
		return crm.Errorf(crm.Invalid, "export.Read", "the export is damaged: it says that it holds %d documents, and holds %d", im.sum.Documents, im.done).WithHint(again)
	}
	return nil
}

const again = "make another with: threadline export --full; nothing that it holds was put to use"

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
	if err := im.contents(ctx, line, fields); err != nil {
		return err
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

// contents stores what the document names by address.
func (im *importer) contents(ctx context.Context, line *record, fields map[string]any) error {
	switch line.Collection {
	case store.Bodies.Name:
		if err := im.put(ctx, line, fields, rawBytes, "raw"); err != nil {
			return err
		}
		return im.body(ctx, fields)
	case store.Files.Name:
		return im.put(ctx, line, fields, fileBytes, "blob")
	}
	return nil
}

// put stores the bytes of a field under the address that the document has for
// them.
func (im *importer) put(ctx context.Context, line *record, fields map[string]any, key, address string) error {
	data, ok := fields[key].([]byte)
	delete(fields, key)
	if !ok {
		return nil
	}
	if fields[address] != store.BlobName(data) {
		return crm.Errorf(crm.Invalid, "export.Read", "the export is damaged: the content of %s %s is not the one that it names", line.Collection, line.ID).WithHint(again)
	}
	_, err := im.blobs.Put(ctx, im.ws, data)
	return err
}

// body packs the content as the engine does, and stores it.
func (im *importer) body(ctx context.Context, fields map[string]any) error {
	content, ok := fields["content"].(map[string]any)
	delete(fields, "content")
	if !ok {
		delete(fields, "missing") // it is missing still, under the address that it had
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
