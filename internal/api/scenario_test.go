package api

import (
	"net/http"
	"strings"
	"testing"

	"threadline/internal/crm"
)

// scenario is a request and what it must answer. In paths {message}, {contact},
// {mailbox} and {foreign.…} stand for ids of the world.
type scenario struct {
	name string
	call
	status int
	code   crm.ErrorKind
	field  string
	hint   string // a part of it
	has    string // a part of the body
}

func (w *world) fill(s string) string {
	r := []string{"{message}", string(w.message), "{contact}", string(w.contact), "{mailbox}", string(w.mailbox), "{nora}", string(w.nora.ID)}
	for k, v := range w.foreign {
		r = append(r, "{foreign."+k+"}", v)
	}
	return strings.NewReplacer(r...).Replace(s)
}

func (w *world) run(t *testing.T, list []scenario) {
	for _, s := range list {
		t.Run(s.name, func(t *testing.T) {
			s.path, s.body = w.fill(s.path), w.fill(s.body)
			res := w.do(s.call)
			if res.Code != s.status {
				t.Fatalf("%s %s as %q: status %d, want %d\n%s", s.method, s.path, s.as, res.Code, s.status, crm.Clip(res.Body.String(), 500))
			}
			if s.has != "" && !strings.Contains(res.Body.String(), w.fill(s.has)) {
				t.Errorf("the body lacks %q: %s", s.has, crm.Clip(res.Body.String(), 500))
			}
			if s.status >= 400 {
				checkProblem(t, s, res.Header(), decode[Problem](t, res))
			}
		})
	}
}

func checkProblem(t *testing.T, s scenario, h http.Header, p Problem) {
	t.Helper()
	if got := h.Get("Content-Type"); got != "application/problem+json" {
		t.Errorf("content type %q", got)
	}
	if p.Status != s.status || p.Code != s.code || p.Field != s.field {
		t.Errorf("status %d code %q field %q, want %d %q %q: %+v", p.Status, p.Code, p.Field, s.status, s.code, s.field, p)
	}
	if !strings.Contains(p.Hint, s.hint) || s.hint == "" && s.code == crm.Internal && p.Hint == "" {
		t.Errorf("hint %q lacks %q", p.Hint, s.hint)
	}
	if said, again, _ := strings.Cut(p.Detail, ": "); said == again {
		t.Errorf("said twice: %q", p.Detail)
	}
	if p.Detail == "" || p.Request == "" || p.Request != h.Get("X-Request-Id") {
		t.Errorf("a problem says what happened and in which request: %+v", p)
	}
}

