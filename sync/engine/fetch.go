package engine

import (
	"context"
	"errors"
	"time"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"

	"threadline/internal/crm"
	"threadline/internal/store"
	"threadline/sync/source"
)

const (
	parsers     = 1                     // goroutines that parse beside fetching and storing; storing is the longer way and must not wait for a core
	inFlight    = 20 << 20              // bytes of raw mail between the server and the store
	ahead       = 256                   // mails between the server and the store
	sizeGate    = 10 << 20              // larger mail comes as its header only
	smallestRaw = 4 << 10               // what a mail counts at least
	largestRaw  = inFlight - groupBytes // and at most: beside a group that waits for more there is room for it
)

// parcel is one step of the pipeline: a fetched copy whose documents are being
// made, or the end of a piece of work.
type parcel struct {
	work  *work
	item  source.Item
	key   crm.Key
	box   crm.Box
	built chan built // one value
	end   bool
	bytes int64
}

type built struct {
	mail *arrived
	err  error
}

// failedWork is a piece that could not be fetched whole.
type failedWork struct {
	work work
	rest crm.KeySet // what did not arrive
	err  error
}

func (f *failedWork) Error() string { return f.err.Error() }
func (f *failedWork) Unwrap() error { return f.err }

// drain fetches and stores until nothing is left of boxes and due, enough says
// stop, or something fails. What was fetched complete is stored in any case. It
// returns with nothing in flight.
func (r *run) drain(ctx context.Context, s source.Session, boxes []crm.Box, due []crm.Queued, enough func() bool) error {
	defer r.cfg.Thrift.begin()()
	var failed *failedWork
	room := semaphore.NewWeighted(inFlight)
	parse, store := make(chan *parcel, ahead), make(chan *parcel, ahead)
	g, gctx := errgroup.WithContext(ctx)
	for range parsers {
		g.Go(func() error {
			for p := range parse {
				m, err := r.build.build(p.box, p.item)
				p.item = source.Item{} // its raw bytes are not needed any more
				p.built <- built{m, err}
			}
			return nil
		})
	}
	g.Go(func() error {
		defer close(store)
		defer close(parse)
		err := r.fetch(gctx, s, boxes, due, enough, room, parse, store)
		if errors.As(err, &failed) {
			return nil // first store what did arrive
		}
		return err
	})
	g.Go(func() error { return r.storeAll(gctx, room, store) })
	if err := g.Wait(); err != nil {
		return err
	}
	if failed != nil {
		return failed
	}
	return nil
}

// todo reads what is left: the folders and the exceptions that are due.
func (r *run) todo(ctx context.Context) ([]crm.Box, []crm.Queued, error) {
	by, err := r.boxes(ctx)
	if err != nil {
		return nil, nil, err
	}
	var boxes, open []crm.Box
	closed := map[crm.BoxID]bool{}
	for _, b := range by {
		if b.Skip == "" && !b.Gone {
			boxes = append(boxes, *b)
			if closed[b.ID] = b.Closed != nil; !closed[b.ID] {
				open = append(open, *b)
			}
		}
	}
	due, err := r.queued(ctx, closed, groupMails, store.Filter{Field: "next_at", Op: store.Le, Value: r.sp.Store().Now()})
	if err != nil {
		return nil, nil, err
	}
	due, err = r.prune(ctx, boxes, due)
	return open, due, err
}

// fetch walks through the work and sends each copy to the parsers and, in the
// same order, to the store.
func (r *run) fetch(ctx context.Context, s source.Session, boxes []crm.Box, due []crm.Queued,
	enough func() bool, room *semaphore.Weighted, parse, store chan<- *parcel) error {
	for !enough() {
		w, ok := choose(boxes, due, nil, r.size)
		if !ok {
			return nil
		}
		box, begun := take(boxes, &due, w), r.sp.Store().Now()
		rest := w.keys
		want := source.Want{HeadersOnly: r.mailbox.HeadersOnly, MaxSize: sizeGate}
		for it, err := range s.Fetch(ctx, w.folder, w.epoch, w.keys, want) {
			if err != nil {
				return &failedWork{work: w, rest: rest, err: err}
			}
			rest = rest.Minus(crm.Keys(it.Key))
			p := &parcel{work: &w, item: it, key: it.Key, box: box, built: make(chan built, 1),
				bytes: min(max(int64(len(it.Raw)), smallestRaw), largestRaw)}
			if err := room.Acquire(ctx, p.bytes); err != nil {
				return err
			}
			if err := send(ctx, p, parse, store); err != nil {
				return err
			}
		}
		if err := send(ctx, &parcel{work: &w, end: true}, store); err != nil {
			return err
		}
		r.size = resize(r.size, r.sp.Store().Now().Sub(begun))
	}
	return nil
}

// resize grows the next piece while pieces are quick and shrinks it when they
// are not: new mail, and a person who says pause, wait for the end of one.
func resize(size int64, took time.Duration) int64 {
	if took > pieceTime && size > liveMails {
		return max(size/2, liveMails)
	}
	return min(size*2, groupMails)
}

func send(ctx context.Context, p *parcel, to ...chan<- *parcel) error {
	for _, ch := range to {
		select {
		case ch <- p:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// take removes a piece from what is left in memory and returns its folder.
func take(boxes []crm.Box, due *[]crm.Queued, w work) crm.Box {
	var box crm.Box
	for i := range boxes {
		if boxes[i].ID == w.box {
			boxes[i].Live = boxes[i].Live.Minus(w.keys)
			boxes[i].Pending = boxes[i].Pending.Minus(w.keys)
			boxes[i].Counts.Stored += w.keys.Size() // so that choose sees how far the folder is
			box = boxes[i]
		}
	}
	if w.lane == crm.LaneRepair {
		left := (*due)[:0:0]
		for _, q := range *due {
			if q.Box != w.box || !w.keys.Has(q.Key) {
				left = append(left, q)
			}
		}
		*due = left
	}
	return box
}
