package card

import (
	"bytes"
	"cmp"
	"slices"
)

// Response is the body of an answer to the host. Every answer has status 200;
// the host shows a general error for any other.
type Response struct{ raw []byte }

// MarshalJSON writes the envelope.
func (r Response) MarshalJSON() ([]byte, error) {
	if r.raw == nil {
		return []byte(`{"renderActions":{}}`), nil
	}
	return r.raw, nil
}

// steps are what an answer does. They are written around the cards, which are
// JSON already: an encoder would read each of them through once more.
type steps struct {
	navigations [][]byte // objects with one member
	notice      string
	link        string
	changed     bool
}

// action writes the steps that the host takes.
func (s *steps) action() []byte {
	var members [][]byte
	if len(s.navigations) > 0 {
		members = append(members, member("navigations", slices.Concat([]byte("["), bytes.Join(s.navigations, []byte(",")), []byte("]"))))
	}
	if s.notice != "" {
		members = append(members, member("notification", object(member("text", encode(s.notice)))))
	}
	if s.link != "" {
		members = append(members, member("link", encode(openLinkJSON{URL: s.link})))
	}
	return object(member("action", object(members...)))
}

// object and member write JSON around JSON. Names need no escapes.
func object(members ...[]byte) []byte {
	return slices.Concat([]byte("{"), bytes.Join(members, []byte(",")), []byte("}"))
}

func member(name string, value []byte) []byte {
	return slices.Concat([]byte(`"`+name+`":`), value)
}

func push(c Card) []byte {
	return (&steps{navigations: [][]byte{object(member("pushCard", c.json()))}}).action()
}

// Push answers a trigger (home page, open message, compose) with a card.
func Push(c Card) Response { return Response{push(c)} }

// RequestScopes asks the user for scopes; the host sends the same request
// again once they are given. Without arguments it asks for all of the manifest.
func RequestScopes(scopes ...string) Response {
	type request struct {
		Scopes []string `json:"scopes,omitempty"`
		All    bool     `json:"all_scopes,omitempty"`
	}
	return Response{object(member("requesting_google_scopes", encode(request{scopes, len(scopes) == 0})))}
}

// Authorize answers any request of a person whom we do not know with a card
// that says how to become known.
func Authorize(c Card) Response {
	return Response{object(member("custom_authorization_prompt", push(c)))}
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
	return Response{object(member("renderActions", encode(actions{host{gmail{d}}})))}
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
	return Response{object(member("autoComplete", encode(out)))}
}

// Step is one effect of an action.
type Step struct{ apply func(*steps) }

// Do answers an action with steps, in order.
func Do(list ...Step) Response {
	var done steps
	for _, s := range list {
		if s.apply != nil {
			s.apply(&done)
		}
	}
	members := [][]byte{member("renderActions", done.action())}
	if done.changed {
		members = append(members, member("stateChanged", []byte("true")))
	}
	return Response{object(members...)}
}

func navigate(name string, value []byte) Step {
	return Step{func(s *steps) { s.navigations = append(s.navigations, object(member(name, value))) }}
}

// Show puts a card on top.
func Show(c Card) Step { return navigate("pushCard", c.json()) }

// Update replaces the card on top; inputs of the same name keep their values.
func Update(c Card) Step { return navigate("updateCard", c.json()) }

// Back takes the card on top away.
func Back() Step { return navigate("pop", []byte("true")) }

// BackToRoot takes all cards but the first away.
func BackToRoot() Step { return navigate("popToRoot", []byte("true")) }

// BackTo takes cards away down to the one with the name.
func BackTo(name string) Step {
	if name == "" {
		return BackToRoot()
	}
	return navigate("popToCard", encode(name))
}

// Notify shows a line of plain text for a moment.
func Notify(text string) Step {
	return Step{func(s *steps) { s.notice = cmp.Or(clean(text), s.notice) }}
}

// Follow opens an address.
func Follow(u URL) Step { return Step{func(s *steps) { s.link = cmp.Or(u.s, s.link) }} }

// Changed tells the host that the cards it keeps are out of date: for every
// answer to a write.
func Changed() Step { return Step{func(s *steps) { s.changed = true }} }
