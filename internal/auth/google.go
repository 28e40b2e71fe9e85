package auth

import (
	"context"
	"crypto/subtle"
	"net/http"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"threadline/internal/crm"
	"threadline/internal/seal"
)

// ProviderConfig names this deployment to an OpenID provider.
type ProviderConfig struct {
	Issuer   string // crm.GoogleIssuer
	ClientID string
	Secret   seal.Secret
	Callback string // address of ours that the browser comes back to, exactly as registered
	Client   *http.Client
}

// Provider signs people in by OpenID Connect: code flow with PKCE (RFC 7636),
// state and nonce. It learns the provider's addresses and keys when it is first
// used, so that a server starts without the provider. It is safe for concurrent
// use.
type Provider struct {
	cfg ProviderConfig
	mu  sync.Mutex
	at  *oidc.Provider
}

// NewProvider makes a provider; nothing is asked yet.
func NewProvider(cfg ProviderConfig) *Provider {
	if cfg.Client == nil {
		cfg.Client = &http.Client{Timeout: 10 * time.Second}
	}
	return &Provider{cfg: cfg}
}

const opProvider = crm.Op("auth.Provider")

// discover reads the provider's description, once it succeeds.
func (p *Provider) discover() (*oidc.Provider, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.at != nil {
		return p.at, nil
	}
	// Keys are fetched with this context long after the call.
	at, err := oidc.NewProvider(oidc.ClientContext(context.Background(), p.cfg.Client), p.cfg.Issuer)
	if err != nil {
		return nil, crm.E(crm.Unavailable, opProvider, "the identity provider does not answer", err).WithHint("try again, or sign in another way")
	}
	p.at = at
	return at, nil
}

func (p *Provider) oauth(at *oidc.Provider) *oauth2.Config {
	return &oauth2.Config{ClientID: p.cfg.ClientID, ClientSecret: p.cfg.Secret.Reveal(), Endpoint: at.Endpoint(),
		RedirectURL: p.cfg.Callback, Scopes: []string{oidc.ScopeOpenID, "email"}}
}

// Attempt is what binds the two halves of a sign-in to one browser, which keeps
// it until it comes back.
type Attempt struct {
	State, Nonce, Verifier string
}

// Attempt makes a new one.
func (s *Service) Attempt() (Attempt, error) {
	var a Attempt
	for _, to := range []*string{&a.State, &a.Nonce, &a.Verifier} {
		secret, err := newSecret(s.random)
		if err != nil {
			return a, err
		}
		*to = secret
	}
	return a, nil
}

// Begin is the address to send the browser to.
func (p *Provider) Begin(a Attempt) (string, error) {
	at, err := p.discover()
	if err != nil {
		return "", err
	}
	return p.oauth(at).AuthCodeURL(a.State, oidc.Nonce(a.Nonce), oauth2.S256ChallengeOption(a.Verifier),
		oauth2.SetAuthURLParam("prompt", "select_account")), nil
}

// Finish turns what the browser brings back into an identity. An address that
// the provider has not verified is refused, as is every answer to another
// browser's attempt.
func (p *Provider) Finish(ctx context.Context, a Attempt, state, code string) (Identity, error) {
	refuse := func(msg string, err error) (Identity, error) {
		return Identity{}, crm.E(crm.Unauthorized, opProvider, msg, err).WithHint("begin again at the sign-in page")
	}
	if a.State == "" || subtle.ConstantTimeCompare([]byte(a.State), []byte(state)) != 1 {
		return refuse("this sign-in was not begun in this browser, or too long ago", nil)
	}
	at, err := p.discover()
	if err != nil {
		return Identity{}, err
	}
	ctx = oidc.ClientContext(ctx, p.cfg.Client)
	token, err := p.oauth(at).Exchange(ctx, code, oauth2.VerifierOption(a.Verifier))
	if err != nil {
		return refuse("the identity provider refuses this sign-in", hideCode(err))
	}
	raw, ok := token.Extra("id_token").(string)
	if !ok {
		return refuse("the identity provider says not who it is", nil)
	}
	return p.identity(ctx, at, raw, a.Nonce)
}

func (p *Provider) identity(ctx context.Context, at *oidc.Provider, raw, nonce string) (Identity, error) {
	refuse := func(kind crm.ErrorKind, msg string, err error) (Identity, error) {
		return Identity{}, crm.E(kind, opProvider, msg, err).WithHint("begin again at the sign-in page")
	}
	id, err := at.Verifier(&oidc.Config{ClientID: p.cfg.ClientID}).Verify(ctx, raw)
	if err != nil {
		return refuse(crm.Unauthorized, "the identity provider's word is not valid", err)
	}
	if subtle.ConstantTimeCompare([]byte(id.Nonce), []byte(nonce)) != 1 {
		return refuse(crm.Unauthorized, "this sign-in was answered before", nil)
	}
	var claims struct {
		Email    string `json:"email"`
		Verified bool   `json:"email_verified"`
		Party    string `json:"azp"`
	}
	if err := id.Claims(&claims); err != nil {
		return refuse(crm.Unauthorized, "the identity provider's word cannot be read", err)
	}
	// OpenID Connect Core §3.1.3.7, 4 and 5: a word that was given to another client
	// is none for us, though it names us among those that may hear it.
	if claims.Party != p.cfg.ClientID && (claims.Party != "" || len(id.Audience) > 1) {
		return refuse(crm.Unauthorized, "the identity provider's word was given to another program", nil)
	}
	if !claims.Verified || claims.Email == "" {
		return refuse(crm.Denied, "the identity provider has not verified this address", nil)
	}
	return Identity{Issuer: id.Issuer, Subject: id.Subject, Verified: crm.Address(claims.Email)}, nil
}

// hideCode keeps the answer of a token endpoint, which may quote the request,
// out of logs.
func hideCode(err error) error {
	return crm.Errorf(crm.Unauthorized, opProvider, "the code was not exchanged (%T)", err)
}
