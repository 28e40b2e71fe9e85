package gmail

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"threadline/internal/crm"
)

// Puller takes notices from a Pub/Sub subscription, for servers that Google
// cannot reach. It speaks the REST interface
// (https://cloud.google.com/pubsub/docs/reference/rest), because the client
// library would double the program for two calls.
type Puller struct {
	Subscription string       // projects/P/subscriptions/S
	Base         string       // "" is Google
	Client       *http.Client // signs requests; nil: http.DefaultClient
	Hub          *Hub
	Log          *slog.Logger
}

const (
	pullBatch    = 100
	pullPatience = 2 * time.Minute // a pull waits for messages
	pullPause    = 5 * time.Second // after a failure, doubled up to pullRest
	pullRest     = 5 * time.Minute
)

// Run pulls until ctx ends. Failures are logged when they begin: polling is the
// safety net.
func (p *Puller) Run(ctx context.Context) error {
	for fails := 0; ctx.Err() == nil; {
		begun := time.Now()
		n, err := p.pull(ctx)
		switch {
		case ctx.Err() != nil:
		case err != nil:
			if fails++; fails == 1 {
				p.Log.Warn("notices of Gmail cannot be pulled; mail is looked for by the clock", "kind", crm.KindOf(err), "err", err)
			}
			sleep(ctx, min(pullPause<<min(fails-1, 10), pullRest))
		default:
			fails = 0
			if n == 0 && time.Since(begun) < time.Second { // servers that do not wait
				sleep(ctx, time.Second)
			}
		}
	}
	return ctx.Err()
}

// pull takes what is there, or waits for it, and acknowledges it.
func (p *Puller) pull(ctx context.Context) (int, error) {
	var got struct {
		ReceivedMessages []struct {
			AckID   string
			Message PushMessage
		}
	}
	if err := p.post(ctx, ":pull", map[string]any{"maxMessages": pullBatch}, &got); err != nil {
		return 0, err
	}
	var acks []string
	for _, m := range got.ReceivedMessages {
		if err := p.Hub.Take(m.Message); err != nil {
			p.Log.Info("a notice was not understood", "err", err)
		}
		acks = append(acks, m.AckID)
	}
	if len(acks) == 0 {
		return 0, nil
	}
	return len(acks), p.post(ctx, ":acknowledge", map[string]any{"ackIds": acks}, nil)
}

func (p *Puller) post(ctx context.Context, verb string, in, out any) error {
	const op = crm.Op("gmail.Puller")
	base := p.Base
	if base == "" {
		base = "https://pubsub.googleapis.com"
	}
	body, err := json.Marshal(in)
	if err != nil {
		return crm.E(crm.Internal, op, "the request cannot be written", err)
	}
	ctx, done := context.WithTimeout(ctx, pullPatience)
	defer done()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, strings.TrimSuffix(base, "/")+"/v1/"+p.Subscription+verb, bytes.NewReader(body))
	if err != nil {
		return crm.E(crm.Invalid, op, "the subscription has no usable name", err).WithHint("write it as projects/PROJECT/subscriptions/NAME")
	}
	req.Header.Set("Content-Type", "application/json")
	client := p.Client
	if client == nil {
		client = http.DefaultClient
	}
	res, err := client.Do(req)
	if err != nil {
		if ctx.Err() == context.DeadlineExceeded && verb == ":pull" {
			return nil // nothing came
		}
		return crm.E(crm.Unavailable, op, "Pub/Sub cannot be reached", err)
	}
	defer res.Body.Close()
	data, err := io.ReadAll(io.LimitReader(res.Body, 8<<20))
	if err != nil {
		return crm.E(crm.Unavailable, op, "the answer of Pub/Sub was cut", err)
	}
	if res.StatusCode != http.StatusOK {
		return crm.E(crm.Unavailable, op, "Pub/Sub refuses it", fmt.Errorf("%s", res.Status)).WithHint("check the subscription and the permissions of this server's service account")
	}
	if out == nil {
		return nil
	}
	if err := json.Unmarshal(data, out); err != nil {
		return crm.E(crm.Unavailable, op, "the answer of Pub/Sub cannot be read", err)
	}
	return nil
}
