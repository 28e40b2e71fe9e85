package engine

import (
	"context"
	"log/slog"
	"slices"

	"threadline/internal/crm"
	"threadline/internal/store"
	"threadline/sync/source"
)

// wanted lists a folder, and which of it the mailbox wants: what is not older
// than its since-date and, when it wants of the mail before it was connected only
// that of known people, of that what they stand in.
func wanted(ctx context.Context, sp *store.Space, s source.Session, m *crm.Mailbox, folder string) (source.Listing, error) {
	l, err := s.List(ctx, folder, m.Since)
	chooser, can := s.(source.Chooser)
	if err != nil || !m.KnownOnly || !can {
		return l, err
	}
	known, err := acquaintances(ctx, sp)
	if err != nil {
		return l, err
	}
	of, err := chooser.Of(ctx, folder, known, m.CreatedAt)
	l.Strange = l.Recent.Minus(of)
	l.Recent = l.Recent.Intersect(of)
	return l, err
}

// acquaintances are the addresses and domains that a record holds or held, and
// that are not ours or everybody's.
func acquaintances(ctx context.Context, sp *store.Space) ([]crm.Token, error) {
	ws, err := store.Workspaces.Get(ctx, sp, string(sp.Workspace()))
	if err != nil {
		return nil, err
	}
	var out []crm.Token
	err = store.Identities.Each(ctx, sp, store.Query{Limit: store.MaxLimit}, func(d store.Doc[crm.Identity]) error {
		domain := d.Value.Token.Domain()
		shared := slices.Contains(ws.Value.OwnDomains, domain) || crm.FreeMail(domain) || slices.Contains(ws.Value.FreeMail, domain)
		switch address := d.Value.Token.Address(); {
		case len(d.Value.Holders) == 0:
		case address != "" && !slices.Contains(ws.Value.OwnDomains, address.Domain()), domain != "" && !shared:
			out = append(out, d.Value.Token)
		}
		return nil
	})
	return out, err
}

// Acquainter follows the feed and lets mailboxes that want older mail of known
// people look again when somebody becomes known, in whichever process they are
// worked on.
type Acquainter struct {
	e   *Engine
	log *slog.Logger
}

// NewAcquainter makes the follower of an engine's workspace.
func NewAcquainter(e *Engine, log *slog.Logger) *Acquainter { return &Acquainter{e, log} }

const (
	acquaintID   = "job_acquaint"
	acquaintPage = 100
)

// Run follows until ctx ends.
func (a *Acquainter) Run(ctx context.Context) error {
	return a.e.sp.Follow(ctx, store.DefaultPace(), a.CatchUp, func(err error) { a.log.Error("older mail of new contacts waits", "err", err) })
}

// CatchUp works off the feed up to its present end.
func (a *Acquainter) CatchUp(ctx context.Context) error {
	return a.e.sp.WorkOff(ctx, acquaintID, "acquaint", acquaintPage, func(ctx context.Context, items []store.FeedItem) error {
		met := func(e crm.ChangeEntry) bool { return e.Collection == store.Identities.Name && e.After != nil }
		if !slices.ContainsFunc(items, func(it store.FeedItem) bool { return it.Change != nil && slices.ContainsFunc(it.Change.Entries, met) }) {
			return nil
		}
		return a.again(ctx)
	})
}

// again lets every mailbox choose anew.
func (a *Acquainter) again(ctx context.Context) error {
	boxes, err := store.Mailboxes.All(ctx, a.e.sp, store.Query{})
	if err != nil {
		return err
	}
	for _, m := range boxes {
		if !m.Value.KnownOnly || m.Value.State == crm.StateDeleting || m.Value.State == crm.StateDeleted {
			continue
		}
		err := a.e.Edit(ctx, m.Value.ID, func(have *crm.Mailbox) { have.KnownAt = max(a.e.sp.Store().Now(), have.KnownAt+1) })
		if err != nil && !crm.IsKind(err, crm.Conflict) && !crm.IsKind(err, crm.NotFound) {
			return err
		}
	}
	return nil
}
