package gmail

import (
	"context"
	"net/http"
	"time"

	"google.golang.org/api/gmail/v1"
	"google.golang.org/api/option"

	"threadline/internal/crm"
	"threadline/sync/source"
)

// Config is one account.
type Config struct {
	Address crm.Address
	Tokens  *Tokens
	Quota   *Quota       // shared by all accounts of the project
	Hub     *Hub         // notices of changes; nil: none come
	Drafts  bool         // the consent covers drafts
	Base    string       // address of the API; "" is Google's
	Client  *http.Client // nil: http.DefaultClient
	Timeout time.Duration
	Poll    time.Duration // between looks of a Wait; 0 is a minute, or five with push
	IdleFor time.Duration // after which a Wait ends by itself; 0 is nine minutes
	Flight  int           // messages fetched at once; 0 is six
	Jitter  func() float64
}

const google = "https://gmail.googleapis.com/"

func (c Config) withDefaults() Config {
	if c.Base == "" {
		c.Base = google
	}
	if c.Client == nil {
		c.Client = http.DefaultClient
	}
	if c.Quota == nil {
		c.Quota = NewQuota(Limits{})
	}
	if c.Timeout == 0 {
		c.Timeout = time.Minute
	}
	if c.Poll == 0 {
		c.Poll = time.Minute
	}
	if c.IdleFor == 0 {
		c.IdleFor = 9 * time.Minute
	}
	if c.Flight == 0 {
		c.Flight = 6
	}
	if c.Jitter == nil {
		c.Jitter = func() float64 { return 1 }
	}
	return c
}

// Source is a Gmail mailbox.
type Source struct{ cfg Config }

// New makes the source of an account; nothing is asked of Google yet.
func New(cfg Config) *Source { return &Source{cfg.withDefaults()} }

// Open looks whether the account can be read.
func (s *Source) Open(ctx context.Context) (source.Session, error) {
	c, err := s.caller(ctx)
	if err != nil {
		return nil, err
	}
	session := &session{caller: c}
	session.ctx, session.close = context.WithCancel(context.WithoutCancel(ctx))
	p, err := session.profile(ctx)
	if err != nil {
		session.close()
		return nil, err
	}
	if address, err := crm.ParseAddress(p.EmailAddress); err == nil && s.cfg.Address != "" && address != s.cfg.Address {
		session.close()
		return nil, crm.Errorf(crm.Unauthorized, "gmail.Open", "Google's consent is for %s, not for %s.", address, s.cfg.Address).
			WithHint("connect again and choose " + string(s.cfg.Address)).AsFinal()
	}
	return session, nil
}

// caller makes what calls the API.
func (s *Source) caller(ctx context.Context) (*caller, error) {
	client := &http.Client{Transport: &bearer{tokens: s.cfg.Tokens, next: transportOf(s.cfg.Client)}}
	api, err := gmail.NewService(ctx, option.WithHTTPClient(client), option.WithEndpoint(withSlash(s.cfg.Base)))
	if err != nil {
		return nil, crm.E(crm.Internal, "gmail.Open", "the client of the Gmail API cannot be made", err)
	}
	return &caller{cfg: s.cfg, api: api.Users, client: client, base: api.BasePath}, nil
}

func transportOf(c *http.Client) http.RoundTripper {
	if c.Transport != nil {
		return c.Transport
	}
	return http.DefaultTransport
}

func withSlash(base string) string {
	if base[len(base)-1] != '/' {
		return base + "/"
	}
	return base
}

// bearer signs requests with the account's access token.
type bearer struct {
	tokens *Tokens
	next   http.RoundTripper
}

// RoundTrip adds the token to a copy of the request.
func (b *bearer) RoundTrip(r *http.Request) (*http.Response, error) {
	t, err := b.tokens.Access(r.Context())
	if err != nil {
		return nil, err
	}
	signed := r.Clone(r.Context())
	signed.Header.Set("Authorization", "Bearer "+t)
	res, err := b.next.RoundTrip(signed)
	if err == nil && res.StatusCode == http.StatusUnauthorized {
		b.tokens.Drop(t)
	}
	return res, err
}
