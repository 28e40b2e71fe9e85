package addon

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"time"

	"threadline/internal/crm"
)

// tokenLife is the life of the tokens that Google issues.
const tokenLife = time.Hour

// Signer issues tokens as Google would, with a key of its own. The demo uses it
// so that the sidebar can be driven without Google; a server that is not a demo
// never makes one.
type Signer struct {
	key            *rsa.PrivateKey
	kid            string
	now            func() time.Time
	audience       string
	clientID       string
	serviceAccount string
}

// SignerConfig is what the tokens of a Signer say.
type SignerConfig struct {
	Audience       string // of system tokens: the address of the endpoint
	ClientID       string // audience of user tokens
	ServiceAccount string // address in system tokens
	Now            func() time.Time
}

// NewSigner makes a key pair. A new one on every start: nothing is worth
// keeping, and a token of the demo opens nothing else.
func NewSigner(cfg SignerConfig) (*Signer, error) {
	key, err := rsa.GenerateKey(rand.Reader, minKeyBits)
	if err != nil {
		return nil, crm.E(crm.Internal, "addon.NewSigner", "no key could be made", err)
	}
	sum := sha256.Sum256(key.N.Bytes())
	s := &Signer{key: key, kid: base64.RawURLEncoding.EncodeToString(sum[:12]), now: cfg.Now,
		audience: cfg.Audience, clientID: cfg.ClientID, serviceAccount: cfg.ServiceAccount}
	if s.now == nil {
		s.now = time.Now
	}
	return s, nil
}

// JWKS is the document that a Verifier needs.
func (s *Signer) JWKS() []byte {
	e := big.NewInt(int64(s.key.E)).Bytes()
	b, err := json.Marshal(jwks{[]jwk{{Type: "RSA", ID: s.kid, Use: "sig", Algorithm: "RS256",
		N: base64.RawURLEncoding.EncodeToString(s.key.N.Bytes()), E: base64.RawURLEncoding.EncodeToString(e)}}})
	if err != nil {
		return nil // a struct of strings always encodes
	}
	return b
}

// SystemToken says "this request comes from Google".
func (s *Signer) SystemToken() (string, error) {
	return s.sign(Claims{Audience: s.audience, Subject: "system", Email: s.serviceAccount})
}

// UserToken says who sits before the sidebar. Subject is the person's stable
// key at the identity provider.
func (s *Signer) UserToken(subject, email string) (string, error) {
	return s.sign(Claims{Audience: s.clientID, Subject: subject, Email: email})
}

func (s *Signer) sign(c Claims) (string, error) {
	now := s.now()
	c.Issuer, c.EmailVerified = issuers[0], true
	c.IssuedAt, c.Expires = now.Unix(), now.Add(tokenLife).Unix()
	return s.seal(jose{Algorithm: "RS256", KeyID: s.kid}, c)
}

func (s *Signer) seal(h jose, claims any) (string, error) {
	const op = crm.Op("addon.Signer")
	head, err := json.Marshal(h)
	if err != nil {
		return "", crm.E(crm.Internal, op, "the header cannot be encoded", err)
	}
	body, err := json.Marshal(claims)
	if err != nil {
		return "", crm.E(crm.Internal, op, "the claims cannot be encoded", err)
	}
	enc := base64.RawURLEncoding
	signed := enc.EncodeToString(head) + "." + enc.EncodeToString(body)
	digest := sha256.Sum256([]byte(signed))
	sig, err := rsa.SignPKCS1v15(rand.Reader, s.key, crypto.SHA256, digest[:])
	if err != nil {
		return "", crm.E(crm.Internal, op, "the token cannot be signed", err)
	}
	return signed + "." + enc.EncodeToString(sig), nil
}
