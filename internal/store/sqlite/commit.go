package sqlite

import (
	"context"
	"errors"
	"sync"
	"time"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// Commits that wait together share one transaction of SQLite and one sync of
// the disk, but a group takes no new one after groupTime.
const (
	groupJobs = 64
	groupTime = 20 * time.Millisecond
)

// job is one commit or one transaction on its way through the writer.
type job struct {
	ctx    context.Context
	writes []store.Write
	turn   chan *txReader // of a transaction: its time to read has come
	back   chan decision  // of a transaction: what its function wants
	ahead  *aheadReader   // of a transaction whose function has run already, on this
	early  decision       // what it wanted then
	laid   func()         // of a transaction: called when its batch is published, if not nil
	done   chan error
}

// decision is what the function of a transaction returned.
type decision struct {
	writes []store.Write
	err    error
}

// inside marks the context of a transaction's function.
type inside struct{}

// Room implements store.Driver. SQLite takes more; this bounds how long others
// wait for the writer.
func (d *Driver) Room() store.Room {
	return store.Room{Writes: 20_000, Bytes: 32 << 20, Ahead: true, Width: width, AtOnce: 1}
}

// Alone implements store.Driver: the lock keeps others out.
func (d *Driver) Alone() bool { return true }

// Commit implements store.Driver.
func (d *Driver) Commit(ctx context.Context, writes []store.Write) error {
	return d.submit(&job{ctx: ctx, writes: writes, done: make(chan error, 1)})
}

// submit hands a job to the writer and, unless it is a transaction, waits until
// it is on disk or failed. A job that was taken is finished whatever becomes of
// its context, so that the answer is never a guess.
func (d *Driver) submit(j *job) error {
	if j.ctx.Value(inside{}) == d {
		return crm.Errorf(crm.Internal, "sqlite.Commit", "a transaction's function cannot commit by itself")
	}
	if err := ended(j.ctx, "sqlite.Commit"); err != nil {
		return err
	}
	select {
	case d.jobs <- j:
	case <-j.ctx.Done():
		return ended(j.ctx, "sqlite.Commit")
	case <-d.closing:
		return errClosed()
	}
	if j.turn != nil {
		return nil
	}
	return <-j.done
}

func errClosed() error {
	return crm.Errorf(crm.Unavailable, "sqlite.Commit", "the database is closed")
}

// txFunc is the function of a transaction.
type txFunc func(context.Context, store.DriverReader) ([]store.Write, error)

// Transact implements store.Driver: fn reads on the writer's connection while
// nobody else writes, or ahead of its turn (ahead.go).
func (d *Driver) Transact(ctx context.Context, fn func(context.Context, store.DriverReader) ([]store.Write, error)) error {
	j := &job{ctx: ctx, turn: make(chan *txReader), back: make(chan decision), done: make(chan error, 1)}
	if j.laid = store.GoesAhead(ctx); j.laid != nil {
		defer d.runAhead(j, fn)()
	}
	if err := d.submit(j); err != nil {
		return err
	}
	select {
	case r := <-j.turn:
		return d.decide(j, r, fn)
	case err := <-j.done:
		return err
	}
}

func (d *Driver) decide(j *job, r *txReader, fn txFunc) error {
	ctx := context.WithValue(j.ctx, inside{}, d)
	out := decision{err: crm.Errorf(crm.Internal, "sqlite.Transact", "the function did not return")}
	returned := false
	defer func() {
		if !returned { // a panic must not leave the writer waiting
			r.end()
			j.back <- out
			<-j.done
		}
	}()
	out.writes, out.err = fn(ctx, r)
	for out.err == nil && d.rerun != nil && d.rerun() {
		out.writes, out.err = fn(ctx, r)
	}
	returned = true
	r.end()
	j.back <- out
	return <-j.done
}

// write owns the writer's connection until the driver closes.
func (d *Driver) write() {
	defer close(d.written)
	for {
		select {
		case j := <-d.jobs:
			d.group(j)
		case <-d.closing:
			return
		}
	}
}

// group runs the first job and whatever waits behind it in one transaction of
// SQLite and answers them after its commit.
func (d *Driver) group(first *job) {
	if err := d.writer.exec(`BEGIN IMMEDIATE`); err != nil {
		first.done <- err
		return
	}
	before, start := d.clock, time.Now()
	d.adds = 0
	var good []*job
	var broken error
	for j := first; j != nil && broken == nil; j = d.waiting(len(good), start) {
		err, engine := d.run(j)
		switch {
		case engine:
			broken = err
			good = append(good, j)
		case err != nil:
			j.done <- err
		default:
			good = append(good, j)
		}
	}
	if broken == nil {
		broken = d.finish(before)
	}
	d.front.settle(broken == nil)
	d.writer.names.settle(broken == nil)
	if broken == nil && d.clock != before {
		d.grow(d.adds)
	}
	if broken != nil {
		d.clock = before
		_ = d.writer.exec(`ROLLBACK`) // SQLite may have rolled back already; the cause is broken
	}
	for _, j := range good {
		j.done <- broken
	}
}

// waiting returns the next job of the group, nil when it is time to commit.
func (d *Driver) waiting(jobs int, start time.Time) *job {
	if jobs >= groupJobs || time.Since(start) > groupTime {
		return nil
	}
	select {
	case j := <-d.jobs:
		return j
	default:
		return nil
	}
}

func (d *Driver) finish(before clock) error {
	if d.clock != before {
		err := d.writer.exec(`UPDATE clock SET version = ?, seq = ?, doc = ?`, d.clock.version, d.clock.seq, d.clock.doc)
		if err != nil {
			return err
		}
	}
	return d.writer.exec(`COMMIT`)
}

// run does one job. engine tells that SQLite failed and the whole group is
// lost; otherwise a failed job has left nothing.
func (d *Driver) run(j *job) (err error, engine bool) {
	b := &batch{
		s: d.writer, codec: d.codec, indexes: d.indexes, clock: &d.clock,
		now: crm.At(d.now()), ixs: map[ixKey]int64{},
	}
	writes := j.writes
	if j.turn != nil {
		out := d.wants(j, b)
		if out.err != nil {
			return out.err, false
		}
		writes = out.writes
	}
	if len(writes) == 0 {
		return nil, false
	}
	if err := b.plan(writes); err != nil {
		return err, false
	}
	if err := b.lay(); err != nil {
		return err, true
	}
	d.front.publish(b, j.ahead)
	if j.laid != nil {
		j.laid()
	}
	if d.hold != nil {
		d.hold()
	}
	if err := b.apply(); err != nil {
		return err, true
	}
	d.adds += b.bytes()
	return nil, false
}

// wants is what the function of a transaction wants to be written: what it said
// when it ran ahead, if that still holds, and else what it says now.
func (d *Driver) wants(j *job, b *batch) decision {
	// What failed is tried again: what it read may not have been so.
	if j.ahead != nil && j.early.err == nil && d.front.holds(j.ahead) {
		b.known = j.ahead.known
		return j.early
	}
	r := &txReader{reading: reading{known: map[store.Key]row{}}, s: d.writer}
	j.turn <- r
	out := <-j.back
	b.known = r.known
	return out
}

// txReader reads for a transaction.
type txReader struct {
	reading
	s *session
}

// reading is what a transaction has read: it remembers what it saw so that the
// commit does not read it again.
type reading struct {
	mu    sync.Mutex
	known map[store.Key]row
	done  bool
}

var errOver = errors.New("the transaction is over")

func (r *reading) end() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.done = true
}

