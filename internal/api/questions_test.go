package api

import (
	"fmt"
	"strings"
	"testing"

	"threadline/internal/crm"
	"threadline/internal/timeline"
)

// TestQuestions lists the conversations to which several deals fit, answers one
// and takes the answer back.
func TestQuestions(t *testing.T) {
	w := newWorld(t).withMail()
	var deals []crm.RecordID
	for _, name := range []string{"Pallet racks", "Scanner rental"} {
		body := fmt.Sprintf(`{"values":{"name":%q,"contacts":[%q],"created":"2026-11-01T00:00:00Z"}}`, name, w.contact)
		res := w.do(call{method: "POST", path: "/api/v1/deals", as: "nora", body: body})
		if res.Code >= 300 {
			t.Fatalf("a deal: %d %s", res.Code, res.Body)
		}
		deals = append(deals, decode[struct{ ID crm.RecordID }](t, res).ID)
	}
	open := func(as string) timeline.QuestionList {
		t.Helper()
		must(t, w.follower.CatchUp(t.Context()))
		return decode[timeline.QuestionList](t, w.do(call{path: "/api/v1/questions", as: as}))
	}
	list := open("nora")
	if len(list.Items) != 1 || len(list.Items[0].Deals) != 2 || list.Items[0].Subject == "" || list.Items[0].Deals[0].Because == "" {
		t.Fatalf("asked: %+v", list)
	}
	if theirs := open("tom"); len(theirs.Items) != 1 || theirs.Items[0].Subject != "" {
		t.Errorf("a colleague is asked with the words of the mail: %+v", theirs)
	}
	path := "/api/v1/messages/" + string(list.Items[0].Message)
	if why := w.do(call{path: path + "/why", as: "nora"}).Body.String(); !strings.Contains(why, `"asked":[{"record":"dea_`) {
		t.Errorf("the explanation does not ask: %s", why)
	}
	answered := w.do(call{method: "POST", path: path + "/deal", as: "nora", body: `{"deal":"` + string(deals[1]) + `"}`})
	if after := open("nora"); answered.Code != 200 || len(after.Items) != 0 {
		t.Fatalf("answered %d %s, asked: %+v", answered.Code, answered.Body, after)
	}
	if on := w.do(call{path: "/api/v1/deals/" + string(deals[1]) + "/timeline", as: "nora"}).Body.String(); !strings.Contains(on, string(list.Items[0].Message)) {
		t.Errorf("the mail is not on the deal: %s", on)
	}
	w.do(call{method: "POST", path: "/api/v1/changes/" + decode[batched](t, answered).Batch + "/undo", as: "nora"})
	if again := open("nora"); len(again.Items) != 1 {
		t.Errorf("undone, and not asked again: %+v", again)
	}
	w.do(call{method: "POST", path: path + "/deal", as: "nora", body: `{"deal":"none"}`})
	if after := open("nora"); len(after.Items) != 0 {
		t.Errorf("none, and asked: %+v", after)
	}
	w.run(t, []scenario{
		{"no deal", call{method: "POST", path: path + "/deal", as: "nora", body: `{"deal":"` + string(w.contact) + `"}`}, 422, crm.Invalid, "deal", "", ""},
		{"no id", call{method: "POST", path: path + "/deal", as: "nora", body: `{"deal":"x"}`}, 422, crm.Invalid, "deal", "", ""},
		{"no message", call{method: "POST", path: "/api/v1/messages/msg_aaaaaaaaaaaaaaaaaaaaaaaaaa/deal", as: "nora", body: `{"deal":"none"}`}, 404, crm.NotFound, "id", "", ""},
	})
}
