package export

import (
	"context"
	"slices"

	"threadline/internal/crm"
	"threadline/internal/records"
	"threadline/internal/store"
)

// checkRecords checks that every address, domain and phone of a record is an
// identity that names it.
func (v *verifier) checkRecords(ctx context.Context) error {
	v.records = map[crm.RecordID]bool{}
	for _, from := range []store.Collection[crm.Record]{store.Records, store.Activities} {
		err := from.Each(ctx, v.sp, store.Query{Limit: 500}, func(d store.Doc[crm.Record]) error {
			v.step()
			v.records[d.Value.ID] = true
			if n, ok := crm.NounOfID(d.Value.ID); !ok || n.Kind != d.Value.Kind {
				v.find(from.Name, string(d.Value.ID), todoTell, "its id does not fit a %s", d.Value.Kind)
			}
			return v.record(ctx, &d.Value)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (v *verifier) record(ctx context.Context, r *crm.Record) error {
	found, err := v.unheld(ctx, v.sp, r)
	if err != nil || len(found) == 0 {
		return err
	}
	return v.again(ctx, func(ctx context.Context, tx *store.Tx) ([]Finding, error) {
		doc, err := store.Records.GetMany(ctx, tx, []string{string(r.ID)})
		if err != nil || !doc[0].Exists() {
			return nil, err
		}
		return v.unheld(ctx, tx, &doc[0].Value)
	})
}

// unheld reports what a record has and is not known to have.
func (v *verifier) unheld(ctx context.Context, r store.Reader, rec *crm.Record) ([]Finding, error) {
	found, err := v.strangers(ctx, r, rec.ID, rec.Tokens())
	if err != nil {
		return nil, err
	}
	taken, err := v.claims(ctx, r, rec)
	return append(found, taken...), err
}

// strangers reports tokens of a record whose identity does not name it.
func (v *verifier) strangers(ctx context.Context, r store.Reader, id crm.RecordID, tokens []crm.Token) ([]Finding, error) {
	ids := make([]string, len(tokens))
	for i, t := range tokens {
		ids[i] = crm.IdentityID(v.key, t)
	}
	docs, err := store.Identities.GetMany(ctx, r, ids)
	var out []Finding
	for i, d := range docs {
		if !slices.ContainsFunc(d.Value.Holders, func(h crm.Holder) bool { return h.Record == id && h.To == 0 }) {
			out = append(out, Finding{store.Records.Name, string(id),
				"mail of " + string(tokens[i][2:]) + " does not lead to it, though it holds it", todoRecord})
		}
	}
	return out, err
}

// checkMarks checks that those reach a record whom roles and territories let.
func (v *verifier) checkMarks(ctx context.Context) error {
	return records.CheckMarks(ctx, v.sp, v.step, func(collection string, id crm.RecordID) {
		v.find(collection, string(id), todoRecord, "other people reach it than roles and territories say")
	})
}

// checkIdentities checks that the holders of an identity exist, and that its id
// is that of its value.
func (v *verifier) checkIdentities(ctx context.Context) error {
	return store.Identities.Each(ctx, v.sp, store.Query{Limit: store.MaxLimit}, func(d store.Doc[crm.Identity]) error {
		v.step()
		if want := crm.IdentityID(v.key, d.Value.Token); want != d.Value.ID {
			v.find(store.Identities.Name, d.Value.ID, todoTell, "its id is not that of %s", d.Value.Token)
		}
		for _, h := range d.Value.Holders {
			if v.records[h.Record] {
				continue
			}
			id, record := d.Value.ID, h.Record
			err := v.again(ctx, func(ctx context.Context, r *store.Tx) ([]Finding, error) { return homeless(ctx, r, id, record) })
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// homeless reports a holder that does not exist.
func homeless(ctx context.Context, r store.Reader, id string, record crm.RecordID) ([]Finding, error) {
	identity, err := store.Identities.GetMany(ctx, r, []string{id})
	if err != nil || !slices.ContainsFunc(identity[0].Value.Holders, func(h crm.Holder) bool { return h.Record == record }) {
		return nil, err
	}
	doc, err := store.Records.GetMany(ctx, r, []string{string(record)})
	if err != nil || doc[0].Exists() {
		return nil, err
	}
	return []Finding{{store.Identities.Name, id, string(identity[0].Value.Token) + " is held by " + string(record) + ", which does not exist", todoRestore}}, nil
}
