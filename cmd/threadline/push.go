package main

import (
	"context"

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

// watchAll keeps the notices of all Gmail mailboxes ordered until ctx ends.
func (h *house) watchAll(ctx context.Context, topic string) error {
	k := gmail.Keeper{Now: h.store.Now, Log: h.log,
		Mailboxes: func(ctx context.Context) ([]crm.Mailbox, error) {
			docs, err := store.Mailboxes.All(ctx, h.Space, store.Query{})
			out := make([]crm.Mailbox, len(docs))
			for i, d := range docs {
				out[i] = d.Value
			}
			return out, err
		},
		Order: func(ctx context.Context, m crm.Mailbox) error {
			secret, err := h.seal.Unseal(m.Password, string(m.ID), "password")
			if err != nil {
				return err
			}
			until, err := gmail.Watch(ctx, h.gmail.Account(m.Address, secret.Reveal(), h.repair(m.ID)), topic)
			if err != nil {
				return err
			}
			return h.Engine.Edit(ctx, m.ID, func(m *crm.Mailbox) { m.WatchUntil = until })
		}}
	return k.Run(ctx)
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
