package gmailtest

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"
)

// watch is a standing order for notifications.
type watch struct {
	topic   string
	expires time.Time
}

func (s *Server) watchStart(a *account, r *http.Request) reply {
	var in struct{ TopicName string }
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil || in.TopicName == "" {
		return refuse(400, "invalidArgument", "Invalid topicName")
	}
	a.watch = &watch{topic: in.TopicName, expires: s.opt.Now().Add(7 * 24 * time.Hour)}
	return ok(map[string]any{"historyId": strconv.FormatUint(a.history, 10), "expiration": strconv.FormatInt(a.watch.expires.UnixMilli(), 10)})
}

func (s *Server) watchStop(a *account, _ *http.Request) reply {
	a.watch = nil
	return reply{status: 204}
}

// Watched tells until when an account is watched; the zero time for not.
func (s *Server) Watched(email string) time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	if w := s.accounts[email].watch; w != nil {
		return w.expires
	}
	return time.Time{}
}

// Notice is the data of the notification that is due for an account.
func (s *Server) Notice(email string) []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	return fmt.Appendf(nil, `{"emailAddress":%q,"historyId":%d}`, email, s.accounts[email].history)
}

// Push posts a signed notification as Pub/Sub does, and returns the status.
func (s *Server) Push(ctx context.Context, endpoint, audience, serviceAccount, email string) (int, error) {
	now := s.opt.Now()
	token := s.Sign(map[string]any{"iss": "https://accounts.google.com", "aud": audience, "sub": "1", "email": serviceAccount,
		"email_verified": true, "iat": now.Unix(), "exp": now.Add(time.Hour).Unix()})
	body, err := json.Marshal(map[string]any{"subscription": "projects/p/subscriptions/s", "message": map[string]any{
		"data": base64.StdEncoding.EncodeToString(s.Notice(email)), "messageId": "1", "publishTime": now.UTC().Format(time.RFC3339)}})
	if err != nil {
		return 0, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, endpoint, bytes.NewReader(body))
	if err != nil {
		return 0, err
	}
	req.Header.Set("Authorization", "Bearer "+token)
	req.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, err
	}
	defer res.Body.Close()
	_, err = io.Copy(io.Discard, res.Body)
	return res.StatusCode, err
}
