package card

import "cmp"

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
	navigations []move
	notice      string
	link        string
	changed     bool
}

// move is one step of the navigation: an object with one member.
type move struct {
	name  string
	value []byte
}

// action writes the steps that the host takes.
func (s *steps) action(w *writer) {
	w.open()
	if len(s.navigations) > 0 {
		w.name("navigations")
		w.raw("[")
		for i, m := range s.navigations {
			if i > 0 {
				w.raw(",")
			}
			w.open()
			w.member(m.name, m.value)
			w.close()
		}
		w.raw("]")
	}
	if s.notice != "" {
		w.name("notification")
		w.object("text", encode(s.notice))
	}
	if s.link != "" {
		w.member("link", encode(openLinkJSON{URL: s.link}))
	}
	w.close()
}

// size is about how long the answer will be.
func (s *steps) size() int {
	n := 256 + len(s.notice) + len(s.link)
	for _, m := range s.navigations {
		n += len(m.name) + len(m.value) + 8
	}
	return n
}

// writer writes JSON around JSON, each byte once. Names need no escapes.
type writer struct {
	b     []byte
	first bool // nothing stands in the object yet
}

func (w *writer) raw(s string) { w.b = append(w.b, s...) }

func (w *writer) open() { w.raw("{"); w.first = true }

func (w *writer) close() { w.raw("}"); w.first = false }

func (w *writer) name(s string) {
	if !w.first {
		w.raw(",")
	}
	w.first = false
	w.b = append(append(append(w.b, '"'), s...), '"', ':')
}

func (w *writer) member(name string, value []byte) {
	w.name(name)
	w.b = append(w.b, value...)
}

// object writes one with a single member.
func (w *writer) object(name string, value []byte) {
	w.open()
	w.member(name, value)
	w.close()
}

// wrapped is an answer with a single member.
func wrapped(name string, value []byte) Response {
	w := &writer{b: make([]byte, 0, len(name)+len(value)+8)}
	w.object(name, value)
	return Response{w.b}
}

// pushed is a card on top, under names that lead there.
func pushed(c Card, names ...string) Response {
	s := &steps{navigations: []move{{"pushCard", c.json()}}}
	w := &writer{b: make([]byte, 0, s.size())}
	for _, n := range names {
		w.open()
		w.name(n)
	}
	s.action(w)
	for range names {
		w.close()
	}
	return Response{w.b}
}

// Push answers a trigger (home page, open message, compose) with a card.
func Push(c Card) Response { return pushed(c, "action") }

// RequestScopes asks the user for scopes; the host sends the same request
// again once they are given. Without arguments it asks for all of the manifest.
func RequestScopes(scopes ...string) Response {
	type request struct {
		Scopes []string `json:"scopes,omitempty"`
		All    bool     `json:"all_scopes,omitempty"`
	}
	return wrapped("requesting_google_scopes", encode(request{scopes, len(scopes) == 0}))
}

// Authorize answers any request of a person whom we do not know with a card
// that says how to become known.
func Authorize(c Card) Response {
	return pushed(c, "custom_authorization_prompt", "action")
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
	return wrapped("renderActions", encode(actions{host{gmail{d}}}))
}

// OpenDraft answers an action with a draft that was made in Gmail, which the host
// opens.
func OpenDraft(id, thread string) Response {
	type created struct {
		ID     string `json:"draftId"`
		Thread string `json:"draftThreadId"`
	}
	w := &writer{}
	names := []string{"renderActions", "hostAppAction", "gmailAction"}
	for _, n := range names {
		w.open()
		w.name(n)
	}
	w.object("openCreatedDraftActionMarkup", encode(created{id, thread}))
	for range names {
		w.close()
	}
	return Response{w.b}
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
	return wrapped("autoComplete", encode(out))
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
	w := &writer{b: make([]byte, 0, done.size())}
	w.open()
	w.name("renderActions")
	w.open()
	w.name("action")
	done.action(w)
	w.close()
	if done.changed {
		w.member("stateChanged", []byte("true"))
	}
	w.close()
	return Response{w.b}
}

func navigate(name string, value []byte) Step {
	return Step{func(s *steps) { s.navigations = append(s.navigations, move{name, value}) }}
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
