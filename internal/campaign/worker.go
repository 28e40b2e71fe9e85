package campaign

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"threadline/internal/crm"
	"threadline/internal/lease"
	"threadline/internal/outbox"
	"threadline/internal/store"
)

// Config is what sending needs to know.
type Config struct {
	Owner     string // names this process
	Lease     time.Duration
	Group     int    // recipients that are claimed at once
	Parallel  int    // mails under way at once
	PublicURL string // where unsubscribe links lead, such as https://crm.example; empty: mails go without
	Open      func(ctx context.Context, m crm.Mailbox) (outbox.Sender, error)
	Budget    func(ctx context.Context, m *crm.Mailbox) (left int, err error) // of the mailbox, without campaigns
	Log       *slog.Logger
}

// asleep is how long a campaign is stood still for before it asks a person: a
// restored backup, or a clock that jumped, must not send by itself.
const asleep = time.Hour

// look is how often the worker looks for what no change announces: hours of
// sending that open, claims that were left behind.
const look = 15 * time.Second

// Run sends whatever campaigns are to be sent until ctx ends. An orderly end
// hands over what is under way and gives the rest of the group back.
func (s *Service) Run(ctx context.Context, cfg Config) error {
	for {
		woken := s.sp.Woken()
		docs, err := store.Campaigns.All(ctx, s.sp, store.Query{Where: []store.Filter{store.Is("status", string(crm.CampaignSending))}, Order: "at"})
		if err != nil && ctx.Err() == nil {
			cfg.Log.ErrorContext(ctx, "campaigns cannot be read", "err", err)
		}
		for _, d := range docs {
			if err := s.send(ctx, cfg, d.Value.ID); err != nil && ctx.Err() == nil {
				cfg.Log.ErrorContext(ctx, "campaign stands", "campaign", d.Value.ID, "err", err)
			}
		}
		select {
		case <-ctx.Done():
			return nil
		case <-woken:
		case <-time.After(look):
		}
	}
}

// send works on one campaign until nothing is due.
func (s *Service) send(ctx context.Context, cfg Config, id string) error {
	if slept, err := s.slept(ctx, id); err != nil || slept > asleep {
		if err == nil {
			err = s.halt(ctx, id, fmt.Sprintf("nothing was sent for %s: start it again if it is still wanted", slept.Round(time.Minute)))
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
	w := &worker{s: s, cfg: cfg, lease: l}
	if err = w.open(ctx, id); stands(err) {
		return errors.Join(s.halt(ctx, id, crm.Clip(err.Error(), 300)), l.Release(ctx))
	}
	for more := err == nil; more; {
		if more, err = w.group(ctx); err != nil || ctx.Err() != nil {
			break
		}
		err = l.Renew(ctx)
		more = more && err == nil
	}
	if errors.Is(err, lease.ErrLost) {
		return nil
	}
	release, done := context.WithTimeout(context.WithoutCancel(ctx), l.Margin())
	defer done()
	return errors.Join(err, l.Release(release))
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

// slept is for how long nobody worked on a campaign that began, or how far the
// clock went back.
func (s *Service) slept(ctx context.Context, id string) (time.Duration, error) {
	docs, err := store.Leases.GetMany(ctx, s.sp, []string{crm.PrefixLease + "_" + id})
	if err != nil {
		return 0, err
	}
	camp, err := store.Campaigns.Get(ctx, s.sp, id)
	if err != nil {
		return 0, err
	}
	last := max(docs[0].Value.Until, camp.Value.At) // a person who starts it says that it is wanted
	return s.sp.Store().Now().Sub(last).Abs(), nil
}

// halt pauses a campaign without being asked to, and says why.
func (s *Service) halt(ctx context.Context, id, why string) error {
	info := store.ChangeInfo{Cause: crm.CauseSystem, Title: "pause a campaign"}
	_, err := s.sp.Change(ctx, info, func(ctx context.Context, tx *store.Tx) error {
		doc, err := store.Campaigns.Get(ctx, tx, id)
		if err != nil || doc.Value.Status != crm.CampaignSending {
			return err
		}
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
		if err != nil || len(doubt.Items) > 0 && doubt.Items[0].Value.Due > s.sp.Store().Now() {
			return err // it will be looked up
		}
		return s.put(tx, &doc.Value, crm.CampaignDone, "", crm.CampaignSending)
	})
	return err
}
