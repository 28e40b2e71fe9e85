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
			for ids := range slices.Chunk(all, store.Width(r)) {
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
	query func(ids []string) store.Query // of at most store.Width
}

// pointingAny is what pointing is, for many ids of a noun.
func pointingAny(n crm.Noun) []lookups {
	out := []lookups{{store.Activities, func(ids []string) store.Query {
		feeds := make([]crm.FeedToken, len(ids))
		for i, id := range ids {
			feeds[i] = crm.Feed(crm.RecordID(id), crm.Members)
		}
		return store.Query{Where: []store.Filter{store.HasAmong("feed", feeds)}, Order: "at"}
	}}, {store.Records, func(ids []string) store.Query {
		return store.Query{Where: []store.Filter{store.HasAmong("slots."+crm.LinkSlot, ids)}}
	}}}
	for _, from := range crm.Nouns() {
		for _, f := range from.Fields {
			if from.Activity || f.Custom || f.Type != crm.FieldRelation || f.To != "" && f.To != n.Kind {
				continue
			}
			among := store.AmongAll[string]
			if f.Many {
				among = store.HasAmong[string]
			}
			out = append(out, lookups{store.Records, func(ids []string) store.Query {
				return store.Query{Where: []store.Filter{store.Is("kind", from.Kind), among("values."+f.Key, ids)}}
			}})
		}
	}
	return out
}

// pointsOnly refuses what a query finds outside of the batch.
func (u *undo) pointsOnly(ctx context.Context, r store.Reader, from store.Collection[crm.Record], q store.Query) error {
	q.Limit = store.MaxLimit
	q.Without = func(id string) bool {
		key := from.Name + "/" + id
		return u.all[key] != nil || u.inside != nil && u.inside(key)
	}
	return from.Each(ctx, r, q, func(d store.Doc[crm.Record]) error {
		return crm.Errorf(crm.Conflict, "records.Undo", "%s %s has come to point to a record that this would delete", d.Value.Kind, d.Value.ID).
			WithHint("take it out there, or delete the record instead")
	})
}
