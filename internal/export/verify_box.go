package export

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// boxTally is a folder and what was counted of its copies and exceptions.
type boxTally struct {
	box    crm.Box
	counts crm.Counts
	keys   map[uint64][]crm.Key // of copies, by epoch
}

func (v *verifier) loadBoxes(ctx context.Context) error {
	docs, err := store.Boxes.All(ctx, v.sp, store.Query{})
	v.boxes = map[crm.BoxID]*boxTally{}
	for _, d := range docs {
		v.boxes[d.Value.ID] = newTally(d.Value)
		if _, ok := v.owners[d.Value.Mailbox]; !ok {
			v.find(store.Boxes.Name, string(d.Value.ID), todoTell, "it belongs to mailbox %s, which does not exist", d.Value.Mailbox)
		}
	}
	return err
}

// known loads a folder that has come since the others were loaded.
func (v *verifier) known(ctx context.Context, id crm.BoxID) error {
	if _, ok := v.boxes[id]; ok || id == "" {
		return nil
	}
	docs, err := store.Boxes.GetMany(ctx, v.sp, []string{string(id)})
	if err == nil && docs[0].Exists() {
		v.boxes[id] = newTally(docs[0].Value)
		err = v.knownMailbox(ctx, docs[0].Value.Mailbox)
	}
	return err
}

func newTally(b crm.Box) *boxTally { return &boxTally{box: b, keys: map[uint64][]crm.Key{}} }

// add counts a copy; those of an earlier epoch wait to be taken off and do not
// count.
func (t *boxTally) add(c *crm.Copy) {
	t.keys[c.Epoch] = append(t.keys[c.Epoch], c.Key)
	if c.Epoch != t.box.Epoch {
		return
	}
	switch c.State {
	case crm.CopyStored:
		t.counts.Stored++
	case crm.CopySkipped:
		if t.counts.Skipped == nil {
			t.counts.Skipped = map[crm.SkipReason]int64{}
		}
		t.counts.Skipped[c.Skip]++
	case crm.CopyDead:
		if t.counts.Dead == nil {
			t.counts.Dead = map[crm.DeadReason]int64{}
		}
		t.counts.Dead[c.Dead]++
	}
}

// checkCopies looks at each copy and at the message that it is one of.
func (v *verifier) checkCopies(ctx context.Context) error {
	err := store.Copies.Each(ctx, v.sp, store.Query{Limit: store.MaxLimit}, func(d store.Doc[crm.Copy]) error {
		v.step()
		c := &d.Value
		if err := v.known(ctx, c.Box); err != nil {
			return err
		}
		v.copy(c)
		if t := v.boxes[c.Box]; t != nil {
			t.add(c)
		}
		listed, ok := v.copies[c.ID]
		delete(v.copies, c.ID)
		if c.State == crm.CopyStored && ok && listed == c.Message || c.State != crm.CopyStored && !ok {
			return nil
		}
		return v.again(ctx, func(ctx context.Context, r *store.Tx) ([]Finding, error) { return mutual(ctx, r, c.ID, listed) })
	})
	if err != nil {
		return err
	}
	for _, id := range slices.Sorted(maps.Keys(v.copies)) { // listed and not found
		m := v.copies[id]
		if err := v.again(ctx, func(ctx context.Context, r *store.Tx) ([]Finding, error) { return mutual(ctx, r, id, m) }); err != nil {
			return err
		}
	}
	return nil
}

// copy looks at one copy by itself.
func (v *verifier) copy(c *crm.Copy) {
	at := func(format string, args ...any) { v.find(store.Copies.Name, string(c.ID), todoSync, format, args...) }
	t := v.boxes[c.Box]
	switch {
	case t == nil:
		at("it lies in folder %s, which does not exist", c.Box)
	case t.box.Mailbox != c.Mailbox:
		at("it names another mailbox than its folder")
	}
	stored, skipped, dead := c.State == crm.CopyStored, c.State == crm.CopySkipped, c.State == crm.CopyDead
	if !stored && !skipped && !dead {
		at("it is neither stored nor skipped nor dead")
	}
	if stored != (c.Message != "") || skipped != (c.Skip != "") || dead != (c.Dead != "") {
		at("what became of it (%s) and the message or the reason that it names do not fit", c.State)
	}
}

