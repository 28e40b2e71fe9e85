package main

import (
	"context"
	"time"

	"threadline/addon"
	"threadline/internal/crm"
	"threadline/internal/i18n"
	"threadline/internal/ledger"
	"threadline/internal/records"
	"threadline/internal/timeline"
)

// followPatience is how long a card waits for links to follow a correction.
const followPatience = 3 * time.Second

// corrections are what the cards call.
func (w *workers) corrections() *addon.Corrections {
	h := w.house
	return &addon.Corrections{
		Foretell: func(ctx context.Context, lang i18n.Lang, c ledger.Correction) (timeline.Preview, error) {
			v, err := h.records.Viewer(ctx, c.By)
			if err != nil {
				return timeline.Preview{}, err
			}
			p, err := ledger.PreviewCorrection(ctx, h.space, v, c)
			if err != nil {
				return timeline.Preview{}, err
			}
			return h.timeline.In(lang).Foretell(ctx, v, p)
		},
		Correct: func(ctx context.Context, c ledger.Correction) (string, error) {
			batch, err := ledger.Correct(ctx, h.space, c)
			if err == nil {
				w.followed(ctx)
			}
			return batch, err
		},
		Undo: func(ctx context.Context, user crm.UserID, batch string) error {
			_, err := h.records.Undo(ctx, records.By{Actor: user, Cause: crm.CauseAddon}, batch)
			if err == nil {
				w.followed(ctx)
			}
			return err
		},
	}
}

// followed waits for links to follow; a card that comes too early shows what was
// right a moment before, and the next one what is.
func (w *workers) followed(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, followPatience)
	defer cancel()
	if err := ledger.Settled(ctx, w.house.space); err != nil {
		w.house.log.DebugContext(ctx, "links follow later than the card", "err", err)
	}
}
