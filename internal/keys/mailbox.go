package keys

import (
	"context"

	"threadline/internal/crm"
	"threadline/internal/store"
)

func eachMailbox(ctx context.Context, sp *store.Space, f func(id, sealed string) error) error {
	docs, err := store.Mailboxes.All(ctx, sp, store.Query{})
	if err != nil {
		return err
	}
	for _, d := range docs {
		if d.Value.Password == "" {
			continue // deleted
		}
		if err := f(string(d.Value.ID), d.Value.Password); err != nil {
			return err
		}
	}
	return nil
}

func redoMailbox(ctx context.Context, sp *store.Space, id string, again func(sealed string, aad ...string) (string, error)) error {
	return sp.Transact(ctx, func(ctx context.Context, tx *store.Tx) error {
		docs, err := store.Mailboxes.GetMany(ctx, tx, []string{id})
		if err != nil {
			return err
		}
		m := docs[0].Value
		if !docs[0].Exists() || m.Password == "" {
			return nil
		}
		m.ID = crm.MailboxID(id)
		if m.Password, err = again(m.Password, id, "password"); err != nil {
			return err
		}
		store.Mailboxes.PutIf(tx, &m, docs[0].Version)
		return nil
	})
}
