package api

import (
	"testing"

	"threadline/internal/crm"
)

func TestStandingRules(t *testing.T) {
	w := newWorld(t)
	for _, c := range []struct {
		name, path, body, field string
		code                    int
	}{
		{"neither address nor domain", "/api/v1/exclusions", `{"pattern":"nobody","effect":"never_store"}`, "pattern", 422},
		{"ours", "/api/v1/exclusions", `{"pattern":"nora@brightwell.example","effect":"never_store"}`, "pattern", 422},
		{"our domain", "/api/v1/exclusions", `{"pattern":"brightwell.example","effect":"drop_participant"}`, "pattern", 422},
		{"no such effect", "/api/v1/exclusions", `{"pattern":"x.example","effect":"eat"}`, "effect", 422},
		{"an effect that is not for one mailbox", "/api/v1/exclusions",
			`{"pattern":"x.example","effect":"drop_participant","mailbox":"mbx_aaaaaaaaaaaaaaaaaaaaaaaaaa"}`, "mailbox", 422},
		{"no such record", "/api/v1/rules", `{"pattern":"x.example","effect":"link","record":"com_aaaaaaaaaaaaaaaaaaaaaaaaaa"}`, "", 404},
		{"no record at all", "/api/v1/rules", `{"pattern":"x.example","effect":"link","record":"x"}`, "record", 422},
	} {
		res := w.do(call{method: "POST", path: c.path, as: "nora", body: c.body})
		if p := decode[Problem](t, res); res.Code != c.code || p.Field != c.field && p.Field != "body."+c.field {
			t.Errorf("%s: %d %+v", c.name, res.Code, p)
		}
	}
	made := decode[standing[crm.Exclusion]](t, w.do(call{method: "POST", path: "/api/v1/exclusions", as: "nora",
		body: `{"pattern":"Family.example","effect":"never_store"}`}))
	list := decode[items[crm.Exclusion]](t, w.do(call{path: "/api/v1/exclusions", as: "tom"}))
	if len(list.Items) != 1 || list.Items[0].Pattern != "d:family.example" || made.Batch == "" {
		t.Fatalf("made %+v, listed %+v", made, list)
	}
	if res := w.do(call{method: "POST", path: "/api/v1/changes/" + made.Batch + "/undo", as: "nora"}); res.Code != 200 {
		t.Errorf("undo: %d %s", res.Code, res.Body)
	}
	if list = decode[items[crm.Exclusion]](t, w.do(call{path: "/api/v1/exclusions", as: "tom"})); len(list.Items) != 0 {
		t.Errorf("undone, and still there: %+v", list)
	}
}

// TestRuleReachesStoredMail makes a rule for the address of a stored mail and
// takes it back.
func TestRuleReachesStoredMail(t *testing.T) {
	w := newWorld(t).withMail()
	firm := decode[recordView](t, w.do(call{method: "POST", path: "/api/v1/companies", as: "nora", body: `{"values":{"name":"Ruled"}}`}))
	made := decode[standing[crm.Rule]](t, w.do(call{method: "POST", path: "/api/v1/rules", as: "nora",
		body: `{"pattern":"canary.example","effect":"link","record":"` + string(firm.ID) + `"}`}))
	on := func() int {
		must(t, w.follower.CatchUp(t.Context()))
		page := decode[struct{ Items []any }](t, w.do(call{path: "/api/v1/companies/" + string(firm.ID) + "/timeline", as: "nora"}))
		return len(page.Items)
	}
	if n := on(); n == 0 {
		t.Fatal("the rule reached no stored mail")
	}
	if res := w.do(call{method: "DELETE", path: "/api/v1/rules/" + made.Item.ID, as: "nora"}); res.Code != 200 {
		t.Fatalf("repeal: %d %s", res.Code, res.Body)
	}
	if n := on(); n != 0 {
		t.Errorf("the rule is gone, and %d mails are still there", n)
	}
}
