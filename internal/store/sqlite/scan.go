package sqlite

import (
	"bytes"
	"context"
	"database/sql"
	"slices"
	"strings"

	"threadline/internal/store"
)

// span is a range of keys of one index: from low up to, not including, high.
type span struct {
	ix        int64
	prefix    int // length of the plan's prefix
	low, high []byte
}

// afterAll is behind every key: keys start with a tag far below it.
var afterAll = []byte{0xff}

// spans lays out the ranges of a plan; none when the index has no entries.
func (n *names) spans(p *store.Plan) []span {
	ix := n.ixOf(p.Workspace, p.Index)
	if ix == 0 {
		return nil
	}
	out := make([]span, 0, len(p.Prefixes))
	for _, prefix := range p.Prefixes {
		low, high := p.Scan(prefix)
		if high == nil {
			high = afterAll
		}
		if bytes.Compare(low, high) < 0 {
			out = append(out, span{ix: ix, prefix: len(prefix), low: append([]byte{}, low...), high: high})
		}
	}
	return out
}

// atMost hides the bound number from the planner, which would otherwise prepare
// the statement anew at each use: four times the cost of a short scan.
const atMost = ` LIMIT ? + 0`

func direction(desc bool) string {
	if desc {
		return " DESC"
	}
	return ""
}

// query runs a plan; it looks at its context between statements. A plan with several ranges must be inside a transaction,
// so that all of its statements see the same state.
func (s *session) query(ctx context.Context, p *store.Plan) ([]found, error) {
	if p.Index == nil {
		return s.byID(p)
	}
	spans := s.names.spans(p)
	switch {
	case len(spans) == 0:
		return nil, nil
	case len(spans) == 1 && !p.Query.Bare() && p.Query.Without == nil:
		sp := spans[0]
		query := `SELECT d.n, d.id, d.version, d.data FROM idx i CROSS JOIN doc d ON d.n = i.doc
			WHERE i.ix = ? AND i.key >= ? AND i.key < ? ORDER BY i.key` + direction(p.Desc) + atMost
		return s.found(p, query, sp.ix, sp.low, sp.high, p.Limit)
	}
	hits, err := s.merge(ctx, p, spans)
	if err != nil {
		return nil, err
	}
	return s.documents(p, hits)
}

// found is a document with its number.
type found struct {
	key   store.Key
	row   row
	place []byte // of one that was not read
}

// found reads documents: at most a page, so that it need not be interrupted.
func (s *session) found(p *store.Plan, query string, args ...any) ([]found, error) {
	out := make([]found, 0, min(p.Limit, 8)) // a limit is a bound, not an estimate
	err := s.each(context.Background(), query, args, func(r *sql.Rows) error {
		f := found{key: store.Key{Workspace: p.Workspace, Collection: p.Collection}}
		err := r.Scan(&f.row.n, &f.key.ID, (*int64)(&f.row.version), (*blob)(&f.row.data))
		out = append(out, f)
		return err
	})
	return out, err
}

func (s *session) byID(p *store.Plan) ([]found, error) {
	space := s.names.spaceOf(spaceName{p.Workspace, p.Collection})
	if space == 0 {
		return nil, nil
	}
	query := `SELECT n, id, version, data FROM doc WHERE space = ?`
	if p.Query.Bare() {
		query = `SELECT n, id, version, NULL FROM doc WHERE space = ?`
	}
	args := []any{space}
	if p.After != nil {
		query += map[bool]string{false: ` AND id > ?`, true: ` AND id < ?`}[p.Desc]
		args = append(args, string(p.After))
	}
	query += ` ORDER BY id` + direction(p.Desc) + atMost
	return s.found(p, query, append(args, p.Limit)...)
}

// hit is one index entry: where it stands in the order, and its document.
type hit struct {
	place []byte
	doc   int64
}

// width is how many values a filter of a look-up takes.
const width = 256

// spanSizes are the numbers of ranges that are scanned at once.
var spanSizes = []int{width, 60, 15, 4, 1}

// merge returns the entries of the first documents of several ranges, each
// once: no more than the limit can come from any one of them.
func (s *session) merge(ctx context.Context, p *store.Plan, spans []span) ([]hit, error) {
	var hits []hit
	err := padded(len(spans), spanSizes, func(from, to, size int) error {
		if err := ended(ctx, "sqlite.Query"); err != nil {
			return err
		}
		some, err := s.hits(ctx, p, spans[from:to], size)
		hits = append(hits, some...)
		return err
	})
	if err != nil {
		return nil, err
	}
	return inOrder(p, hits), nil
}

// inOrder sorts hits, leaves one of each document, and cuts the rest.
func inOrder(p *store.Plan, hits []hit) []hit {
	slices.SortFunc(hits, func(a, b hit) int {
		if p.Desc {
			a, b = b, a
		}
		return bytes.Compare(a.place, b.place)
	})
	// The id ends every place, so entries of one document stand together.
	hits = slices.CompactFunc(hits, func(a, b hit) bool { return a.doc == b.doc })
	return hits[:min(len(hits), p.Limit)]
}

