package search

import (
	"cmp"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"threadline/internal/crm"
)

// Apply implements Index.
func (f *FTS) Apply(ctx context.Context, put []subject, gone []string, st State) error {
	return f.transact(ctx, func(tx *sql.Tx) error {
		w, err := newFTSWriter(ctx, tx)
		if err != nil {
			return err
		}
		if err := w.apply(ctx, put, gone); err != nil {
			return err
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
	tx                                     *sql.Tx
	find, place, add, index, erase, forget *sql.Stmt
	codes                                  map[crm.Audience]string
}

func newFTSWriter(ctx context.Context, tx *sql.Tx) (*ftsWriter, error) {
	w := &ftsWriter{tx: tx, codes: map[crm.Audience]string{}}
	for to, text := range map[**sql.Stmt]string{
		&w.find:   `SELECT n, sum FROM subject WHERE id = ?`,
		&w.place:  `SELECT max(n) FROM subject WHERE n >= ? AND n < ?`,
		&w.add:    `INSERT INTO subject (n, id, sum) VALUES (?, ?, ?)`,
		&w.index:  `INSERT INTO fts (rowid, words) VALUES (?, ?)`,
		&w.erase:  `DELETE FROM fts WHERE rowid = ?`,
		&w.forget: `DELETE FROM subject WHERE n = ?`,
	} {
		st, err := tx.PrepareContext(ctx, text) // closed with the transaction
		if err != nil {
			return nil, err
		}
		*to = st
	}
	return w, nil
}

// apply takes out and puts in, each in the order of the rows: FTS5 writes out
// all that it has gathered whenever a row comes before the last one.
func (w *ftsWriter) apply(ctx context.Context, put []subject, gone []string) error {
	var out []int64
	for _, id := range gone {
		switch n, _, err := w.have(ctx, id); {
		case err != nil:
			return err
		case n != nowhere:
			out = append(out, n)
		}
	}
	if err := w.drop(ctx, out); err != nil {
		return err
	}
	in, out, err := w.changed(ctx, put)
	if err != nil {
		return err
	}
	if err := w.drop(ctx, out); err != nil {
		return err
	}
	return w.insert(ctx, in)
}

// nowhere is the row of a subject that has none.
const nowhere = -1

// have is the row of a subject and the sum of what is in it.
func (w *ftsWriter) have(ctx context.Context, id string) (n, sum int64, err error) {
	err = w.find.QueryRowContext(ctx, id).Scan(&n, &sum)
	if errors.Is(err, sql.ErrNoRows) {
		return nowhere, 0, nil
	}
	return n, sum, err
}

// entry is a subject as it is written.
type entry struct {
	id    string
	first int64 // row of its second
	terms string
	sum   int64
}

// changed are the subjects that are not in the file as they are now, and the
// rows of what is there of them.
func (w *ftsWriter) changed(ctx context.Context, put []subject) (in []entry, out []int64, err error) {
	last := map[string]entry{}
	for i := range put {
		e := entry{id: put[i].ID, first: row(put[i].At)}
		if e.terms, err = w.terms(ctx, &put[i]); err != nil {
			return nil, nil, err
		}
		hash := sha256.Sum256([]byte(strconv.FormatInt(e.first, 10) + " " + e.terms))
		e.sum = int64(binary.BigEndian.Uint64(hash[:8]))
		last[e.id] = e
	}
	for id, e := range last {
		n, sum, err := w.have(ctx, id)
		if err != nil {
			return nil, nil, err
		}
		if n != nowhere && sum == e.sum {
			continue
		}
		if n != nowhere {
			out = append(out, n)
		}
		in = append(in, e)
	}
	return in, out, nil
}

func (w *ftsWriter) drop(ctx context.Context, rows []int64) error {
	slices.Sort(rows)
	for _, n := range rows {
		if _, err := w.erase.ExecContext(ctx, n); err != nil {
			return err
		}
		if _, err := w.forget.ExecContext(ctx, n); err != nil {
			return err
		}
	}
	return nil
}

func (w *ftsWriter) insert(ctx context.Context, list []entry) error {
	slices.SortFunc(list, func(a, b entry) int { return cmp.Or(cmp.Compare(a.first, b.first), strings.Compare(a.id, b.id)) })
	for _, e := range list {
		var last sql.NullInt64
		if err := w.place.QueryRowContext(ctx, e.first, e.first+rowsASecond).Scan(&last); err != nil {
			return err
		}
		n := e.first
		if last.Valid {
			n = last.Int64 + 1
		}
		if _, err := w.add.ExecContext(ctx, n, e.id, e.sum); err != nil {
			return err
		}
		if _, err := w.index.ExecContext(ctx, n, e.terms); err != nil {
			return err
		}
	}
	return nil
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
