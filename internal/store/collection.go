package store

import (
	"context"

	"threadline/internal/crm"
)

// Collection is a typed view of one collection: it knows how to read and write
// T and where T keeps its id.
type Collection[T any] struct {
	Name   string
	Logged bool // written through Change only
	id     func(*T) string
	setID  func(*T, string)
}

// collection declares a collection of T whose id lies in a field of T.
func collection[T any, I ~string](name string, logged bool, id func(*T) *I) Collection[T] {
	return Collection[T]{
		Name: name, Logged: logged,
		id:    func(v *T) string { return string(*id(v)) },
		setID: func(v *T, s string) { *id(v) = I(s) },
	}
}

// NewCollection declares a collection outside the closed list: for conformance
// tests of engines. Its documents are never logged and belong to no feed.
func NewCollection[T any](name string, id func(*T) *string) Collection[T] {
	return collection(name, false, id)
}

// Doc is one document as it was read.
type Doc[T any] struct {
	Value   T
	Version Version // 0: does not exist
}

// Exists tells whether the document was there.
func (d Doc[T]) Exists() bool { return d.Version != 0 }

// Page is one page of a query. Next is empty on the last page.
type Page[T any] struct {
	Items []Doc[T]
	Next  string

	behind func(i int) (string, error)
}

// After makes the cursor behind an item of the page: for callers who do not
// take all of it.
func (p Page[T]) After(i int) (string, error) {
	if i == len(p.Items)-1 {
		return p.Next, nil
	}
	return p.behind(i)
}

// Beside is a page of what belongs to the items of another, one to each: its
// cursors are theirs.
func Beside[T, U any](p Page[T], items []Doc[U]) Page[U] {
	return Page[U]{Items: items, Next: p.Next, behind: p.behind}
}

// Values returns the values of the page.
func (p Page[T]) Values() []T {
	out := make([]T, len(p.Items))
	for i, d := range p.Items {
		out[i] = d.Value
	}
	return out
}

// Reader is where documents are read from: a Space, or a Tx of one.
type Reader interface {
	get(ctx context.Context, collection string, ids []string) ([]Raw, error)
	query(ctx context.Context, collection string, q Query) ([]Raw, string, error)
	decode(raw Raw, v any) error
	room() Room
}

// Get returns one document; crm.NotFound when it does not exist.
func (c Collection[T]) Get(ctx context.Context, r Reader, id string) (Doc[T], error) {
	docs, err := c.GetMany(ctx, r, []string{id})
	if err != nil {
		return Doc[T]{}, err
	}
	if !docs[0].Exists() {
		return Doc[T]{}, crm.Errorf(crm.NotFound, "store.Get", "there is no %s %s", c.Name, crm.Clip(id, 60))
	}
	return docs[0], nil
}

// GetMany returns one Doc per id, in their order; missing ones do not Exist.
func (c Collection[T]) GetMany(ctx context.Context, r Reader, ids []string) ([]Doc[T], error) {
	if len(ids) == 0 {
		return nil, nil
	}
	raws, err := r.get(ctx, c.Name, ids)
	if err != nil {
		return nil, err
	}
	return c.docs(r, raws)
}

// Query returns one page.
func (c Collection[T]) Query(ctx context.Context, r Reader, q Query) (Page[T], error) {
	raws, next, err := r.query(ctx, c.Name, q)
	if err != nil {
		return Page[T]{}, err
	}
	docs, err := c.docs(r, raws)
	behind := func(i int) (string, error) { return q.cursorAfter(c.Name, raws[i]) }
	return Page[T]{Items: docs, Next: next, behind: behind}, err
}

// Each calls f with every document of a query, page by page, until f fails.
// The query's Limit is the size of a page.
func (c Collection[T]) Each(ctx context.Context, r Reader, q Query, f func(Doc[T]) error) error {
	for {
		page, err := c.Query(ctx, r, q)
		if err != nil {
			return err
		}
		for _, d := range page.Items {
			if err := f(d); err != nil {
				return err
			}
		}
		if page.Next == "" {
			return nil
		}
		q.After = page.Next
	}
}

// All collects every document of a query: for collections that stay small.
func (c Collection[T]) All(ctx context.Context, r Reader, q Query) ([]Doc[T], error) {
	var out []Doc[T]
	q.Limit = MaxLimit
	err := c.Each(ctx, r, q, func(d Doc[T]) error { out = append(out, d); return nil })
	return out, err
}

// Decode reads a document in stored form, such as a change holds.
func (c Collection[T]) Decode(r Reader, id string, data []byte) (T, error) {
	docs, err := c.docs(r, []Raw{{Key: Key{Collection: c.Name, ID: id}, Data: data}})
	if err != nil {
		var none T
		return none, err
	}
	return docs[0].Value, nil
}

func (c Collection[T]) docs(r Reader, raws []Raw) ([]Doc[T], error) {
	out := make([]Doc[T], len(raws))
	err := Spread(len(raws), func(from, to int) error {
		for i := from; i < to; i++ {
			if raw := raws[i]; raw.Data != nil {
				if err := r.decode(raw, &out[i].Value); err != nil {
					return err
				}
				out[i].Version = raw.Version
			}
			c.setID(&out[i].Value, raws[i].Key.ID)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}