func (r *reading) begin(ctx context.Context, op crm.Op) error {
	if r.done {
		return crm.E(crm.Internal, op, "", errOver)
	}
	return ended(ctx, op)
}

// get returns what is known of the keys, and asks s for the others.
func (r *reading) get(s *session, keys []store.Key) ([]store.Raw, error) {
	var ask []store.Key
	for _, k := range keys {
		if _, ok := r.known[k]; !ok {
			ask = append(ask, k)
		}
	}
	if len(ask) > 0 {
		have, err := s.rows(ask)
		if err != nil {
			return nil, err
		}
		for _, k := range ask {
			r.known[k] = have[k]
		}
	}
	return raws(keys, r.known), nil
}

// keep remembers documents that were read.
func (r *reading) keep(list []found) {
	for _, f := range list {
		if f.row.data != nil {
			r.known[f.key] = f.row
		}
	}
}

// Get implements store.DriverReader.
func (r *txReader) Get(ctx context.Context, keys []store.Key) ([]store.Raw, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := r.begin(ctx, "sqlite.Get"); err != nil {
		return nil, err
	}
	return r.get(r.s, keys)
}

// Query implements store.DriverReader.
func (r *txReader) Query(ctx context.Context, p *store.Plan) ([]store.Raw, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := r.begin(ctx, "sqlite.Query"); err != nil {
		return nil, err
	}
	list, err := r.s.query(ctx, p)
	if err != nil {
		return nil, err
	}
	r.keep(list)
	return rawsOf(list), nil
}
