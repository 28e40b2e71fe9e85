package records

import (
	"context"
	"fmt"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// Limits of one transaction of a batch: documents, and bytes of values, which
// its change document holds too.
const (
	chunkRecords = 100
	chunkWeight  = 400
	chunkBytes   = 300_000
)

// CreateMany makes many records as one batch, in transactions of at most 100. A
// draft whose id exists is skipped, so a repeated call finishes what an
// interrupted one began. Drafts may point to records of the same call, also of
// later chunks only if these come first. All drafts are read before the first
// is written; when a later transaction fails, the batch of what was made is
// returned with the error.
func (s *Service) CreateMany(ctx context.Context, by By, drafts []Draft) (Created, error) {
	v, err := s.eyes(ctx, by)
	if err != nil {
		return Created{}, err
	}
	all, err := s.parse(ctx, v, drafts)
	if err != nil {
		return Created{}, err
	}
	out := Created{IDs: make([]crm.RecordID, len(all))}
	for i, d := range all {
		out.IDs[i] = d.record.ID
		if err := s.mayAsk(ctx, v, by, d.noun, d.said); err != nil {
			return Created{}, d.blame(err)
		}
	}
	if by.Batch == "" {
		if by.Batch, err = s.sp.Store().NewID(crm.PrefixBatch); err != nil {
			return Created{}, err
		}
	}
	out.Batch = by.Batch
	info := by.info(fmt.Sprintf("create %d records", len(all)))
	for len(all) > 0 {
		n := chunk(all)
		if err := s.number(ctx, all[:n]); err != nil {
			return out, err
		}
		var made int
		_, err := s.sp.Change(ctx, info, func(ctx context.Context, tx *store.Tx) error {
			var err error
			made, _, err = s.createAll(ctx, tx, by, all[:n])
			return err
		})
		if err != nil {
			return out, crm.Wrap("records.CreateMany", "the records cannot be made", s.answered(by, err))
		}
		out.New += made
		all = all[n:]
	}
	return out, nil
}

// chunk returns how many of the drafts fit into one transaction, at least one.
func chunk(all []parsed) int {
	weight, size := 0, 0
	for i, d := range all {
		weight += 1 + len(d.record.Tokens())
		size += sizeOf(d.record.Values)
		if i > 0 && (i == chunkRecords || weight > chunkWeight || size > chunkBytes) {
			return i
		}
	}
	return len(all)
}

// sizeOf estimates the bytes of values.
func sizeOf(values map[string]any) int {
	n := 0
	for key, v := range values {
		n += len(key) + 16
		switch x := v.(type) {
		case string:
			n += len(x)
		case []string:
			for _, s := range x {
				n += len(s) + 4
			}
		}
	}
	return n
}