func TestCallers(t *testing.T) {
	w := newWorld(t).withMail()
	tom := "operator:tom@brightwell.example"
	w.run(t, []scenario{
		{name: "nobody", call: call{path: "/api/v1/messages"}, status: 401, code: crm.Unauthorized, hint: "sign-in link"},
		{name: "nobody, unknown address", call: call{path: "/api/v1/nix"}, status: 401, code: crm.Unauthorized, hint: "sign-in link"},
		{name: "wrong key", call: call{path: "/api/v1/me", header: map[string]string{"Authorization": "Bearer tl_x_y"}}, status: 401, code: crm.Unauthorized, hint: "tl_<id>_<secret>"},
		{name: "other scheme", call: call{path: "/api/v1/me", header: map[string]string{"Authorization": "Basic eDp5"}}, status: 401, code: crm.Unauthorized, hint: "Bearer"},
		{name: "wrong cookie", call: call{path: "/api/v1/me", header: map[string]string{"Cookie": "tl_session=abc"}}, status: 401, code: crm.Unauthorized, hint: "sign in"},
		{name: "somebody", call: call{path: "/api/v1/me", as: "nora"}, status: 200, has: `"email":"nora@brightwell.example"`},
		{name: "operator", call: call{path: "/api/v1/me", as: "operator"}, status: 200, has: `"operator":true`},
		{name: "operator in a name", call: call{path: "/api/v1/me", as: tom}, status: 200, has: `"email":"tom@brightwell.example"`},
		{name: "in an unknown name", call: call{path: "/api/v1/me", as: "operator:nix@brightwell.example"}, status: 404, code: crm.NotFound, hint: "user add"},
		{name: "in a name, from the network", call: call{path: "/api/v1/me", as: "nora", header: map[string]string{asHeader: "tom@brightwell.example"}}, status: 403, code: crm.Denied},
		{name: "operator reads no mail", call: call{path: "/api/v1/messages", as: "operator"}, status: 403, code: crm.Denied, hint: "--as"},
		{name: "operator reads no message", call: call{path: "/api/v1/messages/{message}", as: "operator"}, status: 403, code: crm.Denied, hint: "--as"},
		{name: "operator reads no timeline", call: call{path: "/api/v1/contacts/{contact}/timeline", as: "operator"}, status: 403, code: crm.Denied, hint: "--as"},
		{name: "operator asks why by our id", call: call{path: "/api/v1/messages/{message}/why", as: "operator"}, status: 403, code: crm.Denied, hint: "--as"},
		{name: "operator asks the server", call: call{path: "/api/v1/messages/" + canaryRFC + "/why", as: "operator"}, status: 200, has: `"state":"stored"`},
		{name: "owner reads", call: call{path: "/api/v1/messages/{message}", as: "nora"}, status: 200, has: canaryBody},
		{name: "as the owner", call: call{path: "/api/v1/messages/{message}", as: "operator:nora@brightwell.example"}, status: 200, has: canaryBody},
		{name: "users add no users", call: call{method: "POST", path: "/api/v1/users", as: "nora", body: `{"email":"x@y.example"}`}, status: 403, code: crm.Denied, hint: "command"},
		{name: "users make no links for others", call: call{method: "POST", path: "/api/v1/users/tom@brightwell.example/link", as: "nora"}, status: 403, code: crm.Denied, hint: "command"},
		{name: "users make links for themselves", call: call{method: "POST", path: "/api/v1/users/{nora}/link", as: "operator:nora@brightwell.example"}, status: 201, has: "http://127.0.0.1:8080/sign-in#"},
		{name: "users export nothing", call: call{path: "/api/v1/export", as: "nora"}, status: 403, code: crm.Denied, hint: "command"},
		{name: "users verify nothing", call: call{path: "/api/v1/verify", as: "nora"}, status: 403, code: crm.Denied, hint: "command"},
		{name: "users rematch nothing", call: call{method: "POST", path: "/api/v1/rematch", as: "nora"}, status: 403, code: crm.Denied, hint: "command"},
		{name: "the operator verifies", call: call{path: "/api/v1/verify", as: "operator"}, status: 200, has: `"findings":0`},
		{name: "the operator exports", call: call{path: "/api/v1/export", as: "operator"}, status: 200, has: canarySubject},
		{name: "dry rematch", call: call{method: "POST", path: "/api/v1/rematch", as: "operator", body: `{"dry_run":true}`}, status: 200, has: `"changed":0`},
		{name: "keys of others", call: call{method: "POST", path: "/api/v1/apikeys", as: "operator:nora@brightwell.example", body: `{"user":"tom@brightwell.example"}`}, status: 403, code: crm.Denied, field: "user"},
		{name: "keys make no keys", call: call{method: "POST", path: "/api/v1/apikeys", as: "nora", body: `{}`}, status: 403, code: crm.Denied, hint: "browser"},
		{name: "keys make no links", call: call{method: "POST", path: "/api/v1/users/{nora}/link", as: "nora"}, status: 403, code: crm.Denied, hint: "browser"},
		{name: "own keys", call: call{method: "POST", path: "/api/v1/apikeys", as: "operator:nora@brightwell.example", body: `{}`}, status: 201, has: `"key":"tl_`},
		{name: "a key without user", call: call{method: "POST", path: "/api/v1/apikeys", as: "operator", body: `{}`}, status: 422, code: crm.Invalid, field: "user"},
		{name: "unknown key", call: call{method: "DELETE", path: "/api/v1/apikeys/key_x", as: "operator:nora@brightwell.example"}, status: 404, code: crm.NotFound, field: "id"},
	})
}

