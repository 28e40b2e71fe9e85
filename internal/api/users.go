package api

import (
	"context"
	"net/http"
	"net/url"

	"threadline/internal/auth"
	"threadline/internal/crm"
)

func (s *Server) userRoutes() {
	const all = "/api/v1/users"
	add(s, get(all, "list-users", "People of the workspace", "users"), s.listUsers)
	create := post(all, "add-user", "Add a person and make their one-time sign-in link (admins); the first one of a workspace is its admin", "users")
	create.status, create.guarded = http.StatusCreated, true
	add(s, create, s.addUser)
	link := post(all+"/{id}/link", "make-link", "Make a new one-time sign-in link (operator, or for oneself)", "users")
	link.status, link.fresh = http.StatusCreated, true
	add(s, link, s.makeLink)
	leave := post(all+"/{id}/leave", "leave", "End what a person may do here (operator)", "users")
	leave.fresh = true
	add(s, leave, s.leave)
	reset := post(all+"/{id}/reset", "reset-user", "Take password and second factor from a person who has lost them (operator)", "users")
	reset.fresh = true
	add(s, reset, s.reset)
}

type userView struct {
	ID     crm.UserID     `json:"id"`
	Email  crm.Address    `json:"email"`
	Name   string         `json:"name"`
	Locale string         `json:"locale,omitempty"`
	Status crm.UserStatus `json:"status"`
}

func viewUser(u *crm.User) userView {
	return userView{ID: u.ID, Email: u.Email, Name: u.Name, Locale: u.Locale, Status: u.Status}
}

func (s *Server) listUsers(ctx context.Context, _ *none) (*body[items[userView]], error) {
	users, err := s.deps.Auth.Users(ctx, s.deps.Space)
	if err != nil {
		return nil, err
	}
	out := make([]userView, len(users))
	for i := range users {
		out[i] = viewUser(&users[i])
	}
	return listed(out), nil
}

type userInput struct {
	Body struct {
		Email  string `json:"email" minLength:"3" maxLength:"254"`
		Name   string `json:"name,omitempty" maxLength:"200"`
		Locale string `json:"locale,omitempty" maxLength:"35" doc:"Language of cards and sentences: en, fr, it, pl"`
	}
}

// linked is a person with the link that lets them in, once.
type linked struct {
	User userView `json:"user"`
	Link string   `json:"link" doc:"Works once, for an hour; that of an invitation for three days"`
}

func (s *Server) addUser(ctx context.Context, in *userInput) (*body[linked], error) {
	if err := admin(ctx); err != nil {
		return nil, err
	}
	address, err := crm.ParseAddress(in.Body.Email)
	if err != nil {
		return nil, blame(err, "email")
	}
	others, err := s.deps.Auth.Users(ctx, s.deps.Space)
	if err != nil {
		return nil, err
	}
	u, token, err := s.deps.Auth.AddUser(ctx, s.deps.Space, address, in.Body.Name, in.Body.Locale)
	if err != nil {
		return nil, err
	}
	if len(others) == 0 { // somebody must be able to let the others in
		_, err = s.deps.Records.SetMembership(ctx, by(ctx, "the first person is the admin"), crm.Membership{User: u.ID, Role: crm.RoleAdmin})
	}
	return answer(linked{viewUser(&u), s.Link(token)}), err
}

// Link is the address that turns a token into a session. The token stands after
// #, which browsers send to no server and to no log.
func (s *Server) Link(token string) string {
	return s.base().JoinPath("sign-in").String() + "#" + auth.Named(s.deps.Space.Workspace(), token)
}

// base is the address at which people reach the server.
func (s *Server) base() *url.URL {
	if s.cfg.Public != nil {
		return s.cfg.Public
	}
	return &url.URL{Scheme: "http", Host: s.cfg.Listen, Path: "/"}
}

type userID struct {
	ID string `path:"id" maxLength:"254" doc:"Id or address of a user"`
}

// user finds a user by id or address.
func (s *Server) user(ctx context.Context, ref string) (crm.User, error) {
	users, err := s.deps.Auth.Users(ctx, s.deps.Space)
	if err != nil {
		return crm.User{}, err
	}
	for _, u := range users {
		if string(u.ID) == ref || string(u.Email) == ref {
			return u, nil
		}
	}
	return crm.User{}, crm.Errorf(crm.NotFound, "api.user", "there is no user %q", crm.Clip(ref, 80)).
		WithField("id").WithHint("list them with: threadline user list")
}

func (s *Server) makeLink(ctx context.Context, in *userID) (*body[linked], error) {
	u, err := s.userFor(ctx, in.ID, "make links for others")
	if err != nil {
		return nil, err
	}
	token, err := s.deps.Auth.NewLink(ctx, s.deps.Space, u.ID)
	return answer(linked{viewUser(&u), s.Link(token)}), err
}

// userFor finds a user in whose matters only they and the operator have a say.
func (s *Server) userFor(ctx context.Context, ref, what string) (crm.User, error) {
	u, err := s.user(ctx, ref)
	if err != nil || callerOf(ctx).user.ID == u.ID {
		return u, err
	}
	return u, operator(ctx, what)
}

func (s *Server) reset(ctx context.Context, in *userID) (*body[userView], error) {
	if err := operator(ctx, "take a person's credentials"); err != nil {
		return nil, err
	}
	u, err := s.user(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return answer(viewUser(&u)), s.deps.Auth.Reset(ctx, s.deps.Space, u.ID)
}

func (s *Server) leave(ctx context.Context, in *userID) (*body[userView], error) {
	if err := operator(ctx, "end a person's access"); err != nil {
		return nil, err
	}
	u, err := s.user(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	if err := s.deps.Auth.Leave(ctx, s.deps.Space, u.ID); err != nil {
		return nil, err
	}
	u.Status = crm.UserLeft
	return answer(viewUser(&u)), nil
}
