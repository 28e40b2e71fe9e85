package outbox

import (
	"context"
	"errors"
	"sync"
	"time"

	"threadline/internal/crm"
	"threadline/internal/mail"
	"threadline/internal/store"
)

const (
	handing     = 10 * time.Minute // longer than a Sender may take
	retryBase   = time.Minute
	retryLimit  = time.Hour
	heldFor     = 5 * time.Minute // by a spent budget, until it is counted again: somebody may have raised it
	maxAttempts = 12
	maxAsked    = 6 // look-ups of an unknown outcome, in about half an hour
)

// deliver hands one queued mail over. What goes wrong with the mail stays with
// it; an error is trouble with the store.
func (s *Service) deliver(ctx context.Context, id string) error {
	o, m, err := s.claim(ctx, id)
	if err != nil || o == nil {
		return err
	}
	sender, err := s.cfg.Open(ctx, m)
	var r Receipt
	if err == nil {
		defer func() { _ = Close(sender) }() // what it sent is sent
		var m Mail
		if m, err = s.mailOf(ctx, sender, o); err == nil {
			r, err = sender.Send(ctx, m)
		}
		s.undraft(ctx, sender, o, err == nil)
	}
	// What happened is written down even while the process is asked to end.
	ctx, done := context.WithTimeout(context.WithoutCancel(ctx), time.Minute)
	defer done()
	return s.change(ctx, id, func(o *crm.Outgoing) bool {
		if o.State != crm.OutSending {
			return false
		}
		s.settle(o, r, err)
		return true
	})
}

// mailOf is a mail as a sender wants it.
func (s *Service) mailOf(ctx context.Context, sender Sender, o *crm.Outgoing) (Mail, error) {
	raw, err := s.whole(ctx, o)
	m := Mail{ID: o.RFCID, From: o.From, To: o.To, Raw: raw, Draft: o.Draft, Thread: s.threadOf(ctx, sender, o)}
	if o.Track != crm.TrackOff && s.cfg.Undress != nil {
		m.Copy = func() []byte { return s.undressed(ctx, o, raw) }
	}
	return m, err
}

// undressed is a mail that tells nothing of who reads it: whoever sent it opens
// their copy, too. When it cannot be made the copy is the mail itself.
func (s *Service) undressed(ctx context.Context, o *crm.Outgoing, raw []byte) []byte {
	bare := *o
	var err error
	if bare.Raw, err = mail.Repage(o.Raw, o.RFCID, func(page string) string { return s.cfg.Undress(ctx, page) }); err != nil {
		return raw
	}
	if bare.Raw, err = s.whole(ctx, &bare); err != nil {
		return raw
	}
	return bare.Raw
}

// undraft takes the draft of a mail that was sent out of its mailbox. One that
// stays is a nuisance and no more: the log says so.
func (s *Service) undraft(ctx context.Context, sender Sender, o *crm.Outgoing, sent bool) {
	d, ok := sender.(Drafter)
	if !ok || !sent || o.Draft == "" {
		return
	}
	if err := d.DropDraft(ctx, Mail{ID: o.RFCID, Draft: o.Draft}); err != nil {
		s.cfg.Log.Warn("the draft of a mail that was sent stays in its mailbox", "mailbox", o.Mailbox, "kind", crm.KindOf(err), "err", err)
	}
}

// claim takes a queued mail, when the budget has room for it; nil when somebody
// else has it, or it has to wait.
func (s *Service) claim(ctx context.Context, id string) (*crm.Outgoing, crm.Mailbox, error) {
	first, err := store.Outgoing.Get(ctx, s.sp, id)
	if err != nil {
		return nil, crm.Mailbox{}, err
	}
	turn := s.turn(first.Value.Mailbox)
	turn.Lock()
	defer turn.Unlock()
	box, err := store.Mailboxes.Get(ctx, s.sp, string(first.Value.Mailbox))
	if err != nil {
		return nil, crm.Mailbox{}, s.giveUp(ctx, id, err)
	}
	b, err := s.Budget(ctx, &box.Value)
	if err != nil {
		return nil, crm.Mailbox{}, err
	}
	now := s.sp.Store().Now()
	var mine *crm.Outgoing
	err = s.change(ctx, id, func(o *crm.Outgoing) bool {
		mine = nil
		if o.State != crm.OutQueued {
			return false
		}
		if b.Left() == 0 {
			o.NextAt, o.Trouble = min(max(b.FreeAt, now.Add(retryBase)), now.Add(heldFor)), "the mailbox has sent its budget of the last 24 hours"
			return true
		}
		o.State, o.SentAt, o.NextAt, o.Trouble, o.Hint = crm.OutSending, now, now.Add(handing), "", ""
		o.Attempts++
		have := *o
		mine = &have
		return true
	})
	if crm.IsKind(err, crm.Conflict) { // somebody was quicker
		return nil, crm.Mailbox{}, nil
	}
	return mine, box.Value, err
}

