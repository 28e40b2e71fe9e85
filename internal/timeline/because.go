package timeline

import (
	"threadline/internal/crm"
	"threadline/internal/i18n"
)

// Words is the reason of a link as an entry of the catalogue and its arguments,
// for doors that set the arguments off. A quote of the mail is among them only
// for those who may read it: package access takes it away from all others.
func (b Because) Words(lang i18n.Lang) (i18n.Key, []any) {
	e := b.Evidence
	switch b.Rule {
	case crm.ByAddress:
		if e.Address != "" {
			return i18n.BecauseAddress, []any{string(e.Address), word(lang, "role", string(e.Role))}
		}
	case crm.ByDomain:
		if e.Domain != "" {
			return i18n.BecauseDomain, []any{string(e.Domain)}
		}
	case crm.ByContact:
		if b.Via != "" {
			return i18n.BecauseContact, []any{b.Via}
		}
	case crm.ByThread:
		return i18n.BecauseThread, nil
	case crm.ByOnlyDeal:
		if b.Via != "" {
			return i18n.BecauseOnlyDeal, []any{b.Via}
		}
		return i18n.BecauseOnlyDealAlone, nil
	case crm.ByDealWords, crm.ByDealPeople, crm.ByDealThread, crm.ByDealNext:
		return b.deal()
	case crm.ByUserRule:
		return b.userRule()
	case crm.ByAnswer:
		if b.User != "" {
			return i18n.BecauseAnswer, []any{b.User}
		}
		return i18n.BecauseAnswerUnnamed, nil
	}
	return i18n.BecauseOther, []any{string(b.Rule)}
}

// deal says why this one of several deals was chosen.
func (b Because) deal() (i18n.Key, []any) {
	switch {
	case b.Rule == crm.ByDealThread:
		return i18n.BecauseDealThread, nil
	case b.Rule == crm.ByDealNext && b.Via != "":
		return i18n.BecauseDealNext, []any{b.Via}
	case b.Rule == crm.ByDealNext:
		return i18n.BecauseDealThread, nil
	case b.Rule == crm.ByDealWords && b.Evidence.Quote != "":
		return i18n.BecauseDealWords, []any{b.Evidence.Quote}
	case b.Rule == crm.ByDealWords:
		return i18n.BecauseDealWordsAlone, nil
	case b.Via != "":
		return i18n.BecauseDealPeople, []any{b.Via}
	}
	return i18n.BecauseDealPeopleAlone, nil
}

func (b Because) userRule() (i18n.Key, []any) {
	value := string(b.Evidence.Address)
	if value == "" {
		value = string(b.Evidence.Domain)
	}
	if value == "" || b.User == "" {
		return i18n.BecauseRuleUnnamed, nil
	}
	return i18n.BecauseRule, []any{value, b.User}
}

// Certain tells whether nothing need be said about how sure the link is.
func (b Because) Certain() bool { return b.Confidence <= 0 || b.Confidence >= 100 }

// Sentence is the reason of a link in plain text, with how sure it is when it
// is not certain.
func (b Because) Sentence(lang i18n.Lang) string {
	key, args := b.Words(lang)
	text := lang.T(key, args...)
	if b.Certain() {
		return text
	}
	return text + " · " + lang.T(i18n.Confidence, b.Confidence)
}

// word translates a stored value: its key is the family and the value. A value
// that a newer program has stored stays as it is.
func word(lang i18n.Lang, family, value string) string {
	if key := i18n.Key(family + "." + value); i18n.Has(key) {
		return lang.T(key)
	}
	return value
}

// logged shortens a link to what lists show.
func (b Because) logged(lang i18n.Lang) Logged {
	return Logged{Record: b.Record, Kind: b.Kind, Name: b.Name, Rule: b.Rule, Confidence: b.Confidence, Because: b.Sentence(lang)}
}
