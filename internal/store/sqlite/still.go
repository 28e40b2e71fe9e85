package sqlite

import (
	"context"

	"threadline/internal/store"
)

// Still implements store.Stiller: one connection, in one transaction that only
// reads.
func (d *Driver) Still(ctx context.Context, f func(store.DriverReader) error) error {
	return d.read(ctx, "sqlite.Still", func(s *session) error {
		return s.snapshot(true, func() error { return f(stillReader{s}) })
	})
}

// stillReader reads in an open transaction.
type stillReader struct{ s *session }

// Get implements store.DriverReader.
func (r stillReader) Get(ctx context.Context, keys []store.Key) ([]store.Raw, error) {
	if err := ended(ctx, "sqlite.Get"); err != nil {
		return nil, err
	}
	have, err := r.s.rows(keys)
	return raws(keys, have), err
}

// Query implements store.DriverReader.
func (r stillReader) Query(ctx context.Context, p *store.Plan) ([]store.Raw, error) {
	if err := ended(ctx, "sqlite.Query"); err != nil {
		return nil, err
	}
	list, err := r.s.query(ctx, p)
	return rawsOf(list), err
}
