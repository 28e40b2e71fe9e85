package addon

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"google.golang.org/api/idtoken"
	"google.golang.org/api/option"

	"threadline/internal/crm"
)

const (
	audience = base + "/addon/v1/event"
	clientID = "123-abc.apps.googleusercontent.com"
	robot    = "service-123@gcp-sa-gsuiteaddons.iam.gserviceaccount.com"
)

// keyServer is a RoundTripper that serves key sets without a network.
type keyServer struct {
	mu    sync.Mutex
	body  []byte
	fail  error
	calls int
}

func (s *keyServer) RoundTrip(r *http.Request) (*http.Response, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls++
	if s.fail != nil {
		return nil, s.fail
	}
	return &http.Response{StatusCode: 200, Header: http.Header{"Cache-Control": {"public, max-age=3600"}},
		Body: io.NopCloser(bytes.NewReader(s.body)), Request: r}, nil
}

func (s *keyServer) set(body []byte, fail error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.body, s.fail = body, fail
}

// bench is a signer, a verifier and their clock.
type bench struct {
	signer *Signer
	server *keyServer
	v      *Verifier
	at     time.Time
}

func newBench(t testing.TB) *bench {
	t.Helper()
	b := &bench{at: time.Now().Truncate(time.Second)}
	now := func() time.Time { return b.at }
	var err error
	b.signer, err = NewSigner(SignerConfig{Audience: audience, ClientID: clientID, ServiceAccount: robot, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	b.server = &keyServer{body: b.signer.JWKS()}
	b.v, err = NewVerifier(VerifierConfig{JWKS: "https://keys.example/certs", Client: &http.Client{Transport: b.server}, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func (b *bench) claims() Claims {
	return Claims{Issuer: issuers[0], Audience: audience, Subject: "1", Email: robot, EmailVerified: true,
		IssuedAt: b.at.Unix(), Expires: b.at.Add(time.Hour).Unix()}
}

func (b *bench) token(t testing.TB, change func(*jose, *Claims)) string {
	t.Helper()
	h, c := jose{Algorithm: "RS256", KeyID: b.signer.kid}, b.claims()
	change(&h, &c)
	s, err := b.signer.seal(h, c)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestVerify has one row for each way in which a token can be wrong. Where the
// library of Google must agree, oracle says so.
func TestVerify(t *testing.T) {
	b := newBench(t)
	lib, err := idtoken.NewValidator(context.Background(), option.WithHTTPClient(&http.Client{Transport: b.server}))
	if err != nil {
		t.Fatal(err)
	}
	same := true
	for name, c := range map[string]struct {
		change func(*jose, *Claims)
		ok     bool
		oracle bool
	}{
		"Good":            {func(*jose, *Claims) {}, true, same},
		"OtherSpelling":   {func(_ *jose, c *Claims) { c.Issuer = issuers[1] }, true, same},
		"WrongAudience":   {func(_ *jose, c *Claims) { c.Audience = clientID }, false, same},
		"NoAudience":      {func(_ *jose, c *Claims) { c.Audience = "" }, false, same},
		"WrongIssuer":     {func(_ *jose, c *Claims) { c.Issuer = "https://evil.example" }, false, false},
		"LongExpired":     {func(_ *jose, c *Claims) { c.Expires = b.at.Add(-2 * time.Minute).Unix() }, false, same},
		"JustExpired":     {func(_ *jose, c *Claims) { c.Expires = b.at.Add(-59 * time.Second).Unix() }, true, false},
		"ExpiredAtLeeway": {func(_ *jose, c *Claims) { c.Expires = b.at.Add(-leeway).Unix() }, false, same},
		"NoExpiry":        {func(_ *jose, c *Claims) { c.Expires = 0 }, false, same},
		"IssuedTomorrow":  {func(_ *jose, c *Claims) { c.IssuedAt = b.at.Add(24 * time.Hour).Unix() }, false, false},
		"IssuedInAMinute": {func(_ *jose, c *Claims) { c.IssuedAt = b.at.Add(leeway).Unix() }, true, same},
		"NoIssueTime":     {func(_ *jose, c *Claims) { c.IssuedAt = 0 }, false, false},
		"NotBefore":       {func(_ *jose, c *Claims) { c.NotBefore = b.at.Add(time.Hour).Unix() }, false, false},
		"Unverified":      {func(_ *jose, c *Claims) { c.EmailVerified = false }, false, false},
		"NoEmail":         {func(_ *jose, c *Claims) { c.Email = "" }, false, false},
		"NoSubject":       {func(_ *jose, c *Claims) { c.Subject = "" }, false, false},
		"UnknownKey":      {func(h *jose, _ *Claims) { h.KeyID = "other" }, false, same},
		"NoKey":           {func(h *jose, _ *Claims) { h.KeyID = "" }, false, same},
		"AlgNone":         {func(h *jose, _ *Claims) { h.Algorithm = "none" }, false, same},
		"AlgHMAC":         {func(h *jose, _ *Claims) { h.Algorithm = "HS256" }, false, same},
		"Critical":        {func(h *jose, _ *Claims) { h.Critical = json.RawMessage(`["x"]`) }, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			token := b.token(t, c.change)
			got, err := b.v.Verify(context.Background(), token, "other", audience)
			if (err == nil) != c.ok {
				t.Fatalf("verified: %t, want %t (%v)", err == nil, c.ok, err)
			}
			if err != nil && !crm.IsKind(err, crm.Unauthorized) || err == nil && got.Email != robot {
				t.Errorf("got %+v, %v", got, err)
			}
			if c.oracle {
				if _, lerr := lib.Validate(context.Background(), token, audience); (lerr == nil) != c.ok {
					t.Errorf("the library of Google disagrees: %v", lerr)
				}
			}
		})
	}
}

// TestVerifyBrokenTokens includes the one on which Google's library panics.
func TestVerifyBrokenTokens(t *testing.T) {
	b := newBench(t)
	good := b.token(t, func(*jose, *Claims) {})
	parts := strings.Split(good, ".")
	enc := base64.RawURLEncoding.EncodeToString
	ec := enc([]byte(`{"alg":"ES256","kid":"` + b.signer.kid + `"}`))
	padding := parts[2][:len(parts[2])-1] + string(parts[2][len(parts[2])-1]+1)
	for name, token := range map[string]string{
		"Empty": "", "Dots": "..", "TwoParts": parts[0] + "." + parts[1], "FourParts": good + ".x", "Long": good + strings.Repeat("x", maxToken),
		"ShortECSignature": ec + "." + parts[1] + "." + enc([]byte{1, 2, 3}),
		"NoSignature":      parts[0] + "." + parts[1] + ".",
		"BadBase64":        parts[0] + "." + parts[1] + ".!!!",
		"SecondSpelling":   parts[0] + "." + parts[1] + "." + padding,
		"SwappedClaims":    parts[0] + "." + enc([]byte(`{"aud":"x"}`)) + "." + parts[2],
		"HeaderNoJSON":     enc([]byte("x")) + "." + parts[1] + "." + parts[2],
	} {
		if _, err := b.v.Verify(context.Background(), token, audience); !crm.IsKind(err, crm.Unauthorized) {
			t.Errorf("%s: %v", name, err)
		} else if len(token) > 9 && strings.Contains(err.Error(), token[:10]) {
			t.Errorf("%s: the error quotes the token", name)
		}
	}
	if _, err := b.v.Verify(context.Background(), good); err == nil {
		t.Error("accepted without any allowed audience")
	}
}

func TestKeysAreFetchedSparingly(t *testing.T) {
	b := newBench(t)
	ctx := context.Background()
	good, strange := b.token(t, func(*jose, *Claims) {}), b.token(t, func(h *jose, _ *Claims) { h.KeyID = "strange" })
	for range 5 {
		if _, err := b.v.Verify(ctx, good, audience); err != nil {
			t.Fatal(err)
		}
	}
	for range 5 {
		if _, err := b.v.Verify(ctx, strange, audience); !crm.IsKind(err, crm.Unauthorized) {
			t.Fatal(err)
		}
	}
	if b.server.calls != 1 {
		t.Errorf("%d fetches at one moment, want 1", b.server.calls)
	}
	b.at = b.at.Add(fetchPause)
	b.v.Verify(ctx, strange, audience)
	b.v.Verify(ctx, strange, audience)
	if b.server.calls != 2 {
		t.Errorf("%d fetches after the pause, want 2", b.server.calls)
	}
}

// TestKeyRotation: a new key is found at once, and while the source is down the
// old keys are believed for a day.
func TestKeyRotation(t *testing.T) {
	b, other := newBench(t), newBench(t)
	ctx := context.Background()
	other.at = b.at
	old := b.token(t, func(_ *jose, c *Claims) { c.Expires += 1 << 20 })
	if _, err := b.v.Verify(ctx, old, audience); err != nil {
		t.Fatal(err)
	}
	b.at = b.at.Add(fetchPause)
	b.server.set(other.signer.JWKS(), nil)
	if _, err := b.v.Verify(ctx, other.token(t, func(*jose, *Claims) {}), audience); err != nil {
		t.Errorf("the new key is not found: %v", err)
	}
	if _, err := b.v.Verify(ctx, old, audience); err != nil {
		t.Errorf("a token verified a moment ago is forgotten: %v", err)
	}
	b.at = b.at.Add(seenLife)
	if _, err := b.v.Verify(ctx, old, audience); !crm.IsKind(err, crm.Unauthorized) {
		t.Errorf("a withdrawn key is believed for too long: %v", err)
	}
	b.server.set(nil, errors.New("down"))
	b.at = b.at.Add(2 * time.Hour)
	if _, err := b.v.Verify(ctx, other.token(t, func(_ *jose, c *Claims) { c.Expires = b.at.Unix() + 60 }), audience); err != nil {
		t.Errorf("the old key is not believed while the source is down: %v", err)
	}
	b.at = b.at.Add(25 * time.Hour)
	late := other.token(t, func(_ *jose, c *Claims) { c.Expires = b.at.Unix() + 60 })
	for range 2 {
		if _, err := b.v.Verify(ctx, late, audience); !crm.IsKind(err, crm.Unavailable) {
			t.Errorf("a day later: %v", err)
		}
	}
}

func TestKeySources(t *testing.T) {
	b := newBench(t)
	token := b.token(t, func(*jose, *Claims) {})
	file := filepath.Join(t.TempDir(), "keys.json")
	verify := func(source string) error {
		v, err := NewVerifier(VerifierConfig{JWKS: source, Now: func() time.Time { return b.at }})
		if err != nil {
			return err
		}
		_, err = v.Verify(context.Background(), token, audience)
		return err
	}
	for name, c := range map[string]struct {
		content string
		want    crm.ErrorKind
	}{
		"Good":     {string(b.signer.JWKS()), ""},
		"NotJSON":  {"x", crm.Unavailable},
		"NoKeys":   {`{"keys":[]}`, crm.Unavailable},
		"WeakKey":  {`{"keys":[{"kty":"RSA","kid":"a","n":"` + strings.Repeat("x", 100) + `","e":"AQAB"}]}`, crm.Unavailable},
		"ForCrypt": {strings.Replace(string(b.signer.JWKS()), `"sig"`, `"enc"`, 1), crm.Unavailable},
		"Elliptic": {strings.Replace(string(b.signer.JWKS()), `"RSA"`, `"EC"`, 1), crm.Unavailable},
	} {
		if err := os.WriteFile(file, []byte(c.content), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := verify(file); crm.KindOf(err) != c.want {
			t.Errorf("%s: %v", name, err)
		}
	}
	for source, want := range map[string]crm.ErrorKind{
		"": crm.Invalid, "http://keys.example/": crm.Invalid, "ftp://x/": crm.Invalid, file + ".none": crm.Unavailable,
	} {
		if err := verify(source); crm.KindOf(err) != want {
			t.Errorf("%q: %v", source, err)
		}
	}
}

func TestSeenIsBounded(t *testing.T) {
	s, now := newSeen(10), time.Now()
	sum := func(i int) [sha256.Size]byte { return sha256.Sum256([]byte{byte(i)}) }
	for i := range 100 {
		s.put(sum(i), Claims{Subject: "x", Expires: now.Add(time.Hour).Unix()}, now)
		if s.size() > 10 {
			t.Fatalf("holds %d", s.size())
		}
	}
	if _, ok := s.get(sum(99), now); !ok {
		t.Error("the newest is forgotten")
	}
	if _, ok := s.get(sum(1), now); ok {
		t.Error("the oldest is remembered")
	}
	if _, ok := s.get(sum(99), now.Add(seenLife)); ok {
		t.Error("remembered for too long")
	}
	s.put(sum(1), Claims{Expires: now.Unix()}, now)
	if _, ok := s.get(sum(1), now.Add(leeway)); ok {
		t.Error("remembered beyond its expiry")
	}
}

// TestVerifyTogether is for the race detector.
func TestVerifyTogether(t *testing.T) {
	b := newBench(t)
	good, bad := b.token(t, func(*jose, *Claims) {}), b.token(t, func(h *jose, _ *Claims) { h.KeyID = "x" })
	var wg sync.WaitGroup
	for i := range 16 {
		wg.Go(func() {
			for range 20 {
				if _, err := b.v.Verify(context.Background(), good, audience); err != nil {
					t.Error(err)
				}
				if i%2 == 0 {
					b.v.Verify(context.Background(), bad, audience)
				}
			}
		})
	}
	wg.Wait()
	if b.server.calls != 1 {
		t.Errorf("%d fetches", b.server.calls)
	}
}

// FuzzToken: nothing but the very bytes that were signed is believed.
func FuzzToken(f *testing.F) {
	b := newBench(f)
	good := b.token(f, func(*jose, *Claims) {})
	f.Add("a.b.c", uint16(3), byte('A'))
	f.Add(good, uint16(len(good)-1), byte('B'))
	f.Fuzz(func(t *testing.T, junk string, pos uint16, c byte) {
		ctx := context.Background()
		if _, err := b.v.Verify(ctx, junk, audience); err == nil && junk != good {
			t.Fatalf("believed %q", junk)
		}
		changed := []byte(good)
		changed[int(pos)%len(changed)] = c
		if _, err := b.v.Verify(ctx, string(changed), audience); (err == nil) != (string(changed) == good) {
			t.Fatalf("%q at %d: %v", c, pos, err)
		}
	})
}

func BenchmarkVerify(b *testing.B) {
	x := newBench(b)
	good := x.token(b, func(*jose, *Claims) {})
	b.Run("Seen", func(b *testing.B) {
		for b.Loop() {
			x.v.Verify(context.Background(), good, audience)
		}
	})
	b.Run("New", func(b *testing.B) {
		for b.Loop() {
			x.v.seen = newSeen(10)
			x.v.Verify(context.Background(), good, audience)
		}
	})
}
