package records

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// checkMap refuses a map from or to fields that do not exist.
func (v *conversion) checkMap() error {
	lead, _ := v.schema.Noun(crm.KindLead)
	for from, to := range v.c.Map {
		kind, key, _ := strings.Cut(to, ".")
		n, known := v.schema.Noun(crm.Kind(kind))
		f, ok := n.Field(key)
		_, have := v.eyes.Noun(lead).Field(from) // else the other field would tell what is hidden
		if !have || !known || !ok || f.System || !slices.Contains(becomes(), n.Kind) {
			return crm.Errorf(crm.Invalid, "records.Convert", "%q cannot become %q", crm.Clip(from, 40), crm.Clip(to, 40)).WithField("map." + from)
		}
	}
	return nil
}

// values are what a record takes over from the lead: fields of the same name
// and type, what the map says, and what the caller said, each before the one
// before.
func (v *conversion) values(k crm.Kind) (map[string]any, error) {
	n, _ := v.schema.Noun(k)
	lead, _ := v.schema.Noun(crm.KindLead)
	out := map[string]any{}
	for _, f := range lead.Fields {
		to, ok := n.Field(f.Key)
		if val := v.lead.Values[f.Key]; val != nil && ok && to.Type == f.Type && to.Many == f.Many && !to.System && v.passes(k, f) && !v.shows(k, f.Key) {
			out[f.Key] = val
		}
	}
	switch k {
	case crm.KindCompany:
		out["name"] = cmp.Or(v.companyName(), v.lead.Name())
	case crm.KindDeal:
		out["name"] = cmp.Or(v.companyName(), v.lead.Name())
		if !v.c.Contact.Skip {
			out["contacts"] = []string{string(v.c.Contact.ID)}
		}
	}
	if k != crm.KindCompany && !v.c.Company.Skip {
		out["company"] = string(v.c.Company.ID)
	}
	for from, to := range v.c.Map {
		if kind, key, _ := strings.Cut(to, "."); kind == string(k) && v.lead.Values[from] != nil {
			f, _ := n.Field(key)
			src, _ := lead.Field(from)
			out[key] = v.lead.Values[from]
			if f.Type != src.Type {
				out[key] = src.Format(v.lead.Values[from])
			}
		}
	}
	maps.Copy(out, v.target(k).Values)
	parsed, err := n.Keeping(v.lead).ParseValues(out)
	if err != nil {
		if e, ok := err.(*crm.Error); ok {
			return nil, e.WithField(string(k) + "." + e.Field)
		}
		return nil, err
	}
	return parsed, nil
}

// passes tells whether a field of the lead goes to a record of the kind by
// itself: a company is not the person.
func (v *conversion) passes(k crm.Kind, f crm.Field) bool {
	switch {
	case f.Key == "name" || f.Key == "emails" || f.Key == "phones" || f.Key == "title" || f.Key == "about":
		return k == crm.KindContact
	}
	return true
}

// shows tells whether a record of the kind would tell what the lead hides from
// who converts. It then stays in the lead, which stays.
func (v *conversion) shows(k crm.Kind, field string) bool {
	return v.eyes.Hides(crm.KindLead, field) && !v.eyes.Hides(k, field)
}

// decided are those of the values that who converts decides about. What passes
// from the lead by itself does so whether they see it or not: it is the lead's.
func (v *conversion) decided(k crm.Kind, values map[string]any) map[string]any {
	said, out := v.target(k).Values, map[string]any{}
	mapped := map[string]bool{}
	for _, to := range v.c.Map {
		if kind, key, _ := strings.Cut(to, "."); kind == string(k) {
			mapped[key] = true
		}
	}
	for key, val := range values {
		_, theirs := said[key]
		if theirs || mapped[key] || v.eyes.Changes(k, key) {
			out[key] = val
		}
	}
	return out
}

