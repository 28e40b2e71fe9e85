package access

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"threadline/internal/crm"
)

// Viewer is who looks or writes, with what they may: made by Policy.Member for
// one request and not kept beyond it. The zero Viewer sees nothing.
type Viewer struct {
	User     crm.UserID
	Operator bool // the person at the host's command line, who is no user

	policy *Policy
	grant  *grant // nil: of a Member made without a policy
}

// grant is what a user may.
type grant struct {
	role        crm.MemberRole
	team        map[crm.UserID]bool // people whose records the reach of team holds
	subtree     map[crm.UserID]bool
	teamTokens  []crm.Audience
	belowTokens []crm.Audience
	territories []crm.Audience
}

// maxTokens is how many alternatives an index takes.
const maxTokens = 30

// Member makes the viewer of a user with the role of a member as it is built:
// for tests. A program asks the Policy.
func Member(id crm.UserID) Viewer { return built.Member(id) }

var built = NewPolicy(crm.NewSchema(nil))

// Operator is the person at the host's command line.
func Operator() Viewer { return Viewer{Operator: true} }

// Records tells whether the viewer may read records of any folder.
func (v Viewer) Records() bool {
	if v.Operator {
		return true
	}
	if v.grant == nil {
		return false
	}
	reads := func(f crm.FolderRights) bool { return f.Reach(crm.Read) != crm.ReachNone }
	if reads(v.grant.role.Others) {
		return true
	}
	for f := range maps.Values(v.grant.role.Folders) {
		if reads(f) {
			return true
		}
	}
	return false
}

// Zone is the zone that the viewer lives by: their own, else the workspace's.
func (v Viewer) Zone(workspace string) *time.Location {
	if own := v.OwnZone(); own != nil {
		return own
	}
	return crm.ZoneOr(workspace)
}

// OwnZone is the zone that the viewer chose, nil for the workspace's.
func (v Viewer) OwnZone() *time.Location {
	if v.policy == nil {
		return nil
	}
	return v.policy.clocks[v.User]
}

// Role is the key of the viewer's role, "" for the operator and for nobody.
func (v Viewer) Role() string {
	if v.grant == nil {
		return ""
	}
	return v.grant.role.Key
}

// May tells whether the viewer has a right. The operator has all.
func (v Viewer) May(r crm.Right) bool {
	switch {
	case v.Operator:
		return r != crm.RightBilling
	case v.grant == nil:
		return false
	}
	return slices.Contains(v.grant.role.Rights, r)
}

// Require refuses a viewer without the right, with crm.Denied.
func (v Viewer) Require(r crm.Right) error {
	if v.May(r) {
		return nil
	}
	return crm.Errorf(crm.Denied, "access.Require", "your role does not let you do this: it lacks the right %s", r).
		WithHint("ask an admin of the workspace")
}

// Reach says on which records of a folder the viewer may do something.
func (v Viewer) Reach(do crm.Verb, k crm.Kind) crm.Reach {
	switch {
	case v.Operator:
		return crm.ReachAll
	case v.grant == nil:
		return crm.ReachNone
	}
	reach := v.grant.role.In(k).Reach(do)
	if k == crm.KindTask && reach != crm.ReachNone && !v.May(crm.RightTasks) {
		return crm.ReachOwn
	}
	return reach
}

// Filter is a reach compiled to an index: All records of a folder, None, or
// those whose audience has any of the tokens, at most 30.
type Filter struct {
	All, None bool
	Tokens    []crm.Audience
}

// Filter compiles what the viewer reads of a folder. What the index then finds
// is to be asked about with Reads once more: a team that changed a moment ago
// is in Reads at once, in the index after its records were marked anew.
func (v Viewer) Filter(k crm.Kind) Filter {
	var tokens []crm.Audience
	switch v.Reach(crm.Read, k) {
	case crm.ReachAll:
		return Filter{All: true}
	case crm.ReachNone:
		return Filter{None: true}
	case crm.ReachOwn:
		tokens = []crm.Audience{crm.Audience(v.User)}
	case crm.ReachTeam:
		tokens = slices.Concat([]crm.Audience{crm.Audience(v.User)}, v.grant.teamTokens, v.grant.territories)
	default:
		tokens = slices.Concat([]crm.Audience{crm.Audience(v.User)}, v.grant.belowTokens, v.grant.territories)
	}
	return Filter{Tokens: tokens[:min(len(tokens), maxTokens)]}
}

// Holds tells whether a record with the audience is within the filter.
func (f Filter) Holds(audience []crm.Audience) bool {
	return f.All || slices.ContainsFunc(f.Tokens, func(t crm.Audience) bool { return slices.Contains(audience, t) })
}

// Reads tells whether the viewer may know of a record.
func (v Viewer) Reads(r *crm.Record) bool { return v.Can(crm.Read, r) }

// Can tells whether the viewer may do something with a record. Whoever may not
// read it is to be told that it does not exist.
func (v Viewer) Can(do crm.Verb, r *crm.Record) bool {
	reach := v.Reach(do, r.Kind)
	if reach == crm.ReachAll || reach == crm.ReachNone {
		return reach == crm.ReachAll
	}
	who := r.Holder()
	if who == v.User {
		return true
	}
	if reach == crm.ReachOwn {
		return false
	}
	if who != "" && (v.grant.team[who] || reach == crm.ReachSubtree && v.grant.subtree[who]) {
		return true
	}
	return slices.ContainsFunc(v.grant.territories, func(t crm.Audience) bool { return slices.Contains(r.Audience, t) })
}

