package search

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"strconv"
	"strings"

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
	remade error // why the file that was there could not be used; nil when it could
}

// form is the version of the file's tables.
const form = 1

const schema = `
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE audience (n INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE subject (n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, sum INTEGER NOT NULL);
CREATE VIRTUAL TABLE fts USING fts5(words, content='', contentless_delete=1, detail=none,
	prefix='4 5 6 7 8', tokenize='ascii');`

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

func openFile(ctx context.Context, path string) (_ *FTS, err error) {
	q := url.Values{"_pragma": {"busy_timeout(5000)", "journal_mode(WAL)", "synchronous(NORMAL)", "temp_store(MEMORY)", "cache_size(-16384)"}, "_txlock": {"immediate"}}
	dsn := (&url.URL{Scheme: "file", OmitHost: true, Path: path, RawQuery: q.Encode()}).String()
	f := &FTS{}
	defer func() {
		if err != nil {
			err = errors.Join(err, f.Close())
		}
	}()
	if f.write, err = sql.Open("sqlite", dsn); err != nil {
		return f, failed("search.Open", err)
	}
	f.write.SetMaxOpenConns(1)
	if f.read, err = sql.Open("sqlite", dsn); err != nil {
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
		_, err = f.write.ExecContext(ctx, "BEGIN;"+schema+"PRAGMA user_version = "+strconv.Itoa(form)+";COMMIT")
		return failed(op, err)
	case ours != 4:
		return crm.Errorf(crm.Invalid, op, "the file is no search index: it has the tables of something else")
	case have != form:
		return crm.Errorf(crm.Invalid, op, "the index is of form %d, this program knows %d", have, form)
	}
	_, err = f.State(ctx)
	return err
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

// Apply implements Index.
func (f *FTS) Apply(ctx context.Context, put []subject, gone []string, st State) error {
	return f.transact(ctx, func(tx *sql.Tx) error {
		w, err := newFTSWriter(ctx, tx)
		if err != nil {
			return err
		}
		for _, id := range gone {
			if err := w.remove(ctx, id); err != nil {
				return err
			}
		}
		for i := range put {
			if err := w.put(ctx, &put[i]); err != nil {
				return err
			}
		}
		for key, value := range map[string]string{"version": strconv.Itoa(st.Version), "building": st.Building, "position": st.Position} {
			if _, err := tx.ExecContext(ctx, `INSERT OR REPLACE INTO meta VALUES (?, ?)`, key, value); err != nil {
				return err
			}
		}
		return nil
	})
}

// ftsWriter puts subjects within one transaction.
type ftsWriter struct {
	tx                             *sql.Tx
	find, place, add, index, erase *sql.Stmt
	codes                          map[crm.Audience]string
}

func newFTSWriter(ctx context.Context, tx *sql.Tx) (*ftsWriter, error) {
	w := &ftsWriter{tx: tx, codes: map[crm.Audience]string{}}
	for to, text := range map[**sql.Stmt]string{
		&w.find:  `SELECT n, sum FROM subject WHERE id = ?`,
		&w.place: `SELECT max(n) FROM subject WHERE n >= ? AND n < ?`,
		&w.add:   `INSERT INTO subject (n, id, sum) VALUES (?, ?, ?)`,
		&w.index: `INSERT INTO fts (rowid, words) VALUES (?, ?)`,
		&w.erase: `DELETE FROM fts WHERE rowid = ?`,
	} {
		st, err := tx.PrepareContext(ctx, text) // closed with the transaction
		if err != nil {
			return nil, err
		}
		*to = st
	}
	return w, nil
}

func (w *ftsWriter) remove(ctx context.Context, id string) error {
	var n, sum int64
	switch err := w.find.QueryRowContext(ctx, id).Scan(&n, &sum); {
	case errors.Is(err, sql.ErrNoRows):
		return nil
	case err != nil:
		return err
	}
	return w.drop(ctx, n)
}

func (w *ftsWriter) drop(ctx context.Context, n int64) error {
	if _, err := w.erase.ExecContext(ctx, n); err != nil {
		return err
	}
	_, err := w.tx.ExecContext(ctx, `DELETE FROM subject WHERE n = ?`, n)
	return err
}

func (w *ftsWriter) put(ctx context.Context, s *subject) error {
	terms, err := w.terms(ctx, s)
	if err != nil {
		return err
	}
	first := row(s.At)
	hash := sha256.Sum256([]byte(strconv.FormatInt(first, 10) + " " + terms))
	sum := int64(binary.BigEndian.Uint64(hash[:8]))
	var n, had int64
	switch err := w.find.QueryRowContext(ctx, s.ID).Scan(&n, &had); {
	case err == nil && had == sum:
		return nil
	case err == nil:
		if err := w.drop(ctx, n); err != nil {
			return err
		}
	case !errors.Is(err, sql.ErrNoRows):
		return err
	}
	var last sql.NullInt64
	if err := w.place.QueryRowContext(ctx, first, first+rowsASecond).Scan(&last); err != nil {
		return err
	}
	if n = first; last.Valid {
		n = last.Int64 + 1
	}
	if _, err := w.add.ExecContext(ctx, n, s.ID, sum); err != nil {
		return err
	}
	_, err = w.index.ExecContext(ctx, n, terms)
	return err
}

// rowsASecond is how many subjects of one second keep their order; of more,
// some count as later.
const rowsASecond = 1 << 20

// row is the first number of a second.
func row(at crm.Time) int64 { return max(0, at.Std().Unix()) * rowsASecond }

// terms writes the words of a subject as one text.
func (w *ftsWriter) terms(ctx context.Context, s *subject) (string, error) {
	var b strings.Builder
	b.WriteString(kindTerm(s.Kind))
	for _, k := range s.Known {
		code, err := w.code(ctx, k.By)
		if err != nil {
			return "", err
		}
		for _, h := range k.Heads {
			b.WriteString(" " + code + markHead + h)
		}
		for _, x := range k.Words {
			b.WriteString(" " + code + markWord + x)
		}
	}
	return b.String(), nil
}

// kindTerm is the word by which subjects of a kind are found. What separates
// words is no part of it.
func kindTerm(k crm.Kind) string { return "zzkind" + strings.ReplaceAll(string(k), "-", "") }

// code is the number of an audience.
func (w *ftsWriter) code(ctx context.Context, a crm.Audience) (string, error) {
	if c, ok := w.codes[a]; ok {
		return c, nil
	}
	if _, err := w.tx.ExecContext(ctx, `INSERT OR IGNORE INTO audience (name) VALUES (?)`, string(a)); err != nil {
		return "", err
	}
	var n int64
	if err := w.tx.QueryRowContext(ctx, `SELECT n FROM audience WHERE name = ?`, string(a)).Scan(&n); err != nil {
		return "", err
	}
	w.codes[a] = codeOf(n)
	return w.codes[a], nil
}

// codeOf writes a number in digits; the letter of a mark ends it.
func codeOf(n int64) string { return fmt.Sprintf("%02d", n) }

// Find implements Index.
func (f *FTS) Find(ctx context.Context, q lookup, each func(id string) bool) error {
	var or []string
	for _, in := range q.In {
		codes, err := f.codes(ctx, in.By)
		if err != nil {
			return err
		}
		if len(codes) > 0 {
			or = append(or, "("+q.match(codes, in.Kinds)+")")
		}
	}
	if len(or) == 0 {
		return nil
	}
	rows, err := f.read.QueryContext(ctx, `SELECT s.id FROM fts CROSS JOIN subject s ON s.n = fts.rowid WHERE fts MATCH ? ORDER BY fts.rowid DESC`, strings.Join(or, " OR "))
	if err != nil {
		return failed("search.Find", err)
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return failed("search.Find", err)
		}
		if !each(id) {
			return nil
		}
	}
	return failed("search.Find", rows.Err())
}

