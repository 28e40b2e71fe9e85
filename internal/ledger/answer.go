package ledger

import (
	"context"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// Correction is a person's word: this message, or its thread, belongs to the
// record, or never does.
type Correction struct {
	Message crm.MessageID
	Scope   crm.Scope // message or thread
	Record  crm.RecordID
	Effect  crm.RuleEffect
	By      crm.UserID
	Cause   crm.Cause
}

// Answer stores a correction and returns the batch by which it can be undone.
// The links follow through the feed.
func Answer(ctx context.Context, sp *store.Space, c Correction) (string, error) {
	const op = crm.Op("ledger.Answer")
	if c.Scope != crm.ScopeMessage && c.Scope != crm.ScopeThread {
		return "", crm.Errorf(crm.Invalid, op, "a correction is for this message or for its thread").WithField("scope")
	}
	if c.Effect != crm.EffectLink && c.Effect != crm.EffectNever {
		return "", crm.Errorf(crm.Invalid, op, "a correction links or forbids").WithField("effect")
	}
	ws, err := store.Workspaces.Get(ctx, sp, string(sp.Workspace()))
	if err != nil {
		return "", err
	}
	id := crm.DerivedID(crm.PrefixAnswer, ws.Value.IDKey, string(c.Scope), string(c.Message), string(c.Record))
	info := store.ChangeInfo{Actor: c.By, Cause: c.Cause, Title: "correct where a message belongs"}
	return sp.Change(ctx, info, func(ctx context.Context, tx *store.Tx) error {
		if _, err := store.Messages.Get(ctx, tx, string(c.Message)); err != nil {
			return err
		}
		if _, err := store.Records.Get(ctx, tx, string(c.Record)); err != nil {
			return err
		}
		if _, err := store.Answers.GetMany(ctx, tx, []string{id}); err != nil {
			return err
		}
		store.Answers.Put(tx, &crm.Answer{ID: id, Scope: c.Scope, Message: c.Message, Effect: c.Effect,
			Record: c.Record, By: c.By, At: sp.Store().Now()})
		return nil
	})
}
