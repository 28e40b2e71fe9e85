package gmail

import (
	"context"
	"crypto/sha256"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/oauth2"

	"threadline/internal/crm"
)

// Scopes that are asked for: reading when a mailbox is connected, sending when
// its owner first wants to send (https://developers.google.com/workspace/gmail/api/auth/scopes).
const (
	ScopeRead    = "https://www.googleapis.com/auth/gmail.readonly"
	ScopeSend    = "https://www.googleapis.com/auth/gmail.send"
	ScopeCompose = "https://www.googleapis.com/auth/gmail.compose" // drafts, and sending
	ScopeMail    = "https://mail.google.com/"                      // of IMAP and SMTP
)

// MaySend tells whether a consent covers sending through the API.
func MaySend(scopes []string) bool {
	return slices.Contains(scopes, ScopeSend) || slices.Contains(scopes, ScopeCompose)
}

// ProjectConfig is the Google Cloud project of this installation.
type ProjectConfig struct {
	ClientID, ClientSecret string
	URL                    string // in place of Google's hosts, for tests; "" is Google
	IMAP, SMTP             string // the same for its mail servers, which then need no TLS
	Limits                 Limits
	Client                 *http.Client  // nil: http.DefaultClient
	Poll                   time.Duration // see Config
	Jitter                 func() float64
}

// Project is what all Gmail mailboxes of an installation share: its client at
// Google, its quota, and the notices of changes. It is safe for concurrent use.
type Project struct {
	cfg   ProjectConfig
	oauth oauth2.Config
	quota *Quota
	hub   *Hub

	mu     sync.Mutex
	tokens map[[32]byte]*Tokens // by hash of the refresh token: one of them renews for all
}

// NewProject makes a project; nothing is asked of Google yet.
func NewProject(cfg ProjectConfig) *Project {
	at := func(google, ours string) string {
		if cfg.URL == "" {
			return google
		}
		return strings.TrimSuffix(cfg.URL, "/") + ours
	}
	return &Project{cfg: cfg, quota: NewQuota(cfg.Limits), hub: NewHub(), tokens: map[[32]byte]*Tokens{},
		oauth: oauth2.Config{ClientID: cfg.ClientID, ClientSecret: cfg.ClientSecret, Endpoint: oauth2.Endpoint{
			AuthURL:   at("https://accounts.google.com/o/oauth2/v2/auth", "/o/oauth2/v2/auth"),
			TokenURL:  at("https://oauth2.googleapis.com/token", "/token"),
			AuthStyle: oauth2.AuthStyleInParams}}}
}

// Hub is where notices of changes go.
func (p *Project) Hub() *Hub { return p.hub }

// TimeFor is how long so many messages of one mailbox take at least.
func (p *Project) TimeFor(messages int64) time.Duration { return p.quota.TimeFor(messages) }

// Account is the configuration of a mailbox with its refresh token. repair is
// the hint for when Google does not take the consent any more.
func (p *Project) Account(address crm.Address, refresh, repair string) Config {
	return Config{Address: address, Tokens: p.Tokens(refresh, repair), Quota: p.quota, Hub: p.hub, Base: p.cfg.URL,
		Client: p.cfg.Client, Poll: p.cfg.Poll, Jitter: p.cfg.Jitter}
}

// Tokens are those of a refresh token: the same for everybody who asks.
func (p *Project) Tokens(refresh, repair string) *Tokens {
	key := sha256.Sum256([]byte(refresh))
	p.mu.Lock()
	defer p.mu.Unlock()
	t := p.tokens[key]
	if t == nil {
		t = NewTokens(&p.oauth, p.cfg.Client, refresh, repair)
		p.tokens[key] = t
	}
	t.advise(repair)
	return t
}

// NewVerifier makes the secret of one consent (RFC 7636).
func NewVerifier() string { return oauth2.GenerateVerifier() }

// ConsentURL is the page at Google on which a user consents. What was granted
// before is kept. address, when it is known, is proposed.
func (p *Project) ConsentURL(redirect, state, verifier string, scopes []string, address crm.Address) string {
	o := p.oauth
	o.RedirectURL, o.Scopes = redirect, scopes
	opts := []oauth2.AuthCodeOption{oauth2.AccessTypeOffline, oauth2.S256ChallengeOption(verifier),
		oauth2.SetAuthURLParam("prompt", "consent"), oauth2.SetAuthURLParam("include_granted_scopes", "true")}
	if address != "" {
		opts = append(opts, oauth2.SetAuthURLParam("login_hint", string(address)))
	}
	return o.AuthCodeURL(state, opts...)
}

