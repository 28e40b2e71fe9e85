package api

import (
	"net/http"
	"strings"
	"testing"

	"threadline/internal/crm"
	"threadline/internal/records"
)

func TestRecordLife(t *testing.T) {
	w := newWorld(t)
	make := call{method: "POST", path: "/api/v1/contacts", as: "nora", body: `{"values":{"name":"Ada","emails":["ADA@Canary.example"]}}`,
		header: map[string]string{"Idempotency-Key": "one"}}
	res := w.do(make)
	made := decode[recordView](t, res)
	if res.Code != 201 || made.Batch == "" || res.Header().Get("Location") != "/api/v1/contacts/"+string(made.ID) || res.Header().Get("ETag") != `"`+made.Version+`"` {
		t.Fatalf("%d %v %s", res.Code, res.Header(), res.Body)
	}
	if got := made.List("emails"); len(got) != 1 || got[0] != "ada@canary.example" {
		t.Errorf("emails %v", got)
	}
	if res = w.do(make); res.Code != 200 || decode[recordView](t, res).ID != made.ID {
		t.Errorf("a repeat: %d %s", res.Code, res.Body)
	}
	make.as = "tom"
	if res = w.do(make); res.Code != 201 {
		t.Errorf("the same key of somebody else: %d %s", res.Code, res.Body)
	}
	path := "/api/v1/contacts/" + string(made.ID)
	edit := func(name, version string) (int, Problem) {
		res := w.do(call{method: "PATCH", path: path, as: "tom", body: `{"values":{"name":"` + name + `"}}`, header: map[string]string{"If-Match": version}})
		p := Problem{}
		if res.Code >= 400 {
			p = decode[Problem](t, res)
		}
		return res.Code, p
	}
	if code, _ := edit("Ada B", `"`+made.Version+`"`); code != 200 {
		t.Errorf("with the right version: %d", code)
	}
	if code, p := edit("Ada C", `"`+made.Version+`"`); code != http.StatusPreconditionFailed || p.Code != crm.Conflict || p.Field != "version" || p.Hint == "" {
		t.Errorf("with an old version: %d %+v", code, p)
	}
	if _, p := edit("Ada C", `"`+made.Version+`"`); p.Conflict == nil || p.Conflict.Present.Text("name") != "Ada B" || p.Conflict.Present.Version == made.Version ||
		len(p.Conflict.Fields) != 1 || p.Conflict.Fields[0] != (records.Contest{Field: "name", Yours: "Ada C", Now: "Ada B"}) {
		t.Errorf("a conflict without both versions: %+v", p.Conflict)
	} else if code, _ := edit("Ada B", `"`+p.Conflict.Present.Version+`"`); code != 200 {
		t.Errorf("with the version of the conflict: %d", code)
	}
	if code, p := edit("Ada C", `"x"`); code != 422 || p.Field != "version" {
		t.Errorf("with no version at all: %d %+v", code, p)
	}
	history := decode[records.ChangePage](t, w.do(call{path: path + "/history", as: "nora"}))
	if len(history.Items) != 2 || history.Items[0].Entries[0].Fields[0].After != "Ada B" {
		t.Errorf("history %+v", history)
	}
	gone := decode[batched](t, w.do(call{method: "DELETE", path: path, as: "nora"}))
	if res := w.do(call{path: path, as: "nora"}); res.Code != 404 {
		t.Errorf("deleted, and still there: %d", res.Code)
	}
	if res := w.do(call{method: "POST", path: "/api/v1/changes/" + gone.Batch + "/undo", as: "nora"}); res.Code != 200 {
		t.Errorf("undo: %d %s", res.Code, res.Body)
	}
	if back := decode[recordView](t, w.do(call{path: path, as: "nora"})); back.Text("name") != "Ada B" {
		t.Errorf("undone: %+v", back)
	}
}

func TestListsAndQueries(t *testing.T) {
	w := newWorld(t)
	for _, name := range []string{"a", "b", "c"} {
		w.do(call{method: "POST", path: "/api/v1/deals", as: "nora", body: `{"values":{"name":"` + name + `","amount":100}}`})
	}
	w.do(call{method: "POST", path: "/api/v1/deals", as: "nora", body: `{"values":{"name":"d","stage":"proposal"}}`})
	var names []string
	for path, cursor := "/api/v1/deals?limit=3", ""; ; {
		list := decode[items[recordView]](t, w.do(call{path: path + cursor, as: "nora"}))
		for _, r := range list.Items {
			names = append(names, r.Text("name"))
		}
		if list.Next == "" {
			break
		}
		cursor = "&cursor=" + list.Next
	}
	if got := strings.Join(names, ""); got != "dcba" {
		t.Errorf("deals in pages: %q", got)
	}
	for q, want := range map[string]int{"stage+%3D+proposal": 1, "where+stage+%3D+qualified": 3, "deals+where+stage+%3D+qualified+limit+2": 2, "order+by+created_at": 4} {
		if list := decode[items[recordView]](t, w.do(call{path: "/api/v1/deals?q=" + q, as: "nora"})); len(list.Items) != want {
			t.Errorf("q=%s: %d deals, want %d", q, len(list.Items), want)
		}
	}
	w.run(t, []scenario{
		{name: "pipelines", call: call{path: "/api/v1/pipelines", as: "tom"}, status: 200, has: `"key":"sales"`},
		{name: "changes", call: call{path: "/api/v1/changes?limit=2", as: "tom"}, status: 200, has: `"next":`},
		{name: "users", call: call{path: "/api/v1/users", as: "tom"}, status: 200, has: "nora@brightwell.example"},
	})
}

