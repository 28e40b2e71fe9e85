package records

import (
	"context"
	"reflect"
	"slices"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/store"
)

// maxAlike bounds the folded name by which records are found.
const maxAlike = 400

// alike is what duplicates of a record by name have in common.
func alike(n crm.Noun, r *crm.Record) []string {
	if n.Activity || n.Title == "" {
		return nil
	}
	if s := nameKey(r.Text(n.Title)); s != "" {
		return []string{s}
	}
	return nil
}

func nameKey(name string) string { return crm.Clip(crm.FoldName(name), maxAlike) }

// Duplicate is another record that is perhaps the same thing.
type Duplicate struct {
	Record crm.RecordID        `json:"record"`
	Name   string              `json:"name"`
	Field  string              `json:"field" doc:"In which they agree"`
	Value  string              `json:"value"`
	Effect crm.DuplicateEffect `json:"effect" enum:"warn,forbid"`
}

// duplicateRules reads the rules of a kind.
func duplicateRules(ctx context.Context, r store.Reader, n crm.Noun) (crm.DuplicateRules, error) {
	docs, err := store.Settings.GetMany(ctx, r, []string{crm.DuplicatesID(n.Kind)})
	if err != nil {
		return crm.DuplicateRules{}, err
	}
	if !docs[0].Exists() || docs[0].Value.Duplicates == nil {
		return crm.DefaultDuplicates(n), nil
	}
	return *docs[0].Value.Duplicates, nil
}

// DuplicateRules returns the rules of a kind.
func (s *Service) DuplicateRules(ctx context.Context, v access.Viewer, n crm.Noun) (crm.DuplicateRules, error) {
	if err := mayRead(v); err != nil {
		return crm.DuplicateRules{}, err
	}
	return duplicateRules(ctx, s.sp, n)
}

// SetDuplicateRules replaces the rules of a kind. Records that are there already
// stay as they are. Rules that say the same write nothing and return no batch.
func (s *Service) SetDuplicateRules(ctx context.Context, by By, rules crm.DuplicateRules) (string, error) {
	sch, err := s.schema(ctx)
	if err != nil {
		return "", err
	}
	n, ok := sch.Noun(rules.Kind)
	if !ok {
		return "", crm.Errorf(crm.Invalid, "records.SetDuplicateRules", "%q is no kind of record", crm.Clip(string(rules.Kind), 40)).WithField("kind")
	}
	if err := rules.Check(n); err != nil {
		return "", err
	}
	if rules.Rules == nil {
		rules.Rules = []crm.DuplicateRule{}
	}
	same := false
	batch, err := s.sp.Change(ctx, by.info("say when a "+string(n.Kind)+" is a duplicate"), func(ctx context.Context, tx *store.Tx) error {
		if err := s.maySet(ctx, tx, by, crm.RightSettings); err != nil {
			return err
		}
		set := crm.DuplicatesSetting(rules)
		docs, err := store.Settings.GetMany(ctx, tx, []string{set.ID})
		if err != nil {
			return err
		}
		if same = docs[0].Exists() && reflect.DeepEqual(docs[0].Value.Duplicates, set.Duplicates); !same {
			store.Settings.Put(tx, &set)
		}
		return nil
	})
	if same {
		return "", err
	}
	return batch, err
}

// alikes finds the records of a kind that are perhaps the same as r.
// Of one of which the viewer may not know nothing is said but that it is there,
// and that only where a rule forbids it.
func alikes(ctx context.Context, rd store.Reader, v access.Viewer, key crm.IDKey, n crm.Noun, rules []crm.DuplicateRule, r *crm.Record) ([]Duplicate, error) {
	var out []Duplicate
	add := func(d Duplicate) {
		if d.Record != r.ID && !slices.ContainsFunc(out, func(o Duplicate) bool { return o.Record == d.Record && o.Effect == d.Effect }) {
			out = append(out, d)
		}
	}
	for _, rule := range rules {
		f, ok := n.Field(rule.Field)
		switch {
		case !ok:
		case f.Type.Identity():
			if err := holding(ctx, rd, key, n, rule, r, add); err != nil {
				return nil, err
			}
		default:
			if err := sameName(ctx, rd, n, rule, r, add); err != nil {
				return nil, err
			}
		}
	}
	return named(ctx, rd, v, n, out)
}

