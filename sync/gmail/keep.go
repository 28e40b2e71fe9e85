package gmail

import (
	"context"
	"log/slog"
	"time"

	"threadline/internal/crm"
)

// WatchAlarm is how long before their end notices that are not ordered anew are
// told of as a fault.
const WatchAlarm = 48 * time.Hour

const (
	watchLife  = 7 * 24 * time.Hour
	watchRenew = watchLife - 24*time.Hour // renewed when less is left: every day
	watchLook  = time.Minute
	watchAgain = 10 * time.Minute // after an order was not taken
)

// Keeper keeps the notices of mailboxes ordered: Google forgets an order after
// seven days, so each is given again every day. When it cannot be, notices are
// told of as about to end two days before they do; mail is looked for by the
// clock all the while.
type Keeper struct {
	Mailboxes func(context.Context) ([]crm.Mailbox, error)
	Order     func(context.Context, crm.Mailbox) error // gives the order and keeps until when it holds
	Now       func() crm.Time
	Log       *slog.Logger
}

// Run looks every minute until ctx ends, so that whoever has just connected an
// account need not wait for their first notice.
func (k *Keeper) Run(ctx context.Context) error {
	refused := map[crm.MailboxID]crm.Time{}
	for {
		list, err := k.Mailboxes(ctx)
		if err != nil && ctx.Err() == nil {
			k.Log.Error("mailboxes cannot be read", "err", err)
		}
		for i := range list {
			if m := &list[i]; k.Now().Sub(refused[m.ID]) >= watchAgain {
				delete(refused, m.ID)
				if !k.keep(ctx, m) {
					refused[m.ID] = k.Now()
				}
			}
		}
		t := time.NewTimer(watchLook)
		select {
		case <-ctx.Done():
			t.Stop()
			return ctx.Err()
		case <-t.C:
		}
	}
}

// keep gives the order for a mailbox when it is time to, and says so when its
// notices are about to end; false when the order was not taken.
func (k *Keeper) keep(ctx context.Context, m *crm.Mailbox) bool {
	left := m.WatchUntil.Sub(k.Now())
	if m.Kind != crm.KindGmail || m.State != crm.StateLive || left > watchRenew || ctx.Err() != nil {
		return true
	}
	err := k.Order(ctx, *m)
	switch {
	case err == nil || ctx.Err() != nil:
		return true
	case left < WatchAlarm:
		k.Log.Error("notices of Gmail end within two days or have ended, and cannot be ordered again; mail is looked for by the clock", "mailbox", m.ID, "err", err)
	default:
		k.Log.Warn("notices of Gmail cannot be ordered now", "mailbox", m.ID, "err", err)
	}
	return false
}
