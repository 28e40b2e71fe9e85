package addon

import (
	"context"
	"strconv"

	"threadline/addon/card"
	"threadline/internal/crm"
	"threadline/internal/i18n"
	"threadline/internal/store"
	"threadline/internal/timeline"
)

func param(key, value string) card.Param { return card.Param{Key: key, Value: value} }

// of are the parameters of an action on a record, from the card that the click
// came from.
func (c *click) of(id crm.RecordID, more ...card.Param) []card.Param {
	return append([]card.Param{param(recordParam, string(id)), param(messageParam, c.ev.Params[messageParam])}, more...)
}

// dealCard is a deal that can be changed.
func (c *click) dealCard(ctx context.Context, d store.Doc[crm.Record]) (card.Card, error) {
	users, err := c.book.Timeline.People(ctx, c.viewer)
	if err != nil {
		return card.Card{}, err
	}
	pipelines, err := c.book.Records.Pipelines(ctx, c.viewer)
	if err != nil {
		return card.Card{}, err
	}
	link, err := c.linking(ctx, d.Value.ID)
	if err != nil {
		return card.Card{}, err
	}
	r, v := &d.Value, c.v
	version := param(versionParam, strconv.FormatInt(int64(d.Version), 10))
	head := card.Header{Title: r.Name(), Subtitle: v.Lang.T(i18n.KindDeal)}
	open := r.Text("stage_kind") == string(crm.StageOpen)
	form := []card.Widget{v.stages(dealStages(r, pipelines), r.Text("stage"), v.action(opDealStage, c.of(r.ID, param(wasParam, r.Text("stage")))...)),
		v.amount(r), c.expected(r), v.owner(users, crm.UserID(r.Text("owner"))),
		card.TextInput(nextInput, v.Lang.T(i18n.FieldNext), card.TextOptions{Value: r.Text("next_step"), MaxRunes: 300}),
		card.Buttons(card.NewButton(v.Lang.T(i18n.ActionSave), v.run(opDealSave, c.of(r.ID, version)...)))}
	end := card.Buttons(card.NewButton(v.Lang.T(i18n.ActionWin), v.run(opDealWin, c.of(r.ID, version)...)),
		card.NewButton(v.Lang.T(i18n.ActionLose), v.run(opDealLose, c.of(r.ID)...)))
	if !open {
		end = card.Buttons(card.NewButton(v.Lang.T(i18n.ActionReopen), v.run(opDealReopen, c.of(r.ID, version)...)))
	}
	menu := []card.MenuEntry{{Label: v.Lang.T(i18n.ActionOpen), Click: v.Links.record(r.ID)}}
	return card.New("deal", head, menu, card.NewSection(card.Text{}, v.lost(r), end), card.NewSection(card.Text{}, form...),
		card.NewSection(card.Text{}, link...),
		card.NewSection(v.t(i18n.SectionRecord), c.acting([]crm.RecordID{r.ID}, r.Name(), "")...)), nil
}

// lost tells why the deal was lost.
func (v View) lost(r *crm.Record) card.Widget {
	if r.Text("lost_reason") == "" {
		return card.Widget{}
	}
	return card.Row(card.Plain(r.Text("lost_reason")), card.Details{Top: v.t(i18n.FieldReason), Wrap: true})
}

func dealStages(r *crm.Record, all []crm.Pipeline) []timeline.SheetStage {
	var out []timeline.SheetStage
	for _, p := range all {
		if p.Key != r.Text("pipeline") {
			continue
		}
		for _, st := range p.Stages {
			out = append(out, timeline.SheetStage{Key: st.Key, Name: st.Name, Kind: st.Kind})
		}
	}
	return out
}

// stages is the dropdown that moves a deal at once.
func (v View) stages(list []timeline.SheetStage, now string, change card.Action) card.Widget {
	items := make([]card.Item, len(list))
	for i, st := range list {
		items[i] = card.Item{Text: v.Lang.Built(st.Key, st.Name), Value: st.Key, Selected: st.Key == now}
	}
	return card.Choice(stageInput, v.Lang.T(i18n.FieldStage), card.Dropdown, items, change)
}

func (v View) amount(r *crm.Record) card.Widget {
	currency := crm.Currency(r.Text("currency"))
	o := card.TextOptions{Hint: string(currency), MaxRunes: 30}
	o.Value = v.amountText(r)
	return card.TextInput(amountInput, v.Lang.T(i18n.FieldAmount), o)
}

// amountText is the amount of a deal as its input shows it; empty without one.
func (v View) amountText(r *crm.Record) string {
	if _, known := r.Values["amount"]; !known {
		return ""
	}
	return v.Lang.Decimal(crm.Money{Minor: r.Int("amount"), Currency: crm.Currency(r.Text("currency"))}.Decimal())
}

func (c *click) expected(r *crm.Record) card.Widget {
	t, err := crm.ParseTime(r.Text("expected_close"))
	if err != nil || r.Text("expected_close") == "" {
		return card.DatePicker(closeInput, c.v.Lang.T(i18n.FieldClose), noDate, card.Action{})
	}
	return card.DatePicker(closeInput, c.v.Lang.T(i18n.FieldClose), t.Std(), card.Action{})
}

func (v View) owner(users []timeline.Colleague, now crm.UserID) card.Widget {
	items := []card.Item{{Text: v.Lang.T(i18n.Nobody), Value: "", Selected: now == ""}}
	for _, u := range users {
		items = append(items, card.Item{Text: u.Name, Value: string(u.ID), Selected: u.ID == now})
	}
	return card.Choice(ownerInput, v.Lang.T(i18n.FieldOwner), card.Dropdown, items, card.Action{})
}

// loseCard asks why a deal is lost.
func (c *click) loseCard(d store.Doc[crm.Record]) card.Card {
	v, r := c.v, &d.Value
	version := param(versionParam, strconv.FormatInt(int64(d.Version), 10))
	reason := card.TextInput(reasonInput, v.Lang.T(i18n.FieldReason), card.TextOptions{MaxRunes: 300})
	save := card.Run(v.action(opDealLost, c.of(r.ID, version)...).Needs(reasonInput))
	return card.New("lose", card.Header{Title: v.Lang.T(i18n.LoseTitle), Subtitle: r.Name()}, nil,
		card.NewSection(card.Text{}, reason, card.Buttons(card.NewButton(v.Lang.T(i18n.ActionLose), save))))
}
