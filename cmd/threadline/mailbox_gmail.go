package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"threadline/internal/crm"
	"threadline/sync/engine"
)

// consentTime is how long a person may take at Google.
const consentTime = 15 * time.Minute

// addGmail connects an account, or connects it again: it prints the page at
// Google, and takes the code on a loopback port (RFC 8252 §7.3).
func (m *Main) addGmail(ctx context.Context, in mailboxFlags) error {
	if in.owner == "" && in.mailbox == "" {
		return crm.Errorf(crm.Invalid, "addGmail", "--owner is missing").WithField("owner").
			WithHint("threadline mailbox add --gmail --owner EMAIL")
	}
	body := map[string]any{"owner": in.owner, "send": in.send, "drafts": in.drafts, "imap": in.overIMAP, "known_only": in.knownOnly}
	if in.since != "" {
		since, err := parseSince(in.since)
		if err != nil {
			return err
		}
		body["since"] = since
	}
	return m.with(ctx, "", func(ctx context.Context, c *client) error {
		if in.mailbox != "" {
			found, err := c.mailboxes(ctx, in.mailbox)
			if err != nil {
				return err
			}
			delete(body, "owner")
			body["mailbox"] = found[0].ID
		}
		out, raw, err := m.consent(ctx, c, body)
		if err != nil {
			return err
		}
		return m.print(raw, func() {
			m.say("%s is connected (%s)", string(out.Address), string(out.ID))
			if c.inside {
				m.say("No server runs: start it with threadline serve, or sync once with threadline mailbox sync %s", string(out.ID))
			}
		})
	})
}

// returned is what the browser brings back from Google.
type returned struct{ code, state, trouble string }

func (m *Main) consent(ctx context.Context, c *client, body map[string]any) (engine.Status, []byte, error) {
	var out engine.Status
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return out, nil, crm.E(crm.Unavailable, "consent", "no port of this machine can be opened for the answer of Google", err)
	}
	came := make(chan returned, 1)
	srv := &http.Server{Handler: takesCode(came), ReadHeaderTimeout: 10 * time.Second}
	done := make(chan error, 1)
	go func() { done <- srv.Serve(listener) }()
	defer func() { goodbye(ctx, srv); <-done }()
	body["redirect"] = "http://" + listener.Addr().String() + "/"
	var page struct{ URL string }
	if _, err := c.send(ctx, "POST", "/mailboxes/gmail/consent", body, &page); err != nil {
		return out, nil, err
	}
	fmt.Fprintf(m.Err, "Open this page in a browser on this machine and allow access:\n\n  %s\n\n", page.URL)
	back, err := awaitCode(ctx, came)
	if err != nil {
		return out, nil, err
	}
	raw, err := c.send(ctx, "POST", "/mailboxes/gmail", map[string]any{"state": back.state, "code": back.code}, &out)
	return out, raw, err
}

// goodbye ends the server once the browser has the page that it asked for.
func goodbye(ctx context.Context, srv *http.Server) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
	defer cancel()
	if srv.Shutdown(ctx) != nil { // a browser that says nothing is not waited for
		_ = srv.Close()
	}
}

func awaitCode(ctx context.Context, came <-chan returned) (returned, error) {
	const op = crm.Op("awaitCode")
	ctx, cancel := context.WithTimeout(ctx, consentTime)
	defer cancel()
	select {
	case back := <-came:
		if back.trouble != "" {
			return back, crm.Errorf(crm.Denied, op, "Google says that access was not allowed (%s)", crm.Clip(back.trouble, 60)).WithHint("begin again and allow it")
		}
		return back, nil
	case <-ctx.Done():
		if errors.Is(ctx.Err(), context.DeadlineExceeded) {
			return returned{}, crm.Errorf(crm.Unavailable, op, "nobody came back from Google within %s", consentTime)
		}
		return returned{}, ctx.Err()
	}
}

// takesCode answers the browser. Only the first answer counts, and it is worth
// nothing without the state that the server sealed.
func takesCode(came chan<- returned) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		back := returned{code: q.Get("code"), state: q.Get("state"), trouble: q.Get("error")}
		if r.URL.Path != "/" || back.code == "" && back.trouble == "" {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		fmt.Fprintln(w, "You can close this page and go back to the terminal.")
		select {
		case came <- back:
		default:
		}
	})
}
