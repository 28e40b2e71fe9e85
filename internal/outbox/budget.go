package outbox

import (
	"context"
	"slices"
	"time"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// Budget is how much a mailbox sent in the last 24 hours.
type Budget struct {
	Limit  int      `json:"limit"`
	Ours   int      `json:"ours"`              // through this outbox, or perhaps
	Manual int      `json:"manual"`            // by its owner with other programs
	Many   int      `json:"campaigns"`         // by campaigns and sequences, or perhaps
	FreeAt crm.Time `json:"free_at,omitempty"` // when the oldest of ours leaves the 24 hours
}

// Left is how many mails may go out now.
func (b Budget) Left() int { return max(b.Limit-b.Ours-b.Manual-b.Many, 0) }

const (
	window    = 24 * time.Hour
	countLive = time.Minute // of the number of manual mails
)

// Budget counts what a mailbox sent.
func (s *Service) Budget(ctx context.Context, m *crm.Mailbox) (Budget, error) {
	b, err := s.Beside(ctx, m)
	if err != nil {
		return b, err
	}
	docs, err := store.Counters.GetMany(ctx, s.sp, crm.CampaignHours(m.ID, s.sp.Store().Now()))
	for _, d := range docs {
		b.Many += int(d.Value.Last)
	}
	return b, err
}

// Beside counts what a mailbox sent beside campaigns, which count their own.
func (s *Service) Beside(ctx context.Context, m *crm.Mailbox) (Budget, error) {
	b := Budget{Limit: m.Budget}
	if b.Limit == 0 {
		b.Limit = s.cfg.Usual
	}
	since := s.sp.Store().Now().Add(-window)
	q := store.Query{Where: []store.Filter{store.Is("mailbox", m.ID), {Field: "sent_at", Op: store.Ge, Value: since}}, Order: "sent_at", Limit: store.MaxLimit}
	err := store.Outgoing.Each(ctx, s.sp, q, func(d store.Doc[crm.Outgoing]) error {
		if b.Ours++; b.Ours == 1 {
			b.FreeAt = d.Value.SentAt.Add(window)
		}
		return nil
	})
	if err != nil {
		return b, err
	}
	b.Manual, err = s.manualSince(ctx, m, since)
	return b, err
}

// manualSince counts stored mail that the owner sent, without ours.
func (s *Service) manualSince(ctx context.Context, m *crm.Mailbox, since crm.Time) (int, error) {
	s.mu.Lock()
	have, known := s.manual[m.ID]
	s.mu.Unlock()
	now := s.sp.Store().Now()
	if known && now.Sub(have.at) < countLive {
		return have.n, nil
	}
	n := 0
	feeds := []crm.FeedToken{crm.Feed(crm.AllRecords, crm.Members), crm.Feed(crm.AllRecords, crm.Audience(m.Owner))}
	q := store.Query{Where: []store.Filter{store.HasAny("feed", feeds), {Field: "date", Op: store.Ge, Value: since}}, Order: "date", Limit: store.MaxLimit}
	err := store.Messages.Each(ctx, s.sp, q, func(d store.Doc[crm.Message]) error {
		if sentFrom(m, &d.Value) && !isOurs(d.Value.RFCID) {
			n++
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	s.mu.Lock()
	s.manual[m.ID] = counted{n: n, at: now}
	s.mu.Unlock()
	return n, nil
}

// sentFrom tells whether a message was sent from the mailbox.
func sentFrom(m *crm.Mailbox, msg *crm.Message) bool {
	from := msg.From().Address
	return (from == m.Address || slices.Contains(m.Aliases, from)) &&
		slices.ContainsFunc(msg.Copies, func(c crm.CopyRef) bool { return c.Mailbox == m.ID })
}
