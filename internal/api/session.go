package api

import (
	"context"
	"errors"
	"net/http"

	"threadline/internal/auth"
	"threadline/internal/crm"
	"threadline/internal/store"
)

func (s *Server) sessionRoutes() {
	add(s, route{method: http.MethodPost, path: sessionPath, id: "sign-in", tag: "session", status: http.StatusNoContent,
		summary: "Turn the token of a one-time link into a session"}, s.signIn)
	add(s, route{method: http.MethodDelete, path: sessionPath, id: "sign-out", tag: "session", status: http.StatusNoContent,
		summary: "End the session"}, s.signOut)
	add(s, get("/api/v1/me", "me", "Who is asking", "session"), s.me)
}

type signIn struct {
	Body struct {
		Token string `json:"token" maxLength:"200" doc:"What stands after # in a sign-in link"`
	}
}

type cookieSet struct {
	SetCookie http.Cookie `header:"Set-Cookie"`
}

func (s *Server) signIn(ctx context.Context, in *signIn) (*cookieSet, error) {
	secret, _, err := s.deps.Auth.Redeem(ctx, s.deps.Space, in.Body.Token)
	if err != nil {
		return nil, err
	}
	return &cookieSet{s.cookie(secret, int(auth.SessionLife.Seconds()))}, nil
}

func (s *Server) signOut(ctx context.Context, _ *none) (*cookieSet, error) {
	if secret := callerOf(ctx).secret; secret != "" {
		if err := s.deps.Auth.SignOut(ctx, s.deps.Space, secret); err != nil {
			return nil, err
		}
	}
	return &cookieSet{s.cookie("", -1)}, nil
}

// cookieName is the name of the session cookie. Over https a browser takes it
// with this prefix from this very host only.
func (s *Server) cookieName() string {
	if s.secure() {
		return hostCookie
	}
	return plainCookie
}

func (s *Server) cookie(secret string, age int) http.Cookie {
	return http.Cookie{Name: s.cookieName(), Value: secret, Path: "/", MaxAge: age,
		HttpOnly: true, Secure: s.secure(), SameSite: http.SameSiteLaxMode}
}

type meView struct {
	User      *userView     `json:"user,omitempty"`
	Operator  bool          `json:"operator,omitempty"`
	Workspace workspaceView `json:"workspace"`
}

type workspaceView struct {
	ID         crm.WorkspaceID `json:"id"`
	Name       string          `json:"name"`
	OwnDomains []crm.Domain    `json:"own_domains"`
	Currency   crm.Currency    `json:"currency"`
	Zone       string          `json:"zone"`
	Locale     string          `json:"locale"`
}

func (s *Server) me(ctx context.Context, _ *none) (*body[meView], error) {
	ws, err := s.workspace(ctx)
	if err != nil {
		return nil, err
	}
	out := meView{Operator: viewerOf(ctx).Operator, Workspace: workspaceView{ID: ws.ID, Name: ws.Name,
		OwnDomains: ws.OwnDomains, Currency: ws.Currency, Zone: ws.Zone, Locale: ws.Locale}}
	if who := callerOf(ctx); who.user.ID != "" {
		v := viewUser(&who.user)
		out.User = &v
	}
	return answer(out), nil
}

func (s *Server) workspace(ctx context.Context) (crm.Workspace, error) {
	doc, err := store.Workspaces.Get(ctx, s.deps.Space, string(s.deps.Space.Workspace()))
	return doc.Value, err
}

// asError returns the Error in err's chain.
func asError(err error) (*crm.Error, bool) {
	var e *crm.Error
	ok := errors.As(err, &e)
	return e, ok
}
