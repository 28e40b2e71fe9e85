package records

import (
	"context"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// number gives the auto-numbers of new records. They are taken in a transaction
// of their own, before that of the records, so that writers wait for each other
// only for the length of it; what comes to nothing then leaves a gap.
func (s *Service) number(ctx context.Context, drafts []parsed) error {
	need := map[string][]*crm.Record{}
	keys := map[string]string{}
	for i := range drafts {
		for _, f := range drafts[i].noun.Numbered() {
			id := crm.CounterID(drafts[i].noun.Kind, f.Key)
			need[id] = append(need[id], &drafts[i].record)
			keys[id] = f.Key
		}
	}
	for id, records := range need {
		first, err := s.take(ctx, id, int64(len(records)))
		if err != nil {
			return crm.Wrap("records.number", "no number can be given", err)
		}
		for i, r := range records {
			r.Values[keys[id]] = first + int64(i)
		}
	}
	return nil
}

// take takes n numbers in a row and returns the first.
func (s *Service) take(ctx context.Context, counter string, n int64) (int64, error) {
	var first int64
	err := s.sp.Transact(ctx, func(ctx context.Context, tx *store.Tx) error {
		docs, err := store.Counters.GetMany(ctx, tx, []string{counter})
		if err != nil {
			return err
		}
		c := docs[0].Value
		first = c.Last + 1
		c.Last += n
		store.Counters.Put(tx, &c)
		return nil
	})
	return first, err
}
