package auth

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"threadline/internal/crm"
	"threadline/internal/store"
)

func TestBootstrap(t *testing.T) {
	s, sp, _ := start(t)
	again, err := s.Bootstrap(t.Context(), BootstrapInput{Name: "Other"})
	if err != nil || again != sp.Workspace() {
		t.Fatalf("a second start made %s (%v), want %s", again, err, sp.Workspace())
	}
	d, err := store.Workspaces.Get(t.Context(), sp, string(sp.Workspace()))
	if err != nil {
		t.Fatal(err)
	}
	ws := d.Value
	if ws.Name != "Acme" || len(ws.IDKey) != 32 || ws.Currency != "EUR" || ws.Zone != "UTC" || ws.Locale != "en" {
		t.Errorf("made %+v", ws)
	}
	p, err := store.Settings.Get(t.Context(), sp, "pipeline_sales")
	if err != nil || p.Value.Pipeline == nil || len(p.Value.Pipeline.Stages) != 5 {
		t.Errorf("pipeline %+v, %v", p.Value.Pipeline, err)
	}
	feed, _, err := sp.Changes(t.Context(), "", 10)
	if err != nil || len(feed) != 1 || feed[0].Change == nil {
		t.Errorf("the start left %d entries in the feed (%v)", len(feed), err)
	}
}

func TestBootstrapRefuses(t *testing.T) {
	st, _ := openStore(t)
	s := New(st, rand.Reader)
	for name, in := range map[string]BootstrapInput{
		"zone":     {Zone: "Mars/Olympus"},
		"currency": {Currency: "euro"},
	} {
		if _, err := s.Bootstrap(t.Context(), in); !crm.IsKind(err, crm.Invalid) {
			t.Errorf("a wrong %s: %v", name, err)
		}
	}
	if ids, err := st.Workspaces(t.Context()); err != nil || len(ids) != 0 {
		t.Errorf("a refused start left %v (%v)", ids, err)
	}
}

func TestLinkWorksOnce(t *testing.T) {
	s, sp, c := start(t)
	u, token := addUser(t, s, sp, "Ola@Acme.example")
	if u.Status != crm.UserInvited || u.Email != "ola@acme.example" || u.Name != "ola" {
		t.Errorf("added %+v", u)
	}
	_, _, err := s.AddUser(t.Context(), sp, "ola@acme.example", "", "")
	wantKind(t, err, crm.Exists)

	_, err = s.Session(t.Context(), sp, token)
	wantKind(t, err, crm.Unauthorized) // a link is no session
	_, err = s.Redeem(t.Context(), sp, "x"+token, Visit{})
	wantKind(t, err, crm.Unauthorized)

	begun, err := s.Redeem(t.Context(), sp, token, Visit{})
	secret, in := begun.Secret, begun.User
	if err != nil || in.ID != u.ID || in.Status != crm.UserActive {
		t.Fatalf("signed in as %+v, %v", in, err)
	}
	_, err = s.Redeem(t.Context(), sp, token, Visit{})
	wantKind(t, err, crm.Unauthorized)
	_, err = s.Redeem(t.Context(), sp, secret, Visit{})
	wantKind(t, err, crm.Unauthorized) // a session is no link

	got, err := s.Session(t.Context(), sp, secret)
	if err != nil || got.User.ID != u.ID || !got.Fresh(s.store.Now()) {
		t.Errorf("session of %+v, %v", got, err)
	}
	late, err := s.NewLink(t.Context(), sp, u.ID)
	if err != nil {
		t.Fatal(err)
	}
	c.advance(LinkLife)
	_, err = s.Redeem(t.Context(), sp, late, Visit{})
	wantKind(t, err, crm.Unauthorized)
	c.advance(SessionLife)
	_, err = s.Session(t.Context(), sp, secret)
	wantKind(t, err, crm.Unauthorized)
}

func TestLinkRace(t *testing.T) {
	s, sp, _ := start(t)
	_, token := addUser(t, s, sp, "ola@acme.example")
	var in atomic.Int32
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if _, err := s.Redeem(t.Context(), sp, token, Visit{}); err == nil {
				in.Add(1)
			}
		})
	}
	wg.Wait()
	if in.Load() != 1 {
		t.Errorf("%d got in with one link", in.Load())
	}
}

