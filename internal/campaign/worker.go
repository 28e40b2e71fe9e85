package campaign

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"

	"threadline/internal/crm"
	"threadline/internal/lease"
	"threadline/internal/mail"
	"threadline/internal/outbox"
	"threadline/internal/store"
	"threadline/internal/track"
)

// asleep is how long an errand is stood still for before it asks a person: a
// restored backup, or a clock that jumped, must not send by itself.
const asleep = time.Hour

// whyAsleep is what people are told of an errand that stood still.
const whyAsleep = "nothing was sent for %s: start it again if it is still wanted; whoever was due is looked up among the sent mail first, " +
	"as this may be an older copy of the data, and who is not found there waits for your word"

// worker sends the mail of one errand under one lease.
type worker struct {
	s       *Service
	cfg     Config
	lease   *lease.Lease
	e       Errand
	c       *crm.Campaign // its terms
	box     crm.Mailbox
	bench   Bench
	from    mail.Party
	sender  outbox.Sender
	limit   *rate.Limiter
	account *rate.Limiter // of the mailbox; nil: none
	shares  *shares
	desks   chan *desk // one for each mail under way
	links   track.Links
	mailing crm.Mailing

	doubts   atomic.Bool // lines were put in doubt that may be looked up at once
	tidying  sync.Mutex
	lookedTo crm.Time // up to when lines were due that were all looked up
}

func (w *worker) open(ctx context.Context) error {
	v, err := w.s.records.Viewer(ctx, w.c.Owner)
	if err != nil {
		return err
	}
	if w.bench, err = w.s.Bench(ctx, v, w.c.Owner); err != nil {
		return err
	}
	if m, ok := w.e.(*mailing); ok {
		if m.compiled, err = w.bench.Compile(m.c.Letter); err != nil {
			return err
		}
	}
	box, err := store.Mailboxes.Get(ctx, w.s.sp, string(w.c.Mailbox))
	if err != nil {
		return err
	}
	w.box = box.Value
	w.from = mail.Party{Name: w.bench.about.Sender.Name, Address: w.box.Address}
	w.limit, w.account = perMinute(w.c.Pace.PerMinute), w.s.accounts.rate(&w.box)
	w.shares = w.s.sharesOf(w.c.ID)
	if w.links, err = w.s.Links(ctx, w.cfg.PublicURL); err != nil {
		return err
	}
	if w.mailing, err = w.s.mailing(ctx); err != nil {
		return err
	}
	w.desks = desks(w.cfg.Parallel, w.links, w.bench.key)
	w.sender, err = w.cfg.Open(ctx, w.box)
	return err
}

// send works on one errand until nothing is due.
func (s *Service) send(ctx context.Context, cfg Config, e Errand) error {
	id := e.Terms().ID
	if slept, err := s.slept(ctx, e); err != nil || slept > asleep {
		if err == nil {
			err = e.Halt(ctx, fmt.Sprintf(whyAsleep, slept.Round(time.Minute)), s.sp.Store().Now())
		}
		return err
	}
	l, err := lease.Acquire(ctx, s.sp, id, cfg.Owner, cfg.Lease)
	if crm.IsKind(err, crm.Conflict) {
		return nil // another process is at it
	}
	if err != nil {
		return err
	}
	w := &worker{s: s, cfg: cfg, lease: l, e: e, c: e.Terms()}
	if err = w.open(ctx); stands(err) {
		return errors.Join(e.Halt(ctx, crm.Clip(err.Error(), 300), 0), l.Release(ctx))
	}
	if err == nil {
		err = errors.Join(w.work(ctx), outbox.Close(w.sender))
	}
	if errors.Is(err, lease.ErrLost) {
		return nil
	}
	release, done := context.WithTimeout(context.WithoutCancel(ctx), l.Margin())
	defer done()
	return errors.Join(err, l.Release(release))
}

// work holds the lease while it tidies up and sends, and does both once more when
// lines were put in doubt that can be looked up now. The first failure ends all.
func (w *worker) work(ctx context.Context) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	keeping, rest := context.WithCancel(ctx)
	var lost error
	var keeper sync.WaitGroup
	keeper.Go(func() {
		if lost = every(keeping, w.lease.Lasts()/6, w.lease.Renew); lost != nil {
			stop()
		}
	})
	err := w.rounds(ctx)
	rest()
	keeper.Wait()
	return errors.Join(lost, err)
}

func (w *worker) rounds(ctx context.Context) error {
	for {
		if err := w.tidy(ctx); err != nil {
			return err
		}
		if err := w.sendAll(ctx); err != nil || ctx.Err() != nil || !w.doubts.Swap(false) {
			return err
		}
	}
}

