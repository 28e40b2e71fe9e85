package api

import (
	"strings"
	"testing"

	"threadline/internal/crm"
	"threadline/internal/timeline"
)

// TestCorrections previews and makes corrections over the API: with a scope, by
// who may, and back.
func TestCorrections(t *testing.T) {
	w := newWorld(t).withMail()
	must(t, w.follower.CatchUp(t.Context()))
	links := "/api/v1/messages/" + string(w.message) + "/links"
	wrong := `{"effect":"never","record":"` + string(w.contact) + `","scope":"address"}`
	seen := decode[timeline.Preview](t, w.do(call{method: "POST", path: links + "/preview", as: "nora", body: wrong}))
	if seen.Changed == 0 || len(seen.Sample) == 0 || len(seen.Sample[0].Lost) == 0 || seen.Sample[0].Lost[0].Because == "" {
		t.Fatalf("previewed %+v", seen)
	}
	if theirs := w.do(call{method: "POST", path: links + "/preview", as: "tom", body: wrong}).Body.String(); strings.Contains(theirs, canarySubject) {
		t.Errorf("the preview tells a colleague the subject: %s", theirs)
	}
	on := func() int {
		must(t, w.follower.CatchUp(t.Context()))
		return len(decode[struct{ Items []any }](t, w.do(call{path: "/api/v1/contacts/" + string(w.contact) + "/timeline", as: "nora"})).Items)
	}
	before := on()
	made := decode[batched](t, w.do(call{method: "POST", path: links, as: "nora", body: wrong}))
	if n := on(); n != 0 || before == 0 {
		t.Errorf("%d of %d mails are still there", n, before)
	}
	if res := w.do(call{method: "POST", path: "/api/v1/changes/" + made.Batch + "/undo", as: "nora"}); res.Code != 200 || on() != before {
		t.Errorf("undo: %d %s", res.Code, res.Body)
	}
	if res := w.do(call{method: "POST", path: links, as: "tom", body: `{"effect":"private"}`}); res.Code != 403 {
		t.Errorf("a colleague hides: %d %s", res.Code, res.Body)
	}
}

// TestPrivateIsNowhere: what its owner hides, a colleague finds nowhere and
// cannot bring back.
func TestPrivateIsNowhere(t *testing.T) {
	w := newWorld(t).withMail()
	one := "/api/v1/messages/" + string(w.message)
	hidden := decode[batched](t, w.do(call{method: "POST", path: one + "/links", as: "nora", body: `{"effect":"private"}`}))
	must(t, w.follower.CatchUp(t.Context()))
	for _, path := range []string{one, one + "/why", "/api/v1/messages/" + canaryRFC + "/why", "/api/v1/messages",
		"/api/v1/contacts/" + string(w.contact) + "/timeline"} {
		if res := w.do(call{path: path, as: "tom"}); strings.Contains(res.Body.String(), string(w.message)+`"`) && res.Code == 200 {
			t.Errorf("%s tells a colleague: %d %s", path, res.Code, res.Body)
		}
		if res := w.do(call{path: path, as: "nora"}); res.Code != 200 || !strings.Contains(res.Body.String(), string(w.message)) {
			t.Errorf("%s hides it from its owner: %d %s", path, res.Code, res.Body)
		}
	}
	for _, body := range []string{`{"effect":"shared"}`, `{"effect":"never","record":"` + string(w.contact) + `"}`} {
		for _, path := range []string{one + "/links", one + "/links/preview"} {
			if res := w.do(call{method: "POST", path: path, as: "tom", body: body}); res.Code != 404 {
				t.Errorf("%s %s by a colleague: %d %s", path, body, res.Code, res.Body)
			}
		}
	}
	if res := w.do(call{method: "POST", path: "/api/v1/changes/" + hidden.Batch + "/undo", as: "tom"}); res.Code != 403 {
		t.Errorf("a colleague brings it back: %d %s", res.Code, res.Body)
	}
	if res := w.do(call{method: "POST", path: "/api/v1/changes/" + hidden.Batch + "/undo", as: "nora"}); res.Code != 200 {
		t.Errorf("its owner does not: %d %s", res.Code, res.Body)
	}
	must(t, w.follower.CatchUp(t.Context()))
	if res := w.do(call{path: one, as: "tom"}); res.Code != 200 {
		t.Errorf("brought back: %d %s", res.Code, res.Body)
	}
}

// TestOwnExclusions: what keeps a person's mail away is theirs to know of.
func TestOwnExclusions(t *testing.T) {
	w := newWorld(t)
	made := decode[standing[crm.Exclusion]](t, w.do(call{method: "POST", path: "/api/v1/exclusions", as: "nora",
		body: `{"on":"subject","pattern":"Results of","effect":"owner_only","mine":true}`}))
	if made.Item.Pattern != crm.SubjectToken("results of") || made.Item.Owner != w.nora.ID {
		t.Fatalf("made %+v", made.Item)
	}
	if n := len(decode[items[crm.Exclusion]](t, w.do(call{path: "/api/v1/exclusions", as: "tom"})).Items); n != 0 {
		t.Errorf("a colleague sees %d", n)
	}
	if log := w.do(call{path: "/api/v1/changes", as: "tom"}).Body.String(); strings.Contains(strings.ToLower(log), "results of") || !strings.Contains(log, made.Batch) {
		t.Errorf("the log of changes tells a colleague: %s", log)
	}
	if log := w.do(call{path: "/api/v1/changes", as: "nora"}).Body.String(); !strings.Contains(log, "results of") {
		t.Errorf("the log of changes tells its owner nothing: %s", log)
	}
	if res := w.do(call{method: "DELETE", path: "/api/v1/exclusions/" + made.Item.ID, as: "tom"}); res.Code != 404 {
		t.Errorf("a colleague takes it back: %d %s", res.Code, res.Body)
	}
	for name, body := range map[string]string{
		"below our domain":        `{"pattern":"mail.brightwell.example","effect":"drop_copy"}`,
		"a subject takes no part": `{"on":"subject","pattern":"x","effect":"drop_participant"}`,
		"a trace":                 `{"on":"header","pattern":"Received: x","effect":"drop_copy"}`,
	} {
		if res := w.do(call{method: "POST", path: "/api/v1/exclusions", as: "nora", body: body}); res.Code != 422 {
			t.Errorf("%s: %d %s", name, res.Code, res.Body)
		}
	}
	firm := decode[recordView](t, w.do(call{method: "POST", path: "/api/v1/companies", as: "nora", body: `{"values":{"name":"Mail"}}`}))
	res := w.do(call{method: "POST", path: "/api/v1/rules", as: "nora", body: `{"pattern":"gmail.com","effect":"link","record":"` + string(firm.ID) + `"}`})
	if p := decode[Problem](t, res); res.Code != 422 || p.Hint == "" {
		t.Errorf("a rule for free mail: %d %+v", res.Code, p)
	}
}