func TestRefusals(t *testing.T) {
	w := newWorld(t).withMail()
	big := `{"values":{"name":"` + strings.Repeat("x", maxBody) + `"}}`
	w.run(t, []scenario{
		{name: "unknown field", call: call{method: "POST", path: "/api/v1/contacts", as: "nora", body: `{"values":{"nickname":"x"}}`}, status: 422, code: crm.Invalid, field: "nickname", hint: "known fields: name"},
		{name: "field outside values", call: call{method: "POST", path: "/api/v1/contacts", as: "nora", body: `{"name":"x"}`}, status: 422, code: crm.Invalid, field: "name", hint: `"values"`},
		{name: "system field", call: call{method: "POST", path: "/api/v1/deals", as: "nora", body: `{"values":{"name":"x","closed_at":"2026-01-01"}}`}, status: 422, code: crm.Invalid, field: "closed_at"},
		{name: "bad address", call: call{method: "POST", path: "/api/v1/contacts", as: "nora", body: `{"values":{"emails":["a@b.example","x"]}}`}, status: 422, code: crm.Invalid, field: "emails[1]"},
		{name: "free mail is no company", call: call{method: "POST", path: "/api/v1/companies", as: "nora", body: `{"values":{"name":"G","domains":["gmail.com"]}}`}, status: 422, code: crm.Invalid, field: "domains", hint: "contact"},
		{name: "no values", call: call{method: "POST", path: "/api/v1/contacts", as: "nora", body: `{}`}, status: 422, code: crm.Invalid, field: "name"},
		{name: "values of a wrong form", call: call{method: "POST", path: "/api/v1/contacts", as: "nora", body: `{"values":[1]}`}, status: 422, code: crm.Invalid, field: "values"},
		{name: "no JSON", call: call{method: "POST", path: "/api/v1/contacts", as: "nora", body: `{"values":`}, status: 422, code: crm.Invalid},
		{name: "no body", call: call{method: "POST", path: "/api/v1/contacts", as: "nora"}, status: 400, code: crm.Invalid},
		{name: "body over the limit", call: call{method: "POST", path: "/api/v1/contacts", as: "nora", body: big}, status: 413, code: crm.TooLarge},
		{name: "unknown pipeline", call: call{method: "POST", path: "/api/v1/deals", as: "nora", body: `{"values":{"name":"x","pipeline":"nix"}}`}, status: 422, code: crm.Invalid, field: "pipeline", hint: "sales"},
		{name: "unknown record", call: call{path: "/api/v1/contacts/con_aaaaaaaaaaaaaaaaaaaaaaaaaa", as: "nora"}, status: 404, code: crm.NotFound, field: "id"},
		{name: "record of another kind", call: call{path: "/api/v1/deals/{contact}", as: "nora"}, status: 404, code: crm.NotFound, field: "id"},
		{name: "other workspace: record", call: call{path: "/api/v1/contacts/{foreign.contact}", as: "nora"}, status: 404, code: crm.NotFound, field: "id"},
		{name: "other workspace: edit", call: call{method: "PATCH", path: "/api/v1/contacts/{foreign.contact}", as: "nora", body: `{"values":{"name":"x"}}`}, status: 404, code: crm.NotFound, field: "id"},
		{name: "other workspace: delete", call: call{method: "DELETE", path: "/api/v1/contacts/{foreign.contact}", as: "nora"}, status: 404, code: crm.NotFound, field: "id"},
		{name: "other workspace: timeline", call: call{path: "/api/v1/contacts/{foreign.contact}/timeline", as: "nora"}, status: 404, code: crm.NotFound, field: "id"},
		{name: "other workspace: message", call: call{path: "/api/v1/messages/{foreign.message}", as: "nora"}, status: 404, code: crm.NotFound, field: "id"},
		{name: "other workspace: why", call: call{path: "/api/v1/messages/{foreign.message}/why", as: "nora"}, status: 404, code: crm.NotFound, field: "id"},
		{name: "other workspace: link", call: call{method: "POST", path: "/api/v1/messages/{message}/links", as: "nora", body: `{"record":"{foreign.contact}","effect":"link"}`}, status: 404, code: crm.NotFound, field: "record"},
		{name: "other workspace: relation", call: call{method: "POST", path: "/api/v1/deals", as: "nora", body: `{"values":{"name":"x","contacts":["{foreign.contact}"]}}`}, status: 422, code: crm.Invalid, field: "contacts"},
		{name: "other workspace: mailbox", call: call{path: "/api/v1/mailboxes/{foreign.mailbox}", as: "nora"}, status: 404, code: crm.NotFound, field: "id"},
		{name: "other workspace: undo", call: call{method: "POST", path: "/api/v1/changes/{foreign.batch}/undo", as: "operator"}, status: 404, code: crm.NotFound, field: "batch"},
		{name: "mailbox of a colleague", call: call{path: "/api/v1/mailboxes/{mailbox}", as: "tom"}, status: 404, code: crm.NotFound, field: "id"},
		{name: "audit of a colleague's mailbox", call: call{path: "/api/v1/mailboxes/{mailbox}/audit", as: "tom"}, status: 404, code: crm.NotFound, field: "id"},
		{name: "password of a colleague's mailbox", call: call{method: "PATCH", path: "/api/v1/mailboxes/{mailbox}", as: "tom", body: `{"password":"x"}`}, status: 404, code: crm.NotFound, field: "id"},
		{name: "no dead letter", call: call{method: "POST", path: "/api/v1/mailboxes/{mailbox}/dead/cpy_x/retry", as: "nora"}, status: 404, code: crm.NotFound, field: "copy"},
		{name: "query without index", call: call{path: "/api/v1/contacts?q=title+%3D+x+and+phones+has+%22%2B48600000000%22+order+by+name", as: "nora"}, status: 200},
		{name: "query with an unknown field", call: call{path: "/api/v1/deals?q=nix+%3D+1", as: "nora"}, status: 422, code: crm.Invalid, field: "q", hint: "stage"},
		{name: "query of another noun", call: call{path: "/api/v1/deals?q=contacts+where+name+%3D+x", as: "nora"}, status: 422, code: crm.Invalid, field: "q"},
		{name: "bad cursor", call: call{path: "/api/v1/messages?cursor=nix", as: "nora"}, status: 422, code: crm.Invalid, field: "cursor"},
		{name: "limit out of range", call: call{path: "/api/v1/messages?limit=5000", as: "nora"}, status: 422, code: crm.Invalid, field: "limit"},
		{name: "unknown parameter", call: call{path: "/api/v1/messages?limmit=5", as: "nora"}, status: 422, code: crm.Invalid, field: "limmit"},
		{name: "limit is no number", call: call{path: "/api/v1/messages?limit=x", as: "nora"}, status: 422, code: crm.Invalid, field: "limit"},
		{name: "record filter of a wrong form", call: call{path: "/api/v1/messages?record=x", as: "nora"}, status: 422, code: crm.Invalid, field: "record"},
		{name: "unknown effect", call: call{method: "POST", path: "/api/v1/messages/{message}/links", as: "nora", body: `{"record":"{contact}","effect":"maybe"}`}, status: 422, code: crm.Invalid, field: "effect"},
		{name: "unknown word in a body", call: call{method: "POST", path: "/api/v1/suggestions/accept", as: "nora", body: `{"mode":"written_to","x":1}`}, status: 422, code: crm.Invalid, field: "x"},
		{name: "address of nothing", call: call{path: "/api/v1/nix", as: "nora"}, status: 404, code: crm.NotFound, hint: "openapi.json"},
		{name: "other method", call: call{method: "PUT", path: "/api/v1/contacts", as: "nora", body: `{}`}, status: 405, code: crm.Invalid},
		{name: "add-on that is not configured", call: call{method: "POST", path: "/addon/v1/event", header: map[string]string{"Authorization": "Bearer x"}}, status: 401, code: crm.Unauthorized, hint: "--addon-audience"},
		{name: "wrong password", call: call{method: "POST", path: "/api/v1/mailboxes", as: "tom", body: `{"server":"` + w.imap.Addr() + `","tls":"none","login":"nora","password":"nix"}`}, status: 422, code: crm.Invalid, field: "password", hint: "password"},
		{name: "unknown host", call: call{method: "POST", path: "/api/v1/mailboxes", as: "tom", body: `{"server":"nowhere.invalid:993","login":"nora","password":"nix"}`}, status: 422, code: crm.Invalid, field: "server", hint: "name of the server"},
		{name: "refused TLS", call: call{method: "POST", path: "/api/v1/mailboxes", as: "tom", body: `{"server":"` + w.imap.Addr() + `","tls":"tls","login":"nora","password":"nix"}`}, status: 422, code: crm.Invalid, field: "server", hint: "starttls"},
		{name: "folder that is not there", call: call{method: "POST", path: "/api/v1/mailboxes", as: "tom", body: `{"server":"` + w.imap.Addr() + `","tls":"none","login":"nora","password":"secret-of-nora","folders":["Nix"]}`}, status: 422, code: crm.Invalid, field: "folders", hint: "INBOX"},
		{name: "mailbox for somebody else", call: call{method: "POST", path: "/api/v1/mailboxes", as: "tom", body: `{"owner":"nora@brightwell.example","server":"h:1","login":"x","password":"y"}`}, status: 403, code: crm.Denied, field: "owner"},
		{name: "same mailbox again", call: call{method: "POST", path: "/api/v1/mailboxes", as: "nora", body: `{"server":"` + w.imap.Addr() + `","tls":"none","login":"nora","password":"secret-of-nora"}`}, status: 409, code: crm.Exists, field: "login", hint: "status"},
		{name: "mailbox without owner", call: call{method: "POST", path: "/api/v1/mailboxes", as: "operator", body: `{"server":"h:1","login":"x","password":"y"}`}, status: 422, code: crm.Invalid, field: "owner", hint: "--owner"},
		{name: "sync where nothing syncs", call: call{method: "POST", path: "/api/v1/mailboxes/{mailbox}/sync", as: "nora"}, status: 503, code: crm.Unavailable, hint: "serve"},
	})
	if log := w.log.String(); strings.Contains(log, "secret-of-nora") || strings.Contains(log, "nix&") || strings.Contains(log, w.keys["nora"]) {
		t.Errorf("the log holds a secret or a query:\n%s", log)
	}
	if docs := w.do(call{path: "/api/v1/mailboxes", as: "tom"}); !strings.Contains(docs.Body.String(), `"items":[]`) {
		t.Errorf("a refused mailbox was stored: %s", docs.Body)
	}
}

