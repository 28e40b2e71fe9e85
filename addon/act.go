package addon

import (
	"context"
	"slices"

	"threadline/addon/card"
	"threadline/internal/crm"
	"threadline/internal/i18n"
	"threadline/internal/ledger"
	"threadline/internal/store"
	"threadline/internal/timeline"
)

// Actions on the open conversation.
const (
	opDone   = "thread.done"   // nobody has to write in it
	opSplit  = "thread.split"  // another one begins with the message
	opChoose = "deal.choose"   // it belongs to a deal, or to none
	opAccept = "update.accept" // the record takes over what the signature says
	opHome   = "home.refresh"
)

// Parameters of actions, besides op.
const (
	messageParam = "message"
	fieldParam   = "field"
	valueParam   = "value"
)

// run is the action that calls us with an operation.
func (v View) run(op string, params ...card.Param) card.Click {
	return card.Run(v.action(op, params...))
}

// action is the call of an operation, sealed for the viewer.
func (v View) action(op string, params ...card.Param) card.Action {
	a := card.NewAction(v.Links.Event, append([]card.Param{{Key: opParam, Value: op}}, params...)...)
	if v.stamp == nil || op == opHome || op == opRefresh { // anybody may look at their own cards anew
		return a
	}
	return a.With(v.stamp.seal)
}

func (v View) about(id crm.MessageID) card.Param {
	return card.Param{Key: messageParam, Value: string(id)}
}

// told writes what somebody says of the open message and shows it anew, with the
// way back.
func (c *click) told(ctx context.Context, said string, write func(crm.MessageID) (batch string, err error)) (card.Response, error) {
	id, err := c.about()
	if err == nil && id == "" {
		err = crm.Errorf(crm.Invalid, "addon.told", "the action names no message").WithField(messageParam)
	}
	if err != nil {
		return card.Response{}, err
	}
	batch, err := write(id)
	if err != nil {
		return card.Response{}, err
	}
	c.book.Followed(ctx)
	return c.done(ctx, batch, said)
}

// threadDone closes the conversation after the message that decides whose turn
// it is.
func threadDone(ctx context.Context, c *click) (card.Response, error) {
	last, err := crm.ParseID[crm.MessageID](crm.PrefixMessage, c.ev.Params[valueParam])
	if err != nil {
		return card.Response{}, err
	}
	if err := c.book.Timeline.Knows(ctx, c.viewer, last); err != nil {
		return card.Response{}, err
	}
	return c.told(ctx, c.v.Lang.T(i18n.TurnDone), func(crm.MessageID) (string, error) {
		return ledger.Done(ctx, c.book.Space, store.ChangeInfo{Actor: c.user, Cause: crm.CauseAddon, Title: "close a conversation"}, last)
	})
}

func threadSplit(ctx context.Context, c *click) (card.Response, error) {
	return c.told(ctx, c.v.Lang.T(i18n.CorrectDone), func(id crm.MessageID) (string, error) {
		return ledger.Correct(ctx, c.book.Space, ledger.Correction{Message: id, Scope: crm.ScopeMessage, Effect: crm.EffectSplit, By: c.user, Cause: crm.CauseAddon})
	})
}

// dealChoose answers the question which deal is meant.
func dealChoose(ctx context.Context, c *click) (card.Response, error) {
	var deal crm.RecordID
	said := c.v.Lang.T(i18n.CorrectDone)
	if c.ev.Params[valueParam] != noDeal {
		id, err := c.record(valueParam, crm.KindDeal)
		if err != nil {
			return card.Response{}, err
		}
		d, err := c.book.Records.Get(ctx, c.viewer, id) // who may not see it cannot choose it
		if err != nil {
			return card.Response{}, err
		}
		deal, said = id, c.v.Lang.T(i18n.LinkDone, d.Value.Name())
	}
	return c.told(ctx, said, func(id crm.MessageID) (string, error) {
		return ledger.Correct(ctx, c.book.Space, ledger.Correction{Message: id, Scope: crm.ScopeThread, Effect: crm.EffectDeal, Record: deal, By: c.user, Cause: crm.CauseAddon})
	})
}

// updateAccept takes over what the signature proposes, and nothing else.
func updateAccept(ctx context.Context, c *click) (card.Response, error) {
	return c.told(ctx, c.v.Lang.T(i18n.Saved), func(id crm.MessageID) (string, error) {
		list, err := c.book.Timeline.Updates(ctx, c.viewer, id)
		if err != nil {
			return "", err
		}
		field, value := c.ev.Params[fieldParam], c.ev.Params[valueParam]
		i := slices.IndexFunc(list, func(u timeline.Update) bool { return string(u.Field) == field && u.Value == value })
		if i < 0 {
			return "", nil // somebody was quicker
		}
		return c.book.Records.AcceptUpdate(ctx, c.by("take over what a signature says"), list[i].Record, field, value)
	})
}

// home is the card of the viewer's day.
func (h *Handler) home(ctx context.Context, user crm.UserID, v View) (card.Card, error) {
	day, err := h.deps.Home(ctx, user)
	if err != nil {
		return card.Card{}, err
	}
	if v.Zone == nil {
		v.Zone = h.zones.load(day.Zone, 0)
	}
	if v, err = h.placed(ctx, user, v); err != nil {
		return card.Card{}, err
	}
	return HomeCard(day, v), ctx.Err()
}
