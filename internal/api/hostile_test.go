package api

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gin-gonic/gin"

	"threadline/internal/auth"
	"threadline/internal/crm"
	"threadline/internal/records"
)

// boss is a walk with somebody who may do everything, so that nothing but the shape
// of a request is a reason to refuse it.
type boss struct {
	*walk
	user   crm.User
	cookie string
}

func newBoss(t *testing.T) *boss {
	b := &boss{walk: newWalk(t)}
	b.user = b.walk.user("boss", "boss@brightwell.example")
	_, err := b.deps.Records.SetMembership(t.Context(), records.By{Cause: crm.CauseCLI}, crm.Membership{User: b.user.ID, Role: crm.RoleAdmin})
	must(t, err)
	link, err := b.deps.Auth.NewLink(t.Context(), b.deps.Space, b.user.ID)
	must(t, err)
	begun, err := b.deps.Auth.Redeem(t.Context(), b.deps.Space, link, auth.Visit{})
	must(t, err)
	b.cookie = plainCookie + "=" + begun.Secret
	return b
}

// typical are all operations but those of most folders: one handler serves them all.
func (b *boss) typical() []operation {
	return slices.DeleteFunc(b.operations(), func(op operation) bool {
		n, ok := nounOf(op)
		return ok && n.Kind != crm.KindContact && n.Kind != crm.KindDeal && n.Kind != crm.KindLead
	})
}

// send asks a route as whoever may: the operator where nobody else does.
func (b *boss) send(op operation, path, body string, header http.Header) *httptest.ResponseRecorder {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.t.Context(), time.Minute)
	defer cancel()
	var in io.Reader
	if body != "" {
		in = strings.NewReader(body)
	}
	r := httptest.NewRequestWithContext(ctx, op.method, path, in)
	r.Host, r.RemoteAddr = "127.0.0.1:8080", "192.0.2.1:1234"
	r.Header.Set("Content-Type", "application/json")
	maps.Copy(r.Header, header)
	h := b.Public()
	if needOf(b.table[op.method+" "+ginPath(op.path)]) == needOperator {
		h = b.Operator()
	} else if r.Header.Get("Authorization") == "" && r.Header.Get("Cookie") == "" {
		r.Header.Set("Cookie", b.cookie)
	}
	out := httptest.NewRecorder()
	h.ServeHTTP(out, r)
	return out
}

// property is a member that the body of an operation may have, with a value that
// it takes; "" when it has none.
func (b *boss) property(op operation, ids map[string]string) (name, value string) {
	b.t.Helper()
	if op.RequestBody == nil || op.RequestBody.Content["application/json"] == nil {
		return "", ""
	}
	s := op.RequestBody.Content["application/json"].Schema
	if s.Ref != "" {
		s = b.api.OpenAPI().Components.Schemas.SchemaFromRef(s.Ref)
	}
	for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
		if name == "$schema" {
			continue
		}
		v, err := json.Marshal(b.sample(s.Properties[name], name, ids))
		must(b.t, err)
		return name, string(v)
	}
	return "values", `{}`
}