func TestBrokenBodies(t *testing.T) {
	w := newWorld(t)
	post := func(path, body string) call { return call{method: "POST", path: path, as: "nora", body: body} }
	w.run(t, []scenario{
		{name: "lacks a field", call: post("/api/v1/mailboxes", `{"login":"x","password":"y"}`), status: 422, code: crm.Invalid, field: "server", has: "this is missing"},
		{name: "another kind of value", call: post("/api/v1/mailboxes", `[]`), status: 422, code: crm.Invalid, has: "the body: expected object"},
		{name: "cut", call: post("/api/v1/mailboxes", `{"login":`), status: 400, code: crm.Invalid, has: "the body is no JSON: unexpected end"},
		{name: "record, cut", call: post("/api/v1/contacts", `{"values":{"na`), status: 422, code: crm.Invalid, has: "the body is no JSON"},
		{name: "record, not UTF-8", call: post("/api/v1/contacts", "{\"values\":{\"name\":\"\xff\"}}"), status: 422, code: crm.Invalid, has: "not UTF-8"},
		{name: "record, half a character", call: post("/api/v1/contacts", `{"values":{"name":"\ud800"}}`), status: 422, code: crm.Invalid, has: "surrogate"},
		{name: "record, NUL", call: post("/api/v1/contacts", `{"values":{"name":"a\u0000b"}}`), status: 422, code: crm.Invalid, field: "name", has: "NUL"},
		{name: "mailbox, open on the way", call: post("/api/v1/mailboxes", `{"server":"192.0.2.1:143","tls":"none","login":"x","password":"y"}`), status: 422, code: crm.Invalid, field: "tls", has: "without encryption"},
		{name: "XML", call: call{method: "POST", path: "/api/v1/contacts", as: "nora", body: `<a/>`, header: map[string]string{"Content-Type": "application/xml"}}, status: 415, code: crm.Invalid, field: "Content-Type", hint: "application/json"},
		{name: "compressed", call: call{method: "POST", path: "/api/v1/contacts", as: "nora", body: `{}`, header: map[string]string{"Content-Encoding": "gzip"}}, status: 415, code: crm.Invalid, field: "Content-Encoding", hint: "as it is"},
		{name: "record, with a comma", call: post("/api/v1/contacts", `{"values":{},}`), status: 422, code: crm.Invalid, has: "the body is no JSON"},
	})
}
