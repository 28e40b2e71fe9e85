package api

import (
	"context"
	"net/http"
	"slices"

	"threadline/internal/auth"
	"threadline/internal/crm"
	"threadline/internal/i18n"
	"threadline/internal/seal"
	"threadline/internal/store"
)

func (s *Server) sessionRoutes() {
	const me = "/api/v1/me"
	signIn := func(path, id, summary string) route {
		r := post(path, id, summary, "session")
		r.open = true
		return r
	}
	link := signIn(sessionPath, "sign-in", "Turn the token of a one-time link into a session")
	link.status = http.StatusNoContent
	add(s, link, s.signIn)
	add(s, signIn(sessionPath+"/password", "sign-in-password", "Sign in by address and password"), s.signInPassword)
	code := signIn(sessionPath+"/code", "sign-in-code", "Give the second factor of a sign-in: a code of the app, or a recovery code")
	add(s, code, s.signInCode)
	ways := get(sessionPath+"/ways", "sign-in-ways", "How one can sign in here", "session")
	ways.open = true
	add(s, ways, s.signInWays)
	prove := post(sessionPath+"/proof", "prove", "Prove who you are again, before something dangerous", "session")
	add(s, prove, s.prove)
	add(s, route{method: http.MethodDelete, path: sessionPath, id: "sign-out", tag: "session", status: http.StatusNoContent,
		summary: "End the session"}, s.signOut)
	add(s, get(me, "me", "Who is asking", "session"), s.me)
	add(s, get("/api/v1/sessions", "list-sessions", "Browsers in which the caller is signed in", "session"), s.listSessions)
	add(s, remove("/api/v1/sessions/{id}", "end-session", "End one of them", "session"), s.endSession)
	add(s, post("/api/v1/sessions/end", "end-sessions", "End all of them but this one", "session"), s.endSessions)
	s.credentialRoutes()
}

type signIn struct {
	Body struct {
		Token string `json:"token" maxLength:"300" doc:"What stands after # in a sign-in link"`
	}
}

type cookieSet struct {
	SetCookie []http.Cookie `header:"Set-Cookie"`
}

// signedIn says what a sign-in still needs.
type signedIn struct {
	SetCookie []http.Cookie `header:"Set-Cookie"`
	Body      struct {
		Second bool `json:"second_factor" doc:"Go on with /session/code"`
	}
}

func (s *Server) signIn(ctx context.Context, in *signIn) (*cookieSet, error) {
	sp, secret, err := s.named(ctx, in.Body.Token)
	if err != nil {
		return nil, err
	}
	b, err := s.deps.Auth.Redeem(ctx, sp, secret, visitOf(ctx).Visit)
	if err != nil {
		return nil, err
	}
	return &cookieSet{s.cookies(sp, b)}, nil
}

type passwordInput struct {
	Body struct {
		Email    string      `json:"email" maxLength:"254"`
		Password seal.Secret `json:"password"`
	}
}

func (s *Server) signInPassword(ctx context.Context, in *passwordInput) (*signedIn, error) {
	sp, err := s.deps.Auth.SpaceFor(ctx, s.deps.Space, in.Body.Email)
	if err != nil {
		return nil, err
	}
	b, err := s.deps.Auth.SignIn(ctx, sp, in.Body.Email, in.Body.Password, visitOf(ctx).Visit)
	return s.begun(sp, b, err)
}

type codeInput struct {
	Body struct {
		Code seal.Secret `json:"code"`
	}
}

func (s *Server) signInCode(ctx context.Context, in *codeInput) (*signedIn, error) {
	v := visitOf(ctx)
	sp, half, err := s.named(ctx, v.half)
	if err != nil {
		return nil, err
	}
	b, err := s.deps.Auth.Finish(ctx, sp, half, in.Body.Code.Reveal(), v.Visit)
	return s.begun(sp, b, err)
}

func (s *Server) begun(sp *store.Space, b auth.Begun, err error) (*signedIn, error) {
	if err != nil {
		return nil, err
	}
	out := &signedIn{SetCookie: s.cookies(sp, b)}
	out.Body.Second = b.Half
	return out, nil
}

type waysView struct {
	Password bool `json:"password"`
	Google   bool `json:"google" doc:"Begin at /auth/google/start"`
}

func (s *Server) signInWays(context.Context, *none) (*body[waysView], error) {
	return answer(waysView{Password: true, Google: s.deps.Provider != nil}), nil
}

type proofInput struct {
	Body struct {
		Password seal.Secret `json:"password,omitempty"`
		Code     seal.Secret `json:"code,omitempty" doc:"Of the second factor, where there is one"`
	}
}

func (s *Server) prove(ctx context.Context, in *proofInput) (*cookieSet, error) {
	who := callerOf(ctx)
	if who.proof.Session.ID == "" {
		return nil, crm.Errorf(crm.Invalid, "api.prove", "only a signed-in browser can prove itself again")
	}
	b, err := s.deps.Auth.Prove(ctx, s.deps.Space, who.proof, in.Body.Password, in.Body.Code, visitOf(ctx).Visit)
	if err != nil {
		return nil, err
	}
	return &cookieSet{s.cookies(s.deps.Space, b)}, nil
}

