package api

import (
	"context"

	"threadline/internal/crm"
	"threadline/internal/seal"
	"threadline/sync/engine"
)

type mailboxEdit struct {
	MailboxRef
	Body struct {
		Password  string      `json:"password,omitempty" maxLength:"1000" writeOnly:"true" doc:"Tried before it is kept"`
		Paused    *bool       `json:"paused,omitempty"`
		Since     *crm.Time   `json:"since,omitempty" doc:"Older mail is counted and left out; what is stored stays"`
		All       bool        `json:"all_time,omitempty" doc:"There is no since-date any more"`
		KnownOnly *bool       `json:"known_only,omitempty" doc:"Of Gmail, of the mail before it was connected: only that of people and companies who are known, and the rest of it when they become so; what is stored stays"`
		SMTP      *string     `json:"smtp,omitempty" maxLength:"300" doc:"host:port of the server that mail is sent through; empty: none is sent"`
		SMTPTLS   crm.TLSMode `json:"smtp_tls,omitempty" enum:"tls,starttls,none" default:"tls"`
		Budget    *int        `json:"budget,omitempty" minimum:"0" maximum:"10000" doc:"Mails in any 24 hours, its owner's own included; 0 is the usual"`
		PerMinute *int        `json:"per_minute,omitempty" minimum:"0" maximum:"1000000" doc:"Mails of campaigns and sequences a minute; 0 is what its kind allows"`
		Aliases   *[]string   `json:"aliases,omitempty" maxItems:"50" doc:"Other addresses that are its owner's; mail that is stored is decided anew within a minute"`
		Folders   *[]string   `json:"folders,omitempty" maxItems:"200" doc:"Only these; an empty list: all that reach a timeline. Mail of a folder that is left out stays"`
	}
}

// edits are changes of a mailbox that were found to be allowed.
type edits []func(*crm.Mailbox)

func (e edits) of(m *crm.Mailbox) {
	for _, change := range e {
		change(m)
	}
}

// editMailbox does all that is asked for, in one transaction, or nothing.
func (s *Server) editMailbox(ctx context.Context, in *mailboxEdit) (*body[mailboxView], error) {
	m, err := s.mailbox(ctx, in.MailboxRef)
	if err != nil {
		return nil, err
	}
	var change edits
	for _, part := range []func(context.Context, *crm.Mailbox, *mailboxEdit) (edits, error){s.rescope, s.setAliases, s.setSending} {
		more, err := part(ctx, &m, in)
		if err != nil {
			return nil, err
		}
		change = append(change, more...)
	}
	if in.Body.Password == "" {
		err = s.reach(ctx, m, in, change)
	} else {
		err = s.setPassword(ctx, m, in, change)
	}
	if err != nil {
		return nil, err
	}
	return s.getMailbox(ctx, &in.MailboxRef)
}

// reach keeps changes once the server has the folders that they name.
func (s *Server) reach(ctx context.Context, m crm.Mailbox, in *mailboxEdit, change edits) error {
	if b := &in.Body; b.Folders != nil && len(*b.Folders) > 0 {
		password, err := s.deps.Seal.Unseal(m.Password, string(m.ID), "password")
		if err != nil {
			return err
		}
		change.of(&m)
		if err := s.try(ctx, m, password); err != nil {
			return err
		}
	}
	return s.deps.Engine.EditThen(ctx, m.ID, then(in, engine.AsBefore), change.of)
}

// setPassword keeps changes with a password that works, and goes on where a wrong
// one had stopped the mailbox.
func (s *Server) setPassword(ctx context.Context, m crm.Mailbox, in *mailboxEdit, change edits) error {
	if m.Consented() {
		return crm.Errorf(crm.Invalid, "api.setPassword", "this mailbox has no password: it is read by consent").WithField("password").
			WithHint("connect it again: threadline mailbox add --gmail")
	}
	password := seal.NewSecret(in.Body.Password)
	wanted := m
	change.of(&wanted)
	if err := s.try(ctx, wanted, password); err != nil {
		return err
	}
	return s.deps.Seal.Storing(func() error {
		sealed, err := s.deps.Seal.Seal(password, string(m.ID), "password")
		if err != nil {
			return err
		}
		change = append(change, func(m *crm.Mailbox) { m.Password = sealed })
		return s.deps.Engine.EditThen(ctx, m.ID, then(in, engine.Repaired), change.of)
	})
}