// TestTwoReadings sends every route requests that can be read in two ways. None is
// taken, and nothing is written.
func TestTwoReadings(t *testing.T) {
	w := newBoss(t)
	before := w.picture()
	for _, op := range w.typical() {
		path, _ := w.fillPath(op.path, w.absent)
		query := w.queries(op, w.absent)[0]
		body, _ := w.body(op, w.absent, "")
		refused := func(what string, res *httptest.ResponseRecorder) {
			t.Helper()
			var p Problem
			if err := json.Unmarshal(res.Body.Bytes(), &p); err != nil || p.Code != crm.Invalid || res.Code != 400 && res.Code != 415 && res.Code != 422 {
				t.Errorf("%s %s takes %s: %d %s", op.method, op.path, what, res.Code, crm.Clip(res.Body.String(), 200))
			}
		}
		for what, q := range map[string]string{"a parameter twice": "a=1&a=2", "a broken escape": "a=%zz", "a semicolon": "a=1;b=2", "a NUL": "a=%00", "what is no text": "a=%ff"} {
			refused(what, w.send(op, path+"?"+strings.TrimPrefix(query+"&"+q, "&"), body, nil))
		}
		path = strings.TrimSuffix(path+"?"+query, "?")
		for _, name := range []string{"If-Match", "Content-Type", "Origin"} {
			refused("two headers "+name, w.send(op, path, body, http.Header{name: {"1", "2"}}))
		}
		key := "Bearer " + w.keys["boss"]
		refused("two credentials", w.send(op, path, body, http.Header{"Authorization": {key, key + "x"}}))
		name, value := w.property(op, w.absent)
		if name == "" {
			continue
		}
		begin := func(member, of string) string {
			return "{" + strings.TrimSuffix(member+":"+of+","+body[1:], ",}") + "}"
		}
		quoted := fmt.Sprintf("%q", name)
		escaped := fmt.Sprintf(`"\u%04x%s"`, name[0], name[1:])
		title := fmt.Sprintf("%q", strings.ToUpper(name[:1])+name[1:])
		for what, text := range map[string]string{
			"a member twice":              `{` + quoted + `:` + value + `,` + quoted + `:` + value + `}`,
			"a member twice, once hidden": `{` + quoted + `:` + value + `,` + escaped + `:` + value + `}`,
			"a member in other letters":   `{` + title + `:` + value + `}`,
			"both ways of writing it":     `{` + quoted + `:` + value + `,` + title + `:` + value + `}`,
			"a member twice, far inside":  begin(`"zz"`, `[{"a":{"b":1,"b":2}}]`),
			"a body without end":          begin(`"zz"`, strings.Repeat("[", 70)+strings.Repeat("]", 70)),
			"a NUL":                       begin(`"zz"`, `"a\u0000b"`),
			"half a character":            begin(`"zz"`, `"\ud800"`),
			"something behind it":         `{} {}`,
			"a number beyond all":         begin(`"zz"`, `1e999`),
			"NaN":                         begin(`"zz"`, `NaN`),
		} {
			if strings.HasPrefix(op.path, "/api/v1/records/") && strings.Contains(text, title) {
				continue // there is no such folder, whose door would say so
			}
			refused(what, w.send(op, path, text, nil))
		}
		for what, kind := range map[string]string{"UTF-16": "application/json; charset=utf-16", "two types": "application/json, text/plain", "a form": "application/x-www-form-urlencoded"} {
			refused(what, w.send(op, path, `{`+quoted+`:`+value+`}`, http.Header{"Content-Type": {kind}}))
		}
	}
	w.unchanged("what can be read in two ways", before)
	if res := w.do(call{path: "/api/v1/me", header: map[string]string{"Cookie": w.cookie + "; " + plainCookie + "=x"}}); res.Code != http.StatusUnauthorized {
		t.Errorf("two sessions: %d", res.Code)
	}
	w.quietLog()
}

// TestScopes asks every route with a key of each scope alone: the one that the table
// names opens it, and no other.
func TestScopes(t *testing.T) {
	w := newBoss(t)
	keys := map[crm.Grant]string{}
	for _, g := range crm.Grants() {
		_, key, err := w.deps.Auth.AddKey(t.Context(), w.deps.Space, auth.KeyInput{User: w.user.ID, Name: string(g), Grants: []crm.Grant{g}})
		must(t, err)
		keys[g] = key
	}
	for id := range byRoute {
		if !slices.ContainsFunc(slices.Collect(maps.Values(w.table)), func(r route) bool { return r.id == id }) {
			t.Errorf("needs.go says what %s needs, which is no route", id)
		}
	}
	before := w.picture()
	for _, open := range []bool{false, true} {
		for _, op := range w.typical() {
			w.askScopes(op, keys, open)
		}
		if !open {
			w.unchanged("keys without the scope", before)
		}
	}
}

// TestScopeOfLetters: mail leaves by no export that the scopes of records open.
func TestScopeOfLetters(t *testing.T) {
	w := newBoss(t)
	key := func(grants ...crm.Grant) string {
		_, key, err := w.deps.Auth.AddKey(t.Context(), w.deps.Space, auth.KeyInput{User: w.user.ID, Name: "x", Grants: grants})
		must(t, err)
		return key
	}
	ask := func(method, path, body, key string) *httptest.ResponseRecorder {
		return w.do(call{method: method, path: path, body: body, header: map[string]string{"Authorization": "Bearer " + key}})
	}
	records, mail := key(crm.GrantRead, crm.GrantWrite), key(crm.GrantRead, crm.GrantWrite, crm.GrantMail)
	const letters = `{"format":"eml"}`
	if res := ask("POST", "/api/v1/exports", letters, records); res.Code != http.StatusForbidden || !strings.Contains(res.Body.String(), "scope mail") {
		t.Errorf("begun without the scope: %d %s", res.Code, res.Body)
	}
	res := ask("POST", "/api/v1/exports", letters, mail)
	if res.Code != http.StatusCreated {
		t.Fatalf("with the scope: %d %s", res.Code, res.Body)
	}
	must(t, w.deps.Jobs.WorkOff(t.Context()))
	file := "/api/v1/exports/" + decode[struct{ ID string }](t, res).ID + "/file"
	before := w.picture()
	if res := ask("GET", file, "", records); res.Code != http.StatusForbidden || !strings.Contains(res.Body.String(), "scope mail") {
		t.Errorf("fetched without the scope: %d %s", res.Code, res.Body)
	}
	w.unchanged("a file that is not fetched", before)
	if res := ask("GET", file, "", mail); res.Code != http.StatusOK {
		t.Errorf("fetched with the scope: %d %s", res.Code, res.Body)
	}
	if res := ask("POST", "/api/v1/exports", `{"format":"csv","query":"contacts"}`, records); res.Code != http.StatusCreated {
		t.Errorf("records: %d %s", res.Code, res.Body)
	}
}

