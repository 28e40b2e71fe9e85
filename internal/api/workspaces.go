package api

import (
	"context"
	"net/http"

	"threadline/internal/auth"
	"threadline/internal/crm"
	"threadline/internal/store"
)

// workspaceRoutes let one person be in several workspaces of this server. Each is
// a world of its own: a session names its workspace, and moving opens another.
func (s *Server) workspaceRoutes() {
	const all = "/api/v1/workspaces"
	add(s, get(all, "list-workspaces", "Workspaces that the caller belongs to; of the operator: all", "workspaces"), s.listWorkspaces)
	found := made(post(all, "found-workspace", "Make another workspace, of which the caller becomes the admin (admins, operator)", "workspaces"))
	found.fresh = true
	add(s, found, s.foundWorkspace)
	join := post(all+"/join", "join-workspace", "Take the invitation to another workspace as who one is here", "workspaces")
	join.fresh = true
	add(s, join, s.joinWorkspace)
	add(s, post(all+"/{id}/switch", "switch-workspace", "Move the session to another workspace of the caller", "workspaces"), s.switchWorkspace)
}

// seatView is a person's place in a workspace.
type seatView struct {
	Workspace workspaceView `json:"workspace"`
	User      *userView     `json:"user,omitempty"`
	Current   bool          `json:"current,omitempty"`
}

func (s *Server) seat(x auth.Seat) seatView {
	out := seatView{Workspace: viewWorkspace(&x.Workspace), Current: x.Workspace.ID == s.deps.Space.Workspace()}
	if x.User.ID != "" {
		u := viewUser(&x.User)
		out.User = &u
	}
	return out
}

func (s *Server) listWorkspaces(ctx context.Context, _ *none) (*body[items[seatView]], error) {
	var seats []auth.Seat
	var err error
	if who := callerOf(ctx).user; viewerOf(ctx).Operator {
		var list []crm.Workspace
		list, err = s.deps.Auth.Workspaces(ctx)
		for _, ws := range list {
			seats = append(seats, auth.Seat{Workspace: ws})
		}
	} else {
		seats, err = s.deps.Auth.Seats(ctx, s.deps.Space, &who)
	}
	if err != nil {
		return nil, err
	}
	var out []seatView
	for _, x := range seats {
		out = append(out, s.seat(x))
	}
	return listed(out), nil
}

type workspaceInput struct {
	Body struct {
		Name       string   `json:"name" minLength:"1" maxLength:"200"`
		OwnDomains []string `json:"own_domains,omitempty" maxItems:"100" doc:"Mail among these is internal"`
		Currency   string   `json:"currency,omitempty" maxLength:"3" doc:"As ISO 4217; EUR without"`
		Zone       string   `json:"zone,omitempty" maxLength:"60" doc:"As IANA; UTC without"`
		Locale     string   `json:"locale,omitempty" maxLength:"35"`
	}
}

func (in *workspaceInput) parse() (auth.BootstrapInput, error) {
	out := auth.BootstrapInput{Name: in.Body.Name, Currency: crm.Currency(in.Body.Currency), Zone: in.Body.Zone, Locale: in.Body.Locale}
	for _, text := range in.Body.OwnDomains {
		d, err := crm.ParseDomain(text)
		if err != nil {
			return out, blame(err, "own_domains")
		}
		out.OwnDomains = append(out.OwnDomains, d)
	}
	return out, nil
}

func (s *Server) foundWorkspace(ctx context.Context, in *workspaceInput) (*body[seatView], error) {
	if err := admin(ctx); err != nil {
		return nil, err
	}
	b, err := in.parse()
	if err != nil {
		return nil, err
	}
	var first *crm.User
	if u := callerOf(ctx).user; u.ID != "" {
		first = &u
	}
	made, err := s.deps.Auth.Found(ctx, s.deps.Space, first, b)
	return answer(s.seat(made)), err
}

type invitation struct {
	Body struct {
		Token string `json:"token" maxLength:"300" doc:"What stands after # in the link of the invitation"`
	}
}

func (s *Server) joinWorkspace(ctx context.Context, in *invitation) (*body[seatView], error) {
	if _, err := someone(ctx); err != nil {
		return nil, err
	}
	if ws, _ := auth.Unnamed(in.Body.Token); ws == "" {
		return nil, crm.Errorf(crm.Invalid, "api.joinWorkspace", "this is no link of an invitation").WithField("token").
			WithHint("paste the whole link, with all that stands after #")
	}
	sp, secret, err := s.named(ctx, in.Body.Token)
	if err != nil {
		return nil, blame(err, "token")
	}
	u, err := s.deps.Auth.Join(ctx, s.deps.Space, callerOf(ctx).proof, sp, secret)
	if err != nil {
		return nil, err
	}
	ws, err := store.Workspaces.Get(ctx, sp, string(sp.Workspace()))
	return answer(s.seat(auth.Seat{Workspace: ws.Value, User: u})), err
}

type workspaceID struct {
	ID crm.WorkspaceID `path:"id" maxLength:"60"`
}

func (s *Server) switchWorkspace(ctx context.Context, in *workspaceID) (*struct {
	SetCookie []http.Cookie `header:"Set-Cookie"`
	Body      seatView
}, error) {
	if _, err := someone(ctx); err != nil {
		return nil, err
	}
	sp, err := s.spaceOf(ctx, in.ID)
	if err != nil {
		return nil, crm.Errorf(crm.NotFound, "api.switchWorkspace", "there is no such workspace").WithField("id")
	}
	b, err := s.deps.Auth.Move(ctx, s.deps.Space, callerOf(ctx).proof, sp, visitOf(ctx).Visit)
	if err != nil {
		return nil, err
	}
	ws, err := store.Workspaces.Get(ctx, sp, string(in.ID))
	if err != nil {
		return nil, err
	}
	out := &struct {
		SetCookie []http.Cookie `header:"Set-Cookie"`
		Body      seatView
	}{SetCookie: s.cookies(sp, b), Body: s.seat(auth.Seat{Workspace: ws.Value, User: b.User})}
	out.Body.Current = true
	return out, nil
}

// named is the workspace that a secret names, with the secret itself; this one
// for a secret that names none.
func (s *Server) named(ctx context.Context, secret string) (*store.Space, string, error) {
	ws, secret := auth.Unnamed(secret)
	if ws == "" {
		return s.deps.Space, secret, nil
	}
	sp, err := s.spaceOf(ctx, ws)
	return sp, secret, err
}

// spaceOf is a workspace of this server. What it is that does not exist, nobody
// is told.
func (s *Server) spaceOf(ctx context.Context, ws crm.WorkspaceID) (*store.Space, error) {
	if ws == s.deps.Space.Workspace() {
		return s.deps.Space, nil
	}
	sp := s.deps.Space.Store().In(ws)
	docs, err := store.Workspaces.GetMany(ctx, sp, []string{string(ws)})
	if err != nil {
		return nil, err
	}
	if !docs[0].Exists() {
		return nil, crm.Errorf(crm.Unauthorized, "api.spaceOf", "this credential is not valid").WithHint("sign in again")
	}
	return sp, nil
}
