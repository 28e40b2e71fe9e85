package outbox

import (
	"context"
	"errors"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/mail"
	"threadline/internal/store"
)

// SaveDraft keeps a mail that is not to go yet, in place of the draft with the id;
// "" makes one. Its Message-ID stays, whatever is written anew. It is put among
// the drafts of the mailbox, too, where that is possible; where it is not, Trouble
// says why, and the draft is kept here all the same.
func (s *Service) SaveDraft(ctx context.Context, v access.Viewer, id string, d Draft) (crm.Outgoing, error) {
	box, err := s.boxOf(ctx, v, d.Mailbox)
	if err != nil {
		return crm.Outgoing{}, err
	}
	o := s.begin(v, &box, d)
	o.State, o.NextAt = crm.OutDraft, 0
	if id == "" {
		err = s.name(ctx, &o, d.Key)
	} else {
		o, err = s.Draft(ctx, v, id)
	}
	if err == nil && o.Mailbox != box.ID {
		err = crm.Errorf(crm.Invalid, "outbox.SaveDraft", "a draft stays in its mailbox").WithField("mailbox")
	}
	if err != nil {
		return crm.Outgoing{}, err
	}
	o.Answers, o.Reply = "", ""
	if err := s.compose(ctx, v, &box, &o, d); err != nil {
		return crm.Outgoing{}, err
	}
	if err := s.keep(ctx, &o, id == ""); err != nil {
		return crm.Outgoing{}, err
	}
	return s.show(ctx, &box, o)
}

// keep writes a draft down, unless it was sent meanwhile.
func (s *Service) keep(ctx context.Context, o *crm.Outgoing, fresh bool) error {
	return s.sp.Transact(ctx, func(ctx context.Context, tx *store.Tx) error {
		docs, err := store.Outgoing.GetMany(ctx, tx, []string{o.ID})
		if err != nil {
			return err
		}
		switch have := docs[0].Value; {
		case !docs[0].Exists() && fresh:
			store.Outgoing.Create(tx, o)
		case !docs[0].Exists() || have.State != crm.OutDraft:
			return noDraft()
		default:
			o.Draft, o.Created = have.Draft, have.Created
			store.Outgoing.PutIf(tx, o, docs[0].Version)
		}
		return nil
	})
}

func noDraft() error {
	return crm.Errorf(crm.NotFound, "outbox.draft", "you have no such draft, or it was sent").WithField("id")
}

// Draft returns a draft of the viewer.
func (s *Service) Draft(ctx context.Context, v access.Viewer, id string) (crm.Outgoing, error) {
	o, err := s.Get(ctx, v, id)
	if crm.IsKind(err, crm.NotFound) || err == nil && o.State != crm.OutDraft {
		err = noDraft()
	}
	if err != nil {
		return crm.Outgoing{}, err
	}
	return o, nil
}

// Drafts returns the drafts of the viewer in all of their mailboxes, newest first.
func (s *Service) Drafts(ctx context.Context, v access.Viewer, limit int, cursor string) (store.Page[crm.Outgoing], error) {
	if v.User == "" {
		return store.Page[crm.Outgoing]{}, noDraft()
	}
	return store.Outgoing.Query(ctx, s.sp, store.Query{Where: []store.Filter{store.Is("by", v.User), store.Is("state", crm.OutDraft)},
		Order: "created", Desc: true, Limit: limit, After: cursor})
}

// show puts a draft into the mailbox of its writer.
func (s *Service) show(ctx context.Context, box *crm.Mailbox, o crm.Outgoing) (crm.Outgoing, error) {
	name, trouble := s.showIn(ctx, box, &o)
	err := s.change(context.WithoutCancel(ctx), o.ID, func(have *crm.Outgoing) bool {
		if have.Trouble, have.Hint = "", ""; name != "" {
			have.Draft = name
		}
		if trouble != nil {
			have.Trouble, have.Hint = "the draft is kept here alone", ""
			var e *crm.Error
			if errors.As(trouble, &e) {
				have.Trouble, have.Hint = have.Trouble+": "+e.Said(), e.Hint
			}
		}
		o = *have
		return true
	})
	return o, err
}

func (s *Service) showIn(ctx context.Context, box *crm.Mailbox, o *crm.Outgoing) (string, error) {
	sender, err := s.cfg.Open(ctx, *box)
	if err != nil {
		return "", err
	}
	defer func() { _ = Close(sender) }() // it sent nothing
	d, ok := sender.(Drafter)
	if !ok {
		return "", crm.Errorf(crm.Denied, "outbox.show", "its mail system takes none")
	}
	m, err := s.mailOf(ctx, sender, o)
	if err != nil {
		return "", err
	}
	return d.SaveDraft(ctx, m)
}

// SendDraft says that a draft is to go now. It must have recipients, and words or
// a file.
func (s *Service) SendDraft(ctx context.Context, v access.Viewer, id string) (crm.Outgoing, error) {
	o, err := s.Draft(ctx, v, id)
	if err != nil {
		return o, err
	}
	p := mail.Parse(o.Raw)
	if err := ready(&o, Draft{Text: p.Text}); err != nil {
		return crm.Outgoing{}, err
	}
	now := s.sp.Store().Now()
	err = s.change(ctx, id, func(have *crm.Outgoing) bool {
		if have.State == crm.OutDraft {
			have.State, have.NextAt, have.Trouble, have.Hint = crm.OutQueued, now, "", ""
			have.Raw = mail.Redate(have.Raw, now.Std())
		}
		o = *have
		return true
	})
	s.ring()
	return o, err
}

// DropDraft throws a draft away, also out of its mailbox. What cannot be taken out
// there now stays there.
func (s *Service) DropDraft(ctx context.Context, v access.Viewer, id string) error {
	o, err := s.Draft(ctx, v, id)
	if err != nil {
		return err
	}
	box, err := s.boxOf(ctx, v, o.Mailbox)
	if err != nil {
		return err
	}
	err = s.sp.Transact(ctx, func(ctx context.Context, tx *store.Tx) error {
		doc, err := store.Outgoing.Get(ctx, tx, id)
		if err == nil && doc.Value.State != crm.OutDraft {
			err = noDraft()
		}
		if err == nil {
			store.Outgoing.Delete(tx, id)
		}
		return err
	})
	if err != nil || o.Draft == "" {
		return err
	}
	if sender, err := s.cfg.Open(ctx, box); err == nil {
		defer func() { _ = Close(sender) }() // it sent nothing
		s.undraft(ctx, sender, &o, true)
	}
	return nil
}

// Words are what a draft says, to go on writing.
type Words struct {
	To, Cc, Bcc []crm.Address
	Text, HTML  string
}

// Words reads a mail that was not sent yet.
func (s *Service) Words(o *crm.Outgoing) Words {
	p := mail.Parse(o.Raw)
	w := Words{Text: p.Text, HTML: p.HTML}
	named := map[crm.Address]bool{}
	for _, q := range p.Participants {
		switch named[q.Address] = named[q.Address] || q.Role == crm.RoleTo || q.Role == crm.RoleCc; q.Role {
		case crm.RoleTo:
			w.To = append(w.To, q.Address)
		case crm.RoleCc:
			w.Cc = append(w.Cc, q.Address)
		}
	}
	for _, a := range o.To {
		if !named[a] {
			w.Bcc = append(w.Bcc, a)
		}
	}
	return w
}
