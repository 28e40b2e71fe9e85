package api

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"threadline/internal/crm"
	"threadline/internal/records"
)

// veiled is a world in which Tom sees every record, and neither what deals are
// worth nor what is said of companies.
type veiled struct {
	*world
	company, other, deal string
}

const (
	veiledWord   = "zanzibarsecret"
	veiledAmount = "7654300"
)

func newVeiled(t *testing.T) *veiled {
	w := &veiled{world: newWorld(t)}
	op := records.By{Cause: crm.CauseCLI}
	_, err := w.deps.Records.SetRole(t.Context(), op, crm.MemberRole{Key: "veiled", Name: "Veiled", Others: crm.AllRights(),
		Rights: []crm.Right{crm.RightSettings, crm.RightExport, crm.RightBulkEdit, crm.RightTasks},
		Fields: []crm.FieldRule{{Kind: crm.KindDeal, Field: "amount", Effect: crm.FieldHidden}, {Kind: crm.KindCompany, Field: "about", Effect: crm.FieldHidden}}})
	must(t, err)
	tom, err := w.deps.Auth.UserByEmail(t.Context(), w.deps.Space, "tom@brightwell.example")
	must(t, err)
	_, err = w.deps.Records.SetMembership(t.Context(), op, crm.Membership{User: tom.ID, Role: "veiled"})
	must(t, err)
	w.company = w.makes("companies", `{"name":"Harbour","about":"`+veiledWord+`"}`)
	w.other = w.makes("companies", `{"name":"Harbour Ltd"}`)
	w.deal = w.makes("deals", `{"name":"Pier","amount":`+veiledAmount+`,"company":"`+w.company+`"}`)
	for _, f := range []string{
		`{"kind":"deal","key":"twice","type":"formula","expr":"amount * 2"}`, `{"kind":"deal","key":"more","type":"formula","expr":"twice * 2"}`,
		`{"kind":"company","key":"worth","type":"statistic","stat":{"do":"sum","over":"deals.company","value":"amount"}}`,
		`{"kind":"deal","key":"share","type":"formula","expr":"company.worth / 2"}`,
		`{"kind":"company","key":"total","type":"statistic","stat":{"do":"sum","over":"deals.company","value":"more"}}`,
	} {
		if res := w.do(call{method: "POST", path: "/api/v1/fields", as: "nora", body: f}); res.Code != http.StatusCreated && !strings.Contains(f, `"total"`) {
			t.Fatalf("%s: %s", f, res.Body)
		}
	}
	return w
}

func (w *veiled) makes(plural, values string) string {
	w.t.Helper()
	res := w.do(call{method: "POST", path: "/api/v1/" + plural, as: "nora", body: `{"values":` + values + `}`})
	if res.Code != http.StatusCreated {
		w.t.Fatal(res.Body)
	}
	return decode[struct{ ID string }](w.t, res).ID
}

// tom asks, and is told nothing that is hidden from him.
func (w *veiled) tom(method, path, body string) *httptest.ResponseRecorder {
	w.t.Helper()
	res := w.do(call{method: method, path: path, as: "tom", body: body})
	for _, word := range []string{veiledWord, veiledAmount, "15308600", "30617200", "3827150"} {
		if strings.Contains(res.Body.String(), word) {
			w.t.Errorf("%s %s %s tells %s: %s", method, path, body, word, crm.Clip(res.Body.String(), 600))
		}
	}
	return res
}

// TestAnswersOfWrites: whoever changes a record is shown no more of it than who
// reads it.
func TestAnswersOfWrites(t *testing.T) {
	w := newVeiled(t)
	deal, folder := "/api/v1/deals/"+w.deal, "/api/v1/records/deals/"+w.deal
	for i, c := range [][3]string{
		{"PATCH", deal, `{"values":{"next_step":"call"}}`}, {"PATCH", folder, `{"values":{"next_step":"write"}}`},
		{"PATCH", "/api/v1/companies/" + w.company, `{"values":{"website":"https://harbour.example"}}`},
		{"POST", deal + "/win", ""}, {"POST", deal + "/reopen", ""}, {"POST", deal + "/lose", `{"reason":"price"}`},
		{"POST", folder + "/reopen", ""}, {"POST", folder + "/win", ""}, {"POST", folder + "/reopen", ""}, {"POST", folder + "/lose", `{"reason":"price"}`},
		{"POST", "/api/v1/merges/preview", `{"into":"` + w.other + `","from":["` + w.company + `"]}`},
		{"POST", "/api/v1/merges", `{"into":"` + w.other + `","from":["` + w.company + `"]}`},
	} {
		if res := w.tom(c[0], c[1], c[2]); res.Code != http.StatusOK {
			t.Errorf("%d: %v: %d %s", i, c, res.Code, res.Body)
		}
	}
	if res := w.do(call{path: "/api/v1/companies/" + w.other, as: "nora"}); !strings.Contains(res.Body.String(), veiledWord) {
		t.Errorf("the merge lost what is hidden from who made it: %s", res.Body)
	}
	for _, body := range []string{`"take":{"about":"` + w.other + `"}`, `"values":{"about":"x"}`} {
		if res := w.tom("POST", "/api/v1/merges", `{"into":"`+w.other+`","from":["`+w.makes("companies", `{"name":"Pier"}`)+`"],`+body+`}`); res.Code != http.StatusUnprocessableEntity {
			t.Errorf("a merge decided about a hidden field by %s: %d %s", body, res.Code, res.Body)
		}
	}
}

