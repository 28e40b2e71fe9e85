package outbox

import (
	"context"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/store"
)

// Get returns a mail of a mailbox of the viewer.
func (s *Service) Get(ctx context.Context, v access.Viewer, id string) (crm.Outgoing, error) {
	docs, err := store.Outgoing.GetMany(ctx, s.sp, []string{id})
	if err != nil {
		return crm.Outgoing{}, err
	}
	o := docs[0].Value
	if !docs[0].Exists() || v.User == "" || o.By != v.User {
		return crm.Outgoing{}, crm.Errorf(crm.NotFound, "outbox.Get", "you have no such mail to be sent").WithField("id")
	}
	return o, nil
}

// List returns the mails of a mailbox of the viewer, newest first.
func (s *Service) List(ctx context.Context, v access.Viewer, box crm.MailboxID, limit int, cursor string) (store.Page[crm.Outgoing], error) {
	if _, err := s.boxOf(ctx, v, box); err != nil {
		return store.Page[crm.Outgoing]{}, err
	}
	return store.Outgoing.Query(ctx, s.sp, store.Query{Where: []store.Filter{store.Is("mailbox", box)}, Order: "created", Desc: true, Limit: limit, After: cursor})
}

// Decide is a person's word on a mail that nobody knows the outcome of, or that
// failed: it is sent again, under the same Message-ID, or dropped.
func (s *Service) Decide(ctx context.Context, v access.Viewer, id string, again bool) (crm.Outgoing, error) {
	o, err := s.Get(ctx, v, id)
	if err != nil {
		return o, err
	}
	err = s.change(ctx, id, func(have *crm.Outgoing) bool {
		o = *have
		if have.State != crm.OutUnknown && have.State != crm.OutFailed || have.Raw == nil {
			return false
		}
		if again {
			have.State, have.NextAt, have.Attempts, have.Asked, have.SentAt = crm.OutQueued, s.sp.Store().Now(), 0, 0, 0
		} else {
			have.State, have.NextAt, have.Raw, have.Trouble, have.Hint = crm.OutFailed, 0, nil, "dropped by its sender", ""
		}
		o = *have
		return true
	})
	if err == nil && o.State != crm.OutQueued && o.State != crm.OutFailed {
		return o, crm.Errorf(crm.Conflict, "outbox.Decide", "this mail is %s: there is nothing to decide", o.State)
	}
	s.ring()
	return o, err
}
