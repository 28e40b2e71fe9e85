package store

import (
	"context"
	"time"

	"threadline/internal/crm"
)

// Pace is how a projection follows the feed.
type Pace struct {
	Gather time.Duration // between two looks, so that a sync is followed in large steps
	Every  time.Duration // the bell is a hint: look now and then
	Retry  time.Duration // after a failure
}

// DefaultPace lags by less than a second.
func DefaultPace() Pace {
	return Pace{Gather: 300 * time.Millisecond, Every: time.Minute, Retry: 5 * time.Second}
}

// Follow calls catchUp now and after every commit that the feed tells of, until
// ctx ends; failed hears of what went wrong, which is tried again.
func (sp *Space) Follow(ctx context.Context, p Pace, catchUp func(context.Context) error, failed func(error)) error {
	for {
		woken := sp.Woken()
		if err := catchUp(ctx); err != nil && ctx.Err() == nil {
			failed(err)
			if err := pause(ctx, nil, p.Retry); err != nil {
				return err
			}
			continue
		}
		if err := pause(ctx, nil, p.Gather); err != nil {
			return err
		}
		if err := pause(ctx, woken, p.Every); err != nil {
			return err
		}
	}
}

// WorkOff hands the feed to take, page by page, up to its present end, and keeps
// in the job document with that id how far it came. What was handed over before
// the program died is handed over again.
func (sp *Space) WorkOff(ctx context.Context, id, kind string, page int, take func(context.Context, []FeedItem) error) error {
	docs, err := Jobs.GetMany(ctx, sp, []string{id})
	if err != nil {
		return err
	}
	job := docs[0].Value
	job.ID, job.Kind, job.State = id, kind, crm.JobRunning
	for {
		items, next, err := sp.Changes(ctx, Position(job.Position), page)
		if err != nil || len(items) == 0 {
			return err
		}
		if err := take(ctx, items); err != nil {
			return err
		}
		job.Position = string(next)
		b := sp.Batch()
		Jobs.Put(b, &job)
		if err := b.Commit(ctx); err != nil {
			return err
		}
	}
}

// pause waits for the bell, when there is one, or for d.
func pause(ctx context.Context, woken <-chan struct{}, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-woken:
	case <-t.C:
	}
	return nil
}

// Ender is an engine that knows where its feed ends without reading it.
type Ender interface {
	// End is the position behind all that was committed so far.
	End(ctx context.Context, ws crm.WorkspaceID) (Position, error)
}

// FeedEnd is the position behind everything that was committed so far: where a
// projection begins that reads all documents itself.
func (sp *Space) FeedEnd(ctx context.Context) (Position, error) {
	if e, can := sp.store.driver.(Ender); can {
		return e.End(ctx, sp.ws)
	}
	var pos Position
	for {
		items, next, err := sp.Changes(ctx, pos, MaxLimit)
		if err != nil || len(items) == 0 {
			return pos, err
		}
		pos = next
	}
}
