package api

import (
	"encoding/json"
	"strings"
	"testing"

	"threadline/internal/crm"
)

func TestTemplates(t *testing.T) {
	w := newWorld(t).withMail()
	const good = `{"name":"Offer","subject":"For {{contact.first_name|you}}","html":"<p>Dear {{contact.name}}<script>x</script></p>"}`
	res := w.do(call{method: "POST", path: "/api/v1/templates", as: "nora", body: good})
	var made struct{ ID, HTML, Version string }
	if err := json.Unmarshal(res.Body.Bytes(), &made); err != nil || res.Code != 201 || strings.Contains(made.HTML, "script") {
		t.Fatalf("%d %s", res.Code, res.Body)
	}
	one := "/api/v1/templates/" + made.ID
	w.run(t, []scenario{
		{name: "list", call: call{path: "/api/v1/templates", as: "tom"}, status: 200, has: `"name":"Offer"`},
		{name: "fields", call: call{path: "/api/v1/template-fields", as: "tom"}, status: 200, has: `"contact.first_name"`},
		{name: "fill", call: call{method: "POST", path: one + "/fill", as: "tom", body: `{"contact":"{contact}"}`}, status: 200, has: `"missing":[]`},
		{name: "fill for an address", call: call{method: "POST", path: one + "/fill", as: "nora", body: `{"to":"Ada@canary.example"}`}, status: 200, has: `Dear Ada Canary`},
		{name: "fill for an address of nobody", call: call{method: "POST", path: one + "/fill", as: "nora", body: `{"to":"x@nowhere.example"}`}, status: 200, has: `"missing":["contact.name"]`},
		{name: "fill for no address", call: call{method: "POST", path: one + "/fill", as: "nora", body: `{"to":"x"}`}, status: 422, code: crm.Invalid, field: "to"},
		{name: "fill for somebody else", call: call{method: "POST", path: one + "/fill", as: "nora", body: `{"from":"tom@brightwell.example"}`}, status: 422, code: crm.Invalid, field: "from"},
		{name: "fill for nobody", call: call{method: "POST", path: one + "/fill", as: "tom", body: `{}`}, status: 200, has: `"missing":["contact.name"]`},
		{name: "fill for a record of another workspace", call: call{method: "POST", path: one + "/fill", as: "tom", body: `{"contact":"{foreign.contact}"}`}, status: 404, code: crm.NotFound},
		{name: "fill for a record of another kind", call: call{method: "POST", path: one + "/fill", as: "tom", body: `{"deal":"{contact}"}`}, status: 422, code: crm.Invalid, field: "deal"},
		{name: "preview", call: call{method: "POST", path: "/api/v1/templates/preview", as: "tom", body: `{"name":"x","html":"<b>{{contact.name}}</b>","contact":"{contact}"}`}, status: 200, has: `<b>Ada`},
		{name: "check", call: call{method: "POST", path: "/api/v1/templates/check", as: "tom", body: `{"name":"x","html":"{{nix}}"}`}, status: 200, has: `"column":1`},
		{name: "mistake", call: call{method: "POST", path: "/api/v1/templates", as: "nora", body: `{"name":"x","subject":"{{contact.nmae}}","html":"x"}`}, status: 422, code: crm.Invalid, field: "subject", hint: "contact.name"},
		{name: "stale version", call: call{method: "PUT", path: one, as: "nora", body: good, header: map[string]string{"If-Match": made.Version + "9"}}, status: 412, code: crm.Conflict, field: "version"},
		{name: "replace", call: call{method: "PUT", path: one, as: "nora", body: good, header: map[string]string{"If-Match": made.Version}}, status: 200, has: `"batch":"bat_`},
		{name: "unknown", call: call{path: "/api/v1/templates/tpl_aaaaaaaaaaaaaaaaaaaaaaaaaa", as: "nora"}, status: 404, code: crm.NotFound, field: "id"},
		{name: "no id", call: call{path: "/api/v1/templates/nix", as: "nora"}, status: 404, code: crm.NotFound, field: "id"},
		{name: "delete", call: call{method: "DELETE", path: one, as: "nora"}, status: 200, has: `"batch":"bat_`},
	})
}