// mutual checks that a copy and its message name each other. listed is a
// message that was seen to list the copy, or "".
func mutual(ctx context.Context, r store.Reader, id crm.CopyID, listed crm.MessageID) ([]Finding, error) {
	copies, err := store.Copies.GetMany(ctx, r, []string{string(id)})
	if err != nil {
		return nil, err
	}
	c := copies[0]
	ask := []string{}
	for _, m := range []crm.MessageID{c.Value.Message, listed} {
		if m != "" && !slices.Contains(ask, string(m)) {
			ask = append(ask, string(m))
		}
	}
	messages, err := store.Messages.GetMany(ctx, r, ask)
	if err != nil {
		return nil, err
	}
	var out []Finding
	for _, m := range messages {
		lists := slices.ContainsFunc(m.Value.Copies, func(x crm.CopyRef) bool { return x.Copy == id })
		names := c.Exists() && c.Value.State == crm.CopyStored && c.Value.Message == m.Value.ID
		switch {
		case names && !m.Exists():
			out = append(out, Finding{store.Copies.Name, string(id), fmt.Sprintf("it is stored as %s, which does not exist", m.Value.ID), todoSync})
		case names && !lists:
			out = append(out, Finding{store.Copies.Name, string(id), fmt.Sprintf("it is stored as %s, which does not list it", m.Value.ID), todoSync})
		case lists && !c.Exists():
			out = append(out, Finding{store.Messages.Name, string(m.Value.ID), fmt.Sprintf("it lists copy %s, which does not exist", id), todoSync})
		case lists && !names:
			out = append(out, Finding{store.Messages.Name, string(m.Value.ID), fmt.Sprintf("it lists copy %s, which is not one of it", id), todoSync})
		}
	}
	return out, nil
}

// checkQueue looks at the exceptions: each waits in a folder that exists, and
// is not at the same time settled.
func (v *verifier) checkQueue(ctx context.Context) error {
	for _, t := range v.boxes {
		for _, keys := range t.keys {
			slices.Sort(keys)
		}
	}
	return store.Queue.Each(ctx, v.sp, store.Query{Limit: store.MaxLimit}, func(d store.Doc[crm.Queued]) error {
		v.step()
		q := &d.Value
		if err := v.known(ctx, q.Box); err != nil {
			return err
		}
		t := v.boxes[q.Box]
		if t == nil || v.owners[q.Mailbox] == "" {
			v.find(store.Queue.Name, q.ID, todoTell, "it waits in a folder or a mailbox that does not exist")
			return nil
		}
		if q.Epoch == t.box.Epoch {
			t.counts.Retrying++
		}
		if _, settled := slices.BinarySearch(t.keys[q.Epoch], q.Key); !settled {
			return nil
		}
		return v.again(ctx, func(ctx context.Context, r *store.Tx) ([]Finding, error) { return settledTwice(ctx, r, q) })
	})
}

// settledTwice reports a copy that waits and has a document already.
func settledTwice(ctx context.Context, r store.Reader, q *crm.Queued) ([]Finding, error) {
	docs, err := store.Queue.GetMany(ctx, r, []string{q.ID})
	if err != nil || !docs[0].Exists() {
		return nil, err
	}
	t, err := recount(ctx, r, q.Box)
	if err != nil || !slices.Contains(t.keys[q.Epoch], q.Key) {
		return nil, err
	}
	return []Finding{{store.Queue.Name, q.ID, fmt.Sprintf("copy %d of folder %s waits and is settled already", q.Key, t.box.Name), todoSync}}, nil
}

