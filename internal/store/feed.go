package store

import (
	"context"
	"slices"
	"sync"

	"threadline/internal/crm"
)

// FeedItem is one entry of the feed: a change or an arrival.
type FeedItem struct {
	Change  *crm.Change
	Arrival *crm.Arrival
}

// Changes returns what was committed after the position, in order, and the
// position behind it. An empty position is the beginning; an empty answer
// leaves the position as it is, and says alone that there is no more. The limit is
// that of a query.
func (sp *Space) Changes(ctx context.Context, after Position, limit int) ([]FeedItem, Position, error) {
	if err := sp.check("any"); err != nil {
		return nil, after, err
	}
	if limit == 0 {
		limit = DefaultLimit
	}
	if limit < 0 || limit > MaxLimit {
		return nil, after, crm.Errorf(crm.Invalid, "store.Changes", "a page has 1 to %d entries", MaxLimit).WithField("limit")
	}
	raws, next, err := sp.store.driver.Feed(ctx, sp.ws, after, limit)
	if err != nil {
		return nil, after, err
	}
	items, err := sp.feedItems(raws)
	if err != nil {
		return nil, after, err
	}
	return items, next, nil
}

// Behind tells what the first entry behind a position is, without reading what it
// holds: a change of an import is large.
func (sp *Space) Behind(ctx context.Context, after Position) (change, arrival bool, err error) {
	raws, _, err := sp.store.driver.Feed(ctx, sp.ws, after, 1)
	if err != nil || len(raws) == 0 {
		return false, false, err
	}
	change = raws[0].Key.Collection == ChangeLog.Name
	return change, !change, nil
}

// feedItems decodes entries of the feed.
func (sp *Space) feedItems(raws []Raw) ([]FeedItem, error) {
	items := make([]FeedItem, 0, len(raws))
	for _, r := range raws {
		var it FeedItem
		var err error
		switch r.Key.Collection {
		case ChangeLog.Name:
			it.Change = &crm.Change{}
			err = sp.decode(r, it.Change)
			it.Change.ID = r.Key.ID
		case Arrivals.Name:
			it.Arrival = &crm.Arrival{}
			err = sp.decode(r, it.Arrival)
			it.Arrival.ID = r.Key.ID
		default:
			err = crm.Errorf(crm.Internal, "store.Changes", "%s does not belong to the feed", r.Key.Collection)
		}
		if err != nil {
			return nil, err
		}
		items = append(items, it)
	}
	return items, nil
}

// Feeds tells whether documents of the collection form the feed.
func Feeds(collection string) bool {
	return collection == ChangeLog.Name || collection == Arrivals.Name
}

// Woken returns a channel that is closed at the next commit, in this process, of
// a change, an arrival, or a document of who we are: a workspace, a user or a
// mailbox. A hint to look, never a replacement.
func (sp *Space) Woken() <-chan struct{} { return sp.store.wake.wait() }

// SettingsAge changes with every commit of settings by this process: what was
// read from them before is old then.
func (sp *Space) SettingsAge() uint64 { return sp.store.rules.Load() }

func (s *Store) ring(writes []Write) {
	if slices.ContainsFunc(writes, func(w Write) bool { return w.Key.Collection == Settings.Name }) {
		s.rules.Add(1)
	}
	for _, w := range writes {
		if Feeds(w.Key.Collection) || tellsWho(w) {
			s.wake.ring()
			return
		}
	}
}

// tellsWho tells whether a write may change whose mail is ours. The state of a
// mailbox is written with every look at it, so that only a write with a
// precondition counts: that of a person.
func tellsWho(w Write) bool {
	switch w.Key.Collection {
	case Workspaces.Name, Users.Name:
		return true
	case Mailboxes.Name:
		return w.Pre.Must == MustNotExist || w.Pre.Must == MustMatch || w.Data == nil && len(w.Transforms) == 0
	}
	return false
}

// bell wakes everybody who waits.
type bell struct {
	mu sync.Mutex
	ch chan struct{}
}

func newBell() *bell { return &bell{ch: make(chan struct{})} }

func (b *bell) wait() <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.ch
}

func (b *bell) ring() {
	b.mu.Lock()
	defer b.mu.Unlock()
	close(b.ch)
	b.ch = make(chan struct{})
}