func (s *Service) turn(m crm.MailboxID) *sync.Mutex {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.turns[m]
	if t == nil {
		t = new(sync.Mutex)
		s.turns[m] = t
	}
	return t
}

// giveUp fails a mail whose mailbox is gone.
func (s *Service) giveUp(ctx context.Context, id string, err error) error {
	if !crm.IsKind(err, crm.NotFound) {
		return err
	}
	return s.change(ctx, id, func(o *crm.Outgoing) bool {
		o.State, o.NextAt, o.Trouble = crm.OutFailed, 0, "its mailbox does not exist any more"
		return true
	})
}

// threadOf finds the conversation of the mail that is answered. Without it the
// mail system sorts by references.
func (s *Service) threadOf(ctx context.Context, sender Sender, o *crm.Outgoing) string {
	if o.Answers == "" {
		return ""
	}
	found, err := sender.Find(ctx, o.Answers)
	if err != nil && !Nowhere(err) {
		s.cfg.Log.Info("the conversation of a reply was not found", "mailbox", o.Mailbox, "kind", crm.KindOf(err))
	}
	return found[o.Answers].Thread
}

// settle writes down what came of a Send. Pure.
func (s *Service) settle(o *crm.Outgoing, r Receipt, err error) {
	now := s.sp.Store().Now()
	var e *crm.Error
	if errors.As(err, &e) {
		o.Trouble, o.Hint = e.Msg, e.Hint
	}
	switch kind := crm.KindOf(err); {
	case err == nil:
		taken(o, r, now)
	case Unknown(err):
		o.State, o.NextAt = crm.OutUnknown, now
	case kind == crm.Throttled || kind == crm.Unavailable || kind == crm.Unauthorized:
		o.State, o.SentAt = crm.OutQueued, 0
		o.NextAt = now.Add(max(min(retryBase<<min(o.Attempts-1, 10), retryLimit), crm.RetryAfter(err)))
		if o.Attempts >= maxAttempts {
			o.State, o.NextAt = crm.OutFailed, 0
		}
	default:
		o.State, o.SentAt, o.NextAt = crm.OutFailed, 0, 0
	}
}

func taken(o *crm.Outgoing, r Receipt, now crm.Time) {
	o.State, o.NextAt, o.Raw, o.Trouble, o.Hint = crm.OutSent, 0, nil, "", ""
	o.Remote, o.Thread = r.Remote, r.Thread
	if o.SentAt == 0 {
		o.SentAt = now
	}
}

// resolve finds out whether a mail went out whose outcome is not known.
func (s *Service) resolve(ctx context.Context, id string) error {
	doc, err := store.Outgoing.Get(ctx, s.sp, id)
	if err != nil {
		return err
	}
	r, ok, err := s.lookUp(ctx, &doc.Value)
	now := s.sp.Store().Now()
	return s.change(ctx, id, func(o *crm.Outgoing) bool {
		if o.State != crm.OutSending && o.State != crm.OutUnknown {
			return false
		}
		if ok {
			taken(o, r, now)
			return true
		}
		o.State = crm.OutUnknown
		o.Trouble, o.Hint = "nobody knows whether it was sent: the mailbox does not have it, or cannot be asked", "look for it among the sent mail, then send it again or drop it"
		o.NextAt = now.Add(retryBase << min(o.Asked, 4))
		if err == nil { // a mailbox that cannot be asked says nothing
			o.Asked++
		}
		if o.Asked >= maxAsked {
			o.NextAt = 0
		}
		return true
	})
}

func (s *Service) lookUp(ctx context.Context, o *crm.Outgoing) (Receipt, bool, error) {
	if stored, err := s.stored(ctx, o); err != nil || stored {
		return Receipt{}, stored, err
	}
	box, err := store.Mailboxes.Get(ctx, s.sp, string(o.Mailbox))
	if err != nil {
		return Receipt{}, false, err
	}
	sender, err := s.cfg.Open(ctx, box.Value)
	if err == nil {
		defer func() { _ = Close(sender) }() // it was only asked
	}
	if err != nil {
		return Receipt{}, false, err
	}
	found, err := sender.Find(ctx, o.RFCID)
	if Nowhere(err) {
		err = nil // asked often enough it stays unknown, by name
	}
	r, ok := found[o.RFCID]
	s.undraft(ctx, sender, o, ok && err == nil)
	return r, ok, err
}

// stored tells whether the mail came back from the mailbox already.
func (s *Service) stored(ctx context.Context, o *crm.Outgoing) (bool, error) {
	page, err := store.Messages.Query(ctx, s.sp, store.Query{Where: []store.Filter{store.Has("mentions", o.RFCID)}, Limit: 10})
	if err != nil {
		return false, err
	}
	for _, m := range page.Values() {
		if m.RFCID == o.RFCID {
			return true, nil
		}
	}
	return false, nil
}
