package api

import (
	"context"
	"fmt"
	"slices"
	"time"

	"threadline/internal/crm"
	"threadline/internal/preflight"
	"threadline/internal/store"
	"threadline/sync/gmail"
)

// Look is one thing that was looked at, for the operator.
type Look struct {
	What string `json:"what"`
	OK   bool   `json:"ok"`
	Told string `json:"told"`
	Hint string `json:"hint,omitempty" doc:"What to do"`
}

func (s *Server) doctorRoutes() {
	r := get("/api/v1/doctor", "doctor", "What of the deployment could go wrong: the DNS of the domains that mail goes out from, and what Google is told (operator)", "whole")
	r.limit = slowLimit
	add(s, r, s.doctor)
}

func (s *Server) doctor(ctx context.Context, _ *none) (*body[items[Look]], error) {
	if err := operator(ctx, "look at the deployment"); err != nil {
		return nil, err
	}
	out := append(append(s.reached(), s.googleLooks()...), s.deps.Settings...)
	ending, err := s.endingNotices(ctx)
	if err != nil {
		return nil, err
	}
	out = append(out, ending...)
	uploads, err := s.uploads(ctx)
	if err != nil {
		return nil, err
	}
	out = append(out, uploads)
	if s.deps.Senders != nil {
		dns, err := s.deps.Senders(ctx)
		if err != nil {
			return nil, err
		}
		out = append(out, dns...)
	}
	return listed(out), nil
}

// reached looks at the address under which people come.
func (s *Server) reached() []Look {
	l := Look{What: "public address", OK: true, Told: "http://" + s.cfg.Listen + ", for this machine"}
	if s.cfg.Public != nil {
		l.Told = s.cfg.Public.String()
		if l.OK = s.secure() || s.cfg.Public.Hostname() == "localhost" || s.hosts.loopback(s.cfg.Public.Hostname()); !l.OK {
			l.Hint = "passwords and mail would travel in the clear: put a proxy with TLS before the server and name it as --public-url https://…"
		}
	}
	return []Look{l}
}

// uploads looks at who uploads most.
func (s *Server) uploads(ctx context.Context) (Look, error) {
	most, day, err := s.deps.Uploads.Fullest(ctx)
	l := Look{What: "uploads", OK: true, Told: "as many as people like", Hint: "bound them with --upload-daily"}
	if day < 0 || err != nil {
		return l, err
	}
	if l.Told, l.Hint = fmt.Sprintf("a person may upload %d MB in a day", day>>20), ""; most.Bytes > day*8/10 {
		l.OK, l.Told = false, fmt.Sprintf("%s, and %s has uploaded %d", l.Told, most.ID, most.Bytes>>20)
		l.Hint = "look what for; allow more with --upload-daily"
	}
	return l, nil
}

// googleLooks are about what Google has to be told.
func (s *Server) googleLooks() []Look {
	var out []Look
	if s.deps.Gmail != nil {
		l := Look{What: "Google client", OK: s.secure(), Told: "Gmail can be connected"}
		if !l.OK {
			l.Told, l.Hint = l.Told+", from this machine only", "Google sends people back to https addresses alone: serve with --public-url https://…"
		}
		out = append(out, l)
	}
	if s.deps.Gmail != nil && s.deps.Push == nil {
		out = append(out, Look{What: "Gmail notices", OK: true, Told: "none are taken: new mail is looked for by the clock", Hint: "for mail within seconds: --gmail-topic, and --gmail-subscription or the push endpoint"})
	}
	return out
}

// endingNotices are the Gmail accounts whose notices were not ordered anew in time.
func (s *Server) endingNotices(ctx context.Context) (out []Look, err error) {
	if !s.deps.Notices {
		return nil, nil
	}
	docs, err := store.Mailboxes.All(ctx, s.deps.Space, store.Query{})
	now := s.deps.Space.Store().Now()
	for _, d := range docs {
		m := &d.Value
		if m.Kind != crm.KindGmail || m.State != crm.StateLive || m.WatchUntil.Sub(now) > gmail.WatchAlarm || now.Sub(m.CreatedAt) < noticesFirst {
			continue
		}
		l := Look{What: "notices of " + string(m.Address), Told: "none are ordered: new mail is looked for by the clock",
			Hint: "the log says why; gmail-api-push@system.gserviceaccount.com must be allowed to publish to the topic of --gmail-topic"}
		if m.WatchUntil != 0 {
			l.Told = "they were not ordered anew, and end on " + m.WatchUntil.Std().UTC().Format(time.RFC3339) + "; then new mail is looked for by the clock"
		}
		out = append(out, l)
	}
	return out, err
}

// noticesFirst is how long the first order for an account may take.
const noticesFirst = 5 * time.Minute

// LooksOf are the findings about the DNS of a sender.
func LooksOf(domain string, found []preflight.Finding) []Look {
	var out []Look
	for _, f := range found {
		if slices.Contains([]string{"mx", "spf", "dkim", "dmarc", "ptr"}, f.Check) {
			out = append(out, Look{What: f.Check + " of " + domain, OK: f.Level == preflight.Fine, Told: f.Text, Hint: f.Fix})
		}
	}
	return out
}
