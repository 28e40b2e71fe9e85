package api

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"threadline/internal/crm"
)

// signedIn opens a session by a link, as a browser does.
func (w *world) signedIn() *http.Cookie {
	w.t.Helper()
	token, err := w.deps.Auth.NewLink(w.t.Context(), w.deps.Space, w.nora.ID)
	must(w.t, err)
	res := w.do(call{method: "POST", path: "/api/v1/session", body: `{"token":"` + token + `"}`})
	if res.Code != http.StatusNoContent || len(res.Result().Cookies()) == 0 {
		w.t.Fatalf("not signed in: %d %s", res.Code, res.Body)
	}
	again := w.do(call{method: "POST", path: "/api/v1/session", body: `{"token":"` + token + `"}`})
	if again.Code != http.StatusUnauthorized {
		w.t.Errorf("a link opened twice: %d", again.Code)
	}
	return res.Result().Cookies()[0]
}

func TestSession(t *testing.T) {
	w := newWorld(t)
	c := w.signedIn()
	if c.Name != plainCookie || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Secure || c.Path != "/" {
		t.Errorf("cookie %+v", c)
	}
	cookie := map[string]string{"Cookie": c.Name + "=" + c.Value}
	with := func(more ...string) map[string]string {
		out := map[string]string{"Cookie": cookie["Cookie"]}
		for i := 0; i < len(more); i += 2 {
			out[more[i]] = more[i+1]
		}
		return out
	}
	contact := `{"values":{"name":"x"}}`
	w.run(t, []scenario{
		{name: "me", call: call{path: "/api/v1/me", header: cookie}, status: 200, has: `"name":"Brightwell"`},
		{name: "own page writes", call: call{method: "POST", path: "/api/v1/contacts", body: contact, header: with("Sec-Fetch-Site", "same-origin")}, status: 201},
		{name: "other site writes", call: call{method: "POST", path: "/api/v1/contacts", body: contact, header: with("Sec-Fetch-Site", "cross-site")}, status: 403, code: crm.Denied},
		{name: "other origin writes", call: call{method: "POST", path: "/api/v1/contacts", body: contact, header: with("Origin", "https://evil.example")}, status: 403, code: crm.Denied},
		{name: "other site signs somebody in", call: call{method: "POST", path: "/api/v1/session", body: `{"token":"x"}`, header: map[string]string{"Sec-Fetch-Site": "cross-site"}}, status: 403, code: crm.Denied},
		{name: "other site asks for a card", call: call{method: "POST", path: "/addon/v1/event?t=home", body: `{}`, header: with("Sec-Fetch-Site", "cross-site")}, status: 403, code: crm.Denied},
		{name: "own page asks for a card", call: call{method: "POST", path: "/addon/v1/event?t=home", body: `{}`, header: with("Sec-Fetch-Site", "same-origin")}, status: 200, has: "{nora}"},
		{name: "nobody asks for a card", call: call{method: "POST", path: "/addon/v1/event?t=home", body: `{}`}, status: 401, code: crm.Unauthorized, hint: "sign-in"},
		{name: "a program with a key has no origin", call: call{method: "POST", path: "/api/v1/contacts", as: "nora", body: contact, header: map[string]string{"Origin": "https://evil.example"}}, status: 201},
		{name: "sign out", call: call{method: "DELETE", path: "/api/v1/session", header: cookie}, status: 204},
		{name: "signed out", call: call{path: "/api/v1/me", header: cookie}, status: 401, code: crm.Unauthorized, hint: "sign in"},
	})
	if strings.Contains(w.log.String(), c.Value) {
		t.Error("the log holds the secret of a session")
	}
}

func TestCookieOverHTTPS(t *testing.T) {
	w := newWorld(t)
	public, err := url.Parse("https://crm.brightwell.example/")
	must(t, err)
	w.Server, err = New(Config{Listen: "127.0.0.1:8080", Public: public, Syncs: func() bool { return false }}, w.deps)
	must(t, err)
	c := w.signedIn()
	if c.Name != hostCookie || !c.Secure || c.Domain != "" || c.Path != "/" {
		t.Errorf("cookie %+v", c)
	}
	w.run(t, []scenario{
		{name: "public name", call: call{path: "/api/v1/me", host: "crm.brightwell.example", header: map[string]string{"Cookie": c.Name + "=" + c.Value}}, status: 200},
		{name: "public origin behind a proxy", call: call{method: "POST", path: "/api/v1/contacts", body: `{"values":{"name":"x"}}`, host: "127.0.0.1:8080",
			header: map[string]string{"Cookie": c.Name + "=" + c.Value, "Origin": "https://crm.brightwell.example"}}, status: 201},
	})
}

