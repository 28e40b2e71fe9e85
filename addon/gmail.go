package addon

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"

	"threadline/internal/crm"
)

const gmailAPI = "https://gmail.googleapis.com"

// GmailMessageID returns a function for Deps.MessageID that asks the Gmail API
// for one header of the open message, with the tokens of the event and nothing
// else. An empty base is Gmail itself.
func GmailMessageID(client *http.Client, base string) func(context.Context, Event) (crm.RFCID, error) {
	if base == "" {
		base = gmailAPI
	}
	return func(ctx context.Context, ev Event) (crm.RFCID, error) {
		const op = crm.Op("addon.GmailMessageID")
		addr := base + "/gmail/v1/users/me/messages/" + url.PathEscape(ev.Message) + "?format=metadata&metadataHeaders=Message-ID"
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, addr, nil)
		if err != nil {
			return "", crm.E(crm.Internal, op, "the request cannot be made", err)
		}
		req.Header.Set("Authorization", "Bearer "+string(ev.UserToken))
		// Without a scope for the whole mailbox Gmail wants the second token too.
		req.Header.Set("X-Goog-Gmail-Access-Token", string(ev.MessageAccess))
		res, err := client.Do(req)
		if err != nil {
			return "", crm.E(crm.Unavailable, op, "Gmail cannot be reached", err)
		}
		defer res.Body.Close()
		if res.StatusCode != http.StatusOK {
			return "", crm.Errorf(crm.Unavailable, op, "Gmail answers %s", res.Status)
		}
		return readMessageID(res.Body)
	}
}

func readMessageID(body io.Reader) (crm.RFCID, error) {
	const op = crm.Op("addon.GmailMessageID")
	var m struct {
		Payload struct {
			Headers []struct{ Name, Value string }
		}
	}
	if err := json.NewDecoder(io.LimitReader(body, maxBody)).Decode(&m); err != nil {
		return "", crm.E(crm.Unavailable, op, "Gmail's answer cannot be read", err)
	}
	for _, h := range m.Payload.Headers {
		if id := strings.Trim(strings.TrimSpace(h.Value), "<>"); strings.EqualFold(h.Name, "Message-ID") && id != "" {
			return crm.RFCID(id), nil
		}
	}
	return "", crm.Errorf(crm.NotFound, op, "the message has no Message-ID")
}
