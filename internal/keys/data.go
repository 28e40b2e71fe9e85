package keys

import (
	"context"
	"io"

	"threadline/internal/crm"
	"threadline/internal/seal"
	"threadline/internal/store"
)

// Open lets the box use the data key of a workspace, and makes one when it has
// none. It fails when the key file is not the one that belongs to the data, so
// that nothing starts with it.
func Open(ctx context.Context, sp *store.Space, box *seal.Box, random io.Reader) error {
	docs, err := store.Workspaces.GetMany(ctx, sp, []string{string(sp.Workspace())})
	if err != nil || !docs[0].Exists() {
		return err
	}
	if docs[0].Value.DataKey == "" {
		if err := proven(ctx, sp, box); err != nil {
			return err
		}
		if docs[0].Value.DataKey, err = begin(ctx, sp, box, random); err != nil {
			return crm.Wrap("keys.Open", "the data key of the workspace cannot be made", err)
		}
	}
	return box.Adopt(docs[0].Value.DataKey, string(sp.Workspace()))
}

// begin stores a data key; of two processes that do so at once the first one's
// counts.
func begin(ctx context.Context, sp *store.Space, box *seal.Box, random io.Reader) (wrapped string, err error) {
	err = box.Storing(func() error {
		fresh, err := box.NewDataKey(random, string(sp.Workspace()))
		if err != nil {
			return err
		}
		return sp.Transact(ctx, func(ctx context.Context, tx *store.Tx) error {
			ws, err := store.Workspaces.Get(ctx, tx, string(sp.Workspace()))
			if err != nil {
				return err
			}
			if wrapped = ws.Value.DataKey; wrapped == "" {
				wrapped, ws.Value.DataKey = fresh, fresh
				store.Workspaces.Put(tx, &ws.Value)
			}
			return nil
		})
	})
	return wrapped, err
}

// proven fails when a secret from before there were data keys cannot be opened.
func proven(ctx context.Context, sp *store.Space, box *seal.Box) error {
	return eachMailbox(ctx, sp, func(id, sealed string) error {
		if seal.Enveloped(sealed) { // its data key was given up, see Lost
			return nil
		}
		if _, err := box.Unseal(sealed, id, "password"); err != nil {
			return crm.Errorf(crm.Unavailable, "keys.Open", "the key file does not open the secrets of this data (they need key %s)", crm.Clip(seal.KeyOf(sealed), 40)).
				WithField("key-file").WithHint("put back the key file that belongs to this data, or name it with --key-file; if it is lost for good: threadline keys lost")
		}
		return nil
	})
}

// Any tells whether a workspace holds anything that a key file sealed.
func Any(ctx context.Context, sp *store.Space) (bool, error) {
	some := false
	for _, h := range holders() {
		if err := h.each(ctx, sp, func(string, string) error { some = true; return nil }); err != nil {
			return false, err
		}
	}
	return some, nil
}

// Lost gives up every secret of a workspace whose key file is gone: passwords
// and second factors must be entered again. It returns how many there were.
func Lost(ctx context.Context, sp *store.Space) (int, error) {
	n := 0
	gone := func(string, ...string) (string, error) { n++; return "", nil }
	for _, h := range holders()[1:] {
		var ids []string
		err := h.each(ctx, sp, func(id, _ string) error { ids = append(ids, id); return nil })
		for _, id := range ids {
			if err == nil {
				err = h.redo(ctx, sp, id, gone)
			}
		}
		if err != nil {
			return n, err
		}
	}
	return n, redoData(ctx, sp, string(sp.Workspace()), func(string, ...string) (string, error) { return "", nil })
}

func eachData(ctx context.Context, sp *store.Space, f func(id, sealed string) error) error {
	docs, err := store.Workspaces.GetMany(ctx, sp, []string{string(sp.Workspace())})
	if err != nil || !docs[0].Exists() || docs[0].Value.DataKey == "" {
		return err
	}
	return f(string(sp.Workspace()), docs[0].Value.DataKey)
}

func redoData(ctx context.Context, sp *store.Space, id string, again func(sealed string, aad ...string) (string, error)) error {
	return sp.Transact(ctx, func(ctx context.Context, tx *store.Tx) error {
		docs, err := store.Workspaces.GetMany(ctx, tx, []string{id})
		if err != nil || !docs[0].Exists() || docs[0].Value.DataKey == "" {
			return err
		}
		ws := docs[0].Value
		if ws.DataKey, err = again(ws.DataKey, id, seal.WrapField); err != nil {
			return err
		}
		store.Workspaces.PutIf(tx, &ws, docs[0].Version)
		return nil
	})
}
