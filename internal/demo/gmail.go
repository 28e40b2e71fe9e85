package demo

import (
	"cmp"
	"context"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"threadline/internal/crm"
	"threadline/internal/mail"
)

// Gmail is as much of Google's mail as the sidebar asks for: it keeps the drafts that
// are made with the token of the demo.
type Gmail struct {
	listener *listener
	server   *http.Server
	token    string
	done     chan struct{}

	mu     sync.Mutex
	drafts []*mail.Parsed // the first is draft r1
}

// Draft is what a mail program shows of a draft.
type Draft struct {
	To      []string `json:"to"`
	Subject string   `json:"subject"`
	Text    string   `json:"text"`
}

// maxDraft is what a request may hold.
const maxDraft = 4 << 20

// ServeGmail serves drafts on a free port of loopback, to whoever has the token.
func ServeGmail(ctx context.Context, token string) (*Gmail, error) {
	l, err := listen(ctx, "demo.ServeGmail")
	if err != nil {
		return nil, err
	}
	g := &Gmail{listener: l, token: token, done: make(chan struct{})}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /gmail/v1/users/me/drafts", g.create)
	g.server = &http.Server{Handler: mux, ReadTimeout: time.Minute}
	go func() {
		defer close(g.done)
		_ = g.server.Serve(l) // ends with the listener
	}()
	return g, nil
}

// URL is the address in place of Google's.
func (g *Gmail) URL() string { return "http://" + g.listener.Addr().String() }

// Draft returns a draft as it opens.
func (g *Gmail) Draft(id string) (Draft, bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for i, p := range g.drafts {
		if id != draftID(i) {
			continue
		}
		d := Draft{To: []string{}, Subject: p.Subject, Text: p.Text}
		for _, one := range p.Participants {
			if one.Role == crm.RoleTo {
				d.To = append(d.To, string(one.Address))
			}
		}
		return d, true
	}
	return Draft{}, false
}

func draftID(i int) string { return fmt.Sprintf("r%d", i+1) }

// create is users.drafts.create.
func (g *Gmail) create(w http.ResponseWriter, r *http.Request) {
	token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if subtle.ConstantTimeCompare([]byte(token), []byte(g.token)) != 1 {
		http.Error(w, "no such token", http.StatusUnauthorized)
		return
	}
	var in struct{ Message struct{ Raw string } }
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxDraft)).Decode(&in); err != nil {
		http.Error(w, "no JSON", http.StatusBadRequest)
		return
	}
	raw, err := base64.URLEncoding.DecodeString(in.Message.Raw)
	if err != nil {
		http.Error(w, "raw is not base64url", http.StatusBadRequest)
		return
	}
	g.mu.Lock()
	g.drafts = append(g.drafts, mail.Parse(raw))
	n := len(g.drafts) - 1
	g.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]any{ // the client is gone: nobody is left to tell
		"id": draftID(n), "message": map[string]string{"id": fmt.Sprintf("%x", n+1), "threadId": fmt.Sprintf("%x", n+1)}})
}

// Close stops the server and waits until it has ended.
func (g *Gmail) Close() error {
	err := cmp.Or(g.server.Close(), g.listener.Close())
	<-g.done
	if err != nil && !errors.Is(err, net.ErrClosed) { // the server has closed it before
		return crm.E(crm.Unavailable, "demo.Gmail.Close", "the drafts did not close cleanly", err)
	}
	return nil
}
