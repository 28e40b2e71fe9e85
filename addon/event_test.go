package addon

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"threadline/internal/crm"
)

func form(inputs string) string {
	return `{"commonEventObject":{"hostApp":"GMAIL","formInputs":{` + inputs + `}}}`
}

func TestParseInputs(t *testing.T) {
	day, noon := at("2026-11-22"), at("2026-11-22T12:00:00Z")
	for name, c := range map[string]struct {
		json string
		want Inputs
	}{
		"Text":       {`"a":{"stringInputs":{"value":["one","two"]}}`, Inputs{"a": {Values: []string{"one", "two"}}}},
		"OldScript":  {`"a":{"":{"stringInputs":{"value":["one"]}}}`, Inputs{"a": {Values: []string{"one"}}}},
		"DateText":   {`"a":{"dateInput":{"msSinceEpoch":"1795305600000"}}`, Inputs{"a": {Moment: day, HasDate: true}}},
		"DateNumber": {`"a":{"dateInput":{"msSinceEpoch":1795305600000}}`, Inputs{"a": {Moment: day, HasDate: true}}},
		"DateFloat":  {`"a":{"dateInput":{"msSinceEpoch":1.7953056e12}}`, Inputs{"a": {Moment: day, HasDate: true}}},
		"OldDate":    {`"a":{"":{"dateInput":{"msSinceEpoch":1795305600000}}}`, Inputs{"a": {Moment: day, HasDate: true}}},
		"DateTime":   {`"a":{"dateTimeInput":{"msSinceEpoch":"1795348800000","hasDate":true,"hasTime":true}}`, Inputs{"a": {Moment: noon, HasDate: true, HasTime: true}}},
		"Time":       {`"a":{"timeInput":{"hours":9,"minutes":30}}`, Inputs{"a": {Clock: 9*time.Hour + 30*time.Minute, HasTime: true}}},
		"TimeText":   {`"a":{"timeInput":{"hours":"9","minutes":"30"}}`, Inputs{"a": {Clock: 9*time.Hour + 30*time.Minute, HasTime: true}}},
		"Empty":      {`"a":{"stringInputs":{"value":[]}},"b":{},"c":{"":{}}`, Inputs{}},
		"NewKind":    {`"a":{"voiceInput":{"x":1}},"b":{"stringInputs":{"value":["kept"]}}`, Inputs{"b": {Values: []string{"kept"}}}},
		"WrongTypes": {`"a":{"stringInputs":{"value":"x"}},"b":7,"c":null,"d":{"dateInput":{"msSinceEpoch":"soon"}},"e":{"timeInput":{"hours":25}},"f":{"dateInput":{"msSinceEpoch":1e18}},"g":{"dateInput":{"msSinceEpoch":0.5}}`, Inputs{}},
	} {
		t.Run(name, func(t *testing.T) {
			ev, err := ParseEvent([]byte(form(c.json)))
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(c.want, ev.Inputs); d != "" {
				t.Errorf("-want +got:\n%s", d)
			}
		})
	}
}

func TestInputsRead(t *testing.T) {
	in := Inputs{"stage": {Values: []string{"won", "lost"}}}
	if in.Text("stage") != "won" || in.Text("none") != "" || !in.Has("stage", "lost") || in.Has("none", "") {
		t.Errorf("%v reads wrongly", in)
	}
}

const messageOpen = `{"commonEventObject":{"userLocale":"pl-PL","hostApp":"GMAIL","platform":"WEB","timeZone":{"id":"Europe/Warsaw","offset":%s},
 "parameters":{"op":"x"},"invokedFunction":"ignored","new":{"field":[1]}},
 "authorizationEventObject":{"userOAuthToken":"oauth-secret","userIdToken":"id-secret","systemIdToken":"system-secret","authorizedScopes":["a","b"]},
 "gmail":{"messageId":"msg-f:1790000000000000001","threadId":"thread-f:1","accessToken":"access-secret"},"docs":{}}`

