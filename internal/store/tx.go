package store

import (
	"context"
	"slices"

	"threadline/internal/crm"
)

// Batch gathers writes without reads: commit them with Space.Commit. The first
// value that cannot be stored spoils the batch.
type Batch struct {
	sp     *Space
	writes []Write
	logged bool // writing to logged collections is allowed
	err    error
}

// Batch starts a batch.
func (sp *Space) Batch() *Batch { return &Batch{sp: sp} }

// Commit applies the batch atomically.
func (b *Batch) Commit(ctx context.Context) error {
	if b.err != nil {
		return b.err
	}
	if len(b.writes) == 0 {
		return nil
	}
	if err := b.sp.store.driver.Commit(ctx, b.writes); err != nil {
		return err
	}
	b.sp.store.ring(b.writes)
	return nil
}

func (b *Batch) add(collection string, logged bool, w Write, v any) {
	if b.err != nil {
		return
	}
	if logged && !b.logged {
		b.err = crm.Errorf(crm.Internal, "store.Batch", "%s is written through Change only", collection)
		return
	}
	if b.err = b.sp.check(w.Key.ID); b.err != nil {
		return
	}
	if v != nil {
		w.Data, b.err = b.sp.store.codec.encode(v)
	}
	b.addEncoded(w)
}

// addEncoded adds a write whose document is encoded.
func (b *Batch) addEncoded(w Write) {
	if b.err == nil && w.Data != nil {
		b.err = b.sp.store.indexes.check(w.Key.Collection, w.Data)
	}
	for _, t := range w.Transforms {
		if b.err == nil {
			b.err = t.check()
		}
	}
	if e, ok := b.err.(*crm.Error); ok && e.Field == "" {
		b.err = e.WithField(w.Key.Collection + "/" + w.Key.ID)
	}
	if b.err == nil {
		b.writes = append(b.writes, w)
	}
}

func (b *Batch) key(collection, id string) Key {
	return Key{Workspace: b.sp.ws, Collection: collection, ID: id}
}

// Writer is where documents are written to: a Batch, or a Tx.
type Writer interface{ batch() *Batch }

func (b *Batch) batch() *Batch { return b }

// Create puts a document that must not exist, else the commit fails with
// crm.Exists.
func (c Collection[T]) Create(w Writer, v *T) { c.put(w, v, Precondition{Must: MustNotExist}) }

// Put puts a document, whatever was there.
func (c Collection[T]) Put(w Writer, v *T) { c.put(w, v, Precondition{}) }

// CreateAll is Create of many, which are encoded on several processors.
func (c Collection[T]) CreateAll(w Writer, vs []*T) {
	c.putAll(w, vs, Precondition{Must: MustNotExist})
}

// PutAll is Put of many, which are encoded on several processors.
func (c Collection[T]) PutAll(w Writer, vs []*T) { c.putAll(w, vs, Precondition{}) }

func (c Collection[T]) putAll(w Writer, vs []*T, pre Precondition) {
	b := w.batch()
	if b.err != nil {
		return
	}
	writes := make([]Write, len(vs))
	b.err = Spread(len(vs), func(from, to int) error {
		piece := Batch{sp: b.sp, logged: b.logged}
		for _, v := range vs[from:to] {
			c.put(&piece, v, pre)
		}
		copy(writes[from:to], piece.writes)
		return piece.err
	})
	if b.err == nil {
		b.writes = append(b.writes, writes...)
	}
}

// PutIf puts a document whose present version must be the given one, else the
// commit fails with crm.Conflict.
func (c Collection[T]) PutIf(w Writer, v *T, version Version) {
	c.put(w, v, Precondition{Must: MustMatch, Version: version})
}

// Delete deletes a document; one that does not exist is no error.
func (c Collection[T]) Delete(w Writer, id string) {
	b := w.batch()
	b.add(c.Name, c.Logged, Write{Key: b.key(c.Name, id)}, nil)
}

// Transform applies transforms to a document, which is made when missing.
func (c Collection[T]) Transform(w Writer, id string, ts ...Transform) {
	b := w.batch()
	if len(ts) == 0 {
		return
	}
	b.add(c.Name, c.Logged, Write{Key: b.key(c.Name, id), Transforms: ts}, nil)
}

func (c Collection[T]) put(w Writer, v *T, pre Precondition) {
	b := w.batch()
	b.add(c.Name, c.Logged, Write{Key: b.key(c.Name, c.id(v)), Pre: pre}, v)
}

// Tx is a transaction: reads first, then writes. Reading after the first write
// is refused, because not every engine can do it.
type Tx struct {
	b    Batch
	r    DriverReader
	seen map[Key]Raw // what was read of logged collections: the "before" of changes
}