// askScopes asks a route with the keys that open it, or with the others.
func (b *boss) askScopes(op operation, keys map[crm.Grant]string, open bool) {
	b.t.Helper()
	r := b.table[op.method+" "+ginPath(op.path)]
	path, _ := b.fillPath(op.path, b.absent)
	for _, g := range crm.Grants() {
		never, opens := refusedToKeys(r.tag, r.method), g == grantOf(r.tag, r.method, r.path)
		if r.open || (opens && !never) != open {
			continue
		}
		res := b.sendWith(op, path+"?"+b.queries(op, b.absent)[0], keys[g])
		var p Problem
		_ = json.Unmarshal(res.Body.Bytes(), &p) // an answer is no problem
		closed := res.Code == http.StatusForbidden && strings.Contains(p.Detail, "does not have the scope")
		said := res.Code == http.StatusForbidden && strings.Contains(p.Detail, "has no say")
		if closed != (!opens && !never) || said != never || res.Code == http.StatusUnauthorized || res.Code >= 500 && p.Code != crm.Unavailable {
			b.t.Errorf("%s %s with a key of %s: %d %s", op.method, op.path, g, res.Code, p.Detail)
		}
	}
}

// sendWith asks with a key, and with a body that nobody takes: it is looked at after
// the key.
func (b *boss) sendWith(op operation, path, key string) *httptest.ResponseRecorder {
	body := ""
	if op.RequestBody != nil {
		body = `{"zz_unknown":1}`
	}
	r := httptest.NewRequestWithContext(b.t.Context(), op.method, path, strings.NewReader(body))
	r.Host, r.RemoteAddr = "127.0.0.1:8080", "192.0.2.1:1234"
	r.Header.Set("Authorization", "Bearer "+key)
	r.Header.Set("Content-Type", "application/json")
	out := httptest.NewRecorder()
	b.Public().ServeHTTP(out, r)
	return out
}

// TestOneReading: of the lines of one list the last proxy's word is believed, and
// behind a body in pieces nothing else is read from the connection.
func TestOneReading(t *testing.T) {
	w := newWorld(t)
	must(t, w.gin.SetTrustedProxies([]string{"192.0.2.1"}))
	r := httptest.NewRequestWithContext(t.Context(), "POST", "/api/v1/contacts", strings.NewReader(`{"values":{"name":"x"}}`))
	r.Host, r.RemoteAddr, r.TransferEncoding, r.ContentLength = "127.0.0.1:8080", "192.0.2.1:1234", []string{"chunked"}, -1
	r.Header = http.Header{"Authorization": {"Bearer " + w.keys["nora"]}, "Content-Type": {"application/json"}, "X-Forwarded-For": {"6.6.6.6", "198.51.100.7"}, "X-Real-Ip": {"6.6.6.6"}}
	res := httptest.NewRecorder()
	seen := ""
	http.HandlerFunc(func(out http.ResponseWriter, in *http.Request) {
		w.Public().ServeHTTP(out, in)
		c := gin.CreateTestContextOnly(out, w.gin)
		c.Request = in
		seen = c.ClientIP()
	}).ServeHTTP(res, r)
	if res.Code != http.StatusCreated || res.Header().Get("Connection") != "close" || seen != "198.51.100.7" {
		t.Errorf("%d, connection %q, from %s: %s", res.Code, res.Header().Get("Connection"), seen, res.Body)
	}
	for _, c := range []call{{path: "/api/v1/contacts/%00", as: "nora"}, {path: "/assets/%ff"}, {path: "/u/%00"}} {
		if res := w.do(c); res.Code != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d", c.path, res.Code)
		}
	}
}