// TestHiddenByWay: what is computed from something hidden is hidden, however long
// the way, and nobody can make a field or a gate that tells it.
func TestHiddenByWay(t *testing.T) {
	w := newVeiled(t)
	q := func(text string) string { return "/api/v1/deals?derived=true&q=" + url.QueryEscape(text) }
	for _, path := range []string{q("more > 1"), q("order by more"), q("order by share desc"), q("company.worth > 5"), "/api/v1/groups?q=deals&by=stage&sum=more", "/api/v1/groups?q=deals&by=more"} {
		if res := w.tom("GET", path, ""); res.Code != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d %s", path, res.Code, res.Body)
		}
	}
	for _, path := range []string{q("name is not empty"), "/api/v1/deals/" + w.deal + "?derived=true", "/api/v1/companies/" + w.company + "?derived=true", "/api/v1/deals/" + w.deal + "/history"} {
		if res := w.tom("GET", path, ""); res.Code != http.StatusOK {
			t.Errorf("%s: %d %s", path, res.Code, res.Body)
		}
	}
	for _, expr := range []string{"amount * 3", "twice + 1", "company.worth"} {
		if res := w.tom("POST", "/api/v1/fields", `{"kind":"deal","key":"spy","type":"formula","expr":"`+expr+`"}`); res.Code != http.StatusForbidden {
			t.Errorf("a field of %s: %d %s", expr, res.Code, res.Body)
		}
	}
	pipeline := func(gate string) string {
		return fmt.Sprintf(`{"kind":"deal","name":"Spy","stages":[{"key":"a","name":"A","kind":"open","probability":1,"gate":%q},
			{"key":"w","name":"W","kind":"won","probability":100},{"key":"l","name":"L","kind":"lost","probability":0}]}`, gate)
	}
	if res := w.tom("PUT", "/api/v1/pipelines/spy", pipeline("amount > 500")); res.Code != http.StatusUnprocessableEntity {
		t.Errorf("a gate that asks about what is hidden: %d %s", res.Code, res.Body)
	}
	if res := w.do(call{method: "PUT", path: "/api/v1/pipelines/spy", as: "nora", body: pipeline("amount > 500")}); res.Code != http.StatusOK {
		t.Fatal(res.Body)
	}
	if res := w.tom("PUT", "/api/v1/pipelines/spy", strings.Replace(pipeline("amount > 500"), "Spy", "Harbour", 1)); res.Code != http.StatusOK {
		t.Errorf("a pipeline with the gate of somebody else: %d %s", res.Code, res.Body)
	}
}

// TestFileOfAnotherRole: what was written for somebody is not handed out once they
// may see less.
func TestFileOfAnotherRole(t *testing.T) {
	w := newVeiled(t)
	tom, err := w.deps.Auth.UserByEmail(t.Context(), w.deps.Space, "tom@brightwell.example")
	must(t, err)
	role := func(key string) {
		t.Helper()
		_, err := w.deps.Records.SetMembership(t.Context(), records.By{Cause: crm.CauseCLI}, crm.Membership{User: tom.ID, Role: key})
		must(t, err)
	}
	role(crm.RoleMember)
	made := decode[struct{ ID string }](t, w.do(call{method: "POST", path: "/api/v1/exports", as: "tom", body: `{"format":"csv","query":"deals"}`}))
	must(t, w.deps.Jobs.WorkOff(t.Context()))
	file := "/api/v1/exports/" + made.ID + "/file"
	if res := w.do(call{path: file, as: "tom"}); res.Code != http.StatusOK || !strings.Contains(res.Body.String(), "76543.00") && !strings.Contains(res.Body.String(), veiledAmount) {
		t.Fatalf("before: %d %s", res.Code, res.Body)
	}
	role("veiled")
	if res := w.tom("GET", file, ""); res.Code != http.StatusForbidden || !strings.Contains(res.Body.String(), "make it again") {
		t.Errorf("after: %d %s", res.Code, res.Body)
	}
}