// sendAll sends group after group, some side by side: while the mails of one are
// handed over, the next one is claimed.
func (w *worker) sendAll(ctx context.Context) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	failed := make([]error, max(1, w.cfg.Lanes)+1)
	keeping, rest := context.WithCancel(ctx)
	var keeper, lanes sync.WaitGroup
	keeper.Go(func() {
		if failed[0] = every(keeping, tidyEvery, w.tidy); failed[0] != nil {
			stop()
		}
	})
	for i := range failed[1:] {
		lanes.Go(func() {
			if failed[i+1] = w.lane(ctx); failed[i+1] != nil {
				stop()
			}
		})
	}
	lanes.Wait()
	rest()
	keeper.Wait()
	return errors.Join(failed...)
}

// tidyEvery is how often one worker looks for what was left behind.
const tidyEvery = 10 * time.Second

// every does something again and again until ctx ends, or it fails.
func every(ctx context.Context, pause time.Duration, do func(context.Context) error) error {
	tick := time.NewTicker(pause)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		if err := do(ctx); err != nil && ctx.Err() == nil {
			return err
		}
	}
}

// size is how many lines are claimed at once: what goes out in half a second,
// within bounds. Whoever sends slowly has few in doubt when the process is killed.
func (w *worker) size() int {
	rate := float64(w.c.Pace.PerMinute) / 60
	if w.account != nil {
		rate = min(rate, float64(w.account.Limit()))
	}
	return min(max(w.cfg.Group, int(rate/2)), max(w.cfg.Group, w.cfg.Most))
}

// stands tells an error that only a person can mend, such as a mailbox that
// cannot send, from one that passes.
func stands(err error) bool {
	switch crm.KindOf(err) {
	case crm.Denied, crm.Unauthorized, crm.Invalid, crm.NotFound:
		return err != nil
	}
	return false
}

// slept is for how long nobody worked on an errand that began, or how far the
// clock went back.
func (s *Service) slept(ctx context.Context, e Errand) (time.Duration, error) {
	until, err := s.heldUntil(ctx, e.Terms().ID)
	// A person who starts it says that it is wanted.
	return s.sp.Store().Now().Sub(max(until, e.Terms().At)).Abs(), err
}

// heldUntil is when the lease of an errand ends or ended.
func (s *Service) heldUntil(ctx context.Context, id string) (crm.Time, error) {
	docs, err := store.Leases.GetMany(ctx, s.sp, []string{crm.PrefixLease + "_" + id})
	if err != nil {
		return 0, err
	}
	return docs[0].Value.Until, nil
}

// halt pauses a campaign without being asked to, and says why, and since when it is
// not known who had the letter.
func (s *Service) halt(ctx context.Context, id, why string, restored crm.Time) error {
	info := store.ChangeInfo{Cause: crm.CauseSystem, Title: "pause a campaign"}
	_, err := s.sp.Change(ctx, info, func(ctx context.Context, tx *store.Tx) error {
		doc, err := store.Campaigns.Get(ctx, tx, id)
		if err != nil || doc.Value.Status != crm.CampaignSending {
			return err
		}
		doc.Value.Restored = max(doc.Value.Restored, restored)
		return s.put(tx, &doc.Value, crm.CampaignPaused, why, crm.CampaignSending)
	})
	return err
}

// done ends a campaign that has nobody left.
func (s *Service) done(ctx context.Context, id string) error {
	info := store.ChangeInfo{Cause: crm.CauseSystem, Title: "end a campaign"}
	_, err := s.sp.Change(ctx, info, func(ctx context.Context, tx *store.Tx) error {
		doc, err := store.Campaigns.Get(ctx, tx, id)
		if err != nil || doc.Value.Status != crm.CampaignSending {
			return err
		}
		for _, state := range []crm.RecipientState{crm.RecipientQueued, crm.RecipientClaimed} {
			page, err := store.Recipients.Query(ctx, tx, store.Query{Where: inState(id, state), Order: "due", Limit: 1})
			if err != nil || len(page.Items) > 0 {
				return err
			}
		}
		doubt, err := store.Recipients.Query(ctx, tx, store.Query{Where: inState(id, crm.RecipientUnknown), Order: "due", Desc: true, Limit: 1})
		if err != nil || len(doubt.Items) > 0 && !Exhausted(&doubt.Items[0].Value) {
			return err // it will be looked up; those before it were
		}
		return s.put(tx, &doc.Value, crm.CampaignDone, "", crm.CampaignSending)
	})
	return err
}
