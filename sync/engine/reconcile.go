package engine

import (
	"context"
	"slices"
	"strings"

	"threadline/internal/crm"
	"threadline/internal/store"
	"threadline/sync/source"
)

// removeChunk is how many vanished copies one transaction takes off.
const removeChunk = 200

// fits tells whether the counters explain a listing without looking at every
// copy. It is arithmetic, no proof: Audit compares key by key.
func fits(box *crm.Box, l source.Listing) bool {
	left := l.Recent.Intersect(box.Live.Union(box.Pending)).Size()
	return l.Epoch == box.Epoch && settled(box)+left == l.Recent.Size()
}

// outOfStep tells that nothing is left to fetch, and yet the counters do not
// come to what the server has.
func outOfStep(b *crm.Box) bool {
	return len(b.Live) == 0 && len(b.Pending) == 0 && (b.Counts.Queued != 0 || b.Counts.Total() != b.Server)
}

// settled counts the copies of the present epoch that have documents, their
// own or on the queue.
func settled(box *crm.Box) int64 {
	return box.Counts.Copies() + box.Counts.Retrying
}

// leftover tells whether a folder whose counters begin anew still has copies:
// those of an earlier epoch.
func (r *run) leftover(ctx context.Context, box *crm.Box) (bool, error) {
	if settled(box) != 0 {
		return false, nil
	}
	page, err := store.Copies.Query(ctx, r.sp, store.Query{Where: copiesIn(box), Order: "key", Limit: 1})
	return len(page.Items) > 0, err
}

func copiesIn(box *crm.Box) []store.Filter {
	return []store.Filter{store.Is("box", box.ID), store.OneOf("state", []crm.CopyState{crm.CopyStored, crm.CopySkipped, crm.CopyDead})}
}

// proof is how a listing is compared.
type proof int

const (
	bySum    proof = iota // with the counters, where nothing better is at hand
	byKeys                // key by key with what the folder says that it has
	byCopies              // key by key with the copies themselves
)

// relist takes a complete listing of a folder and makes the counters true:
// copies that vanished are taken off, copies that were missed are fetched.
// Nothing of the folder may be in flight.
func (r *run) relist(ctx context.Context, s source.Session, box *crm.Box, how proof) error {
	if box.Doubt {
		how = byCopies
		if err := r.compareFlags(ctx, s, box); err != nil {
			return err
		}
	}
	l, err := wanted(ctx, r.sp, s, r.mailbox, box.Name)
	if err != nil {
		return err
	}
	if l.Epoch != box.Epoch {
		return errVoid
	}
	old, err := r.leftover(ctx, box)
	if err != nil {
		return err
	}
	if how == bySum && !old && !complete(box) && fits(box, l) {
		return r.counted(ctx, box, l, nil)
	}
	k, err := r.knownOf(ctx, box, old || how == byCopies)
	if err != nil {
		return err
	}
	for chunk := range slices.Chunk(r.gone(box, k, l.All), removeChunk) {
		if err := r.remove(ctx, box.ID, chunk); err != nil {
			return err
		}
	}
	return r.counted(ctx, box, l, &k)
}

