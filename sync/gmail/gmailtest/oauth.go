package gmailtest

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// oauth is the state of consent.
type oauth struct {
	key     *rsa.PrivateKey
	codes   map[string]*code
	refresh map[string]*grant
	tokens  map[string]*token
	lasting map[string]*token
	deny    bool
	narrow  []string // nil: everything that was asked for
}

type grant struct {
	email   string
	scopes  []string
	revoked bool
}

type token struct {
	*grant
	expires time.Time
}

type code struct {
	*grant
	challenge, redirect, client string
}

func (o *oauth) init() {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err) // the system has no random numbers
	}
	*o = oauth{key: key, codes: map[string]*code{}, refresh: map[string]*grant{}, tokens: map[string]*token{}, lasting: map[string]*token{}}
}

// access returns what an access token permits, nil for nothing.
func (o *oauth) access(t string, now time.Time) *grant {
	have := o.tokens[t]
	if have == nil {
		have = o.lasting[t]
	}
	if have == nil || have.revoked || now.After(have.expires) {
		return nil
	}
	return have.grant
}

// Refuse makes the user refuse consent from now on.
func (s *Server) Refuse(refuse bool) { s.change(func() { s.oauth.deny = refuse }) }

// Narrow makes the user tick these scopes only; nil for all that is asked for.
func (s *Server) Narrow(scopes ...string) { s.change(func() { s.oauth.narrow = scopes }) }

// Grant consents for a user and returns the refresh token.
func (s *Server) Grant(email string, scopes ...string) string {
	var t string
	s.change(func() { t = s.oauth.grant(&grant{email: email, scopes: scopes}, s.next()) })
	return t
}

func (o *oauth) grant(g *grant, n uint64) string {
	t := "1//refresh-" + strconv.FormatUint(n, 10)
	o.refresh[t] = g
	return t
}

// Revoke takes back all that a user consented to, as after a change of the
// password.
func (s *Server) Revoke(email string) {
	s.change(func() {
		for _, g := range s.oauth.refresh {
			if g.email == email {
				g.revoked = true
			}
		}
	})
}

// ExpireTokens ends every access token; refresh tokens stay.
func (s *Server) ExpireTokens() { s.change(func() { s.oauth.tokens = map[string]*token{} }) }

func (s *Server) oauthRoutes() {
	s.mux.HandleFunc("GET /o/oauth2/v2/auth", s.authorize)
	s.mux.HandleFunc("POST /token", s.tokenEndpoint)
	s.mux.HandleFunc("POST /revoke", s.revokeEndpoint)
	s.mux.HandleFunc("GET /tokeninfo", s.tokenInfo)
	s.mux.HandleFunc("GET /oauth2/v3/certs", s.certs)
}

// authorize stands for the page on which the user consents: it does what Refuse
// and Narrow say.
func (s *Server) authorize(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	back, err := url.Parse(q.Get("redirect_uri"))
	if err != nil || back.Host == "" || q.Get("response_type") != "code" || s.opt.ClientID != "" && q.Get("client_id") != s.opt.ClientID {
		http.Error(w, "Error 400: invalid_request", http.StatusBadRequest)
		return
	}
	out := url.Values{"state": {q.Get("state")}}
	s.change(func() {
		email := q.Get("login_hint")
		if s.accounts[email] == nil {
			for have := range s.accounts {
				email = have
			}
		}
		if s.oauth.deny || email == "" {
			out.Set("error", "access_denied")
			return
		}
		scopes := strings.Fields(q.Get("scope"))
		if s.oauth.narrow != nil {
			scopes = slices.DeleteFunc(scopes, func(sc string) bool { return !slices.Contains(s.oauth.narrow, sc) })
		}
		if q.Get("include_granted_scopes") == "true" {
			for _, g := range s.oauth.refresh {
				if g.email == email && !g.revoked {
					scopes = append(scopes, g.scopes...)
				}
			}
		}
		slices.Sort(scopes)
		name := "4/code-" + strconv.FormatUint(s.next(), 10)
		s.oauth.codes[name] = &code{grant: &grant{email: email, scopes: slices.Compact(scopes)}, challenge: q.Get("code_challenge"),
			redirect: q.Get("redirect_uri"), client: q.Get("client_id")}
		out.Set("code", name)
		out.Set("scope", strings.Join(scopes, " "))
	})
	back.RawQuery = out.Encode()
	http.Redirect(w, r, back.String(), http.StatusFound)
}

func oauthError(w http.ResponseWriter, status int, code, description string) {
	answer(w, status, map[string]any{"error": code, "error_description": description})
}