// then is what a mailbox does after an edit: what the caller says, or else usual.
func then(in *mailboxEdit, usual engine.Then) engine.Then {
	switch p := in.Body.Paused; {
	case p == nil:
		return usual
	case *p:
		return engine.Rest
	}
	return engine.GoOn
}

// setAliases changes which other addresses are those of a mailbox's owner.
func (s *Server) setAliases(ctx context.Context, m *crm.Mailbox, in *mailboxEdit) (edits, error) {
	if in.Body.Aliases == nil {
		return nil, nil
	}
	aliases, err := parseAliases(*in.Body.Aliases)
	if err != nil {
		return nil, err
	}
	if err := s.ownAddresses(ctx, m.Owner, "aliases", aliases...); err != nil {
		return nil, err
	}
	return edits{func(m *crm.Mailbox) { m.Aliases = aliases }}, nil
}

// setSending changes how mail is sent from a mailbox.
func (s *Server) setSending(ctx context.Context, m *crm.Mailbox, in *mailboxEdit) (edits, error) {
	b := &in.Body
	if b.SMTP != nil {
		if err := checkSMTP(*b.SMTP, b.SMTPTLS); err != nil {
			return nil, err
		}
		if err := mayChoose(ctx, m, *b.SMTP); err != nil {
			return nil, err
		}
	}
	return edits{func(m *crm.Mailbox) {
		if b.SMTP != nil {
			m.SMTP, m.SMTPTLS = *b.SMTP, b.SMTPTLS
		}
		if b.Budget != nil {
			m.Budget = *b.Budget
		}
		if b.PerMinute != nil {
			m.PerMinute = *b.PerMinute
		}
	}}, nil
}

// mayChoose refuses a server for sending that would let a user reach what is not
// theirs: what the operator lets a mailbox reach on this machine is one server of
// the operator's choice, and the token of a consent is for Google alone.
func mayChoose(ctx context.Context, m *crm.Mailbox, server string) error {
	if viewerOf(ctx).Operator || server == "" || server == m.SMTP {
		return nil
	}
	const op = crm.Op("api.mayChoose")
	switch {
	case m.Local:
		return crm.Errorf(crm.Denied, op, "only the operator of the server may change the servers of this mailbox, which the operator added").
			WithField("smtp").WithHint("threadline mailbox edit " + string(m.ID) + " --smtp HOST:PORT")
	case m.Consented():
		return crm.Errorf(crm.Denied, op, "this mailbox sends by its consent at Google, and through no other server").WithField("smtp")
	}
	return nil
}

// rescope changes which mail is synced; the engine works it out again at once.
func (s *Server) rescope(_ context.Context, m *crm.Mailbox, in *mailboxEdit) (edits, error) {
	b := &in.Body
	if b.KnownOnly != nil && *b.KnownOnly && m.Kind != crm.KindGmail {
		return nil, crm.Errorf(crm.Invalid, "api.rescope", "only a mailbox that is read through the Gmail API can be asked for the mail of known people").
			WithField("known_only").WithHint("choose a since-date instead")
	}
	return edits{func(m *crm.Mailbox) {
		if b.Since != nil {
			m.Since = *b.Since
		}
		if b.All {
			m.Since = 0
		}
		if b.Folders != nil {
			m.Folders = *b.Folders
		}
		if b.KnownOnly != nil {
			m.KnownOnly, m.KnownAt = *b.KnownOnly, s.deps.Space.Store().Now()
		}
	}}, nil
}

func (s *Server) pauseMailbox(ctx context.Context, in *MailboxRef) (*body[mailboxView], error) {
	m, err := s.mailbox(ctx, *in)
	if err != nil {
		return nil, err
	}
	if err := s.deps.Engine.Pause(ctx, m.ID); err != nil {
		return nil, err
	}
	return s.getMailbox(ctx, in)
}

func (s *Server) resumeMailbox(ctx context.Context, in *MailboxRef) (*body[mailboxView], error) {
	m, err := s.mailbox(ctx, *in)
	if err != nil {
		return nil, err
	}
	if err := s.deps.Engine.Resume(ctx, m.ID); err != nil {
		return nil, err
	}
	return s.getMailbox(ctx, in)
}
