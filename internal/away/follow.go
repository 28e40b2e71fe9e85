package away

import (
	"context"
	"slices"
	"strings"
	"time"

	"threadline/internal/crm"
	"threadline/internal/mail"
	"threadline/internal/outbox"
	"threadline/internal/store"
)

const (
	followID   = "job_away"
	followPage = 200
	fresh      = 24 * time.Hour // older mail is not answered: the server stood still
)

// Run answers what arrives until ctx ends.
func (s *Service) Run(ctx context.Context) error {
	return s.sp.Follow(ctx, store.DefaultPace(), s.CatchUp, func(err error) {
		s.log.Error("mail cannot be answered for who is away", "err", err)
	})
}

// CatchUp works off the feed up to its present end.
func (s *Service) CatchUp(ctx context.Context) error {
	return s.sp.WorkOff(ctx, followID, "away", followPage, func(ctx context.Context, items []store.FeedItem) error {
		for _, it := range items {
			if it.Arrival == nil || it.Arrival.Mailbox == "" {
				continue
			}
			if err := s.arrived(ctx, it.Arrival); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *Service) arrived(ctx context.Context, a *crm.Arrival) error {
	docs, err := store.Settings.GetMany(ctx, s.sp, []string{crm.AwayID(a.Mailbox)})
	if err != nil || docs[0].Value.Away == nil || !docs[0].Value.Away.Answers(s.sp.Store().Now()) {
		return err
	}
	box, err := store.Mailboxes.GetMany(ctx, s.sp, []string{string(a.Mailbox)})
	if err != nil || !box[0].Exists() {
		return err
	}
	for _, it := range a.Items {
		if it.Historical {
			continue
		}
		if err := s.answer(ctx, docs[0].Value.Away, &box[0].Value, it.Message); err != nil {
			return err
		}
	}
	return nil
}

// answer answers one message, when it is to be answered.
func (s *Service) answer(ctx context.Context, a *crm.Away, box *crm.Mailbox, id crm.MessageID) error {
	docs, err := store.Messages.GetMany(ctx, s.sp, []string{string(id)})
	if err != nil || !docs[0].Exists() {
		return err
	}
	m := &docs[0].Value
	if !answerable(a, box, m, s.sp.Store().Now()) {
		return nil
	}
	ws, err := store.Workspaces.Get(ctx, s.sp, string(s.sp.Workspace()))
	if err != nil {
		return err
	}
	from := m.From()
	told := "away_" + crm.DerivedID("t", ws.Value.IDKey, string(box.ID), string(from.Address))
	last, err := store.Counters.GetMany(ctx, s.sp, []string{told})
	if err != nil {
		return err
	}
	now := s.sp.Store().Now()
	if last[0].Exists() && now.Sub(crm.Time(last[0].Value.Last)) < time.Duration(a.Days())*24*time.Hour {
		return nil
	}
	if err := s.send(ctx, a, box, m, from); err != nil {
		return err
	}
	b := s.sp.Batch()
	store.Counters.Put(b, &crm.Counter{ID: told, Last: int64(now)})
	return b.Commit(ctx)
}

// send hands the answer to the outbox, which takes it once for each message.
func (s *Service) send(ctx context.Context, a *crm.Away, box *crm.Mailbox, m *crm.Message, from crm.Participant) error {
	v, err := s.records.Viewer(ctx, box.Owner)
	if err != nil {
		return err
	}
	d := outbox.Draft{Mailbox: box.ID, To: []mail.Party{{Name: from.Name, Address: from.Address}}, Subject: a.Subject, Text: a.Text,
		Origin: "away", Key: "away " + string(m.ID), Headers: []crm.Header{{Name: "Auto-Submitted", Value: "auto-replied"}, {Name: "X-Auto-Response-Suppress", Value: "All"}}}
	if m.RFCID != "" {
		d.Reply = m.ID
	}
	_, err = s.outbox.Add(ctx, v, d)
	if crm.IsKind(err, crm.Unavailable) {
		return err
	}
	if err != nil { // it would be refused again, and keep others waiting
		s.log.Error("a mail cannot be answered for who is away", "mailbox", box.ID, "err", err)
	}
	return nil
}

// robots are what stands before the @ of addresses behind which nobody is.
var robots = []string{"noreply", "no-reply", "donotreply", "do-not-reply", "mailer-daemon", "postmaster", "bounce", "bounces", "notifications"}

// answerable tells whether a message is one that a person wrote to the mailbox by
// name, lately, and of whom we want to answer all or contacts alone.
func answerable(a *crm.Away, box *crm.Mailbox, m *crm.Message, now crm.Time) bool {
	from := m.From().Address
	if m.Direction != crm.Inbound || m.Class != crm.ClassPerson || from == "" || from == box.Address {
		return false
	}
	if m.Date < a.From || now.Sub(m.Date) > fresh {
		return false
	}
	local, _, _ := strings.Cut(strings.ToLower(string(from)), "@")
	if slices.Contains(robots, local) || strings.HasPrefix(local, "owner-") || strings.HasSuffix(local, "-request") {
		return false
	}
	if a.Known && len(m.Links) == 0 {
		return false
	}
	return slices.ContainsFunc(m.Participants, func(p crm.Participant) bool {
		return (p.Role == crm.RoleTo || p.Role == crm.RoleCc) && (p.Address == box.Address || slices.Contains(box.Aliases, p.Address))
	})
}
