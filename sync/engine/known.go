package engine

import (
	"context"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// knownRanges bounds the set of keys in a folder's document, which every group
// writes: some bytes each. A folder with more gaps than that has no set, and
// its copies are read when it is compared.
const knownRanges = 4096

// know adds keys of copies that the transaction writes.
func know(box *crm.Box, keys crm.KeySet) { setKnown(box, box.Known.Union(keys)) }

// forget takes off keys of copies that the transaction deletes.
func forget(box *crm.Box, keys crm.KeySet) { setKnown(box, box.Known.Minus(keys)) }

func setKnown(box *crm.Box, keys crm.KeySet) {
	if len(keys) > knownRanges {
		keys = nil
	}
	box.Known = keys
}

// complete tells whether a folder's document names all of its copies. It names
// none that is not there, so it does when it names as many as there are.
func complete(box *crm.Box) bool { return box.Known.Size() == box.Counts.Copies() }

// known are the copies of a folder that are accounted for.
type known struct {
	present crm.KeySet   // of the present epoch
	void    []crm.CopyID // of an earlier one
	read    bool         // from the copies themselves
}

// knownOf takes what the folder's document says, if it says all and no proof is
// wanted, and else reads every copy.
func (r *run) knownOf(ctx context.Context, box *crm.Box, proof bool) (known, error) {
	if !proof && complete(box) {
		return known{present: box.Known}, nil
	}
	return r.copiesOf(ctx, box)
}

// copiesOf reads every copy of a folder.
func (r *run) copiesOf(ctx context.Context, box *crm.Box) (known, error) {
	k := known{read: true}
	var keys []crm.Key
	q := store.Query{Where: copiesIn(box), Order: "key", Limit: store.MaxLimit}
	err := store.Copies.Each(ctx, r.sp, q, func(d store.Doc[crm.Copy]) error {
		if d.Value.Epoch == box.Epoch {
			keys = append(keys, d.Value.Key)
		} else {
			k.void = append(k.void, d.Value.ID)
		}
		return nil
	})
	k.present = crm.Keys(keys...)
	return k, err
}

// relearn keeps what was read, unless somebody took a copy off meanwhile.
func (k known) relearn(box *crm.Box, all crm.KeySet) {
	if left := k.present.Intersect(all); k.read && left.Size() == box.Counts.Copies() {
		setKnown(box, left)
	}
}

// gone are the documents of copies that are not in a listing.
func (r *run) gone(box *crm.Box, k known, all crm.KeySet) []crm.CopyID {
	ids := k.void
	for key := range k.present.Minus(all).All() {
		ids = append(ids, copyID(r.build.key, box.ID, box.Epoch, key))
	}
	return ids
}
