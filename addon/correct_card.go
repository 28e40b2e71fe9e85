package addon

import (
	"threadline/addon/card"
	"threadline/internal/crm"
	"threadline/internal/i18n"
	"threadline/internal/ledger"
	"threadline/internal/timeline"
)

// Parameters and inputs of the actions by which people say where mail belongs.
const (
	recordParam  = "record"
	effectParam  = "effect"
	scopeParam   = "scope"
	insteadParam = "instead"
	batchParam   = "batch"
)

const shownSample = 5

// ask is the button that begins to correct a link.
func (v View) ask(m crm.MessageID, b timeline.Because) card.Button {
	return card.NewButton(v.Lang.T(i18n.CorrectWrong), v.run(opAsk, card.Param{Key: messageParam, Value: string(m)}, card.Param{Key: recordParam, Value: string(b.Record)}))
}

// hide is the button by which the owner of a mailbox hides a message from
// others, or shows it again.
func (v View) hide(m timeline.SheetMessage) card.Widget {
	if m.Access != timeline.SheetFull {
		return card.Widget{}
	}
	key, effect := i18n.CorrectHide, crm.EffectPrivate
	if m.Private {
		key, effect = i18n.CorrectShow, crm.EffectShared
	}
	return card.Buttons(card.NewButton(v.Lang.T(key), v.run(opAsk, card.Param{Key: messageParam, Value: string(m.ID)}, card.Param{Key: effectParam, Value: string(effect)})))
}

// AskCard asks for whom a correction holds and, of a deal, where the mail
// belongs instead.
func AskCard(c ledger.Correction, s *timeline.Sheet, v View) card.Card {
	title := v.Lang.T(i18n.CorrectTitle)
	scopes := card.Choice(scopeParam, v.Lang.T(i18n.CorrectScope), card.Radio, []card.Item{
		{Text: v.Lang.T(i18n.ScopeMessage), Value: string(crm.ScopeMessage)},
		{Text: v.Lang.T(i18n.ScopeThread), Value: string(crm.ScopeThread), Selected: true},
		{Text: v.Lang.T(i18n.ScopeAddress), Value: string(crm.ScopeAddress)},
		{Text: v.Lang.T(i18n.ScopeDomain), Value: string(crm.ScopeDomain)},
	}, card.Action{})
	params := []card.Param{{Key: messageParam, Value: string(c.Message)},
		{Key: recordParam, Value: string(c.Record)}, {Key: effectParam, Value: string(c.Effect)}}
	next := card.Buttons(card.NewButton(v.Lang.T(i18n.CorrectForetell), v.run(opForetell, params...)))
	return card.New("correct", card.Header{Title: title, Subtitle: linkName(s, c.Record)}, nil,
		card.NewSection(card.Text{}, scopes, v.instead(s, c.Record), next))
}

func linkName(s *timeline.Sheet, id crm.RecordID) string {
	for _, b := range s.Because {
		if b.Record == id {
			return b.Name
		}
	}
	return ""
}

// instead offers the other deals.
func (v View) instead(s *timeline.Sheet, id crm.RecordID) card.Widget {
	if n, _ := crm.NounOfID(id); n.Kind != crm.KindDeal {
		return card.Widget{}
	}
	items := []card.Item{{Text: v.Lang.T(i18n.CorrectNowhere), Value: "", Selected: true}}
	for _, d := range s.Deals {
		if d.ID != id {
			items = append(items, card.Item{Text: d.Name, Value: string(d.ID)})
		}
	}
	if len(items) == 1 {
		return card.Widget{}
	}
	return card.Choice(insteadParam, v.Lang.T(i18n.CorrectInstead), card.Dropdown, items, card.Action{})
}

// ForetellCard shows what a correction would change before it is made.
func ForetellCard(c ledger.Correction, p timeline.Preview, now crm.Time, v View) card.Card {
	params := []card.Param{{Key: messageParam, Value: string(c.Message)}, {Key: recordParam, Value: string(c.Record)},
		{Key: effectParam, Value: string(c.Effect)}, {Key: scopeParam, Value: string(c.Scope)}, {Key: insteadParam, Value: string(c.Instead)}}
	count := v.Lang.T(i18n.ForetellCount, int(p.Changed))
	if p.More {
		count = v.Lang.T(i18n.ForetellMore, int(p.Changed))
	}
	what := []card.Widget{card.Paragraph(card.Plain(count))}
	for _, r := range p.Records[:min(len(p.Records), shownSample)] {
		what = append(what, card.Row(card.Bold(r.Name), card.Details{Bottom: v.t(i18n.ForetellShift, int(r.Gained), int(r.Lost)), Wrap: true}))
	}
	what = append(what, card.Buttons(card.NewButton(v.Lang.T(i18n.CorrectApply), v.run(opCorrect, params...))))
	var mail []card.Widget
	for _, m := range p.Sample[:min(len(p.Sample), shownSample)] {
		mail = append(mail, card.Row(v.subject(m.Subject, m.Subject == ""), card.Details{Icon: card.IconMail,
			Top: card.Dots(card.Plain(string(m.From)), card.Plain(v.moment(m.Date, now))), Bottom: v.moves(m), Click: v.Links.message(m.Message)}))
	}
	return card.New("foretell", card.Header{Title: v.Lang.T(i18n.ForetellTitle)}, nil,
		card.NewSection(card.Text{}, what...), card.NewSection(v.t(i18n.ForetellSample), mail...))
}

func (v View) moves(m timeline.Move) card.Text {
	var out []card.Text
	for _, l := range m.Lost {
		out = append(out, card.Plain("− "+l.Name))
	}
	for _, l := range m.Gained {
		out = append(out, card.Plain("+ "+l.Name))
	}
	return card.Lines(out...)
}

// ChangedCard is the message card after a change, which can be undone.
func ChangedCard(s *timeline.Sheet, said, batch string, v View) card.Card {
	undo := card.NewButton(v.Lang.T(i18n.CorrectUndo), v.run(opUndo, v.about(s.Message.ID), param(batchParam, batch)))
	return v.messageCard(s, card.NewSection(card.Text{}, card.Row(card.Plain(said), card.Details{Wrap: true, Button: undo})))
}
