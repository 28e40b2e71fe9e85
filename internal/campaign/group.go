package campaign

import (
	"context"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"threadline/internal/crm"
	"threadline/internal/lease"
	"threadline/internal/letter"
	"threadline/internal/mail"
	"threadline/internal/outbox"
	"threadline/internal/store"
	"threadline/internal/track"
)

// worker sends one campaign under one lease.
type worker struct {
	s      *Service
	cfg    Config
	lease  *lease.Lease
	c      crm.Campaign
	box    crm.Mailbox
	zone   *time.Location
	j      judge
	from   mail.Party
	sender outbox.Sender
	limit  *rate.Limiter

	links   track.Links
	mailing crm.Mailing
	agreed  map[crm.Address]bool // of the present group: who may be tracked by name
}

func (w *worker) open(ctx context.Context, id string) error {
	doc, err := store.Campaigns.Get(ctx, w.s.sp, id)
	if err != nil {
		return err
	}
	w.c = doc.Value
	v, err := w.s.records.Viewer(ctx, w.c.Owner)
	if err != nil {
		return err
	}
	if w.j, err = w.s.judge(ctx, v, &w.c); err != nil {
		return err
	}
	box, err := store.Mailboxes.Get(ctx, w.s.sp, string(w.c.Mailbox))
	if err != nil {
		return err
	}
	w.box, w.zone = box.Value, w.j.about.Zone
	w.from = mail.Party{Name: w.j.about.Sender.Name, Address: w.box.Address}
	w.limit = rate.NewLimiter(rate.Limit(float64(w.c.Pace.PerMinute)/60), max(1, w.c.Pace.PerMinute/60))
	w.links = track.Links{Base: w.cfg.PublicURL, Key: w.j.key}
	if w.mailing, err = w.s.mailing(ctx); err != nil {
		return err
	}
	w.sender, err = w.cfg.Open(ctx, w.box)
	return err
}

// group claims some recipients, hands their mails over and writes the outcomes
// down. more is false when nothing is due now.
func (w *worker) group(ctx context.Context) (more bool, err error) {
	if err := w.tidy(ctx); err != nil {
		return false, err
	}
	list, waiting, err := w.claim(ctx)
	if err != nil {
		return false, err
	}
	if len(list) == 0 {
		if !waiting {
			err = w.s.done(ctx, w.c.ID)
		}
		return false, err
	}
	letters, err := w.letters(ctx, list)
	if err != nil {
		return false, err
	}
	results := w.handOver(ctx, list, letters)
	// What was handed over is written down whatever happens meanwhile.
	after := context.WithoutCancel(ctx)
	if err := w.settle(after, list, results); err != nil {
		return false, err
	}
	for i, r := range results {
		if r.bounce == crm.BounceHard {
			if err := w.s.suppressReader(after, &list[i], crm.SuppressedBounced); err != nil {
				return false, err
			}
		}
		if r.verdict == barred {
			return false, w.s.halt(after, w.c.ID, r.reason)
		}
	}
	return true, nil
}

// claim takes the next recipients, in the transaction that looks at everything
// that may forbid it. waiting tells whether some are left for later.
func (w *worker) claim(ctx context.Context) (list []crm.Recipient, waiting bool, err error) {
	most, err := w.cfg.Budget(ctx, &w.box)
	if err != nil {
		return nil, true, err
	}
	err = w.lease.Fenced(ctx, func(ctx context.Context, tx *store.Tx) error {
		list, waiting = nil, true
		now := w.s.sp.Store().Now()
		doc, err := store.Campaigns.Get(ctx, tx, w.c.ID)
		if err != nil || doc.Value.Status != crm.CampaignSending {
			return err
		}
		room, err := w.room(ctx, tx, now, most)
		if err != nil {
			return err
		}
		page, err := store.Recipients.Query(ctx, tx, store.Query{Where: inState(w.c.ID, crm.RecipientQueued), Order: "due", Limit: min(w.cfg.Group, max(room.left, 1))})
		if err != nil {
			return err
		}
		waiting = len(page.Items) > 0
		if !waiting {
			held, err := store.Recipients.Query(ctx, tx, store.Query{Where: inState(w.c.ID, crm.RecipientClaimed), Order: "due", Limit: 1})
			waiting = len(held.Items) > 0
			return err
		}
		if room.left == 0 || w.c.Pace.Open(now.Std(), w.zone).After(now.Std()) {
			return nil
		}
		list, err = w.take(ctx, tx, page.Values(), now)
		if err == nil && len(list) > 0 {
			room.use(tx, len(list))
		}
		return err
	})
	return list, waiting, err
}

// take claims those who are due and not suppressed meanwhile.
func (w *worker) take(ctx context.Context, tx *store.Tx, due []crm.Recipient, now crm.Time) ([]crm.Recipient, error) {
	addresses := make([]crm.Address, len(due))
	for i := range due {
		addresses[i] = due[i].Address
	}
	gone, err := suppressed(ctx, tx, w.j.key, addresses)
	if err != nil {
		return nil, err
	}
	var out []crm.Recipient
	for _, r := range due {
		if why := gone[r.Address]; why != "" {
			r.State, r.Reason, r.At = crm.RecipientExcluded, string(why), now
			store.Recipients.Put(tx, &r)
			continue
		}
		if r, ok := claim(r, w.lease.Fence(), now); ok {
			store.Recipients.Put(tx, &r)
			out = append(out, r)
		}
	}
	return out, nil
}

// handOver hands the mails of a group over, several at once, and waits for all
// of them. Once ctx ends those that were not begun are given back.
func (w *worker) handOver(ctx context.Context, list []crm.Recipient, letters []letter.Filled) []result {
	results := make([]result, len(list))
	next := make(chan int)
	var wg sync.WaitGroup
	for range min(w.cfg.Parallel, len(list)) {
		wg.Go(func() {
			for i := range next {
				results[i] = w.one(ctx, &list[i], &letters[i])
			}
		})
	}
	for i := range list {
		results[i] = result{verdict: back}
		if w.limit.Wait(ctx) != nil {
			continue
		}
		next <- i
	}
	close(next)
	wg.Wait()
	return results
}

// settle writes outcomes down.
func (w *worker) settle(ctx context.Context, list []crm.Recipient, results []result) error {
	ids := make([]string, len(list))
	for i := range list {
		ids[i] = list[i].ID
	}
	return w.lease.Fenced(ctx, func(ctx context.Context, tx *store.Tx) error {
		docs, err := store.Recipients.GetMany(ctx, tx, ids)
		if err != nil {
			return err
		}
		for i, d := range docs {
			if r, ok := mark(d.Value, w.lease.Fence(), results[i], w.s.sp.Store().Now()); ok && d.Exists() {
				store.Recipients.Put(tx, &r)
			}
		}
		return nil
	})
}
