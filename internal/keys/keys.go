package keys

import (
	"context"
	"io"

	"threadline/internal/crm"
	"threadline/internal/seal"
	"threadline/internal/store"
)

// Key is a key in use.
type Key struct {
	ID      string `json:"id"`
	Primary bool   `json:"primary"` // new secrets are sealed with it
	Known   bool   `json:"known"`   // the key file holds it
	Secrets int    `json:"secrets"` // that need it
}

// Rotated is what a rotation did.
type Rotated struct {
	Primary string `json:"primary"`
	Sealed  int    `json:"sealed"`  // secrets that were sealed anew by this call
	Removed int    `json:"removed"` // keys
}

// holder is one kind of document that holds a secret.
type holder struct {
	wraps bool // what it holds is the data key of its workspace
	each  func(ctx context.Context, sp *store.Space, f func(id, sealed string) error) error
	redo  func(ctx context.Context, sp *store.Space, id string, again func(sealed string, aad ...string) (string, error)) error
}

func holders() []holder {
	return []holder{{wraps: true, each: eachData, redo: redoData}, {each: eachMailbox, redo: redoMailbox}, {each: eachFactor, redo: redoFactor}, {each: eachPending, redo: redoPending}, {each: eachSigner, redo: redoSigner}}
}

// List counts the secrets of every key of the file, and of every other key that
// a secret names.
func List(ctx context.Context, st *store.Store, box *seal.Box) ([]Key, error) {
	var out []Key
	at := map[string]int{}
	for i, id := range box.Keys() {
		at[id] = i
		out = append(out, Key{ID: id, Primary: i == 0, Known: true})
	}
	var wrapped string // the data key of the workspace that is looked at
	err := each(ctx, st, func(_ *store.Space, h holder, _, sealed string) error {
		if h.wraps {
			wrapped = sealed
			return nil
		}
		id := seal.KeyOf(sealed)
		if seal.Enveloped(sealed) {
			id = seal.KeyOf(wrapped)
		}
		i, ok := at[id]
		if !ok {
			i, at[id] = len(out), len(out)
			out = append(out, Key{ID: id})
		}
		out[i].Secrets++
		return nil
	})
	return out, err
}

// Rotate wraps the data key of every workspace under a new key of the file, seals
// anew what the file itself sealed, and removes the old key; or goes on with a
// rotation that was cut.
func Rotate(ctx context.Context, st *store.Store, box *seal.Box, random io.Reader) (Rotated, error) {
	var out Rotated
	if err := box.Renew(random); err != nil {
		return out, err
	}
	before := len(box.Keys())
	out.Primary = box.Keys()[0]
	err := each(ctx, st, func(sp *store.Space, h holder, id, sealed string) error {
		if seal.Enveloped(sealed) || seal.KeyOf(sealed) == out.Primary {
			return nil
		}
		out.Sealed++
		return h.redo(ctx, sp, id, func(sealed string, aad ...string) (string, error) {
			plain, err := box.Unseal(sealed, aad...)
			if err != nil {
				return "", err
			}
			return box.SealByFile(plain, aad...)
		})
	})
	if err != nil {
		return out, crm.Wrap("keys.Rotate", "a secret cannot be sealed anew; the old key is kept", err)
	}
	err = box.Retire(func() error { return unused(ctx, st, out.Primary) })
	out.Removed = before - len(box.Keys())
	return out, err
}

// unused fails when a secret needs another key than the primary.
func unused(ctx context.Context, st *store.Store, primary string) error {
	return each(ctx, st, func(_ *store.Space, _ holder, id, sealed string) error {
		if !seal.Enveloped(sealed) && seal.KeyOf(sealed) != primary {
			return crm.Errorf(crm.Conflict, "keys.Rotate", "%s was sealed with the old key meanwhile", id).WithHint("run: threadline keys rotate")
		}
		return nil
	})
}

func each(ctx context.Context, st *store.Store, f func(sp *store.Space, h holder, id, sealed string) error) error {
	spaces, err := st.Workspaces(ctx)
	if err != nil {
		return err
	}
	for _, ws := range spaces {
		sp := st.In(ws)
		for _, h := range holders() {
			if err := h.each(ctx, sp, func(id, sealed string) error { return f(sp, h, id, sealed) }); err != nil {
				return err
			}
		}
	}
	return nil
}
