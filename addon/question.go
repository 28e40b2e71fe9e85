package addon

import (
	"threadline/addon/card"
	"threadline/internal/i18n"
	"threadline/internal/timeline"
)

// noDeal is the answer that no deal is meant.
const noDeal = "none"

// question asks to which deal the conversation belongs: a button for each that
// fits, and one for none.
func (v View) question(s *timeline.Sheet) card.Section {
	if len(s.Asked) == 0 || !v.Books {
		return card.Section{}
	}
	text := i18n.QuestionText
	if len(s.Asked) == 1 {
		text = i18n.QuestionOne
	}
	rows := []card.Widget{card.Paragraph(v.t(text))}
	choose := func(deal string) card.Click {
		return v.run(opChoose, v.about(s.Message.ID), card.Param{Key: valueParam, Value: deal})
	}
	for _, b := range s.Asked {
		key, args := b.Words(v.Lang)
		rows = append(rows, card.Row(card.Bold(b.Name), card.Details{
			Icon: card.IconMoney, Bottom: card.Dots(v.sentence(key, args...), v.t(i18n.QuestionLikely, b.Confidence)), Wrap: true,
			Button: card.NewButton(v.Lang.T(i18n.QuestionThis), choose(string(b.Record))),
		}))
	}
	rows = append(rows, card.Buttons(card.NewButton(v.Lang.T(i18n.QuestionNone), choose(noDeal))))
	return card.NewSection(v.t(i18n.SectionQuestion), rows...)
}
