package api

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// TestOutsider plays what somebody without any right tries first. What it asks for
// is refused, and every answer bears the headers that guard a browser.
func TestOutsider(t *testing.T) {
	w := newWorld(t)
	w.run(t, []scenario{
		{name: "a slash more", call: call{path: "/api/v1/me/", as: "nora"}, status: 404, code: crm.NotFound, hint: "/openapi.json"},
		{name: "a slash less", call: call{path: "/api/v1/contacts//", as: "nora"}, status: 404, code: crm.NotFound, hint: "/openapi.json"},
		{name: "health with a slash", call: call{path: "/healthz/", header: map[string]string{"X-Forwarded-Prefix": "//evil.example"}}, status: 200, has: "the app"},
		{name: "another host", call: call{path: "/healthz/", host: "evil.example"}, status: 421, code: crm.Denied, field: "host", hint: "--public-url"},
		{name: "a form of another site", call: call{method: "POST", path: "/api/v1/session/password", body: `{"email":"a@b.example","password":"x"}`,
			header: map[string]string{"Content-Type": "text/plain", "Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}}, status: 403, code: crm.Denied},
		{name: "a form of a sister site", call: call{method: "POST", path: "/api/v1/session", body: `{"token":"x"}`,
			header: map[string]string{"Sec-Fetch-Site": "same-site"}}, status: 403, code: crm.Denied},
		{name: "in whose name", call: call{path: "/api/v1/me", as: "nora", header: map[string]string{asHeader: "tom@brightwell.example"}}, status: 403, code: crm.Denied},
		{name: "a method in a header", call: call{method: "POST", path: "/api/v1/sessions", as: "nora", header: map[string]string{"X-HTTP-Method-Override": "GET"}}, status: 405, code: crm.Invalid},
	})
	for _, path := range []string{"/api/v1/me/", "/healthz/", "/api/v1/nowhere", "/"} {
		res := w.do(call{path: path})
		if res.Code >= 300 && res.Code < 400 || res.Header().Get("X-Content-Type-Options") != "nosniff" || res.Header().Get("X-Request-Id") == "" {
			t.Errorf("%s: %d %v", path, res.Code, res.Header())
		}
	}
}

// TestCredentialsEnd: links work once, a new password ends what others hold, and so
// does a role that is taken, at once.
func TestCredentialsEnd(t *testing.T) {
	w := newWorld(t)
	jars := make([]jar, 3)
	for i := range jars {
		link, err := w.deps.Auth.NewLink(t.Context(), w.deps.Space, w.nora.ID)
		must(t, err)
		jars[i] = jar{plainCookie: "of-the-attacker." + strings.Repeat("a", 26)} // a session that somebody planted
		body := `{"token":"` + link + `"}`
		before := jars[i][plainCookie]
		if res := w.browse(jars[i], "POST", "/api/v1/session", body); res.Code != 204 || jars[i][plainCookie] == before {
			t.Fatalf("sign-in %d: %d %s", i, res.Code, res.Body)
		}
		if res := w.browse(jar{}, "POST", "/api/v1/session", body); res.Code != 401 {
			t.Errorf("a link worked twice: %d", res.Code)
		}
	}
	late, err := w.deps.Auth.NewLink(t.Context(), w.deps.Space, w.nora.ID)
	must(t, err)
	if res := w.browse(jars[0], "PUT", "/api/v1/me/password", `{"password":"`+goodPassword+`"}`); res.Code != 204 {
		t.Fatal(res.Code, res.Body)
	}
	for i, want := range []int{200, 401, 401} {
		if res := w.browse(jars[i], "GET", "/api/v1/me", ""); res.Code != want {
			t.Errorf("browser %d after the password: %d", i, res.Code)
		}
	}
	if res := w.browse(jar{}, "POST", "/api/v1/session", `{"token":"`+late+`"}`); res.Code != 401 {
		t.Errorf("a link from before the password: %d", res.Code)
	}
	role := func(key string) {
		t.Helper()
		if res := w.do(call{method: "PUT", path: "/api/v1/memberships/" + string(w.nora.Email), as: "operator", body: `{"role":"` + key + `"}`}); res.Code >= 300 {
			t.Fatal(res.Code, res.Body)
		}
	}
	role("admin")
	if res := w.browse(jars[0], "PATCH", "/api/v1/workspace", `{"name":"Brightwell"}`); res.Code != 200 {
		t.Errorf("as an admin: %d %s", res.Code, res.Body)
	}
	role("member")
	if res := w.browse(jars[0], "PATCH", "/api/v1/workspace", `{"name":"Brightwell"}`); res.Code != 403 {
		t.Errorf("no admin any more: %d %s", res.Code, res.Body)
	}
}

// browse is a request of a browser.
func (w *world) browse(j jar, method, path, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequestWithContext(w.t.Context(), method, path, strings.NewReader(body))
	r.Host, r.RemoteAddr = "127.0.0.1:8080", "192.0.2.1:1234"
	r.Header.Set("Content-Type", "application/json")
	for name, v := range j {
		r.AddCookie(&http.Cookie{Name: name, Value: v})
	}
	out := httptest.NewRecorder()
	w.Public().ServeHTTP(out, r)
	for _, c := range out.Result().Cookies() {
		if !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" {
			w.t.Errorf("a cookie that others can read or send: %+v", c)
		}
		j[c.Name] = c.Value
	}
	return out
}

// TestAddressesOfOthers: a mailbox makes neither the mail of a customer ours nor a
// colleague somebody whom its owner writes as; the operator knows what they do.
func TestAddressesOfOthers(t *testing.T) {
	w := newWorld(t).withMail()
	w.do(call{method: "POST", path: "/api/v1/contacts", as: "nora", body: `{"values":{"name":"A Customer","emails":["customer@big.example"]}}`})
	for _, c := range []struct {
		as, more, field string
		status          int
	}{
		{"tom", `"aliases":["customer@big.example"]`, "aliases", 403},
		{"tom", `"aliases":["tom@home.example","CUSTOMER@big.example"]`, "aliases", 403},
		{"tom", `"address":"customer@big.example"`, "address", 403},
		{"tom", `"address":"` + string(w.nora.Email) + `"`, "address", 403},
		{"tom", `"aliases":["` + string(w.nora.Email) + `"]`, "aliases", 403},
		{"tom", `"aliases":["sales@brightwell.example","tom@home.example"]`, "server", 422}, // as far as its server
		{"operator", `"owner":"` + string(w.nora.Email) + `","aliases":["customer@big.example"]`, "server", 422},
	} {
		res := w.do(call{method: "POST", path: "/api/v1/mailboxes", as: c.as, body: `{"server":"nowhere.invalid:993","login":"x","password":"y",` + c.more + `}`})
		if p := decode[Problem](t, res); res.Code != c.status || p.Field != c.field {
			t.Errorf("%s with %s: %d %s", c.as, c.more, res.Code, res.Body)
		}
	}
	res := w.do(call{method: "POST", path: "/api/v1/mailboxes", as: "tom", body: `{"server":"nowhere.invalid:993","login":"customer@big.example","password":"y"}`})
	if res.Code != 403 {
		t.Errorf("a login: %d %s", res.Code, res.Body)
	}
	for _, c := range []struct {
		as, aliases string
		status      int
	}{
		{"nora", `["customer@big.example"]`, 403},
		{"nora", `["nora@home.example","tom@brightwell.example"]`, 403},
		{"nora", `["nobody"]`, 422},
		{"nora", `["nora@home.example","NORA@home.example","sales@brightwell.example"]`, 200},
		{"operator", `["customer@big.example"]`, 200},
		{"nora", `[]`, 200},
	} {
		res := w.do(call{method: "PATCH", path: "/api/v1/mailboxes/" + string(w.mailbox), as: c.as, body: `{"aliases":` + c.aliases + `}`})
		if res.Code != c.status || c.status != 200 && decode[Problem](t, res).Field != "aliases" {
			t.Errorf("%s to %s: %d %s", c.as, c.aliases, res.Code, res.Body)
		}
		if c.as == "nora" && c.status == 200 && len(c.aliases) > 2 && !strings.Contains(res.Body.String(), `"aliases":["nora@home.example","sales@brightwell.example"]`) {
			t.Errorf("they are: %s", res.Body)
		}
	}
}

// TestTitlesOfChanges: what people are called and where they are written to stands in
// no title of the change log, out of which it could not be taken with an erasure.
func TestTitlesOfChanges(t *testing.T) {
	w := newWorld(t).withMail()
	make := func(path, body string) string {
		t.Helper()
		res := w.do(call{method: "POST", path: path, as: "nora", body: body})
		if res.Code >= 300 {
			t.Fatalf("%s: %d %s", path, res.Code, res.Body)
		}
		return decode[struct{ ID string }](t, res).ID
	}
	id := make("/api/v1/contacts", `{"values":{"name":"Zoe Titleless","emails":["zoe@titleless.example"]}}`)
	make("/api/v1/rules", `{"pattern":"zoe@titleless.example","effect":"link","record":"`+id+`"}`)
	make("/api/v1/exclusions", `{"pattern":"zoe@titleless.example","effect":"drop_copy","mine":true}`)
	make("/api/v1/exclusions", `{"pattern":"zoe titleless","on":"subject","effect":"drop_copy","mine":true}`)
	edit := make("/api/v1/bulk", `{"query":"contacts where emails has \"zoe@titleless.example\"","set":{"title":"x"}}`)
	must(t, w.deps.Jobs.WorkOff(t.Context()))
	make("/api/v1/bulk/"+edit+"/apply", "")
	must(t, w.deps.Jobs.WorkOff(t.Context()))
	n := 0
	must(t, store.ChangeLog.Each(t.Context(), w.deps.Space, store.Query{Limit: 100}, func(d store.Doc[crm.Change]) error {
		n++
		if strings.Contains(strings.ToLower(d.Value.Title), "titleless") {
			t.Errorf("a title is %q", d.Value.Title)
		}
		return nil
	}))
	if n < 5 {
		t.Errorf("%d changes", n)
	}
}

// TestServerOfMailbox: a user leads the server to no host of this machine by a
// mailbox that the operator let reach one, and the token of a consent to no other
// server.
func TestServerOfMailbox(t *testing.T) {
	w := newWorld(t).withMail()
	smtp := func(as, server string) int {
		res := w.do(call{method: "PATCH", path: "/api/v1/mailboxes/" + string(w.mailbox), as: as, body: `{"smtp":"` + server + `","smtp_tls":"tls"}`})
		return res.Code
	}
	set := func(f func(*crm.Mailbox)) {
		t.Helper()
		doc, err := store.Mailboxes.Get(t.Context(), w.deps.Space, string(w.mailbox))
		must(t, err)
		f(&doc.Value)
		b := w.deps.Space.Batch()
		store.Mailboxes.Put(b, &doc.Value)
		must(t, b.Commit(t.Context()))
	}
	set(func(m *crm.Mailbox) { m.Local = true })
	if got := smtp("nora", "127.0.0.1:6379"); got != 403 {
		t.Errorf("a user chose a server of this machine: %d", got)
	}
	if got := smtp("operator", "127.0.0.1:25"); got != 200 {
		t.Errorf("the operator: %d", got)
	}
	if got := smtp("nora", ""); got != 200 {
		t.Errorf("a user stops sending: %d", got)
	}
	set(func(m *crm.Mailbox) { m.Local, m.Scopes = false, []string{"https://mail.google.com/"} })
	if got := smtp("nora", "smtp.evil.example:465"); got != 403 {
		t.Errorf("a user leads the token of a consent elsewhere: %d", got)
	}
	set(func(m *crm.Mailbox) { m.Scopes = nil })
	if got := smtp("nora", "smtp.ours.example:465"); got != 200 {
		t.Errorf("a server of their own: %d", got)
	}
}
