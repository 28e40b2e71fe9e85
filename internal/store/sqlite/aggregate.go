package sqlite

import (
	"context"
	"database/sql"

	"threadline/internal/store"
)

// Aggregate implements store.Driver. A count of one range never touches a
// document.
func (d *Driver) Aggregate(ctx context.Context, p *store.Plan, sum string) (int64, error) {
	var total int64
	err := d.read(ctx, "sqlite.Aggregate", func(s *session) error {
		return s.snapshot(true, func() error {
			var err error
			if sum == "" {
				total, err = s.count(ctx, p)
			} else {
				total, err = s.sum(ctx, p, sum)
			}
			return err
		})
	})
	return total, err
}

func (s *session) count(ctx context.Context, p *store.Plan) (int64, error) {
	if p.Index == nil {
		space := s.names.spaceOf(spaceName{p.Workspace, p.Collection})
		return s.number(ctx, `SELECT count(*) FROM doc WHERE space = ?`, space)
	}
	spans := s.names.spans(p)
	if len(spans) == 1 {
		sp := spans[0]
		return s.number(ctx, `SELECT count(*) FROM idx WHERE ix = ? AND key >= ? AND key < ?`, sp.ix, sp.low, sp.high)
	}
	seen, err := s.docs(ctx, spans)
	return int64(len(seen)), err
}

// docs returns the numbers of the documents of all ranges.
func (s *session) docs(ctx context.Context, spans []span) (map[int64]bool, error) {
	seen := map[int64]bool{}
	for _, sp := range spans {
		err := s.each(ctx, `SELECT doc FROM idx WHERE ix = ? AND key >= ? AND key < ?`, []any{sp.ix, sp.low, sp.high}, func(r *sql.Rows) error {
			var n int64
			err := r.Scan(&n)
			seen[n] = true
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return seen, nil
}

func (s *session) number(ctx context.Context, query string, args ...any) (int64, error) {
	var n int64
	err := s.each(ctx, query, args, func(r *sql.Rows) error { return r.Scan(&n) })
	return n, err
}

// sum reads each document of the plan once and adds up the field.
func (s *session) sum(ctx context.Context, p *store.Plan, field string) (int64, error) {
	var total int64
	add := func(r *sql.Rows) error {
		var data sql.RawBytes
		err := r.Scan(&data)
		if err == nil {
			total, err = store.AddField(total, data, field)
		}
		return err
	}
	if p.Index == nil {
		space := s.names.spaceOf(spaceName{p.Workspace, p.Collection})
		err := s.each(ctx, `SELECT data FROM doc WHERE space = ?`, []any{space}, add)
		return total, err
	}
	spans := s.names.spans(p)
	if len(spans) == 1 {
		sp := spans[0]
		err := s.each(ctx, `SELECT d.data FROM idx i CROSS JOIN doc d ON d.n = i.doc WHERE i.ix = ? AND i.key >= ? AND i.key < ?`,
			[]any{sp.ix, sp.low, sp.high}, add)
		return total, err
	}
	seen, err := s.docs(ctx, spans)
	if err != nil {
		return 0, err
	}
	for n := range seen {
		if err := s.each(ctx, `SELECT data FROM doc WHERE n = ?`, []any{n}, add); err != nil {
			return 0, err
		}
	}
	return total, nil
}
