package export

import (
	"context"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// loadNouns reads the folders and fields as they are now.
func (v *verifier) loadNouns(ctx context.Context) (err error) {
	v.schema, err = store.ReadSchema(ctx, v.sp)
	return err
}

// claims reports unique values of a record that another one could take, or has.
func (v *verifier) claims(ctx context.Context, r store.Reader, rec *crm.Record) ([]Finding, error) {
	n, ok := v.schema.Noun(rec.Kind)
	if !ok {
		return nil, nil
	}
	list := n.Claims(v.key, rec)
	ids := make([]string, len(list))
	for i := range list {
		ids[i] = list[i].ID
	}
	docs, err := store.Claims.GetMany(ctx, r, ids)
	var out []Finding
	for i, d := range docs {
		if d.Value.Record != rec.ID {
			out = append(out, Finding{store.Records.Name, string(rec.ID),
				"its " + list[i].Field + " should be unique and is not held for it", todoRecord})
		}
	}
	return out, err
}

// checkClaims checks that whatever is held for a record is a value that it has.
func (v *verifier) checkClaims(ctx context.Context) error {
	return store.Claims.Each(ctx, v.sp, store.Query{Limit: store.MaxLimit}, func(d store.Doc[crm.Claim]) error {
		v.step()
		if found, err := v.vain(ctx, v.sp, d.Value.ID); err != nil || len(found) == 0 {
			return err
		}
		return v.again(ctx, func(ctx context.Context, tx *store.Tx) ([]Finding, error) { return v.vain(ctx, tx, d.Value.ID) })
	})
}

// vain reports a claim on a value that its record does not have.
func (v *verifier) vain(ctx context.Context, r store.Reader, id string) ([]Finding, error) {
	claims, err := store.Claims.GetMany(ctx, r, []string{id})
	if err != nil || !claims[0].Exists() {
		return nil, err
	}
	c := claims[0].Value
	n, _ := v.schema.Noun(c.Kind)
	docs, err := store.Records.GetMany(ctx, r, []string{string(c.Record)})
	if err != nil {
		return nil, err
	}
	if docs[0].Exists() {
		for _, has := range n.Claims(v.key, &docs[0].Value) {
			if has.ID == id {
				return nil, nil
			}
		}
	}
	return []Finding{{store.Claims.Name, id, "a value of " + c.Field + " is held for " + string(c.Record) + ", which does not have it", todoTell}}, nil
}
