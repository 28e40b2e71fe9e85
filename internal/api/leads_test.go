package api

import (
	"strings"
	"testing"

	"threadline/internal/crm"
	"threadline/internal/records"
)

// TestLeadTakesItsMailAlong: mail stands on the timeline of a lead, follows it
// into the contact that it becomes, and comes back when that is undone.
func TestLeadTakesItsMailAlong(t *testing.T) {
	w := newWorld(t).withMail()
	w.do(call{method: "DELETE", path: "/api/v1/contacts/" + string(w.contact), as: "nora"})
	lead := decode[recordView](t, w.do(call{method: "POST", path: "/api/v1/leads", as: "nora",
		body: `{"values":{"name":"Ada","company_name":"Canary Ltd","emails":["ada@canary.example"]}}`})).ID
	must(t, w.follower.CatchUp(t.Context()))
	on := func(plural string, id crm.RecordID) bool {
		return strings.Contains(w.do(call{path: "/api/v1/" + plural + "/" + string(id) + "/timeline", as: "nora"}).Body.String(), canarySubject)
	}
	if !on("leads", lead) {
		t.Fatal("the mail is not on the timeline of the lead")
	}
	before := w.do(call{path: "/api/v1/export", as: "operator"}).Body.String()
	done := decode[records.Converted](t, w.do(call{method: "POST", path: "/api/v1/leads/" + string(lead) + "/convert", as: "nora", body: `{}`}))
	must(t, w.follower.CatchUp(t.Context()))
	if done.Deal == "" || !on("contacts", done.Contact) || !on("deals", done.Deal) || on("leads", lead) {
		t.Errorf("converted %+v: contact %v, deal %v, lead %v", done, on("contacts", done.Contact), on("deals", done.Deal), on("leads", lead))
	}
	got := decode[recordView](t, w.do(call{path: "/api/v1/contacts/" + string(done.Contact) + "?derived=true", as: "nora"}))
	if got.Derived[crm.LastInbound] != "2026-11-21T12:00:00Z" {
		t.Errorf("last inbound: %v", got.Derived)
	}
	if res := w.do(call{path: "/api/v1/verify", as: "operator"}); !strings.Contains(res.Body.String(), `"findings":0`) {
		t.Errorf("verify: %s", res.Body)
	}
	w.do(call{method: "POST", path: "/api/v1/changes/" + done.Batch + "/undo", as: "nora"})
	must(t, w.follower.CatchUp(t.Context()))
	if after := w.do(call{path: "/api/v1/export", as: "operator"}).Body.String(); after != before {
		t.Error("the export after the undo is not the one before")
	}
}

// TestFolderOverTheAPI makes a folder with fields and works in it.
func TestFolderOverTheAPI(t *testing.T) {
	w := newWorld(t)
	w.run(t, []scenario{
		{name: "a folder", call: call{method: "POST", path: "/api/v1/folders", as: "nora", body: `{"key":"partner","plural":"partners","staged":true}`}, status: 201, has: `"batch"`},
		{name: "again", call: call{method: "POST", path: "/api/v1/folders", as: "nora", body: `{"key":"partner","plural":"partners"}`}, status: 409, code: crm.Exists, field: "key"},
		{name: "a field", call: call{method: "POST", path: "/api/v1/fields", as: "nora", body: `{"kind":"x-partner","key":"seats","type":"number","indexed":true}`}, status: 201, has: `"batch"`},
		{name: "a field of nothing", call: call{method: "POST", path: "/api/v1/fields", as: "nora", body: `{"kind":"x-partners","key":"c","type":"text"}`}, status: 422, code: crm.Invalid, field: "kind", hint: "did you mean x-partner?"},
		{name: "pipelines of nothing", call: call{path: "/api/v1/pipelines?kind=x-project", as: "nora"}, status: 422, code: crm.Invalid, field: "kind", hint: "made first"},
		{name: "no such type", call: call{method: "POST", path: "/api/v1/fields", as: "nora", body: `{"kind":"x-partner","key":"c","type":"colour"}`}, status: 422, code: crm.Invalid, field: "type", hint: "auto_number"},
		{name: "a formula of nothing", call: call{method: "POST", path: "/api/v1/fields", as: "nora", body: `{"kind":"x-partner","key":"f","type":"formula","expr":"seats * size"}`}, status: 422, code: crm.Invalid, field: "expr", hint: "seats"},
		{name: "a formula", call: call{method: "POST", path: "/api/v1/fields", as: "nora", body: `{"kind":"x-partner","key":"f","type":"formula","expr":"seats * 2"}`}, status: 201},
		{name: "a record", call: call{method: "POST", path: "/api/v1/records/partners", as: "nora", body: `{"values":{"name":"A","seats":21}}`}, status: 201, has: `"stage":"open"`},
		{name: "wrong", call: call{method: "POST", path: "/api/v1/records/partners", as: "nora", body: `{"values":{"name":"A","seats":"many"}}`}, status: 422, code: crm.Invalid, field: "seats"},
		{name: "found by it", call: call{path: "/api/v1/records/partners?q=seats+%3E+20&derived=true", as: "tom"}, status: 200, has: `"f":42`},
		{name: "how it is found", call: call{path: "/api/v1/records/partners?q=seats+%3E+20&explain=true&names=true", as: "tom"}, status: 200, has: `"plan":`},
		{name: "its pipeline", call: call{path: "/api/v1/pipelines?kind=x-partner", as: "tom"}, status: 200, has: `"key":"done"`},
		{name: "no such folder", call: call{path: "/api/v1/records/nothing", as: "tom"}, status: 404, code: crm.NotFound, field: "folder"},
		{name: "in use", call: call{method: "DELETE", path: "/api/v1/folders/partner", as: "nora"}, status: 409, code: crm.Conflict, field: "folder"},
	})
}
