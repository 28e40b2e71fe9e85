package addon

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"threadline/addon/card/cardtest"
	"threadline/internal/crm"
	"threadline/internal/i18n"
	"threadline/internal/ledger"
	"threadline/internal/timeline"
)

// TestCorrections walks from the question over the preview to the correction and
// back, as the buttons and inputs of the cards say.
func TestCorrections(t *testing.T) {
	d := newDesk(t)
	var foreseen, made ledger.Correction
	var undone string
	var trouble error
	d.deps.Corrections = &Corrections{
		Foretell: func(_ context.Context, _ i18n.Lang, c ledger.Correction) (timeline.Preview, error) {
			foreseen = c
			return foretold(), trouble
		},
		Correct: func(_ context.Context, c ledger.Correction) (string, error) { made = c; return "bat_7", trouble },
		Undo:    func(_ context.Context, _ crm.UserID, batch string) error { undone = batch; return trouble },
	}
	h, err := New(d.cfg, d.deps)
	if err != nil {
		t.Fatal(err)
	}
	const id = "msg_abcdefghijklmnopqrstuvwxy2"
	do := func(params, inputs string) string {
		t.Helper()
		r := httptest.NewRequest(http.MethodPost, "/addon/v1/event", strings.NewReader(
			`{"commonEventObject":{"userLocale":"en","parameters":{`+sign(t, h, "usr_7", `"message":"`+id+`",`+params)+`},"formInputs":{`+inputs+`}},"gmail":{"messageId":"tl-`+id+`"}}`))
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		h.ServeSession(w, r, "usr_7", "en")
		if err := cardtest.Check(w.Body.Bytes()); err != nil {
			t.Errorf("%v\n%s", err, w.Body)
		}
		return w.Body.String()
	}
	if got := do(`"op":"correct.ask","record":"dea_1"`, ""); !strings.Contains(got, "Always for this domain") || !strings.Contains(got, "Service contract") {
		t.Errorf("asked: %s", got)
	}
	got := do(`"op":"correct.foretell","record":"dea_1"`, `"scope":{"stringInputs":{"value":["address"]}},"instead":{"stringInputs":{"value":["dea_2"]}}`)
	want := ledger.Correction{Message: id, Record: "dea_1", Instead: "dea_2", Effect: crm.EffectNever, Scope: crm.ScopeAddress, By: "usr_7", Cause: crm.CauseAddon}
	if foreseen != want || made != (ledger.Correction{}) || !strings.Contains(got, "22 messages would change") {
		t.Errorf("foreseen %+v, made %+v: %s", foreseen, made, got)
	}
	got = do(`"op":"correct.apply","record":"dea_1","effect":"never","scope":"address","instead":"dea_2"`, "")
	if made != want || !strings.Contains(got, "bat_7") || !strings.Contains(got, "popToRoot") || !strings.Contains(got, `"stateChanged":true`) {
		t.Errorf("made %+v: %s", made, got)
	}
	if got = do(`"op":"correct.undo","batch":"bat_7"`, ""); undone != "bat_7" || strings.Contains(got, "bat_7") || !strings.Contains(got, "Taken back") {
		t.Errorf("undone %q: %s", undone, got)
	}
	trouble = crm.Errorf(crm.Denied, "test", "not hers")
	if got = do(`"op":"correct.apply","effect":"private"`, ""); !strings.Contains(got, "pushCard") || strings.Contains(got, "Corrected") {
		t.Errorf("refused: %s", got)
	}
}