func (s *Server) tokenEndpoint(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		oauthError(w, 400, "invalid_request", err.Error())
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if f := s.trouble("token"); f != nil {
		if f.Cut || f.Lose {
			cut(w)
		}
		oauthError(w, f.Status, f.Reason, f.Reason)
		return
	}
	s.ledger.calls["token"]++
	if id, secret := clientOf(r); s.opt.ClientID != "" && (id != s.opt.ClientID || secret != s.opt.Secret) {
		oauthError(w, 401, "invalid_client", "The OAuth client was not found.")
		return
	}
	switch r.Form.Get("grant_type") {
	case "authorization_code":
		s.redeem(w, r)
	case "refresh_token":
		g := s.oauth.refresh[r.Form.Get("refresh_token")]
		if g == nil || g.revoked {
			oauthError(w, 400, "invalid_grant", "Token has been expired or revoked.")
			return
		}
		s.hand(w, g, "")
	default:
		oauthError(w, 400, "unsupported_grant_type", "Invalid grant_type")
	}
}

func clientOf(r *http.Request) (id, secret string) {
	if id, secret, ok := r.BasicAuth(); ok {
		return id, secret
	}
	return r.Form.Get("client_id"), r.Form.Get("client_secret")
}

func (s *Server) redeem(w http.ResponseWriter, r *http.Request) {
	name := r.Form.Get("code")
	c := s.oauth.codes[name]
	delete(s.oauth.codes, name)
	sum := sha256.Sum256([]byte(r.Form.Get("code_verifier")))
	switch {
	case c == nil, c.redirect != r.Form.Get("redirect_uri"):
		oauthError(w, 400, "invalid_grant", "Bad Request")
		return
	case c.challenge == "" || base64.RawURLEncoding.EncodeToString(sum[:]) != c.challenge:
		oauthError(w, 400, "invalid_grant", "Invalid code verifier.")
		return
	}
	s.hand(w, c.grant, s.oauth.grant(c.grant, s.next()))
}

// hand gives out an access token.
func (s *Server) hand(w http.ResponseWriter, g *grant, refresh string) {
	t := "ya29.access-" + strconv.FormatUint(s.next(), 10)
	s.oauth.tokens[t] = &token{grant: g, expires: s.opt.Now().Add(s.opt.Tokens)}
	out := map[string]any{"access_token": t, "expires_in": int(s.opt.Tokens.Seconds()), "token_type": "Bearer", "scope": strings.Join(g.scopes, " ")}
	if refresh != "" {
		out["refresh_token"] = refresh
	}
	answer(w, 200, out)
}

func (s *Server) revokeEndpoint(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		oauthError(w, 400, "invalid_request", err.Error())
		return
	}
	known := false
	s.change(func() {
		if g := s.oauth.refresh[r.Form.Get("token")]; g != nil {
			known, g.revoked = !g.revoked, true
		}
	})
	if !known {
		oauthError(w, 400, "invalid_token", "Token expired or revoked")
		return
	}
	answer(w, 200, map[string]any{})
}

// tokenInfo says whose an access token is: by it mail servers that are no part of
// this one know who signs in.
func (s *Server) tokenInfo(w http.ResponseWriter, r *http.Request) {
	var g *grant
	s.change(func() { g = s.oauth.access(r.URL.Query().Get("access_token"), s.opt.Now()) })
	if g == nil {
		oauthError(w, 400, "invalid_token", "Invalid Value")
		return
	}
	answer(w, 200, map[string]any{"email": g.email, "email_verified": "true", "scope": strings.Join(g.scopes, " "), "aud": s.opt.ClientID})
}

// certs is the key set by which tokens of this server are checked.
func (s *Server) certs(w http.ResponseWriter, _ *http.Request) {
	pub := s.oauth.key.PublicKey
	answer(w, 200, map[string]any{"keys": []any{map[string]any{"kty": "RSA", "alg": "RS256", "use": "sig", "kid": "key-1",
		"n": base64.RawURLEncoding.EncodeToString(pub.N.Bytes()),
		"e": base64.RawURLEncoding.EncodeToString(big.NewInt(int64(pub.E)).Bytes())}}})
}

// Sign makes a token that Google would have signed.
func (s *Server) Sign(claims map[string]any) string {
	head := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"RS256","typ":"JWT","kid":"key-1"}`))
	body, err := json.Marshal(claims)
	if err != nil {
		panic(err) // a test hands over what is no JSON
	}
	signed := head + "." + base64.RawURLEncoding.EncodeToString(body)
	sum := sha256.Sum256([]byte(signed))
	sig, err := rsa.SignPKCS1v15(rand.Reader, s.oauth.key, crypto.SHA256, sum[:])
	if err != nil {
		panic(err) // the key is too short
	}
	return signed + "." + base64.RawURLEncoding.EncodeToString(sig)
}

// Access consents for a user and returns an access token that lasts.
func (s *Server) Access(email string, scopes ...string) string {
	var t string
	s.change(func() {
		t = "ya29.lasting-" + strconv.FormatUint(s.next(), 10)
		s.oauth.lasting[t] = &token{grant: &grant{email: email, scopes: scopes}, expires: s.opt.Now().Add(10 * 365 * 24 * time.Hour)}
	})
	return t
}
