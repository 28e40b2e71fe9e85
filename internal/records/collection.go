package records

import (
	"context"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// collectionOf tells where the records of a noun lie.
func collectionOf(n crm.Noun) store.Collection[crm.Record] {
	if n.Activity {
		return store.Activities
	}
	return store.Records
}

// nounOf returns the noun that an id names; an id of no noun is nowhere.
func nounOf(id crm.RecordID) (crm.Noun, error) {
	n, ok := crm.NounOfID(id)
	if !ok {
		return n, crm.Errorf(crm.NotFound, "records.nounOf", "there is no record %s", crm.Clip(string(id), 60)).
			WithHint("an id of a record looks like con_…, com_… or dea_…")
	}
	return n, nil
}

// fetch reads records of any kinds, one Doc per id in their order; an id of no
// noun gives a Doc that does not exist.
func fetch(ctx context.Context, r store.Reader, ids []crm.RecordID) ([]store.Doc[crm.Record], error) {
	out := make([]store.Doc[crm.Record], len(ids))
	for _, c := range []store.Collection[crm.Record]{store.Records, store.Activities} {
		var names []string
		var places []int
		for i, id := range ids {
			if n, ok := crm.NounOfID(id); ok && collectionOf(n).Name == c.Name {
				names = append(names, string(id))
				places = append(places, i)
			}
		}
		docs, err := c.GetMany(ctx, r, names)
		if err != nil {
			return nil, err
		}
		for j, d := range docs {
			tidy(&d.Value)
			out[places[j]] = d
		}
	}
	return out, nil
}

// tidy gives the lists of a record the type that fields make, so that values
// from the store and from a door compare.
func tidy(r *crm.Record) {
	for key, v := range r.Values {
		if _, ok := v.([]any); ok {
			r.Values[key] = r.List(key)
		}
	}
	for key, v := range r.Slots {
		if list, ok := v.([]any); ok {
			slots := crm.Record{Values: map[string]any{key: list}}
			r.Slots[key] = slots.List(key)
		}
	}
}
