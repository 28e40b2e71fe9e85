package records

import (
	"context"
	"slices"
	"strings"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/store"
)

// Merging says which records become one, and which values it has.
type Merging struct {
	Into   crm.RecordID            `json:"into" maxLength:"100" doc:"The record that stays"`
	From   []crm.RecordID          `json:"from" minItems:"1" maxItems:"20" doc:"Records that go: what points to them, their addresses and mail follow"`
	Take   map[string]crm.RecordID `json:"take,omitempty" doc:"Field to the record whose value it has. Without: lists are joined; else the first value that there is, that of the one that stays before others"`
	Values map[string]any          `json:"values,omitempty" doc:"Values that none of them has"`
}

// Merged is the outcome of a merge.
type Merged struct {
	Batch  string     `json:"batch" doc:"To undo it"`
	Record crm.Record `json:"record"`
	Moved  int        `json:"moved" doc:"Records, activities and answers that pointed to those that went"`
}

// MergeField is a field in which records that are to be merged differ.
type MergeField struct {
	Field  string               `json:"field"`
	Values map[crm.RecordID]any `json:"values"`
	Result any                  `json:"result"`
}

// mergeTitle begins the titles of changes that merge.
const mergeTitle = "merge "

// Merges tells whether a change made one record of several.
func Merges(ch *crm.Change) bool { return strings.HasPrefix(ch.Title, mergeTitle) }

// Merge makes one record of several of a kind. Addresses, domains and phones
// pass to it with the times at which they were held, so that all mail follows;
// what pointed to the others points to it: relations with their roles,
// activities, answers and rules. When very many records do, they move first, in
// transactions of the same batch: repeated, an interrupted merge goes on.
func (s *Service) Merge(ctx context.Context, by By, m Merging) (Merged, error) {
	const op = crm.Op("records.Merge")
	n, err := s.mergeable(ctx, m)
	if err != nil {
		return Merged{}, err
	}
	eyes, err := s.eyes(ctx, by)
	if err == nil {
		err = s.MayName(ctx, eyes, n, m.Values, nil)
	}
	if err == nil {
		err = s.mayAsk(ctx, eyes, by, n, m.Values)
	}
	if err != nil {
		return Merged{}, err
	}
	var out Merged
	for done := false; !done; {
		moved := 0
		by.Batch, err = s.sp.Change(ctx, by.info(mergeTitle+n.Plural), func(ctx context.Context, tx *store.Tx) error {
			g, err := s.gather(ctx, tx, by, n, m)
			if err != nil {
				return err
			}
			done, moved = !g.more, g.moves()
			return g.write(tx)
		})
		if err != nil {
			return Merged{Batch: by.Batch}, crm.Wrap(op, "the "+n.Plural+" cannot be merged", s.answered(by, err))
		}
		out.Moved += moved
	}
	saved, err := s.saved(ctx, by, m.Into, by.Batch)
	out.Batch, out.Record = saved.Batch, saved.Record
	return out, err
}

// MergePreview says in which fields records differ and what the merged one would
// have.
func (s *Service) MergePreview(ctx context.Context, v access.Viewer, m Merging) ([]MergeField, error) {
	if err := mayRead(v); err != nil {
		return nil, err
	}
	n, err := s.mergeable(ctx, m)
	if err != nil {
		return nil, err
	}
	docs, err := fetch(ctx, s.sp, m.all())
	if err != nil {
		return nil, err
	}
	var all []crm.Record
	for i, d := range docs {
		if !d.Exists() || !v.Reads(&d.Value) {
			return nil, missing(m.all()[i])
		}
		all = append(all, v.Show(d.Value))
	}
	said, err := m.values(n, all)
	if err != nil {
		return nil, err
	}
	out := []MergeField{}
	for _, f := range v.Noun(n).Fields {
		if f.System || alikeIn(all, f.Key) {
			continue
		}
		mf := MergeField{Field: f.Key, Values: map[crm.RecordID]any{}, Result: said[f.Key]}
		for _, r := range all {
			if val := r.Values[f.Key]; val != nil {
				mf.Values[r.ID] = val
			}
		}
		out = append(out, mf)
	}
	return out, nil
}

// all are the ids of the merge, the one that stays first.
func (m *Merging) all() []crm.RecordID { return append([]crm.RecordID{m.Into}, m.From...) }

// mergeable checks what can be said without reading the records.
func (s *Service) mergeable(ctx context.Context, m Merging) (crm.Noun, error) {
	const op = crm.Op("records.Merge")
	n, err := s.noun(ctx, m.Into)
	if err != nil {
		return n, err
	}
	all := m.all()
	for i, id := range all {
		of, _ := crm.NounOfID(id)
		switch {
		case of.Kind != n.Kind || n.Activity:
			return n, crm.Errorf(crm.Invalid, op, "%s and %s cannot become one", crm.Clip(string(m.Into), 60), crm.Clip(string(id), 60)).WithField("from").
				WithHint("records of one folder are merged; tasks, notes and calls are not")
		case slices.Contains(all[:i], id):
			return n, crm.Errorf(crm.Invalid, op, "%s is named twice", id).WithField("from")
		}
	}
	if len(all) < 2 {
		return n, crm.Errorf(crm.Invalid, op, "nothing is to be merged").WithField("from")
	}
	for key, id := range m.Take {
		if f, ok := n.Field(key); !ok || f.System || !slices.Contains(all, id) {
			return n, m.cannotTake(key)
		}
	}
	return n, nil
}

func (m *Merging) cannotTake(key string) error {
	return crm.Errorf(crm.Invalid, "records.Merge", "%q cannot be taken from %q", crm.Clip(key, 40), crm.Clip(string(m.Take[key]), 60)).WithField("take." + crm.Clip(key, 40))
}

// values are those of the merged record, for every field that a person may set.
func (m *Merging) values(n crm.Noun, all []crm.Record) (map[string]any, error) {
	own, err := n.ParseValues(m.Values)
	if err != nil {
		return nil, err
	}
	out := map[string]any{}
	for _, f := range n.Fields {
		if f.System {
			continue
		}
		for _, r := range all {
			v := r.Values[f.Key]
			switch taken, chosen := m.Take[f.Key]; {
			case chosen && taken != r.ID, v == nil:
			case f.List() && out[f.Key] != nil:
				have := crm.Record{Values: out}
				out[f.Key] = union(have.List(f.Key), v)
			case out[f.Key] == nil:
				out[f.Key] = v
			}
		}
		if v, said := own[f.Key]; said {
			out[f.Key] = v
		}
		if f.Type == crm.FieldRelation {
			m.turn(out, f)
		}
	}
	return out, nil
}

// turn lets a relation among the merged point to nobody: a record is not its
// own parent.
func (m *Merging) turn(values map[string]any, f crm.Field) {
	r := crm.Record{Values: values}
	kept := slices.DeleteFunc(slices.Clone(r.List(f.Key)), func(id string) bool { return slices.Contains(m.all(), crm.RecordID(id)) })
	switch {
	case len(kept) == len(r.List(f.Key)):
	case len(kept) == 0:
		delete(values, f.Key)
	case f.Many:
		values[f.Key] = kept
	}
}

// alikeIn tells whether all records say the same in a field.
func alikeIn(all []crm.Record, key string) bool {
	n, _ := crm.NounOf(all[0].Kind)
	f, _ := n.Field(key)
	for _, r := range all[1:] {
		if f.Format(r.Values[key]) != f.Format(all[0].Values[key]) {
			return false
		}
	}
	return true
}
