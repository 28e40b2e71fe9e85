package addon

import (
	"threadline/addon/card"
	"threadline/internal/crm"
	"threadline/internal/i18n"
	"threadline/internal/timeline"
)

// MissingCard says what is known about a message that is not stored.
func MissingCard(m timeline.Missing, skip crm.SkipReason, v View) card.Card {
	return v.notice(i18n.Missing, card.Paragraph(v.missing(m, skip)), v.button(i18n.ActionRetry, v.refresh()))
}

func (v View) missing(m timeline.Missing, skip crm.SkipReason) card.Text {
	if m == timeline.MissingSkipped {
		return v.t(i18n.MissingSkipped, v.word("skip", string(skip)))
	}
	return card.Plain(v.word("missing", string(m)))
}

// UnknownUserCard is for somebody whom Google vouches for but whom we do not
// know.
func UnknownUserCard(email string, v View) card.Card {
	return v.notice(i18n.UserUnknown,
		card.Paragraph(v.sentence(i18n.UserUnknownText, email)),
		v.button(i18n.ActionOpen, card.OpenAndReload(v.Links.Home)))
}

// ErrorCard says what went wrong in the viewer's language. Only the kind of the
// error gets out; its words are for the log, where reference finds them.
func ErrorCard(err error, reference string, v View) card.Card {
	key := i18n.Key("error." + string(crm.KindOf(err)))
	if !i18n.Has(key) {
		key = i18n.ErrorInternal
	}
	rows := []card.Widget{card.Paragraph(v.t(key))}
	if reference != "" {
		rows = append(rows, card.Paragraph(v.t(i18n.ErrorReference, reference)))
	}
	return v.notice(i18n.ErrorTitle, append(rows, v.button(i18n.ActionRetry, v.refresh()))...)
}

func (v View) notice(title i18n.Key, rows ...card.Widget) card.Card {
	return card.New("notice", card.Header{Title: v.Lang.T(title)}, nil, card.NewSection(card.Text{}, rows...))
}

func (v View) button(label i18n.Key, c card.Click) card.Widget {
	return card.Buttons(card.NewButton(v.Lang.T(label), c))
}
