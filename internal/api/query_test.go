package api

import (
	"net/url"
	"strings"
	"testing"
)

func TestCheckQuery(t *testing.T) {
	w := newWorld(t)
	check := func(q string) queryMeaning {
		return decode[queryMeaning](t, w.do(call{path: "/api/v1/query/check?q=" + url.QueryEscape(q), as: "nora"}))
	}
	good := check(`deals where stage in (PROPOSAL, "Negotiation") and company.name ~ acme and owner = me`)
	if !good.OK || good.Text != "deals where stage in (proposal, negotiation) and company.name ~ acme and owner = me" {
		t.Errorf("%+v", good)
	}
	if good.Plan == nil || good.Plan.Bound == 0 || len(good.Plan.Filtered) == 0 {
		t.Errorf("the plan is %+v", good.Plan)
	}
	again := decode[queryMeaning](t, w.do(call{method: "POST", path: "/api/v1/query/check", as: "nora", body: string(good.Query)}))
	if again.Text != good.Text {
		t.Errorf("as data it became %+v", again)
	}
	bad := check("deals where stage = propsal")
	if bad.OK || bad.Error == nil || bad.Error.At != 21 || bad.Error.Hint != "did you mean Proposal?" {
		t.Errorf("%+v", bad.Error)
	}
	half := check("deals where stag")
	if half.OK || half.Complete.At != 13 || strings.Join(half.Complete.Words, " ") != "stage stage_kind stage_history" {
		t.Errorf("%+v", half.Complete)
	}
	if res := w.do(call{method: "POST", path: "/api/v1/query/check", as: "nora", body: `{"kind":3}`}); res.Code != 422 {
		t.Errorf("%d %s", res.Code, res.Body)
	}
}

// TestListSaysHow asks a list to explain itself.
func TestListSaysHow(t *testing.T) {
	w := newWorld(t)
	w.do(call{method: "POST", path: "/api/v1/deals", as: "nora", body: `{"values":{"name":"Łódź 1","amount":324000,"currency":"PLN"}}`})
	list := decode[recordList](t, w.do(call{path: "/api/v1/deals?explain=true&q=" + url.QueryEscape("amount = 3240 PLN and name ~ lodz"), as: "nora"}))
	if len(list.Items) != 1 || list.Plan == nil || list.Plan.Scanned != 1 || len(list.Plan.Filtered) != 2 {
		t.Errorf("%+v", list)
	}
	if list := decode[recordList](t, w.do(call{path: "/api/v1/deals", as: "nora"})); list.Plan != nil {
		t.Errorf("nobody asked for %+v", list.Plan)
	}
}

// TestListSaysWhere counts in the text that was sent, whatever the address adds
// to it.
func TestListSaysWhere(t *testing.T) {
	w := newWorld(t)
	for q, says := range map[string]string{
		"stage =":                  "at character 8: ",
		"  stage = propsal":        "at character 11: ",
		"where stage =":            "at character 14: ",
		"deals where stage =":      "at character 20: ",
		"DEALS where stage =":      "at character 20: ",
		"nix where stage = x":      "at character 1: there are no ",
		"companies where a":        "at character 17: ",
		"companies where name = x": "about other records than deals",
	} {
		if p := decode[Problem](t, w.do(call{path: "/api/v1/deals?q=" + url.QueryEscape(q), as: "nora"})); !strings.Contains(p.Detail, says) || p.Field != "q" {
			t.Errorf("%q: %+v", q, p)
		}
	}
}
