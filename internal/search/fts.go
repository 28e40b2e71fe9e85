package search

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"net/url"
	"os"
	"strconv"

	_ "modernc.org/sqlite" // the driver; FTS5 is built in

	"threadline/internal/crm"
)

// FTS is the index in an SQLite file of its own, with a full-text table without
// content (https://www.sqlite.org/fts5.html#contentless_delete_tables). The
// number of a row is its time, so that the newest come first by themselves.
//
// Every word has the number of its audience before it, and a letter that tells
// words from names.
type FTS struct {
	write  *sql.DB // one connection
	read   *sql.DB
	few    int   // subjects of a word that is rare
	remade error // why the file that was there could not be used; nil when it could
}

// form is the version of the file's tables.
const form = 2

// keptLengths are the lengths, in letters with the number and the mark before
// them, of which the file keeps every beginning of a word with its subjects in
// order. A beginning of another length would be gathered from all words that
// have it before the first subject is known.
const keptLengths = "4 5 6 7 8 9 10 11 12 13 14 16 18 20"

const schema = `
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE audience (n INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE subject (n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, sum INTEGER NOT NULL);
CREATE VIRTUAL TABLE fts USING fts5(words, content='', contentless_delete=1, detail=none,
	prefix='` + keptLengths + `', tokenize='ascii');`

// Marks of terms, after the number of the audience.
const (
	markWord = "w"
	markHead = "h"
)

// OpenFTS opens the file, or makes it. A file that cannot be used is put aside
// (AsideOf) and made anew, and Remade says why: nothing in it is the only copy,
// but it may be somebody else's, or tell of a failing disk.
func OpenFTS(ctx context.Context, path string) (*FTS, error) {
	f, err := openFile(ctx, path)
	if err == nil || ctx.Err() != nil {
		return f, err
	}
	if e := putAside(path); e != nil {
		return nil, errors.Join(err, e)
	}
	why := err
	if f, err = openFile(ctx, path); err != nil {
		return nil, err
	}
	f.remade = why
	return f, nil
}

// Remade says why the file that was there had to be made anew, nil when it had
// not.
func (f *FTS) Remade() error { return f.remade }

// AsideOf is where the last file lies that could not be used as an index.
func AsideOf(path string) string { return path + ".unusable" }

func putAside(path string) error {
	if err := os.Rename(path, AsideOf(path)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return failed("search.Open", err)
	}
	for _, end := range []string{"-wal", "-shm"} {
		if err := os.Remove(path + end); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return failed("search.Open", err)
		}
	}
	return nil
}

// What a connection to the index keeps of the file: the one that writes its
// pages, those that read little, as they see the file where the system holds it.
const (
	writing = "cache_size(-8192)"
	reading = "cache_size(-1024)"
	mapped  = "mmap_size(268435456)"
)

// dsn sets what a connection needs.
func dsn(path string, more ...string) string {
	q := url.Values{"_txlock": {"immediate"},
		"_pragma": append([]string{"busy_timeout(5000)", "journal_mode(WAL)", "synchronous(NORMAL)", "temp_store(MEMORY)"}, more...)}
	return (&url.URL{Scheme: "file", OmitHost: true, Path: path, RawQuery: q.Encode()}).String()
}

// own makes the file for nobody else to read, and leaves what is in it.
func own(path string) error {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return failed("search.Open", err)
	}
	return failed("search.Open", errors.Join(file.Chmod(0o600), file.Close()))
}

func openFile(ctx context.Context, path string) (_ *FTS, err error) {
	f := &FTS{few: few}
	defer func() {
		if err != nil {
			err = errors.Join(err, f.Close())
		}
	}()
	if err := own(path); err != nil {
		return f, err
	}
	if f.write, err = sql.Open("sqlite", dsn(path, writing)); err != nil {
		return f, failed("search.Open", err)
	}
	f.write.SetMaxOpenConns(1)
	if f.read, err = sql.Open("sqlite", dsn(path, reading, mapped)); err != nil {
		return f, failed("search.Open", err)
	}
	f.read.SetMaxOpenConns(4)
	f.read.SetMaxIdleConns(4)
	return f, f.prepare(ctx)
}

