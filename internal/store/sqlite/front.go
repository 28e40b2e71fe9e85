package sqlite

import (
	"context"
	"slices"
	"sync"
)

// front is what is known of the writer's work before it is on disk. While a
// group is being written, the function of one transaction may run ahead of its
// turn: it reads what is committed with the group laid over it. When its turn
// comes, what it wants is taken if nothing that it read is another by then, and
// else it runs again: it is as serialisable as one that waits.
//
// One at a time runs ahead: of two, the first would mostly spoil the second.
type front struct {
	mu    sync.Mutex
	group []*batch      // laid out, and not committed yet
	one   *aheadReader  // of the transaction that runs ahead, until its own batch is laid out
	since []*batch      // laid out since it began
	lost  bool          // a group was taken back since then
	freed chan struct{} // closed when there is none any more
}

// enter lets a transaction run ahead on what is being written; false when
// nothing is, so that its turn comes at once. It waits for another one.
func (f *front) enter(ctx context.Context, closing <-chan struct{}, r *aheadReader) bool {
	for {
		f.mu.Lock()
		if f.one == nil {
			group := f.group
			if len(group) > 0 {
				f.one, f.since, f.lost, f.freed = r, nil, false, make(chan struct{})
			}
			f.mu.Unlock()
			r.over = newOverlay(group)
			return len(group) > 0
		}
		freed := f.freed
		f.mu.Unlock()
		select {
		case <-freed:
		case <-ctx.Done():
			return false
		case <-closing:
			return false
		}
	}
}

// leave gives the place of a transaction to the next one; again changes nothing.
func (f *front) leave(r *aheadReader) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.free(r)
}

func (f *front) free(r *aheadReader) {
	if r != nil && f.one == r {
		f.one, f.since = nil, nil
		close(f.freed)
	}
}

// holds tells whether what a transaction read is still so.
func (f *front) holds(r *aheadReader) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return !f.lost && !slices.ContainsFunc(f.since, r.spoiled)
}

// publish adds a batch that is laid out: of the transaction that ran ahead, if r
// is not nil.
func (f *front) publish(b *batch, r *aheadReader) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.group = append(f.group, b)
	f.free(r)
	if f.one != nil {
		f.since = append(f.since, b)
	}
}

// settle says that the group is on disk, or was taken back.
func (f *front) settle(committed bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.group = nil
	f.lost = f.lost || !committed
}
