package addon

import (
	"context"

	"threadline/addon/card"
	"threadline/internal/crm"
	"threadline/internal/i18n"
	"threadline/internal/ledger"
	"threadline/internal/timeline"
)

// Actions of corrections.
const (
	opAsk      = "correct.ask"
	opForetell = "correct.foretell"
	opCorrect  = "correct.apply"
	opUndo     = "correct.undo"
)

// Corrections are what the cards of corrections call. Without them the cards
// offer none.
type Corrections struct {
	Foretell func(ctx context.Context, lang i18n.Lang, c ledger.Correction) (timeline.Preview, error)
	Correct  func(ctx context.Context, c ledger.Correction) (batch string, err error)
	Undo     func(ctx context.Context, user crm.UserID, batch string) error
}

// correcting tells whether an action is one of corrections.
func correcting(op string) bool {
	return op == opAsk || op == opForetell || op == opCorrect || op == opUndo
}

// correction reads what an action says. What was entered goes before what the
// button says.
func correction(ev Event, user crm.UserID) ledger.Correction {
	c := ledger.Correction{Message: crm.MessageID(ev.Params[messageParam]), Record: crm.RecordID(ev.Params[recordParam]),
		Effect: crm.RuleEffect(ev.Params[effectParam]), Scope: crm.Scope(ev.Params[scopeParam]),
		Instead: crm.RecordID(ev.Params[insteadParam]), By: user, Cause: crm.CauseAddon}
	if s := ev.Inputs.Text(scopeParam); s != "" {
		c.Scope = crm.Scope(s)
	}
	if s := ev.Inputs.Text(insteadParam); s != "" {
		c.Instead = crm.RecordID(s)
	}
	if c.Effect == "" {
		c.Effect = crm.EffectNever
	}
	if c.Scope == "" {
		c.Scope = crm.ScopeThread
	}
	return c
}

// correct answers an action of corrections.
func (h *Handler) correct(ctx context.Context, op string, ev Event, user crm.UserID, v View) (card.Response, error) {
	c := correction(ev, user)
	switch op {
	case opForetell:
		p, err := h.deps.Corrections.Foretell(ctx, v.Lang, c)
		if err != nil {
			return card.Response{}, err
		}
		s, err := h.sheet(ctx, user, c.Message)
		if err != nil {
			return card.Response{}, err
		}
		return card.Do(card.Show(ForetellCard(c, p, s.AsOf, v))), nil
	case opCorrect:
		batch, err := h.deps.Corrections.Correct(ctx, c)
		if err != nil {
			return card.Response{}, err
		}
		return h.changed(ctx, c.Message, user, v, batch)
	case opUndo:
		if err := h.deps.Corrections.Undo(ctx, user, ev.Params[batchParam]); err != nil {
			return card.Response{}, err
		}
		return h.changed(ctx, c.Message, user, v, "")
	}
	s, err := h.sheet(ctx, user, c.Message)
	if err != nil {
		return card.Response{}, err
	}
	return card.Do(card.Show(AskCard(c, s, v))), nil
}

func (h *Handler) sheet(ctx context.Context, user crm.UserID, id crm.MessageID) (*timeline.Sheet, error) {
	s, err := h.lookup(ctx, user, Ref{ID: id})
	if err == nil && s.Missing != "" {
		err = crm.Errorf(crm.NotFound, "addon.sheet", "there is no such message")
	}
	return s, err
}

// changed shows the message as it is after a write, with the way back when there
// is one.
func (h *Handler) changed(ctx context.Context, id crm.MessageID, user crm.UserID, v View, batch string) (card.Response, error) {
	s, err := h.sheet(ctx, user, id)
	if err != nil {
		return card.Response{}, err
	}
	if v.Zone == nil {
		v.Zone = h.zones.load(s.Zone, 0)
	}
	if batch == "" {
		return card.Do(card.Update(MessageCard(s, v)), card.Notify(v.Lang.T(i18n.CorrectUndone)), card.Changed()), nil
	}
	return card.Do(card.BackToRoot(), card.Update(CorrectedCard(s, batch, v)), card.Notify(v.Lang.T(i18n.CorrectDone)), card.Changed()), nil
}
