package access

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"threadline/internal/crm"
)

// Policy is who may what in a workspace: its roles, teams, territories and
// memberships, read once. It never changes.
type Policy struct {
	roles       map[string]crm.MemberRole
	teams       map[string]crm.Team
	territories map[string]crm.Territory
	members     map[crm.UserID]crm.Membership
	in          map[string][]crm.UserID // team to its people, the lead among them
	sharing     map[crm.UserID]crm.Sharing
	clocks      map[crm.UserID]*time.Location
	restricted  bool
	nouns       map[crm.Kind]crm.Noun
}

// NewPolicy reads the policy of a workspace out of its schema.
func NewPolicy(sch crm.Schema) *Policy {
	p := &Policy{
		roles: map[string]crm.MemberRole{}, teams: map[string]crm.Team{}, territories: map[string]crm.Territory{},
		members: map[crm.UserID]crm.Membership{}, in: map[string][]crm.UserID{}, nouns: map[crm.Kind]crm.Noun{},
		sharing: map[crm.UserID]crm.Sharing{}, clocks: map[crm.UserID]*time.Location{},
	}
	for _, n := range sch.Nouns() {
		p.nouns[n.Kind] = n
	}
	for _, r := range crm.BuiltRoles() {
		p.roles[r.Key] = r
	}
	for _, x := range sch.Settings() {
		switch {
		case x.Role != nil:
			p.roles[x.Role.Key] = *x.Role
		case x.Team != nil:
			p.teams[x.Team.Key] = *x.Team
			if x.Team.Lead != "" {
				p.in[x.Team.Key] = append(p.in[x.Team.Key], x.Team.Lead)
			}
		case x.Territory != nil:
			p.territories[x.Territory.Key] = *x.Territory
		case x.Sharing != nil:
			p.sharing[x.Sharing.Owner] = *x.Sharing
		case x.Clock != nil:
			p.clocks[x.Clock.User] = crm.ZoneOr(x.Clock.Zone)
		case x.Membership != nil:
			p.members[x.Membership.User] = *x.Membership
			for _, t := range x.Membership.Teams {
				p.in[t] = append(p.in[t], x.Membership.User)
			}
		}
	}
	for _, r := range p.roles {
		p.restricted = p.restricted || restricts(&r)
	}
	return p
}

// restricts tells whether a role reads some but not all records of a folder.
func restricts(r *crm.MemberRole) bool {
	partly := func(f crm.FolderRights) bool { l := f.Reach(crm.Read); return l != crm.ReachAll && l != crm.ReachNone }
	for _, f := range r.Folders {
		if partly(f) {
			return true
		}
	}
	return partly(r.Others)
}

// Member makes the viewer of a user. One whose role is gone may nothing.
func (p *Policy) Member(id crm.UserID) Viewer {
	if id == "" {
		return Viewer{}
	}
	v := Viewer{User: id, policy: p}
	role, ok := p.roles[p.RoleOf(id)]
	if !ok || slices.Contains(role.Rights, crm.RightBilling) {
		v.grant = &grant{role: crm.MemberRole{Key: role.Key, Name: role.Name, Rights: kept(role.Rights)}}
		return v
	}
	v.grant = &grant{role: role}
	p.belong(id, v.grant)
	return v
}

// kept is what is left of the rights of somebody who sees the bill only.
func kept(rights []crm.Right) []crm.Right {
	if slices.Contains(rights, crm.RightBilling) {
		return []crm.Right{crm.RightBilling}
	}
	return nil
}

// RoleOf is the key of a user's role.
func (p *Policy) RoleOf(id crm.UserID) string {
	if r := p.members[id].Role; r != "" {
		return r
	}
	return crm.RoleMember
}

// Roles lists the roles by their keys.
func (p *Policy) Roles() []crm.MemberRole {
	out := make([]crm.MemberRole, 0, len(p.roles))
	for _, r := range p.roles {
		out = append(out, r)
	}
	slices.SortFunc(out, func(a, b crm.MemberRole) int { return strings.Compare(a.Key, b.Key) })
	return out
}

