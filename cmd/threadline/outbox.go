package main

import (
	"context"
	"slices"

	"threadline/internal/crm"
	"threadline/internal/outbox"
	"threadline/sync/gmail"
	"threadline/sync/imap"
	"threadline/sync/smtp"
	"threadline/sync/source"
)

// sender is what sends from a mailbox.
func (h *house) sender(ctx context.Context, mb crm.Mailbox) (outbox.Sender, error) {
	secret, err := h.seal.Unseal(mb.Password, string(mb.ID), "password")
	if err != nil {
		return nil, err
	}
	switch {
	case mb.SMTP != "":
		d := h.dialer
		if mb.Local {
			d = d.Local()
		}
		cfg := smtp.Config{Server: mb.SMTP, TLS: mb.SMTPTLS, Login: mb.Login, Password: smtp.Secret(secret.Reveal()), Dial: d.Dial, Find: h.findSent(mb)}
		if cfg.Sign, err = h.Signers.For(ctx, mb.Address.Domain()); err != nil {
			return nil, err
		}
		if cfg.Auth, err = h.saslOf(mb, secret); err != nil {
			return nil, err
		}
		if !gmail.KeepsSent(mb.SMTP) {
			cfg.Keep = h.keepSent(mb)
		}
		cfg.KeepDraft, cfg.DropDraft = h.drafts(mb)
		return smtp.New(cfg)
	case mb.Kind != crm.KindGmail:
		return nil, crm.Errorf(crm.Denied, "sender", "this mailbox has no server to send through").
			WithHint("give it one: threadline mailbox edit " + string(mb.ID) + " --smtp HOST:465")
	case h.gmail == nil:
		return nil, crm.Errorf(crm.Unavailable, "sender", "this installation has no OAuth client at Google any more")
	case !gmail.MaySend(mb.Scopes):
		return nil, crm.Errorf(crm.Denied, "sender", "the consent at Google does not cover sending").
			WithHint("allow it: threadline mailbox add --gmail --send --again " + string(mb.Address))
	}
	account := h.gmail.Account(mb.Address, secret.Reveal(), h.repair(mb.ID))
	account.Drafts = slices.Contains(mb.Scopes, gmail.ScopeCompose)
	return gmail.NewSender(ctx, account)
}

// findSent looks for sent mails where the mailbox keeps them, in one visit.
func (h *house) findSent(mb crm.Mailbox) func(context.Context, []crm.RFCID) (map[crm.RFCID]bool, error) {
	return func(ctx context.Context, ids []crm.RFCID) (map[crm.RFCID]bool, error) {
		src, err := h.source(mb)
		if err != nil {
			return nil, err
		}
		s, err := src.Open(ctx)
		if err != nil {
			return nil, err
		}
		defer s.Close()
		folders, err := s.Folders(ctx)
		if err != nil {
			return nil, err
		}
		return findIn(ctx, s, sentFolders(folders), ids)
	}
}

// sentFolders are where sent mail lies; all mail holds drafts, too, and is looked
// through only where there is nothing else.
func sentFolders(all []source.Folder) (out []source.Folder) {
	for _, role := range []crm.BoxRole{crm.RoleSent, crm.RoleAll} {
		for _, f := range all {
			if f.Role == role {
				out = append(out, f)
			}
		}
		if len(out) > 0 {
			return out
		}
	}
	return nil
}

func findIn(ctx context.Context, s source.Session, folders []source.Folder, ids []crm.RFCID) (map[crm.RFCID]bool, error) {
	if len(folders) == 0 {
		return nil, outbox.NotKept("findSent")
	}
	out := map[crm.RFCID]bool{}
	for _, f := range folders {
		for _, id := range ids {
			if out[id] {
				continue
			}
			found, err := s.Find(ctx, f.Name, source.Clue{ID: id})
			if err != nil {
				return out, err
			}
			out[id] = len(found.Keys) > 0
		}
	}
	return out, nil
}

// drafts put a draft into the mailbox and take it out again.
func (h *house) drafts(mb crm.Mailbox) (keep func(context.Context, crm.RFCID, []byte) error, drop func(context.Context, crm.RFCID) error) {
	in := func(f func(*imap.Source) error) error {
		src, err := h.source(mb)
		if err != nil {
			return err
		}
		if at, ok := src.(*imap.Source); ok {
			return f(at)
		}
		return crm.Errorf(crm.Denied, "drafts", "This account keeps no drafts for us.")
	}
	keep = func(ctx context.Context, id crm.RFCID, raw []byte) error {
		return in(func(s *imap.Source) error { return s.KeepDraft(ctx, id, raw) })
	}
	drop = func(ctx context.Context, id crm.RFCID) error {
		return in(func(s *imap.Source) error { return s.DropDraft(ctx, id) })
	}
	return keep, drop
}

// keeper is a mail system that takes a copy of what was sent elsewhere.
type keeper interface {
	Keep(ctx context.Context, raw []byte) error
}

// keepSent puts a copy into the mailbox, as mail programs do: the sync then
// finds it there.
func (h *house) keepSent(mb crm.Mailbox) func(context.Context, []byte) {
	return func(ctx context.Context, raw []byte) {
		src, err := h.source(mb)
		if k, ok := src.(keeper); err == nil && ok {
			err = k.Keep(ctx, raw)
		}
		if err != nil {
			h.log.Warn("no copy of a sent mail could be put into its mailbox", "mailbox", mb.ID, "kind", crm.KindOf(err), "err", err)
		}
	}
}