// holding finds who holds an identity of the record.
func holding(ctx context.Context, rd store.Reader, key crm.IDKey, n crm.Noun, rule crm.DuplicateRule, r *crm.Record, add func(Duplicate)) error {
	tokens := tokensIn(n, rule.Field, r.Values)
	ids := make([]string, len(tokens))
	for i, t := range tokens {
		ids[i] = crm.IdentityID(key, t)
	}
	docs, err := store.Identities.GetMany(ctx, rd, ids)
	if err != nil {
		return err
	}
	for i, d := range docs {
		for _, h := range d.Value.Holders {
			if of, _ := crm.NounOfID(h.Record); h.To == 0 && of.Kind == n.Kind {
				add(Duplicate{Record: h.Record, Field: rule.Field, Value: string(tokens[i][2:]), Effect: rule.Effect})
			}
		}
	}
	return nil
}

// tokensIn are the identities in one field of values.
func tokensIn(n crm.Noun, field string, values map[string]any) []crm.Token {
	one := crm.Record{Kind: n.Kind, Values: map[string]any{field: values[field]}}
	return one.Tokens()
}

// sameName finds records by their name.
func sameName(ctx context.Context, rd store.Reader, n crm.Noun, rule crm.DuplicateRule, r *crm.Record, add func(Duplicate)) error {
	keys := alike(n, r)
	if len(keys) == 0 {
		return nil
	}
	page, err := collectionOf(n).Query(ctx, rd, store.Query{
		Where: []store.Filter{store.Is("kind", n.Kind), store.Has("alike", keys[0])}, Limit: store.DefaultLimit})
	for _, d := range page.Items {
		if name := d.Value.Text(n.Title); rule.Like == crm.LikeFolded || name == r.Text(n.Title) {
			add(Duplicate{Record: d.Value.ID, Name: name, Field: rule.Field, Value: name, Effect: rule.Effect})
		}
	}
	return err
}

// named fills in what the duplicates are called.
func named(ctx context.Context, rd store.Reader, v access.Viewer, n crm.Noun, list []Duplicate) ([]Duplicate, error) {
	ids := make([]crm.RecordID, len(list))
	for i, d := range list {
		ids[i] = d.Record
	}
	docs, err := fetch(ctx, rd, ids)
	if err != nil {
		return nil, err
	}
	var out []Duplicate
	for i, d := range list {
		switch r := v.Show(docs[i].Value); {
		case v.Reads(&docs[i].Value) && !v.Hides(n.Kind, d.Field):
			d.Name = r.Name()
		case d.Effect == crm.DuplicateForbids:
			d.Record, d.Name = "", ""
		default:
			continue
		}
		out = append(out, d)
	}
	return out, nil
}

// distinct refuses new records where a rule forbids duplicates, also of each
// other, and returns of what a single one is perhaps a duplicate.
func (e *edit) distinct(ctx context.Context, tx *store.Tx, fresh []parsed) ([]Duplicate, error) {
	var warn []Duplicate
	seen := map[string]bool{}
	rules := map[crm.Kind]crm.DuplicateRules{}
	for i := range fresh {
		d := &fresh[i]
		list, ok := rules[d.noun.Kind]
		if !ok {
			var err error
			if list, err = duplicateRules(ctx, tx, d.noun); err != nil {
				return nil, err
			}
			rules[d.noun.Kind] = list
		}
		which := list.Rules
		if len(fresh) > 1 { // nobody reads warnings about many
			which = slices.DeleteFunc(slices.Clone(which), func(r crm.DuplicateRule) bool { return r.Effect != crm.DuplicateForbids })
		}
		found, err := alikes(ctx, tx, e.viewer, e.ws.IDKey, d.noun, which, &d.record)
		if err != nil {
			return nil, err
		}
		if err := forbidden(d.noun, found); err != nil {
			return nil, d.blame(err)
		}
		if err := amongThemselves(d, which, seen); err != nil {
			return nil, d.blame(err)
		}
		warn = append(warn, found...)
	}
	return warn, nil
}

// forbidden is the error of the first duplicate that a rule forbids.
func forbidden(n crm.Noun, list []Duplicate) error {
	for _, d := range list {
		if d.Effect == crm.DuplicateForbids {
			which := "another " + string(n.Kind)
			if d.Record != "" {
				which = "the " + string(n.Kind) + " " + string(d.Record)
			}
			taken := crm.Errorf(crm.Exists, "records.distinct", "%s has this already: %s", which, crm.Clip(d.Value, 80)).
				WithField(d.Field).WithHint("change that one, or merge them")
			if d.Record == "" {
				return telling(taken)
			}
			return taken
		}
	}
	return nil
}

// amongThemselves refuses two new records that are the same by a rule that
// forbids it.
func amongThemselves(d *parsed, rules []crm.DuplicateRule, seen map[string]bool) error {
	for _, rule := range rules {
		if rule.Effect != crm.DuplicateForbids {
			continue
		}
		for _, key := range ruleKeys(d.noun, rule, &d.record) {
			if seen[key] {
				return crm.Errorf(crm.Exists, "records.distinct", "another new %s has this too", d.noun.Kind).WithField(rule.Field)
			}
			seen[key] = true
		}
	}
	return nil
}