func TestKey(t *testing.T) {
	s, sp, c := start(t)
	u, _ := addUser(t, s, sp, "ola@acme.example")
	key, token, err := s.AddKey(t.Context(), sp, KeyInput{User: u.ID, Name: " ci "})
	if err != nil || key.Name != "ci" || !strings.HasPrefix(token, "tl_") || strings.Count(token, "_") != 2 {
		t.Fatalf("made %+v %q, %v", key, token, err)
	}
	for range 2 { // the second answer comes from the cache
		if got, err := s.Key(t.Context(), sp, token); err != nil || got.User.ID != u.ID {
			t.Errorf("the key is %+v, %v", got, err)
		}
		for _, bad := range []string{"", "tl_", "tl_x_y", token + "a", token[:len(token)-1], strings.Replace(token, "tl_", "xx_", 1)} {
			_, err := s.Key(t.Context(), sp, bad)
			wantKind(t, err, crm.Unauthorized)
		}
	}
	elsewhere := s.store.In("wsp_other")
	_, err = s.Key(t.Context(), elsewhere, token)
	wantKind(t, err, crm.Unauthorized)

	keys, err := s.Keys(t.Context(), sp, u.ID)
	if err != nil || len(keys) != 1 || keys[0].ID != key.ID {
		t.Errorf("keys %+v, %v", keys, err)
	}
	shown, err := json.Marshal(keys)
	if err != nil || strings.Contains(string(shown), key.Hash) {
		t.Errorf("the hash is shown: %s (%v)", shown, err)
	}
	if err := s.RevokeKey(t.Context(), sp, key.ID); err != nil {
		t.Fatal(err)
	}
	_, err = s.Key(t.Context(), sp, token)
	wantKind(t, err, crm.Unauthorized)
	wantKind(t, s.RevokeKey(t.Context(), sp, key.ID), crm.NotFound)
	c.advance(time.Second)
	_, _, err = s.AddKey(t.Context(), sp, KeyInput{User: "usr_aaaaaaaaaaaaaaaaaaaaaaaaaa"})
	wantKind(t, err, crm.NotFound)
}

// TestRevocationElsewhere revokes by another process, which this one's cache
// does not hear of.
func TestRevocationElsewhere(t *testing.T) {
	s, sp, c := start(t)
	other := New(s.store, rand.Reader)
	u, link := addUser(t, s, sp, "ola@acme.example")
	key, token, err := s.AddKey(t.Context(), sp, KeyInput{User: u.ID, Name: ""})
	if err != nil {
		t.Fatal(err)
	}
	begun, err := s.Redeem(t.Context(), sp, link, Visit{})
	secret := begun.Secret
	if err != nil {
		t.Fatal(err)
	}
	check := func(kind crm.ErrorKind) {
		t.Helper()
		_, kerr := s.Key(t.Context(), sp, token)
		_, serr := s.Session(t.Context(), sp, secret)
		if crm.KindOf(kerr) != kind || crm.KindOf(serr) != kind {
			t.Errorf("key %v, session %v, want %q", kerr, serr, kind)
		}
	}
	check("")
	if err := other.RevokeKey(t.Context(), sp, key.ID); err != nil {
		t.Fatal(err)
	}
	if err := other.SignOut(t.Context(), sp, secret); err != nil {
		t.Fatal(err)
	}
	c.advance(CacheTTL)
	check(crm.Unauthorized)
}

func TestLeave(t *testing.T) {
	s, sp, _ := start(t)
	u, link := addUser(t, s, sp, "ola@acme.example")
	_, token, err := s.AddKey(t.Context(), sp, KeyInput{User: u.ID, Name: ""})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.UserBySubject(t.Context(), sp, "sub-1", u.Email); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Key(t.Context(), sp, token); err != nil {
		t.Fatal(err)
	}
	if err := s.Leave(t.Context(), sp, u.ID); err != nil {
		t.Fatal(err)
	}
	_, err = s.Key(t.Context(), sp, token)
	wantKind(t, err, crm.Unauthorized)
	_, err = s.Redeem(t.Context(), sp, link, Visit{})
	wantKind(t, err, crm.Unauthorized)
	_, err = s.NewLink(t.Context(), sp, u.ID)
	wantKind(t, err, crm.Denied)
	_, err = s.UserBySubject(t.Context(), sp, "sub-1", u.Email)
	wantKind(t, err, crm.Denied)
}

