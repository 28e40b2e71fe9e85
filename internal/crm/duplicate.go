package crm

import (
	"slices"
	"strings"
)

// Likeness says when two values are the same to a DuplicateRule.
type Likeness string

const (
	LikeExact  Likeness = "exact"
	LikeFolded Likeness = "folded" // without case, diacritics and spacing
)

// DuplicateEffect is what a DuplicateRule does.
type DuplicateEffect string

const (
	DuplicateWarns   DuplicateEffect = "warn"
	DuplicateForbids DuplicateEffect = "forbid"
)

// DuplicateRule says that records of a kind that agree in a field are taken for
// the same thing. Addresses, domains and phones are compared in their normal
// form, the title as Like says.
type DuplicateRule struct {
	Field  string          `cbor:"field" json:"field"`
	Like   Likeness        `cbor:"like" json:"like" enum:"exact,folded"`
	Effect DuplicateEffect `cbor:"effect" json:"effect" enum:"warn,forbid"`
}

// DuplicateRules are the rules of one kind.
type DuplicateRules struct {
	Kind  Kind            `cbor:"kind" json:"kind"`
	Rules []DuplicateRule `cbor:"rules" json:"rules"`
}

// DuplicatesSetting is the setting that holds the rules of a kind.
func DuplicatesSetting(r DuplicateRules) Setting {
	return Setting{ID: DuplicatesID(r.Kind), Duplicates: &r}
}

// DuplicatesID is the id of the setting that holds the rules of a kind.
func DuplicatesID(k Kind) string { return "duplicates_" + string(k) }

// DefaultDuplicates are the rules of a kind of which nobody said anything:
// whatever is an identity, and the name of those who have identities.
func DefaultDuplicates(n Noun) DuplicateRules {
	out := DuplicateRules{Kind: n.Kind}
	for _, f := range n.Fields {
		if f.Type.Identity() {
			out.Rules = append(out.Rules, DuplicateRule{Field: f.Key, Like: LikeExact, Effect: DuplicateWarns})
		}
	}
	if len(out.Rules) > 0 {
		out.Rules = append(out.Rules, DuplicateRule{Field: n.Title, Like: LikeFolded, Effect: DuplicateWarns})
	}
	return out
}

// Check refuses rules that could not be kept.
func (r DuplicateRules) Check(n Noun) error {
	for i, rule := range r.Rules {
		f, ok := n.Field(rule.Field)
		switch {
		case !ok || !f.Type.Identity() && rule.Field != n.Title:
			return Errorf(Invalid, "crm.DuplicateRules", "duplicates are not found by %q", Clip(rule.Field, 40)).WithField("field").
				WithHint("one of " + strings.Join(n.Distinguishing(), ", "))
		case !slices.Contains([]Likeness{LikeExact, LikeFolded}, rule.Like):
			return Errorf(Invalid, "crm.DuplicateRules", "there is no likeness %q", Clip(string(rule.Like), 40)).WithField("like").WithHint("exact or folded")
		case !slices.Contains([]DuplicateEffect{DuplicateWarns, DuplicateForbids}, rule.Effect):
			return Errorf(Invalid, "crm.DuplicateRules", "there is no effect %q", Clip(string(rule.Effect), 40)).WithField("effect").WithHint("warn or forbid")
		case slices.ContainsFunc(r.Rules[:i], func(o DuplicateRule) bool { return o.Field == rule.Field }):
			return Errorf(Invalid, "crm.DuplicateRules", "there are two rules for %s", rule.Field).WithField("field")
		}
	}
	return nil
}

// Distinguishing lists the fields by which records of the noun are told apart:
// identities, and the title.
func (n Noun) Distinguishing() []string {
	var out []string
	for _, f := range n.Fields {
		if f.Type.Identity() || f.Key == n.Title {
			out = append(out, f.Key)
		}
	}
	return out
}

// Identity tells whether values of the type are identities, which tie records to
// mail.
func (t FieldType) Identity() bool { return t.identity() != "" }

// FoldName brings a name into the form in which names are compared: folded, the
// words parted by one space.
func FoldName(s string) string { return strings.Join(strings.Fields(Fold(s)), " ") }
