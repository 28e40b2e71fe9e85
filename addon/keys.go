package addon

import (
	"context"
	"crypto/rsa"
	"encoding/json"
	"io"
	"math/big"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	"threadline/addon/card"
	"threadline/internal/crm"
)

const (
	maxKeySet    = 1 << 20
	fetchTimeout = 5 * time.Second
	fetchPause   = 30 * time.Second // between two fetches, however many unknown keys are named
	minKeyLife   = 5 * time.Minute
	maxKeyLife   = 24 * time.Hour
	minKeyBits   = 2048
	maxKeyBits   = 8192
)

// keySet holds the public keys of the token issuer.
type keySet struct {
	source string
	client *http.Client // nil: source is a file
	now    func() time.Time

	fetching sync.Mutex // held while keys are fetched, so that one caller does it

	mu      sync.Mutex
	keys    map[string]*rsa.PublicKey
	fresh   time.Time // until when keys need not be fetched again
	fetched time.Time // last attempt
}

func newKeySet(source string, client *http.Client, now func() time.Time) (*keySet, error) {
	s := &keySet{source: source, now: now}
	if source == "" {
		return nil, crm.Errorf(crm.Invalid, "addon.NewVerifier", "no key set is configured").
			WithHint("give the address or the file of a JWKS document")
	}
	if strings.Contains(source, "://") {
		if _, err := card.ParseURL(source); err != nil {
			return nil, err
		}
		if s.client = client; s.client == nil {
			s.client = http.DefaultClient
		}
	}
	return s, nil
}

// find returns the key with the id. It fetches the set when it has grown old or
// does not hold the key, at most once per fetchPause.
func (s *keySet) find(ctx context.Context, kid string) (*rsa.PublicKey, error) {
	if k, due := s.look(kid); !due {
		return k, nil
	}
	s.fetching.Lock()
	defer s.fetching.Unlock()
	k, due := s.look(kid) // somebody may have fetched while we waited
	if !due {
		return k, nil
	}
	err := s.fetch(ctx)
	if now, _ := s.look(kid); now != nil {
		k = now
	}
	switch {
	case k != nil: // an old key is better than none while the source is down
		return k, nil
	case err != nil:
		return nil, err
	}
	return nil, refuse("signed by an unknown key")
}

// look returns the key and whether a fetch is due for it.
func (s *keySet) look(kid string) (*rsa.PublicKey, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	k, now := s.keys[kid], s.now()
	if s.outdated() {
		k = nil
	}
	return k, k == nil || now.After(s.fresh)
}

// outdated tells whether the source has been down for too long to go on
// believing what it once said. The caller holds mu.
func (s *keySet) outdated() bool { return s.now().After(s.fresh.Add(maxKeyLife)) }

// fetch replaces the keys, unless it was tried a moment ago.
func (s *keySet) fetch(ctx context.Context) error {
	s.mu.Lock()
	now := s.now()
	pause := s.fetched.IsZero() || now.Sub(s.fetched) >= fetchPause
	empty := s.keys == nil || s.outdated()
	if pause {
		s.fetched = now
	}
	s.mu.Unlock()
	if !pause {
		if empty {
			return crm.Errorf(crm.Unavailable, "addon.keys", "the keys of the token issuer could not be had a moment ago")
		}
		return nil
	}
	body, life, err := s.read(ctx)
	if err != nil {
		return crm.E(crm.Unavailable, "addon.keys", "the keys of the token issuer cannot be had", err)
	}
	keys, err := parseKeys(body)
	if err != nil {
		return err
	}
	s.mu.Lock()
	s.keys, s.fresh = keys, s.now().Add(min(max(life, minKeyLife), maxKeyLife))
	s.mu.Unlock()
	return nil
}

func (s *keySet) read(ctx context.Context) ([]byte, time.Duration, error) {
	if s.client == nil {
		f, err := os.Open(s.source)
		if err != nil {
			return nil, 0, err
		}
		defer f.Close()
		b, err := io.ReadAll(io.LimitReader(f, maxKeySet))
		return b, 0, err
	}
	ctx, cancel := context.WithTimeout(ctx, fetchTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.source, nil)
	if err != nil {
		return nil, 0, err
	}
	res, err := s.client.Do(req)
	if err != nil {
		return nil, 0, err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return nil, 0, crm.Errorf(crm.Unavailable, "addon.keys", "the key server answers %s", res.Status)
	}
	b, err := io.ReadAll(io.LimitReader(res.Body, maxKeySet))
	return b, maxAge(res.Header.Get("Cache-Control")), err
}

// maxAge reads max-age (RFC 9111 §5.2.2.1), an hour when it is absent.
func maxAge(h string) time.Duration {
	for d := range strings.SplitSeq(h, ",") {
		if v, ok := strings.CutPrefix(strings.TrimSpace(strings.ToLower(d)), "max-age="); ok {
			if n, err := strconv.Atoi(v); err == nil && n >= 0 && n < 1<<31 {
				return time.Duration(n) * time.Second
			}
		}
	}
	return time.Hour
}

// jwk is a key of the set (RFC 7517 §4, RFC 7518 §6.3.1).
type jwk struct {
	Type      string `json:"kty"`
	ID        string `json:"kid"`
	Use       string `json:"use,omitempty"`
	Algorithm string `json:"alg,omitempty"`
	N         string `json:"n"`
	E         string `json:"e"`
}

type jwks struct {
	Keys []jwk `json:"keys"`
}

// parseKeys reads a key set and leaves out what cannot check RS256.
func parseKeys(body []byte) (map[string]*rsa.PublicKey, error) {
	var set jwks
	if err := json.Unmarshal(body, &set); err != nil {
		return nil, crm.E(crm.Unavailable, "addon.keys", "the key set is not a JWKS document", err)
	}
	keys := map[string]*rsa.PublicKey{}
	for _, k := range set.Keys {
		if pub := k.public(); pub != nil && k.ID != "" {
			keys[k.ID] = pub
		}
	}
	if len(keys) == 0 {
		return nil, crm.Errorf(crm.Unavailable, "addon.keys", "the key set holds no RSA key for signatures")
	}
	return keys, nil
}

func (k jwk) public() *rsa.PublicKey {
	if k.Type != "RSA" || k.Use != "" && k.Use != "sig" || k.Algorithm != "" && k.Algorithm != "RS256" {
		return nil
	}
	n, err1 := strict.DecodeString(k.N)
	e, err2 := strict.DecodeString(k.E)
	if err1 != nil || err2 != nil || len(e) == 0 || len(e) > 4 {
		return nil
	}
	pub := &rsa.PublicKey{N: new(big.Int).SetBytes(n), E: int(new(big.Int).SetBytes(e).Int64())}
	if bits := pub.N.BitLen(); bits < minKeyBits || bits > maxKeyBits || pub.E < 3 || pub.E%2 == 0 || pub.E > 1<<31-1 {
		return nil
	}
	return pub
}