// ruleKeys are what another record would share to be a duplicate by the rule.
func ruleKeys(n crm.Noun, rule crm.DuplicateRule, r *crm.Record) []string {
	var out []string
	if f, _ := n.Field(rule.Field); f.Type.Identity() {
		for _, t := range tokensIn(n, rule.Field, r.Values) {
			out = append(out, string(n.Kind)+" "+string(t))
		}
		return out
	}
	name := r.Text(n.Title)
	if rule.Like == crm.LikeFolded {
		name = nameKey(name)
	}
	if name == "" {
		return nil
	}
	return []string{string(n.Kind) + " n:" + name}
}

// stillDistinct refuses a change that makes a record a duplicate which a rule
// forbids.
func (e *edit) stillDistinct(ctx context.Context, tx *store.Tx, n crm.Noun, old, r *crm.Record) error {
	rules, err := duplicateRules(ctx, tx, n)
	if err != nil {
		return err
	}
	for _, rule := range rules.Rules {
		if rule.Effect != crm.DuplicateForbids || slices.Equal(ruleKeys(n, rule, old), ruleKeys(n, rule, r)) {
			continue
		}
		had := ruleKeys(n, rule, old)
		only := r.Clone()
		if f, _ := n.Field(rule.Field); f.Type.Identity() { // what it had already is nobody's fault
			only.Values[rule.Field] = slices.DeleteFunc(slices.Clone(r.List(rule.Field)), func(v string) bool {
				one := crm.Record{Kind: n.Kind, Values: map[string]any{rule.Field: []string{v}}}
				return slices.Contains(had, ruleKeys(n, rule, &one)[0])
			})
		}
		found, err := alikes(ctx, tx, e.viewer, e.ws.IDKey, n, []crm.DuplicateRule{rule}, &only)
		if err == nil {
			err = forbidden(n, found)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// Alike is a record with others that are perhaps the same.
type Alike struct {
	Record     crm.RecordID `json:"record"`
	Name       string       `json:"name"`
	Duplicates []Duplicate  `json:"duplicates"`
}

// Duplicates returns of what a record is perhaps a duplicate, stored or not.
func (s *Service) Duplicates(ctx context.Context, v access.Viewer, d Draft) ([]Duplicate, error) {
	if err := mayRead(v); err != nil {
		return nil, err
	}
	p, err := s.parse(ctx, v, []Draft{d})
	if err != nil {
		return nil, err
	}
	return s.alikesOf(ctx, v, p[0].noun, &p[0].record)
}

func (s *Service) alikesOf(ctx context.Context, v access.Viewer, n crm.Noun, r *crm.Record) ([]Duplicate, error) {
	rules, err := duplicateRules(ctx, s.sp, n)
	if err != nil {
		return nil, err
	}
	ws, err := store.Workspaces.Get(ctx, s.sp, string(s.sp.Workspace()))
	if err != nil {
		return nil, err
	}
	return alikes(ctx, s.sp, v, ws.Value.IDKey, n, rules.Rules, r)
}

// FindDuplicates looks through the records of a kind, the oldest first, as many as
// a page holds, and returns those that others are alike; each pair is told once,
// by the smaller id.
func (s *Service) FindDuplicates(ctx context.Context, v access.Viewer, n crm.Noun, p Page) (list []Alike, next string, err error) {
	if err := mayRead(v); err != nil {
		return nil, "", err
	}
	q := store.Query{Where: []store.Filter{store.Is("kind", n.Kind)}, Order: "created_at", Limit: p.Limit, After: p.Cursor}
	switch f := v.Filter(n.Kind); {
	case f.None:
		return nil, "", nil
	case !f.All:
		q.Where = append(q.Where, store.HasAny("audience", f.Tokens))
	}
	page, err := collectionOf(n).Query(ctx, s.sp, q)
	if err != nil {
		return nil, "", crm.Wrap("records.FindDuplicates", "the "+n.Plural+" cannot be listed", err)
	}
	for _, d := range page.Items {
		tidy(&d.Value)
		if !v.Reads(&d.Value) {
			continue
		}
		found, err := s.alikesOf(ctx, v, n, &d.Value)
		if err != nil {
			return nil, "", err
		}
		found = slices.DeleteFunc(found, func(o Duplicate) bool { return o.Record < d.Value.ID })
		if len(found) > 0 {
			list = append(list, Alike{Record: d.Value.ID, Name: nameFor(v, d.Value), Duplicates: found})
		}
	}
	return list, page.Next, nil
}

// nameFor is what a record is called to the viewer.
func nameFor(v access.Viewer, r crm.Record) string {
	r = v.Show(r)
	return r.Name()
}
