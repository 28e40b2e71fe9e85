package auth

import (
	"fmt"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"threadline/internal/crm"
	"threadline/internal/seal"
	"threadline/internal/store"
)

const goodPassword = "copper lantern 7 harbour"

func withPassword(t *testing.T, s *Service, sp *store.Space) crm.User {
	t.Helper()
	u, _ := addUser(t, s, sp, "ola@acme.example")
	if err := s.SetPassword(t.Context(), sp, u.ID, seal.NewSecret(goodPassword), crm.Session{}); err != nil {
		t.Fatal(err)
	}
	return u
}

func signIn(t *testing.T, s *Service, sp *store.Space, email, password string, v Visit) (Begun, error) {
	t.Helper()
	return s.SignIn(t.Context(), sp, email, seal.NewSecret(password), v)
}

func TestPassword(t *testing.T) {
	s, sp, _ := start(t)
	u := withPassword(t, s, sp)
	b, err := signIn(t, s, sp, "OLA@acme.example", goodPassword, Visit{Address: "192.0.2.1", Agent: "Firefox"})
	if err != nil || b.User.ID != u.ID || b.Half {
		t.Fatalf("%+v, %v", b, err)
	}
	var said []string
	for _, c := range [][2]string{{"ola@acme.example", "wrong " + goodPassword}, {"ola@acme.example", ""}, {"nobody@acme.example", goodPassword}, {"no address", "x"},
		{"ola@acme.example", strings.Repeat("x", 100_000)}} {
		_, err := signIn(t, s, sp, c[0], c[1], Visit{Address: "192.0.2.1"})
		wantKind(t, err, crm.Unauthorized)
		said = append(said, err.Error())
	}
	for _, x := range said {
		if x != said[0] {
			t.Errorf("refusals differ: %q and %q", said[0], x)
		}
	}
	// What the browser held ends when it signs in anew.
	again, err := signIn(t, s, sp, "ola@acme.example", goodPassword, Visit{Address: "192.0.2.1", Old: b.Secret})
	if err != nil || again.Secret == b.Secret {
		t.Fatalf("%v", err)
	}
	_, err = s.Session(t.Context(), sp, b.Secret)
	wantKind(t, err, crm.Unauthorized)
	for _, bad := range []string{"short", "aaaaaaaaaaaaaaa", "1234567890", "password2026", "ola@acme.example", "\xff" + goodPassword, strings.Repeat("ab3 d", 60)} {
		wantKind(t, s.SetPassword(t.Context(), sp, u.ID, seal.NewSecret(bad), crm.Session{}), crm.Invalid)
	}
	p, err := s.Session(t.Context(), sp, again.Secret)
	if err != nil {
		t.Fatal(err)
	}
	other, err := signIn(t, s, sp, "ola@acme.example", goodPassword, Visit{})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.SetPassword(t.Context(), sp, u.ID, seal.NewSecret("another good sentence"), p.Session); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Session(t.Context(), sp, again.Secret); err != nil {
		t.Errorf("the browser that changed the password was signed out: %v", err)
	}
	_, err = s.Session(t.Context(), sp, other.Secret)
	wantKind(t, err, crm.Unauthorized) // the others are
}

func TestTriesAreCounted(t *testing.T) {
	s, sp, c := start(t)
	withPassword(t, s, sp)
	for _, who := range []string{"ola@acme.example", "nobody@acme.example"} { // equal for both
		for i := range triesPair {
			if _, err := signIn(t, s, sp, who, "wrong", Visit{Address: "2001:db8:1:2::" + fmt.Sprint(i)}); !crm.IsKind(err, crm.Unauthorized) {
				t.Fatalf("%s, try %d: %v", who, i, err)
			}
		}
		_, err := signIn(t, s, sp, who, goodPassword, Visit{Address: "2001:db8:1:2::ffff"})
		wantKind(t, err, crm.Throttled)
		if crm.RetryAfter(err) <= 0 {
			t.Errorf("the refusal does not say when: %v", err)
		}
	}
	if _, err := signIn(t, s, sp, "ola@acme.example", goodPassword, Visit{Address: "198.51.100.7"}); err != nil {
		t.Errorf("tries elsewhere lock the owner out: %v", err)
	}
	c.advance(2 * everyPair)
	if _, err := signIn(t, s, sp, "ola@acme.example", goodPassword, Visit{Address: "2001:db8:1:2::1"}); err != nil {
		t.Errorf("after the wait: %v", err)
	}
	for i := range maxLimits + 10 {
		_ = s.limits.try(time.Unix(0, 0), count{fmt.Sprint("x", i), 1, time.Hour})
	}
	if len(s.limits.m) > maxLimits {
		t.Errorf("%d counters", len(s.limits.m))
	}
}

