package api

import (
	"encoding/json"
	"testing"

	"threadline/internal/crm"
)

// A limit bounds one answer. Where a query says who is meant, one that was passed
// over would edit, mail and hand out all of them.
func TestNoLimitIsPassedOver(t *testing.T) {
	w := newWorld(t).withMail()
	var letter struct{ ID string }
	res := w.do(call{method: "POST", path: "/api/v1/templates", as: "nora", body: `{"name":"Offer","subject":"Offer","html":"<p>Hello</p>"}`})
	if err := json.Unmarshal(res.Body.Bytes(), &letter); err != nil || res.Code >= 300 {
		t.Fatalf("%d %s", res.Code, res.Body)
	}
	campaign := `{"name":"Autumn","template":"` + letter.ID + `","audience":"contacts limit 1","mailbox":"` + string(w.mailbox) + `","pace":{"per_day":10,"per_minute":10}}`
	refused := func(name, path, body, field string) scenario {
		return scenario{name: name, call: call{method: "POST", path: "/api/v1/" + path, as: "nora", body: body}, status: 422, code: crm.Invalid, field: field, hint: "leave out: limit 1"}
	}
	w.run(t, []scenario{
		refused("edit", "bulk", `{"query":"contacts limit 1","set":{"title":"x"}}`, "query"),
		refused("campaign", "campaigns", campaign, "audience"),
		refused("segment", "segments", `{"name":"First","kind":"contact","query":"contacts order by name limit 1"}`, "query"),
		refused("file", "exports", `{"format":"csv","query":"contacts limit 1"}`, "query"),
		{name: "a list", call: call{path: "/api/v1/contacts?q=contacts%20limit%201", as: "nora"}, status: 200, has: `"items":[{`},
	})
}