// write writes the lead and all that it becomes.
func (v *conversion) write(ctx context.Context, tx *store.Tx, by By, id crm.RecordID, ifMatch store.Version) (Converted, error) {
	e, err := v.s.begin(ctx, tx, by)
	if err != nil {
		return Converted{}, err
	}
	old, err := e.present(ctx, tx, id, ifMatch, nil)
	if err != nil {
		return Converted{}, err
	}
	if old.Text("status") == crm.LeadConverted {
		return Converted{}, crm.Errorf(crm.Conflict, "records.Convert", "the lead is converted already").WithField("status")
	}
	lead := old.Clone()
	out := Converted{}
	list := []edited{{old: &old, now: &lead}}
	list[0].noun, _ = e.schema.Noun(crm.KindLead)
	lead.Values["status"], lead.Values["converted_at"] = crm.LeadConverted, e.at
	var became []string
	for _, k := range becomes() {
		t := v.target(k)
		if t.Skip {
			continue
		}
		d, err := v.one(ctx, tx, e, k)
		if err != nil {
			return out, err
		}
		list = append(list, d)
		lead.Values["converted_"+string(k)] = string(t.ID)
		became = append(became, string(t.ID))
	}
	follow, err := v.activities(ctx, tx, e, id, became)
	if err != nil {
		return out, err
	}
	if !v.c.Contact.Skip {
		out.Contact = v.c.Contact.ID
	}
	if !v.c.Company.Skip {
		out.Company = v.c.Company.ID
	}
	if !v.c.Deal.Skip {
		out.Deal = v.c.Deal.ID
	}
	return out, e.saveAll(ctx, tx, append(list, follow...))
}

// one is a record that the lead becomes: new, or filled.
func (v *conversion) one(ctx context.Context, tx *store.Tx, e *edit, k crm.Kind) (edited, error) {
	if p := v.drafts[k]; p != nil {
		r := p.record.Clone() // the function may run again
		r.CreatedAt, r.CreatedBy = e.now, e.by.Actor
		return edited{noun: p.noun, now: &r, said: p.said}, nil
	}
	n, _ := e.schema.Noun(k)
	old, err := e.present(ctx, tx, v.target(k).ID, 0, nil)
	if err != nil || old.Kind != k {
		return edited{}, cmpErr(err, crm.Errorf(crm.Invalid, "records.Convert", "%s is no %s", old.ID, k).WithField(string(k)+".id"))
	}
	r := old.Clone()
	fill := map[string]any{}
	for key, val := range v.fills[k] {
		f, _ := n.Field(key)
		_, wanted := v.target(k).Values[key]
		switch {
		case f.Many:
			list := slices.Clone(r.List(key))
			for _, s := range (&crm.Record{Values: map[string]any{key: val}}).List(key) {
				if !slices.Contains(list, s) {
					list = append(list, s)
				}
			}
			fill[key] = list
		case r.Values[key] == nil || wanted:
			fill[key] = val
		}
	}
	n.Apply(&r, fill)
	return edited{noun: n, old: &old, now: &r, said: v.decided(k, fill)}, nil
}

// activities puts the activities of the lead on the timelines of what it became.
func (v *conversion) activities(ctx context.Context, tx *store.Tx, e *edit, id crm.RecordID, became []string) ([]edited, error) {
	q := store.Query{Where: []store.Filter{store.Has("feed", crm.Feed(id, crm.Members))}, Order: "at", Limit: maxFollow + 1}
	page, err := store.Activities.Query(ctx, tx, q)
	if err != nil {
		return nil, err
	}
	if len(page.Items) > maxFollow {
		return nil, crm.Errorf(crm.TooLarge, "records.Convert", "the lead has more than %d activities", maxFollow).WithField("id")
	}
	var out []edited
	for i := range page.Items {
		old := &page.Items[i].Value
		tidy(old)
		r := old.Clone()
		list := slices.Clone(r.List("records"))
		for _, s := range became {
			if !slices.Contains(list, s) {
				list = append(list, s)
			}
		}
		r.Values["records"] = list
		n, _ := e.schema.Noun(r.Kind)
		out = append(out, edited{noun: n, old: old, now: &r})
	}
	return out, nil
}
