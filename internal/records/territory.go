package records

import (
	"reflect"
	"slices"
	"time"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/query"
)

// rule is one rule of a territory, ready to be held against records.
type rule struct {
	territory string
	bound     *query.Bound
}

// territoryRules compiles the rules of the territories; one that lost a field
// holds nothing.
func territoryRules(sch crm.Schema, currency crm.Currency, p *access.Policy) []rule {
	if !p.Restricted() {
		return nil
	}
	var out []rule
	for _, t := range p.Territories() {
		for _, text := range t.Rules {
			if b, err := bindRule(sch, currency, text); err == nil {
				out = append(out, rule{t.Key, b})
			}
		}
	}
	return out
}

// bindRule reads a rule of a territory: a query over what one record says, the
// same at any time and for anybody.
func bindRule(sch crm.Schema, currency crm.Currency, text string) (*query.Bound, error) {
	words := query.Schema{Nouns: sch.Nouns(), Currency: currency, Choices: choices(sch)}
	q, err := query.Parse(text, words)
	if err != nil {
		return nil, err
	}
	bind := func(day int) (*query.Bound, error) {
		return query.Bind(q, words, query.Env{Now: time.Date(2000+day, 1, 2, 3, 4, 5, 0, time.UTC)})
	}
	b, err := bind(0)
	if err != nil {
		return nil, err
	}
	related := false
	b.Relations(func(crm.Field) { related = true })
	other, err := bind(20)
	if err != nil {
		return nil, err
	}
	if related || b.Order != nil || !reflect.DeepEqual(b.Where, other.Where) || b.Noun.Activity {
		return nil, crm.Errorf(crm.Invalid, "records.bindRule", "a rule of a territory asks what a record itself says, without dates that move and without an order").
			WithField("rules").WithHint(`companies where country = "PL"`)
	}
	return b, nil
}

// lies lists the territories in which a record lies.
func (e *edit) lies(r *crm.Record) []string {
	if e.rules == nil {
		e.rules = territoryRules(e.schema, e.ws.Currency, e.policy)
	}
	return liesIn(e.rules, r)
}

func liesIn(rules []rule, r *crm.Record) []string {
	var out []string
	for _, x := range rules {
		if !slices.Contains(out, x.territory) && x.bound.Match(r, func(crm.RecordID) *crm.Record { return nil }) {
			out = append(out, x.territory)
		}
	}
	return out
}
