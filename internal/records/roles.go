package records

import (
	"context"
	"fmt"
	"slices"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/store"
)

// SetRole makes a role or replaces the one with its key. It holds at once.
func (s *Service) SetRole(ctx context.Context, by By, r crm.MemberRole) (string, error) {
	return s.decide(ctx, by, "set the role "+r.Key, func(_ context.Context, tx *store.Tx, sch crm.Schema) error {
		known := func(k crm.Kind, field string) bool {
			n, ok := sch.Noun(k)
			if !ok || field == "" {
				return ok
			}
			_, has := n.Field(field)
			return has
		}
		if err := r.Check(known); err != nil {
			return err
		}
		return put(tx, crm.RoleSetting(r))
	})
}

// DeleteRole deletes a role that nobody has; of a built one the workspace's own
// version, so that it is again as it was built.
func (s *Service) DeleteRole(ctx context.Context, by By, key string) (string, error) {
	const op = crm.Op("records.DeleteRole")
	return s.decide(ctx, by, "delete the role "+key, func(_ context.Context, tx *store.Tx, sch crm.Schema) error {
		set := crm.RoleSetting(crm.MemberRole{Key: key})
		if !tx.Saw(store.Settings.Name, set.ID) {
			return crm.Errorf(crm.NotFound, op, "the workspace has set no role %q", crm.Clip(key, 40)).WithField("key")
		}
		built := slices.ContainsFunc(crm.BuiltRoles(), func(r crm.MemberRole) bool { return r.Key == key })
		for _, m := range memberships(sch) {
			if m.Role == key && !built {
				return crm.Errorf(crm.Conflict, op, "%s has the role", m.User).WithField("key").WithHint("give them another role first")
			}
		}
		store.Settings.Delete(tx, set.ID)
		return nil
	})
}

// SetTeam makes a team or replaces the one with its key.
func (s *Service) SetTeam(ctx context.Context, by By, t crm.Team) (string, error) {
	if err := t.Check(); err != nil {
		return "", err
	}
	return s.decide(ctx, by, "set the team "+t.Key, func(ctx context.Context, tx *store.Tx, sch crm.Schema) error {
		parents := map[string]string{}
		for _, x := range sch.Settings() {
			if x.Team != nil {
				parents[x.Team.Key] = x.Team.Parent
			}
		}
		if err := checkTree("team", t.Key, t.Parent, parents); err != nil {
			return err
		}
		if err := checkUsers(ctx, tx, userRefs("lead", t.Lead)); err != nil {
			return err
		}
		return put(tx, crm.TeamSetting(t))
	})
}

// DeleteTeam deletes a team without people and without teams below.
func (s *Service) DeleteTeam(ctx context.Context, by By, key string) (string, error) {
	const op = crm.Op("records.DeleteTeam")
	return s.decide(ctx, by, "delete the team "+key, func(_ context.Context, tx *store.Tx, sch crm.Schema) error {
		set := crm.TeamSetting(crm.Team{Key: key})
		if !tx.Saw(store.Settings.Name, set.ID) {
			return crm.Errorf(crm.NotFound, op, "there is no team %q", crm.Clip(key, 40)).WithField("key")
		}
		for _, x := range sch.Settings() {
			if x.Team != nil && x.Team.Parent == key {
				return crm.Errorf(crm.Conflict, op, "the team %s stands below it", x.Team.Key).WithField("key")
			}
			if x.Membership != nil && slices.Contains(x.Membership.Teams, key) {
				return crm.Errorf(crm.Conflict, op, "%s is in it", x.Membership.User).WithField("key").WithHint("take its people out first")
			}
		}
		store.Settings.Delete(tx, set.ID)
		return nil
	})
}

// SetTerritory makes a territory or replaces the one with its key.
func (s *Service) SetTerritory(ctx context.Context, by By, t crm.Territory) (string, error) {
	if err := t.Check(); err != nil {
		return "", err
	}
	return s.decide(ctx, by, "set the territory "+t.Key, func(ctx context.Context, tx *store.Tx, sch crm.Schema) error {
		parents := map[string]string{}
		for _, x := range sch.Settings() {
			if x.Territory != nil {
				parents[x.Territory.Key] = x.Territory.Parent
			}
		}
		if err := checkTree("territory", t.Key, t.Parent, parents); err != nil {
			return err
		}
		ws, err := store.Workspaces.Get(ctx, tx, string(s.sp.Workspace()))
		if err != nil {
			return err
		}
		for i, text := range t.Rules {
			if _, err := bindRule(sch, ws.Value.Currency, text); err != nil {
				return crm.E(crm.Invalid, "records.SetTerritory", fmt.Sprintf("the rule %q cannot be used", crm.Clip(text, 80)), err).
					WithField(fmt.Sprintf("rules[%d]", i)).WithHint(`such as: companies where country = "PL"`)
			}
		}
		if err := checkUsers(ctx, tx, userRefs("members", append(slices.Clone(t.Members), t.Manager)...)); err != nil {
			return err
		}
		return put(tx, crm.TerritorySetting(t))
	})
}

