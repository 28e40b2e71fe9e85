package api

import (
	"testing"

	"threadline/internal/crm"
)

// Numbers without a country code are of the country in which the workspace is.
func TestPhonesOfTheWorkspacesCountry(t *testing.T) {
	w := newWorld(t)
	const bo = `{"values":{"name":"Bo","phones":["600 123 456"]}}`
	w.run(t, []scenario{
		{name: "nowhere", call: call{method: "PATCH", path: "/api/v1/workspace", as: "operator", body: `{"country":""}`}, status: 200},
		{name: "refused", call: call{method: "POST", path: "/api/v1/contacts", as: "nora", body: bo}, status: 422, code: crm.Invalid, field: "phones[0]", hint: "in which country the workspace is"},
		{name: "no country", call: call{method: "PATCH", path: "/api/v1/workspace", as: "operator", body: `{"country":"XX","name":"Never"}`}, status: 422, code: crm.Invalid, field: "country"},
		{name: "Poland", call: call{method: "PATCH", path: "/api/v1/workspace", as: "operator", body: `{"country":"pl"}`}, status: 200, has: `"country":"PL"`},
		{name: "told", call: call{path: "/api/v1/me", as: "nora"}, status: 200, has: `"country":"PL"`},
		{name: "taken", call: call{method: "POST", path: "/api/v1/contacts", as: "nora", body: bo}, status: 201, has: `"phones":["+48600123456"]`},
		{name: "found", call: call{path: "/api/v1/contacts?q=contacts%20where%20phones%20has%20%22600%20123%20456%22", as: "nora"}, status: 200, has: `"name":"Bo"`},
	})
}

// A folder of one's own is named by its key and its plural as well as by its kind.
func TestFieldsOfAFolderByItsName(t *testing.T) {
	w := newWorld(t)
	field := func(kind, key string) call {
		return call{method: "POST", path: "/api/v1/fields", as: "nora", body: `{"kind":"` + kind + `","key":"` + key + `","type":"text"}`}
	}
	w.run(t, []scenario{
		{name: "folder", call: call{method: "POST", path: "/api/v1/folders", as: "nora", body: `{"key":"partner","plural":"partners"}`}, status: 201, has: `"kind":"x-partner"`},
		{name: "by key", call: field("partner", "one"), status: 201},
		{name: "by plural", call: field("partners", "two"), status: 201},
		{name: "by nothing", call: field("partnerz", "three"), status: 422, code: crm.Invalid, field: "kind"},
		{name: "listed", call: call{path: "/api/v1/fields?kind=partners", as: "nora"}, status: 200, has: `"key":"two"`},
		{name: "of none", call: call{path: "/api/v1/fields?kind=partnerz", as: "nora"}, status: 404, code: crm.NotFound, field: "folder", hint: "partners"},
	})
}
