package track

import (
	"context"
	"log/slog"
	"maps"
	"slices"
	"time"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// Folder counts events: each group in the transaction that marks it as counted.
type Folder struct {
	sp  *store.Space
	log *slog.Logger
}

// NewFolder makes the folder of a workspace. It has one owner.
func NewFolder(sp *store.Space, log *slog.Logger) *Folder { return &Folder{sp: sp, log: log} }

// foldEvery is how often it looks for groups that other processes wrote.
const foldEvery = 10 * time.Second

// Run counts until ctx ends; ready is a hint that there is something.
func (f *Folder) Run(ctx context.Context, ready <-chan struct{}) error {
	for {
		if err := f.CatchUp(ctx); err != nil && ctx.Err() == nil {
			f.log.Error("events of tracking cannot be counted", "err", err)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-ready:
		case <-time.After(foldEvery):
		}
	}
}

// CatchUp counts what was not counted yet, in the order in which it came.
func (f *Folder) CatchUp(ctx context.Context) error {
	for {
		page, err := store.HitChunks.Query(ctx, f.sp, store.Query{Where: []store.Filter{store.Is("folded", false)}, Order: "at", Limit: 20})
		if err != nil || len(page.Items) == 0 {
			return err
		}
		for _, d := range page.Items {
			if err := f.fold(ctx, d.Value.ID); err != nil {
				return err
			}
		}
	}
}

// fold counts one group.
func (f *Folder) fold(ctx context.Context, id string) error {
	return f.sp.Transact(ctx, func(ctx context.Context, tx *store.Tx) error {
		doc, err := store.HitChunks.Get(ctx, tx, id)
		if err != nil || doc.Value.Folded {
			return err
		}
		seen, err := sightings(ctx, tx, doc.Value.Hits)
		if err != nil {
			return err
		}
		sent, err := sentTimes(ctx, tx, doc.Value.Hits)
		if err != nil {
			return err
		}
		for _, h := range doc.Value.Hits {
			count(seen, h, sent[h.Recipient])
		}
		for _, id := range slices.Sorted(maps.Keys(seen)) {
			store.Sightings.Put(tx, seen[id])
		}
		doc.Value.Folded = true
		store.HitChunks.Put(tx, &doc.Value)
		return nil
	})
}

// count adds an event to its mail, and the difference to its campaign.
func count(seen map[string]*crm.Seen, h crm.Hit, sent crm.Time) {
	whole := seen[h.Campaign]
	one := seen[h.Recipient]
	switch {
	case one == nil && whole != nil: // nobody is named: no bursts, no firsts
		whole.Count(h)
	case one != nil:
		before := *one
		one.Take(h, sent)
		if whole != nil {
			whole.Gain(&before, one)
		}
	}
}

// sightings reads the sums that events change; those that are not there yet are
// empty.
func sightings(ctx context.Context, tx *store.Tx, hits []crm.Hit) (map[string]*crm.Seen, error) {
	out := map[string]*crm.Seen{}
	for _, h := range hits {
		for _, id := range []string{h.Campaign, h.Recipient} {
			if id != "" {
				out[id] = &crm.Seen{ID: id}
			}
		}
	}
	ids := slices.Sorted(maps.Keys(out))
	docs, err := store.Sightings.GetMany(ctx, tx, ids)
	for i, d := range docs {
		if d.Exists() {
			out[ids[i]] = &docs[i].Value
		}
	}
	return out, err
}

// sentTimes reads when the mails went out.
func sentTimes(ctx context.Context, tx *store.Tx, hits []crm.Hit) (map[string]crm.Time, error) {
	ids := map[string]bool{}
	for _, h := range hits {
		if crm.IDPrefix(h.Recipient) == crm.PrefixRecipient {
			ids[h.Recipient] = true
		}
	}
	list := slices.Sorted(maps.Keys(ids))
	docs, err := store.Recipients.GetMany(ctx, tx, list)
	out := map[string]crm.Time{}
	for _, d := range docs {
		if out[d.Value.ID] = d.Value.Sent; d.Value.Sent == 0 {
			out[d.Value.ID] = d.Value.At // its outcome is just being written down
		}
	}
	return out, err
}
