package card

import "net/url"

// Click is what happens when a part of the card is clicked. The zero Click does
// nothing.
type Click struct{ c *clickJSON }

type clickJSON struct {
	Action   *actionJSON   `json:"action,omitempty"`
	OpenLink *openLinkJSON `json:"openLink,omitempty"`
}

type openLinkJSON struct {
	URL     string `json:"url"`
	OpenAs  string `json:"openAs,omitempty"`
	OnClose string `json:"onClose,omitempty"`
}

type actionJSON struct {
	Function        string   `json:"function"`
	Parameters      []Param  `json:"parameters,omitempty"`
	LoadIndicator   string   `json:"loadIndicator,omitempty"`
	RequiredWidgets []string `json:"requiredWidgets,omitempty"`
}

// Open opens an address in a new tab.
func Open(u URL) Click {
	if u.IsZero() {
		return Click{}
	}
	return Click{&clickJSON{OpenLink: &openLinkJSON{URL: u.s}}}
}

// OpenAndReload opens an address in a window above the mail and runs the
// trigger of the card again when it is closed. The page must not send a
// Cross-Origin-Opener-Policy header.
func OpenAndReload(u URL) Click {
	if u.IsZero() {
		return Click{}
	}
	return Click{&clickJSON{OpenLink: &openLinkJSON{URL: u.s, OpenAs: "OVERLAY", OnClose: "RELOAD"}}}
}

// MailTo starts a mail to an address.
func MailTo(address string) Click { return scheme("mailto", address) }

// Dial calls a number in E.164 form.
func Dial(number string) Click { return scheme("tel", number) }

func scheme(name, opaque string) Click {
	u := url.URL{Scheme: name, Opaque: url.PathEscape(opaque)}
	if s := u.String(); opaque != "" && len(s) <= maxURL {
		return Click{&clickJSON{OpenLink: &openLinkJSON{URL: s}}}
	}
	return Click{}
}

// Action is a call to our endpoint.
type Action struct{ a *actionJSON }

// Param is one parameter of an Action, given back in the event.
type Param struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}

// maxParams is the most bytes that the parameters of an action may have
// together.
const maxParams = 2000

// NewAction calls function with parameters and shows that it is at work. One
// with too many parameters does nothing rather than something else.
func NewAction(function URL, params ...Param) Action {
	if function.IsZero() {
		return Action{}
	}
	a := &actionJSON{Function: function.s, LoadIndicator: "SPINNER", Parameters: make([]Param, 0, len(params)+1)}
	n := 0
	for _, p := range params {
		if p = (Param{oneLine(p.Key), oneLine(p.Value)}); p.Key != "" {
			a.Parameters = append(a.Parameters, p)
			n += len(p.Key) + len(p.Value)
		}
	}
	if n > maxParams {
		return Action{}
	}
	return Action{a}
}

// With returns the action with one more parameter, made of those that it has,
// which more must not change. The action itself is not to be used again.
func (a Action) With(more func([]Param) Param) Action {
	if a.a == nil {
		return a
	}
	a.a.Parameters = append(a.a.Parameters, more(a.a.Parameters))
	return a
}

// Needs returns the action with inputs that must be filled in before it runs.
func (a Action) Needs(inputs ...string) Action {
	if a.a == nil {
		return a
	}
	c := *a.a
	c.RequiredWidgets = inputs
	return Action{&c}
}

// Run calls an action.
func Run(a Action) Click {
	if a.a == nil {
		return Click{}
	}
	return Click{&clickJSON{Action: a.a}}
}
