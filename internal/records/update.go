package records

import (
	"cmp"
	"context"
	"reflect"
	"slices"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// Update changes some values of a record. A patch that changes nothing writes
// nothing and returns no batch.
func (s *Service) Update(ctx context.Context, by By, id crm.RecordID, p Patch) (Saved, error) {
	const op = crm.Op("records.Update")
	n, err := s.noun(ctx, id)
	if err != nil {
		return Saved{}, err
	}
	v, err := s.eyes(ctx, by)
	if err != nil {
		return Saved{}, err
	}
	values, err := s.parsePatch(ctx, v.Noun(n), id, p.Values)
	if err == nil {
		err = s.mayName(ctx, v, n, id, values)
	}
	if err == nil {
		err = s.mayAsk(ctx, v, by, n, values)
	}
	if err != nil {
		return Saved{}, err
	}
	changed := false
	batch, err := s.sp.Change(ctx, by.info("edit the "+string(n.Kind)), func(ctx context.Context, tx *store.Tx) error {
		e, err := s.begin(ctx, tx, by)
		if err != nil {
			return err
		}
		old, err := e.present(ctx, tx, id, p.IfMatch, values)
		if err != nil {
			return err
		}
		r := old.Clone()
		n.Apply(&r, values)
		changed, err = e.replace(ctx, tx, n, &old, &r, values, p.MovedOn)
		return err
	})
	if err != nil {
		return Saved{}, crm.Wrap(op, "the "+string(n.Kind)+" cannot be changed", s.answered(by, err))
	}
	if !changed {
		batch = ""
	}
	return s.saved(ctx, by, id, batch)
}

// parsePatch reads a patch of a record; what the record has already is no fault of
// who writes.
func (s *Service) parsePatch(ctx context.Context, n crm.Noun, id crm.RecordID, in map[string]any) (map[string]any, error) {
	out, err := parsePatch(n, in)
	if err == nil {
		return out, nil
	}
	docs, e := fetch(ctx, s.sp, []crm.RecordID{id})
	if e != nil || !docs[0].Exists() {
		return nil, cmp.Or(e, err)
	}
	return parsePatch(n.Keeping(&docs[0].Value), in)
}

// parsePatch checks the values of a patch; nil stands for a field to clear.
func parsePatch(n crm.Noun, in map[string]any) (map[string]any, error) {
	out, err := n.ParseValues(in)
	if err != nil {
		return nil, err
	}
	for key := range in {
		if _, ok := out[key]; !ok {
			out[key] = nil
		}
	}
	return out, nil
}

// present reads the record that is to be changed. One of which the writer may
// not know is not there, whatever version they name. What was to be said of it
// stands in the error about another version.
func (e *edit) present(ctx context.Context, tx *store.Tx, id crm.RecordID, ifMatch store.Version, said map[string]any) (crm.Record, error) {
	docs, err := fetch(ctx, tx, []crm.RecordID{id})
	switch {
	case err != nil:
		return crm.Record{}, err
	case !docs[0].Exists() || !e.viewer.Reads(&docs[0].Value):
		return crm.Record{}, missing(id)
	case ifMatch != 0 && docs[0].Version != ifMatch:
		return crm.Record{}, e.stale(docs[0], ifMatch, said)
	}
	return docs[0].Value, nil
}

// replace checks a changed record and writes it with its identities. It tells
// whether there was anything to write.
func (e *edit) replace(ctx context.Context, tx *store.Tx, n crm.Noun, old, r *crm.Record, said map[string]any, movedOn bool) (bool, error) {
	if err := e.check(n, old, r, said); err != nil {
		return false, err
	}
	relations, users := refsOf(n, old, r)
	if err := e.checkRelations(ctx, tx, relations, nil); err != nil {
		return false, err
	}
	if err := checkUsers(ctx, tx, users); err != nil {
		return false, err
	}
	if err := e.stillDistinct(ctx, tx, n, old, r); err != nil {
		return false, err
	}
	x, err := loadIdentities(ctx, tx, e.ws.IDKey, slices.Concat(TokensOf(old), r.Tokens()))
	if err != nil {
		return false, err
	}
	unique, err := e.claims(ctx, tx, n.Claims(e.ws.IDKey, old), n.Claims(e.ws.IDKey, r))
	if err != nil {
		return false, err
	}
	if err := unique.change(n.Claims(e.ws.IDKey, old), n.Claims(e.ws.IDKey, r)); err != nil {
		return false, err
	}
	x.change(old, r, movedOn, e.at)
	if reflect.DeepEqual(old, r) && len(x.dirty) == 0 {
		return false, nil
	}
	collectionOf(n).Put(tx, r)
	x.write(tx)
	unique.write(tx)
	return true, nil
}
