package engine

import (
	"bytes"
	"context"
	"slices"

	"threadline/internal/crm"
	"threadline/internal/ledger"
	"threadline/internal/match"
	"threadline/internal/store"
)

// group is what one transaction stores: fetched copies of one folder, and the
// keys that are settled by it.
type group struct {
	work work
	mail []*arrived
	done crm.KeySet // covered keys, among them those that do not exist
	size int64

	laid func() // called when the next group can be decided on, nil for nobody
}

// commit stores a group: messages, bodies, copies, links, threads, counters and
// what is left to fetch, in one fenced transaction. A repeat changes nothing.
func (r *run) commit(ctx context.Context, g *group) error {
	if g.laid != nil && g.clean() {
		ctx = store.Ahead(ctx, g.laid)
	}
	return r.lease.Fenced(ctx, func(ctx context.Context, tx *store.Tx) error {
		t, err := r.read(ctx, tx, g)
		if err != nil || t == nil {
			return err
		}
		for _, stubs := range []bool{false, true} { // a stub joins the text that comes with it
			for _, a := range g.mail {
				if a.message.Stub == stubs {
					t.take(a)
				}
			}
		}
		t.absorbStubs()
		out, err := t.link(ctx, tx)
		if err != nil {
			return err
		}
		t.settle()
		if err := t.keepBlobs(ctx); err != nil {
			return err
		}
		t.write(tx, out)
		return nil
	})
}

// clean tells whether deciding on the group writes nothing outside of its
// transaction, not even blobs.
func (g *group) clean() bool {
	return !slices.ContainsFunc(g.mail, func(a *arrived) bool { return len(a.blobs) > 0 })
}

// tally is one group's transaction: what was read, and what it becomes.
type tally struct {
	run      *run
	g        *group
	box      crm.Box
	excluded *match.Exclusions
	copies   map[crm.CopyID]crm.Copy
	stored   map[crm.MessageID]crm.Message
	bodies   map[crm.MessageID]crm.Body // of stored messages in the group
	queued   map[crm.Key]crm.Queued
	texts    map[crm.MessageID][]crm.MessageID // stub → messages with its header and a text

	drafts  []*ledger.Draft
	byID    map[crm.MessageID]*ledger.Draft
	newBody map[crm.MessageID]*crm.Body
	putCopy []*crm.Copy
	fresh   map[crm.CopyID]bool
	gone    []crm.MessageID // stubs that found their text
	blobs   [][]byte
}

// read loads everything that the group touches; nil when the folder has begun
// a new epoch, which voids the group.
func (r *run) read(ctx context.Context, tx *store.Tx, g *group) (*tally, error) {
	box, err := store.Boxes.Get(ctx, tx, string(g.work.box))
	if err != nil {
		return nil, err
	}
	if box.Value.Epoch != g.work.epoch {
		return nil, nil
	}
	t := &tally{run: r, g: g, box: box.Value,
		copies: map[crm.CopyID]crm.Copy{}, stored: map[crm.MessageID]crm.Message{}, bodies: map[crm.MessageID]crm.Body{},
		queued: map[crm.Key]crm.Queued{}, byID: map[crm.MessageID]*ledger.Draft{}, newBody: map[crm.MessageID]*crm.Body{}, texts: map[crm.MessageID][]crm.MessageID{}, fresh: map[crm.CopyID]bool{}}
	if t.excluded, err = exclusions(ctx, tx); err != nil {
		return nil, err
	}
	return t, t.load(ctx, tx)
}

func (t *tally) load(ctx context.Context, tx *store.Tx) error {
	var copies, messages, queued []string
	for _, a := range t.g.mail {
		copies = append(copies, string(a.copy.ID))
		messages = append(messages, string(a.message.ID), string(a.stubID))
	}
	for k := range t.g.work.queued {
		queued = append(queued, queueID(t.run.build.key, t.box.ID, t.box.Epoch, k))
	}
	slices.Sort(messages)
	docs, err := store.Copies.GetMany(ctx, tx, copies)
	if err != nil {
		return err
	}
	for _, d := range docs {
		if d.Exists() {
			t.copies[d.Value.ID] = d.Value
		}
	}
	if err := t.loadMessages(ctx, tx, slices.Compact(messages)); err != nil {
		return err
	}
	if err := t.loadTexts(ctx, tx); err != nil {
		return err
	}
	waiting, err := store.Queue.GetMany(ctx, tx, queued)
	for _, d := range waiting {
		if d.Exists() {
			t.queued[d.Value.Key] = d.Value
		}
	}
	return err
}

func (t *tally) loadMessages(ctx context.Context, tx *store.Tx, ids []string) error {
	docs, err := store.Messages.GetMany(ctx, tx, ids)
	if err != nil {
		return err
	}
	var known []string
	for _, d := range docs {
		if d.Exists() {
			t.stored[d.Value.ID] = d.Value
			known = append(known, string(d.Value.ID))
		}
	}
	bodies, err := store.Bodies.GetMany(ctx, tx, known)
	for _, d := range bodies {
		if d.Exists() {
			t.bodies[d.Value.ID] = d.Value
		}
	}
	return err
}

