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

// News implements store.Newsreader. An entry becomes visible at most one commit
// later than the time of its request, so that each look counts those of the
// overlap before the last one again: when there are as many as were seen, that is
// all, and costs one read for each kind of entry. Entries are never taken away
// and never made again.
func (d *Driver) News(ctx context.Context, ws crm.WorkspaceID, collections []string, since store.Look) ([]store.Raw, store.Look, bool, error) {
	if err := ended(ctx, "firestore.News"); err != nil {
		return nil, since, false, err
	}
	now := crm.At(d.o.Now().Add(-time.Duration(d.skew.by.Load())))
	l := look{d: d, ws: ws, known: since.At != 0, next: store.Look{Seen: map[string]store.Told{}}, complete: true}
	if l.known {
		now, l.since = since.At, since
	}
	l.from = now.Add(-overlap)
	g, ctx := errgroup.WithContext(ctx)
	for _, c := range collections {
		g.Go(func() error { return l.at(ctx, c) })
	}
	if err := g.Wait(); err != nil {
		return nil, since, false, err
	}
	if !l.complete { // what was not told will be by the next look, or be too many again
		return nil, l.next, false, nil
	}
	return l.news, l.next, l.known, nil
}

// look is one look at the end of the feed.
type look struct {
	d     *Driver
	ws    crm.WorkspaceID
	since store.Look
	known bool     // what was seen before goes on
	from  crm.Time // by the time of the request

	mu       sync.Mutex
	news     []store.Raw
	next     store.Look
	complete bool
}

// at looks at one kind of entries.
func (l *look) at(ctx context.Context, collection string) error {
	seen := map[string]store.Told{}
	for mark, told := range l.since.Seen {
		if told.Collection == collection && told.At >= l.from {
			seen[mark] = told
		}
	}
	n, at, err := l.d.countAt(ctx, l.ws, ending(collection, l.from))
	if err != nil {
		return err
	}
	var news []store.Raw
	if n != int64(len(seen)) && n <= newsMost {
		var some []entry
		if some, at, err = l.d.since(ctx, l.ws, collection, l.from, 2*newsMost); err != nil {
			return err
		}
		n = int64(len(some))
		for _, e := range some {
			mark := string(e.mark[:])
			if _, old := seen[mark]; !old {
				seen[mark] = store.Told{Collection: collection, At: crm.Time(e.at)}
				news = append(news, e.raw)
			}
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.complete = l.complete && n <= newsMost
	l.news = append(l.news, news...)
	for mark, told := range seen {
		l.next.Seen[mark] = told
	}
	if l.next.At == 0 || at < l.next.At {
		l.next.At = at
	}
	return nil
}
