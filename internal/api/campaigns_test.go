package api

import (
	"encoding/json"
	"strings"
	"testing"

	"threadline/internal/crm"
)

func TestCampaigns(t *testing.T) {
	w := newWorld(t).withMail()
	var letter, made struct{ ID, Status, Version string }
	read := func(c call, v any) {
		t.Helper()
		res := w.do(c)
		if err := json.Unmarshal(res.Body.Bytes(), v); err != nil || res.Code >= 300 {
			t.Fatalf("%s %s: %d %s", c.method, c.path, res.Code, res.Body)
		}
	}
	read(call{method: "POST", path: "/api/v1/templates", as: "nora", body: `{"name":"Offer","subject":"Offer","html":"<p>Dear {{contact.name}}</p>"}`}, &letter)
	good := `{"name":"Autumn","template":"` + letter.ID + `","audience":"contacts","mailbox":"` + string(w.mailbox) + `","pace":{"per_day":10,"per_minute":10}}`
	read(call{method: "POST", path: "/api/v1/campaigns", as: "nora", body: good}, &made)
	one := "/api/v1/campaigns/" + made.ID
	w.run(t, []scenario{
		{name: "list", call: call{path: "/api/v1/campaigns", as: "nora"}, status: 200, has: `"status":"draft"`},
		{name: "start too early", call: call{method: "POST", path: one + "/start", as: "nora"}, status: 409, code: crm.Conflict, field: "status", hint: "prepare"},
		{name: "mailbox of a colleague", call: call{method: "POST", path: "/api/v1/campaigns", as: "tom", body: good}, status: 404, code: crm.NotFound, field: "mailbox"},
		{name: "audience of deals", call: call{method: "POST", path: "/api/v1/campaigns", as: "nora", body: strings.Replace(good, `"contacts"`, `"deals"`, 1)}, status: 422, code: crm.Invalid, field: "audience"},
		{name: "no pace", call: call{method: "POST", path: "/api/v1/campaigns", as: "nora", body: strings.Replace(good, `"per_day":10`, `"per_day":0`, 1)}, status: 422, code: crm.Invalid, field: "pace.per_day"},
		{name: "sign mail of nowhere", call: call{method: "POST", path: "/api/v1/signers", as: "nora", body: `{"domain":"not_a_domain","method":"ed25519-sha256"}`}, status: 422, code: crm.Invalid, field: "domain"},
		{name: "unknown", call: call{path: "/api/v1/campaigns/cam_aaaaaaaaaaaaaaaaaaaaaaaaaa", as: "nora"}, status: 404, code: crm.NotFound, field: "id"},
		{name: "prepare", call: call{method: "POST", path: one + "/prepare", as: "nora"}, status: 200, has: `"kind":"campaign"`},
	})
	if err := w.deps.Jobs.WorkOff(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.run(t, []scenario{
		{name: "ready", call: call{path: one, as: "nora"}, status: 200, has: `"status":"ready"`},
		{name: "ledger", call: call{path: one + "/recipients?state=queued", as: "nora"}, status: 200, has: `"rfc_id":"rcp_`},
		{name: "suppress", call: call{method: "POST", path: "/api/v1/suppressions", as: "nora", body: `{"address":"x@left.example"}`}, status: 200, has: `"batch":"bat_`},
		{name: "suppress again", call: call{method: "POST", path: "/api/v1/suppressions", as: "nora", body: `{"address":"x@left.example"}`}, status: 200, has: `"batch":""`},
		{name: "suppress many", call: call{method: "POST", path: "/api/v1/suppressions/import", as: "nora", body: `{"addresses":["x@left.example","y@left.example","Y@left.example","a b","z@left.example\r\nBcc: all@x.example"]}`},
			status: 200, has: `"added":1,"known":2,"refused":[{"index":3,`},
		{name: "suppressed", call: call{path: "/api/v1/suppressions", as: "nora"}, status: 200, has: `"reason":"manual"`},
		{name: "release", call: call{method: "DELETE", path: "/api/v1/suppressions/x@left.example", as: "nora"}, status: 200, has: `"batch":"bat_`},
		{name: "release of an unknown purpose", call: call{method: "DELETE", path: "/api/v1/suppressions/x@left.example?purpose=moon", as: "nora"}, status: 422, code: crm.Invalid, field: "purpose", hint: "purpose"},
		{name: "suppress for a purpose", call: call{method: "POST", path: "/api/v1/suppressions/import", as: "nora", body: `{"addresses":["x@left.example"],"purpose":"news"}`}, status: 200, has: `"added":1`},
		{name: "release a purpose", call: call{method: "DELETE", path: "/api/v1/suppressions/x@left.example?purpose=news", as: "nora"}, status: 200, has: `"batch":"bat_`},
		{name: "release again", call: call{method: "DELETE", path: "/api/v1/suppressions/x@left.example", as: "nora"}, status: 404, code: crm.NotFound, field: "address"},
		{name: "cancel", call: call{method: "POST", path: one + "/cancel", as: "nora"}, status: 200, has: `"status":"cancelled"`},
	})
	for _, method := range []string{"GET", "POST"} {
		if res := w.do(call{method: method, path: "/u/rcp_x.y"}); res.Code != 404 || !strings.Contains(res.Body.String(), "<h1>") {
			t.Errorf("%s of an unknown link: %d %s", method, res.Code, res.Body)
		}
	}
}
