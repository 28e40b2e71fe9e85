package keys

import (
	"context"

	"threadline/internal/store"
)

func eachSigner(ctx context.Context, sp *store.Space, f func(id, sealed string) error) error {
	docs, err := store.Signers.All(ctx, sp, store.Query{})
	if err != nil {
		return err
	}
	for _, d := range docs {
		if err := f(d.Value.ID, d.Value.Key); err != nil {
			return err
		}
	}
	return nil
}

func redoSigner(ctx context.Context, sp *store.Space, id string, again func(sealed string, aad ...string) (string, error)) error {
	return sp.Transact(ctx, func(ctx context.Context, tx *store.Tx) error {
		docs, err := store.Signers.GetMany(ctx, tx, []string{id})
		if err != nil || !docs[0].Exists() {
			return err
		}
		x := docs[0].Value
		if x.Key, err = again(x.Key, id, "dkim"); err != nil {
			return err
		}
		store.Signers.PutIf(tx, &x, docs[0].Version)
		return nil
	})
}
