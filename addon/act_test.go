package addon

import (
	"encoding/json"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"threadline/addon/card"
	"threadline/internal/crm"
	"threadline/internal/timeline"
)

// TestActions: a click acts for the person of the session and shows the message
// anew; one that names no message, or none of ours, does nothing.
func TestActions(t *testing.T) {
	const id = "msg_aaaaaaaaaaaaaaaaaaaaaaaaaa"
	event := func(params string) string {
		return `{"commonEventObject":{"hostApp":"GMAIL","userLocale":"en","parameters":{` + params + `}},"gmail":{"messageId":"tl-` + id + `"}}`
	}
	for name, c := range map[string]struct {
		params string
		want   []Act
		shows  string
	}{
		"done":      {`"op":"thread.done","message":"` + id + `"`, []Act{{Op: OpDone, Message: id}}, "Anna Nowak"},
		"split":     {`"op":"thread.split","message":"` + id + `"`, []Act{{Op: OpSplit, Message: id}}, "Anna Nowak"},
		"accept":    {`"op":"update.accept","message":"` + id + `","field":"phone","value":"+48600000009"`, []Act{{Op: OpAccept, Message: id, Field: timeline.UpdatePhone, Value: "+48600000009"}}, "Anna Nowak"},
		"deal":      {`"op":"deal.choose","message":"` + id + `","value":"none"`, []Act{{Op: OpDeal, Message: id, Value: "none"}}, "Anna Nowak"},
		"no id":     {`"op":"thread.done"`, nil, "reference"},
		"home":      {`"op":"home.refresh"`, nil, "Waiting for my answer"},
		"something": {`"op":"thread.burn","message":"` + id + `"`, nil, "reference"},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			h, err := New(d.cfg, d.deps)
			if err != nil {
				t.Fatal(err)
			}
			r := httptest.NewRequest("POST", "/addon/v1/event", strings.NewReader(event(sign(t, h, "usr_42", c.params))))
			r.Header.Set("Content-Type", "application/json")
			w := httptest.NewRecorder()
			h.ServeSession(w, r, "usr_42", "en")
			if diff := cmp.Diff(c.want, d.acted); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			if len(c.want) > 0 && d.viewer != crm.UserID("usr_42") {
				t.Errorf("it was done for %q", d.viewer)
			}
			if got := w.Body.String(); !strings.Contains(strings.ToLower(got), strings.ToLower(c.shows)) {
				t.Errorf("the card does not show %q: %s", c.shows, got)
			}
		})
	}
}

// sign adds to the parameters of an action the state that a card would have.
func sign(t *testing.T, h *Handler, user crm.UserID, params string) string {
	t.Helper()
	var m map[string]string
	if err := json.Unmarshal([]byte("{"+params+"}"), &m); err != nil {
		t.Fatal(err)
	}
	var list []card.Param
	for k, v := range m {
		list = append(list, card.Param{Key: k, Value: v})
	}
	return params + `,"` + stateParam + `":"` + h.stamp(user).seal(list).Value + `"`
}

func TestChosenDeal(t *testing.T) {
	const id = "dea_aaaaaaaaaaaaaaaaaaaaaaaaaa"
	for value, want := range map[string]crm.RecordID{"none": "", id: id} {
		if got, err := (Act{Value: value}).Deal(); got != want || err != nil {
			t.Errorf("%q chooses %q: %v", value, got, err)
		}
	}
	for _, value := range []string{"", "con_aaaaaaaaaaaaaaaaaaaaaaaaaa", "dea_a"} {
		if _, err := (Act{Value: value}).Deal(); !crm.IsKind(err, crm.Invalid) {
			t.Errorf("%q chooses a deal: %v", value, err)
		}
	}
}
