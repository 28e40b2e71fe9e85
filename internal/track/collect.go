package track

import (
	"context"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// Collector makes events durable. While one group is written the next one
// gathers, so that a group is as large as there is load.
type Collector struct {
	sp    *store.Space
	hits  chan waiting
	room  chan struct{} // who waits
	ready chan struct{} // something is to be counted
}

type waiting struct {
	hit  crm.Hit
	done chan<- error
}

const (
	groupMost = 400
	waitMost  = 2000 // who comes when so many wait is sent away
)

// NewCollector makes the collector of a workspace; Run does its work.
func NewCollector(sp *store.Space) *Collector {
	return &Collector{sp: sp, hits: make(chan waiting), room: make(chan struct{}, waitMost), ready: make(chan struct{}, 1)}
}

// Ready tells of events that can be counted. A hint, never a replacement.
func (c *Collector) Ready() <-chan struct{} { return c.ready }

// Take returns when the event is durable. It fails when ctx ends first: then
// the event may be stored or not.
func (c *Collector) Take(ctx context.Context, h crm.Hit) error {
	select {
	case c.room <- struct{}{}:
		defer func() { <-c.room }()
	default:
		return crm.Errorf(crm.Unavailable, "track.Take", "too many events come in at once")
	}
	done := make(chan error, 1)
	h.At = c.sp.Store().Now()
	h.Agent, h.Target = crm.Clip(h.Agent, 200), crm.Clip(h.Target, 500)
	select {
	case c.hits <- waiting{h, done}:
	case <-ctx.Done():
		return crm.E(crm.Unavailable, "track.Take", "the event was not written down", ctx.Err())
	}
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return crm.E(crm.Unavailable, "track.Take", "the event may not have been written down", ctx.Err())
	}
}

// Run writes groups until ctx ends.
func (c *Collector) Run(ctx context.Context) error {
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case first := <-c.hits:
			group := c.gather(first)
			err := c.write(context.WithoutCancel(ctx), group)
			for _, w := range group {
				w.done <- err
			}
			select {
			case c.ready <- struct{}{}:
			default:
			}
		}
	}
}

// gather takes whoever waits already.
func (c *Collector) gather(first waiting) []waiting {
	group := []waiting{first}
	for len(group) < groupMost {
		select {
		case w := <-c.hits:
			group = append(group, w)
		default:
			return group
		}
	}
	return group
}

func (c *Collector) write(ctx context.Context, group []waiting) error {
	id, err := c.sp.Store().NewID(crm.PrefixHits)
	if err != nil {
		return err
	}
	chunk := crm.HitChunk{ID: id, At: c.sp.Store().Now(), Hits: make([]crm.Hit, len(group))}
	seen := map[string]bool{}
	for i := range group {
		chunk.Hits[i] = group[i].hit
		if name := group[i].hit.Campaign; name != "" && !seen[name] {
			seen[name] = true
			chunk.Campaigns = append(chunk.Campaigns, name)
		}
	}
	b := c.sp.Batch()
	store.HitChunks.Create(b, &chunk)
	return b.Commit(ctx)
}
