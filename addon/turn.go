package addon

import (
	"threadline/addon/card"
	"threadline/internal/crm"
	"threadline/internal/i18n"
	"threadline/internal/timeline"
)

// turn says whose turn it is, what the conversation hangs on, and what a person
// may do about it.
func (v View) turn(s *timeline.Sheet) []card.Widget {
	m := s.Message
	var rows []card.Widget
	if m.Turn != "" {
		rows = append(rows, card.Row(card.Plain(v.word("turn", string(m.Turn))), card.Details{
			Icon: card.IconClock, Top: card.Plain(v.moment(m.Since, s.AsOf)), Wrap: true,
		}))
	}
	if m.Origin != "" {
		rows = append(rows, card.Row(v.t(i18n.OriginOther), card.Details{Icon: card.IconMail, Wrap: true, Click: v.Links.message(m.Origin)}))
	}
	for _, mark := range m.Marks {
		if mark == crm.MarkSameID {
			rows = append(rows, card.Paragraph(v.t(i18n.MarkSameID)))
		}
	}
	if m.Split {
		rows = append(rows, card.Paragraph(v.t(i18n.SplitOffer)))
	}
	var buttons []card.Button
	if v.Books && (m.Turn == crm.TurnOurs || m.Turn == crm.TurnTheirs) {
		buttons = append(buttons, card.NewButton(v.Lang.T(i18n.ActionDone), v.run(opDone, v.about(m.ID), param(valueParam, string(m.Decides)))))
	}
	if v.Books && m.Split {
		buttons = append(buttons, card.NewButton(v.Lang.T(i18n.ActionSplit), v.run(opSplit, v.about(m.ID))))
	}
	if len(buttons) > 0 {
		rows = append(rows, card.Buttons(buttons...))
	}
	return rows
}

// updates are what the signature proposes, each with the line that says so.
func (v View) updates(s *timeline.Sheet) card.Section {
	var rows []card.Widget
	for _, u := range s.Updates {
		rows = append(rows, card.Row(card.Bold(u.Value), card.Details{
			Icon: card.IconStar, Top: card.Plain(v.word("update", string(u.Field))), Bottom: card.Plain("“" + u.Line + "”"), Wrap: true,
			Button: card.NewButton(v.Lang.T(i18n.ActionAccept), v.run(opAccept, v.about(u.Message),
				card.Param{Key: fieldParam, Value: string(u.Field)}, card.Param{Key: valueParam, Value: u.Value})),
		}))
	}
	if len(rows) == 0 || !v.Books {
		return card.Section{}
	}
	return card.NewSection(v.t(i18n.SectionUpdates), rows...).Shrinking(v.more(i18n.MoreItems))
}
