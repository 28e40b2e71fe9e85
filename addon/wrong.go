package addon

import (
	"errors"

	"threadline/addon/card"
	"threadline/internal/crm"
	"threadline/internal/i18n"
)

// labels are what the inputs of forms are called, by the field of an error.
var labels = map[string]i18n.Key{
	"name": i18n.FieldName, "title": i18n.FieldTitle, "emails": i18n.FieldEmail, "phones": i18n.FieldPhone, "phone": i18n.FieldPhone,
	"company": i18n.KindCompany, "domains": i18n.FieldDomain, "domain": i18n.FieldDomain, "amount": i18n.FieldAmount,
	"currency": i18n.FieldAmount, "expected_close": i18n.FieldClose, "owner": i18n.FieldOwner, "next_step": i18n.FieldNext,
	"stage": i18n.FieldStage, "lost_reason": i18n.FieldReason, "reason": i18n.FieldReason, "text": i18n.KindNote,
	"due": i18n.FieldDue, "pattern": i18n.FieldPattern, "outcome": i18n.FieldOutcome,
}

// wrong answers a form that cannot be saved as it is: the form stays, and a
// notice says which input to look at. Other errors are returned as they are.
func (c *click) wrong(err error) (card.Response, error) {
	var e *crm.Error
	if !errors.As(err, &e) || e.Kind != crm.Invalid && e.Kind != crm.Exists {
		return card.Response{}, err
	}
	field := e.Field
	for field == "" && e.Err != nil {
		inner := new(crm.Error)
		if !errors.As(e.Err, &inner) {
			break
		}
		e, field = inner, inner.Field
	}
	key, ok := labels[field]
	if !ok {
		return card.Response{}, err
	}
	text := i18n.FormWrong
	if e.Kind == crm.Exists {
		text = i18n.FormTaken
	}
	return card.Do(card.Notify(c.v.Lang.T(text, c.v.Lang.T(key)))), nil
}
