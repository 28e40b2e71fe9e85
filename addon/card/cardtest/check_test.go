package cardtest

import (
	"fmt"
	"strings"
	"testing"
)

const frame = `{"action":{"navigations":[{"pushCard":{"header":{"title":"T"},"sections":[{"widgets":[%s]}]}}]}}`

func TestCheckRefuses(t *testing.T) {
	for name, c := range map[string]struct{ widget, because string }{
		"MisspeltWidget":    {`{"textParagrahp":{"text":"x"}}`, "unknown field"},
		"UnknownEnum":       {`{"selectionInput":{"name":"a","type":"DROP_DOWN"}}`, "invalid value for enum"},
		"TwoWidgets":        {`{"textParagraph":{"text":"x"},"divider":{}}`, "already set"},
		"FunctionName":      {`{"buttonList":{"buttons":[{"text":"x","onClick":{"action":{"function":"onSave"}}}]}}`, "no absolute address"},
		"PlainHTTP":         {`{"decoratedText":{"text":"x","onClick":{"openLink":{"url":"http://crm.example/"}}}}`, "is not https"},
		"NoText":            {`{"decoratedText":{"topLabel":"x"}}`, "text is required"},
		"NumberForText":     {`{"textParagraph":{"text":1}}`, "invalid value for string"},
		"ButtonWithoutUse":  {`{"buttonList":{"buttons":[{"text":"x"}]}}`, "onClick is required"},
		"NoButtons":         {`{"buttonList":{"buttons":[]}}`, "0 items"},
		"NoWidgets":         {``, "no widgets"},
		"InputWithoutName":  {`{"textInput":{"label":"x"}}`, "name is required"},
		"InputWithoutLabel": {`{"textInput":{"name":"x"}}`, "label is required"},
		"Columns":           {`{"columns":{"columnItems":[]}}`, "not for the Gmail sidebar"},
		"MaterialIcon":      {`{"decoratedText":{"text":"x","startIcon":{"materialIcon":{"name":"x"}}}}`, "not for the Gmail sidebar"},
		"Dialog":            {`{"decoratedText":{"text":"x","onClick":{"action":{"function":"https://a.example/","interaction":"OPEN_DIALOG"}}}}`, "not for the Gmail sidebar"},
		"SVG":               {`{"image":{"imageUrl":"https://a.example/x.svg"}}`, "SVG"},
		"Markup":            {`{"textParagraph":{"text":"<script>x</script>"}}`, "unexpected markup"},
		"Attribute":         {`{"textParagraph":{"text":"<b onclick=x>x</b>"}}`, "unexpected markup"},
		"Unclosed":          {`{"textParagraph":{"text":"<b>x"}}`, "unclosed"},
		"Control":           {`{"textParagraph":{"text":"x\u0007"}}`, "U+0007"},
		"Direction":         {`{"textParagraph":{"text":"\u202ex"}}`, "U+202E"},
		"TooLarge":          {`{"textParagraph":{"text":"` + strings.Repeat("x", maxBytes) + `"}}`, "bytes"},
		"TooMany":           {strings.Repeat(`{"divider":{}},`, maxWidgets) + `{"divider":{}}`, "101 widgets"},
	} {
		t.Run(name, func(t *testing.T) {
			err := Check(fmt.Appendf(nil, frame, c.widget))
			if err == nil || !strings.Contains(err.Error(), c.because) {
				t.Errorf("got %v, want a complaint with %q", err, c.because)
			}
		})
	}
}

func TestCheckRefusesEnvelopes(t *testing.T) {
	for name, body := range map[string]string{
		"NotJSON":      `x`,
		"Empty":        `{}`,
		"BareCard":     `{"header":{"title":"T"},"sections":[]}`,
		"NoCard":       `{"action":{"navigations":[]}}`,
		"BothForms":    `{"action":{"navigations":[{"pop":true}]},"renderActions":{}}`,
		"TwoMoves":     `{"renderActions":{"action":{"navigations":[{"pop":true,"popToRoot":true}]}}}`,
		"NoTitle":      `{"action":{"navigations":[{"pushCard":{"sections":[{"widgets":[{"divider":{}}]}]}}]}}`,
		"NoSections":   `{"action":{"navigations":[{"pushCard":{"header":{"title":"T"},"sections":[]}}]}}`,
		"ScopesTwice":  `{"requesting_google_scopes":{"scopes":["a"],"all_scopes":true}}`,
		"LinkPlain":    `{"renderActions":{"action":{"link":{"url":"ftp://x"}}}}`,
		"StateNotBool": `{"renderActions":{},"stateChanged":"yes"}`,
	} {
		if Check([]byte(body)) == nil {
			t.Errorf("%s: accepted %s", name, body)
		}
	}
}

func TestCheckAccepts(t *testing.T) {
	for name, body := range map[string]string{
		"Card":    fmt.Sprintf(frame, `{"textParagraph":{"text":"a &amp; b <b>c</b><br>d"}}`),
		"Pop":     `{"renderActions":{"action":{"navigations":[{"pop":true}]}},"stateChanged":true}`,
		"Scopes":  `{"requesting_google_scopes":{"all_scopes":true}}`,
		"Mail":    fmt.Sprintf(frame, `{"decoratedText":{"text":"x","onClick":{"openLink":{"url":"mailto:a@b.example"}}}}`),
		"Demo":    fmt.Sprintf(frame, `{"decoratedText":{"text":"x","onClick":{"openLink":{"url":"http://127.0.0.1:8080/x"}}}}`),
		"Nothing": `{"renderActions":{}}`,
	} {
		if err := Check([]byte(body)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
