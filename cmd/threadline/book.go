package main

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"slices"
	"time"

	"threadline/addon"
	"threadline/addon/card"
	"threadline/internal/access"
	"threadline/internal/auth"
	"threadline/internal/campaign"
	"threadline/internal/crm"
	"threadline/internal/ledger"
	"threadline/internal/outbox"
	"threadline/internal/store"
)

// book is what cards call that look records up and change them.
func (w *workers) book(home card.URL, base string) *addon.Book {
	h := w.house
	return &addon.Book{Records: h.Records, Timeline: h.Timeline, Search: h.Finder, Letters: h.Letters, Space: h.Space,
		Followed: w.followed, Pause: w.pause, MailboxPage: home,
		ReadNews: func(ctx context.Context, v access.Viewer) error { return w.house.Notify.Read(ctx, v, nil, true) },
		Single: func(ctx context.Context, box crm.MailboxID, to []crm.Address) (crm.TrackMode, campaign.Dress, error) {
			return h.Campaigns.Single(ctx, base, crm.TrackIndividual, box, to)
		},
		Places: func(ctx context.Context, user crm.UserID) ([]auth.Place, error) {
			return h.auth.Places(ctx, h.Space, user)
		},
		Show: func(ctx context.Context, user crm.UserID, ws crm.WorkspaceID) error {
			return h.auth.Show(ctx, h.Space, user, ws)
		},
		Others: w.others,
		Draft: func(ctx context.Context, u crm.UserID, m addon.NewMail) (card.URL, error) {
			return w.begin(ctx, home, u, m)
		},
		SetLocale: func(ctx context.Context, user crm.UserID, locale string) error {
			return h.auth.SetLocale(ctx, h.Space, user, locale)
		}}
}

// begin keeps a mail that somebody begins in the sidebar among their drafts.
func (w *workers) begin(ctx context.Context, home card.URL, user crm.UserID, m addon.NewMail) (card.URL, error) {
	v, err := w.house.Records.Viewer(ctx, user)
	if err != nil {
		return card.URL{}, err
	}
	u, err := store.Users.Get(ctx, w.house.Space, string(user))
	if err != nil {
		return card.URL{}, err
	}
	d := outbox.Draft{Mailbox: m.Mailbox, From: m.From, Name: u.Value.Name, To: m.To,
		Subject: m.Subject, Text: m.Text, HTML: m.HTML, Key: m.Key}
	box, err := store.Mailboxes.Get(ctx, w.house.Space, string(m.Mailbox))
	if err != nil {
		return card.URL{}, err
	}
	if b := &box.Value; d.From != b.Address && !slices.Contains(b.Aliases, d.From) {
		d.From = "" // somebody signs in with another address than they write from
	}
	kept, err := w.house.Outbox.SaveDraft(ctx, v, "", d, 0)
	return home.Path("inbox", "drafts", kept.Value.ID), err
}

// pause stops a mailbox, or lets it go on.
func (w *workers) pause(ctx context.Context, id crm.MailboxID, pause bool) error {
	if pause {
		return w.house.Engine.Pause(ctx, id)
	}
	return w.house.Engine.Resume(ctx, id)
}

// followPatience is how long a card waits for links to follow a correction.
const followPatience = 3 * time.Second

// followed waits for links to follow; a card that comes too early shows what was
// right a moment before, and the next one what is.
func (w *workers) followed(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, followPatience)
	defer cancel()
	if err := ledger.Settled(ctx, w.house.Space); err != nil {
		w.house.log.DebugContext(ctx, "links follow later than the card", "err", err)
	}
}

// others are the other workspaces of a user.
func (w *workers) others(ctx context.Context, user crm.UserID) ([]addon.Door, error) {
	h := w.house
	u, err := h.auth.Active(ctx, h.Space, user)
	if err != nil {
		return nil, err
	}
	seats, err := h.auth.Seats(ctx, h.Space, &u)
	var out []addon.Door
	for _, x := range seats {
		if x.Workspace.ID != h.Space.Workspace() {
			out = append(out, addon.Door{Name: x.Workspace.Name, User: x.User.ID, StateKey: stateKeyOf(x.Workspace.IDKey)})
		}
	}
	return out, err
}

// stateKey seals the actions of cards. It follows from the key of the workspace,
// so that all processes have the same and a card survives a restart.
func (w *workers) stateKey(ctx context.Context) ([]byte, error) {
	ws, err := store.Workspaces.Get(ctx, w.house.Space, string(w.house.Space.Workspace()))
	if err != nil {
		return nil, err
	}
	return stateKeyOf(ws.Value.IDKey), nil
}

func stateKeyOf(id crm.IDKey) []byte {
	mac := hmac.New(sha256.New, id)
	mac.Write([]byte("actions of cards"))
	return mac.Sum(nil)
}
