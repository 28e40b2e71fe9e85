package auth

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"threadline/internal/crm"
	"threadline/internal/seal"
)

// idp is an OpenID provider on a socket. It checks what a provider checks:
// redirect address, client secret, and the verifier against the challenge.
type idp struct {
	*httptest.Server
	t      *testing.T
	key    *rsa.PrivateKey
	asked  url.Values     // of the last sign-in
	claims map[string]any // that replace those of an ordinary token
}

func newIDP(t *testing.T) *idp {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	p := &idp{t: t, key: key, claims: map[string]any{}}
	mux := http.NewServeMux()
	mux.HandleFunc("/.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		p.say(w, map[string]any{"issuer": p.URL, "authorization_endpoint": p.URL + "/authorize", "token_endpoint": p.URL + "/token",
			"jwks_uri": p.URL + "/keys", "id_token_signing_alg_values_supported": []string{"RS256"}})
	})
	mux.HandleFunc("/keys", func(w http.ResponseWriter, _ *http.Request) {
		p.say(w, map[string]any{"keys": []any{map[string]any{"kty": "RSA", "kid": "k1", "alg": "RS256", "use": "sig",
			"n": base64.RawURLEncoding.EncodeToString(key.N.Bytes()), "e": base64.RawURLEncoding.EncodeToString(big.NewInt(int64(key.E)).Bytes())}}})
	})
	mux.HandleFunc("/token", p.token)
	p.Server = httptest.NewServer(mux)
	t.Cleanup(p.Close)
	return p
}

func (p *idp) say(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(w).Encode(v); err != nil {
		p.t.Error(err)
	}
}

func (p *idp) token(w http.ResponseWriter, r *http.Request) {
	sum := sha256.Sum256([]byte(r.FormValue("code_verifier")))
	id, secret, basic := r.BasicAuth()
	if !basic {
		id, secret = r.FormValue("client_id"), r.FormValue("client_secret")
	}
	if id != "client" || secret != "hush" || r.FormValue("redirect_uri") != p.asked.Get("redirect_uri") || r.FormValue("code") != "good" ||
		base64.RawURLEncoding.EncodeToString(sum[:]) != p.asked.Get("code_challenge") {
		w.WriteHeader(http.StatusBadRequest)
		p.say(w, map[string]any{"error": "invalid_grant"})
		return
	}
	now := time.Now()
	claims := map[string]any{"iss": p.URL, "aud": "client", "sub": "sub-1", "iat": now.Unix(), "exp": now.Add(time.Hour).Unix(),
		"nonce": p.asked.Get("nonce"), "email": "ola@acme.example", "email_verified": true}
	for k, v := range p.claims {
		claims[k] = v
	}
	p.say(w, map[string]any{"access_token": "a", "token_type": "Bearer", "expires_in": 3600, "id_token": p.sign(claims)})
}

func (p *idp) sign(claims map[string]any) string {
	raw, err := json.Marshal(claims)
	if err != nil {
		p.t.Fatal(err)
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: jose.JSONWebKey{Key: p.key, KeyID: "k1"}}, nil)
	if err != nil {
		p.t.Fatal(err)
	}
	out, err := signer.Sign(raw)
	if err != nil {
		p.t.Fatal(err)
	}
	text, err := out.CompactSerialize()
	if err != nil {
		p.t.Fatal(err)
	}
	return text
}

// authorized goes to the provider, as a browser does.
func (p *idp) authorized(s *Service, at *Provider) Attempt {
	p.t.Helper()
	a, err := s.Attempt()
	if err != nil {
		p.t.Fatal(err)
	}
	to, err := at.Begin(a)
	if err != nil {
		p.t.Fatal(err)
	}
	u, err := url.Parse(to)
	if err != nil {
		p.t.Fatal(err)
	}
	p.asked = u.Query()
	if p.asked.Get("state") != a.State || p.asked.Get("code_challenge_method") != "S256" || p.asked.Get("nonce") == "" {
		p.t.Fatalf("asked with %v", p.asked)
	}
	return a
}

func TestProvider(t *testing.T) {
	s, sp, _ := start(t)
	u, _ := addUser(t, s, sp, "ola@acme.example")
	p := newIDP(t)
	at := NewProvider(ProviderConfig{Issuer: p.URL, ClientID: "client", Secret: seal.NewSecret("hush"), Callback: "https://crm.example/auth/google/callback"})
	a := p.authorized(s, at)
	who, err := at.Finish(t.Context(), a, a.State, "good")
	if err != nil || who.Issuer != p.URL || who.Subject != "sub-1" {
		t.Fatalf("%+v, %v", who, err)
	}
	b, err := s.SignInBy(t.Context(), sp, who, Visit{})
	if err != nil || b.User.ID != u.ID {
		t.Fatalf("%+v, %v", b, err)
	}
	// The same subject at another issuer is somebody else.
	_, err = s.SignInBy(t.Context(), sp, Identity{Issuer: crm.GoogleIssuer, Subject: "sub-1", Verified: "ola@acme.example"}, Visit{})
	wantKind(t, err, crm.Denied)
}

func TestProviderRefuses(t *testing.T) {
	s, _, _ := start(t)
	p := newIDP(t)
	at := NewProvider(ProviderConfig{Issuer: p.URL, ClientID: "client", Secret: seal.NewSecret("hush"), Callback: "https://crm.example/auth/google/callback"})
	for name, claims := range map[string]map[string]any{
		"unverified address": {"email_verified": false},
		"no word about it":   {"email_verified": nil},
		"word as text":       {"email_verified": "true"},
		"no address":         {"email": ""},
		"other audience":     {"aud": "somebody"},
		"other issuer":       {"iss": "https://evil.example"},
		"over":               {"exp": time.Now().Add(-time.Hour).Unix()},
		"other client":       {"azp": "somebody"},
		"several audiences":  {"aud": []string{"client", "somebody"}},
		"other of several":   {"aud": []string{"client", "somebody"}, "azp": "somebody"},
		"other nonce":        {"nonce": "replayed"},
		"no nonce":           {"nonce": ""},
	} {
		t.Run(name, func(t *testing.T) {
			p.claims = claims
			a := p.authorized(s, at)
			if who, err := at.Finish(t.Context(), a, a.State, "good"); err == nil {
				t.Errorf("let in as %+v", who)
			}
		})
	}
	p.claims = nil
	a := p.authorized(s, at)
	other, err := s.Attempt()
	if err != nil {
		t.Fatal(err)
	}
	for name, try := range map[string]func() error{
		"state of another browser": func() error { _, err := at.Finish(t.Context(), other, a.State, "good"); return err },
		"no attempt":               func() error { _, err := at.Finish(t.Context(), Attempt{}, "", "good"); return err },
		"wrong code":               func() error { _, err := at.Finish(t.Context(), a, a.State, "bad"); return err },
		"verifier of another browser": func() error {
			mixed := Attempt{State: a.State, Nonce: a.Nonce, Verifier: other.Verifier}
			_, err := at.Finish(t.Context(), mixed, a.State, "good")
			return err
		},
	} {
		if err := try(); !crm.IsKind(err, crm.Unauthorized) {
			t.Errorf("%s: %v", name, err)
		}
	}
	p.Close()
	down := NewProvider(ProviderConfig{Issuer: p.URL, ClientID: "client"})
	if _, err := down.Begin(a); !crm.IsKind(err, crm.Unavailable) {
		t.Errorf("a provider that is down: %v", err)
	}
}