// Hides tells whether a field of a folder does not exist for the viewer. A
// formula or statistic that names a hidden field is hidden with it.
func (v Viewer) Hides(k crm.Kind, field string) bool {
	if v.grant == nil {
		return !v.Operator
	}
	base := strings.TrimSuffix(field, "_roles")
	for _, r := range v.grant.role.Fields {
		if r.Kind == k && r.Effect == crm.FieldHidden && (r.Field == field || r.Field == base) {
			return true
		}
	}
	return len(v.grant.role.Fields) > 0 && v.tells(v.policy.nouns[k], field, nil)
}

// tells tells whether a computed field shows what a hidden one holds: itself, or
// by way of other computed ones, of which seen were looked at.
func (v Viewer) tells(n crm.Noun, key string, seen []string) bool {
	f, ok := n.Field(key)
	at := string(n.Kind) + "." + key
	switch {
	case !ok || f.Stat == nil && f.Expr == "" || slices.Contains(seen, at):
		return false
	case f.Stat != nil:
		return v.counts(*f.Stat, append(seen, at))
	}
	if slices.ContainsFunc(v.grant.role.Fields, func(r crm.FieldRule) bool {
		return r.Effect == crm.FieldHidden && r.Field != key && names(f.Expr, r.Field)
	}) {
		return true
	}
	for _, to := range v.policy.nouns { // an expression names fields of its own record and of those that it points to
		for _, g := range to.Fields {
			if g.Key != key && g.Type.Derived() && names(f.Expr, g.Key) && v.tells(to, g.Key, append(seen, at)) {
				return true
			}
		}
	}
	return false
}

// counts tells whether a statistic looks at a hidden field.
func (v Viewer) counts(s crm.Statistic, seen []string) bool {
	plural, relation, _ := s.Relation()
	for k, n := range v.policy.nouns {
		if n.Plural == plural && (slices.ContainsFunc(v.Hidden(k), func(key string) bool { return key == s.Value || key == relation }) || v.tells(n, s.Value, seen)) {
			return true
		}
	}
	return false
}

// names tells whether an expression has a word.
func names(expr, word string) bool {
	inner := func(r rune) bool {
		return r != '_' && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9')
	}
	return slices.Contains(strings.FieldsFunc(expr, inner), word)
}

// Changes tells whether the viewer may change a field of a folder.
func (v Viewer) Changes(k crm.Kind, field string) bool {
	if v.grant == nil {
		return v.Operator
	}
	return !v.Hides(k, field) && !slices.ContainsFunc(v.grant.role.Fields, func(r crm.FieldRule) bool { return r.Kind == k && r.Field == field })
}

// Noun is the noun without the fields that are hidden from the viewer: what
// forms, queries and exports are made from.
func (v Viewer) Noun(n crm.Noun) crm.Noun {
	if v.Operator || v.grant != nil && len(v.grant.role.Fields) == 0 {
		return n
	}
	n.Fields = slices.DeleteFunc(slices.Clone(n.Fields), func(f crm.Field) bool { return v.Hides(n.Kind, f.Key) })
	return n
}

// Show is the record without the fields that are hidden from the viewer; r is
// not changed.
func (v Viewer) Show(r crm.Record) crm.Record {
	if v.Operator || v.grant != nil && len(v.grant.role.Fields) == 0 {
		return r
	}
	hidden := func(key string, _ any) bool { return v.Hides(r.Kind, key) }
	r.Values, r.Derived = maps.Clone(r.Values), maps.Clone(r.Derived)
	maps.DeleteFunc(r.Values, hidden)
	maps.DeleteFunc(r.Derived, hidden)
	if n, ok := v.policy.noun(r.Kind); ok && v.Hides(r.Kind, n.Title) {
		r.Alike = nil
	}
	return r
}

func (p *Policy) noun(k crm.Kind) (crm.Noun, bool) {
	if p == nil {
		return crm.NounOf(k)
	}
	n, ok := p.nouns[k]
	return n, ok
}

// Hidden lists the fields of a folder that a rule hides from the viewer.
func (v Viewer) Hidden(k crm.Kind) []string {
	if v.grant == nil {
		return nil
	}
	var out []string
	for _, r := range v.grant.role.Fields {
		if r.Kind == k && r.Effect == crm.FieldHidden {
			out = append(out, r.Field)
		}
	}
	return out
}

// Standing is the same as long as the viewer may the same. What was made for them
// under another one is not handed out: it may hold what they read no more.
func (v Viewer) Standing() string {
	if v.Operator || v.grant == nil {
		return "operator:" + strconv.FormatBool(v.Operator)
	}
	people := func(of map[crm.UserID]bool) []crm.UserID { return slices.Sorted(maps.Keys(of)) }
	sum := sha256.Sum256(fmt.Appendf(nil, "%+v %q %q %q %q", v.grant.role, people(v.grant.team), people(v.grant.subtree), v.grant.teamTokens, v.grant.territories))
	return hex.EncodeToString(sum[:12])
}

// Addresses tells whether the viewer reads the addresses of all people: what
// lists addresses of nobody in particular is for them.
func (v Viewer) Addresses() bool {
	for _, k := range []crm.Kind{crm.KindContact, crm.KindLead} {
		if v.Reach(crm.Read, k) != crm.ReachAll || v.Hides(k, "emails") {
			return false
		}
	}
	return true
}

// Whole tells whether the viewer reads every record of every folder with all its
// fields.
func (v Viewer) Whole() bool {
	if v.Operator || v.grant == nil {
		return v.Operator
	}
	for _, f := range v.grant.role.Folders {
		if f.Reach(crm.Read) != crm.ReachAll {
			return false
		}
	}
	hides := func(r crm.FieldRule) bool { return r.Effect == crm.FieldHidden }
	return v.grant.role.Others.Reach(crm.Read) == crm.ReachAll && v.May(crm.RightTasks) && !slices.ContainsFunc(v.grant.role.Fields, hides)
}
