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
		rows = append(rows, card.Row(card.Bold(b.Name), card.Details{
			Icon: kindIcons[b.Kind], Top: card.Plain(v.word("kind", string(b.Kind))), Bottom: v.reason(b), Click: v.Links.record(b.Record),
		}))
	}
	return card.NewSection(v.t(i18n.SectionBecause), rows...).Folded(shownBecause).Shrinking(v.more(i18n.MoreItems))
}

// reason is the rule in words, and how sure it is when it is not certain.
func (v View) reason(b timeline.Because) card.Text {
	text := v.rule(b)
	if b.Confidence > 0 && b.Confidence < 100 {
		text = card.Dots(text, v.t(i18n.Confidence, b.Confidence))
	}
	return text
}

// rule words each rule for somebody who sells. The quote of the evidence is
// left out: it may hold words of a mail that only its owner reads.
func (v View) rule(b timeline.Because) card.Text {
	e := b.Evidence
	switch b.Rule {
	case crm.ByAddress:
		if e.Address != "" {
			return v.sentence(i18n.BecauseAddress, string(e.Address), v.word("role", string(e.Role)))
		}
	case crm.ByDomain:
		if e.Domain != "" {
			return v.sentence(i18n.BecauseDomain, string(e.Domain))
		}
	case crm.ByContact:
		if b.Via != "" {
			return v.sentence(i18n.BecauseContact, b.Via)
		}
	case crm.ByThread:
		return v.t(i18n.BecauseThread)
	case crm.ByOnlyDeal:
		if b.Via != "" {
			return v.sentence(i18n.BecauseOnlyDeal, b.Via)
		}
		return v.t(i18n.BecauseOnlyDealAlone)
	case crm.ByUserRule:
		return v.userRule(b)
	case crm.ByAnswer:
		if b.User != "" {
			return v.sentence(i18n.BecauseAnswer, b.User)
		}
		return v.t(i18n.BecauseAnswerUnnamed)
	}
	return v.sentence(i18n.BecauseOther, string(b.Rule))
}

func (v View) userRule(b timeline.Because) card.Text {
	value := string(b.Evidence.Address)
	if value == "" {
		value = string(b.Evidence.Domain)
	}
	if value == "" || b.User == "" {
		return v.t(i18n.BecauseRuleUnnamed)
	}
	return v.sentence(i18n.BecauseRule, value, b.User)
}
