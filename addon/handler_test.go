package addon

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"threadline/addon/card/cardtest"
	"threadline/internal/crm"
	"threadline/internal/timeline"
)

// desk is a handler with its surroundings.
type desk struct {
	*bench
	cfg    Config
	deps   Deps
	log    bytes.Buffer
	viewer crm.UserID // that Lookup was last called for
	ref    Ref
}

func newDesk(t testing.TB) *desk {
	t.Helper()
	d := &desk{bench: newBench(t)}
	d.cfg = Config{Audiences: []string{base, audience}, ClientID: clientID, ServiceAccount: robot, Links: links(t), StateKey: []byte("a key of the tests")}
	d.deps = Deps{
		Verifier: d.v,
		Log:      slog.New(slog.NewTextHandler(&d.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		Lookup: func(_ context.Context, viewer crm.UserID, ref Ref) (*timeline.Sheet, error) {
			d.viewer, d.ref = viewer, ref
			if ref.Gmail == 404 {
				return nil, crm.Errorf(crm.NotFound, "test", "no such message")
			}
			return contactSheet(), nil
		},
		Home: func(_ context.Context, viewer crm.UserID) (*timeline.Home, error) {
			d.viewer = viewer
			return homeSheet(), nil
		},
		UserBySubject: func(_ context.Context, subject, email string) (crm.UserID, string, error) {
			if email != "piotr@crm.example" {
				return "", "", crm.Errorf(crm.NotFound, "test", "nobody")
			}
			return crm.UserID("usr_" + subject), "it", nil
		},
	}
	return d
}

func (d *desk) userToken(t testing.TB, email string) string {
	t.Helper()
	s, err := d.signer.UserToken("42", email)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// call is one request; the zero value of a field is what Google would send.
type call struct {
	bearer, query, content, host, user, message, locale, params string
	scopes                                                      []string
	raw                                                         string
}

func (d *desk) request(t testing.TB, c call) *http.Request {
	t.Helper()
	or := func(s, otherwise string) string {
		if s == "" {
			return otherwise
		}
		return s
	}
	if c.scopes == nil {
		c.scopes = []string{scopeEmail, scopeMetadata}
	}
	if c.raw == "" {
		user := d.userToken(t, "piotr@crm.example")
		if c.user != "" {
			user = strings.TrimSpace(c.user)
		}
		ev := map[string]any{
			"commonEventObject":        map[string]any{"hostApp": or(c.host, "GMAIL"), "userLocale": c.locale, "parameters": map[string]string{"op": c.params}, "timeZone": map[string]any{"id": "Europe/Warsaw"}},
			"authorizationEventObject": map[string]any{"userIdToken": user, "authorizedScopes": c.scopes, "userOAuthToken": "oauth-secret"},
			"gmail":                    map[string]any{"messageId": strings.TrimSpace(or(c.message, "msg-f:7")), "accessToken": "access-secret"},
		}
		b, err := json.Marshal(ev)
		if err != nil {
			t.Fatal(err)
		}
		c.raw = string(b)
	}
	system, err := d.signer.SystemToken()
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, "/addon/v1/event"+or(c.query, "?t=message"), strings.NewReader(c.raw))
	r.Header.Set("Content-Type", or(c.content, "application/json; charset=utf-8"))
	r.Header.Set("Authorization", strings.TrimSpace(or(c.bearer, "Bearer "+system)))
	return r
}

func (d *desk) serve(t testing.TB, c call) *httptest.ResponseRecorder {
	t.Helper()
	h, err := New(d.cfg, d.deps)
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, d.request(t, c))
	if w.Code == http.StatusOK {
		if err := cardtest.Check(w.Body.Bytes()); err != nil {
			t.Errorf("%v\n%s", err, w.Body)
		}
	}
	return w
}

func TestServeHTTP(t *testing.T) {
	d := newDesk(t)
	system, err := d.signer.SystemToken()
	if err != nil {
		t.Fatal(err)
	}
	user := d.userToken(t, "piotr@crm.example")
	foreign, err := d.signer.sign(Claims{Audience: audience, Subject: "1", Email: "robot@other.example"})
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		call
		code int
		want string
	}{
		"Message":         {call{}, 200, `"pushCard":{"name":"message"`},
		"SchemeIsLoose":   {call{bearer: "bearer " + system}, 200, `"name":"message"`},
		"Refresh":         {call{query: "?", params: opRefresh}, 200, `{"renderActions":{"action":{"navigations":[{"updateCard":{"name":"message"`},
		"Home":            {call{query: "?t=home"}, 200, `"pushCard":{"name":"home"`},
		"HostLocale":      {call{locale: "pl-PL"}, 200, "Szanse sprzedaży"},
		"OwnLocale":       {call{locale: "xx"}, 200, "Opportunità"},
		"Unseen":          {call{message: "msg-f:404"}, 200, "non ha mai visto"},
		"NoBearer":        {call{bearer: " "}, 401, "unauthorized"},
		"BasicAuth":       {call{bearer: "Basic " + system}, 401, "unauthorized"},
		"BadBearer":       {call{bearer: "Bearer x.y.z"}, 401, "unauthorized"},
		"UserTokenAsBear": {call{bearer: "Bearer " + user}, 401, "unauthorized"},
		"OtherRobot":      {call{bearer: "Bearer " + foreign}, 401, "unauthorized"},
		"NotJSON":         {call{content: "text/plain"}, 200, "could not be understood"},
		"BrokenBody":      {call{raw: "{"}, 200, "could not be understood"},
		"HugeBody":        {call{raw: `{"x":"` + strings.Repeat("x", maxBody) + `"}`}, 200, "too large"},
		"OtherHost":       {call{host: "DRIVE"}, 200, "could not be understood"},
		"NoScopes":        {call{scopes: []string{"x"}}, 200, `{"requesting_google_scopes":{"scopes":["` + scopeEmail + `"]}}`},
		"NoUserToken":     {call{user: " "}, 200, scopeEmail},
		"NoMessage":       {call{message: " ", scopes: []string{scopeEmail}}, 200, scopeMetadata},
		"NoMessageAtAll":  {call{message: " ", locale: "en"}, 200, "could not be understood"},
		"SystemAsUser":    {call{user: system, locale: "en"}, 200, "Please sign in again"},
		"UnknownUser":     {call{user: d.userToken(t, "eve@crm.example"), locale: "en"}, 200, `{"custom_authorization_prompt":{"action":{"navigations":[{"pushCard":{"name":"notice","header":{"title":"You are not in Threadline yet"}`},
		"UnknownEntry":    {call{query: "?t=burn", locale: "en"}, 200, "could not be understood"},
		"NoComposeScope":  {call{query: "?t=compose"}, 200, `{"requesting_google_scopes":{"scopes":["` + scopeCompose + `"]}}`},
		"UnknownAction":   {call{query: "?", params: "deal.delete", locale: "en"}, 200, "You are not allowed to do this"},
		"OwnReference":    {call{message: "msg-a:r123", locale: "en"}, 200, "never seen this message"},
	} {
		t.Run(name, func(t *testing.T) {
			d.log.Reset()
			d.viewer = ""
			w := d.serve(t, c.call)
			if w.Code != c.code || !strings.Contains(w.Body.String(), strings.NewReplacer("<", `\u003c`).Replace(c.want)) {
				t.Errorf("%d %s\nwant %d with %q", w.Code, w.Body, c.code, c.want)
			}
			for _, s := range []string{"oauth-secret", "access-secret", system, user} {
				if strings.Contains(d.log.String()+w.Body.String(), s) {
					t.Errorf("a secret got out: %s", d.log.String())
				}
			}
			if c.code == 401 && d.viewer != "" {
				t.Error("the timeline was asked for somebody unknown")
			}
		})
	}
}

