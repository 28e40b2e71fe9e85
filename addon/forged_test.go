package addon

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"google.golang.org/api/idtoken"
	"google.golang.org/api/option"

	"threadline/addon/card/cardtest"
	"threadline/internal/crm"
	"threadline/internal/export"
	tt "threadline/internal/timeline/timelinetest"
)

// google is a server over real rooms that takes signed events, and the click of
// a card that makes a task.
type google struct {
	*office
	*bench
	url   string
	click object // parameters of a sealed action of Anna
}

func newGoogle(t *testing.T) *google {
	x := &google{office: newOffice(t), bench: newBench(t)}
	deps := x.h.deps
	deps.Verifier = x.v
	deps.UserBySubject = func(_ context.Context, subject, email string) (crm.UserID, string, error) {
		switch email {
		case string(tt.AnnaAtWork):
			return tt.Anna, "en", nil
		case string(tt.BobAtWork):
			return tt.Bob, "en", nil
		}
		return "", "", crm.Errorf(crm.NotFound, "test", "nobody")
	}
	cfg := x.h.cfg
	cfg.Audiences, cfg.ClientID, cfg.ServiceAccount = []string{audience}, clientID, robot
	h, err := New(cfg, deps)
	x.must(err)
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	x.url = srv.URL + "/addon/v1/event"
	x.open(x.ask)
	x.click = paramsOf(x.action("In 3 days"))
	return x
}

// state is the canonical export.
func (x *google) state() string {
	x.office.t.Helper()
	var b bytes.Buffer
	x.must(export.Write(x.office.t.Context(), x.w.Space, x.w.Bodies, x.w.Blobs, &b, export.Options{}))
	return b.String()
}

// event is the click as Google sends it, with a token for the person.
func (x *google) event(user string, params object) object {
	return object{"commonEventObject": object{"hostApp": "GMAIL", "userLocale": "en", "parameters": params, "formInputs": object{}},
		"authorizationEventObject": object{"userIdToken": user, "authorizedScopes": []string{scopeEmail, scopeMetadata}},
		"gmail":                    object{"messageId": "tl-" + string(x.ask), "accessToken": "x"}}
}

func (x *google) user(email crm.Address) string {
	s, err := x.signer.UserToken("42", string(email))
	x.must(err)
	return s
}

func (x *google) send(bearer, body string) (int, string) {
	x.office.t.Helper()
	r, err := http.NewRequestWithContext(x.office.t.Context(), http.MethodPost, x.url, strings.NewReader(body))
	x.must(err)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+bearer)
	res, err := http.DefaultClient.Do(r)
	x.must(err)
	defer res.Body.Close()
	out, err := io.ReadAll(res.Body)
	x.must(err)
	if res.StatusCode == http.StatusOK {
		x.must(cardtest.Check(out))
	}
	return res.StatusCode, string(out)
}

