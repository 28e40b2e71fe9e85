package addon

import (
	"context"

	"threadline/addon/card"
	"threadline/internal/crm"
	"threadline/internal/i18n"
	"threadline/internal/ledger"
)

// Actions of corrections.
const (
	opAsk      = "correct.ask"
	opForetell = "correct.foretell"
	opCorrect  = "correct.apply"
	opUndo     = "correct.undo"
)

// correction reads what an action says. What was entered goes before what the
// button says; nothing that the viewer may not see can be named.
func (c *click) correction(ctx context.Context) (ledger.Correction, error) {
	id, err := c.about()
	if err != nil {
		return ledger.Correction{}, err
	}
	out := ledger.Correction{Message: id, Record: crm.RecordID(c.ev.Params[recordParam]), Effect: crm.RuleEffect(c.ev.Params[effectParam]),
		Scope: crm.Scope(c.typed(scopeParam)), Instead: crm.RecordID(c.typed(insteadParam)), By: c.user, Cause: crm.CauseAddon}
	if out.Effect == "" {
		out.Effect = crm.EffectNever
	}
	if out.Scope == "" {
		out.Scope = crm.ScopeThread
	}
	for _, r := range []crm.RecordID{out.Record, out.Instead} {
		if r == "" {
			continue
		}
		if _, err := c.book.Records.Get(ctx, c.viewer, r); err != nil {
			return ledger.Correction{}, err
		}
	}
	return out, nil
}

// correctAsk asks for whom a correction holds.
func correctAsk(ctx context.Context, c *click) (card.Response, error) {
	what, err := c.correction(ctx)
	if err != nil {
		return card.Response{}, err
	}
	s, err := c.sheet(ctx)
	if err != nil {
		return card.Response{}, err
	}
	return card.Do(card.Show(AskCard(what, s, c.v))), nil
}

// correctForetell shows what a correction would change.
func correctForetell(ctx context.Context, c *click) (card.Response, error) {
	what, err := c.correction(ctx)
	if err != nil {
		return card.Response{}, err
	}
	s, err := c.sheet(ctx)
	if err != nil {
		return card.Response{}, err
	}
	p, err := ledger.PreviewCorrection(ctx, c.book.Space, c.viewer, what)
	if err != nil {
		return card.Response{}, err
	}
	told, err := c.book.Timeline.In(c.v.Lang).Foretell(ctx, c.viewer, p)
	if err != nil {
		return card.Response{}, err
	}
	return card.Do(card.Show(ForetellCard(what, told, s.AsOf, c.v))), nil
}

func correctApply(ctx context.Context, c *click) (card.Response, error) {
	what, err := c.correction(ctx)
	if err != nil {
		return card.Response{}, err
	}
	return c.told(ctx, c.v.Lang.T(i18n.CorrectDone), func(crm.MessageID) (string, error) {
		return ledger.Correct(ctx, c.book.Space, what)
	})
}

// correctUndo takes back what a card has changed.
func correctUndo(ctx context.Context, c *click) (card.Response, error) {
	if id, err := c.about(); err != nil || id == "" { // of a message that is not stored
		if err == nil {
			_, err = c.book.Records.Undo(ctx, c.by(""), c.ev.Params[batchParam])
		}
		if err != nil {
			return card.Response{}, err
		}
		c.book.Followed(ctx)
		return c.back(ctx, card.Notify(c.v.Lang.T(i18n.CorrectUndone)), card.Changed())
	}
	return c.told(ctx, c.v.Lang.T(i18n.CorrectUndone), func(crm.MessageID) (string, error) {
		_, err := c.book.Records.Undo(ctx, c.by(""), c.ev.Params[batchParam])
		return "", err
	})
}
