package engine

import (
	"context"
	"sync"

	"golang.org/x/sync/semaphore"

	"threadline/internal/crm"
)

// gathering makes groups of parcels and commits them. Where the store can, one
// group is decided on while the one before is being written.
type gathering struct {
	run   *run
	room  *semaphore.Weighted
	group *group
	held  int64 // of room, by the group
	piece *work
	rest  crm.KeySet // of the piece: keys that no group has settled
	going []*going   // groups that are being committed, the older one first
}

// going is a group that is being committed.
type going struct {
	laid  chan struct{} // closed when the next one may begin
	done  chan error    // one value
	mails int
	held  int64
}

// storeAll gathers parcels into groups and commits them, in order. It returns
// with nothing in flight.
func (r *run) storeAll(ctx context.Context, room *semaphore.Weighted, in <-chan *parcel) error {
	g := &gathering{run: r, room: room}
	err := g.all(ctx, in)
	if e := g.await(0); err == nil {
		err = e
	}
	return err
}

func (g *gathering) all(ctx context.Context, in <-chan *parcel) error {
	for p := range in {
		if g.group == nil {
			g.begin(p.work)
		}
		if p.end {
			g.group.done = g.rest // those that were not yielded do not exist
			if err := g.flush(ctx); err != nil {
				return err
			}
			continue
		}
		if err := g.take(ctx, p); err != nil {
			return err
		}
	}
	if g.group == nil {
		return nil
	}
	return g.flush(ctx)
}

func (g *gathering) begin(w *work) {
	g.group = &group{work: *w}
	if g.piece != w {
		g.piece, g.rest = w, w.keys
	}
}

// take adds a parcel to the group, once its documents are made.
func (g *gathering) take(ctx context.Context, p *parcel) error {
	var b built
	select {
	case b = <-p.built:
	case <-ctx.Done():
		return ctx.Err()
	}
	if b.err != nil {
		return b.err
	}
	if len(g.group.mail) >= g.run.cfg.Group { // not earlier: the end of the piece may come with it
		if err := g.flush(ctx); err != nil {
			return err
		}
		g.begin(p.work)
	}
	g.held += p.bytes
	g.group.mail = append(g.group.mail, b.mail)
	g.group.done = g.group.done.Union(crm.Keys(p.key))
	g.group.size += p.bytes
	if g.group.size >= g.run.cfg.bytes {
		return g.flush(ctx)
	}
	return nil
}

// flush starts to commit the group: when it is known what the one before writes,
// and the one before that is stored.
func (g *gathering) flush(ctx context.Context) error {
	most := 0
	if g.run.sp.Store().Room().Ahead {
		most = 1
	}
	if err := g.await(most); err != nil {
		return err
	}
	for _, before := range g.going {
		<-before.laid
	}
	group, next := g.group, &going{laid: make(chan struct{}), done: make(chan error, 1), mails: len(g.group.mail), held: g.held}
	group.laid = sync.OnceFunc(func() {
		group.mail = nil // from here on it is written or it is not: nothing is decided again
		close(next.laid)
	})
	g.rest = g.rest.Minus(group.done)
	g.going, g.group, g.held = append(g.going, next), nil, 0
	go func() {
		defer group.laid()
		next.done <- g.run.keep(ctx, group)
	}()
	return nil
}

// await waits until no more than so many groups are being committed, and for all
// of them after a failure: it returns the first.
func (g *gathering) await(most int) error {
	var first error
	for len(g.going) > most || first != nil && len(g.going) > 0 {
		oldest := g.going[0]
		g.going = g.going[1:]
		err := <-oldest.done
		if err == nil {
			g.run.progress(oldest.mails)
		} else if first == nil {
			first = err
		}
		g.room.Release(oldest.held)
	}
	return first
}