// TestScript: our script calls with the token of the person who clicked. Where no
// script is configured, and for the tokens of other scripts, nothing changes.
func TestScript(t *testing.T) {
	d := newDesk(t)
	token := func(audience, email string) string {
		s, err := d.signer.sign(Claims{Audience: audience, Subject: "42", Email: email})
		if err != nil {
			t.Fatal(err)
		}
		return "Bearer " + s
	}
	raw := `{"commonEventObject":{"hostApp":"GMAIL","userLocale":"en"},"authorizationEventObject":{"userOAuthToken":"oauth-secret"},"gmail":{"messageId":"msg-f:7","accessToken":"x"}}`
	const script = "456-script.apps.googleusercontent.com"
	if w := d.serve(t, call{bearer: token(script, "piotr@crm.example"), raw: raw}); w.Code != 401 {
		t.Errorf("without a script: %d %s", w.Code, w.Body)
	}
	d.cfg.ScriptID = script
	if w := d.serve(t, call{bearer: token(script, "piotr@crm.example"), raw: raw}); w.Code != 200 || !strings.Contains(w.Body.String(), "Anna Nowak") || d.viewer != "usr_42" {
		t.Errorf("for %s: %d %s", d.viewer, w.Code, w.Body)
	}
	if w := d.serve(t, call{bearer: token(script, "eve@crm.example"), raw: raw}); !strings.Contains(w.Body.String(), "custom_authorization_prompt") {
		t.Errorf("somebody unknown: %s", w.Body)
	}
	for name, bearer := range map[string]string{"another script": token("789-x", "piotr@crm.example"), "the add-on's user token": token(clientID, "piotr@crm.example"), "nobody's": token(audience, "piotr@crm.example")} {
		if w := d.serve(t, call{bearer: bearer, raw: raw}); w.Code != 401 {
			t.Errorf("%s: %d %s", name, w.Code, w.Body)
		}
	}
	if w := d.serve(t, call{}); w.Code != 200 || !strings.Contains(w.Body.String(), `"name":"message"`) {
		t.Errorf("the deployment over HTTP: %d %s", w.Code, w.Body)
	}
}