// prepare looks at the tables of the file, and makes them in an empty one.
func (f *FTS) prepare(ctx context.Context) error {
	const op = crm.Op("search.Open")
	var have, tables, ours int
	if err := f.write.QueryRowContext(ctx, `PRAGMA user_version`).Scan(&have); err != nil {
		return failed(op, err)
	}
	err := f.write.QueryRowContext(ctx, `SELECT count(*), count(*) FILTER (WHERE name IN ('meta', 'audience', 'subject', 'fts'))
		FROM sqlite_master WHERE type = 'table'`).Scan(&tables, &ours)
	switch {
	case err != nil:
		return failed(op, err)
	case have == 0 && tables == 0:
		return f.make(ctx, "")
	case ours != 4:
		return crm.Errorf(crm.Invalid, op, "the file is no search index: it has the tables of something else")
	case have > 0 && have < form: // of an earlier program
		return f.make(ctx, "DROP TABLE fts; DROP TABLE subject; DROP TABLE audience; DROP TABLE meta;")
	case have != form:
		return crm.Errorf(crm.Invalid, op, "the index is of form %d, this program knows %d", have, form)
	}
	_, err = f.State(ctx)
	return err
}

// make makes the tables, with nothing in them.
func (f *FTS) make(ctx context.Context, before string) error {
	_, err := f.write.ExecContext(ctx, "BEGIN;"+before+schema+"PRAGMA user_version = "+strconv.Itoa(form)+";COMMIT")
	return failed("search.Open", err)
}

func failed(op crm.Op, err error) error {
	if err == nil {
		return nil
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) { // whoever asked is gone; the index is well
		return crm.E(crm.Unavailable, op, "the search was given up", err)
	}
	return crm.E(crm.Unavailable, op, "the search index cannot be used", err).WithHint("look at the space on the disk; the index can be removed and is made anew")
}

// Close implements Index.
func (f *FTS) Close() error {
	var errs []error
	for _, db := range []*sql.DB{f.read, f.write} {
		if db != nil {
			errs = append(errs, db.Close())
		}
	}
	return errors.Join(errs...)
}

// State implements Index.
func (f *FTS) State(ctx context.Context) (State, error) {
	var st State
	rows, err := f.read.QueryContext(ctx, `SELECT key, value FROM meta`)
	if err != nil {
		return st, failed("search.State", err)
	}
	defer rows.Close()
	for rows.Next() {
		var key, value string
		if err := rows.Scan(&key, &value); err != nil {
			return st, failed("search.State", err)
		}
		switch key {
		case "version":
			st.Version, _ = strconv.Atoi(value) // what is no number is another version
		case "building":
			st.Building = value
		case "position":
			st.Position = value
		}
	}
	return st, failed("search.State", rows.Err())
}

// Clear implements Index.
func (f *FTS) Clear(ctx context.Context) error {
	return f.transact(ctx, func(tx *sql.Tx) error {
		for _, s := range []string{`INSERT INTO fts(fts) VALUES('delete-all')`, `DELETE FROM subject`, `DELETE FROM meta`} {
			if _, err := tx.ExecContext(ctx, s); err != nil {
				return err
			}
		}
		return nil
	})
}

func (f *FTS) transact(ctx context.Context, do func(*sql.Tx) error) error {
	tx, err := f.write.BeginTx(ctx, nil)
	if err != nil {
		return failed("search.Apply", err)
	}
	if err := do(tx); err != nil {
		return errors.Join(failed("search.Apply", err), ignoreDone(tx.Rollback()))
	}
	return failed("search.Apply", tx.Commit())
}

func ignoreDone(err error) error {
	if errors.Is(err, sql.ErrTxDone) {
		return nil
	}
	return err
}
