package addon

import (
	"strings"
	"testing"

	"threadline/addon/card"
	"threadline/internal/crm"
	"threadline/internal/store"
	tt "threadline/internal/timeline/timelinetest"
)

// TestRefusedEvents: what the contract does not allow is not understood, what it
// does not know is passed over, and nothing is written of either.
func TestRefusedEvents(t *testing.T) {
	x := newOffice(t)
	before := x.feed()
	for name, c := range map[string]struct{ body, want string }{
		"ParameterIsNumber": {`{"commonEventObject":{"hostApp":"GMAIL","userLocale":"en","parameters":{"op":"task.in","days":3}}}`, "could not be understood"},
		"ParameterIsList":   {`{"commonEventObject":{"userLocale":"en","parameters":{"op":["task.in"]}}}`, "could not be understood"},
		"NoParameters":      {`{"commonEventObject":{"userLocale":"en"}}`, "not allowed"},
		"UnknownFields":     {`{"commonEventObject":{"userLocale":"en","parameters":{"op":"home.refresh"},"moon":1},"stars":[{}]}`, "My day"},
		"InputIsNumber":     {`{"commonEventObject":{"userLocale":"en","parameters":{"op":"home.refresh"},"formInputs":{"q":{"stringInputs":{"value":[3]}}}}}`, "My day"},
		"OffsetIsText":      {`{"commonEventObject":{"userLocale":"en","parameters":{"op":"home.refresh"},"timeZone":{"offset":"3600000"}}}`, "My day"},
		"OffsetIsNonsense":  {`{"commonEventObject":{"userLocale":"en","parameters":{"op":"home.refresh"},"timeZone":{"offset":"soon"}}}`, "could not be understood"},
		"MessageIsNumber":   {`{"commonEventObject":{"userLocale":"en","parameters":{"op":"message.refresh"}},"gmail":{"messageId":7}}`, "could not be understood"},
	} {
		x.sendRaw("", tt.Anna, c.body)
		if b := asText(x.last); !strings.Contains(b, c.want) {
			t.Errorf("%s: %s", name, b)
		}
	}
	if after := x.feed(); after != before {
		t.Errorf("%d changes were written", after-before)
	}
}

// TestReplay: a click that comes again, long after what it did, does it once.
func TestReplay(t *testing.T) {
	x := newOffice(t)
	x.open(x.ask)
	x.click("Note")
	x.fill("text", "Likes blue")
	x.click("Save")
	again := x.sent
	x.open(x.ask)
	x.change("stage", "proposal")
	moved := x.sent
	x.change("stage", "negotiation")
	before := x.feed()
	for _, event := range []object{again, moved} {
		x.send("", tt.Anna, event)
		x.send("", tt.Bob, event)
	}
	if after := x.feed(); after != before || x.record(x.deal).Text("stage") != "negotiation" {
		t.Errorf("%d changes were written, the deal is %s", after-before, x.record(x.deal).Text("stage"))
	}
}

// sealed sends an action as if a card had been drawn for the user.
func (p *player) sealed(user crm.UserID, params []card.Param, inputs object) {
	p.t.Helper()
	m := object{}
	for _, kv := range append(params, p.h.stamp(user).seal(params)) {
		m[kv.Key] = kv.Value
	}
	p.send("", user, object{"commonEventObject": object{"hostApp": "GMAIL", "userLocale": "en", "parameters": m, "formInputs": inputs}})
}

func text(s string) object { return object{"stringInputs": object{"value": []string{s}}} }

// feed counts what was ever written to the change log.
func (p *player) feed() (n int) {
	p.t.Helper()
	var at store.Position
	for {
		items, next, err := p.w.Space.Changes(p.t.Context(), at, store.MaxLimit)
		p.must(err)
		if len(items) == 0 {
			return n
		}
		n, at = n+len(items), next
	}
}
