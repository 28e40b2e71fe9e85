package export

import (
	"bytes"
	"context"
	"hash/fnv"
	"maps"
	"slices"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// checkLog checks that what the change log keeps for undo can be read, and that it
// leads from nothing to what stands: every document of a collection that is logged
// is what its changes made of it.
func (v *verifier) checkLog(ctx context.Context) error {
	sums := history{}
	err := store.ChangeLog.Each(ctx, v.sp, store.Query{Limit: 100}, func(d store.Doc[crm.Change]) error {
		v.step()
		v.change(&d.Value)
		for _, e := range d.Value.Entries {
			if sums.add(v.sp.Store(), e) != nil {
				return nil // it cannot be read, which change told
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return v.checkHistory(ctx, sums)
}

func (v *verifier) change(ch *crm.Change) {
	if ch.Batch == "" || len(ch.Entries) == 0 && ch.Title == "" { // a title alone notes what changed nothing
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
}

// history holds for each document the sums of what its changes found and left, laid
// over one another in any order: what one left and the next one found goes out, so
// that the first and the last remain.
type history map[uint64]link

type link struct {
	sum    uint64
	erased bool // with a person: it cannot be followed
}

func (h history) add(st *store.Store, e crm.ChangeEntry) error {
	before, err := contentSum(st, e.Collection, e.Before)
	if err != nil {
		return err
	}
	after, err := contentSum(st, e.Collection, e.After)
	if err != nil {
		return err
	}
	k := nameSum(e.Collection, e.ID)
	l := h[k]
	h[k] = link{l.sum ^ before ^ after, l.erased || e.Erased}
	return nil
}

func nameSum(collection, id string) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(collection + "/" + id)) // a hash takes everything
	return h.Sum64()
}

// audienceKey is what roles and territories make of a record, without history.
const audienceKey = "audience"

// contentSum is 0 for what does not exist.
func contentSum(st *store.Store, collection string, data []byte) (uint64, error) {
	if data == nil {
		return 0, nil
	}
	of := collection == store.Records.Name || collection == store.Activities.Name
	if of && bytes.Contains(data, []byte(audienceKey)) {
		fields, err := st.Decode(data)
		if err != nil {
			return 0, err
		}
		delete(fields, audienceKey)
		if data, err = st.Encode(fields); err != nil {
			return 0, err
		}
	}
	h := fnv.New64a()
	_, _ = h.Write(data)
	return h.Sum64(), nil
}

// checkHistory holds every document that is logged against its history, and looks
// for those that should be there.
func (v *verifier) checkHistory(ctx context.Context, sums history) error {
	for _, c := range store.CollectionInfos() {
		if !c.Logged {
			continue
		}
		err := v.sp.EachRaw(ctx, c.Name, func(d store.RawDoc) error {
			v.step()
			k := nameSum(d.Collection, d.ID)
			l := sums[k]
			delete(sums, k)
			sum, err := contentSum(v.sp.Store(), d.Collection, d.Data)
			if err != nil || l.erased || sum == l.sum {
				return err
			}
			return v.follow(ctx, d.Collection, d.ID)
		})
		if err != nil {
			return err
		}
	}
	maps.DeleteFunc(sums, func(_ uint64, l link) bool { return l.erased || l.sum == 0 })
	return v.checkGone(ctx, sums)
}

// checkGone names what is in no collection though its history leads to something.
func (v *verifier) checkGone(ctx context.Context, sums history) error {
	if len(sums) == 0 {
		return nil
	}
	return store.ChangeLog.Each(ctx, v.sp, store.Query{Limit: 100}, func(d store.Doc[crm.Change]) error {
		for _, e := range d.Value.Entries {
			k := nameSum(e.Collection, e.ID)
			if _, gone := sums[k]; !gone {
				continue
			}
			delete(sums, k)
			if err := v.follow(ctx, e.Collection, e.ID); err != nil {
				return err
			}
		}
		return nil
	})
}

// follow reads a document and all its changes in one transaction, and reports what
// they do not lead to.
func (v *verifier) follow(ctx context.Context, collection, id string) error {
	return v.again(ctx, func(ctx context.Context, tx *store.Tx) ([]Finding, error) {
		docs, err := tx.GetEncoded(ctx, collection, []string{id})
		if err != nil {
			return nil, err
		}
		own, known, err := v.historyOf(ctx, tx, collection, id)
		if err != nil || own.erased {
			return nil, err
		}
		sum, err := contentSum(v.sp.Store(), collection, docs[0].Data)
		switch {
		case err != nil || sum == own.sum:
			return nil, err
		case docs[0].Data == nil:
			return []Finding{{collection, id, "it is gone without a change that says so", todoRestore}}, nil
		case !known:
			return []Finding{{collection, id, "it is there without a change that made it, so it cannot be undone", todoTell}}, nil
		}
		return []Finding{{collection, id, "it is not what its last change left, so something changed it that cannot be undone", todoTell}}, nil
	})
}

func (v *verifier) historyOf(ctx context.Context, tx *store.Tx, collection, id string) (own link, known bool, err error) {
	sums, q := history{}, store.Query{Where: []store.Filter{store.Has("touched", id)}, Order: "at", Limit: 100}
	for {
		page, err := store.ChangeLog.Query(ctx, tx, q)
		if err != nil {
			return own, known, err
		}
		for _, d := range page.Items {
			for _, e := range d.Value.Entries {
				if e.Collection != collection || e.ID != id {
					continue
				}
				known = true
				if err := sums.add(v.sp.Store(), e); err != nil {
					return own, known, err
				}
			}
		}
		if q.After = page.Next; page.Next == "" {
			return sums[nameSum(collection, id)], known, nil
		}
	}
}