func TestAcceptSuggestions(t *testing.T) {
	w := newWorld(t).withMail()
	before := w.do(call{path: "/api/v1/export", as: "operator"}).Body.String()
	accept := call{method: "POST", path: "/api/v1/suggestions/accept", as: "nora", body: `{"mode":"written_to"}`}
	done := decode[records.Accepted](t, w.do(accept))
	if done.Contacts < 5 || done.Companies < 3 || done.Batch == "" {
		t.Fatalf("accepted %+v", done)
	}
	must(t, w.follower.CatchUp(t.Context()))
	if again := decode[records.Accepted](t, w.do(accept)); again.Contacts+again.Companies != 0 || again.Batch != "" {
		t.Errorf("accepted again: %+v", again)
	}
	list := decode[items[recordView]](t, w.do(call{path: "/api/v1/contacts?limit=200", as: "nora"}))
	for _, r := range list.Items {
		if e := strings.Join(r.List("emails"), " "); strings.Contains(e, "no-reply") || strings.Contains(e, "brightwell.example") {
			t.Errorf("%s became a contact", e)
		}
	}
	if res := w.do(call{method: "POST", path: "/api/v1/changes/" + done.Batch + "/undo", as: "nora"}); res.Code != 200 {
		t.Fatalf("undo: %d %s", res.Code, res.Body)
	}
	must(t, w.follower.CatchUp(t.Context()))
	if after := w.do(call{path: "/api/v1/export", as: "operator"}).Body.String(); after != before {
		t.Error("the export after the undo is not the one before")
	}
	if res := w.do(call{path: "/api/v1/verify", as: "operator"}); !strings.Contains(res.Body.String(), `"findings":0`) {
		t.Errorf("verify: %s", res.Body)
	}
}

func TestDeleteMailbox(t *testing.T) {
	w := newWorld(t).withMail()
	again := `{"server":"` + w.imap.Addr() + `","tls":"none","login":"nora","password":"secret-of-nora"}`
	w.run(t, []scenario{
		{name: "a colleague may not", call: call{method: "DELETE", path: "/api/v1/mailboxes/{mailbox}", as: "tom"}, status: 404, code: crm.NotFound, field: "id"},
		{name: "neither this nor that", call: call{method: "DELETE", path: "/api/v1/mailboxes/{mailbox}?mail=some", as: "nora"}, status: 422, code: crm.Invalid, field: "mail"},
		{name: "the mail stays", call: call{method: "DELETE", path: "/api/v1/mailboxes/{mailbox}", as: "nora"}, status: 200, has: `"state":"deleted","mail":"keep","undoable":false`},
		{name: "it is gone", call: call{path: "/api/v1/mailboxes/{mailbox}", as: "nora"}, status: 404, code: crm.NotFound, field: "id"},
		{name: "it is in no list", call: call{path: "/api/v1/mailboxes", as: "nora"}, status: 200, has: `"items":[]`},
		{name: "its mail is still read", call: call{path: "/api/v1/messages/{message}", as: "nora"}, status: 200, has: canaryBody},
		{name: "it can be added again", call: call{method: "POST", path: "/api/v1/mailboxes", as: "nora", body: again}, status: 201, has: `"id":"{mailbox}"`},
	})
	w.sync()
	w.run(t, []scenario{
		{name: "nothing is there twice", call: call{path: "/api/v1/messages/" + canaryRFC + "/why", as: "nora"}, status: 200, has: string(w.message)},
		{name: "the mail goes", call: call{method: "DELETE", path: "/api/v1/mailboxes/{mailbox}?mail=erase", as: "nora"}, status: 200, has: `"mail":"erase"`},
		{name: "it is read no more", call: call{path: "/api/v1/messages/{message}", as: "nora"}, status: 404, code: crm.NotFound, field: "id"},
	})
	if res := w.do(call{path: "/api/v1/verify", as: "operator"}); !strings.Contains(res.Body.String(), `"findings":0`) {
		t.Errorf("verify: %s", res.Body)
	}
}

