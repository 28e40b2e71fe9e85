package records

import (
	"context"
	"maps"
	"slices"
	"strings"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// reached gathers the records whose figures an entry of the feed may have
// changed.
type reached struct {
	s       *Service
	schema  crm.Schema
	near    bool // some formula reads related records
	records map[crm.RecordID]bool
	mail    map[string]bool
	all     bool
}

func newReached(s *Service) *reached {
	return &reached{s: s, records: map[crm.RecordID]bool{}, mail: map[string]bool{}}
}

// settle reads what follows from what.
func (t *reached) settle(ctx context.Context) (err error) {
	if t.schema, err = readSchema(ctx, t.s.sp); err != nil {
		return err
	}
	for _, n := range t.schema.Nouns() {
		for _, f := range n.Fields {
			t.near = t.near || f.Type == crm.FieldFormula && strings.Contains(f.Expr, ".")
		}
	}
	return nil
}

func (t *reached) take(it store.FeedItem) error {
	if it.Arrival != nil {
		for _, a := range it.Arrival.Items {
			t.mail[string(a.Message)] = true
			for _, id := range append(slices.Clone(a.Gained), a.Lost...) {
				t.records[id] = true
			}
		}
		return nil
	}
	for _, e := range it.Change.Entries {
		switch e.Collection {
		case store.Settings.Name:
			t.all = t.all || strings.HasPrefix(e.ID, "field_") || strings.HasPrefix(e.ID, "pipeline")
		case store.Records.Name, store.Activities.Name:
			if e.Collection == store.Records.Name {
				t.records[crm.RecordID(e.ID)] = true
			}
			for _, data := range [][]byte{e.Before, e.After} {
				if err := t.named(data); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// named adds the records that a document points to: their statistics and next
// tasks may be others.
func (t *reached) named(data []byte) error {
	if data == nil {
		return nil
	}
	fields, err := t.s.sp.Store().Decode(data)
	if err != nil {
		return err
	}
	values, _ := fields["values"].(map[string]any)
	r := crm.Record{Values: values}
	for key := range values {
		for _, s := range r.List(key) {
			if n, ok := crm.NounOfID(crm.RecordID(s)); ok && !n.Activity {
				t.records[crm.RecordID(s)] = true
			}
		}
	}
	return nil
}

// around adds the records of touched mail, and those that read changed ones.
func (t *reached) around(ctx context.Context) error {
	for chunk := range slices.Chunk(slices.Sorted(maps.Keys(t.mail)), feedPage) {
		docs, err := store.Messages.GetMany(ctx, t.s.sp, chunk)
		if err != nil {
			return err
		}
		for _, d := range docs {
			for _, l := range d.Value.Links {
				t.records[l.Record] = true
			}
		}
	}
	if !t.near {
		return nil
	}
	for id := range maps.Clone(t.records) { // a figure of theirs may be read too
		list, err := referrers(ctx, t.s.sp, id, store.MaxLimit)
		if err != nil {
			return err
		}
		for _, r := range list {
			if n, ok := t.schema.Noun(r.Kind); ok && !n.Activity {
				t.records[r.ID] = true
			}
		}
	}
	return nil
}
