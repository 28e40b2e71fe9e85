package records

import (
	"bytes"
	"context"
	"slices"
	"strings"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/store"
)

// Undo takes a batch back: every entity that it touched becomes what it was
// before, byte for byte. It returns the batch that does this, which can be
// undone in turn.
//
// An entity that changed since, a record that others have come to point to, and
// one whose own relations are gone by now are named in a crm.Conflict, and
// nothing is written. A large batch is taken back in several transactions; when
// that is interrupted, calling Undo again finishes it.
func (s *Service) Undo(ctx context.Context, by By, batch string) (string, error) {
	const op = crm.Op("records.Undo")
	steps, err := s.steps(ctx, batch)
	if err != nil {
		return "", crm.Wrap(op, "the batch cannot be taken back", err)
	}
	if err := s.mayUndo(ctx, by, batch, steps); err != nil {
		return "", crm.Wrap(op, "the batch cannot be taken back", err)
	}
	u := &undo{s: s, by: by, all: map[string]*step{}}
	for i := range steps {
		u.all[steps[i].key()] = &steps[i]
	}
	groups := group(steps)
	if len(groups) > 1 { // look at all of it before the first write
		if err := u.look(ctx, groups); err != nil {
			return "", crm.Wrap(op, "the batch cannot be taken back", err)
		}
	}
	by.Cause = crm.CauseUndo
	info := by.info("undo " + batch)
	info.Undoes = batch
	wrote := false
	for _, g := range groups {
		did := false
		info.Batch, err = s.sp.Change(ctx, info, func(ctx context.Context, tx *store.Tx) error {
			did, err = u.write(ctx, tx, g)
			return err
		})
		if err != nil {
			return "", crm.Wrap(op, "the batch cannot be taken back", err)
		}
		wrote = wrote || did
	}
	if !wrote {
		return "", crm.Errorf(crm.Conflict, op, "the batch has been taken back already")
	}
	return info.Batch, nil
}

// step is what undo does to one entity.
type step struct {
	collection, id string
	from           []byte // what the batch left; nil: it was deleted
	to             []byte // what was there before; nil: nothing
}

func (st step) key() string { return st.collection + "/" + st.id }

// steps folds the changes of a batch into one step per entity, the entities
// that were touched last coming first.
func (s *Service) steps(ctx context.Context, batch string) ([]step, error) {
	docs, err := store.ChangeLog.All(ctx, s.sp, store.Query{
		Where: []store.Filter{store.Is("batch", batch)}, Order: "at", Desc: true,
	})
	if err != nil {
		return nil, err
	}
	if len(docs) == 0 {
		return nil, noBatch(batch)
	}
	var order []string
	entries := map[string][]crm.ChangeEntry{} // newest first
	for _, d := range docs {
		for _, e := range slices.Backward(d.Value.Entries) {
			if e.Erased {
				return nil, erased(batch)
			}
			key := e.Collection + "/" + e.ID
			if entries[key] == nil {
				order = append(order, key)
			}
			entries[key] = append(entries[key], e)
		}
	}
	if len(order) == 0 {
		return nil, crm.Errorf(crm.Conflict, "records.Undo", "batch %s changed nothing", crm.Clip(batch, 60)).WithField("batch")
	}
	var out []step
	for _, key := range order {
		st, err := fold(entries[key])
		if err != nil {
			return nil, err
		}
		out = append(out, st)
	}
	return out, nil
}

// erased refuses to take back what is about a person who was erased since.
func erased(batch string) error {
	return crm.Errorf(crm.Conflict, "records.Undo", "batch %s is about a person who was erased", crm.Clip(batch, 60)).
		WithHint("what was there before is gone for good")
}

// fold joins what a batch did to one entity, newest first. When something else
// came in between, taking the whole back would take that back too.
func fold(entries []crm.ChangeEntry) (step, error) {
	st := step{collection: entries[0].Collection, id: entries[0].ID, from: entries[0].After, to: entries[0].Before}
	for _, e := range entries[1:] {
		if !bytes.Equal(e.After, st.to) {
			return st, crm.Errorf(crm.Conflict, "records.Undo", "%s %s was changed by something else in between", st.collection, st.id).
				WithHint("undo the later batches first")
		}
		st.to = e.Before
	}
	return st, nil
}

// group cuts the steps to what fits into one transaction each.
func group(steps []step) [][]step {
	var out [][]step
	start, size := 0, 0
	for i, st := range steps {
		size += len(st.from) + len(st.to)
		if i > start && (i-start >= chunkWeight || size > chunkBytes) {
			out = append(out, steps[start:i])
			start, size = i, len(st.from)+len(st.to)
		}
	}
	return append(out, steps[start:])
}

// undo is one run of Undo.
type undo struct {
	s      *Service
	by     By
	all    map[string]*step
	inside func(key string) bool // an entity is touched by the batch, though not among all; nil: none is
	schema *crm.Schema
	policy *access.Policy
	rules  []rule
}