func TestPauseAndPassword(t *testing.T) {
	w := newWorld(t).withMail()
	w.run(t, []scenario{
		{name: "pause", call: call{method: "POST", path: "/api/v1/mailboxes/{mailbox}/pause", as: "nora"}, status: 200, has: `"state":"paused"`},
		{name: "resume", call: call{method: "PATCH", path: "/api/v1/mailboxes/{mailbox}", as: "nora", body: `{"paused":false}`}, status: 200, has: `"state":"connecting"`},
		{name: "wrong new password", call: call{method: "PATCH", path: "/api/v1/mailboxes/{mailbox}", as: "nora", body: `{"password":"nix"}`}, status: 422, code: crm.Invalid, field: "password", hint: "password"},
		{name: "right new password", call: call{method: "PATCH", path: "/api/v1/mailboxes/{mailbox}", as: "nora", body: `{"password":"secret-of-nora"}`}, status: 200},
		{name: "audit", call: call{path: "/api/v1/mailboxes/{mailbox}/audit", as: "nora"}, status: 200, has: `"proven":true`},
		{name: "repair", call: call{method: "POST", path: "/api/v1/mailboxes/{mailbox}/audit", as: "nora"}, status: 200, has: `"missing":0`},
		{name: "where a stored mail is", call: call{path: "/api/v1/mailboxes/{mailbox}/where?message_id=%3C" + canaryRFC + "%3E", as: "nora"}, status: 200, has: `"state":"stored"`},
		{name: "where nothing is", call: call{path: "/api/v1/mailboxes/{mailbox}/where?message_id=nix@nowhere.example", as: "nora"}, status: 200, has: `"state":"never_seen"`},
		{name: "where, for a colleague", call: call{path: "/api/v1/mailboxes/{mailbox}/where?message_id=" + canaryRFC, as: "tom"}, status: 404, code: crm.NotFound, field: "id"},
		{name: "traced by who is in it", call: call{path: "/api/v1/mailboxes/{mailbox}/trace?with=canary.example", as: "nora"}, status: 200, has: `"state":"stored"`},
		{name: "traced by words that no subject has", call: call{path: "/api/v1/mailboxes/{mailbox}/trace?subject=nixnix", as: "nora"}, status: 200, has: `"items":[]`},
		{name: "traced by nothing", call: call{path: "/api/v1/mailboxes/{mailbox}/trace", as: "nora"}, status: 422, code: crm.Invalid, field: "with", hint: "Message-ID"},
		{name: "traced on no day", call: call{path: "/api/v1/mailboxes/{mailbox}/trace?with=a&day=today", as: "nora"}, status: 422, code: crm.Invalid, field: "day"},
		{name: "traced for a colleague", call: call{path: "/api/v1/mailboxes/{mailbox}/trace?with=a", as: "tom"}, status: 404, code: crm.NotFound, field: "id"},
		{name: "traced for the operator", call: call{path: "/api/v1/mailboxes/{mailbox}/trace?with=a", as: "operator"}, status: 403, code: crm.Denied, hint: "--as"},
		{name: "another choice", call: call{method: "PATCH", path: "/api/v1/mailboxes/{mailbox}", as: "nora", body: `{"folders":["INBOX"],"since":"2026-01-31T00:00:00Z"}`}, status: 200, has: `"folders":["INBOX"]`},
		{name: "a folder that is not there", call: call{method: "PATCH", path: "/api/v1/mailboxes/{mailbox}", as: "nora", body: `{"folders":["Nix"]}`}, status: 422, code: crm.Invalid, field: "folders", hint: "INBOX"},
		{name: "everything again", call: call{method: "PATCH", path: "/api/v1/mailboxes/{mailbox}", as: "nora", body: `{"folders":[],"all_time":true}`}, status: 200, has: `"kind":"imap"`},
		{name: "no dead letters", call: call{path: "/api/v1/mailboxes/{mailbox}/dead", as: "nora"}, status: 200, has: `"items":[]`},
		{name: "never seen", call: call{path: "/api/v1/messages/nix@nowhere.example/why", as: "nora"}, status: 200, has: `"state":"never_seen"`},
		{name: "a Message-ID with a slash", call: call{path: "/api/v1/messages/a%2Fb%3Fc@nowhere.example/why", as: "nora"}, status: 200, has: `"ref":"a/b?c@nowhere.example"`},
		{name: "why by Message-ID in brackets", call: call{path: "/api/v1/messages/%3C" + canaryRFC + "%3E/why", as: "nora"}, status: 200, has: `"rule":"address"`},
	})
}
