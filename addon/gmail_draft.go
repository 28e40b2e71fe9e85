package addon

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"

	"threadline/internal/crm"
)

// GmailDraft is a draft as Gmail calls it.
type GmailDraft struct{ ID, Thread string }

// GmailDrafts returns a function for Deps.Draft that makes a draft through the Gmail
// API, with the two tokens of the event and nothing else. It asks once: a draft whose
// answer got lost stays there, unsent. crm.Denied: the tokens may not.
func GmailDrafts(client *http.Client, base string) func(context.Context, Event, []byte) (GmailDraft, error) {
	if base == "" {
		base = gmailAPI
	}
	return func(ctx context.Context, ev Event, raw []byte) (GmailDraft, error) {
		const op = crm.Op("addon.GmailDrafts")
		body, err := json.Marshal(map[string]any{"message": map[string]string{"raw": base64.URLEncoding.EncodeToString(raw)}})
		if err != nil {
			return GmailDraft{}, crm.E(crm.Internal, op, "the draft cannot be written", err)
		}
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, base+"/gmail/v1/users/me/drafts", bytes.NewReader(body))
		if err != nil {
			return GmailDraft{}, crm.E(crm.Internal, op, "the request cannot be made", err)
		}
		req.Header.Set("Content-Type", "application/json")
		authorize(req, ev)
		res, err := client.Do(req)
		if err != nil {
			return GmailDraft{}, crm.E(crm.Unavailable, op, "Gmail cannot be reached", err)
		}
		defer res.Body.Close()
		switch res.StatusCode {
		case http.StatusOK:
			return readDraft(res.Body)
		case http.StatusUnauthorized, http.StatusForbidden:
			return GmailDraft{}, crm.Errorf(crm.Denied, op, "Gmail answers %s", res.Status)
		}
		return GmailDraft{}, crm.Errorf(crm.Unavailable, op, "Gmail answers %s", res.Status)
	}
}

func readDraft(body io.Reader) (GmailDraft, error) {
	var d struct {
		ID      string
		Message struct{ ThreadID string }
	}
	err := json.NewDecoder(io.LimitReader(body, maxBody)).Decode(&d)
	if err != nil || d.ID == "" || d.Message.ThreadID == "" {
		return GmailDraft{}, crm.E(crm.Unavailable, "addon.GmailDrafts", "Gmail's answer cannot be read", err)
	}
	return GmailDraft{d.ID, d.Message.ThreadID}, nil
}

// authorize puts the tokens of an event to a request.
func authorize(req *http.Request, ev Event) {
	req.Header.Set("Authorization", "Bearer "+string(ev.UserToken))
	// Without a scope for the whole mailbox Gmail wants the second token too.
	if ev.MessageAccess != "" {
		req.Header.Set("X-Goog-Gmail-Access-Token", string(ev.MessageAccess))
	}
}
