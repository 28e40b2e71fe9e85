package keys

import (
	"context"

	"threadline/internal/crm"
	"threadline/internal/store"
)

func eachFactor(ctx context.Context, sp *store.Space, f func(id, sealed string) error) error {
	return eachCredential(ctx, sp, func(c *crm.Credential) *string { return &c.TOTP }, f)
}

func redoFactor(ctx context.Context, sp *store.Space, id string, again func(sealed string, aad ...string) (string, error)) error {
	return redoCredential(ctx, sp, id, func(c *crm.Credential) *string { return &c.TOTP }, again)
}

func eachPending(ctx context.Context, sp *store.Space, f func(id, sealed string) error) error {
	return eachCredential(ctx, sp, func(c *crm.Credential) *string { return &c.Pending }, f)
}

func redoPending(ctx context.Context, sp *store.Space, id string, again func(sealed string, aad ...string) (string, error)) error {
	return redoCredential(ctx, sp, id, func(c *crm.Credential) *string { return &c.Pending }, again)
}

func eachCredential(ctx context.Context, sp *store.Space, part func(*crm.Credential) *string, f func(id, sealed string) error) error {
	docs, err := store.Credentials.All(ctx, sp, store.Query{})
	if err != nil {
		return err
	}
	for _, d := range docs {
		if sealed := *part(&d.Value); sealed != "" {
			if err := f(string(d.Value.ID), sealed); err != nil {
				return err
			}
		}
	}
	return nil
}

func redoCredential(ctx context.Context, sp *store.Space, id string, part func(*crm.Credential) *string, again func(sealed string, aad ...string) (string, error)) error {
	return sp.Transact(ctx, func(ctx context.Context, tx *store.Tx) error {
		docs, err := store.Credentials.GetMany(ctx, tx, []string{id})
		if err != nil {
			return err
		}
		c := docs[0].Value
		sealed := part(&c)
		if !docs[0].Exists() || *sealed == "" {
			return nil
		}
		if *sealed, err = again(*sealed, id, "totp"); err != nil {
			return err
		}
		store.Credentials.PutIf(tx, &c, docs[0].Version)
		return nil
	})
}
