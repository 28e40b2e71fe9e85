package records

import (
	"context"
	"maps"
	"slices"
	"strings"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/store"
)

// teller decides what of changes a viewer may know.
type teller struct {
	s     *Service
	v     access.Viewer
	now   map[string]*crm.Record // the records as they are
	sight *sight
}

// look reads the records of the changes as they are at present: who may not know
// of a record any more is not told of its past either.
func (x *teller) look(ctx context.Context, list []crm.Change) error {
	x.sight = x.s.sight(x.v)
	if x.v.Whole() {
		return nil
	}
	want := map[crm.RecordID]bool{}
	for _, ch := range list {
		for _, e := range ch.Entries {
			if isRecord(e.Collection) {
				want[crm.RecordID(e.ID)] = true
			}
		}
	}
	docs, err := fetch(ctx, x.s.sp, slices.Sorted(maps.Keys(want)))
	if err != nil {
		return err
	}
	for i := range docs {
		if docs[i].Exists() {
			x.now[string(docs[i].Value.ID)] = &docs[i].Value
		}
	}
	return x.sight.look(ctx, docs)
}

// view is a change with the entries that the viewer may know of.
func (x *teller) view(ch *crm.Change, only string) (ChangeView, error) {
	v := ChangeView{ID: ch.ID, Batch: ch.Batch, Actor: ch.Actor, Cause: ch.Cause, Title: ch.Title, At: ch.At, Undoes: ch.Undoes, Entries: []EntityDiff{}}
	for _, e := range ch.Entries {
		if only != "" && e.ID != only {
			continue
		}
		d, ok, err := x.entry(e)
		if err != nil {
			return v, err
		}
		if ok {
			v.Entries = append(v.Entries, d)
		}
	}
	return v, nil
}

func (x *teller) entry(e crm.ChangeEntry) (EntityDiff, bool, error) {
	d := EntityDiff{Collection: e.Collection, ID: e.ID, Did: did(e), Fields: []FieldDiff{}}
	if ok, err := x.knows(e); err != nil || !ok {
		return d, false, err
	}
	if theirs, err := x.s.others(x.v, e); err != nil || theirs {
		return d, true, err
	}
	fields, err := x.s.diff(e.Before, e.After)
	if err != nil {
		return d, false, err
	}
	d.Fields = visible(x.v, e.Collection, e.ID, fields)
	return d, len(d.Fields) > 0 || d.Did != "updated", nil
}

// visible are the fields of what changed that are not hidden from a viewer.
func visible(v access.Viewer, collection, id string, fields []FieldDiff) []FieldDiff {
	if !isRecord(collection) {
		return fields
	}
	n, _ := crm.NounOfID(crm.RecordID(id))
	return slices.DeleteFunc(fields, func(f FieldDiff) bool { return v.Hides(n.Kind, f.Field) })
}

// ShowClashes are conflicts as a viewer may know of them now: without what fields
// hold that are hidden from them, and of a record that is not theirs to read that
// there is one.
func (s *Service) ShowClashes(ctx context.Context, v access.Viewer, list []Clash) error {
	x := s.sight(v)
	for i := range list {
		c := &list[i]
		if !isRecord(c.Collection) {
			continue
		}
		docs, err := fetch(ctx, s.sp, []crm.RecordID{crm.RecordID(c.ID)})
		if err == nil {
			err = x.look(ctx, docs)
		}
		if err != nil {
			return err
		}
		if c.Fields = visible(v, c.Collection, c.ID, c.Fields); docs[0].Exists() && !x.sees(&docs[0].Value) {
			c.Fields = nil
		}
	}
	return nil
}

// knows tells whether the viewer may know of an entry at all. Who reads not
// everything is told of records, and of nothing that names records by the way.
func (x *teller) knows(e crm.ChangeEntry) (bool, error) {
	switch {
	case e.Collection == store.Settings.Name:
		return x.mayKnowSetting(e.ID), nil
	case x.v.Whole():
		return true, nil
	case isRecord(e.Collection):
		r := x.now[e.ID]
		if r == nil {
			was, err := x.image(e)
			if err != nil {
				return false, err
			}
			r = &was
		}
		return x.sight.sees(r), nil
	}
	return e.Collection == store.Answers.Name || e.Collection == store.Exclusions.Name, nil
}

// image is a record as a change left it, or found it.
func (x *teller) image(e crm.ChangeEntry) (crm.Record, error) {
	data := e.After
	if data == nil {
		data = e.Before
	}
	return x.s.record(e.ID, data)
}

// record reads a record in stored form.
func (s *Service) record(id string, data []byte) (crm.Record, error) {
	r, err := store.Records.Decode(s.sp, id, data)
	tidy(&r)
	return r, err
}

// decides tells whether a setting says who may what.
func decides(id string) bool {
	return slices.ContainsFunc([]string{"role_", "team_", "territory_", "membership_"}, func(p string) bool { return strings.HasPrefix(id, p) })
}

// mayKnowSetting hides who may what from all but those who decide it, and fields
// from those to whom they are hidden.
func (x *teller) mayKnowSetting(id string) bool {
	if who := sharer(id); who != "" {
		return x.v.User == who
	}
	if decides(id) {
		return x.v.May(crm.RightAdmin)
	}
	if rest, ok := strings.CutPrefix(id, "field_"); ok {
		kind, key, _ := strings.Cut(rest, "_")
		return !x.v.Hides(crm.Kind(kind), key)
	}
	return true
}
