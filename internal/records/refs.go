package records

import (
	"context"
	"reflect"
	"slices"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// ref is one id in a field of a record, which must name something that exists.
type ref struct {
	field string
	id    string
}

// refsOf lists what the record points to; when old is given, only where it
// differs, so that a field nobody touched is nobody's fault.
func refsOf(n crm.Noun, old, r *crm.Record) (relations, users []ref) {
	for _, f := range n.Fields {
		if f.Type != crm.FieldRelation && f.Type != crm.FieldUser {
			continue
		}
		if old != nil && reflect.DeepEqual(old.Values[f.Key], r.Values[f.Key]) {
			continue
		}
		var had []string
		if old != nil {
			had = old.List(f.Key)
		}
		for _, id := range r.List(f.Key) {
			if slices.Contains(had, id) {
				continue
			}
			if f.Type == crm.FieldUser {
				users = append(users, ref{f.Key, id})
			} else {
				relations = append(relations, ref{f.Key, id})
			}
		}
	}
	return relations, users
}

// checkRelations refuses ids that name no record of which the writer may know;
// made are those that the same transaction makes.
func (e *edit) checkRelations(ctx context.Context, r store.Reader, refs []ref, made map[crm.RecordID]bool) error {
	var ids []crm.RecordID
	for _, ref := range refs {
		ids = append(ids, crm.RecordID(ref.id))
	}
	docs, err := fetch(ctx, r, ids)
	if err != nil {
		return err
	}
	for i, d := range docs {
		if (!d.Exists() || !e.viewer.Reads(&d.Value)) && !made[ids[i]] {
			return crm.Errorf(crm.Invalid, "records.checkRelations", "there is no record %s in this workspace", ids[i]).
				WithField(refs[i].field)
		}
	}
	return nil
}

// checkUsers refuses ids that name no present user of the workspace.
func checkUsers(ctx context.Context, r store.Reader, refs []ref) error {
	ids := make([]string, len(refs))
	for i, ref := range refs {
		ids[i] = ref.id
	}
	docs, err := store.Users.GetMany(ctx, r, ids)
	if err != nil {
		return err
	}
	for i, d := range docs {
		if !d.Exists() || d.Value.Status == crm.UserLeft {
			return crm.Errorf(crm.Invalid, "records.checkUsers", "%s is no user of this workspace", ids[i]).
				WithField(refs[i].field)
		}
	}
	return nil
}

// referrers returns at most limit records that point to the id, each once.
func referrers(ctx context.Context, r store.Reader, id crm.RecordID, limit int) ([]crm.Record, error) {
	n, err := nounOf(id)
	if err != nil {
		return nil, err
	}
	var out []crm.Record
	seen := map[crm.RecordID]bool{}
	for _, q := range pointing(n, id) {
		q.query.Limit = limit
		page, err := q.from.Query(ctx, r, q.query)
		if err != nil {
			return nil, err
		}
		for _, d := range page.Values() {
			if !seen[d.ID] && len(out) < limit {
				seen[d.ID] = true
				tidy(&d)
				out = append(out, d)
			}
		}
	}
	return out, nil
}

// lookup is one query that finds records pointing to an id.
type lookup struct {
	from  store.Collection[crm.Record]
	query store.Query
}

// pointing follows from the table of nouns: every relation that may hold an id
// of this noun, one query each; activities are all found through their feed.
func pointing(n crm.Noun, id crm.RecordID) []lookup {
	out := []lookup{{store.Activities, store.Query{
		Where: []store.Filter{store.Has("feed", crm.Feed(id, crm.Members))}, Order: "at",
	}}}
	out = append(out, lookup{store.Records, store.Query{Where: []store.Filter{store.Has("slots."+crm.LinkSlot, id)}}})
	for _, from := range crm.Nouns() {
		for _, f := range from.Fields {
			if from.Activity || f.Custom || f.Type != crm.FieldRelation || f.To != "" && f.To != n.Kind {
				continue
			}
			test := store.Is("values."+f.Key, id)
			if f.Many {
				test = store.Has("values."+f.Key, id)
			}
			out = append(out, lookup{store.Records, store.Query{Where: []store.Filter{store.Is("kind", from.Kind), test}}})
		}
	}
	return out
}
