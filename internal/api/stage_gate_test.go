package api

import (
	"strings"
	"testing"

	"threadline/internal/crm"
	"threadline/internal/job"
)

// TestStageGate: whoever enters a stage, and by whichever door, is refused while
// its gate, a whole query, does not hold; the answer says what is missing, and
// nothing was written.
func TestStageGate(t *testing.T) {
	w := newWorld(t)
	const asks = `amount > 0 and (owner is not empty or name ~ \"Pilot\")`
	nora := func(method, path, body string) call { return call{method: method, path: path, as: "nora", body: body} }
	pipeline := func(gate string) string {
		return `{"name":"Gated","stages":[{"key":"new","name":"New","kind":"open","probability":10},{"key":"offer","name":"Offer","kind":"open","probability":10,"gate":"` + gate + `"},` +
			`{"key":"done","name":"Done","kind":"won","probability":100,"gate":"where amount is not empty"},{"key":"gone","name":"Gone","kind":"lost","probability":0}]}`
	}
	w.run(t, []scenario{
		{name: "a gate that cannot be read", call: nora("PUT", "/api/v1/pipelines/gated", pipeline("amount >")), status: 422, code: crm.Invalid, field: "stages.offer.gate"},
		{name: "a gate about others", call: nora("PUT", "/api/v1/pipelines/gated", pipeline("company.name ~ acme")), status: 422, code: crm.Invalid, field: "stages.offer.gate"},
		{name: "a gate", call: nora("PUT", "/api/v1/pipelines/gated", pipeline(asks)), status: 200},
		{name: "made beyond it", call: nora("POST", "/api/v1/deals", `{"values":{"name":"A","pipeline":"gated","stage":"offer"}}`), status: 422, code: crm.Invalid, field: "amount", hint: "amount > 0"},
	})
	made := func(name string) recordView {
		return decode[recordView](t, w.do(nora("POST", "/api/v1/deals", `{"values":{"name":"`+name+`","pipeline":"gated","stage":"new","owner":null}}`)))
	}
	a := made("A")
	one := "/api/v1/deals/" + string(a.ID)
	before := w.do(call{path: "/api/v1/export", as: "operator"}).Body.String()
	w.run(t, []scenario{
		{name: "patched beyond it", call: nora("PATCH", one, `{"values":{"stage":"offer"}}`), status: 422, code: crm.Invalid, field: "amount", hint: "amount > 0"},
		{name: "dragged beyond it", call: call{method: "PATCH", path: one, as: "nora", body: `{"values":{"stage":"offer"}}`, header: map[string]string{"If-Match": `"` + a.Version + `"`}},
			status: 422, code: crm.Invalid, field: "amount", hint: "amount > 0"},
		{name: "won beyond it", call: nora("POST", one+"/win", `{}`), status: 422, code: crm.Invalid, field: "amount", hint: "amount is not empty"},
	})
	if after := w.do(call{path: "/api/v1/export", as: "operator"}).Body.String(); after != before {
		t.Error("a refused move changed something")
	}
	w.run(t, []scenario{
		{name: "with what it asks for", call: nora("PATCH", one, `{"values":{"stage":"offer","amount":100,"name":"Pilot A"}}`), status: 200, has: `"stage":"offer"`},
	})
	b := made("B")
	p := decode[job.Progress](t, w.do(nora("POST", "/api/v1/bulk", `{"query":"deals where pipeline = gated and stage = new","set":{"stage":"offer"}}`)))
	must(t, w.deps.Jobs.WorkOff(t.Context()))
	lines := w.do(nora("GET", "/api/v1/bulk/"+p.ID+"/rows", "")).Body.String()
	if !strings.Contains(lines, string(b.ID)) || !strings.Contains(lines, `"do":"error"`) || !strings.Contains(lines, "amount > 0") {
		t.Errorf("a bulk edit past the gate: %s", lines)
	}
}