func (s *Server) signOut(ctx context.Context, _ *none) (*leaving, error) {
	if secret := callerOf(ctx).secret; secret != "" {
		if err := s.deps.Auth.SignOut(ctx, s.deps.Space, secret); err != nil {
			return nil, err
		}
	}
	return &leaving{SetCookie: []http.Cookie{s.cookie(s.cookieName(), "", -1)}, Clear: `"cache", "storage"`}, nil
}

// leaving is the answer to a sign-out: the browser forgets what it kept.
type leaving struct {
	SetCookie []http.Cookie `header:"Set-Cookie"`
	Clear     string        `header:"Clear-Site-Data"`
}

type sessionView struct {
	ID      string    `json:"id"`
	Current bool      `json:"current,omitempty"`
	Created crm.Time  `json:"created,omitzero"`
	Seen    crm.Time  `json:"seen,omitzero"`
	Expires crm.Time  `json:"expires"`
	Means   crm.Means `json:"means,omitempty"`
	Address string    `json:"address,omitempty" doc:"IP address, when it began"`
	Agent   string    `json:"agent,omitempty" doc:"What the browser calls itself"`
}

// someone refuses the operator, who is nobody in particular.
func someone(ctx context.Context) (crm.User, error) {
	u := callerOf(ctx).user
	if u.ID == "" {
		return u, crm.Errorf(crm.Invalid, "api.someone", "whose?").WithHint("say in whose name: --as EMAIL")
	}
	return u, nil
}

func (s *Server) listSessions(ctx context.Context, _ *none) (*body[items[sessionView]], error) {
	u, err := someone(ctx)
	if err != nil {
		return nil, err
	}
	all, err := s.deps.Auth.Sessions(ctx, s.deps.Space, u.ID)
	if err != nil {
		return nil, err
	}
	var out []sessionView
	for _, x := range all {
		out = append(out, sessionView{ID: auth.SessionName(x), Current: x.ID == callerOf(ctx).proof.Session.ID, Created: x.Created,
			Seen: x.Seen, Expires: x.Expires, Means: x.Means, Address: x.Address, Agent: x.Agent})
	}
	return listed(out), nil
}

type sessionName struct {
	ID string `path:"id" maxLength:"100"`
}

func (s *Server) endSession(ctx context.Context, in *sessionName) (*empty, error) {
	u, err := someone(ctx)
	if err != nil {
		return nil, err
	}
	return nil, s.deps.Auth.End(ctx, s.deps.Space, u.ID, in.ID)
}

type ended struct {
	Ended int `json:"ended"`
}

func (s *Server) endSessions(ctx context.Context, _ *none) (*body[ended], error) {
	u, err := someone(ctx)
	if err != nil {
		return nil, err
	}
	n, err := s.deps.Auth.EndAll(ctx, s.deps.Space, u.ID, callerOf(ctx).proof.Session.ID)
	return answer(ended{n}), err
}

// cookieName is the name of the session cookie. Over https a browser takes it
// with this prefix from this very host only.
func (s *Server) cookieName() string {
	if s.secure() {
		return hostCookie
	}
	return plainCookie
}

// stepName is the cookie of a sign-in that waits for something.
func (s *Server) stepName(what string) string { return s.cookieName() + "_" + what }

func (s *Server) cookie(name, secret string, age int) http.Cookie {
	return http.Cookie{Name: name, Value: secret, Path: "/", MaxAge: age,
		HttpOnly: true, Secure: s.secure(), SameSite: http.SameSiteLaxMode}
}

// cookies are those of a sign-in that came through or half through.
func (s *Server) cookies(sp *store.Space, b auth.Begun) []http.Cookie {
	secret := auth.Named(sp.Workspace(), b.Secret)
	if b.Half {
		return []http.Cookie{s.cookie(s.stepName(halfStep), secret, int(auth.HalfLife.Seconds()))}
	}
	return []http.Cookie{s.cookie(s.cookieName(), secret, int(auth.SessionLife.Seconds())), s.cookie(s.stepName(halfStep), "", -1)}
}

const halfStep = "half"

// visit is where a request comes from.
type visit struct {
	auth.Visit
	half string    // secret of a half sign-in
	host string    // by which name the server was called
	lang i18n.Lang // that the browser asks for; empty for programs that ask for none
}

func visitOf(ctx context.Context) visit {
	v, _ := ctx.Value(visitKey).(visit)
	return v
}

// arrived puts down where a request comes from.
func (s *Server) arrived(r *http.Request, address string) *http.Request {
	v := visit{Visit: auth.Visit{Address: address, Agent: r.UserAgent()}, host: r.Host}
	if wanted := r.Header.Get("Accept-Language"); wanted != "" {
		v.lang = i18n.Accepted(wanted)
	}
	if c, err := r.Cookie(s.cookieName()); err == nil {
		_, v.Old = auth.Unnamed(c.Value)
	}
	if c, err := r.Cookie(s.stepName(halfStep)); err == nil {
		v.half = c.Value
	}
	return r.WithContext(context.WithValue(r.Context(), visitKey, v))
}

// refusedToKeys are the matters of a person, in which a program has no say: a
// key that leaked must not make itself a session or wider keys.
func refusedToKeys(tag, method string) bool {
	return method != http.MethodGet && slices.Contains([]string{"session", "users", "apikeys", "workspaces"}, tag)
}
