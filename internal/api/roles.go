package api

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"threadline/internal/access"
	"threadline/internal/crm"
	"threadline/internal/store"
)

// roleRoutes serve who may what: for admins, and for everybody what they may
// themselves.
func (s *Server) roleRoutes() {
	const tag = "access"
	put := func(path, id, summary string) route {
		return route{method: http.MethodPut, path: path, id: id, summary: summary, tag: tag, limit: longLimit}
	}
	drop := func(path, id, summary string) route {
		r := remove(path, id, summary, tag)
		r.limit = longLimit
		return r
	}
	guarded := func(r route) route {
		r.guarded = true
		return r
	}
	add(s, get("/api/v1/access", "my-access", "What the caller may do", tag), s.myAccess)
	add(s, get("/api/v1/roles", "list-roles", "Roles, the built ones too", tag), s.listRoles)
	add(s, guarded(put("/api/v1/roles/{key}", "set-role", "Make or replace a role")), s.setRole)
	add(s, guarded(drop("/api/v1/roles/{key}", "delete-role", "Delete a role that nobody has")), s.deleteRole)
	add(s, get("/api/v1/teams", "list-teams", "Teams, which form a tree", tag), s.listTeams)
	add(s, put("/api/v1/teams/{key}", "set-team", "Make or replace a team"), s.setTeam)
	add(s, drop("/api/v1/teams/{key}", "delete-team", "Delete a team without people"), s.deleteTeam)
	add(s, get("/api/v1/territories", "list-territories", "Territories, which form a tree", tag), s.listTerritories)
	add(s, put("/api/v1/territories/{key}", "set-territory", "Make or replace a territory"), s.setTerritory)
	add(s, drop("/api/v1/territories/{key}", "delete-territory", "Delete a territory"), s.deleteTerritory)
	add(s, get("/api/v1/memberships", "list-memberships", "Who has which role and teams", tag), s.listMemberships)
	add(s, guarded(put("/api/v1/memberships/{user}", "set-membership", "Give a person a role and teams")), s.setMembership)
}

// admin refuses who may not administer.
func admin(ctx context.Context) error { return viewerOf(ctx).Require(crm.RightAdmin) }

// RoleKey is the key of a role, a team or a territory in an address.
type RoleKey struct {
	Key string `path:"key" maxLength:"60"`
}

type myAccess struct {
	User    crm.UserID                    `json:"user,omitempty"`
	Role    string                        `json:"role,omitempty"`
	Rights  []crm.Right                   `json:"rights"`
	Folders map[crm.Kind]crm.FolderRights `json:"folders" doc:"By kind"`
	Fixed   map[crm.Kind][]string         `json:"fixed" doc:"Fields that the caller sees and does not change, by kind"`
}

func (s *Server) myAccess(ctx context.Context, _ *none) (*body[myAccess], error) {
	v := viewerOf(ctx)
	out := myAccess{User: v.User, Role: v.Role(), Rights: []crm.Right{}, Folders: map[crm.Kind]crm.FolderRights{}, Fixed: map[crm.Kind][]string{}}
	for _, r := range crm.Rights() {
		if v.May(r) {
			out.Rights = append(out.Rights, r)
		}
	}
	if !v.Records() {
		return answer(out), nil
	}
	sch, err := s.deps.Records.Schema(ctx, v)
	for _, n := range sch.Nouns() {
		out.Folders[n.Kind] = crm.FolderRights{Create: v.Reach(crm.Create, n.Kind), Read: v.Reach(crm.Read, n.Kind),
			Update: v.Reach(crm.Update, n.Kind), Delete: v.Reach(crm.Delete, n.Kind)}
		for _, f := range n.Fields {
			if !v.Changes(n.Kind, f.Key) {
				out.Fixed[n.Kind] = append(out.Fixed[n.Kind], f.Key)
			}
		}
	}
	return answer(out), err
}

// decided reads the settings that say who may what.
func (s *Server) decided(ctx context.Context) (crm.Schema, error) {
	if err := admin(ctx); err != nil {
		return crm.Schema{}, err
	}
	return store.ReadSchema(ctx, s.deps.Space)
}

func (s *Server) listRoles(ctx context.Context, _ *none) (*body[items[crm.MemberRole]], error) {
	sch, err := s.decided(ctx)
	if err != nil {
		return nil, err
	}
	return listed(access.NewPolicy(sch).Roles()), nil
}