func TestServeHTTPPassesTheViewer(t *testing.T) {
	d := newDesk(t)
	w := d.serve(t, call{message: "msg-f:1790000000000000001"})
	if d.viewer != "usr_42" || d.ref != (Ref{Gmail: 1790000000000000001}) {
		t.Errorf("asked for %s about %+v", d.viewer, d.ref)
	}
	if got := w.Header(); got.Get("Cache-Control") != "no-store" || !strings.HasPrefix(got.Get("Content-Type"), "application/json") {
		t.Errorf("headers %v", got)
	}
	if !strings.Contains(d.log.String(), "audience="+audience) {
		t.Errorf("the log does not tell which audience came: %s", d.log.String())
	}
	if !strings.Contains(w.Body.String(), "14:02") {
		t.Error("the time is not that of the viewer's zone")
	}
}

func TestLookupFailures(t *testing.T) {
	for name, c := range map[string]struct {
		lookup func(context.Context) (*timeline.Sheet, error)
		want   string
		level  string
	}{
		"Internal": {func(context.Context) (*timeline.Sheet, error) { return nil, errors.New("disk on fire") }, "went wrong on our side", "ERROR"},
		"Denied":   {func(context.Context) (*timeline.Sheet, error) { return nil, crm.Errorf(crm.Denied, "x", "no") }, "not allowed", "INFO"},
		"Slow":     {func(ctx context.Context) (*timeline.Sheet, error) { <-ctx.Done(); return nil, ctx.Err() }, "busy or not reachable", "ERROR"},
		"TooLate":  {func(ctx context.Context) (*timeline.Sheet, error) { <-ctx.Done(); return contactSheet(), nil }, "busy or not reachable", "ERROR"},
		"Nothing":  {func(context.Context) (*timeline.Sheet, error) { return nil, nil }, "went wrong on our side", "ERROR"},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			d.cfg.Deadline = 300 * time.Millisecond
			d.deps.Lookup = func(ctx context.Context, _ crm.UserID, _ Ref) (*timeline.Sheet, error) { return c.lookup(ctx) }
			w := d.serve(t, call{locale: "en"})
			if w.Code != 200 || !strings.Contains(w.Body.String(), c.want) || strings.Contains(w.Body.String(), "disk") {
				t.Errorf("%d %s", w.Code, w.Body)
			}
			if !strings.Contains(d.log.String(), "level="+c.level) {
				t.Errorf("logged %s", d.log.String())
			}
			_, ref, ok := strings.Cut(d.log.String(), "reference=")
			if ref = strings.TrimSpace(ref); !ok || !strings.Contains(w.Body.String(), ref) {
				t.Errorf("card and log have no reference in common: %s", d.log.String())
			}
		})
	}
}

