package engine

import (
	"context"

	"threadline/internal/crm"
	"threadline/internal/mail"
	"threadline/internal/store"
	"threadline/sync/source"
)

// Whole fetches a copy from its server once more, with all that is attached to
// it. It fails with crm.NotFound when the server does not have it any more, and
// with crm.TooLarge when it has more than limit bytes.
func (e *Engine) Whole(ctx context.Context, c *crm.Copy, limit int64) (*mail.Parsed, error) {
	const op = crm.Op("engine.Whole")
	m, err := store.Mailboxes.Get(ctx, e.sp, string(c.Mailbox))
	if err != nil {
		return nil, err
	}
	if s := m.Value.State; s == crm.StateDeleted || s == crm.StateDeleting {
		return nil, crm.Errorf(crm.NotFound, op, "the mailbox that held this mail is not connected any more")
	}
	box, err := store.Boxes.Get(ctx, e.sp, string(c.Box))
	if err != nil {
		return nil, err
	}
	s, err := e.open(ctx, &m.Value)
	if err != nil {
		return nil, err
	}
	defer s.Close()
	return whole(ctx, s, &box.Value, c, limit)
}

func whole(ctx context.Context, s source.Session, box *crm.Box, c *crm.Copy, limit int64) (*mail.Parsed, error) {
	const op = crm.Op("engine.Whole")
	for it, err := range s.Fetch(ctx, box.Name, c.Epoch, crm.Keys(c.Key), source.Want{MaxSize: limit, Raw: true}) {
		switch {
		case crm.IsKind(err, crm.Conflict), crm.IsKind(err, crm.NotFound):
			return nil, gone(op)
		case err != nil:
			return nil, err
		case it.Part == crm.MarkTooLarge:
			return nil, crm.Errorf(crm.TooLarge, op, "the mail is larger than %d MB", limit>>20).WithHint("open it in your mail program")
		}
		return it.Parse(), nil
	}
	return nil, gone(op)
}

func gone(op crm.Op) error {
	return crm.Errorf(crm.NotFound, op, "the mail server does not have this mail any more").WithHint("what is attached to mail lies on its server alone")
}
