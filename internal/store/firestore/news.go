package firestore

import (
	"context"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// newsMost is how many entries of one kind are told; more are "too many".
const newsMost = 16

// News implements store.Newsreader. An entry is asked for by the time of its
// request, and becomes visible at most one commit later; so each look counts those
// of the overlap before the last one again. Entries are never taken away and never
// made again: when there are as many as before, that is all, and costs one read for
// each kind. Which are new is told by the times of their commits.
func (d *Driver) News(ctx context.Context, ws crm.WorkspaceID, collections []string, since store.Look) ([]store.Raw, store.Look, bool, error) {
	if err := ended(ctx, "firestore.News"); err != nil {
		return nil, since, false, err
	}
	l := look{d: d, ws: ws, since: since, next: store.Look{Counts: map[string]store.Count{}}, complete: true}
	g, ctx := errgroup.WithContext(ctx)
	for _, c := range collections {
		g.Go(func() error { return l.at(ctx, c) })
	}
	if err := g.Wait(); err != nil {
		return nil, since, false, err
	}
	return l.news, l.next, l.complete && since.At != 0, nil
}

// look is one look at the end of the feed.
type look struct {
	d     *Driver
	ws    crm.WorkspaceID
	since store.Look

	mu       sync.Mutex
	news     []store.Raw
	next     store.Look
	complete bool
}

// at looks at one kind of entries.
func (l *look) at(ctx context.Context, collection string) error {
	if l.since.At == 0 {
		return l.first(ctx, collection)
	}
	from := l.since.At.Add(-overlap)
	was, counted := l.since.Counts[collection]
	if !counted {
		was = store.Count{From: from, N: -1}
	}
	is, err := l.shorter(ctx, collection, from, was)
	if err != nil {
		return err
	}
	n, at, err := l.d.countAt(ctx, l.ws, ending(collection, was.From))
	if err != nil {
		return err
	}
	switch {
	case n == was.N, n == 0:
		l.found(collection, nil, is, at, true)
	case n-max(was.N, 0) > newsMost:
		l.found(collection, nil, store.Count{From: was.From, N: n}, at, false)
	default:
		return l.read(ctx, collection, from, was, n)
	}
	return nil
}

// read reads the news; n are all entries from when was counts.
func (l *look) read(ctx context.Context, collection string, from crm.Time, was store.Count, n int64) error {
	some, at, err := l.d.since(ctx, l.ws, collection, from, 2*newsMost)
	if err != nil {
		return err
	}
	var news []store.Raw
	for _, e := range some {
		if crm.Time(e.made) >= l.since.At {
			news = append(news, e.raw)
		}
	}
	missed := len(some) == 2*newsMost || was.N >= 0 && int64(len(news)) < n-was.N
	if missed {
		l.found(collection, nil, store.Count{From: was.From, N: n}, at, false)
		return nil
	}
	l.found(collection, news, store.Count{From: from, N: int64(len(some))}, at, true)
	return nil
}

// first counts, which is all that a later look needs.
func (l *look) first(ctx context.Context, collection string) error {
	from := crm.At(l.d.o.Now().Add(-time.Duration(l.d.skew.by.Load()))).Add(-overlap)
	n, at, err := l.d.countAt(ctx, l.ws, ending(collection, from))
	if err == nil {
		l.found(collection, nil, store.Count{From: from, N: n}, at, true)
	}
	return err
}

// shorter is the count from a later time on, so that what is counted does not grow
// without end: of none, and of many that are old. It counts before the look does,
// so that it holds if that finds nothing.
func (l *look) shorter(ctx context.Context, collection string, from crm.Time, was store.Count) (store.Count, error) {
	switch {
	case was.N <= 0:
		return store.Count{From: from}, nil
	case from.Sub(was.From) < overlap:
		return was, nil
	}
	n, _, err := l.d.countAt(ctx, l.ws, ending(collection, from))
	return store.Count{From: from, N: n}, err
}

// found adds what was found of one kind.
func (l *look) found(collection string, news []store.Raw, is store.Count, at crm.Time, complete bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.complete = l.complete && complete
	l.news = append(l.news, news...)
	l.next.Counts[collection] = is
	if l.next.At == 0 || at < l.next.At {
		l.next.At = at
	}
}