// Grant is what a user consented to.
type Grant struct {
	Refresh string
	Scopes  []string
	Address crm.Address
	Aliases []crm.Address
}

// Redeem turns the code of a consent into a grant, and asks for which account it
// is. It fails with crm.Invalid when the code is not taken, and with crm.Denied
// when the consent lacks one of the scopes.
func (p *Project) Redeem(ctx context.Context, code, verifier, redirect string, scopes []string) (Grant, error) {
	const op = crm.Op("gmail.Redeem")
	o := p.oauth
	o.RedirectURL = redirect
	if p.cfg.Client != nil {
		ctx = context.WithValue(ctx, oauth2.HTTPClient, p.cfg.Client)
	}
	t, err := o.Exchange(ctx, code, oauth2.VerifierOption(verifier))
	if err != nil {
		return Grant{}, exchangeTrouble(ctx, op, err)
	}
	g := Grant{Refresh: t.RefreshToken}
	granted, _ := t.Extra("scope").(string)
	g.Scopes = strings.Fields(granted)
	for _, want := range scopes {
		if !slices.Contains(g.Scopes, want) {
			return Grant{}, crm.Errorf(crm.Denied, op, "The permission %s was left out of the consent.", scopeWords(want)).
				WithHint("connect again and leave every box ticked")
		}
	}
	if g.Refresh == "" {
		return Grant{}, crm.Errorf(crm.Invalid, op, "Google gave no lasting access.").
			WithHint("remove this app's access in the Google account's settings and connect again")
	}
	return p.whose(ctx, g)
}

func exchangeTrouble(ctx context.Context, op crm.Op, err error) error {
	var refused *oauth2.RetrieveError
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case !errors.As(err, &refused):
		return crm.E(crm.Unavailable, op, "Google cannot be asked.", err)
	case refused.ErrorCode == "invalid_client":
		return crm.Errorf(crm.Unavailable, op, "Google does not know this installation's OAuth client.").
			WithHint("check --google-client-id and --google-client-secret-file")
	}
	return crm.Errorf(crm.Invalid, op, "Google does not take the code (%s).", crm.Clip(refused.ErrorCode, 40)).WithHint("begin again: a code is good for one use and some minutes")
}

func scopeWords(scope string) string {
	switch scope {
	case ScopeRead:
		return "to read mail"
	case ScopeSend:
		return "to send mail"
	case ScopeCompose:
		return "to keep drafts and send mail"
	case ScopeMail:
		return "to read and send mail through IMAP and SMTP"
	}
	return scope
}

// whose asks for the address and the aliases of a grant.
func (p *Project) whose(ctx context.Context, g Grant) (Grant, error) {
	s := New(p.Account("", g.Refresh, ""))
	c, err := s.caller(ctx)
	if err != nil {
		return g, err
	}
	err = c.call(ctx, GetProfile, func(ctx context.Context) error {
		profile, err := c.api.GetProfile("me").Context(ctx).Do()
		if err == nil {
			g.Address, err = crm.ParseAddress(profile.EmailAddress)
		}
		return err
	})
	if err != nil {
		return g, err
	}
	g.Aliases, err = c.aliases(ctx)
	return g, err
}

// aliases are the verified other addresses that the account sends from.
func (c *caller) aliases(ctx context.Context) (out []crm.Address, err error) {
	err = c.call(ctx, SendAsList, func(ctx context.Context) error {
		list, err := c.api.Settings.SendAs.List("me").Context(ctx).Do()
		if err != nil {
			return err
		}
		out = nil
		for _, a := range list.SendAs {
			if address, err := crm.ParseAddress(a.SendAsEmail); err == nil && !a.IsPrimary && a.VerificationStatus == "accepted" {
				out = append(out, address)
			}
		}
		return nil
	})
	return out, err
}

// Revoke takes a consent back at Google. One that is gone is no failure.
func (p *Project) Revoke(ctx context.Context, refresh string) error {
	address := "https://oauth2.googleapis.com/revoke"
	if p.cfg.URL != "" {
		address = strings.TrimSuffix(p.cfg.URL, "/") + "/revoke"
	}
	form := url.Values{"token": {refresh}}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, address, strings.NewReader(form.Encode()))
	if err != nil {
		return crm.E(crm.Internal, "gmail.Revoke", "the request cannot be made", err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	client := p.cfg.Client
	if client == nil {
		client = http.DefaultClient
	}
	res, err := client.Do(r)
	if err != nil {
		return crm.E(crm.Unavailable, "gmail.Revoke", "Google cannot be asked to take the consent back", err)
	}
	return res.Body.Close()
}
