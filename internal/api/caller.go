package api

import (
	"context"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"threadline/internal/access"
	"threadline/internal/auth"
	"threadline/internal/crm"
	"threadline/internal/i18n"
	"threadline/internal/records"
)

const (
	hostCookie  = "__Host-tl" // over https: RFC 6265bis §4.1.3.2
	plainCookie = "tl_session"
	asHeader    = "X-Threadline-As"
)

// caller is who asks.
type caller struct {
	viewer access.Viewer
	user   crm.User // zero for the operator
	cause  crm.Cause
	secret string // of the session
	proof  auth.Proof
	again  func(context.Context) error // whether their credential still holds; nil: they have none
}

type contextKey int

const (
	callerKey contextKey = iota
	requestKey
	socketKey
	visitKey
)

// callerOf returns who asks; routes without one never get this far.
func callerOf(ctx context.Context) caller {
	c, _ := ctx.Value(callerKey).(caller)
	return c
}

// viewerOf returns who looks.
func viewerOf(ctx context.Context) access.Viewer { return callerOf(ctx).viewer }

// by says who writes, and through which door.
func by(ctx context.Context, title string) records.By {
	c := callerOf(ctx)
	return records.By{Actor: c.user.ID, Cause: c.cause, Title: title}
}

// lang is the language that the caller reads: the one that the page asks for,
// else that of the person.
func lang(ctx context.Context) i18n.Lang {
	if l := visitOf(ctx).lang; l != "" {
		return l
	}
	l, _ := i18n.ParseLang(callerOf(ctx).user.Locale)
	return l
}

// reader returns who reads mail. The operator does that in the name of a user
// only.
func reader(ctx context.Context) (access.Viewer, error) {
	v := viewerOf(ctx)
	if v.Operator {
		return v, crm.Errorf(crm.Denied, "api.reader", "the operator reads no mail").
			WithHint("say in whose name: --as EMAIL")
	}
	return v, nil
}

// operator refuses everybody but the operator.
func operator(ctx context.Context, what string) error {
	if viewerOf(ctx).Operator {
		return nil
	}
	return crm.Errorf(crm.Denied, "api.operator", "only the operator of the server may %s", what).
		WithHint("use the command threadline on the server's machine")
}

const sessionPath = "/api/v1/session"

// identify finds the caller of the API, or answers 401. Whoever opens a session
// is nobody yet.
func (s *Server) identify(c *gin.Context) {
	c.Request = s.arrived(c.Request, c.ClientIP())
	rule := s.table[c.Request.Method+" "+c.FullPath()]
	switch opens := rule.open; {
	case opens && s.crossSite(c, caller{cause: crm.CauseUI}):
		return
	case opens, !strings.HasPrefix(c.Request.URL.Path, "/api/v1/"):
		c.Next()
		return
	}
	who, err := s.whoIs(c.Request)
	if err != nil {
		s.refuse(c, err)
		return
	}
	if s.crossSite(c, who) {
		return
	}
	c.Request = c.Request.WithContext(context.WithValue(c.Request.Context(), callerKey, who))
	if err := s.allowed(c.Request.Context(), rule); err != nil {
		s.refuse(c, err)
		return
	}
	c.Next()
}

func (s *Server) whoIs(r *http.Request) (caller, error) {
	if r.Context().Value(socketKey) != nil {
		return s.onSocket(r)
	}
	if r.Header.Get(asHeader) != "" {
		return caller{}, crm.Errorf(crm.Denied, "api.whoIs", "%s is for the command line only", asHeader)
	}
	if h := r.Header.Get("Authorization"); h != "" {
		scheme, token, _ := strings.Cut(h, " ")
		if !strings.EqualFold(scheme, "Bearer") {
			return caller{}, crm.Errorf(crm.Unauthorized, "api.whoIs", "the API takes keys as bearer tokens").
				WithHint("send Authorization: Bearer tl_…")
		}
		token = strings.TrimSpace(token)
		p, err := s.deps.Auth.Key(r.Context(), s.deps.Space, token)
		again := func(ctx context.Context) error { _, err := s.deps.Auth.Key(ctx, s.deps.Space, token); return err }
		return s.as(r.Context(), caller{user: p.User, cause: crm.CauseAPI, proof: p, again: again}, err)
	}
	return s.bySession(r)
}

func (s *Server) bySession(r *http.Request) (caller, error) {
	cookies := r.CookiesNamed(s.cookieName())
	if len(cookies) > 1 { // one of them was planted: by a page of a host beside ours
		return caller{}, crm.Errorf(crm.Unauthorized, "api.whoIs", "the browser shows two sessions").
			WithHint("remove the cookies of this site and sign in again")
	}
	if len(cookies) == 0 {
		return caller{}, crm.Errorf(crm.Unauthorized, "api.whoIs", "nobody is signed in").
			WithHint("open a sign-in link, made with: threadline user link EMAIL; or send an API key as bearer token")
	}
	ws, secret := auth.Unnamed(cookies[0].Value)
	if ws != "" && ws != s.deps.Space.Workspace() { // the server has this door for another workspace
		return caller{}, crm.Errorf(crm.Unauthorized, "api.whoIs", "this credential is not valid").WithHint("sign in again")
	}
	p, err := s.deps.Auth.Session(r.Context(), s.deps.Space, secret)
	again := func(ctx context.Context) error { _, err := s.deps.Auth.Session(ctx, s.deps.Space, secret); return err }
	return s.as(r.Context(), caller{user: p.User, cause: crm.CauseUI, secret: secret, proof: p, again: again}, err)
}

// onSocket is the operator, or the user in whose name they ask.
func (s *Server) onSocket(r *http.Request) (caller, error) {
	as := r.Header.Get(asHeader)
	if as == "" {
		return caller{viewer: access.Operator(), cause: crm.CauseCLI}, nil
	}
	u, err := s.deps.Auth.UserByEmail(r.Context(), s.deps.Space, crm.Address(as))
	return s.as(r.Context(), caller{user: u, cause: crm.CauseCLI}, err)
}

// as completes a caller who is a user with what their role lets them do.
func (s *Server) as(ctx context.Context, c caller, err error) (caller, error) {
	if err != nil {
		return caller{}, err
	}
	c.viewer, err = s.deps.Records.Viewer(ctx, c.user.ID)
	return c, err
}

// crossSite refuses what another site's page makes a signed-in browser send.
// Callers with a key or the socket are no browsers.
func (s *Server) crossSite(c *gin.Context, who caller) bool {
	if who.cause != crm.CauseUI {
		return false
	}
	if err := s.origins.Check(c.Request); err != nil {
		s.refuse(c, crm.Errorf(crm.Denied, "api.crossSite", "the request comes from another site"))
		return true
	}
	return false
}