// remove takes copies off that are no longer on the server. Their messages stay
// where they are, unless the mailbox is deleted with its mail.
func (r *run) remove(ctx context.Context, id crm.BoxID, ids []crm.CopyID) error {
	return r.lease.Fenced(ctx, func(ctx context.Context, tx *store.Tx) error {
		box, err := store.Boxes.Get(ctx, tx, string(id))
		if err != nil {
			return err
		}
		copies, err := store.Copies.GetMany(ctx, tx, texts(ids))
		if err != nil {
			return err
		}
		messages, before := map[crm.MessageID]*crm.Message{}, map[crm.MessageID]crm.Message{}
		var want []string
		for _, c := range copies {
			if c.Exists() && c.Value.Message != "" {
				want = append(want, string(c.Value.Message))
			}
		}
		slices.Sort(want)
		docs, err := store.Messages.GetMany(ctx, tx, slices.Compact(want))
		if err != nil {
			return err
		}
		for _, d := range docs {
			if d.Exists() {
				messages[d.Value.ID], before[d.Value.ID] = &d.Value, d.Value
			}
		}
		for _, c := range copies {
			if m := messages[c.Value.Message]; c.Exists() && m != nil {
				left(m, &c.Value)
			}
		}
		gone, out, err := r.bereave(ctx, tx, messages)
		if err != nil {
			return err
		}
		again, err := r.decideAgain(ctx, tx, before, messages)
		if err != nil {
			return err
		}
		var keys []crm.Key
		for _, c := range copies {
			if c.Exists() && c.Value.Epoch == box.Value.Epoch {
				addCount(&box.Value.Counts, c.Value, -1)
				keys = append(keys, c.Value.Key)
			}
		}
		forget(&box.Value, crm.Keys(keys...))
		for _, id := range ids {
			store.Copies.Delete(tx, string(id))
		}
		if again != nil {
			again.Write(tx, r.mailbox.ID)
		} else {
			for _, m := range messages {
				store.Messages.Put(tx, m)
			}
		}
		r.writeErased(tx, out, gone)
		store.Boxes.Put(tx, &box.Value)
		return nil
	})
}

func texts[T ~string](ids []T) []string {
	out := make([]string, len(ids))
	for i, id := range ids {
		out[i] = string(id)
	}
	return out
}

// counted writes what a listing says. With k it also queues what is neither
// known nor waiting. Exceptions that vanished are off the queue.
func (r *run) counted(ctx context.Context, box *crm.Box, l source.Listing, k *known) error {
	return r.lease.Fenced(ctx, func(ctx context.Context, tx *store.Tx) error {
		doc, err := store.Boxes.Get(ctx, tx, string(box.ID))
		if err != nil {
			return err
		}
		retrying, err := r.retrying(ctx, tx, box)
		if err != nil {
			return err
		}
		b, since, strange := &doc.Value, l.All.Minus(l.Recent).Minus(l.Strange).Minus(retrying), l.Strange.Minus(retrying)
		b.Live, b.Pending = b.Live.Intersect(l.Recent), b.Pending.Intersect(l.Recent)
		if k != nil {
			missed := l.Recent.Minus(k.present).Minus(retrying).Minus(b.Live).Minus(b.Pending)
			backlog := b.Counts.Queued > b.Live.Size()+b.Pending.Size()                       // more than the lanes had room for
			if b.Since != r.mailbox.Since || b.KnownAt != r.mailbox.Acquainted() || backlog { // old mail that is wanted now
				b.Pending = b.Pending.Union(missed)
			} else {
				b.Live = b.Live.Union(missed)
			}
			since, strange = since.Minus(k.present), strange.Minus(k.present)
			k.relearn(b, l.All)
			b.Doubt = false
		}
		b.Since, b.KnownAt = r.mailbox.Since, r.mailbox.Acquainted()
		setSkipped(&b.Counts, crm.SkipSince, since.Size())
		setSkipped(&b.Counts, crm.SkipStranger, strange.Size())
		for key := range retrying.Minus(l.All).All() { // it vanished
			store.Queue.Delete(tx, queueID(r.build.key, b.ID, b.Epoch, key))
		}
		b.Counts.Queued = b.Live.Union(b.Pending).Size()
		b.Live, b.Pending = newest(b.Live), newest(b.Pending)
		b.Counts.Retrying = retrying.Intersect(l.All).Size()
		b.Server, b.Listed, b.Relist = l.All.Size(), r.sp.Store().Now(), false
		store.Boxes.Put(tx, b)
		*box = *b
		return nil
	})
}

func setSkipped(c *crm.Counts, why crm.SkipReason, n int64) {
	next := map[crm.SkipReason]int64{}
	for k, v := range c.Skipped {
		if k != why {
			next[k] = v
		}
	}
	if n > 0 {
		next[why] = n
	}
	if len(next) == 0 {
		next = nil
	}
	c.Skipped = next
}

// retrying are the exceptions of a folder.
func (r *run) retrying(ctx context.Context, rd store.Reader, box *crm.Box) (crm.KeySet, error) {
	var keys []crm.Key
	err := r.exceptions(ctx, rd, func(q *crm.Queued) {
		if q.Box == box.ID && q.Epoch == box.Epoch {
			keys = append(keys, q.Key)
		}
	})
	return crm.Keys(keys...), err
}

