package api

import (
	"net/http"
	"strings"
	"testing"

	"threadline/internal/crm"
	"threadline/internal/intake"
	"threadline/internal/job"
)

// TestImportDoor goes the way of a file: upload, correct, plan, look, decide,
// apply, undo; and what is wrong is said with its row.
func TestImportDoor(t *testing.T) {
	w := newWorld(t)
	csv := map[string]string{"Content-Type": "text/csv"}
	big := "Wer;Post\nAnn;ann@a.example\nBob;bad\n\"" + strings.Repeat("x", 2<<20) + "\";\nCid;c@a.example\n"
	res := w.do(call{method: "POST", path: "/api/v1/imports?folder=contacts&name=p.csv", as: "nora", body: big, header: csv})
	if res.Code != http.StatusUnprocessableEntity || !strings.Contains(res.Body.String(), `"field":"map"`) {
		t.Errorf("no column is known: %d %s", res.Code, res.Body)
	}
	big = strings.Replace(big, "Wer;Post", "Name;Post", 1)
	res = w.do(call{method: "POST", path: "/api/v1/imports?folder=contacts&name=p.csv", as: "nora", body: big, header: csv})
	im := decode[intake.Import](t, res)
	if res.Code != http.StatusCreated || im.Spec.Dialect.Delimiter != "semicolon" {
		t.Fatalf("%d %s", res.Code, res.Body)
	}
	at := "/api/v1/imports/" + im.ID
	if res := w.do(call{path: at, as: "tom"}); res.Code != http.StatusNotFound {
		t.Errorf("a colleague sees Nora's file: %d", res.Code)
	}
	step := func(method, path, body string) job.Progress {
		t.Helper()
		if res := w.do(call{method: method, path: at + path, as: "nora", body: body}); res.Code != http.StatusOK {
			t.Fatalf("%s: %d %s", path, res.Code, res.Body)
		}
		must(t, w.deps.Jobs.WorkOff(t.Context()))
		return decode[job.Progress](t, w.do(call{path: "/api/v1/jobs/" + im.ID, as: "nora"}))
	}
	if p := step("POST", "/plan", `{"columns":{"Post":"emails"}}`); p.Counts["create"] != 2 || p.Counts["error"] != 2 {
		t.Errorf("planned %v", p.Counts)
	}
	errs := decode[items[intake.Line]](t, w.do(call{path: at + "/rows?only=error", as: "nora"}))
	if len(errs.Items) != 2 || errs.Items[0].Row != 3 || errs.Items[0].Fault.Field != "emails[0]" || errs.Items[1].Fault.Code != crm.TooLarge {
		t.Errorf("errors: %+v", errs.Items)
	}
	if p := step("PATCH", "/rows", `{"rows":[{"row":3,"do":"skip"}]}`); p.Counts["skip"] != 1 || p.Counts["error"] != 1 {
		t.Errorf("decided %v", p.Counts)
	}
	p := step("POST", "/apply", "")
	if p.State != crm.JobDone || p.Counts["create"] != 2 {
		t.Fatalf("applied %+v", p)
	}
	if res := w.do(call{method: "POST", path: at + "/apply", as: "nora"}); res.Code != http.StatusConflict {
		t.Errorf("applied twice: %d", res.Code)
	}
	if res := w.do(call{method: "POST", path: "/api/v1/changes/" + p.Batch + "/undo", as: "nora"}); res.Code != http.StatusOK {
		t.Errorf("undo: %d %s", res.Code, res.Body)
	}
	for path, want := range map[string]int{"/api/v1/imports?folder=nix": 404, "/api/v1/imports": 422, "/api/v1/imports?folder=contacts&encoding=x": 422} {
		if res := w.do(call{method: "POST", path: path, as: "nora", body: "name\nA\n", header: csv}); res.Code != want {
			t.Errorf("%s: %d, want %d: %s", path, res.Code, want, res.Body)
		}
	}
}