func marshal(t testing.TB, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestForgedOverHTTP: whatever is wrong with the proof of a request or of its
// click, the contract's answer comes back, the store is as it was, and Google's
// own library agrees about every bearer token that it looks at whole.
func TestForgedOverHTTP(t *testing.T) {
	x := newGoogle(t)
	lib, err := idtoken.NewValidator(t.Context(), option.WithHTTPClient(&http.Client{Transport: x.server}))
	x.must(err)
	good := x.token(t, func(*jose, *Claims) {})
	parts := strings.Split(good, ".")
	enc := base64.RawURLEncoding.EncodeToString
	strange := newBench(t).token(t, func(h *jose, _ *Claims) { h.KeyID = x.signer.kid })
	before := x.state()
	for name, token := range map[string]string{
		"Expired": x.token(t, func(_ *jose, c *Claims) {
			c.IssuedAt, c.Expires = x.at.Add(-3*time.Hour).Unix(), x.at.Add(-2*time.Hour).Unix()
		}),
		"ForeignAudience": x.token(t, func(_ *jose, c *Claims) { c.Audience = "https://other.example/addon/v1/event" }),
		"ShortSignature":  parts[0] + "." + parts[1] + "." + enc([]byte{1, 2, 3}),
		"AlgNone":         enc([]byte(`{"alg":"none","kid":"`+x.signer.kid+`"}`)) + "." + parts[1] + ".",
		"AlgHMAC":         enc([]byte(`{"alg":"HS256","kid":"`+x.signer.kid+`"}`)) + "." + parts[1] + "." + parts[2],
		"OtherClaims":     parts[0] + "." + enc([]byte(`{"iss":"https://accounts.google.com","aud":"`+audience+`","sub":"1","email":"`+robot+`","email_verified":true,"iat":1,"exp":9999999999}`)) + "." + parts[2],
		"ForgedKey":       strange,
		"Empty":           "",
	} {
		code, out := x.send(token, marshal(t, x.event(x.user(tt.AnnaAtWork), x.click)))
		if code != http.StatusUnauthorized || !strings.Contains(out, `"code":"unauthorized"`) {
			t.Errorf("%s: %d %s", name, code, out)
		}
		if _, err := lib.Validate(t.Context(), token, audience); err == nil {
			t.Errorf("%s: Google's library takes it", name)
		}
	}
	if _, err := lib.Validate(t.Context(), good, audience); err != nil {
		t.Errorf("Google's library refuses a good token: %v", err)
	}
	x.forgedClicks(good)
	if after := x.state(); after != before {
		t.Error("something was written")
	}
	for range 2 { // and the same click, honestly, does it once
		if code, out := x.send(good, marshal(t, x.event(x.user(tt.AnnaAtWork), x.click))); code != 200 || !strings.Contains(out, "Task saved.") {
			t.Errorf("%d %s", code, out)
		}
	}
	if n := len(x.activities(crm.KindTask)); n != 1 || x.state() == before {
		t.Errorf("%d tasks were made", n)
	}
}

// forgedClicks sends, with a good bearer token, what is wrong further inside.
func (x *google) forgedClicks(bearer string) {
	t := x.office.t
	t.Helper()
	anna, bob := x.user(tt.AnnaAtWork), x.user(tt.BobAtWork)
	with := func(change func(object)) object {
		p := maps.Clone(x.click)
		change(p)
		return p
	}
	expired, err := x.signer.seal(jose{Algorithm: "RS256", KeyID: x.signer.kid}, Claims{Issuer: issuers[0], Audience: clientID, Subject: "42", Email: string(tt.AnnaAtWork), EmailVerified: true,
		IssuedAt: x.at.Add(-3 * time.Hour).Unix(), Expires: x.at.Add(-2 * time.Hour).Unix()})
	x.must(err)
	const denied, unread, signIn = "You are not allowed to do this.", "could not be understood", "Please sign in again"
	for name, c := range map[string]struct {
		event object
		want  string
	}{
		"UserExpired":       {x.event(expired, x.click), signIn},
		"UserForOtherAud":   {x.event(bearer, x.click), signIn},
		"UserAlgNone":       {x.event(base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none"}`))+"."+strings.Split(anna, ".")[1]+".", x.click), signIn},
		"UserForged":        {x.event(anna[:len(anna)-8]+"AAAAAAAA", x.click), signIn},
		"NobodyKnown":       {x.event(x.user("eve@evil.example"), x.click), "You are not in Threadline yet"},
		"AnothersState":     {x.event(bob, x.click), denied},
		"NoState":           {x.event(anna, with(func(p object) { delete(p, stateParam) })), denied},
		"ForeignRecord":     {x.event(anna, with(func(p object) { p[recordsParam] = "con_zzzzzzzzzzzzzzzzzzzzzzzzzz" })), denied},
		"AnotherMessage":    {x.event(anna, with(func(p object) { p[messageParam] = string(x.hello) })), denied},
		"ParameterIsNumber": {x.event(anna, with(func(p object) { p[daysParam] = 3 })), unread},
		"ParameterIsNull":   {x.event(anna, with(func(p object) { p[daysParam] = nil })), denied},
		"ParameterIsObject": {x.event(anna, with(func(p object) { p[daysParam] = object{"x": 1} })), unread},
	} {
		code, out := x.send(bearer, marshal(t, c.event))
		if code != http.StatusOK || !strings.Contains(out, c.want) {
			t.Errorf("%s: %d %s", name, code, out)
		}
	}
	loose := x.event(anna, object{opParam: opHome})
	loose["moon"], loose["chat"] = 1, object{"type": "X"}
	loose["commonEventObject"].(object)["timeZone"] = object{"id": "Europe/Warsaw", "offset": "3600000", "moon": true}
	loose["commonEventObject"].(object)["formInputs"] = object{"due": object{"dateInput": object{"msSinceEpoch": 1795305600000}}, "odd": object{"moonInputs": object{}}}
	if code, out := x.send(bearer, marshal(t, loose)); code != http.StatusOK || !strings.Contains(out, "My day") {
		t.Errorf("unknown fields, a number as text and the reverse: %d %s", code, out)
	}
}
