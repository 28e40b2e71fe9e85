package gmail

import (
	"context"
	"log/slog"
	"time"

	"threadline/internal/crm"
)

const (
	watchLife  = 7 * 24 * time.Hour
	watchRenew = watchLife - 24*time.Hour // renewed when less is left: every day
	watchAlarm = 48 * time.Hour
	watchLook  = 10 * time.Minute
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

// Run looks every ten minutes until ctx ends.
func (k *Keeper) Run(ctx context.Context) error {
	for {
		list, err := k.Mailboxes(ctx)
		if err != nil && ctx.Err() == nil {
			k.Log.Error("mailboxes cannot be read", "err", err)
		}
		for i := range list {
			k.keep(ctx, &list[i])
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
// notices are about to end.
func (k *Keeper) keep(ctx context.Context, m *crm.Mailbox) {
	left := m.WatchUntil.Sub(k.Now())
	if m.Kind != crm.KindGmail || m.State != crm.StateLive || left > watchRenew || ctx.Err() != nil {
		return
	}
	err := k.Order(ctx, *m)
	switch {
	case err == nil || ctx.Err() != nil:
	case left < watchAlarm:
		k.Log.Error("notices of Gmail end within two days or have ended, and cannot be ordered again; mail is looked for by the clock", "mailbox", m.ID, "err", err)
	default:
		k.Log.Warn("notices of Gmail cannot be ordered now", "mailbox", m.ID, "err", err)
	}
}
