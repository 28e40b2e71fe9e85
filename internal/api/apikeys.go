package api

import (
	"context"
	"net/http"
	"time"

	"threadline/internal/auth"
	"threadline/internal/crm"
)

func (s *Server) keyRoutes() {
	const all = "/api/v1/apikeys"
	add(s, get(all, "list-apikeys", "API keys of the caller; the operator sees all", "apikeys"), s.listKeys)
	create := post(all, "add-apikey", "Make an API key; it is shown once", "apikeys")
	create.status, create.fresh = http.StatusCreated, true
	add(s, create, s.addKey)
	add(s, route{method: http.MethodDelete, path: all + "/{id}", id: "revoke-apikey", summary: "Revoke an API key", tag: "apikeys"}, s.revokeKey)
}

type keyView struct {
	ID        string      `json:"id"`
	User      crm.UserID  `json:"user"`
	Email     crm.Address `json:"email"`
	Name      string      `json:"name,omitempty"`
	Scopes    []crm.Grant `json:"scopes,omitempty" doc:"What it opens; everything when empty"`
	CreatedAt crm.Time    `json:"created_at"`
	Expires   crm.Time    `json:"expires,omitzero"`
	Used      crm.Time    `json:"used,omitzero" doc:"Last use, to a minute"`
	Key       string      `json:"key,omitempty" doc:"The key itself, when it was made just now"`
}

// keysOf lists the keys that the caller may know of.
func (s *Server) keysOf(ctx context.Context) ([]keyView, error) {
	users := []crm.User{callerOf(ctx).user}
	if viewerOf(ctx).Operator {
		all, err := s.deps.Auth.Users(ctx, s.deps.Space)
		if err != nil {
			return nil, err
		}
		users = all
	}
	var out []keyView
	for _, u := range users {
		keys, err := s.deps.Auth.Keys(ctx, s.deps.Space, u.ID)
		if err != nil {
			return nil, err
		}
		for _, k := range keys {
			out = append(out, viewKey(k, &u))
		}
	}
	return out, nil
}

func viewKey(k crm.APIKey, u *crm.User) keyView {
	return keyView{ID: k.ID, User: u.ID, Email: u.Email, Name: k.Name, Scopes: k.Scopes, CreatedAt: k.CreatedAt, Expires: k.Expires, Used: k.Used}
}

func (s *Server) listKeys(ctx context.Context, _ *none) (*body[items[keyView]], error) {
	keys, err := s.keysOf(ctx)
	return listed(keys), err
}

type keyInput struct {
	Body struct {
		User   string      `json:"user,omitempty" maxLength:"254" doc:"Id or address of the user as whom the key acts; the caller when empty"`
		Name   string      `json:"name,omitempty" maxLength:"200" doc:"What the key is for"`
		Scopes []crm.Grant `json:"scopes,omitempty" maxItems:"10" doc:"read, write, mail, admin; everything when empty"`
		Days   int         `json:"days,omitempty" minimum:"0" maximum:"3650" doc:"How long it works; for good when 0"`
	}
}

func (s *Server) addKey(ctx context.Context, in *keyInput) (*body[keyView], error) {
	u := callerOf(ctx).user
	if in.Body.User != "" {
		var err error
		if u, err = s.userFor(ctx, in.Body.User, "make keys for others"); err != nil {
			return nil, blame(err, "user")
		}
	}
	if u.ID == "" {
		return nil, crm.Errorf(crm.Invalid, "api.addKey", "as whom does the key act?").WithField("user").WithHint("name a user by address")
	}
	ki := auth.KeyInput{User: u.ID, Name: in.Body.Name, Grants: in.Body.Scopes}
	if in.Body.Days > 0 {
		ki.Expires = s.deps.Space.Store().Now().Add(time.Duration(in.Body.Days) * 24 * time.Hour)
	}
	k, token, err := s.deps.Auth.AddKey(ctx, s.deps.Space, ki)
	out := viewKey(k, &u)
	out.Key = token
	return answer(out), err
}

type keyID struct {
	ID string `path:"id" maxLength:"100"`
}

func (s *Server) revokeKey(ctx context.Context, in *keyID) (*empty, error) {
	keys, err := s.keysOf(ctx)
	if err != nil {
		return nil, err
	}
	for _, k := range keys {
		if k.ID == in.ID {
			return nil, s.deps.Auth.RevokeKey(ctx, s.deps.Space, k.ID)
		}
	}
	return nil, crm.Errorf(crm.NotFound, "api.revokeKey", "there is no API key %q", crm.Clip(in.ID, 60)).
		WithField("id").WithHint("list them with: threadline apikey list")
}