func (tx *Tx) batch() *Batch { return &tx.b }

// Transact runs fn with serialisable reads and commits its writes atomically.
// fn may run several times and must have no effect but its writes.
func (sp *Space) Transact(ctx context.Context, fn func(ctx context.Context, tx *Tx) error) error {
	return sp.transact(ctx, false, func(ctx context.Context, tx *Tx) error { return fn(ctx, tx) })
}

// ahead marks contexts of Ahead.
type ahead struct{}

// Ahead lets the function of a transaction run while the commits before it are
// still being written, on an engine that can (Room): it sees what they write,
// and runs again when something that it read has changed by its turn. For
// functions that take long and have no effect at all but their writes, not even
// one that can be repeated. The engine calls laid when a next one can see what
// this one writes.
func Ahead(ctx context.Context, laid func()) context.Context {
	return context.WithValue(ctx, ahead{}, laid)
}

// GoesAhead gives engines what Ahead was given; nil without it.
func GoesAhead(ctx context.Context) (laid func()) {
	laid, _ = ctx.Value(ahead{}).(func())
	return laid
}

func (sp *Space) transact(ctx context.Context, logged bool, fn func(ctx context.Context, tx *Tx) error) error {
	var done []Write
	err := sp.store.driver.Transact(ctx, func(ctx context.Context, r DriverReader) ([]Write, error) {
		tx := &Tx{b: Batch{sp: sp, logged: logged}, r: r, seen: map[Key]Raw{}}
		if err := fn(ctx, tx); err != nil {
			return nil, err
		}
		done = tx.b.writes
		return tx.b.writes, tx.b.err
	})
	if err == nil {
		sp.store.ring(done)
	}
	return err
}

func (tx *Tx) get(ctx context.Context, collection string, ids []string) ([]Raw, error) {
	if err := tx.mayRead(); err != nil {
		return nil, err
	}
	keys, err := tx.b.sp.keys(collection, ids)
	if err != nil {
		return nil, err
	}
	raws, err := tx.r.Get(ctx, keys)
	tx.remember(raws)
	return raws, err
}

func (tx *Tx) query(ctx context.Context, collection string, q Query) ([]Raw, string, error) {
	if err := tx.mayRead(); err != nil {
		return nil, "", err
	}
	raws, next, err := tx.b.sp.page(ctx, tx.r, collection, q)
	tx.remember(raws)
	return raws, next, err
}

func (tx *Tx) room() Room { return tx.b.sp.room() }

func (tx *Tx) decode(raw Raw, v any) error { return tx.b.sp.store.decode(raw, v) }

func (tx *Tx) mayRead() error {
	if tx.b.err != nil {
		return tx.b.err
	}
	if len(tx.b.writes) > 0 {
		return crm.Errorf(crm.Internal, "store.Tx", "a transaction cannot read after it wrote")
	}
	return nil
}

// remember keeps documents of one collection that were read, where changes of it are
// logged.
func (tx *Tx) remember(raws []Raw) {
	if !tx.b.logged || len(raws) == 0 || !slices.Contains(loggedNames(), raws[0].Key.Collection) {
		return
	}
	for _, r := range raws {
		tx.seen[r.Key] = r
	}
}

// Derive runs fn like Transact and lets it write to logged collections what
// follows from other documents, of which no history is kept. The feed tells of it
// by an arrival without messages.
func (sp *Space) Derive(ctx context.Context, fn func(ctx context.Context, tx *Tx) error) error {
	return sp.transact(ctx, true, func(ctx context.Context, tx *Tx) error {
		if err := fn(ctx, tx); err != nil || len(tx.b.writes) == 0 {
			return err
		}
		Tell(tx, &crm.Arrival{})
		return tx.b.err
	})
}

// Tell adds an arrival to the feed under a new id: what happens a second time is
// told a second time. A repeat of the commit finds nothing to tell any more.
func Tell(w Writer, a *crm.Arrival) {
	b := w.batch()
	id, err := b.sp.store.NewID(crm.PrefixArrival)
	if err != nil && b.err == nil {
		b.err = err
	}
	a.ID = id
	Arrivals.Create(w, a)
}

// ChangeInfo says who changes what and why.
type ChangeInfo struct {
	Actor  crm.UserID
	Cause  crm.Cause
	Batch  string // empty starts a new one
	Title  string
	Undoes string
}

