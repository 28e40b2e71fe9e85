package records

import (
	"slices"

	"threadline/internal/crm"
)

// about are the records that a row is about: the one that a person named, or
// those that it fits.
func (g *bringer) about(row *Row, values map[string]any) ([]crm.RecordID, error) {
	switch {
	case row.About == "":
		return g.matches(values), nil
	case g.recs[row.About] == nil:
		return nil, crm.Errorf(crm.Invalid, "records.Bring", "there is no %s %s", g.Noun.Kind, row.About).WithField("record")
	}
	return []crm.RecordID{row.About}, nil
}

// matches are the records that a row is about.
func (g *bringer) matches(values map[string]any) []crm.RecordID {
	var out []crm.RecordID
	for _, field := range g.Match {
		for _, id := range g.sharing(crm.DuplicateRule{Field: field, Like: crm.LikeFolded}, values) {
			if !slices.Contains(out, id) {
				out = append(out, id)
			}
		}
	}
	return out
}

// sharing are the records of the noun that agree with values by a rule.
func (g *bringer) sharing(rule crm.DuplicateRule, values map[string]any) []crm.RecordID {
	var out []crm.RecordID
	f, _ := g.Noun.Field(rule.Field)
	if f.Type.Identity() {
		for _, t := range tokensIn(g.Noun, rule.Field, values) {
			out = append(out, g.holders(g.Noun.Kind, t)...)
		}
		return out
	}
	r := crm.Record{Kind: g.Noun.Kind, Values: values}
	name := r.Text(rule.Field)
	for _, id := range g.called(g.Noun.Kind, name) {
		if b := g.recs[id]; rule.Like == crm.LikeFolded || b == nil || b.now.Text(rule.Field) == name {
			out = append(out, id)
		}
	}
	return out
}

// holders are the records of a kind that hold an identity.
func (g *bringer) holders(k crm.Kind, t crm.Token) []crm.RecordID {
	var out []crm.RecordID
	if d := g.x.docs[t]; d != nil {
		for _, h := range d.Holders {
			if n, _ := crm.NounOfID(h.Record); h.To == 0 && n.Kind == k && !g.hidden[h.Record] {
				out = append(out, h.Record)
			}
		}
	}
	if id := g.Claims[string(k)+" "+string(t)]; id != "" && !slices.Contains(out, id) {
		out = append(out, id)
	}
	return out
}

// called are the records of a kind that have a name.
func (g *bringer) called(k crm.Kind, name string) []crm.RecordID {
	if nameKey(name) == "" {
		return nil
	}
	key := NameKey(k, name)
	out := slices.Clone(g.names[key])
	if id := g.Claims[key]; id != "" && !slices.Contains(out, id) {
		out = append(out, id)
	}
	return out
}
