package api

import (
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"threadline/internal/auth"
	"threadline/internal/crm"
	"threadline/internal/store"
)

// Paths of the sign-in by an identity provider. The second is registered there.
const (
	googleStart    = "/auth/google/start"
	googleCallback = "/auth/google/callback"
	attemptStep    = "attempt"
	attemptLife    = 600 // seconds
)

// CallbackPath is where the identity provider sends browsers back to.
const CallbackPath = googleCallback

// googleBegin sends the browser to the provider. What binds the answer to this
// browser lies in a cookie of it, so that the server keeps nothing of sign-ins
// that never end.
func (s *Server) googleBegin(c *gin.Context) {
	if s.deps.Provider == nil {
		s.refuse(c, crm.Errorf(crm.NotFound, "api.google", "there is no sign-in by Google here").WithHint("start the server with --google-client-id"))
		return
	}
	a, err := s.deps.Auth.Attempt()
	if err != nil {
		s.refuse(c, err)
		return
	}
	to, err := s.deps.Provider.Begin(a)
	if err != nil {
		s.refuse(c, err)
		return
	}
	kept := s.cookie(s.stepName(attemptStep), a.State+"."+a.Nonce+"."+a.Verifier, attemptLife)
	http.SetCookie(c.Writer, &kept)
	c.Header("Cache-Control", "no-store")
	c.Redirect(http.StatusSeeOther, to)
}

// googleEnd takes the browser back. It opens a session for whoever began here
// and nobody else, and goes on to the app, never to an address from outside.
func (s *Server) googleEnd(c *gin.Context) {
	if s.deps.Provider == nil {
		s.refuse(c, crm.Errorf(crm.NotFound, "api.google", "there is no sign-in by Google here"))
		return
	}
	gone := s.cookie(s.stepName(attemptStep), "", -1)
	http.SetCookie(c.Writer, &gone)
	c.Header("Cache-Control", "no-store")
	var a auth.Attempt
	if kept, err := c.Request.Cookie(s.stepName(attemptStep)); err == nil {
		if parts := strings.Split(kept.Value, "."); len(parts) == 3 {
			a = auth.Attempt{State: parts[0], Nonce: parts[1], Verifier: parts[2]}
		}
	}
	sp, b, err := s.identified(c, a)
	if err != nil {
		p := problem(c.Request.Context(), s.deps.Log, err)
		s.deps.Log.WarnContext(c.Request.Context(), "sign-in by the provider refused", "request", p.Request, "err", err)
		c.Redirect(http.StatusSeeOther, "/sign-in?refused="+string(p.Code))
		return
	}
	for _, k := range s.cookies(sp, b) {
		http.SetCookie(c.Writer, &k)
	}
	if b.Half {
		c.Redirect(http.StatusSeeOther, "/sign-in?code=1")
		return
	}
	c.Redirect(http.StatusSeeOther, "/")
}

func (s *Server) identified(c *gin.Context, a auth.Attempt) (*store.Space, auth.Begun, error) {
	q := c.Request.URL.Query()
	if len(q["state"]) != 1 || len(q["code"]) != 1 {
		return nil, auth.Begun{}, crm.Errorf(crm.Unauthorized, "api.google", "the identity provider has not signed anybody in")
	}
	ctx := c.Request.Context()
	who, err := s.deps.Provider.Finish(ctx, a, q.Get("state"), q.Get("code"))
	if err != nil {
		return nil, auth.Begun{}, err
	}
	sp, err := s.deps.Auth.SpaceOf(ctx, s.deps.Space, who)
	if err != nil {
		return nil, auth.Begun{}, err
	}
	b, err := s.deps.Auth.SignInBy(ctx, sp, who, visitOf(ctx).Visit)
	return sp, b, err
}