// exceptions goes through the queue of the mailbox.
func (r *run) exceptions(ctx context.Context, rd store.Reader, each func(*crm.Queued)) error {
	q := store.Query{Where: []store.Filter{store.Is("mailbox", r.mailbox.ID)}, Order: "next_at", Limit: store.MaxLimit}
	return store.Queue.Each(ctx, rd, q, func(d store.Doc[crm.Queued]) error {
		each(&d.Value)
		return nil
	})
}

// setFlags stores the flags of copies that are known; those that are not are
// fetched with theirs.
func (r *run) setFlags(ctx context.Context, box *crm.Box, changes []source.FlagChange) error {
	for chunk := range slices.Chunk(changes, removeChunk) {
		err := r.lease.Fenced(ctx, func(ctx context.Context, tx *store.Tx) error {
			return r.flagChunk(ctx, tx, box, chunk)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (r *run) flagChunk(ctx context.Context, tx *store.Tx, box *crm.Box, changes []source.FlagChange) error {
	ids := make([]string, len(changes))
	for i, c := range changes {
		ids[i] = string(copyID(r.build.key, box.ID, box.Epoch, c.Key))
	}
	copies, err := store.Copies.GetMany(ctx, tx, ids)
	if err != nil {
		return err
	}
	var want []string
	for i, c := range copies {
		if c.Exists() && c.Value.Message != "" && !slices.Equal(c.Value.Flags, changes[i].Flags) {
			want = append(want, string(c.Value.Message))
		}
	}
	slices.Sort(want)
	docs, err := store.Messages.GetMany(ctx, tx, slices.Compact(want))
	if err != nil {
		return err
	}
	messages, before := map[crm.MessageID]*crm.Message{}, map[crm.MessageID]crm.Message{}
	for _, d := range docs {
		if d.Exists() {
			messages[d.Value.ID], before[d.Value.ID] = &d.Value, d.Value
		}
	}
	var flagged []*crm.Copy
	relabelled, parts := false, []string{"flags"}
	for i, c := range copies {
		m := messages[c.Value.Message]
		if !c.Exists() || m == nil || slices.Equal(c.Value.Flags, changes[i].Flags) {
			continue
		}
		relabelled = relabelled || !slices.Equal(crm.Keywords(c.Value.Flags), crm.Keywords(changes[i].Flags))
		parts = append(parts, string(c.Value.ID), strings.Join(texts(changes[i].Flags), " "))
		c.Value.Flags = changes[i].Flags
		flagged = append(flagged, &c.Value)
		onSides(m, c.Value.ID, func(side *crm.Message) { flagCopy(side, c.Value.ID, changes[i].Flags) })
		flagCopy(m, c.Value.ID, changes[i].Flags)
	}
	if err := r.writeFlagged(ctx, tx, before, messages, relabelled, parts); err != nil {
		return err
	}
	for _, c := range flagged {
		store.Copies.Put(tx, c)
	}
	return nil
}

// writeFlagged writes messages with other flags, and decides on them again when
// they have other labels.
func (r *run) writeFlagged(ctx context.Context, tx *store.Tx, before map[crm.MessageID]crm.Message, now map[crm.MessageID]*crm.Message, relabelled bool, parts []string) error {
	if relabelled {
		again, err := r.decideAgain(ctx, tx, before, now)
		if err != nil {
			return err
		}
		if again != nil {
			again.Write(tx, r.mailbox.ID)
			return nil
		}
	}
	for _, m := range now {
		store.Messages.Put(tx, m)
	}
	return nil
}

// flagCopy gives a copy of a message its flags.
func flagCopy(m *crm.Message, id crm.CopyID, flags []crm.Flag) {
	m.Copies = slices.Clone(m.Copies)
	for i := range m.Copies {
		if m.Copies[i].Copy == id {
			m.Copies[i].Flags = flags
		}
	}
	m.Flags = flagsOf(m.Copies)
}
