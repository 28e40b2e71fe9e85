package records

import (
	"context"
	"slices"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// Delete removes a record, its place in the fields of other records, and its
// hold on identities, as if it had never held any. It returns the batch. When
// very many records point to it these let go first, in transactions of the same
// batch.
func (s *Service) Delete(ctx context.Context, by By, id crm.RecordID, ifMatch store.Version) (string, error) {
	n, err := s.noun(ctx, id)
	if err != nil {
		return "", err
	}
	for done := false; !done; {
		by.Batch, err = s.sp.Change(ctx, by.info("delete the "+string(n.Kind)), func(ctx context.Context, tx *store.Tx) error {
			var err error
			done, err = s.deleteOnce(ctx, tx, by, n, id, ifMatch)
			return err
		})
		if err != nil {
			return by.Batch, crm.Wrap("records.Delete", "the "+string(n.Kind)+" cannot be deleted", err)
		}
	}
	return by.Batch, nil
}

// deleteOnce lets a group of records go and deletes the record when these were
// all.
func (s *Service) deleteOnce(ctx context.Context, tx *store.Tx, by By, n crm.Noun, id crm.RecordID, ifMatch store.Version) (bool, error) {
	e, err := s.begin(ctx, tx, by)
	if err != nil {
		return false, err
	}
	r, err := e.present(ctx, tx, id, ifMatch, nil)
	if err != nil {
		return false, err
	}
	if err := e.mayDelete(n, &r); err != nil {
		return false, err
	}
	pointing, err := referrers(ctx, tx, id, chunkRecords)
	if err != nil {
		return false, err
	}
	tokens := TokensOf(&r)
	x, err := loadIdentities(ctx, tx, e.ws.IDKey, slices.Clone(tokens))
	if err != nil {
		return false, err
	}
	unique, err := e.claims(ctx, tx, n.Claims(e.ws.IDKey, &r))
	if err != nil {
		return false, err
	}
	for i := range pointing {
		if pointing[i].ID != id {
			e.letGo(tx, &pointing[i], id)
		}
	}
	if len(pointing) >= chunkRecords {
		return false, nil
	}
	for _, t := range tokens {
		x.forget(t, id)
	}
	x.write(tx)
	if err := unique.change(n.Claims(e.ws.IDKey, &r), nil); err != nil {
		return false, err
	}
	unique.write(tx)
	collectionOf(n).Delete(tx, string(id))
	return true, nil
}

// letGo takes an id out of every relation of a record.
func (e *edit) letGo(tx *store.Tx, r *crm.Record, id crm.RecordID) {
	n, ok := e.schema.Noun(r.Kind)
	if !ok {
		return
	}
	old := r.Clone()
	for _, f := range n.Fields {
		if f.Type != crm.FieldRelation {
			continue
		}
		kept := slices.DeleteFunc(slices.Clone(r.List(f.Key)), func(s string) bool { return s == string(id) })
		switch {
		case len(kept) == len(r.List(f.Key)):
		case f.Many:
			setList(r, f.Key, kept)
		default:
			delete(r.Values, f.Key)
		}
	}
	n.Apply(r, nil) // roles go with their links
	n.FillSlots(r)
	if n.Activity {
		e.keepActivity(&old, r)
	}
	collectionOf(n).Put(tx, r)
}
