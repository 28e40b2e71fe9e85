package addon

import (
	"threadline/addon/card"
	"threadline/internal/crm"
	"threadline/internal/i18n"
	"threadline/internal/timeline"
)

var kindIcons = map[crm.Kind]card.Icon{
	crm.KindContact: card.IconPerson, crm.KindCompany: card.IconCompany, crm.KindDeal: card.IconMoney,
}

// because tells for each link where the message is logged and why, or why it
// is logged nowhere.
func (v View) because(s *timeline.Sheet) card.Section {
	if len(s.Because) == 0 {
		if s.Not == "" {
			return card.Section{}
		}
		return card.NewSection(v.t(i18n.SectionNotLogged), card.Paragraph(card.Plain(v.word("not_logged", string(s.Not)))))
	}
	var rows []card.Widget
	for _, b := range s.Because {
		d := card.Details{Icon: kindIcons[b.Kind], Top: card.Plain(v.kind(b.Kind)), Bottom: v.reason(b), Click: v.Links.record(b.Record)}
		if v.Books {
			d.Button = v.ask(s.Message.ID, b)
		}
		rows = append(rows, card.Row(card.Bold(b.Name), d))
	}
	return card.NewSection(v.t(i18n.SectionBecause), rows...).Folded(shownBecause).Shrinking(v.more(i18n.MoreItems))
}

// reason is the rule in words, with what it saw set off, and how sure it is
// when it is not certain.
func (v View) reason(b timeline.Because) card.Text {
	key, args := b.Words(v.Lang)
	text := v.sentence(key, args...)
	if !b.Certain() {
		text = card.Dots(text, v.t(i18n.Confidence, b.Confidence))
	}
	return text
}
