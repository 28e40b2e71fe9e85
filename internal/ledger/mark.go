package ledger

import (
	"context"

	"threadline/internal/crm"
	"threadline/internal/store"
)

// Done says that nobody has to write in the conversation of the message, until
// one that counts comes after it. It can be undone by the batch.
func Done(ctx context.Context, sp *store.Space, info store.ChangeInfo, id crm.MessageID) (string, error) {
	a := crm.Answer{Scope: crm.ScopeThread, Message: id, Effect: crm.EffectDone}
	ws, err := store.Workspaces.Get(ctx, sp, string(sp.Workspace()))
	if err != nil {
		return "", err
	}
	a.ID = crm.DerivedID(crm.PrefixAnswer, ws.Value.IDKey, string(a.Scope), string(a.Message), string(a.Effect))
	a.By, a.At = info.Actor, sp.Store().Now()
	return sp.Change(ctx, info, func(ctx context.Context, tx *store.Tx) error {
		if _, err := store.Messages.Get(ctx, tx, string(a.Message)); err != nil {
			return err
		}
		have, err := store.Answers.GetMany(ctx, tx, []string{a.ID})
		if err != nil || have[0].Exists() {
			return err
		}
		store.Answers.Create(tx, &a)
		return nil
	})
}