// checkBoxes compares what was counted with the counters of each folder.
func (v *verifier) checkBoxes(ctx context.Context) error {
	for _, id := range slices.Sorted(maps.Keys(v.boxes)) {
		if len(v.boxes[id].faults()) == 0 {
			continue
		}
		err := v.again(ctx, func(ctx context.Context, r *store.Tx) ([]Finding, error) {
			t, err := recount(ctx, r, id)
			if err != nil || t.box.ID == "" {
				return nil, err
			}
			return t.faults(), nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// recount counts one folder anew; its box has no ID when it is gone.
func recount(ctx context.Context, r store.Reader, id crm.BoxID) (*boxTally, error) {
	docs, err := store.Boxes.GetMany(ctx, r, []string{string(id)})
	if err != nil || !docs[0].Exists() {
		return newTally(crm.Box{}), err
	}
	t := newTally(docs[0].Value)
	q := store.Query{Where: []store.Filter{store.Is("box", id),
		store.OneOf("state", []crm.CopyState{crm.CopyStored, crm.CopySkipped, crm.CopyDead})}, Order: "key", Limit: store.MaxLimit}
	err = store.Copies.Each(ctx, r, q, func(d store.Doc[crm.Copy]) error { t.add(&d.Value); return nil })
	if err != nil {
		return t, err
	}
	waiting := store.Query{Where: []store.Filter{store.Is("mailbox", t.box.Mailbox)}, Order: "next_at", Limit: store.MaxLimit}
	err = store.Queue.Each(ctx, r, waiting, func(d store.Doc[crm.Queued]) error {
		if d.Value.Box == id && d.Value.Epoch == t.box.Epoch {
			t.counts.Retrying++
		}
		return nil
	})
	return t, err
}

// faults compares the counters of a folder with what was counted, and checks
// its equation. Skipped by since-date or with its whole folder, a copy has no
// document and is not counted again.
func (t *boxTally) faults() []Finding {
	var out []Finding
	at := func(format string, args ...any) {
		out = append(out, Finding{store.Boxes.Name, string(t.box.ID), "folder " + t.box.Name + ": " + fmt.Sprintf(format, args...), todoSync})
	}
	have := t.box.Counts
	if have.Stored != t.counts.Stored {
		at("it counts %d stored copies and has %d", have.Stored, t.counts.Stored)
	}
	if have.Retrying != t.counts.Retrying {
		at("it counts %d copies that are tried again and has %d", have.Retrying, t.counts.Retrying)
	}
	for _, why := range reasons(have.Skipped, t.counts.Skipped) {
		if why != crm.SkipSince && why != crm.SkipStranger && why != t.box.Skip && have.Skipped[why] != t.counts.Skipped[why] {
			at("it counts %d copies skipped as %s and has %d", have.Skipped[why], why, t.counts.Skipped[why])
		}
	}
	for _, why := range reasons(have.Dead, t.counts.Dead) {
		if have.Dead[why] != t.counts.Dead[why] {
			at("it counts %d dead letters (%s) and has %d", have.Dead[why], why, t.counts.Dead[why])
		}
	}
	if have.Total() != t.box.Server && !t.box.Relist {
		at("%d copies are on the server and %d are accounted for", t.box.Server, have.Total())
	}
	if wrong := t.box.Known.Minus(crm.Keys(t.keys[t.box.Epoch]...)).Size(); wrong > 0 {
		at("it says that it knows %d copies which do not exist", wrong)
	}
	for epoch, keys := range t.keys {
		slices.Sort(keys)
		if len(slices.Compact(slices.Clone(keys))) != len(keys) {
			at("a copy of numbering %d is there twice", epoch)
		}
	}
	return out
}

func reasons[K ~string](a, b map[K]int64) []K {
	out := slices.AppendSeq(slices.Collect(maps.Keys(a)), maps.Keys(b))
	slices.Sort(out)
	return slices.Compact(out)
}
