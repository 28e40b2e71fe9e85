package search

import (
	"context"
	"database/sql"
	"errors"
	"strconv"
	"strings"

	"threadline/internal/crm"
)

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

// match writes the question in the language of FTS5. Words hold letters and
// digits alone, so that quotes need no care.
func (q lookup) match(codes []string, kinds []crm.Kind) string {
	var parts []string
	any := func(mark, prefix string) {
		var or []string
		for _, c := range codes {
			or = append(or, `"`+kept(c+mark+prefix)+`"*`)
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
