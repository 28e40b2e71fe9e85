package outbox

import (
	"cmp"
	"context"
	"errors"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/mail"
	"threadline/internal/page"
	"threadline/internal/store"
)

// Kept is a draft and its version.
type Kept = store.Doc[crm.Outgoing]

// SaveDraft keeps a mail that is not to go yet, in place of the draft with the id;
// "" makes one, and a second one with the same key is the first one, as it is. Its
// Message-ID stays, whatever is written anew. A version other than 0 must be the
// present one: who writes without having seen the last words gets crm.Conflict. It
// is put among the drafts of the mailbox, too, where that is possible; where it is
// not, Trouble says why, and the draft is kept here all the same.
func (s *Service) SaveDraft(ctx context.Context, v access.Viewer, id string, d Draft, version store.Version) (Kept, error) {
	box, err := s.boxOf(ctx, v, d.Mailbox)
	if err != nil {
		return Kept{}, err
	}
	o := s.begin(v, &box, d)
	o.State, o.NextAt = crm.OutDraft, 0
	if id == "" {
		err = s.name(ctx, &o, d.Key)
	} else {
		var have Kept
		have, err = s.Draft(ctx, v, id)
		o = have.Value
	}
	if err == nil && o.Mailbox != box.ID {
		err = crm.Errorf(crm.Invalid, "outbox.SaveDraft", "a draft stays in its mailbox").WithField("mailbox")
	}
	if err != nil {
		return Kept{}, err
	}
	if err := s.compose(ctx, v, &box, &o, d); err != nil {
		return Kept{}, err
	}
	fresh, err := s.keep(ctx, &o, id == "", version)
	if err == nil && fresh {
		err = s.show(ctx, &box, o)
	}
	if err != nil {
		return Kept{}, err
	}
	return s.Draft(ctx, v, o.ID)
}

// keep writes a draft down, unless it was sent or written meanwhile; false: it is
// there already.
func (s *Service) keep(ctx context.Context, o *crm.Outgoing, fresh bool, version store.Version) (written bool, err error) {
	err = s.sp.Transact(ctx, func(ctx context.Context, tx *store.Tx) error {
		written = false
		docs, err := store.Outgoing.GetMany(ctx, tx, []string{o.ID})
		if err != nil {
			return err
		}
		switch have := docs[0]; {
		case !have.Exists() && fresh:
			store.Outgoing.Create(tx, o)
		case !have.Exists() || have.Value.State != crm.OutDraft:
			return noDraft()
		case fresh:
			return nil
		case version != 0 && have.Version != version:
			return rewritten()
		default:
			o.Draft, o.Created = have.Value.Draft, have.Value.Created
			store.Outgoing.PutIf(tx, o, have.Version)
		}
		written = true
		return nil
	})
	return written, err
}

func rewritten() error {
	return crm.Errorf(crm.Conflict, "outbox.draft", "the draft was written anew elsewhere").WithField("version").
		WithHint("read it again, then say which words hold")
}

func noDraft() error {
	return crm.Errorf(crm.NotFound, "outbox.draft", "you have no such draft, or it was sent").WithField("id")
}

// Draft returns a draft of the viewer.
func (s *Service) Draft(ctx context.Context, v access.Viewer, id string) (Kept, error) {
	docs, err := store.Outgoing.GetMany(ctx, s.sp, []string{id})
	if err != nil {
		return Kept{}, err
	}
	if o := &docs[0].Value; !docs[0].Exists() || v.User == "" || o.By != v.User || o.State != crm.OutDraft {
		return Kept{}, noDraft()
	}
	return docs[0], nil
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
func (s *Service) show(ctx context.Context, box *crm.Mailbox, o crm.Outgoing) error {
	name, trouble := s.showIn(ctx, box, &o)
	return s.change(context.WithoutCancel(ctx), o.ID, func(have *crm.Outgoing) bool {
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
		return true
	})
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

// Dressing is how a draft is made to tell that it is read, when it goes.
type Dressing struct {
	Track crm.TrackMode
	Dress func(id, page string) string // nil: it is not
}

// SendDraft says that a draft is to go now. It must have recipients, and words or
// a file; a version other than 0 must be the present one.
func (s *Service) SendDraft(ctx context.Context, v access.Viewer, id string, version store.Version, d Dressing) (crm.Outgoing, error) {
	doc, err := s.Draft(ctx, v, id)
	if err != nil {
		return crm.Outgoing{}, err
	}
	if version != 0 && doc.Version != version {
		return crm.Outgoing{}, rewritten()
	}
	o := doc.Value
	p := mail.Parse(o.Raw)
	if err := ready(&o, Draft{Text: p.Text, HTML: p.HTML}); err != nil {
		return crm.Outgoing{}, err
	}
	if err := s.mayQuote(ctx, v, &o); err != nil {
		return crm.Outgoing{}, err
	}
	now := s.sp.Store().Now()
	o.State, o.NextAt, o.Trouble, o.Hint, o.Track = crm.OutQueued, now, "", "", d.Track
	if d.Dress != nil {
		if o.Raw, err = mail.Repage(o.Raw, o.RFCID, func(page string) string { return d.Dress(o.ID, page) }); err != nil {
			return crm.Outgoing{}, err
		}
	}
	o.Raw = mail.Redate(o.Raw, now.Std())
	b := s.sp.Batch()
	store.Outgoing.PutIf(b, &o, doc.Version)
	if err := b.Commit(ctx); err != nil {
		if crm.IsKind(err, crm.Conflict) {
			err = rewritten()
		}
		return crm.Outgoing{}, err
	}
	s.ring()
	return o, nil
}

// DropDraft throws a draft away, also out of its mailbox. What cannot be taken out
// there now stays there.
func (s *Service) DropDraft(ctx context.Context, v access.Viewer, id string) error {
	have, err := s.Draft(ctx, v, id)
	if err != nil {
		return err
	}
	o := have.Value
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

// Words reads a mail that was not sent yet, with its pictures in its text.
func (s *Service) Words(ctx context.Context, o *crm.Outgoing) (Words, error) {
	p := mail.Parse(o.Raw)
	w := Words{Text: p.Text}
	var err error
	w.HTML = page.Unfold(p.HTML, func(blob string) (string, []byte) {
		for _, f := range o.Files {
			if !f.Shown || f.Blob != blob {
				continue
			}
			data, trouble := s.cfg.Files(ctx, blob)
			err = cmp.Or(err, crm.Wrap("outbox.Words", "a picture of the draft cannot be read", trouble))
			return f.Type, data
		}
		return "", nil
	})
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
	return w, err
}