// TestInvitationEndsWithAnotherWayIn: who came by Google is nobody whom the one that
// sent the invitation can be.
func TestInvitationEndsWithAnotherWayIn(t *testing.T) {
	s, sp, _ := start(t)
	u, link := addUser(t, s, sp, "ola@acme.example")
	if _, err := s.SignInBy(t.Context(), sp, Identity{Issuer: crm.GoogleIssuer, Subject: "sub-1", Verified: u.Email}, Visit{}); err != nil {
		t.Fatal(err)
	}
	_, err := s.Redeem(t.Context(), sp, link, Visit{})
	wantKind(t, err, crm.Unauthorized)
	again, err := s.NewLink(t.Context(), sp, u.ID) // one that they ask for themselves works as before
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Redeem(t.Context(), sp, again, Visit{}); err != nil {
		t.Error(err)
	}
}

func TestUserBySubject(t *testing.T) {
	s, sp, c := start(t)
	ola, _ := addUser(t, s, sp, "ola@acme.example")
	got, err := s.UserBySubject(t.Context(), sp, "sub-1", "OLA@acme.example")
	if err != nil || got.ID != ola.ID || got.Subject != "sub-1" || got.Status != crm.UserActive {
		t.Fatalf("got %+v, %v", got, err)
	}
	c.advance(CacheTTL) // so that the store is asked
	got, err = s.UserBySubject(t.Context(), sp, "sub-1", "renamed@acme.example")
	if err != nil || got.ID != ola.ID {
		t.Errorf("after a change of address: %+v, %v", got, err)
	}
	_, err = s.UserBySubject(t.Context(), sp, "sub-2", ola.Email)
	wantKind(t, err, crm.Denied) // the address was given to somebody else
	_, err = s.UserBySubject(t.Context(), sp, "sub-3", "nobody@acme.example")
	wantKind(t, err, crm.Denied)
	_, err = s.UserBySubject(t.Context(), sp, "sub-3", "")
	wantKind(t, err, crm.Denied)
	_, err = s.UserBySubject(t.Context(), sp, "", ola.Email)
	wantKind(t, err, crm.Unauthorized)

	got, err = s.UserByEmail(t.Context(), sp, ola.Email)
	if err != nil || got.ID != ola.ID {
		t.Errorf("by address %+v, %v", got, err)
	}
	_, err = s.UserByEmail(t.Context(), sp, "nobody@acme.example")
	wantKind(t, err, crm.NotFound)
	if users, err := s.Users(t.Context(), sp); err != nil || len(users) != 1 {
		t.Errorf("users %+v, %v", users, err)
	}
}

func TestCacheStaysSmall(t *testing.T) {
	c := newCache(3, time.Second)
	for i := range 10 {
		c.put(string(rune('a'+i)), Proof{}, crm.Time(1+i), 0)
		if len(c.m) > 3 {
			t.Fatalf("%d entries", len(c.m))
		}
	}
	c.put("short", Proof{User: crm.User{ID: "usr_1"}}, 100, 105)
	if _, ok := c.get("short", 104); !ok {
		t.Error("an entry was lost before its end")
	}
	if _, ok := c.get("short", 105); ok {
		t.Error("an entry outlived its credential")
	}
}

func BenchmarkKey(b *testing.B) {
	s, sp, _ := start(b)
	u, _ := addUser(b, s, sp, "ola@acme.example")
	_, token, err := s.AddKey(context.Background(), sp, KeyInput{User: u.ID, Name: ""})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := s.Key(context.Background(), sp, token); err != nil {
			b.Fatal(err)
		}
	}
}
