package api

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"threadline/internal/auth"
	"threadline/internal/crm"
	"threadline/internal/seal"
	"threadline/internal/store"
)

const goodPassword = "copper lantern 7 harbour"

// jar keeps the cookies of one browser.
type jar map[string]string

func (j jar) header() map[string]string {
	var parts []string
	for k, v := range j {
		parts = append(parts, k+"="+v)
	}
	return map[string]string{"Cookie": strings.Join(parts, "; "), "Sec-Fetch-Site": "same-origin"}
}

func (w *world) in(j jar, method, path, body string) *httptest.ResponseRecorder {
	w.t.Helper()
	res := w.do(call{method: method, path: path, body: body, header: j.header()})
	for _, c := range res.Result().Cookies() {
		if c.MaxAge < 0 {
			delete(j, c.Name)
		} else {
			j[c.Name] = c.Value
		}
	}
	return res
}

func (w *world) password(u crm.User) {
	w.t.Helper()
	must(w.t, w.deps.Auth.SetPassword(w.t.Context(), w.deps.Space, u.ID, seal.NewSecret(goodPassword), crm.Session{}))
}

// stale makes every proof of a user an old one.
func (w *world) stale(id crm.UserID) {
	w.t.Helper()
	list, err := w.deps.Auth.Sessions(w.t.Context(), w.deps.Space, id)
	must(w.t, err)
	b := w.deps.Space.Batch()
	for _, x := range list {
		x.Proved = x.Proved.Add(-auth.FreshLife)
		store.Sessions.Put(b, &x)
	}
	must(w.t, b.Commit(context.Background()))
	w.deps.Auth = auth.New(w.deps.Space.Store(), strings.NewReader(strings.Repeat("random bytes of a test ", 1000))).Sealing(w.deps.Seal)
	w.Server.deps.Auth = w.deps.Auth
}

func TestSignInByPassword(t *testing.T) {
	w := newWorld(t)
	w.password(w.nora)
	j := jar{}
	for _, c := range []struct{ body, name string }{
		{`{"email":"nora@brightwell.example","password":"wrong"}`, "wrong password"},
		{`{"email":"nobody@brightwell.example","password":"` + goodPassword + `"}`, "nobody"},
	} {
		res := w.in(j, "POST", "/api/v1/session/password", c.body)
		if res.Code != http.StatusUnauthorized || len(j) != 0 || strings.Contains(res.Body.String(), "wrong") {
			t.Errorf("%s: %d %s", c.name, res.Code, res.Body)
		}
	}
	if res := w.in(j, "POST", "/api/v1/session/password", `{"email":"nora@brightwell.example","password":"`+goodPassword+`"}`); res.Code != 200 || strings.Contains(res.Body.String(), `"second_factor":true`) {
		t.Fatalf("%d %s", res.Code, res.Body)
	}
	if res := w.in(j, "GET", "/api/v1/sessions", ""); res.Code != 200 || !strings.Contains(res.Body.String(), `"current":true`) || strings.Contains(res.Body.String(), j[plainCookie]) {
		t.Errorf("sessions: %d %s", res.Code, res.Body)
	}
	if res := w.in(j, "POST", "/api/v1/apikeys", `{"scopes":["read"],"days":1}`); res.Code != 201 || !strings.Contains(res.Body.String(), `"scopes":["read"]`) {
		t.Errorf("a key: %d %s", res.Code, res.Body)
	}
	w.stale(w.nora.ID)
	res := w.in(j, "POST", "/api/v1/apikeys", `{}`)
	if p := decode[Problem](t, res); res.Code != 403 || p.Field != "proof" {
		t.Errorf("a key without a proof: %d %s", res.Code, res.Body)
	}
	if res := w.in(j, "DELETE", "/api/v1/mailboxes/mbx_x", ""); res.Code != 403 || decode[Problem](t, res).Field != "proof" {
		t.Errorf("a mailbox without a proof: %d %s", res.Code, res.Body)
	}
	old := j[plainCookie]
	if res := w.in(j, "POST", "/api/v1/session/proof", `{"password":"`+goodPassword+`"}`); res.Code != 204 || j[plainCookie] == old {
		t.Fatalf("proof: %d %s", res.Code, res.Body)
	}
	if res := w.in(j, "POST", "/api/v1/apikeys", `{}`); res.Code != 201 {
		t.Errorf("a key with a proof: %d %s", res.Code, res.Body)
	}
	if res := w.in(j, "DELETE", "/api/v1/mailboxes/mbx_x", ""); res.Code != 404 {
		t.Errorf("no such mailbox, with a proof: %d %s", res.Code, res.Body)
	}
	if res := w.in(jar{plainCookie: old}, "GET", "/api/v1/me", ""); res.Code != 401 {
		t.Errorf("the old secret still works: %d", res.Code)
	}
	if strings.Contains(w.log.String(), goodPassword) || strings.Contains(w.log.String(), j[plainCookie]) {
		t.Error("the log holds a secret")
	}
}

func TestKeyScopes(t *testing.T) {
	w := newWorld(t).withMail()
	for name, grants := range map[string][]crm.Grant{"reader": {crm.GrantRead}, "writer": {crm.GrantRead, crm.GrantWrite}, "mailer": {crm.GrantMail}} {
		_, key, err := w.deps.Auth.AddKey(t.Context(), w.deps.Space, auth.KeyInput{User: w.nora.ID, Grants: grants})
		must(t, err)
		w.keys[name] = key
	}
	make := `{"values":{"name":"x"}}`
	w.run(t, []scenario{
		{name: "reader reads", call: call{path: "/api/v1/contacts", as: "reader"}, status: 200},
		{name: "reader writes", call: call{method: "POST", path: "/api/v1/contacts", as: "reader", body: make}, status: 403, code: crm.Denied, hint: "--scope write"},
		{name: "reader reads mail", call: call{path: "/api/v1/messages/{message}", as: "reader"}, status: 403, code: crm.Denied, hint: "--scope mail"},
		{name: "reader reads a timeline", call: call{path: "/api/v1/contacts/{contact}/timeline", as: "reader"}, status: 403, code: crm.Denied, hint: "--scope mail"},
		{name: "writer writes", call: call{method: "POST", path: "/api/v1/contacts", as: "writer", body: make}, status: 201},
		{name: "writer changes settings", call: call{method: "POST", path: "/api/v1/folders", as: "writer", body: `{"name":"Boats"}`}, status: 403, code: crm.Denied, hint: "--scope admin"},
		{name: "mailer reads mail", call: call{path: "/api/v1/messages/{message}", as: "mailer"}, status: 200},
		{name: "mailer reads no records", call: call{path: "/api/v1/contacts", as: "mailer"}, status: 403, code: crm.Denied, hint: "--scope read"},
	})
}