func TestParseEvent(t *testing.T) {
	want := Event{Host: "GMAIL", Platform: "WEB", Locale: "pl-PL", Zone: "Europe/Warsaw", Offset: time.Hour,
		Params: map[string]string{"op": "x"}, Inputs: Inputs{}, Scopes: []string{"a", "b"},
		UserToken: "oauth-secret", UserIDToken: "id-secret", Message: "msg-f:1790000000000000001", MessageAccess: "access-secret"}
	for _, offset := range []string{"3600000", `"3600000"`} {
		got, err := ParseEvent(fmt.Appendf(nil, messageOpen, offset))
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("-want +got:\n%s", d)
		}
	}
}

func TestParseEventEdges(t *testing.T) {
	for name, s := range map[string]string{
		"Nothing": `{}`, "EmptyGmail": `{"gmail":{}}`, "NullGmail": `{"gmail":null,"authorizationEventObject":null}`,
		"Mobile": `{"commonEventObject":{"hostApp":"GMAIL","platform":"IOS"},"gmail":{"messageId":"msg-f:1"}}`,
	} {
		if _, err := ParseEvent([]byte(s)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, s := range map[string]string{"Empty": ``, "Text": `"x"`, "List": `[]`, "Cut": `{"gmail":{`, "Wrong": `{"gmail":"oauth-secret"}`} {
		_, err := ParseEvent([]byte(s))
		if !crm.IsKind(err, crm.Invalid) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestSecretsDoNotPrint(t *testing.T) {
	ev, err := ParseEvent(fmt.Appendf(nil, messageOpen, "0"))
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []string{fmt.Sprintf("%v", ev), fmt.Sprintf("%+v", ev), fmt.Sprintf("%#v", ev), fmt.Sprintf("%s|%q", ev.UserToken, ev.UserIDToken)} {
		if strings.Contains(s, "secret") {
			t.Errorf("a secret prints: %s", s)
		}
	}
}

func TestParseRef(t *testing.T) {
	const id = "msg_abcdefghijklmnopqrstuvwxy2"
	for in, want := range map[string]Ref{
		"tl-" + id: {ID: id}, "msg-f:1790000000000000001": {Gmail: 1790000000000000001}, "msg-f:18446744073709551615": {Gmail: 1<<64 - 1},
		"msg-a:r-77": {Own: "msg-a:r-77"},
	} {
		if got, err := ParseRef(in); err != nil || got != want {
			t.Errorf("%s: %v, %v", in, got, err)
		}
	}
	for _, in := range []string{"", "msg-f:", "msg-f:-1", "msg-f:0", "msg-f:18446744073709551616", "msg-f:1x", "msg-a:", "msg-a:../r1", "msg-a:r 1", "tl-", "tl-con_abcdefghijklmnopqrstuvwxy2", "tl-msg_../x", id} {
		if got, err := ParseRef(in); !crm.IsKind(err, crm.Invalid) || got != (Ref{}) {
			t.Errorf("%q: %v, %v", in, got, err)
		}
	}
}

func FuzzEvent(f *testing.F) {
	f.Add(fmt.Appendf(nil, messageOpen, "3600000"))
	f.Add([]byte(form(`"a":{"":{"dateInput":{"msSinceEpoch":"1"}}}`)))
	f.Fuzz(func(t *testing.T, b []byte) {
		ev, err := ParseEvent(b)
		if err != nil {
			if !crm.IsKind(err, crm.Invalid) {
				t.Fatalf("%v is no crm.Invalid", err)
			}
			return
		}
		for name, in := range ev.Inputs {
			if in.Values == nil && !in.HasDate && !in.HasTime && in.Moment == 0 {
				continue
			}
			if y := in.Moment.Std().Year(); in.Moment != 0 && (y < -9999 || y > 9999) || in.Clock < 0 || in.Clock >= 24*time.Hour {
				t.Fatalf("input %q out of range: %+v", name, in)
			}
		}
		if ref, err := ParseRef(ev.Message); err == nil && ref != (Ref{ID: ref.ID}) && ref != (Ref{Gmail: ref.Gmail}) && ref != (Ref{Own: ref.Own}) {
			t.Fatalf("%+v names two messages or none", ref)
		}
	})
}
