package gmail

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"strconv"

	"google.golang.org/api/gmail/v1"
	"google.golang.org/api/googleapi"

	"threadline/internal/crm"
	"threadline/internal/outbox"
)

// atOnce is how large a mail may be that is sent within one request: "for example,
// 5 MB or less", a third of which its base64 takes
// (https://developers.google.com/workspace/gmail/api/guides/uploads).
const atOnce = 5 << 20 * 3 / 4

// upload sends a large mail in two steps: a session is opened, in which nothing is
// sent yet, and then the whole of the mail goes into it, once. When no answer
// comes the session is asked what became of it, so that few outcomes stay unknown.
func (s *Sender) upload(ctx context.Context, about *gmail.Message, raw []byte) (*gmail.Message, error) {
	session, err := s.openUpload(ctx, about, len(raw))
	if err != nil {
		return nil, err
	}
	res, err := s.put(ctx, session, raw, "")
	if err != nil {
		if ctx.Err() != nil {
			return nil, outbox.NotKnown("gmail.upload", err)
		}
		return s.askUpload(ctx, session, len(raw), err)
	}
	defer res.Body.Close()
	return sentBy(res)
}

// openUpload returns the address that the mail goes to.
func (s *Sender) openUpload(ctx context.Context, about *gmail.Message, size int) (string, error) {
	const op = crm.Op("gmail.upload")
	body, err := json.Marshal(about)
	if err != nil {
		return "", crm.E(crm.Internal, op, "the request cannot be written", err)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, s.base+"upload/gmail/v1/users/me/messages/send?uploadType=resumable", bytes.NewReader(body))
	if err != nil {
		return "", crm.E(crm.Internal, op, "the request cannot be made", err)
	}
	r.Header.Set("Content-Type", "application/json; charset=utf-8")
	r.Header.Set("X-Upload-Content-Type", "message/rfc822")
	r.Header.Set("X-Upload-Content-Length", strconv.Itoa(size))
	res, err := s.client.Do(r)
	if err != nil {
		return "", crm.E(crm.Unavailable, op, "Gmail did not answer.", err).WithHint("it is tried again by itself")
	}
	defer res.Body.Close()
	if err := googleapi.CheckResponse(res); err != nil {
		return "", s.explain(op, err)
	}
	session, err := res.Location()
	if err != nil || session.Host != r.URL.Host || session.Scheme != r.URL.Scheme { // our token goes nowhere else
		return "", crm.Errorf(crm.Unavailable, op, "Gmail did not say where the mail is to go.").WithHint("it is tried again by itself")
	}
	return session.String(), nil
}

func (s *Sender) put(ctx context.Context, session string, raw []byte, span string) (*http.Response, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPut, session, bytes.NewReader(raw))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "message/rfc822")
	if span != "" {
		r.Header.Set("Content-Range", span)
	}
	return s.client.Do(r)
}

// askUpload finds out what became of a session whose answer was lost: 308 says that
// the mail is not there whole, so that it was not sent.
func (s *Sender) askUpload(ctx context.Context, session string, size int, why error) (*gmail.Message, error) {
	const op = crm.Op("gmail.upload")
	res, err := s.put(ctx, session, nil, "bytes */"+strconv.Itoa(size))
	if err != nil {
		return nil, outbox.NotKnown(op, why)
	}
	defer res.Body.Close()
	switch {
	case res.StatusCode == http.StatusPermanentRedirect:
		return nil, crm.E(crm.Unavailable, op, "The connection to Gmail was cut before the mail was there.", why).WithHint("it is tried again by itself")
	case res.StatusCode >= 300:
		return nil, outbox.NotKnown(op, why)
	}
	return sentBy(res)
}

func sentBy(res *http.Response) (*gmail.Message, error) {
	if err := googleapi.CheckResponse(res); err != nil {
		return nil, err
	}
	var m gmail.Message
	if err := json.NewDecoder(res.Body).Decode(&m); err != nil {
		return nil, outbox.NotKnown("gmail.upload", err)
	}
	return &m, nil
}