func enrolled(t *testing.T, s *Service, sp *store.Space, c *clock, u crm.User) (secret string, codes []string) {
	t.Helper()
	e, err := s.Enrol(t.Context(), sp, u, "Acme")
	if err != nil || !strings.Contains(e.URL, "secret="+e.Secret) {
		t.Fatalf("%+v, %v", e, err)
	}
	_, err = s.Confirm(t.Context(), sp, u.ID, "000000", crm.Session{})
	wantKind(t, err, crm.Invalid)
	codes, err = s.Confirm(t.Context(), sp, u.ID, code(t, e.Secret, c), crm.Session{})
	if err != nil || len(codes) != recoveryCodes {
		t.Fatalf("%v, %v", codes, err)
	}
	return e.Secret, codes
}

func code(t *testing.T, secret string, c *clock) string {
	t.Helper()
	out, err := totp.GenerateCode(secret, c.now())
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestSecondFactor(t *testing.T) {
	s, sp, c := start(t)
	u := withPassword(t, s, sp)
	secret, codes := enrolled(t, s, sp, c, u)
	half := func() string {
		t.Helper()
		b, err := signIn(t, s, sp, "ola@acme.example", goodPassword, Visit{})
		if err != nil || !b.Half {
			t.Fatalf("%+v, %v", b, err)
		}
		_, err = s.Session(t.Context(), sp, b.Secret)
		wantKind(t, err, crm.Unauthorized) // half a sign-in opens nothing
		return b.Secret
	}
	_, err := s.Finish(t.Context(), sp, half(), code(t, secret, c), Visit{})
	wantKind(t, err, crm.Unauthorized) // the code that confirmed is spent
	c.advance(2 * totpPeriod)
	used := code(t, secret, c)
	b, err := s.Finish(t.Context(), sp, half(), used[:3]+" "+used[3:], Visit{})
	if err != nil || b.User.ID != u.ID {
		t.Fatalf("%v", err)
	}
	_, err = s.Finish(t.Context(), sp, half(), used, Visit{})
	wantKind(t, err, crm.Unauthorized) // replay
	h := half()
	if _, err = s.Finish(t.Context(), sp, h, strings.ToUpper(codes[3]), Visit{}); err != nil {
		t.Fatalf("a recovery code: %v", err)
	}
	_, err = s.Finish(t.Context(), sp, h, codes[4], Visit{})
	wantKind(t, err, crm.Unauthorized) // the half is used up
	_, err = s.Finish(t.Context(), sp, half(), codes[3], Visit{})
	wantKind(t, err, crm.Unauthorized) // and so is the code
	late := half()
	c.advance(HalfLife)
	_, err = s.Finish(t.Context(), sp, late, code(t, secret, c), Visit{})
	wantKind(t, err, crm.Unauthorized)
	link, err := s.NewLink(t.Context(), sp, u.ID)
	if err != nil {
		t.Fatal(err)
	}
	if b, err := s.Redeem(t.Context(), sp, link, Visit{}); err != nil || !b.Half {
		t.Errorf("a link goes around the second factor: %+v, %v", b, err)
	}
	if err := s.Reset(t.Context(), sp, u.ID); err != nil {
		t.Fatal(err)
	}
	if w, err := s.WaysOf(t.Context(), sp, u.ID); err != nil || w.TOTP || w.Password {
		t.Errorf("after a reset: %+v, %v", w, err)
	}
}

func TestCodesAreNotGuessed(t *testing.T) {
	s, sp, c := start(t)
	u := withPassword(t, s, sp)
	secret, codes := enrolled(t, s, sp, c, u)
	for range 2 {
		c.advance(10 * everyPair)
		b, err := signIn(t, s, sp, "ola@acme.example", goodPassword, Visit{})
		if err != nil {
			t.Fatal(err)
		}
		for range maxTries {
			_, err := s.Finish(t.Context(), sp, b.Secret, "999999x", Visit{})
			wantKind(t, err, crm.Unauthorized)
		}
		_, err = s.Finish(t.Context(), sp, b.Secret, codes[0], Visit{})
		wantKind(t, err, crm.Unauthorized) // five wrong ones end it
	}
	b, err := signIn(t, s, sp, "ola@acme.example", goodPassword, Visit{})
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.Finish(t.Context(), sp, b.Secret, code(t, secret, c), Visit{})
	wantKind(t, err, crm.Unauthorized) // ten in a row: the right one waits too
	c.advance(failedWait)
	if b, err = signIn(t, s, sp, "ola@acme.example", goodPassword, Visit{}); err != nil {
		t.Fatal(err)
	}
	if _, err = s.Finish(t.Context(), sp, b.Secret, code(t, secret, c), Visit{}); err != nil {
		t.Errorf("after the wait: %v", err)
	}
}

func TestProveAndEnd(t *testing.T) {
	s, sp, c := start(t)
	u := withPassword(t, s, sp)
	b, err := signIn(t, s, sp, "ola@acme.example", goodPassword, Visit{Agent: "Chromium"})
	if err != nil {
		t.Fatal(err)
	}
	c.advance(FreshLife)
	p, err := s.Session(t.Context(), sp, b.Secret)
	if err != nil || p.Fresh(s.store.Now()) {
		t.Fatalf("fresh after ten minutes: %v", err)
	}
	_, err = s.Prove(t.Context(), sp, p, seal.NewSecret("wrong"), seal.Secret{}, Visit{})
	wantKind(t, err, crm.Denied)
	again, err := s.Prove(t.Context(), sp, p, seal.NewSecret(goodPassword), seal.Secret{}, Visit{})
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.Session(t.Context(), sp, b.Secret)
	wantKind(t, err, crm.Unauthorized) // the secret was renewed
	if p, err = s.Session(t.Context(), sp, again.Secret); err != nil || !p.Fresh(s.store.Now()) {
		t.Fatalf("not fresh: %v", err)
	}
	list, err := s.Sessions(t.Context(), sp, u.ID)
	if err != nil || len(list) != 1 || list[0].Agent != "Chromium" {
		t.Fatalf("%+v, %v", list, err)
	}
	wantKind(t, s.End(t.Context(), sp, "usr_other", SessionName(list[0])), crm.NotFound)
	if err := s.End(t.Context(), sp, u.ID, SessionName(list[0])); err != nil {
		t.Fatal(err)
	}
	_, err = s.Session(t.Context(), sp, again.Secret)
	wantKind(t, err, crm.Unauthorized)
	idle, err := signIn(t, s, sp, "ola@acme.example", goodPassword, Visit{})
	if err != nil {
		t.Fatal(err)
	}
	c.advance(IdleLife)
	_, err = s.Session(t.Context(), sp, idle.Secret)
	wantKind(t, err, crm.Unauthorized)
}

func TestKeyScopesAndUse(t *testing.T) {
	s, sp, c := start(t)
	u, _ := addUser(t, s, sp, "ola@acme.example")
	_, _, err := s.AddKey(t.Context(), sp, KeyInput{User: u.ID, Grants: []crm.Grant{"root"}})
	wantKind(t, err, crm.Invalid)
	_, token, err := s.AddKey(t.Context(), sp, KeyInput{User: u.ID, Grants: []crm.Grant{crm.GrantRead}, Expires: s.store.Now().Add(time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	c.advance(time.Minute)
	p, err := s.Key(t.Context(), sp, token)
	if err != nil || len(p.Grants) != 1 {
		t.Fatalf("%+v, %v", p, err)
	}
	keys, err := s.Keys(t.Context(), sp, u.ID)
	if err != nil || keys[0].Used != s.store.Now() {
		t.Errorf("last use %v, %v", keys, err)
	}
	c.advance(time.Hour)
	_, err = s.Key(t.Context(), sp, token)
	wantKind(t, err, crm.Unauthorized)
}

// TestFlood lets two hundred sign in at once: hashes are worked out two at a
// time, so that memory does not grow with the crowd.
func TestFlood(t *testing.T) {
	s, sp, _ := start(t)
	withPassword(t, s, sp)
	var before, during runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	var most atomic.Uint64
	done := make(chan struct{})
	var watch sync.WaitGroup
	watch.Go(func() {
		for { // each reading stops the world: without a pause nobody gets on
			runtime.ReadMemStats(&during)
			most.Store(max(most.Load(), during.HeapInuse))
			select {
			case <-done:
				return
			case <-time.After(2 * time.Millisecond):
			}
		}
	})
	var wg sync.WaitGroup
	var in, refused, waits atomic.Int32
	for i := range 200 {
		wg.Go(func() {
			_, err := s.SignIn(t.Context(), sp, "ola@acme.example", seal.NewSecret(goodPassword), Visit{Address: fmt.Sprintf("192.0.2.%d", i)})
			switch {
			case err == nil:
				in.Add(1)
			case crm.IsKind(err, crm.Throttled):
				refused.Add(1)
			case crm.IsKind(err, crm.Unavailable):
				waits.Add(1)
			default:
				t.Error(err)
			}
		})
	}
	wg.Wait()
	close(done)
	watch.Wait()
	grown := int64(most.Load()) - int64(before.HeapInuse)
	t.Logf("%d in, %d throttled, %d told to come again; the heap grew by at most %d MiB", in.Load(), refused.Load(), waits.Load(), grown>>20)
	if in.Load() == 0 || in.Load()+refused.Load()+waits.Load() != 200 {
		t.Error("not everybody was answered")
	}
	if grown > 256<<20 {
		t.Errorf("the heap grew by %d MiB", grown>>20)
	}
}

func FuzzParseHash(f *testing.F) {
	f.Add("$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")
	f.Fuzz(func(t *testing.T, s string) {
		if p, ok := parseHash(s); ok && (p.memory > 256<<10 || p.passes > 16 || len(p.sum) > 64) {
			t.Errorf("costs out of bounds: %+v", p)
		}
	})
}
