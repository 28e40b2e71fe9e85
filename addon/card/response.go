package card

import "encoding/json"

// Response is the body of an answer to the host. Every answer has status 200;
// the host shows a general error for any other.
type Response struct{ body any }

// MarshalJSON writes the envelope.
func (r Response) MarshalJSON() ([]byte, error) {
	if r.body == nil {
		return []byte(`{"renderActions":{}}`), nil
	}
	return json.Marshal(r.body)
}

type actionBody struct {
	Action stepsJSON `json:"action"`
}

type stepsJSON struct {
	Navigations  []navigationJSON `json:"navigations,omitempty"`
	Notification *noticeJSON      `json:"notification,omitempty"`
	Link         *openLinkJSON    `json:"link,omitempty"`
}

type navigationJSON struct {
	PushCard   json.RawMessage `json:"pushCard,omitempty"`
	UpdateCard json.RawMessage `json:"updateCard,omitempty"`
	Pop        bool            `json:"pop,omitempty"`
	PopToRoot  bool            `json:"popToRoot,omitempty"`
	PopToCard  string          `json:"popToCard,omitempty"`
}

type noticeJSON struct {
	Text string `json:"text"`
}

// Push answers a trigger (home page, open message, compose) with a card.
func Push(c Card) Response {
	return Response{actionBody{stepsJSON{Navigations: []navigationJSON{{PushCard: c.json()}}}}}
}

// RequestScopes asks the user for scopes; the host sends the same request
// again once they are given. Without arguments it asks for all of the manifest.
func RequestScopes(scopes ...string) Response {
	type request struct {
		Scopes []string `json:"scopes,omitempty"`
		All    bool     `json:"all_scopes,omitempty"`
	}
	return Response{struct {
		Request request `json:"requesting_google_scopes"`
	}{request{scopes, len(scopes) == 0}}}
}

// Authorize answers any request of a person whom we do not know with a card
// that says how to become known.
func Authorize(c Card) Response {
	return Response{struct {
		Prompt actionBody `json:"custom_authorization_prompt"`
	}{Push(c).body.(actionBody)}}
}

// Insert answers an action of the compose window: HTML goes where the cursor is,
// and a subject that is not empty replaces that of the draft. The HTML must be
// clean: what it holds is sent.
func Insert(html, subject string) Response {
	type content struct {
		Content string `json:"content"`
		Type    string `json:"contentType"`
	}
	type body struct {
		Type     string    `json:"type"`
		Contents []content `json:"insertContents"`
	}
	type subjectJSON struct {
		Subject string `json:"subject"`
	}
	type draft struct {
		Body    body         `json:"updateBody"`
		Subject *subjectJSON `json:"updateSubject,omitempty"`
	}
	type gmail struct {
		Draft draft `json:"updateDraftActionMarkup"`
	}
	type host struct {
		Gmail gmail `json:"gmailAction"`
	}
	type actions struct {
		Host host `json:"hostAppAction"`
	}
	d := draft{Body: body{"IN_PLACE_INSERT", []content{{html, "MUTABLE_HTML"}}}}
	if subject = oneLine(subject); subject != "" {
		d.Subject = &subjectJSON{subject}
	}
	return Response{struct {
		Render actions `json:"renderActions"`
	}{actions{host{gmail{d}}}}}
}

// maxSuggestions is the most completions that an answer has.
const maxSuggestions = 20

// Suggestions answers the request for what completes the text of an input.
func Suggestions(texts ...string) Response {
	type item struct {
		Text string `json:"text"`
	}
	type list struct {
		Items []item `json:"items"`
	}
	out := list{Items: []item{}}
	for _, t := range texts[:min(len(texts), maxSuggestions)] {
		if t = clean(t); t != "" {
			out.Items = append(out.Items, item{t})
		}
	}
	return Response{struct {
		List list `json:"autoComplete"`
	}{out}}
}

// Step is one effect of an action.
type Step struct{ apply func(*doneJSON) }

type doneJSON struct {
	RenderActions actionBody `json:"renderActions"`
	StateChanged  bool       `json:"stateChanged,omitempty"`
}

// Do answers an action with steps, in order.
func Do(steps ...Step) Response {
	var d doneJSON
	for _, s := range steps {
		if s.apply != nil {
			s.apply(&d)
		}
	}
	return Response{d}
}

func navigate(n navigationJSON) Step {
	return Step{func(d *doneJSON) {
		d.RenderActions.Action.Navigations = append(d.RenderActions.Action.Navigations, n)
	}}
}

// Show puts a card on top.
func Show(c Card) Step { return navigate(navigationJSON{PushCard: c.json()}) }

// Update replaces the card on top; inputs of the same name keep their values.
func Update(c Card) Step { return navigate(navigationJSON{UpdateCard: c.json()}) }

// Back takes the card on top away.
func Back() Step { return navigate(navigationJSON{Pop: true}) }

// BackToRoot takes all cards but the first away.
func BackToRoot() Step { return navigate(navigationJSON{PopToRoot: true}) }

// BackTo takes cards away down to the one with the name.
func BackTo(name string) Step {
	if name == "" {
		return BackToRoot()
	}
	return navigate(navigationJSON{PopToCard: name})
}

// Notify shows a line of plain text for a moment.
func Notify(text string) Step {
	return Step{func(d *doneJSON) {
		if text = clean(text); text != "" {
			d.RenderActions.Action.Notification = &noticeJSON{text}
		}
	}}
}

// Follow opens an address.
func Follow(u URL) Step {
	return Step{func(d *doneJSON) {
		if !u.IsZero() {
			d.RenderActions.Action.Link = &openLinkJSON{URL: u.s}
		}
	}}
}

// Changed tells the host that the cards it keeps are out of date: for every
// answer to a write.
func Changed() Step {
	return Step{func(d *doneJSON) { d.StateChanged = true }}
}
