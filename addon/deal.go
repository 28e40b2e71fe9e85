package addon

import (
	"context"
	"strconv"

	"threadline/addon/card"
	"threadline/internal/crm"
	"threadline/internal/i18n"
	"threadline/internal/records"
	"threadline/internal/store"
)

// Actions on a deal.
const (
	opDealOpen   = "deal.open"
	opDealStage  = "deal.stage" // by the dropdown, at once
	opDealSave   = "deal.save"
	opDealWin    = "deal.win"
	opDealLose   = "deal.lose" // asks for the reason
	opDealLost   = "deal.lost"
	opDealReopen = "deal.reopen"
)

// Parameters and inputs of deals.
const (
	wasParam     = "was"     // the stage that the card showed
	versionParam = "version" // of the record that the card showed
	stageInput   = "stage"
	amountInput  = "amount"
	closeInput   = "close"
	ownerInput   = "owner"
	nextInput    = "next"
	reasonInput  = "reason"
)

// deal reads the deal that the click is about.
func (c *click) deal(ctx context.Context) (store.Doc[crm.Record], error) {
	id, err := c.record(recordParam, crm.KindDeal)
	if err != nil {
		return store.Doc[crm.Record]{}, err
	}
	return c.book.Records.Get(ctx, c.viewer, id)
}

// seen fails when the deal is not as the card showed it.
func (c *click) seen(d store.Doc[crm.Record]) error {
	stale := crm.Errorf(crm.Conflict, "addon.seen", "the deal is not as the card shows it")
	if was := c.ev.Params[wasParam]; was != "" && was != d.Value.Text("stage") {
		return stale
	}
	if v := c.ev.Params[versionParam]; v != "" && v != strconv.FormatInt(int64(d.Version), 10) {
		return stale
	}
	return nil
}

func dealOpen(ctx context.Context, c *click) (card.Response, error) {
	d, err := c.deal(ctx)
	if err != nil {
		return card.Response{}, err
	}
	shown, err := c.dealCard(ctx, d)
	return card.Do(card.Show(shown)), err
}

// dealStage moves the deal to the stage of the dropdown. A lost deal needs a
// reason first.
func dealStage(ctx context.Context, c *click) (card.Response, error) {
	d, err := c.deal(ctx)
	if err != nil {
		return card.Response{}, err
	}
	if err := c.seen(d); err != nil {
		return card.Response{}, err
	}
	key := c.text(stageInput)
	if key == d.Value.Text("stage") {
		return c.back(ctx)
	}
	stage, err := c.stage(ctx, &d.Value, key)
	if err != nil {
		return card.Response{}, err
	}
	if stage.Kind == crm.StageLost {
		return card.Do(card.Show(c.loseCard(d))), nil
	}
	saved, err := c.book.Records.Update(ctx, c.by("move a deal"), d.Value.ID, records.Patch{Values: map[string]any{"stage": key}, IfMatch: d.Version})
	if err != nil {
		return c.wrong(err)
	}
	c.book.Followed(ctx)
	return c.changedDeal(ctx, saved, c.v.Lang.T(i18n.DealMoved, c.v.Lang.Built(stage.Key, stage.Name)))
}

func (c *click) stage(ctx context.Context, r *crm.Record, key string) (crm.Stage, error) {
	all, err := c.book.Records.Pipelines(ctx, c.viewer)
	if err != nil {
		return crm.Stage{}, err
	}
	for _, p := range all {
		if st, ok := p.Stage(key); ok && p.Key == r.Text("pipeline") {
			return st, nil
		}
	}
	return crm.Stage{}, crm.Errorf(crm.Invalid, "addon.stage", "the deal's pipeline has no such stage").WithField("stage")
}

// dealSave keeps the form of the deal's card.
func dealSave(ctx context.Context, c *click) (card.Response, error) {
	d, err := c.deal(ctx)
	if err != nil {
		return card.Response{}, err
	}
	if err := c.seen(d); err != nil {
		return card.Response{}, err
	}
	values := map[string]any{"expected_close": c.date(closeInput), "next_step": orNil(c.text(nextInput)), "owner": orNil(c.text(ownerInput))}
	// What stands there as it was shown is left alone: of a currency with three
	// decimals it would read as thousands.
	if amount := c.text(amountInput); amount == "" {
		values["amount"] = nil
	} else if amount != c.v.amountText(&d.Value) {
		digits := crm.Currency(d.Value.Text("currency")).Digits()
		minor, ok := parseAmount(amount, digits)
		if !ok {
			return c.wrong(crm.Errorf(crm.Invalid, "addon.dealSave", "the amount cannot be read").WithField("amount"))
		}
		values["amount"] = minor
	}
	saved, err := c.book.Records.Update(ctx, c.by("edit the deal"), d.Value.ID, records.Patch{Values: values, IfMatch: d.Version})
	if err != nil {
		return c.wrong(err)
	}
	return c.changedDeal(ctx, saved, c.v.Lang.T(i18n.Saved))
}

func orNil(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func dealWin(ctx context.Context, c *click) (card.Response, error) {
	return c.close(ctx, func(id crm.RecordID, version store.Version) (records.Saved, error) {
		return c.book.Records.Win(ctx, c.by("win a deal"), id, version)
	}, i18n.DealWon)
}

func dealReopen(ctx context.Context, c *click) (card.Response, error) {
	return c.close(ctx, func(id crm.RecordID, version store.Version) (records.Saved, error) {
		return c.book.Records.Reopen(ctx, c.by("open a deal again"), id, version)
	}, i18n.DealReopened)
}

func dealLose(ctx context.Context, c *click) (card.Response, error) {
	d, err := c.deal(ctx)
	if err != nil {
		return card.Response{}, err
	}
	return card.Do(card.Show(c.loseCard(d))), nil
}

func dealLost(ctx context.Context, c *click) (card.Response, error) {
	reason := c.text(reasonInput)
	if reason == "" {
		return c.wrong(crm.Errorf(crm.Invalid, "addon.dealLost", "say why it is lost").WithField("reason"))
	}
	return c.close(ctx, func(id crm.RecordID, version store.Version) (records.Saved, error) {
		return c.book.Records.Lose(ctx, c.by("lose a deal"), id, reason, version)
	}, i18n.DealLost)
}

// close ends a deal, or opens it again.
func (c *click) close(ctx context.Context, do func(crm.RecordID, store.Version) (records.Saved, error), said i18n.Key) (card.Response, error) {
	d, err := c.deal(ctx)
	if err != nil {
		return card.Response{}, err
	}
	if err := c.seen(d); err != nil {
		return card.Response{}, err
	}
	saved, err := do(d.Value.ID, d.Version)
	if err != nil {
		return c.wrong(err)
	}
	c.book.Followed(ctx)
	return c.changedDeal(ctx, saved, c.v.Lang.T(said, saved.Record.Name()))
}

// changedDeal shows what the deal has become: on the card of the message, with the
// way back, or of the deal itself when there is no message.
func (c *click) changedDeal(ctx context.Context, saved records.Saved, said string) (card.Response, error) {
	if id, err := c.about(); err != nil || id != "" || c.ev.Message != "" {
		return c.done(ctx, saved.Batch, said)
	}
	shown, err := c.dealCard(ctx, store.Doc[crm.Record]{Value: saved.Record, Version: saved.Version})
	if err != nil {
		return card.Response{}, err
	}
	return card.Do(card.BackToRoot(), card.Show(shown), card.Notify(said), card.Changed()), nil
}
