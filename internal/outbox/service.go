package outbox

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// Config is what the outbox needs from outside.
type Config struct {
	Open  func(ctx context.Context, m crm.Mailbox) (Sender, error) // the sender of a mailbox, with its secret unsealed
	Files func(ctx context.Context, ref string) ([]byte, error)    // the content of a stored file; nil: no files go with mail
	// Body reads what a stored mail says, which is quoted below another one; nil:
	// nothing is quoted. crm.NotFound: nobody has it any more.
	Body func(ctx context.Context, id crm.MessageID) (*crm.BodyContent, error)
	// Undress takes out of the HTML of a mail what tracks it, for the copy that its
	// sender keeps; nil: nothing is tracked.
	Undress func(ctx context.Context, page string) string
	Log     *slog.Logger
	Alone   bool // no other process sends from this store: what a killed one left is ours at once
	Usual   int  // mails in 24 hours for a mailbox that says nothing else; 0 is 500, the limit of a Gmail account without Workspace
}

// Service sends the mails of one workspace. It is safe for concurrent use.
type Service struct {
	sp   *store.Space
	cfg  Config
	wake chan struct{} // capacity 1

	mu     sync.Mutex
	turns  map[crm.MailboxID]*sync.Mutex // one mail of a mailbox is claimed at a time, so that the budget holds
	manual map[crm.MailboxID]counted
}

// counted is how many mails the owner sent with other programs.
type counted struct {
	n  int
	at crm.Time
}

// usualBudget is https://support.google.com/mail/answer/22839.
const usualBudget = 500

// New makes the outbox of a workspace; Run delivers.
func New(sp *store.Space, cfg Config) *Service {
	if cfg.Usual == 0 {
		cfg.Usual = usualBudget
	}
	return &Service{sp: sp, cfg: cfg, wake: make(chan struct{}, 1), turns: map[crm.MailboxID]*sync.Mutex{}, manual: map[crm.MailboxID]counted{}}
}

// every is how often the outbox looks for what is due, without being told.
const every = 5 * time.Second

// Run delivers what is due until ctx ends.
func (s *Service) Run(ctx context.Context) error {
	if s.cfg.Alone {
		if err := s.adopt(ctx); err != nil && ctx.Err() == nil {
			s.cfg.Log.Error("mails that were being sent when the process ended cannot be read", "err", err)
		}
	}
	for {
		if err := s.round(ctx); err != nil && ctx.Err() == nil {
			s.cfg.Log.Error("mail cannot be sent now", "err", err)
		}
		t := time.NewTimer(every)
		select {
		case <-ctx.Done():
			t.Stop()
			return ctx.Err()
		case <-t.C:
		case <-s.wake:
			t.Stop()
		}
	}
}

// ring lets Run look at once.
func (s *Service) ring() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// adopt makes due what another life of this process was sending.
func (s *Service) adopt(ctx context.Context) error {
	docs, err := store.Outgoing.All(ctx, s.sp, store.Query{Where: []store.Filter{store.Is("state", crm.OutSending)}, Order: "next_at"})
	if err != nil {
		return err
	}
	for _, d := range docs {
		if err := s.change(ctx, d.Value.ID, func(o *crm.Outgoing) bool {
			o.NextAt = s.sp.Store().Now()
			return o.State == crm.OutSending
		}); err != nil {
			return err
		}
	}
	return nil
}

// perRound bounds how many mails one look takes up.
const perRound = 100

// round does what is due: first it finds out about the past, then it sends.
func (s *Service) round(ctx context.Context) error {
	for _, state := range []crm.OutgoingState{crm.OutSending, crm.OutUnknown, crm.OutQueued} {
		due, err := store.Outgoing.Query(ctx, s.sp, store.Query{Where: []store.Filter{store.Is("state", state),
			{Field: "next_at", Op: store.Le, Value: s.sp.Store().Now()}}, Order: "next_at", Limit: perRound})
		if err != nil {
			return err
		}
		for _, o := range due.Values() {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			work := s.resolve
			if state == crm.OutQueued {
				work = s.deliver
			}
			if err := work(ctx, o.ID); err != nil {
				return err
			}
		}
	}
	return nil
}

// change edits a document while edit says that it still is what it was.
func (s *Service) change(ctx context.Context, id string, edit func(*crm.Outgoing) bool) error {
	return s.sp.Transact(ctx, func(ctx context.Context, tx *store.Tx) error {
		doc, err := store.Outgoing.Get(ctx, tx, id)
		if err != nil {
			return err
		}
		if edit(&doc.Value) {
			store.Outgoing.PutIf(tx, &doc.Value, doc.Version)
		}
		return nil
	})
}