// belong works out the teams and territories of a user.
func (p *Policy) belong(id crm.UserID, g *grant) {
	g.team, g.subtree = map[crm.UserID]bool{id: true}, map[crm.UserID]bool{id: true}
	for key, t := range p.teams {
		if !slices.Contains(p.in[key], id) {
			continue
		}
		g.teamTokens = append(g.teamTokens, crm.Audience("in:"+key))
		g.belowTokens = append(g.belowTokens, crm.Audience("under:"+key))
		if t.Lead == id {
			g.teamTokens = append(g.teamTokens, crm.Audience("under:"+key))
		}
		for _, u := range p.in[key] {
			g.team[u] = true
		}
		for below := range p.teams {
			if !p.under(below, key) {
				continue
			}
			for _, u := range p.in[below] {
				g.subtree[u] = true
				if t.Lead == id {
					g.team[u] = true
				}
			}
		}
	}
	for key, t := range p.territories {
		if t.Manager == id || slices.Contains(t.Members, id) {
			g.territories = append(g.territories, p.territory(key))
		}
	}
	for _, list := range [][]crm.Audience{g.teamTokens, g.belowTokens, g.territories} {
		slices.Sort(list)
	}
}

// under tells whether a team is another one or stands below it.
func (p *Policy) under(key, top string) bool {
	for range maxDepth {
		if key == top {
			return true
		}
		t, ok := p.teams[key]
		if !ok || t.Parent == "" {
			return false
		}
		key = t.Parent
	}
	return false
}

// maxDepth is how deep trees of teams and territories are; a ring ends here.
const maxDepth = 12

// territory is the audience of a territory. It holds a hash of all rules that
// put records into it, so that records that older rules put there are in no
// audience any more.
func (p *Policy) territory(key string) crm.Audience {
	var rules []string
	for k, t := range p.territories {
		if slices.Contains(p.above(k), key) {
			rules = append(rules, k+"\x00"+strings.Join(t.Rules, "\x00"))
		}
	}
	slices.Sort(rules)
	sum := sha256.Sum256([]byte(strings.Join(rules, "\x01")))
	return crm.Audience("at:" + key + ":" + hex.EncodeToString(sum[:6]))
}

// above lists a territory and those that it is a part of.
func (p *Policy) above(key string) []string {
	var out []string
	for range maxDepth {
		t, ok := p.territories[key]
		if !ok {
			break
		}
		out = append(out, key)
		key = t.Parent
	}
	return out
}

// Audience is who reaches a record that lies in the territories, nil where no
// role restricts reading. It is stored with the record.
func (p *Policy) Audience(r *crm.Record, territories []string) []crm.Audience {
	if !p.restricted {
		return nil
	}
	var out []crm.Audience
	if who := r.Holder(); who != "" {
		out = append(out, crm.Audience(who))
		for key := range p.teams {
			if !slices.Contains(p.in[key], who) {
				continue
			}
			out = append(out, crm.Audience("in:"+key))
			for top := range p.teams {
				if p.under(key, top) {
					out = append(out, crm.Audience("under:"+top))
				}
			}
		}
	}
	for _, key := range territories {
		for _, k := range p.above(key) {
			out = append(out, p.territory(k))
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Fingerprint names all that audiences follow from.
func (p *Policy) Fingerprint() [sha256.Size]byte {
	if !p.restricted {
		return sha256.Sum256(nil)
	}
	var parts []string
	for key, t := range p.teams {
		parts = append(parts, "team\x00"+key+"\x00"+t.Parent)
	}
	for key, users := range p.in {
		for _, u := range users {
			parts = append(parts, "in\x00"+key+"\x00"+string(u))
		}
	}
	for key, t := range p.territories {
		parts = append(parts, "territory\x00"+key+"\x00"+t.Parent+"\x00"+string(p.territory(key)))
	}
	slices.Sort(parts)
	return sha256.Sum256([]byte("restricted\x01" + strings.Join(slices.Compact(parts), "\x01")))
}

// Grants tells whether a role has a right; empty is the role of a member.
func (p *Policy) Grants(role string, right crm.Right) bool {
	if role == "" {
		role = crm.RoleMember
	}
	return slices.Contains(p.roles[role].Rights, right)
}

// Restricted tells whether any role reads some but not all records of a folder,
// so that records carry audiences.
func (p *Policy) Restricted() bool { return p.restricted }

// Territories lists the territories by their keys.
func (p *Policy) Territories() []crm.Territory {
	out := make([]crm.Territory, 0, len(p.territories))
	for _, t := range p.territories {
		out = append(out, t)
	}
	slices.SortFunc(out, func(a, b crm.Territory) int { return strings.Compare(a.Key, b.Key) })
	return out
}
