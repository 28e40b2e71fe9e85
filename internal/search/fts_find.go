package search

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"slices"
	"strconv"
	"strings"

	"threadline/internal/crm"
)

// few is how many subjects a word may have to be called rare: they are looked at one
// by one then, instead of looking each of them up among those of the other words.
const few = 200

// Find implements Index. A word that is rare is asked alone, and names more than was
// asked for: in a list of a million others, each of its subjects lies on another
// page. Whoever asked looks at all of it anyway.
func (f *FTS) Find(ctx context.Context, q lookup, each func(id string) bool) error {
	in, err := f.coded(ctx, q.In)
	if err != nil || len(in) == 0 {
		return err
	}
	rows, rare, err := f.rarest(ctx, q, in)
	switch {
	case err != nil:
		return failed("search.Find", err)
	case rare:
		return f.tell(ctx, each, `SELECT id FROM subject WHERE n IN (SELECT value FROM json_each(?)) ORDER BY n DESC`, numbers(rows))
	}
	return f.tell(ctx, each, `SELECT s.id FROM fts CROSS JOIN subject s ON s.n = fts.rowid WHERE fts MATCH ? ORDER BY fts.rowid DESC`, q.match(in))
}

// tell calls each with the ids that a statement finds.
func (f *FTS) tell(ctx context.Context, each func(id string) bool, statement, arg string) error {
	rows, err := f.read.QueryContext(ctx, statement, arg)
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

// rarest are the rows of the first word that is rare, the longest first, false when
// there is none, or nothing that it would be joined with.
func (f *FTS) rarest(ctx context.Context, q lookup, in []coded) ([]int64, bool, error) {
	parts := q.parts()
	kinds := slices.ContainsFunc(in, func(c coded) bool { return len(c.kinds) > 0 })
	if len(parts) < 2 && !kinds {
		return nil, false, nil
	}
	slices.SortStableFunc(parts, func(a, b part) int { return cmp.Compare(len(b.begins), len(a.begins)) })
	for _, p := range parts {
		rows, err := f.rowsOf(ctx, p, in)
		if err != nil || len(rows) <= f.few {
			return rows, err == nil, err
		}
	}
	return nil, false, nil
}

// rowsOf are the newest rows with a word, at most one more than makes it rare.
func (f *FTS) rowsOf(ctx context.Context, p part, in []coded) ([]int64, error) {
	var or []string
	for _, c := range in {
		or = append(or, p.match(c.codes))
	}
	rows, err := f.read.QueryContext(ctx, `SELECT rowid FROM fts WHERE fts MATCH ? ORDER BY rowid DESC LIMIT ?`, strings.Join(or, " OR "), f.few+1)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []int64
	for rows.Next() {
		var n int64
		if err := rows.Scan(&n); err != nil {
			return nil, err
		}
		out = append(out, n)
	}
	return out, rows.Err()
}

// numbers writes rows as JSON does.
func numbers(rows []int64) string {
	b := []byte{'['}
	for i, n := range rows {
		if i > 0 {
			b = append(b, ',')
		}
		b = strconv.AppendInt(b, n, 10)
	}
	return string(append(b, ']'))
}

// coded is a scope in the numbers of the file.
type coded struct {
	codes []string
	kinds []crm.Kind
}

// coded are the scopes in which anything is known.
func (f *FTS) coded(ctx context.Context, in []scope) ([]coded, error) {
	var out []coded
	for _, s := range in {
		codes, err := f.codes(ctx, s.By)
		if err != nil {
			return nil, err
		}
		if len(codes) > 0 {
			out = append(out, coded{codes, s.Kinds})
		}
	}
	return out, nil
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

// kept cuts the beginning of a word to the longest that the file keeps, so that
// more is named than was asked for: whoever asked looks at all of it anyway.
func kept(word string) string {
	letters := []rune(word)
	longest := len(letters)
	for _, length := range strings.Fields(keptLengths) {
		if n, _ := strconv.Atoi(length); n <= len(letters) {
			longest = n
		}
	}
	return string(letters[:longest])
}

// part is one word of a question, or the beginning of a name.
type part struct{ mark, begins string }

func (q lookup) parts() []part {
	var out []part
	if q.Head != "" {
		out = append(out, part{markHead, q.Head})
	}
	for _, w := range q.Words {
		out = append(out, part{markWord, w})
	}
	return out
}

// match writes the part in the language of FTS5. Words hold letters and digits
// alone, so that quotes need no care.
func (p part) match(codes []string) string {
	var or []string
	for _, c := range codes {
		or = append(or, `"`+kept(c+p.mark+p.begins)+`"*`)
	}
	return "(" + strings.Join(or, " OR ") + ")"
}

// match writes the whole question.
func (q lookup) match(in []coded) string {
	var or []string
	for _, c := range in {
		var and []string
		for _, p := range q.parts() {
			and = append(and, p.match(c.codes))
		}
		if len(c.kinds) > 0 {
			var kinds []string
			for _, k := range c.kinds {
				kinds = append(kinds, `"`+kindTerm(k)+`"`)
			}
			and = append(and, "("+strings.Join(kinds, " OR ")+")")
		}
		or = append(or, "("+strings.Join(and, " AND ")+")")
	}
	return strings.Join(or, " OR ")
}
