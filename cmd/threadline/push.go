package main

import (
	"context"
	"time"

	"golang.org/x/oauth2/google"

	"threadline/addon"
	"threadline/internal/api"
	"threadline/internal/crm"
	"threadline/internal/store"
	"threadline/sync/gmail"
)

// push is the door for notices of Gmail; nil where none are taken.
func (m *Main) push(w *workers) (*api.Push, error) {
	o := &m.opt.google
	if w.house.gmail == nil || o.pushAccount == "" {
		return nil, nil
	}
	keys := m.opt.jwks
	if o.url != "" {
		keys = o.url + "/oauth2/v3/certs"
	}
	v, err := addon.NewVerifier(addon.VerifierConfig{JWKS: keys, Now: m.Now})
	if err != nil {
		return nil, err
	}
	audience := o.pushAudience
	if audience == "" {
		audience = w.base.JoinPath("push", "gmail").String()
	}
	return &api.Push{Verifier: v, Audience: audience, ServiceAccount: o.pushAccount}, nil
}

const (
	watchLife  = 7 * 24 * time.Hour
	watchRenew = watchLife - 24*time.Hour // renewed when less is left: every day
	watchAlarm = 48 * time.Hour
	watchLook  = 10 * time.Minute
)

// watchAll keeps the notices of all Gmail mailboxes ordered until ctx ends.
func (h *house) watchAll(ctx context.Context, topic string) error {
	for {
		docs, err := store.Mailboxes.All(ctx, h.Space, store.Query{})
		if err != nil && ctx.Err() == nil {
			h.log.Error("mailboxes cannot be read", "err", err)
		}
		for _, d := range docs {
			h.watchOne(ctx, d.Value, topic)
		}
		t := time.NewTimer(watchLook)
		select {
		case <-ctx.Done():
			t.Stop()
			return ctx.Err()
		case <-t.C:
		}
	}
}

// watchOne orders notices for a mailbox when it is time to, and says so when they
// are about to end.
func (h *house) watchOne(ctx context.Context, m crm.Mailbox, topic string) {
	left := m.WatchUntil.Sub(h.store.Now())
	if m.Kind != crm.KindGmail || m.State != crm.StateLive || left > watchRenew || ctx.Err() != nil {
		return
	}
	secret, err := h.seal.Unseal(m.Password, string(m.ID), "password")
	if err == nil {
		var until crm.Time
		if until, err = gmail.Watch(ctx, h.gmail.Account(m.Address, secret.Reveal(), h.repair(m.ID)), topic); err == nil {
			err = h.Engine.Edit(ctx, m.ID, func(m *crm.Mailbox) { m.WatchUntil = until })
		}
	}
	switch {
	case err == nil || ctx.Err() != nil:
	case left < watchAlarm:
		h.log.Error("notices of Gmail end within two days or have ended, and cannot be ordered again; mail is looked for by the clock", "mailbox", m.ID, "err", err)
	default:
		h.log.Warn("notices of Gmail cannot be ordered now", "mailbox", m.ID, "err", err)
	}
}

// pull takes notices from a subscription, signed by this server's own service
// account.
func (h *house) pull(ctx context.Context, o *googleOptions) error {
	p := &gmail.Puller{Subscription: o.subscription, Base: o.pubsubURL, Hub: h.gmail.Hub(), Log: h.log}
	if o.pubsubURL == "" {
		client, err := google.DefaultClient(ctx, "https://www.googleapis.com/auth/pubsub")
		if err != nil {
			return crm.E(crm.Invalid, "pull", "this server has no service account to pull notices with", err).WithField("gmail-subscription").
				WithHint("set GOOGLE_APPLICATION_CREDENTIALS, or run on Google Cloud")
		}
		p.Client = client
	}
	return p.Run(ctx)
}
