package export

import (
	"context"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// A blob store does not move with an export, so that a full one holds the
// contents that documents name by address: those of bodies unpacked, and bytes
// in these fields beside the address.
const (
	rawBytes  = "raw_bytes"     // of a body: what raw names
	fileBytes = "content_bytes" // of a file: what blob names
)

// raw adds the raw bytes of a message, where they are kept.
func (e *exporter) raw(ctx context.Context, id string, fields map[string]any) error {
	ref, _ := fields["raw"].(string)
	if ref == "" || !e.o.Full {
		return nil
	}
	return e.content(ctx, fields, ref, rawBytes, func() { e.lack(store.Bodies.Name, id, "the raw bytes of a mail") })
}

// file adds what is in a file that people put into a field.
func (e *exporter) file(ctx context.Context, id string, fields map[string]any) error {
	ref, _ := fields["blob"].(string)
	name, _ := fields["name"].(string)
	err := e.content(ctx, fields, ref, fileBytes, func() { e.lack(store.Files.Name, id, "the file "+name) })
	if err == nil && fields[fileBytes] != nil {
		e.sum.Files++
	}
	return err
}

func (e *exporter) content(ctx context.Context, fields map[string]any, ref, key string, lacks func()) error {
	data, err := e.blobs.Get(ctx, e.sp.Workspace(), ref)
	switch {
	case crm.IsKind(err, crm.NotFound), err == nil && store.BlobName(data) != ref:
		lacks()
		return nil
	case err != nil:
		return err
	}
	fields[key] = data
	return nil
}

// Missing is a content that the blob store should hold and does not.
type Missing struct {
	Collection string `json:"collection"`
	ID         string `json:"id"`
	What       string `json:"what"` // the name of a file, no words of any mail
}

// String is the missing content in one line.
func (m Missing) String() string { return m.What + " (" + m.Collection + " " + m.ID + ")" }

// maxMissing bounds how many are told by name; all are counted.
const maxMissing = 500

// Summary is the last line of a full export: without it the export was cut.
type Summary struct {
	Documents int64     `json:"documents"`
	Files     int64     `json:"files"`             // contents of files in fields
	Lacks     int64     `json:"lacks,omitempty"`   // contents that were missing
	Missing   []Missing `json:"missing,omitempty"` // the first of them
}

// end writes the summary.
func (e *exporter) end() error {
	e.sum.Documents = e.done
	var missing []any
	for _, m := range e.sum.Missing {
		missing = append(missing, map[string]any{"collection": m.Collection, "id": m.ID, "what": m.What})
	}
	return e.put(map[string]any{"end": map[string]any{"documents": e.sum.Documents, "files": e.sum.Files, "lacks": e.sum.Lacks, "missing": missing}})
}

func (e *exporter) lack(collection, id, what string) {
	e.sum.Lacks++
	if len(e.sum.Missing) < maxMissing {
		e.sum.Missing = append(e.sum.Missing, Missing{collection, id, crm.Clip(what, 200)})
	}
}
