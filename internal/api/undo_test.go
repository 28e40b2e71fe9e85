package api

import (
	"encoding/json"
	"testing"

	"threadline/internal/crm"
)

// Whoever cannot take something back reads why in words that people know.
func TestUndoNamesTheAddress(t *testing.T) {
	w := newWorld(t)
	var first struct{ Batch string }
	for _, out := range []any{&first, &struct{}{}} {
		res := w.do(call{method: "POST", path: "/api/v1/contacts", as: "nora", body: `{"values":{"name":"Bo","emails":["bo@twice.example"]}}`})
		if err := json.Unmarshal(res.Body.Bytes(), out); err != nil || res.Code != 201 {
			t.Fatalf("%d %s", res.Code, res.Body)
		}
	}
	w.run(t, []scenario{{name: "undo", call: call{method: "POST", path: "/api/v1/changes/" + first.Batch + "/undo", as: "nora", body: `{}`},
		status: 409, code: crm.Conflict, field: "holders", has: `bo@twice.example belongs to other records since`, hint: "--partly"}})
}
