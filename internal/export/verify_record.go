package export

import (
	"context"
	"slices"

	"threadline/internal/crm"
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
	tokens := r.Tokens()
	found, err := v.strangers(ctx, v.sp, r.ID, tokens)
	if err != nil || len(found) == 0 {
		return err
	}
	return v.again(ctx, func(ctx context.Context, tx store.Reader) ([]Finding, error) {
		doc, err := store.Records.GetMany(ctx, tx, []string{string(r.ID)})
		if err != nil || !doc[0].Exists() {
			return nil, err
		}
		return v.strangers(ctx, tx, r.ID, doc[0].Value.Tokens())
	})
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
			err := v.again(ctx, func(ctx context.Context, r store.Reader) ([]Finding, error) { return homeless(ctx, r, id, record) })
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

// checkLog checks that what the change log keeps for undo can be read.
func (v *verifier) checkLog(ctx context.Context) error {
	return store.ChangeLog.Each(ctx, v.sp, store.Query{Limit: 100}, func(d store.Doc[crm.Change]) error {
		v.step()
		ch := &d.Value
		if ch.Batch == "" || len(ch.Entries) == 0 {
			v.find(store.ChangeLog.Name, ch.ID, todoTell, "it belongs to no batch or says nothing")
		}
		var touched []string
		for _, e := range ch.Entries {
			touched = append(touched, e.ID)
			for _, data := range [][]byte{e.Before, e.After} {
				if data == nil {
					continue
				}
				if _, err := v.sp.Store().Decode(data); err != nil {
					v.find(store.ChangeLog.Name, ch.ID, todoRestore, "what it keeps of %s %s cannot be read, so it cannot be undone", e.Collection, e.ID)
				}
			}
		}
		if !slices.Equal(touched, ch.Touched) {
			v.find(store.ChangeLog.Name, ch.ID, todoTell, "it is not found in the history of all that it changed")
		}
		return nil
	})
}