// Change runs fn like Transact, lets it write to logged collections, and adds
// a change document with each of their entities before and after: one, unless it
// would be too large. Every
// logged document that fn writes must have been read by it or be created. It
// returns the batch.
func (sp *Space) Change(ctx context.Context, info ChangeInfo, fn func(ctx context.Context, tx *Tx) error) (string, error) {
	id, err := sp.store.NewID(crm.PrefixChange)
	if err == nil && info.Batch == "" {
		info.Batch, err = sp.store.NewID(crm.PrefixBatch)
	}
	if err != nil {
		return "", err
	}
	err = sp.transact(ctx, true, func(ctx context.Context, tx *Tx) error {
		if err := fn(ctx, tx); err != nil || tx.b.err != nil {
			return err
		}
		return tx.logChange(id, info)
	})
	return info.Batch, err
}

// Note adds a change document that changes nothing: what somebody did is to stand in
// the log all the same.
func (sp *Space) Note(ctx context.Context, info ChangeInfo) error {
	id, err := sp.store.NewID(crm.PrefixChange)
	if err == nil && info.Batch == "" {
		info.Batch, err = sp.store.NewID(crm.PrefixBatch)
	}
	if err != nil {
		return err
	}
	b := sp.Batch()
	ChangeLog.Create(b, &crm.Change{ID: id, Batch: info.Batch, Actor: info.Actor, Cause: info.Cause, Title: info.Title, At: sp.store.Now()})
	return b.Commit(ctx)
}

func (tx *Tx) logChange(id string, info ChangeInfo) (err error) {
	ch := crm.Change{
		ID: id, Batch: info.Batch, Actor: info.Actor, Cause: info.Cause,
		Title: info.Title, Undoes: info.Undoes, At: tx.b.sp.store.Now(),
	}
	logged, size := loggedNames(), 0
	log := func() error {
		if len(ch.Entries) > 0 {
			c := ch
			ChangeLog.Create(tx, &c)
		}
		return tx.b.err
	}
	writes := slices.DeleteFunc(slices.Clone(tx.b.writes), func(w Write) bool { return !slices.Contains(logged, w.Key.Collection) })
	for _, w := range lastWrites(writes) {
		before, read := tx.seen[w.Key]
		if !read && w.Pre.Must != MustNotExist {
			return crm.Errorf(crm.Internal, "store.Change", "%s %s was written without being read", w.Key.Collection, w.Key.ID)
		}
		if len(w.Transforms) > 0 {
			return crm.Errorf(crm.Internal, "store.Change", "a logged document cannot be transformed")
		}
		if string(before.Data) == string(w.Data) {
			continue
		}
		n := len(before.Data) + len(w.Data) + 2*len(w.Key.ID) + len(w.Key.Collection) + 40
		if size += n; size > changeBytes && len(ch.Entries) > 0 {
			if err := log(); err != nil {
				return err
			}
			ch.Entries, ch.Touched, size = nil, nil, n
			if ch.ID, err = tx.b.sp.store.NewID(crm.PrefixChange); err != nil {
				return err
			}
		}
		ch.Entries = append(ch.Entries, crm.ChangeEntry{
			Collection: w.Key.Collection, ID: w.Key.ID, Before: before.Data, After: w.Data,
		})
		ch.Touched = append(ch.Touched, w.Key.ID)
	}
	return log()
}

// changeBytes is about how much of a change one document holds: one of Firestore
// has a mebibyte. What is more goes into further ones, of the same moment.
const changeBytes = 950_000

// lastWrites leaves the last write to each document, with the precondition of
// the first.
func lastWrites(writes []Write) []Write {
	at := map[Key]int{}
	var out []Write
	for _, w := range writes {
		if i, again := at[w.Key]; again {
			w.Pre = out[i].Pre
			out[i] = w
			continue
		}
		at[w.Key] = len(out)
		out = append(out, w)
	}
	return out
}

// PutEncoded puts or, with nil data, deletes a document of a logged collection
// in stored form: undo writes back what a change kept.
func (tx *Tx) PutEncoded(collection, id string, data []byte) {
	b := &tx.b
	if b.err == nil && (!b.logged || !slices.Contains(loggedNames(), collection)) {
		b.err = crm.Errorf(crm.Internal, "store.PutEncoded", "%s is not a logged collection", collection)
	}
	if b.err == nil {
		b.err = b.sp.check(id)
	}
	b.addEncoded(Write{Key: b.key(collection, id), Data: data})
}

// GetEncoded reads documents of one collection in stored form.
func (tx *Tx) GetEncoded(ctx context.Context, collection string, ids []string) ([]Raw, error) {
	return tx.get(ctx, collection, ids)
}

// Saw tells whether the transaction of a change read the document and found it.
func (tx *Tx) Saw(collection, id string) bool { return tx.seen[tx.b.key(collection, id)].Data != nil }

func loggedNames() []string {
	var out []string
	for _, c := range CollectionInfos() {
		if c.Logged {
			out = append(out, c.Name)
		}
	}
	return out
}
