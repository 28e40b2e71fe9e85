package gmail

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"

	"golang.org/x/oauth2"

	"threadline/internal/crm"
)

// Tokens hands out access tokens of one account and renews them. It is safe for
// concurrent use: one call renews for everybody who waits.
type Tokens struct {
	oauth  *oauth2.Config
	client *http.Client
	repair string // what the owner can do when the consent is gone

	mu      sync.Mutex
	refresh string
	access  *oauth2.Token
}

// NewTokens makes the tokens of a refresh token. repair is the hint for when
// Google does not take it any more: where to connect again.
func NewTokens(cfg *oauth2.Config, client *http.Client, refresh, repair string) *Tokens {
	return &Tokens{oauth: cfg, client: client, refresh: refresh, repair: repair}
}

// early is how long before its end a token is renewed.
const early = time.Minute

// Access returns a token that holds for a while. It fails with a final
// crm.Unauthorized when the consent is gone, and with crm.Unavailable when
// Google cannot be asked.
func (t *Tokens) Access(ctx context.Context) (string, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.access != nil && time.Until(t.access.Expiry) > early {
		return t.access.AccessToken, nil
	}
	if t.client != nil {
		ctx = context.WithValue(ctx, oauth2.HTTPClient, t.client)
	}
	fresh, err := t.oauth.TokenSource(ctx, &oauth2.Token{RefreshToken: t.refresh}).Token()
	if err != nil {
		return "", t.explain(ctx, err)
	}
	t.access = fresh
	return fresh.AccessToken, nil
}

// advise changes what the owner is told to do; "" changes nothing.
func (t *Tokens) advise(repair string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if repair != "" {
		t.repair = repair
	}
}

// advice is what the owner can do when the consent is gone.
func (t *Tokens) advice() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.repair
}

// Drop forgets an access token that the server refused.
func (t *Tokens) Drop(access string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.access != nil && t.access.AccessToken == access {
		t.access = nil
	}
}

// explain tells why there is no token. What Google writes beside the code stays
// out of it.
func (t *Tokens) explain(ctx context.Context, err error) error {
	const op = crm.Op("gmail.Tokens")
	var refused *oauth2.RetrieveError
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case !errors.As(err, &refused):
		return crm.E(crm.Unavailable, op, "Google cannot be asked for access.", err).WithHint("it is tried again by itself")
	case refused.ErrorCode == "invalid_grant":
		return crm.Errorf(crm.Unauthorized, op, "Google no longer takes the consent for this mailbox: it was revoked, has expired, or the password was changed.").
			WithHint(t.repair).AsFinal()
	case refused.ErrorCode == "invalid_client", refused.ErrorCode == "unauthorized_client":
		return crm.Errorf(crm.Unavailable, op, "Google does not know this installation's OAuth client.").
			WithHint("check --google-client-id and --google-client-secret-file")
	case refused.Response != nil && refused.Response.StatusCode == http.StatusTooManyRequests:
		return crm.Errorf(crm.Throttled, op, "Google gives out no access for now.").WithAfter(retryAfter(refused.Response.Header))
	}
	return crm.Errorf(crm.Unavailable, op, "Google gave no access (%s).", crm.Clip(refused.ErrorCode, 40)).WithHint("it is tried again by itself")
}