// codes are the numbers of those audiences that anything is known to.
func (f *FTS) codes(ctx context.Context, by []crm.Audience) ([]string, error) {
	var out []string
	for _, a := range by {
		var n int64
		switch err := f.read.QueryRowContext(ctx, `SELECT n FROM audience WHERE name = ?`, string(a)).Scan(&n); {
		case errors.Is(err, sql.ErrNoRows):
		case err != nil:
			return nil, failed("search.Find", err)
		default:
			out = append(out, codeOf(n))
		}
	}
	return out, nil
}

// match writes the question in the language of FTS5. Words hold letters and
// digits alone, so that quotes need no care.
func (q lookup) match(codes []string, kinds []crm.Kind) string {
	var parts []string
	any := func(mark, prefix string) {
		var or []string
		for _, c := range codes {
			or = append(or, `"`+c+mark+prefix+`"*`)
		}
		parts = append(parts, "("+strings.Join(or, " OR ")+")")
	}
	if q.Head != "" {
		any(markHead, q.Head)
	}
	for _, w := range q.Words {
		any(markWord, w)
	}
	if len(kinds) > 0 {
		var or []string
		for _, k := range kinds {
			or = append(or, `"`+kindTerm(k)+`"`)
		}
		parts = append(parts, "("+strings.Join(or, " OR ")+")")
	}
	return strings.Join(parts, " AND ")
}