func TestKeysDown(t *testing.T) {
	d := newDesk(t)
	d.server.set(nil, errors.New("down"))
	if w := d.serve(t, call{}); w.Code != 200 || !strings.Contains(w.Body.String(), "busy or not reachable") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

func TestServeSession(t *testing.T) {
	d := newDesk(t)
	d.deps.Verifier = nil // a server without Google
	d.cfg.Audiences = nil
	h, err := New(d.cfg, d.deps)
	if err != nil {
		t.Fatal(err)
	}
	const id = "msg_abcdefghijklmnopqrstuvwxy2"
	ask := func(body string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(http.MethodPost, "/addon/v1/event?t=message", strings.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		h.ServeSession(w, r, "usr_7", "fr-FR")
		if err := cardtest.Check(w.Body.Bytes()); err != nil {
			t.Error(err)
		}
		return w
	}
	w := ask(`{"gmail":{"messageId":"tl-` + id + `"}}`)
	if d.viewer != "usr_7" || d.ref != (Ref{ID: id}) || !strings.Contains(w.Body.String(), "Consigné parce que") {
		t.Errorf("asked for %s about %+v: %s", d.viewer, d.ref, w.Body)
	}
	if w := ask(`{"gmail":{"messageId":"tl-x"}}`); !strings.Contains(w.Body.String(), "comprise") {
		t.Error(w.Body)
	}
	if w := ask(`{`); !strings.Contains(w.Body.String(), "comprise") {
		t.Error(w.Body)
	}
	refused := httptest.NewRecorder()
	h.ServeHTTP(refused, d.request(t, call{}))
	if refused.Code != http.StatusUnauthorized {
		t.Errorf("without keys a bearer token gets %d", refused.Code)
	}
}

func TestNewRefuses(t *testing.T) {
	d := newDesk(t)
	for name, change := range map[string]func(*Config, *Deps){
		"NoAudience": func(c *Config, _ *Deps) { c.Audiences = nil },
		"NoClient":   func(c *Config, _ *Deps) { c.ClientID = "" },
		"NoAccount":  func(c *Config, _ *Deps) { c.ServiceAccount = "" },
		"NoLookup":   func(_ *Config, d *Deps) { d.Lookup = nil },
		"NoUsers":    func(_ *Config, d *Deps) { d.UserBySubject = nil },
		"NoLog":      func(_ *Config, d *Deps) { d.Log = nil },
	} {
		cfg, deps := d.cfg, d.deps
		change(&cfg, &deps)
		if _, err := New(cfg, deps); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

// TestFoundByHeader: a mailbox that is read over IMAP has no Gmail ids.
func TestFoundByHeader(t *testing.T) {
	var asked *http.Request
	answer := `{"payload":{"headers":[{"name":"Message-Id","value":"<a1@nord.example>"}]}}`
	gmail := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = r
		if answer == "" {
			http.Error(w, "no", http.StatusForbidden)
			return
		}
		w.Write([]byte(answer))
	}))
	defer gmail.Close()
	d := newDesk(t)
	d.deps.Header = GmailHeader(gmail.Client(), gmail.URL)
	w := d.serve(t, call{message: "msg-f:404"})
	if d.ref != (Ref{RFC: "a1@nord.example"}) || !strings.Contains(w.Body.String(), "Anna Nowak") {
		t.Errorf("looked for %+v: %s", d.ref, w.Body)
	}
	if asked.URL.Path != "/gmail/v1/users/me/messages/msg-f:404" || asked.Header.Get("Authorization") != "Bearer oauth-secret" || asked.Header.Get("X-Goog-Gmail-Access-Token") != "access-secret" {
		t.Errorf("asked %s with %v", asked.URL, asked.Header)
	}
	for _, answer = range []string{"", "x", `{}`} {
		if w := d.serve(t, call{message: "msg-f:404"}); !strings.Contains(w.Body.String(), "non ha mai visto") {
			t.Errorf("%q: %s", answer, w.Body)
		}
		if strings.Contains(d.log.String(), "secret") {
			t.Error("a token was logged")
		}
	}
}

func BenchmarkServeHTTP(b *testing.B) {
	d := newDesk(b)
	d.deps.Log = slog.New(slog.DiscardHandler)
	h, err := New(d.cfg, d.deps)
	if err != nil {
		b.Fatal(err)
	}
	r := d.request(b, call{})
	var raw bytes.Buffer
	raw.ReadFrom(r.Body)
	for b.Loop() {
		r.Body = io.NopCloser(bytes.NewReader(raw.Bytes()))
		h.ServeHTTP(httptest.NewRecorder(), r)
	}
}