func TestHosts(t *testing.T) {
	w := newWorld(t)
	for host, want := range map[string]int{"127.0.0.1:8080": 200, "localhost:9": 200, "LOCALHOST": 200, "[::1]:8080": 200, "127.0.0.1": 200,
		"evil.example": 421, "127.0.0.1.evil.example": 421, "evil.example:8080": 421, "192.0.2.7:8080": 421, "": 421} {
		r := httptest.NewRequest("GET", "/healthz", nil)
		r.Host = host
		out := httptest.NewRecorder()
		w.Public().ServeHTTP(out, r)
		if out.Code != want {
			t.Errorf("host %q: %d, want %d", host, out.Code, want)
		}
		if want == 421 && !strings.Contains(out.Body.String(), "--public-url") {
			t.Errorf("host %q: no way out is named: %s", host, out.Body)
		}
	}
	open := newHosts("0.0.0.0:8080", nil)
	for host, want := range map[string]bool{"192.0.2.7:8080": true, "crm.example": false} {
		if open.allows(host) != want {
			t.Errorf("listening everywhere: host %q: %v", host, !want)
		}
	}
}

func TestOutside(t *testing.T) {
	w := newWorld(t)
	w.run(t, []scenario{
		{name: "alive", call: call{path: "/healthz"}, status: 200, has: "ok"},
		{name: "ready", call: call{path: "/readyz"}, status: 200, has: "ready"},
		{name: "app", call: call{path: "/"}, status: 200, has: "the app"},
		{name: "page of the app", call: call{path: "/messages/msg_x"}, status: 200, has: "the app"},
		{name: "measures from afar", call: call{path: "/metrics"}, status: 401, code: crm.Unauthorized, hint: "API key"},
		{name: "measures with a key", call: call{path: "/metrics", as: "nora"}, status: 200, has: "threadline_requests_total"},
		{name: "measures from here", call: call{path: "/metrics", as: "operator"}, status: 200, has: "threadline_request_seconds"},
	})
	w.Leave()
	w.run(t, []scenario{{name: "stopping", call: call{path: "/readyz"}, status: 503, code: crm.Unavailable}})
	res := w.do(call{path: "/api/v1/me", as: "nora"})
	for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store", "X-Frame-Options": "DENY"} {
		if got := res.Header().Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

// TestMethodsOfTheirOwn sends words that are no methods: they leave neither rows in
// the metrics nor words in the log.
func TestMethodsOfTheirOwn(t *testing.T) {
	w := newWorld(t)
	for i := range 50 {
		r := httptest.NewRequestWithContext(t.Context(), fmt.Sprintf("MADEUP%d", i), "/api/v1/me", nil)
		r.Host = "127.0.0.1:8080"
		w.Public().ServeHTTP(httptest.NewRecorder(), r)
	}
	measured := w.do(call{path: "/metrics", as: "operator"}).Body.String()
	if strings.Contains(measured+w.log.String(), "MADEUP") || !strings.Contains(measured, `method="other"`) {
		t.Errorf("methods that somebody made up are kept:\n%.500s", measured)
	}
}

// TestInternalErrors: what nobody foresaw is in the log and nowhere else.
func TestInternalErrors(t *testing.T) {
	w := newWorld(t)
	w.Mount("GET", "/boom", http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("the teapot is empty") }))
	w.run(t, []scenario{{name: "panic", call: call{path: "/boom"}, status: 500, code: crm.Internal, hint: "log"}})
	for _, err := range []error{errors.New("the teapot is cracked"), crm.E(crm.Internal, "op", "the teapot leaks", nil)} {
		p := problem(t.Context(), w.deps.Log, err)
		if p.Status != 500 || p.Detail != "Internal error" || strings.Contains(p.Hint, "teapot") {
			t.Errorf("told outside: %+v", p)
		}
	}
	for _, word := range []string{"is cracked", "leaks", "panic=string", "route=/boom", "TestInternalErrors"} {
		if !strings.Contains(w.log.String(), word) {
			t.Errorf("the log lacks %q", word)
		}
	}
	if strings.Contains(w.log.String(), "is empty") {
		t.Error("the log has what a handler panicked with, which may be anything")
	}
}
