package bulk

import (
	"context"
	"encoding/json"
	"fmt"

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

// lookParts bounds how many parts one page reads.
const lookParts = 200

// pageOf reads a page of lines over all parts. A page may be short: only without
// next is it the last.
func pageOf[L any](ctx context.Context, r store.Reader, id string, limit int, cursor string, keep func(*L) bool) (lines []L, next string, err error) {
	part, skip := 0, 0
	if cursor != "" {
		if _, err := fmt.Sscanf(cursor, "%d.%d", &part, &skip); err != nil || part < 0 || skip < 0 {
			return nil, "", crm.Errorf(crm.Invalid, "bulk.pageOf", "the cursor cannot be read").WithField("cursor")
		}
	}
	if limit == 0 {
		limit = store.DefaultLimit
	}
	for n := part; n < part+lookParts; n++ {
		all, ok, err := readPart[L](ctx, r, id, n)
		if err != nil || !ok {
			return lines, "", err
		}
		for i := min(skip, len(all)); i < len(all); i++ {
			if len(lines) == limit {
				return lines, fmt.Sprintf("%d.%d", n, i), nil
			}
			if keep(&all[i]) {
				lines = append(lines, all[i])
			}
		}
		skip = 0
	}
	return lines, fmt.Sprintf("%d.0", part+lookParts), nil
}