func (s *Server) setRole(ctx context.Context, in *struct {
	RoleKey
	Body struct {
		Name    string                        `json:"name"`
		Folders map[crm.Kind]crm.FolderRights `json:"folders,omitempty"`
		Others  crm.FolderRights              `json:"others,omitempty"`
		Rights  []crm.Right                   `json:"rights,omitempty"`
		Fields  []crm.FieldRule               `json:"fields,omitempty"`
	}
}) (*body[batched], error) {
	b := in.Body
	batch, err := s.deps.Records.SetRole(ctx, by(ctx, ""), crm.MemberRole{Key: in.Key, Name: b.Name, Folders: b.Folders, Others: b.Others, Rights: b.Rights, Fields: b.Fields})
	return answer(batched{batch}), err
}

func (s *Server) deleteRole(ctx context.Context, in *RoleKey) (*body[batched], error) {
	batch, err := s.deps.Records.DeleteRole(ctx, by(ctx, ""), in.Key)
	return answer(batched{batch}), err
}

func (s *Server) listTeams(ctx context.Context, _ *none) (*body[items[crm.Team]], error) {
	sch, err := s.decided(ctx)
	if err != nil {
		return nil, err
	}
	var out []crm.Team
	for _, x := range sch.Settings() {
		if x.Team != nil {
			out = append(out, *x.Team)
		}
	}
	return listed(out), nil
}

func (s *Server) setTeam(ctx context.Context, in *struct {
	RoleKey
	Body struct {
		Name   string     `json:"name"`
		Parent string     `json:"parent,omitempty" doc:"Key of the team above"`
		Lead   crm.UserID `json:"lead,omitempty"`
	}
}) (*body[batched], error) {
	batch, err := s.deps.Records.SetTeam(ctx, by(ctx, ""), crm.Team{Key: in.Key, Name: in.Body.Name, Parent: in.Body.Parent, Lead: in.Body.Lead})
	return answer(batched{batch}), err
}

func (s *Server) deleteTeam(ctx context.Context, in *RoleKey) (*body[batched], error) {
	batch, err := s.deps.Records.DeleteTeam(ctx, by(ctx, ""), in.Key)
	return answer(batched{batch}), err
}

func (s *Server) listTerritories(ctx context.Context, _ *none) (*body[items[crm.Territory]], error) {
	sch, err := s.decided(ctx)
	if err != nil {
		return nil, err
	}
	return listed(access.NewPolicy(sch).Territories()), nil
}

func (s *Server) setTerritory(ctx context.Context, in *struct {
	RoleKey
	Body struct {
		Name    string       `json:"name"`
		Parent  string       `json:"parent,omitempty" doc:"Key of the territory above"`
		Rules   []string     `json:"rules,omitempty" doc:"Queries over single records: companies where country = \"PL\""`
		Manager crm.UserID   `json:"manager,omitempty"`
		Members []crm.UserID `json:"members,omitempty"`
	}
}) (*body[batched], error) {
	b := in.Body
	batch, err := s.deps.Records.SetTerritory(ctx, by(ctx, ""), crm.Territory{Key: in.Key, Name: b.Name, Parent: b.Parent, Rules: b.Rules, Manager: b.Manager, Members: b.Members})
	return answer(batched{batch}), err
}

func (s *Server) deleteTerritory(ctx context.Context, in *RoleKey) (*body[batched], error) {
	batch, err := s.deps.Records.DeleteTerritory(ctx, by(ctx, ""), in.Key)
	return answer(batched{batch}), err
}

func (s *Server) listMemberships(ctx context.Context, _ *none) (*body[items[crm.Membership]], error) {
	sch, err := s.decided(ctx)
	if err != nil {
		return nil, err
	}
	users, err := s.deps.Auth.Users(ctx, s.deps.Space)
	var out []crm.Membership
	for _, u := range users {
		m := crm.Membership{User: u.ID, Role: crm.RoleMember}
		for _, x := range sch.Settings() {
			if x.Membership != nil && x.Membership.User == u.ID {
				m.Teams, m.Role = x.Membership.Teams, access.NewPolicy(sch).RoleOf(u.ID)
			}
		}
		if u.Status != crm.UserLeft {
			out = append(out, m)
		}
	}
	slices.SortFunc(out, func(a, b crm.Membership) int { return strings.Compare(string(a.User), string(b.User)) })
	return listed(out), err
}

func (s *Server) setMembership(ctx context.Context, in *struct {
	User string `path:"user" maxLength:"254" doc:"Id or address of a user"`
	Body struct {
		Role  string   `json:"role,omitempty" doc:"Key of a role; empty for member"`
		Teams []string `json:"teams,omitempty" doc:"Keys of teams"`
	}
}) (*body[batched], error) {
	if err := admin(ctx); err != nil {
		return nil, err
	}
	u, err := s.user(ctx, in.User)
	if err != nil {
		return nil, err
	}
	batch, err := s.deps.Records.SetMembership(ctx, by(ctx, ""), crm.Membership{User: u.ID, Role: in.Body.Role, Teams: in.Body.Teams})
	return answer(batched{batch}), err
}
