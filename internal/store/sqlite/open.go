package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"net/url"
	"path/filepath"
	"sync"
	"time"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// readers is the number of connections that read beside the writer.
const readers = 4

// mapped lets readers see the pages of the file where the system keeps them
// instead of copying each. The writer does not: a disk error under a mapping is
// a fault of the process, and what it writes goes through the journal.
const mapped = `PRAGMA mmap_size = 268435456`

// writerCache is what the writer keeps of the file, in KiB: of 40,000 mails it
// is as quick with this as with four times as much, and with half of it slower. What
// is cached takes half as much again, because a page and what SQLite notes beside
// it fill no power of two. The others keep a little (dsn): what the system holds
// of the file is mapped, or read without a disk.
const writerCache = `PRAGMA cache_size = -8192`

const queryOnly = `PRAGMA query_only = 1`

// Options are the values that come in from outside.
type Options struct {
	Now func() time.Time // required
	// Rerun, when set, is asked after each run of a transaction's function
	// whether to discard its writes and run it once more: for tests.
	Rerun func() bool
}

// Driver is an open database file. It is safe for concurrent use.
type Driver struct {
	path    string
	lock    *lock
	db      *sql.DB
	names   *names
	indexes *store.Indexes
	codec   *store.Codec
	now     func() time.Time
	rerun   func() bool
	hold    func() // for tests: called when a batch is known and not yet written
	front   *front

	writer  *session // used by write, and by a transaction that has its turn
	clock   clock
	jobs    chan *job
	written chan struct{} // closed when write has returned
	adds    int64         // bytes of the commit at hand; of write
	journal int64         // bytes written since the journal was last copied; of write

	scout    *session // reads for the transaction that runs ahead
	scouting sync.Mutex

	copier *session
	full   chan struct{} // holds one value when the journal is to be copied
	copied chan struct{} // closed when checkpoint has returned

	idle    chan *session
	closing chan struct{}
	once    sync.Once
}

var _ store.Driver = (*Driver)(nil)

// Open opens the database at path, or makes it when there is nothing, and
// brings its schema and its index entries up to date. It fails with
// crm.Conflict when another process has it open, and with crm.Invalid when the
// file is something else or made by a newer program.
func Open(ctx context.Context, path string, indexes *store.Indexes, o Options) (_ *Driver, err error) {
	path, err = filepath.Abs(path)
	if err != nil {
		return nil, crm.E(crm.Invalid, "sqlite.Open", "the path of the database cannot be used", err)
	}
	codec, err := store.NewCodec()
	if err != nil {
		return nil, err
	}
	l, err := acquire(path+".lock", o.Now())
	if err != nil {
		return nil, err
	}
	d := &Driver{
		path: path, lock: l, names: newNames(indexes), indexes: indexes, codec: codec, now: o.Now, rerun: o.Rerun, front: &front{},
		jobs: make(chan *job), written: make(chan struct{}), full: make(chan struct{}, 1), copied: make(chan struct{}),
		idle: make(chan *session, readers), closing: make(chan struct{}),
	}
	defer func() {
		if err != nil {
			d.release()
		}
	}()
	if err := prepare(ctx, path); err != nil {
		return nil, err
	}
	if err := d.connect(ctx, path); err != nil {
		return nil, err
	}
	go d.write()
	go d.checkpoint(d.copier)
	return d, nil
}

// connect opens the connections of a file that was checked and migrated.
func (d *Driver) connect(ctx context.Context, path string) (err error) {
	if d.db, err = sql.Open("sqlite", dsn(path)); err != nil {
		return failure("sqlite.Open", err)
	}
	d.db.SetMaxOpenConns(readers + 3)
	d.db.SetMaxIdleConns(readers + 3)
	if d.writer, err = newSession(ctx, d.db, d.names); err != nil {
		return err
	}
	for _, p := range []string{writerCache, journalPages} {
		if err := d.writer.exec(p); err != nil {
			return err
		}
	}
	if err := d.names.load(d.writer); err != nil {
		return err
	}
	err = d.writer.each(ctx, `SELECT version, seq, doc FROM clock`, nil, func(r *sql.Rows) error {
		return r.Scan(&d.clock.version, &d.clock.seq, &d.clock.doc)
	})
	if err != nil {
		return err
	}
	if err := d.reindex(ctx); err != nil {
		return err
	}
	if d.copier, err = newSession(ctx, d.db, d.names); err != nil {
		return err
	}
	if d.scout, err = newSession(ctx, d.db, d.names); err != nil {
		return err
	}
	if err := d.scout.exec(queryOnly); err != nil {
		return err
	}
	for range readers {
		s, err := newReader(ctx, d.db, d.names)
		if err != nil {
			return err
		}
		d.idle <- s
	}
	return nil
}

func newReader(ctx context.Context, db *sql.DB, names *names) (*session, error) {
	s, err := newSession(ctx, db, names)
	if err != nil {
		return nil, err
	}
	for _, p := range []string{queryOnly, mapped} {
		if err := s.exec(p); err != nil {
			return nil, errors.Join(err, s.close())
		}
	}
	return s, nil
}

// dsn sets what every connection needs; SQLite forgets these with the
// connection.
func dsn(path string) string {
	q := url.Values{"_pragma": {
		"page_size(8192)", // of a new file: a group writes fewer frames to the journal
		"busy_timeout(5000)", "journal_mode(WAL)", "synchronous(FULL)", "temp_store(MEMORY)", "cache_size(-2048)",
	}}
	return (&url.URL{Scheme: "file", OmitHost: true, Path: path, RawQuery: q.Encode()}).String()
}

// read runs f on one of the reading connections.
func (d *Driver) read(ctx context.Context, op crm.Op, f func(*session) error) error {
	if err := ended(ctx, op); err != nil {
		return err
	}
	select {
	case s := <-d.idle:
		defer func() { d.idle <- s }()
		return f(s)
	case <-ctx.Done():
		return ended(ctx, op)
	case <-d.closing:
		return errClosed()
	}
}

// Close implements store.Driver. It waits for what was begun.
func (d *Driver) Close() error {
	var err error
	d.once.Do(func() {
		close(d.closing)
		<-d.written
		<-d.copied
		err = d.release()
	})
	return err
}

// release gives back what Open took, as far as it got.
func (d *Driver) release() error {
	var first error
	keep := func(err error) {
		if first == nil && err != nil {
			first = failure("sqlite.Close", err)
		}
	}
	if d.writer != nil {
		keep(d.writer.close())
	}
	d.scouting.Lock()
	defer d.scouting.Unlock()
	for _, s := range []*session{d.scout, d.copier} {
		if s != nil {
			keep(s.close())
		}
	}
	for len(d.idle) > 0 {
		keep((<-d.idle).close())
	}
	if d.db != nil {
		keep(d.db.Close())
	}
	keep(d.lock.release())
	return first
}
