package api

import (
	"net/http"
	"testing"

	"threadline/internal/crm"
	"threadline/internal/records"
)

// TestDuplicateDoor warns of a duplicate, forbids it, finds and merges it, and
// takes all of that back.
func TestDuplicateDoor(t *testing.T) {
	w := newWorld(t)
	make := func(body string) recordView {
		res := w.do(call{method: "POST", path: "/api/v1/contacts", as: "nora", body: body})
		if res.Code != http.StatusCreated {
			t.Fatalf("%d %s", res.Code, res.Body)
		}
		return decode[recordView](t, res)
	}
	one := make(`{"values":{"name":"Łucja Dąb","emails":["l@a.example"]}}`)
	two := make(`{"values":{"name":"lucja  dab","phones":["+48600100200"]}}`)
	if len(two.Duplicates) != 1 || two.Duplicates[0].Record != one.ID || two.Duplicates[0].Field != "name" {
		t.Errorf("warned of %+v", two.Duplicates)
	}
	res := w.do(call{method: "PUT", path: "/api/v1/duplicates/rules?folder=contacts", as: "operator", body: `{"rules":[{"field":"name","like":"folded","effect":"forbid"}]}`})
	rules := decode[batched](t, res)
	if res := w.do(call{method: "POST", path: "/api/v1/contacts", as: "nora", body: `{"values":{"name":"LUCJA DAB"}}`}); res.Code != http.StatusConflict {
		t.Errorf("a forbidden duplicate was made: %d %s", res.Code, res.Body)
	}
	if res := w.do(call{method: "PUT", path: "/api/v1/duplicates/rules?folder=contacts", as: "operator", body: `{"rules":[{"field":"about","like":"exact","effect":"warn"}]}`}); res.Code != http.StatusUnprocessableEntity {
		t.Errorf("a rule that cannot be kept: %d", res.Code)
	}
	res = w.do(call{path: "/api/v1/duplicates?folder=contacts", as: "nora"})
	found := decode[items[records.Alike]](t, res)
	if len(found.Items) != 1 || len(found.Items[0].Duplicates) != 1 {
		t.Errorf("found %s", res.Body)
	}
	body := `{"into":"` + string(one.ID) + `","from":["` + string(two.ID) + `"]}`
	preview := decode[items[records.MergeField]](t, w.do(call{method: "POST", path: "/api/v1/merges/preview", as: "nora", body: body}))
	if len(preview.Items) != 3 {
		t.Errorf("the preview is %+v", preview.Items)
	}
	merged := decode[records.Merged](t, w.do(call{method: "POST", path: "/api/v1/merges", as: "nora", body: body}))
	if len(merged.Record.List("phones")) != 1 || merged.Record.Name() != "Łucja Dąb" {
		t.Errorf("merged to %+v", merged)
	}
	for _, batch := range []string{merged.Batch, rules.Batch} {
		if res := w.do(call{method: "POST", path: "/api/v1/changes/" + batch + "/undo", as: "operator"}); res.Code != http.StatusOK {
			t.Errorf("undo: %d %s", res.Code, res.Body)
		}
	}
	if res := w.do(call{path: "/api/v1/contacts/" + string(two.ID), as: "nora"}); res.Code != http.StatusOK {
		t.Errorf("the merged one is not back: %d", res.Code)
	}
	if got := decode[crm.DuplicateRules](t, w.do(call{path: "/api/v1/duplicates/rules?folder=contacts", as: "nora"})); len(got.Rules) < 2 {
		t.Errorf("the rules are %+v", got.Rules)
	}
}
