package addon

import (
	"encoding/json"
	"time"

	"threadline/internal/crm"
)

// Secret is a credential of an event. It prints as nothing worth reading.
type Secret string

// String hides the secret from every way of formatting text.
func (Secret) String() string { return "[hidden]" }

// GoString hides the secret from %#v.
func (Secret) GoString() string { return "[hidden]" }

// MarshalText hides the secret from encoders and loggers.
func (Secret) MarshalText() ([]byte, error) { return []byte("[hidden]"), nil }

// Event is what the host tells about a trigger or a click. Fields that a host
// leaves out are empty; fields that we do not know are ignored.
type Event struct {
	Host     string // GMAIL; empty from our own page
	Platform string // WEB, IOS, ANDROID
	Locale   string // BCP 47; empty unless the host shares it
	Own      bool   // from our own page, by its session
	Zone     string // IANA; empty unless the host shares it
	Offset   time.Duration
	Params   map[string]string // of the action
	Inputs   Inputs            // of the form

	Scopes      []string // that the user has granted; nil when the host does not say
	UserToken   Secret   // OAuth access token
	UserIDToken Secret   // who clicked

	Message       string // reference of the open message, see ParseRef
	MessageAccess Secret // access token for the open message alone

	To []string // recipients of the open draft
}

// wire is the JSON of an event (Workspace add-on event objects).
type wire struct {
	Common struct {
		HostApp    string                     `json:"hostApp"`
		Platform   string                     `json:"platform"`
		UserLocale string                     `json:"userLocale"`
		Parameters map[string]string          `json:"parameters"`
		FormInputs map[string]json.RawMessage `json:"formInputs"`
		TimeZone   struct {
			ID     string  `json:"id"`
			Offset integer `json:"offset"`
		} `json:"timeZone"`
	} `json:"commonEventObject"`
	Authorization struct {
		UserOAuthToken   Secret   `json:"userOAuthToken"`
		UserIDToken      Secret   `json:"userIdToken"`
		AuthorizedScopes []string `json:"authorizedScopes"`
	} `json:"authorizationEventObject"`
	Gmail struct {
		MessageID   string   `json:"messageId"`
		AccessToken Secret   `json:"accessToken"`
		To          []string `json:"toRecipients"`
	} `json:"gmail"`
}

// ParseEvent reads the body of a request. It fails with crm.Invalid when the
// body is not an event at all.
func ParseEvent(body []byte) (Event, error) {
	var w wire
	if err := json.Unmarshal(body, &w); err != nil {
		// The cause may quote the body, which holds tokens.
		return Event{}, crm.Errorf(crm.Invalid, "addon.ParseEvent", "the body is not an add-on event")
	}
	c := w.Common
	ev := Event{
		Host: c.HostApp, Platform: c.Platform, Locale: c.UserLocale, Zone: c.TimeZone.ID,
		Params: c.Parameters, Inputs: Inputs{},
		Scopes: w.Authorization.AuthorizedScopes, UserToken: w.Authorization.UserOAuthToken,
		UserIDToken: w.Authorization.UserIDToken,
		Message:     w.Gmail.MessageID, MessageAccess: w.Gmail.AccessToken, To: w.Gmail.To,
	}
	if off := time.Duration(c.TimeZone.Offset) * time.Millisecond; off > -maxOffset && off < maxOffset {
		ev.Offset = off
	}
	for name, raw := range c.FormInputs {
		if in, ok := parseInput(raw); ok {
			ev.Inputs[name] = in
		}
	}
	return ev, nil
}

// maxOffset is beyond every time zone.
const maxOffset = 24 * time.Hour