// hits scans ranges of one index. One statement serves when all of them
// together hold no more than the limit; else each is cut at the limit. The
// statement has room for size ranges: those that are not there are empty.
func (s *session) hits(ctx context.Context, p *store.Plan, spans []span, size int) ([]hit, error) {
	if len(spans) > 1 {
		args := make([]any, 0, 3*size+2)
		for _, sp := range spans {
			args = append(args, sp.prefix, sp.low, sp.high)
		}
		for range size - len(spans) {
			args = append(args, 0, afterAll, afterAll)
		}
		query := `WITH span (prefix, low, high) AS (VALUES ` + tuples(size, 3) + `)
			SELECT s.prefix, i.key, i.doc FROM span s CROSS JOIN idx i WHERE i.ix = ? AND i.key >= s.low AND i.key < s.high` + atMost
		list, err := s.scan(query, append(args, spans[0].ix, p.Limit+1)...)
		if err != nil || len(list) <= p.Limit {
			return list, err
		}
	}
	var out []hit
	query := `SELECT ?, key, doc FROM idx WHERE ix = ? AND key >= ? AND key < ? ORDER BY key` + direction(p.Desc) + atMost
	for _, sp := range spans {
		if err := ended(ctx, "sqlite.Query"); err != nil {
			return nil, err
		}
		list, err := s.scan(query, sp.prefix, sp.ix, sp.low, sp.high, p.Limit)
		if err != nil {
			return nil, err
		}
		out = append(out, list...)
	}
	return out, nil
}

func (s *session) scan(query string, args ...any) ([]hit, error) {
	var out []hit
	err := s.each(context.Background(), query, args, func(r *sql.Rows) error {
		var h hit
		var prefix int64 // as the driver has it: another kind would go by way of text
		err := r.Scan(&prefix, (*blob)(&h.place), &h.doc)
		h.place = h.place[min(int(prefix), len(h.place)):]
		out = append(out, h)
		return err
	})
	return out, err
}

// documents reads the documents of hits, in their order.
func (s *session) documents(p *store.Plan, hits []hit) ([]found, error) {
	have, err := s.byNumber(p, hits)
	out := make([]found, 0, len(hits))
	for _, h := range hits {
		if f, ok := have[h.doc]; ok {
			out = append(out, f)
		}
	}
	return out, err
}

// byNumber reads the documents of hits, but for those that nobody looks at: of
// these the key is known, which ends an entry.
func (s *session) byNumber(p *store.Plan, hits []hit) (map[int64]found, error) {
	have := make(map[int64]found, len(hits))
	read := make([]int64, 0, len(hits))
	for _, h := range hits {
		if id, skip := skipped(p, h.place); skip {
			have[h.doc] = found{key: store.Key{Workspace: p.Workspace, Collection: p.Collection, ID: id}, row: row{n: h.doc}, place: h.place}
		} else {
			read = append(read, h.doc)
		}
	}
	err := padded(len(read), pointSizes, func(from, to, size int) error {
		args := make([]any, 0, size)
		for i := range size {
			args = append(args, read[min(from+i, to-1)])
		}
		query := `SELECT n, id, version, data FROM doc WHERE n IN (?` + strings.Repeat(",?", size-1) + `)`
		some, err := s.found(p, query, args...)
		for _, f := range some {
			have[f.row.n] = f
		}
		return err
	})
	return have, err
}

// skipped tells whether nobody looks at what stands at a place, and its id then.
func skipped(p *store.Plan, place []byte) (id string, skip bool) {
	if !p.Query.Bare() && p.Query.Without == nil {
		return "", false
	}
	id = p.IDAt(place)
	return id, p.Query.Skips(id)
}

// Query implements store.Driver.
func (d *Driver) Query(ctx context.Context, p *store.Plan) ([]store.Raw, error) {
	var out []store.Raw
	err := d.read(ctx, "sqlite.Query", func(s *session) error {
		return s.snapshot(len(p.Prefixes) > 1 || p.Query.Without != nil, func() error {
			list, err := s.query(ctx, p)
			out = rawsOf(list)
			return err
		})
	})
	return out, err
}

func rawsOf(list []found) []store.Raw {
	out := make([]store.Raw, len(list))
	for i, f := range list {
		out[i] = f.row.raw(f.key)
		out[i].Place = f.place
	}
	return out
}

// snapshot runs f in a read transaction when several statements belong
// together.
func (s *session) snapshot(several bool, f func() error) error {
	if !several {
		return f()
	}
	if err := s.exec(`BEGIN`); err != nil {
		return err
	}
	err := f()
	if end := s.exec(`COMMIT`); err == nil {
		err = end
	}
	return err
}
