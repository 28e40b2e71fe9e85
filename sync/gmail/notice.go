package gmail

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"strconv"
	"strings"

	"google.golang.org/api/gmail/v1"

	"threadline/internal/crm"
)

// Watch orders notices of changes to a Pub/Sub topic and returns until when. It
// is to be repeated every day (users.watch lasts seven).
func Watch(ctx context.Context, cfg Config, topic string) (crm.Time, error) {
	c, err := New(cfg).caller(ctx)
	if err != nil {
		return 0, err
	}
	var res *gmail.WatchResponse
	err = c.call(ctx, WatchStart, func(ctx context.Context) (err error) {
		res, err = c.api.Watch("me", &gmail.WatchRequest{TopicName: topic}).Context(ctx).Do()
		return err
	})
	if err != nil {
		return 0, err
	}
	return crm.Time(res.Expiration * 1000), nil
}

// PushMessage is one message of Pub/Sub, as a push or a pull delivers it.
type PushMessage struct {
	Data string `json:"data"` // base64 of {"emailAddress", "historyId"}
	ID   string `json:"messageId"`
}

// Take passes the notice in a message on to the sessions that wait for its
// account. What cannot be understood fails with crm.Invalid.
func (h *Hub) Take(m PushMessage) error {
	const op = crm.Op("gmail.Take")
	data, err := base64.StdEncoding.DecodeString(m.Data)
	if err != nil {
		if data, err = base64.URLEncoding.DecodeString(m.Data); err != nil {
			return crm.Errorf(crm.Invalid, op, "the notice is no base64")
		}
	}
	var n struct {
		EmailAddress string
		HistoryID    json.RawMessage // a number, or a string of digits
	}
	if err := json.Unmarshal(data, &n); err != nil {
		return crm.Errorf(crm.Invalid, op, "the notice is no JSON")
	}
	address, err := crm.ParseAddress(n.EmailAddress)
	if err != nil {
		return crm.Errorf(crm.Invalid, op, "the notice names no account")
	}
	history, _ := strconv.ParseUint(strings.Trim(string(n.HistoryID), `"`), 10, 64) // 0: look
	h.Notify(address, history)
	return nil
}
