package campaign

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"threadline/internal/crm"
	"threadline/internal/outbox"
	"threadline/internal/store"
)

// Config is what sending needs to know.
type Config struct {
	Owner     string // names this process
	Lease     time.Duration
	Group     int    // lines that are claimed at once
	Most      int    // the same of what goes fast; 0: not more
	Lanes     int    // groups under way at once; 0: one
	Parallel  int    // mails of an errand under way at once, over all groups
	PublicURL string // where unsubscribe links lead, such as https://crm.example; empty: mails go without
	Open      func(ctx context.Context, m crm.Mailbox) (outbox.Sender, error)
	Budget    func(ctx context.Context, m *crm.Mailbox) (left int, err error) // of the mailbox, without campaigns
	More      func(ctx context.Context) ([]Errand, error)                     // beside campaigns; nil: none
	Log       *slog.Logger
}

const (
	// look is how often the runner looks for what no change announces: lines that
	// come due, claims that were left behind.
	look   = 15 * time.Second
	gather = 100 * time.Millisecond // between two looks, while much changes
	atOnce = 16                     // errands
)

// runner works on many errands at once, so that none waits for another.
type runner struct {
	s     *Service
	cfg   Config
	wg    sync.WaitGroup
	mu    sync.Mutex
	busy  map[string]bool
	again map[string]bool // what changed while it was busy
	ended chan struct{}   // capacity 1: one of those has ended
}

// Run sends whatever campaigns and other errands are to be sent until ctx ends.
// An orderly end hands over what is under way and gives the rest of the group
// back.
func (s *Service) Run(ctx context.Context, cfg Config) error {
	r := &runner{s: s, cfg: cfg, busy: map[string]bool{}, again: map[string]bool{}, ended: make(chan struct{}, 1)}
	defer r.wg.Wait()
	for {
		woken := s.sp.Woken()
		if err := r.round(ctx); err != nil && ctx.Err() == nil {
			cfg.Log.ErrorContext(ctx, "campaigns cannot be read", "err", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-woken:
		case <-r.ended:
		case <-time.After(look):
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(gather):
		}
	}
}

// WorkOff sends whatever is due now, and returns when nothing is any more.
func (s *Service) WorkOff(ctx context.Context, cfg Config) error {
	r := &runner{s: s, cfg: cfg, busy: map[string]bool{}, again: map[string]bool{}, ended: make(chan struct{}, 1)}
	defer r.wg.Wait()
	return r.round(ctx)
}

// round begins to work on every errand that nobody is at and has something to do.
func (r *runner) round(ctx context.Context) error {
	list, err := r.s.sending(ctx)
	if err != nil {
		return err
	}
	if r.cfg.More != nil {
		more, err := r.cfg.More(ctx)
		if err != nil {
			return err
		}
		list = append(list, more...)
	}
	for _, e := range list {
		if !r.take(e.Terms().ID) {
			continue
		}
		if due, err := r.s.due(ctx, e); err != nil || !due {
			r.release(e.Terms().ID)
			if err != nil {
				return err
			}
			continue
		}
		r.wg.Go(func() { r.work(ctx, e) })
	}
	return nil
}

func (r *runner) work(ctx context.Context, e Errand) {
	if err := r.s.send(ctx, r.cfg, e); err != nil && ctx.Err() == nil {
		r.cfg.Log.ErrorContext(ctx, "mail stands", "errand", e.Terms().ID, "err", err)
	}
	r.release(e.Terms().ID)
}

func (r *runner) take(id string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.busy[id] || len(r.busy) >= atOnce {
		r.again[id] = true
		return false
	}
	delete(r.again, id)
	r.busy[id] = true
	return true
}

func (r *runner) release(id string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.busy, id)
	if len(r.again) == 0 {
		return
	}
	select {
	case r.ended <- struct{}{}:
	default:
	}
}

// due tells whether an errand has something to do: a line that is due, a claim or
// a doubt that is over, or a lease so old that it would seem to have stood still.
func (s *Service) due(ctx context.Context, e Errand) (bool, error) {
	if !e.Idle() {
		return true, nil
	}
	now := s.sp.Store().Now()
	until, err := s.heldUntil(ctx, e.Terms().ID)
	if err != nil || now.Sub(until) > asleep/4 {
		return err == nil, err
	}
	for _, state := range []crm.RecipientState{crm.RecipientQueued, crm.RecipientUnknown, crm.RecipientClaimed} {
		page, err := store.Recipients.Query(ctx, s.sp, store.Query{Where: inState(e.Terms().ID, state), Order: "due", Limit: 1})
		if err != nil || len(page.Items) > 0 && page.Items[0].Value.Due <= now {
			return err == nil, err
		}
	}
	return false, nil
}
