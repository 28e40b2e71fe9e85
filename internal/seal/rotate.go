package seal

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"threadline/internal/crm"
)

const opRotate = crm.Op("seal.Rotate")

// Keys lists the ids of the keys in use, the primary first.
func (b *keyring) Keys() []string {
	b.mu.RLock()
	defer b.mu.RUnlock()
	out := []string{b.primary}
	for id := range b.aeads {
		if id != b.primary {
			out = append(out, id)
		}
	}
	slices.Sort(out[1:])
	return out
}

// KeyOf is the id of the key of the file that a secret was sealed with; "" when
// none was.
func KeyOf(sealed string) string {
	rest, ok := strings.CutPrefix(sealed, byFile+".")
	id, _, cut := strings.Cut(rest, ".")
	if !ok || !cut {
		return ""
	}
	return id
}

// Storing runs f, which seals a secret and stores it. No key is removed
// meanwhile, so that what f stores can be opened later.
func (b *keyring) Storing(f func() error) error {
	b.storing.RLock()
	defer b.storing.RUnlock()
	return f()
}

// Renew adds a key to the file and seals with it from now on; the others still
// open. When an earlier rotation was not finished there is a new key already,
// and nothing is done.
func (b *keyring) Renew(random io.Reader) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.aeads) > 1 {
		return nil
	}
	return b.rewrite(func(kf *keyFile) error {
		fresh, err := newKey(random)
		if err != nil {
			return err
		}
		kf.Primary, kf.Keys = fresh.ID, append(kf.Keys, fresh)
		return nil
	})
}

// Retire removes every key but the primary, if unused says that no stored
// secret needs one. Nothing is sealed and stored meanwhile.
func (b *keyring) Retire(unused func() error) error {
	b.storing.Lock()
	defer b.storing.Unlock()
	if err := unused(); err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.rewrite(func(kf *keyFile) error {
		kf.Keys = slices.DeleteFunc(kf.Keys, func(k keyEntry) bool { return k.ID != kf.Primary })
		return nil
	})
}

// rewrite changes the key file, and what this box holds once the file is on
// disk: a secret must never be sealed with a key that only memory knows.
func (b *keyring) rewrite(change func(*keyFile) error) error {
	data, err := os.ReadFile(b.path)
	if err != nil {
		return crm.E(crm.Unavailable, opRotate, "the key file cannot be read", err)
	}
	was, err := parse(data, b.path)
	if err != nil {
		return err
	}
	if was.primary != b.primary || len(was.aeads) != len(b.aeads) {
		return crm.Errorf(crm.Conflict, opRotate, "the key file %s was changed by somebody else", b.path).WithHint("restart the server, so that it reads the file again")
	}
	var kf keyFile
	if json.Unmarshal(data, &kf) != nil {
		return crm.Errorf(crm.Invalid, opRotate, "the key file cannot be read")
	}
	if err := change(&kf); err != nil {
		return err
	}
	if data, err = json.MarshalIndent(kf, "", "  "); err != nil {
		return crm.E(crm.Internal, opRotate, "the key file cannot be written down", err)
	}
	now, err := parse(data, b.path)
	if err != nil {
		return err
	}
	if err := replace(b.path, append(data, '\n')); err != nil {
		return crm.E(crm.Unavailable, opRotate, "the key file cannot be written", err).
			WithHint("make " + filepath.Dir(b.path) + " writable for the user who runs threadline")
	}
	b.primary, b.aeads = now.primary, now.aeads
	return nil
}

// replace puts a finished file in the place of another: at any instant one of
// the two is there, whole.
func replace(path string, data []byte) (err error) {
	tmp, err := os.CreateTemp(filepath.Dir(path), ".key-*") // mode 0600
	if err != nil {
		return err
	}
	_, werr := tmp.Write(data)
	err = errors.Join(werr, tmp.Sync(), tmp.Close())
	if err == nil {
		err = os.Rename(tmp.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(tmp.Name()))
	}
	return syncDir(filepath.Dir(path))
}
