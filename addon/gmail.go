package addon

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"

	"threadline/internal/crm"
	"threadline/internal/mail"
)

const gmailAPI = "https://gmail.googleapis.com"

// askedHeaders are the fields that say who takes part in a mail and what it
// answers, and those that tell people from robots.
var askedHeaders = []string{"Message-ID", "From", "Sender", "Reply-To", "To", "Cc", "Subject", "Date", "In-Reply-To", "References",
	"List-Id", "List-Unsubscribe", "Precedence", "Auto-Submitted"}

// GmailHeader returns a function for Deps.Header that asks the Gmail API for the
// header of the open message, with the tokens of the event and nothing else. An
// empty base is Gmail itself.
func GmailHeader(client *http.Client, base string) func(context.Context, Event) (*mail.Parsed, error) {
	if base == "" {
		base = gmailAPI
	}
	query := url.Values{"format": {"metadata"}, "metadataHeaders": askedHeaders}.Encode()
	return func(ctx context.Context, ev Event) (*mail.Parsed, error) {
		const op = crm.Op("addon.GmailHeader")
		addr := base + "/gmail/v1/users/me/messages/" + url.PathEscape(ev.Message) + "?" + query
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, addr, nil)
		if err != nil {
			return nil, crm.E(crm.Internal, op, "the request cannot be made", err)
		}
		authorize(req, ev)
		res, err := client.Do(req)
		if err != nil {
			return nil, crm.E(crm.Unavailable, op, "Gmail cannot be reached", err)
		}
		defer res.Body.Close()
		if res.StatusCode != http.StatusOK {
			return nil, crm.Errorf(crm.Unavailable, op, "Gmail answers %s", res.Status)
		}
		return readHeader(res.Body)
	}
}

func readHeader(body io.Reader) (*mail.Parsed, error) {
	const op = crm.Op("addon.GmailHeader")
	var m struct {
		Payload struct {
			Headers []struct{ Name, Value string }
		}
	}
	if err := json.NewDecoder(io.LimitReader(body, maxBody)).Decode(&m); err != nil {
		return nil, crm.E(crm.Unavailable, op, "Gmail's answer cannot be read", err)
	}
	fields := make([]crm.Header, len(m.Payload.Headers))
	for i, h := range m.Payload.Headers {
		fields[i] = crm.Header{Name: h.Name, Value: h.Value}
	}
	if len(fields) == 0 {
		return nil, crm.Errorf(crm.NotFound, op, "Gmail tells nothing of the message")
	}
	return mail.FromHeader(fields, crm.MarkHeadersOnly), nil
}
