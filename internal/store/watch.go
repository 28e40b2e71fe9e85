package store

import (
	"context"
	"sync"
	"time"

	"threadline/internal/crm"
)

// Newsreader is an engine to which other processes write as well, and whose
// every read is paid for.
type Newsreader interface {
	// News returns the entries of the feed, in these collections of it, that may
	// have been committed since an earlier look, those of the present moment
	// included, and the look to go on from. The zero Look is the first one, of
	// which the entries say nothing. complete is false when there were too many to
	// be told. The version of an entry is when it was committed, by the clock of
	// looks.
	News(ctx context.Context, ws crm.WorkspaceID, collections []string, since Look) (news []Raw, next Look, complete bool, err error)
}

// Look is what an engine knows of the end of the feed.
type Look struct {
	At     crm.Time // by the engine's clock; 0: never looked
	Counts map[string]Count
}

// Count is how many entries of one collection of the feed there were from a time
// on.
type Count struct {
	From crm.Time
	N    int64
}

// lookAge is when a look is too old to go on from: what came since would be read
// in vain.
const lookAge = 5 * time.Minute

// Watch is how what was read is kept as fresh as the engine: each look tells what
// was committed since the one before, whoever wrote.
type Watch struct {
	sp          *Space
	news        Newsreader
	collections []string

	mu   sync.Mutex
	look Look
	took time.Time
}

// Watch begins to watch the feed, or these collections of it; nil on an engine
// that is asked itself instead, because its reads cost nothing.
func (sp *Space) Watch(collections ...string) *Watch {
	news, can := sp.store.driver.(Newsreader)
	if !can {
		return nil
	}
	return &Watch{sp: sp, news: news, collections: collections}
}

// Look calls drop with what was committed since the last look, if anything was;
// all says that it is not known what. It returns as of when that is: when drop has
// returned, nothing that it left is older. drop is called by one at a time.
func (w *Watch) Look(ctx context.Context, drop func(news []FeedItem, all bool)) (crm.Time, error) {
	w.mu.Lock()
	since := w.look
	if w.sp.store.now().Sub(w.took) > lookAge {
		since = Look{}
	}
	w.mu.Unlock()
	raws, next, complete, err := w.news.News(ctx, w.sp.ws, w.collections, since)
	if err != nil {
		return 0, err
	}
	news, err := w.sp.feedItems(raws)
	if err != nil {
		return 0, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if next.At > w.look.At {
		w.look, w.took = next, w.sp.store.now()
	}
	if all := !complete || since.At == 0; all || len(news) > 0 {
		drop(news, all)
	}
	return next.At, nil
}

// ChangesAfter returns the changes that were committed at a moment or later by the clock
// of looks, as far as these tell of them; all says that it is not known which.
func (sp *Space) ChangesAfter(ctx context.Context, at crm.Time) (changes []crm.Change, all bool, err error) {
	news, can := sp.store.driver.(Newsreader)
	if !can {
		return nil, true, nil
	}
	raws, _, complete, err := news.News(ctx, sp.ws, []string{ChangeLog.Name}, Look{At: at})
	if err != nil || !complete {
		return nil, true, err
	}
	items, err := sp.feedItems(raws)
	for i, it := range items {
		if crm.Time(raws[i].Version) >= at {
			changes = append(changes, *it.Change)
		}
	}
	return changes, false, err
}