// look checks all groups without writing.
func (u *undo) look(ctx context.Context, groups [][]step) error {
	for _, g := range groups {
		err := u.s.sp.Transact(ctx, func(ctx context.Context, tx *store.Tx) error {
			_, err := u.pending(ctx, tx, g)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// write takes one group back and tells whether there was anything left to do.
func (u *undo) write(ctx context.Context, tx *store.Tx, g []step) (bool, error) {
	left, err := u.pending(ctx, tx, g)
	if err != nil {
		return false, err
	}
	return len(left) > 0, u.put(tx, left)
}

// put makes entities what they were before.
func (u *undo) put(tx *store.Tx, list []step) error {
	for _, st := range list {
		if r, ok, err := u.reaches(st); err != nil {
			return err
		} else if ok {
			collectionNamed(st.collection).Put(tx, &r)
		} else {
			tx.PutEncoded(st.collection, st.id, st.to)
		}
	}
	return nil
}

// pending checks a group and returns the steps that are not done yet.
func (u *undo) pending(ctx context.Context, tx *store.Tx, g []step) ([]step, error) {
	var left []step
	for _, c := range collections(g) {
		var ids []string
		var steps []step
		for _, st := range g {
			if st.collection == c {
				ids = append(ids, st.id)
				steps = append(steps, st)
			}
		}
		raws, err := tx.GetEncoded(ctx, c, ids)
		if err != nil {
			return nil, err
		}
		for i, st := range steps {
			switch {
			case bytes.Equal(raws[i].Data, st.from):
				left = append(left, st)
			case bytes.Equal(raws[i].Data, st.to):
			default:
				if was, err := u.onlyReached(st, raws[i].Data); err != nil {
					return nil, err
				} else if was == nil {
					return nil, u.conflict(ctx, st, raws[i].Data)
				} else if *was {
					left = append(left, st)
				}
			}
		}
	}
	if err := u.allowed(ctx, tx, left); err != nil {
		return nil, err
	}
	if err := u.nobodyPoints(ctx, tx, left); err != nil {
		return nil, err
	}
	for _, st := range left {
		if st.collection == store.Settings.Name {
			if err := u.settled(ctx, tx, st); err != nil {
				return nil, err
			}
			continue
		}
		if st.to == nil || !isRecord(st.collection) {
			continue
		}
		if err := u.relationsExist(ctx, tx, st); err != nil {
			return nil, err
		}
	}
	return left, nil
}

func collections(g []step) []string {
	var out []string
	for _, st := range g {
		if !slices.Contains(out, st.collection) {
			out = append(out, st.collection)
		}
	}
	return out
}

// conflict names the fields that changed after the batch, of those that whoever
// takes it back may see.
func (u *undo) conflict(ctx context.Context, st step, have []byte) error {
	diffs, err := u.s.diff(st.from, have)
	if err != nil {
		return err
	}
	v, err := u.s.eyes(ctx, u.by)
	if err != nil {
		return err
	}
	diffs = visible(v, st.collection, st.id, diffs)
	var fields []string
	for _, d := range diffs {
		fields = append(fields, d.Field)
	}
	list := strings.Join(fields, ", ")
	e := crm.Errorf(crm.Conflict, "records.Undo", "%s %s changed since: %s", st.collection, st.id, list)
	switch value := u.held(st, have); {
	case value != "":
		e = crm.Errorf(crm.Conflict, "records.Undo", "%s belongs to other records since", value)
	case have == nil:
		e = crm.Errorf(crm.Conflict, "records.Undo", "%s %s was deleted since", st.collection, st.id)
	case st.from == nil:
		e = crm.Errorf(crm.Conflict, "records.Undo", "%s %s was made again since", st.collection, st.id)
	}
	return e.WithField(list).WithHint("undo the later batches first, history lists them; or take back what can be: POST /api/v1/undos, threadline undo --partly")
}

// held is the address, domain or phone of which an identity tells who holds it; ""
// for anything else.
func (u *undo) held(st step, have []byte) string {
	if st.collection != store.Identities.Name {
		return ""
	}
	for _, raw := range [][]byte{have, st.from} {
		doc, err := u.s.flat(raw)
		if token, ok := doc["token"].(string); ok && err == nil {
			_, value, _ := strings.Cut(token, ":")
			return value
		}
	}
	return ""
}

// relationsExist refuses to bring back a relation to a record that is gone.
func (u *undo) relationsExist(ctx context.Context, r store.Reader, st step) error {
	n, err := nounIn(*u.schema, crm.RecordID(st.id))
	if err != nil {
		return err
	}
	fields, err := u.s.flat(st.to)
	if err != nil {
		return err
	}
	rec := crm.Record{Values: fields}
	relations, _ := refsOf(n, nil, &rec)
	var ids []crm.RecordID
	for _, ref := range relations {
		ids = append(ids, crm.RecordID(ref.id))
	}
	docs, err := fetch(ctx, r, ids)
	if err != nil {
		return err
	}
	for i, ref := range relations {
		to, _ := crm.NounOfID(ids[i])
		key := collectionOf(to).Name + "/" + ref.id
		other := u.all[key]
		if other == nil && u.inside != nil && u.inside(key) {
			continue // it comes back with another part of the batch
		}
		if other != nil && other.to == nil || other == nil && !docs[i].Exists() {
			return gone(st, ref)
		}
	}
	return nil
}

func gone(st step, r ref) error {
	return crm.Errorf(crm.Conflict, "records.Undo", "%s pointed to %s, which is gone", st.id, r.id).
		WithField(r.field).WithHint("undo the deletion of " + r.id + " first")
}