// DeleteTerritory deletes a territory without territories below.
func (s *Service) DeleteTerritory(ctx context.Context, by By, key string) (string, error) {
	return s.decide(ctx, by, "delete the territory "+key, func(_ context.Context, tx *store.Tx, sch crm.Schema) error {
		set := crm.TerritorySetting(crm.Territory{Key: key})
		if !tx.Saw(store.Settings.Name, set.ID) {
			return crm.Errorf(crm.NotFound, "records.DeleteTerritory", "there is no territory %q", crm.Clip(key, 40)).WithField("key")
		}
		for _, x := range sch.Settings() {
			if x.Territory != nil && x.Territory.Parent == key {
				return crm.Errorf(crm.Conflict, "records.DeleteTerritory", "the territory %s stands below it", x.Territory.Key).WithField("key")
			}
		}
		store.Settings.Delete(tx, set.ID)
		return nil
	})
}

// SetMembership says which role and which teams a person has.
func (s *Service) SetMembership(ctx context.Context, by By, m crm.Membership) (string, error) {
	return s.decide(ctx, by, "set the role of a member", func(ctx context.Context, tx *store.Tx, sch crm.Schema) error {
		if err := checkUsers(ctx, tx, userRefs("user", m.User)); err != nil {
			return err
		}
		p := access.NewPolicy(sch)
		if m.Role != "" && !slices.ContainsFunc(p.Roles(), func(r crm.MemberRole) bool { return r.Key == m.Role }) {
			return crm.Errorf(crm.Invalid, "records.SetMembership", "there is no role %q", crm.Clip(m.Role, 40)).WithField("role")
		}
		for _, key := range m.Teams {
			if !tx.Saw(store.Settings.Name, crm.TeamSetting(crm.Team{Key: key}).ID) {
				return crm.Errorf(crm.Invalid, "records.SetMembership", "there is no team %q", crm.Clip(key, 40)).WithField("teams")
			}
		}
		slices.Sort(m.Teams)
		m.Teams = slices.Compact(m.Teams)
		if by.Actor == m.User && !p.Grants(m.Role, crm.RightAdmin) && p.Grants(p.RoleOf(m.User), crm.RightAdmin) {
			return crm.Errorf(crm.Conflict, "records.SetMembership", "nobody takes the right to administer from themselves").
				WithField("role").WithHint("another admin, or the operator, can do it")
		}
		return put(tx, crm.MembershipSetting(m))
	})
}

// decide runs one change of who may what, then marks the records anew. What it
// takes away is gone with the change itself; the marks are for what it gives.
func (s *Service) decide(ctx context.Context, by By, title string, do func(ctx context.Context, tx *store.Tx, sch crm.Schema) error) (string, error) {
	batch, err := s.setAs(ctx, by, crm.RightAdmin, title, func(ctx context.Context, tx *store.Tx, sch crm.Schema) error {
		return do(ctx, tx, sch)
	})
	if err != nil {
		return "", err
	}
	return batch, s.MarkAll(ctx)
}

func memberships(sch crm.Schema) []crm.Membership {
	var out []crm.Membership
	for _, x := range sch.Settings() {
		if x.Membership != nil {
			out = append(out, *x.Membership)
		}
	}
	return out
}

func userRefs(field string, ids ...crm.UserID) []ref {
	var out []ref
	for _, id := range ids {
		if id != "" {
			out = append(out, ref{field, string(id)})
		}
	}
	return out
}

// checkTree refuses a parent that is not there, or that stands below.
func checkTree(what, key, parent string, parents map[string]string) error {
	for depth := 0; parent != ""; depth++ {
		above, ok := parents[parent]
		switch {
		case parent == key:
			return crm.Errorf(crm.Invalid, "records.checkTree", "the %s would stand below itself", what).WithField("parent")
		case !ok:
			return crm.Errorf(crm.Invalid, "records.checkTree", "there is no %s %q", what, crm.Clip(parent, 40)).WithField("parent")
		case depth > 10:
			return crm.Errorf(crm.TooLarge, "records.checkTree", "the tree would be more than ten deep").WithField("parent")
		}
		parent = above
	}
	return nil
}
