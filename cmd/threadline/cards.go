package main

import (
	"context"
	"errors"
	"slices"
	"time"

	"threadline/addon"
	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/ledger"
	"threadline/internal/records"
	"threadline/internal/store"
	"threadline/internal/timeline"
	"threadline/sync/engine"
)

// lookup finds the sheet of a message, or asks the viewer's mail servers for
// one that is not stored. Gmail's own numbers are looked up among the copies of
// the viewer's accounts; in another's they would be another mail.
func (w *workers) lookup(ctx context.Context, viewer crm.UserID, ref addon.Ref) (*timeline.Sheet, error) {
	v, err := w.house.records.Viewer(ctx, viewer)
	switch {
	case err != nil:
		return nil, err
	case ref.ID != "":
		return w.house.timeline.Sheet(ctx, v, string(ref.ID))
	case ref.RFC != "":
		s, err := w.house.timeline.Sheet(ctx, v, string(ref.RFC))
		if crm.IsKind(err, crm.NotFound) {
			return w.missing(ctx, viewer, ref.RFC)
		}
		return s, err
	}
	return w.numbered(ctx, v, ref.Gmail)
}

// numbered finds the copy with Gmail's number.
func (w *workers) numbered(ctx context.Context, v access.Viewer, k crm.Key) (*timeline.Sheet, error) {
	docs, err := store.Mailboxes.All(ctx, w.house.space, store.Query{Where: []store.Filter{store.Is("owner", v.User)}})
	if err != nil {
		return nil, err
	}
	for i := range docs {
		if docs[i].Value.Kind != crm.KindGmail {
			continue
		}
		where, message, err := w.house.engine.Known(ctx, &docs[i].Value, k)
		switch {
		case err != nil:
			return nil, err
		case message != "":
			return w.house.timeline.Sheet(ctx, v, string(message))
		case where.State == engine.WhereSkipped:
			return &timeline.Sheet{Missing: timeline.MissingSkipped, Skip: where.Skip}, nil
		case where.State == engine.WhereWaiting:
			return &timeline.Sheet{Missing: timeline.MissingWaiting}, nil
		}
	}
	return nil, crm.Errorf(crm.NotFound, "lookup", "no copy with this number is known")
}

// serverPatience is how long a card waits for a mail server to say where a
// message is.
const serverPatience = 3 * time.Second

// missing asks the servers of the viewer's mailboxes. One that cannot be asked
// in time knows nothing.
func (w *workers) missing(ctx context.Context, viewer crm.UserID, id crm.RFCID) (*timeline.Sheet, error) {
	docs, err := store.Mailboxes.All(ctx, w.house.space, store.Query{Where: []store.Filter{store.Is("owner", viewer)}})
	if err != nil {
		return nil, err
	}
	patient, cancel := context.WithTimeout(ctx, serverPatience)
	defer cancel()
	out := &timeline.Sheet{Missing: timeline.MissingUnseen}
	for i := range docs {
		where, err := w.house.engine.Where(patient, &docs[i].Value, id)
		if err != nil {
			w.house.log.Debug("a mail server did not say where a message is", "mailbox", docs[i].Value.ID, "error", err)
			continue
		}
		switch where.State {
		case engine.WhereWaiting, engine.WhereStored: // on its way, or about to be written
			return &timeline.Sheet{Missing: timeline.MissingWaiting}, nil
		case engine.WhereSkipped:
			out = &timeline.Sheet{Missing: timeline.MissingSkipped, Skip: where.Skip}
		}
	}
	return out, nil
}

func (w *workers) home(ctx context.Context, user crm.UserID) (*timeline.Home, error) {
	v, err := w.house.records.Viewer(ctx, user)
	if err != nil {
		return nil, err
	}
	return w.house.timeline.Home(ctx, v)
}

// linksPatience is how long a click waits for conversations and links to follow.
const linksPatience = 2 * time.Second

// act does what a click on a card asks for.
func (w *workers) act(ctx context.Context, user crm.UserID, a addon.Act) error {
	v, err := w.house.records.Viewer(ctx, user)
	if err != nil {
		return err
	}
	m, err := w.house.timeline.Message(ctx, v, a.Message) // who may not know of it cannot act on it
	if err != nil {
		return err
	}
	switch a.Op {
	case addon.OpDone:
		info := store.ChangeInfo{Actor: user, Cause: crm.CauseAddon, Title: "close a conversation"}
		_, err = ledger.Done(ctx, w.house.space, info, m.ID)
	case addon.OpSplit:
		_, err = ledger.Correct(ctx, w.house.space, ledger.Correction{Message: m.ID, Scope: crm.ScopeMessage, Effect: crm.EffectSplit, By: user, Cause: crm.CauseAddon})
	case addon.OpDeal:
		err = w.choose(ctx, user, a)
	case addon.OpAccept:
		err = w.accept(ctx, v, a)
	}
	if err != nil {
		return err
	}
	patient, cancel := context.WithTimeout(ctx, linksPatience)
	defer cancel()
	if err := ledger.Settled(patient, w.house.space); err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return ctx.Err()
}

// choose stores the answer to the question which deal is meant.
func (w *workers) choose(ctx context.Context, user crm.UserID, a addon.Act) error {
	deal, err := a.Deal()
	if err != nil {
		return err
	}
	_, err = ledger.Correct(ctx, w.house.space, ledger.Correction{Message: a.Message, Scope: crm.ScopeThread, Effect: crm.EffectDeal,
		Record: deal, By: user, Cause: crm.CauseAddon})
	return err
}

// accept takes over what the signature proposes, and nothing else.
func (w *workers) accept(ctx context.Context, v access.Viewer, a addon.Act) error {
	list, err := w.house.timeline.Updates(ctx, v, a.Message)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(list, func(u timeline.Update) bool { return u.Field == a.Field && u.Value == a.Value })
	if i < 0 {
		return nil // somebody was quicker
	}
	by := records.By{Actor: v.User, Cause: crm.CauseAddon, Title: "take over what a signature says"}
	_, err = w.house.records.AcceptUpdate(ctx, by, list[i].Record, string(a.Field), a.Value)
	return err
}
