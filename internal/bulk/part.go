package bulk

import (
	"context"
	"encoding/json"

	"threadline/internal/crm"
	"threadline/internal/job"
	"threadline/internal/store"
)

// writePart keeps the lines of a chunk.
func writePart[L any](tx *store.Tx, id string, n int, lines []L) error {
	data, err := json.Marshal(lines)
	if err != nil {
		return crm.E(crm.Internal, "bulk.writePart", "the lines cannot be written", err)
	}
	store.JobParts.Put(tx, &crm.JobPart{ID: job.PartID(id, n), Job: id, Data: data})
	return nil
}

// readPart reads the lines of a chunk; false when there is none.
func readPart[L any](ctx context.Context, r store.Reader, id string, n int) ([]L, bool, error) {
	docs, err := store.JobParts.GetMany(ctx, r, []string{job.PartID(id, n)})
	if err != nil || !docs[0].Exists() {
		return nil, false, err
	}
	var lines []L
	if err := json.Unmarshal(docs[0].Value.Data, &lines); err != nil {
		return nil, false, crm.E(crm.Internal, "bulk.readPart", "the lines cannot be read", err)
	}
	return lines, true, nil
}

// pageOf reads a page of lines over all parts, see [job.Lines].
func pageOf[L any](ctx context.Context, r store.Reader, id string, limit int, cursor string, keep func(*L) bool) ([]L, string, error) {
	return job.Lines(limit, cursor, func(n int) ([]L, bool, error) { return readPart[L](ctx, r, id, n) }, keep)
}
