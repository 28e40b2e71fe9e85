package records

import (
	"context"
	"slices"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// nobodyPoints refuses to unmake records that others, outside of the batch,
// point to. It asks for many at a time: an import makes a hundred thousand.
func (u *undo) nobodyPoints(ctx context.Context, r store.Reader, left []step) error {
	byNoun := map[crm.Kind][]string{}
	for _, st := range left {
		if n, ok := crm.NounOfID(crm.RecordID(st.id)); ok && st.to == nil && isRecord(st.collection) {
			byNoun[n.Kind] = append(byNoun[n.Kind], st.id)
		}
	}
	for kind, all := range byNoun {
		n, _ := crm.NounOf(kind)
		for _, q := range pointingAny(n) {
			for ids := range slices.Chunk(all, q.most) {
				if err := u.pointsOnly(ctx, r, q.from, q.query(ids)); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func isRecord(collection string) bool {
	return collection == store.Records.Name || collection == store.Activities.Name
}

// lookups finds the records that point to any of some ids.
type lookups struct {
	from  store.Collection[crm.Record]
	most  int // ids of one query
	query func(ids []string) store.Query
}

// pointingAny is what pointing is, for many ids of a noun.
func pointingAny(n crm.Noun) []lookups {
	out := []lookups{{store.Activities, 30, func(ids []string) store.Query {
		feeds := make([]crm.FeedToken, len(ids))
		for i, id := range ids {
			feeds[i] = crm.Feed(crm.RecordID(id), crm.Members)
		}
		return store.Query{Where: []store.Filter{store.HasAny("feed", feeds)}, Order: "at"}
	}}, {store.Records, 30, func(ids []string) store.Query {
		return store.Query{Where: []store.Filter{store.HasAny("slots."+crm.LinkSlot, ids)}}
	}}}
	for _, from := range crm.Nouns() {
		for _, f := range from.Fields {
			if from.Activity || f.Custom || f.Type != crm.FieldRelation || f.To != "" && f.To != n.Kind {
				continue
			}
			one := lookups{store.Records, 10, func(ids []string) store.Query {
				return store.Query{Where: []store.Filter{store.Is("kind", from.Kind), store.OneOf("values."+f.Key, ids)}}
			}}
			if f.Many {
				one.most = 30
				one.query = func(ids []string) store.Query {
					return store.Query{Where: []store.Filter{store.Is("kind", from.Kind), store.HasAny("values."+f.Key, ids)}}
				}
			}
			out = append(out, one)
		}
	}
	return out
}

// pointsOnly refuses what a query finds outside of the batch.
func (u *undo) pointsOnly(ctx context.Context, r store.Reader, from store.Collection[crm.Record], q store.Query) error {
	q.Limit = store.MaxLimit
	return from.Each(ctx, r, q, func(d store.Doc[crm.Record]) error {
		o := d.Value
		key := from.Name + "/" + string(o.ID)
		if u.all[key] != nil || u.inside != nil && u.inside(key) {
			return nil
		}
		return crm.Errorf(crm.Conflict, "records.Undo", "%s %s has come to point to a record that this would delete", o.Kind, o.ID).
			WithHint("take it out there, or delete the record instead")
	})
}
