package addon

import (
	"context"
	"strings"
	"time"

	"threadline/addon/card"
	"threadline/internal/crm"
	"threadline/internal/i18n"
)

// shownCustom is how many fields of the workspace's own a record's card shows,
// and shownText how much of each.
const (
	shownCustom = 12
	shownText   = 300
)

// schema reads which folders and fields the viewer sees, and lets cards call the
// folders as the workspace does.
func (c *click) schema(ctx context.Context) (crm.Schema, error) {
	sch, err := c.book.Records.Schema(ctx, c.viewer)
	if err != nil {
		return sch, err
	}
	c.v.folders = map[crm.Kind]string{}
	for _, f := range sch.Folders() {
		c.v.folders[f.Kind()] = c.v.label(f.Key, f.Labels)
	}
	return sch, nil
}

// findable are the kinds of records that a person looks for beside a mail:
// everything but what happens with records.
func findable(sch crm.Schema) []crm.Kind {
	var out []crm.Kind
	for _, n := range sch.Nouns() {
		if !n.Activity {
			out = append(out, n.Kind)
		}
	}
	return out
}

// kind is what one record of a kind is called.
func (v View) kind(k crm.Kind) string {
	if !k.Custom() {
		return v.word("kind", string(k))
	}
	if name := v.folders[k]; name != "" {
		return name
	}
	_, key, _ := strings.Cut(string(k), "-")
	return v.label(key, nil)
}

// label is the name that a workspace gave to something in the viewer's language,
// else in English, else what it is called by in queries.
func (v View) label(key string, labels map[string]string) string {
	for _, lang := range []string{string(v.Lang), string(i18n.English)} {
		if l := labels[lang]; l != "" {
			return l
		}
	}
	words := strings.ReplaceAll(key, "_", " ")
	if words == "" {
		return key
	}
	return strings.ToUpper(words[:1]) + words[1:]
}

// custom are the rows of a record's own fields: its stage, and what the
// workspace added. What points to other records is among the related ones.
func (c *click) custom(sch crm.Schema, r *crm.Record) []card.Widget {
	n, _ := sch.Noun(r.Kind)
	var out []card.Widget
	if text := c.v.stageName(sch, r); n.Staged && text != "" {
		out = append(out, card.Row(card.Plain(text), card.Details{Top: c.v.t(i18n.FieldStage)}))
	}
	for _, f := range n.Fields {
		text := c.v.value(f, r.Values[f.Key])
		if !f.Custom || text == "" {
			continue
		}
		out = append(out, card.Row(card.Plain(crm.Clip(text, shownText)), card.Details{Top: card.Plain(c.v.label(f.Key, f.Labels)), Wrap: true}))
		if len(out) == shownCustom {
			break
		}
	}
	return out
}

// stageName is the stage of a record as its pipeline calls it.
func (v View) stageName(sch crm.Schema, r *crm.Record) string {
	for _, p := range sch.Pipelines(r.Kind) {
		if st, ok := p.Stage(r.Text("stage")); ok && p.Key == r.Text("pipeline") {
			return v.Lang.Built(st.Key, st.Name)
		}
	}
	return ""
}

// value is what people read of a field's value, "" for none and for what only
// points elsewhere.
func (v View) value(f crm.Field, val any) string {
	text := f.Format(val)
	switch f.Type {
	case crm.FieldRelation, crm.FieldRoles, crm.FieldUser, crm.FieldFile, crm.FieldStatistic:
		return ""
	case crm.FieldCheckbox:
		if on, _ := val.(bool); on {
			return "✓"
		}
		return ""
	case crm.FieldDate:
		if day, err := time.Parse(time.DateOnly, text); err == nil {
			return v.Lang.Day(day, time.Time{})
		}
	case crm.FieldTime:
		if t, ok := val.(crm.Time); ok {
			return v.Lang.Moment(v.local(t), time.Time{})
		}
	case crm.FieldMoney:
		if m := crm.MoneyOf(val); m.Currency != "" {
			return v.Lang.Money(m.Minor, string(m.Currency), m.Currency.Digits())
		}
	}
	return text
}
