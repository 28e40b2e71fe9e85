package api

import (
	"context"
	"net/http"

	"threadline/internal/crm"
)

func (s *Server) keyRoutes() {
	const all = "/api/v1/apikeys"
	add(s, get(all, "list-apikeys", "API keys of the caller; the operator sees all", "apikeys"), s.listKeys)
	create := post(all, "add-apikey", "Make an API key; it is shown once", "apikeys")
	create.status = http.StatusCreated
	add(s, create, s.addKey)
	add(s, route{method: http.MethodDelete, path: all + "/{id}", id: "revoke-apikey", summary: "Revoke an API key", tag: "apikeys"}, s.revokeKey)
}

type keyView struct {
	ID        string      `json:"id"`
	User      crm.UserID  `json:"user"`
	Email     crm.Address `json:"email"`
	Name      string      `json:"name,omitempty"`
	CreatedAt crm.Time    `json:"created_at"`
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
			out = append(out, keyView{ID: k.ID, User: u.ID, Email: u.Email, Name: k.Name, CreatedAt: k.CreatedAt})
		}
	}
	return out, nil
}

func (s *Server) listKeys(ctx context.Context, _ *none) (*body[items[keyView]], error) {
	keys, err := s.keysOf(ctx)
	return listed(keys), err
}

type keyInput struct {
	Body struct {
		User string `json:"user,omitempty" maxLength:"254" doc:"Id or address of the user as whom the key acts; the caller when empty"`
		Name string `json:"name,omitempty" maxLength:"200" doc:"What the key is for"`
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
	k, token, err := s.deps.Auth.AddKey(ctx, s.deps.Space, u.ID, in.Body.Name)
	return answer(keyView{ID: k.ID, User: u.ID, Email: u.Email, Name: k.Name, CreatedAt: k.CreatedAt, Key: token}), err
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
