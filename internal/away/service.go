package away

import (
	"context"
	"log/slog"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/outbox"
	"threadline/internal/records"
	"threadline/internal/store"
)

// Service keeps and gives the answers of one workspace.
type Service struct {
	sp      *store.Space
	records *records.Service
	outbox  *outbox.Service
	log     *slog.Logger
}

// New makes the service of a workspace.
func New(sp *store.Space, r *records.Service, o *outbox.Service, log *slog.Logger) *Service {
	return &Service{sp: sp, records: r, outbox: o, log: log}
}

// box is a mailbox of the viewer.
func (s *Service) box(ctx context.Context, r store.Reader, v access.Viewer, id crm.MailboxID) (crm.Mailbox, error) {
	docs, err := store.Mailboxes.GetMany(ctx, r, []string{string(id)})
	if err != nil {
		return crm.Mailbox{}, err
	}
	if v.User == "" {
		return crm.Mailbox{}, crm.Errorf(crm.Denied, "away.box", "what a mailbox answers is its owner's to say").WithHint("name them: --as EMAIL")
	}
	if !docs[0].Exists() || docs[0].Value.Owner != v.User {
		return crm.Mailbox{}, crm.Errorf(crm.NotFound, "away.box", "you have no mailbox %q", crm.Clip(string(id), 60)).WithField("id")
	}
	return docs[0].Value, nil
}

// Get is what a mailbox of the viewer answers.
func (s *Service) Get(ctx context.Context, v access.Viewer, id crm.MailboxID) (crm.Away, error) {
	if _, err := s.box(ctx, s.sp, v, id); err != nil {
		return crm.Away{}, err
	}
	docs, err := store.Settings.GetMany(ctx, s.sp, []string{crm.AwayID(id)})
	if err != nil || docs[0].Value.Away == nil {
		return crm.Away{Mailbox: id}, err
	}
	return *docs[0].Value.Away, nil
}

// Set says what a mailbox of the viewer answers, and returns the batch to undo
// it.
func (s *Service) Set(ctx context.Context, v access.Viewer, info store.ChangeInfo, a crm.Away) (string, error) {
	if err := a.Check(); err != nil {
		return "", err
	}
	a.By, a.At = v.User, s.sp.Store().Now()
	if a.On && a.Until != 0 && a.Until <= a.At {
		return "", crm.Errorf(crm.Invalid, "away.Set", "the absence is over already").WithField("until")
	}
	return s.sp.Change(ctx, info, func(ctx context.Context, tx *store.Tx) error {
		if _, err := s.box(ctx, tx, v, a.Mailbox); err != nil {
			return err
		}
		_, err := store.Settings.GetMany(ctx, tx, []string{crm.AwayID(a.Mailbox)})
		store.Settings.Put(tx, &crm.Setting{ID: crm.AwayID(a.Mailbox), Away: &a})
		return err
	})
}
