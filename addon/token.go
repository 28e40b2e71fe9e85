package addon

import (
	"context"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"

	"threadline/internal/crm"
)

const (
	maxToken = 8 << 10
	leeway   = time.Minute // a clock may be wrong by this much
)

// issuers are the two spellings that Google uses.
var issuers = [...]string{"https://accounts.google.com", "accounts.google.com"}

// strict refuses a second spelling of the same bytes.
var strict = base64.RawURLEncoding.Strict()

// Claims is what a verified ID token says (OpenID Connect Core §2).
type Claims struct {
	Issuer        string `json:"iss"`
	Audience      string `json:"aud"`
	Subject       string `json:"sub"`
	Email         string `json:"email"`
	EmailVerified bool   `json:"email_verified"`
	IssuedAt      int64  `json:"iat"` // Unix seconds
	NotBefore     int64  `json:"nbf,omitempty"`
	Expires       int64  `json:"exp"`
}

// VerifierConfig says where keys come from.
type VerifierConfig struct {
	JWKS   string           // https address or file of the key set (RFC 7517)
	Client *http.Client     // nil: http.DefaultClient
	Now    func() time.Time // nil: time.Now
}

// Verifier checks ID tokens signed with RS256 (RFC 7519, RFC 7515). It is safe
// for concurrent use and starts no goroutine.
type Verifier struct {
	keys *keySet
	seen *seen
	now  func() time.Time
}

// NewVerifier makes a Verifier; keys are fetched when the first token arrives.
// It fails with crm.Invalid when there is nowhere to fetch them from.
func NewVerifier(cfg VerifierConfig) (*Verifier, error) {
	now := cfg.Now
	if now == nil {
		now = time.Now
	}
	keys, err := newKeySet(cfg.JWKS, cfg.Client, now)
	if err != nil {
		return nil, err
	}
	return &Verifier{keys: keys, seen: newSeen(maxSeen), now: now}, nil
}

// Verify returns the claims of a token for one of the audiences. It fails with
// crm.Unauthorized when the token is not to be believed, and with
// crm.Unavailable when no keys can be had to tell.
func (v *Verifier) Verify(ctx context.Context, token string, audiences ...string) (Claims, error) {
	now := v.now()
	sum := sha256.Sum256([]byte(token))
	c, ok := v.seen.get(sum, now)
	if !ok {
		var err error
		if c, err = v.read(ctx, token); err != nil {
			return Claims{}, err
		}
	}
	if err := c.check(now, audiences); err != nil {
		return Claims{}, err
	}
	if !ok {
		v.seen.put(sum, c, now)
	}
	return c, nil
}

// refuse names the reason and quotes nothing of the token.
func refuse(reason string) error {
	return crm.Errorf(crm.Unauthorized, "addon.Verify", "the ID token is refused: %s", reason)
}

// jose is the header of a token. Everything but RS256 is refused before a key
// is looked for: the choice of algorithm is never the token's.
type jose struct {
	Algorithm string          `json:"alg"`
	KeyID     string          `json:"kid"`
	Critical  json.RawMessage `json:"crit,omitempty"`
}

func (v *Verifier) read(ctx context.Context, token string) (Claims, error) {
	if len(token) > maxToken {
		return Claims{}, refuse("too long")
	}
	signed, sig64, ok := cutLast(token)
	head64, body64, ok2 := strings.Cut(signed, ".")
	if !ok || !ok2 || strings.Contains(body64, ".") {
		return Claims{}, refuse("not three parts")
	}
	var h jose
	if !decode(head64, &h) || h.Algorithm != "RS256" || h.Critical != nil || h.KeyID == "" {
		return Claims{}, refuse("not signed with RS256 by a named key")
	}
	sig, err := strict.DecodeString(sig64)
	if err != nil {
		return Claims{}, refuse("the signature is no base64url")
	}
	key, err := v.keys.find(ctx, h.KeyID)
	if err != nil {
		return Claims{}, err
	}
	digest := sha256.Sum256([]byte(signed))
	if rsa.VerifyPKCS1v15(key, crypto.SHA256, digest[:], sig) != nil {
		return Claims{}, refuse("wrong signature")
	}
	var c Claims
	if !decode(body64, &c) {
		return Claims{}, refuse("the claims cannot be read")
	}
	return c, nil
}

func cutLast(s string) (before, after string, ok bool) {
	i := strings.LastIndexByte(s, '.')
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+1:], true
}

func decode(part string, into any) bool {
	b, err := strict.DecodeString(part)
	return err == nil && json.Unmarshal(b, into) == nil
}

// check applies what depends on the time and on who asks.
func (c Claims) check(now time.Time, audiences []string) error {
	early, late := now.Add(leeway).Unix(), now.Add(-leeway).Unix()
	switch {
	case !slices.Contains(issuers[:], c.Issuer):
		return refuse("wrong issuer")
	case c.Audience == "" || !slices.Contains(audiences, c.Audience):
		return refuse("for another audience")
	case c.Expires <= late:
		return refuse("expired")
	case c.IssuedAt <= 0 || c.IssuedAt > early || c.NotBefore > early:
		return refuse("not valid yet")
	case c.Subject == "" || c.Email == "" || !c.EmailVerified:
		return refuse("no verified address")
	}
	return nil
}
