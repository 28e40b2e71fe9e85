package store

import (
	"context"

	"golang.org/x/sync/errgroup"

	"threadline/internal/crm"
)

// Width is how many values one filter of a look-up takes (AmongAll, HasAmong) on
// the engine that is read.
func Width(r Reader) int { return r.room().Width }

// AmongAll is OneOf for as many values as the engine takes (Width): for the
// program's own look-ups, of which one for hundreds of mails costs much less than
// many. What people ask for is held to what every engine takes.
func AmongAll[T any](field string, vs []T) Filter {
	return Filter{Field: field, Op: In, Value: anys(vs), wide: true}
}

// HasAmong is HasAny for as many values as the engine takes.
func HasAmong[T any](field string, vs []T) Filter {
	return Filter{Field: field, Op: ContainsAny, Value: anys(vs), wide: true}
}

// Gather calls f with what the queries of one look-up find, in their order. Their
// first pages are read as many at once as is good for the engine.
func (c Collection[T]) Gather(ctx context.Context, r Reader, qs []Query, f func(Doc[T]) error) error {
	pages, err := c.Pages(ctx, r, qs)
	for i := 0; err == nil && i < len(pages); i++ {
		page, q := pages[i], qs[i]
		for {
			for _, d := range page.Items {
				if err := f(d); err != nil {
					return err
				}
			}
			if page.Next == "" {
				break
			}
			q.After = page.Next
			if page, err = c.Query(ctx, r, q); err != nil {
				return err
			}
		}
	}
	return err
}

// Pages returns one page of each query, read as many at once as is good for the
// engine.
func (c Collection[T]) Pages(ctx context.Context, r Reader, qs []Query) ([]Page[T], error) {
	out := make([]Page[T], len(qs))
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(max(r.room().AtOnce, 1))
	for i, q := range qs {
		g.Go(func() error {
			var err error
			out[i], err = c.Query(gctx, r, q)
			return err
		})
	}
	return out, g.Wait()
}

// IDs returns the ids of one page of a query in order of id, and its cursor: the
// documents themselves are not read.
func (sp *Space) IDs(ctx context.Context, collection string, q Query) (ids []string, next string, err error) {
	if q.Order != "" {
		return nil, "", crm.Errorf(crm.Internal, "store.IDs", "ids alone come in order of id")
	}
	q.bare = true
	raws, next, err := sp.query(ctx, collection, q)
	ids = make([]string, len(raws))
	for i, raw := range raws {
		ids[i] = raw.Key.ID
	}
	return ids, next, err
}

// Bare tells an engine that nothing but the keys of the documents is wanted.
func (q Query) Bare() bool { return q.bare }

// Skips tells an engine that a document need not be read, because nobody looks at
// it: a Raw without data may stand in its place.
func (q Query) Skips(id string) bool { return q.bare || q.Without != nil && q.Without(id) }