// take joins one copy into the state.
func (t *tally) take(a *arrived) {
	c := a.copy
	have, known := t.copies[c.ID]
	if why := t.neverStored(a); why != "" {
		c.State, c.Message, c.Skip, c.Flags = crm.CopySkipped, "", why, nil
		c.Hash = crm.DerivedID("hash", t.run.build.key, string(a.message.RFCID))
	} else if t.box.Role == crm.RoleAll && slices.Contains(c.Flags, crm.FlagDraft) {
		c.State, c.Message, c.Skip = crm.CopySkipped, "", crm.SkipDraft
	} else {
		c.Message = t.join(a)
		t.blobs = append(t.blobs, a.blobs...)
	}
	t.count(have, known, c)
	t.fresh[c.ID] = !known
	t.copies[c.ID] = c
	t.putCopy = append(t.putCopy, &c)
}

// keepBlobs makes durable what the bodies name. It comes this late so that
// nothing is left of mail that must never be stored.
func (t *tally) keepBlobs(ctx context.Context) error {
	for _, data := range t.blobs {
		if _, err := t.run.cfg.Blobs.Put(ctx, t.run.sp.Workspace(), data); err != nil {
			return err
		}
	}
	return nil
}

// count moves a copy between the counters of its box.
func (t *tally) count(have crm.Copy, known bool, c crm.Copy) {
	if known {
		addCount(&t.box.Counts, have, -1)
	} else if q, was := t.queued[c.Key]; was && q.Epoch == c.Epoch {
		t.box.Counts.Retrying--
	} else {
		t.box.Counts.Queued = max(t.box.Counts.Queued-1, 0)
	}
	addCount(&t.box.Counts, c, +1)
}

// addCount adds n to the counter that a copy belongs to.
func addCount(counts *crm.Counts, c crm.Copy, n int64) {
	switch c.State {
	case crm.CopyStored:
		counts.Stored += n
	case crm.CopySkipped:
		if counts.Skipped == nil {
			counts.Skipped = map[crm.SkipReason]int64{}
		}
		if counts.Skipped[c.Skip] += n; counts.Skipped[c.Skip] == 0 {
			delete(counts.Skipped, c.Skip)
		}
	case crm.CopyDead:
		if counts.Dead == nil {
			counts.Dead = map[crm.DeadReason]int64{}
		}
		if counts.Dead[c.Dead] += n; counts.Dead[c.Dead] == 0 {
			delete(counts.Dead, c.Dead)
		}
	}
}

// join merges the copy's message into what is known of it and returns its id:
// that of the message, or of the one whose text it lacks.
func (t *tally) join(a *arrived) crm.MessageID {
	id := a.message.ID
	if texts := t.texts[id]; a.message.Stub && len(texts) == 1 {
		return t.joinText(a, texts[0])
	}
	if !a.message.Stub {
		t.hasText(a.stubID, id)
	}
	if d := t.byID[id]; d != nil {
		add(d.Message, &a.message)
		t.keepBody(id, a.body)
		return id
	}
	next := a.message
	draft := &ledger.Draft{Message: &next, Historical: next.Date < t.run.mailbox.CreatedAt}
	if old, ok := t.stored[id]; ok {
		merged := old
		add(&merged, &a.message)
		draft.Message, draft.Old = &merged, &old
	}
	t.byID[id] = draft
	t.drafts = append(t.drafts, draft)
	t.keepBody(id, a.body)
	return id
}

// keepBody chooses one body for copies whose headers differ, whatever their
// order: the one whose bytes are smaller.
func (t *tally) keepBody(id crm.MessageID, b crm.Body) {
	have, known := t.bodies[id]
	if n := t.newBody[id]; n != nil {
		have, known = *n, true
	}
	if !known || bytes.Compare(bodyKey(b), bodyKey(have)) < 0 {
		t.newBody[id] = &b
	}
}

func bodyKey(b crm.Body) []byte {
	if b.Blob != "" {
		return []byte(b.Blob)
	}
	return b.Data
}

// settle takes the group's keys off what is left to fetch. An exception that
// was not yielded does not exist any more.
func (t *tally) settle() {
	t.box.Live = t.box.Live.Minus(t.g.done)
	t.box.Pending = t.box.Pending.Minus(t.g.done)
	know(&t.box, t.keys())
	if outOfStep(&t.box) { // something vanished before it was fetched, or was told twice: count again
		t.box.Relist = true
	}
	for k, q := range t.queued {
		id := copyID(t.run.build.key, t.box.ID, t.box.Epoch, k)
		if _, arrived := t.copies[id]; !arrived && q.Epoch == t.box.Epoch {
			t.box.Counts.Retrying = max(t.box.Counts.Retrying-1, 0)
		}
	}
}

// keys are those of the group's copies.
func (t *tally) keys() crm.KeySet {
	keys := make([]crm.Key, len(t.g.mail))
	for i, a := range t.g.mail {
		keys[i] = a.copy.Key
	}
	return crm.Keys(keys...)
}

func (t *tally) write(tx *store.Tx, out *ledger.Outcome) {
	for _, c := range t.putCopy {
		if t.fresh[c.ID] {
			store.Copies.Create(tx, c)
		} else {
			store.Copies.Put(tx, c)
		}
	}
	for id, b := range t.newBody {
		if _, known := t.bodies[id]; known {
			store.Bodies.Put(tx, b)
		} else {
			store.Bodies.Create(tx, b)
		}
	}
	for _, id := range t.gone {
		store.Messages.Delete(tx, string(id))
		store.Bodies.Delete(tx, string(id))
	}
	for k := range t.queued {
		store.Queue.Delete(tx, queueID(t.run.build.key, t.box.ID, t.box.Epoch, k))
	}
	store.Boxes.Put(tx, &t.box)
	out.Write(tx, t.run.mailbox.ID)
}
