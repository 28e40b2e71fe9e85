package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/base64"
	"encoding/binary"
	"strings"
	"sync"
	"sync/atomic"

	"threadline/internal/crm"
)

// Forms of sealed text: by a key of the file, and by the data key of a workspace.
const (
	byFile = "v1"
	byData = "v2"
)

// Box seals and opens with the keys of one key file, and with the data key of a
// workspace once it has one. It is safe for concurrent use.
type Box struct {
	*keyring
	data atomic.Pointer[dataKey] // nil: secrets are sealed by the key file itself
}

// keyring is a key file and what it holds.
type keyring struct {
	path    string       // of the key file
	storing sync.RWMutex // held for reading from sealing a secret until it is stored
	mu      sync.RWMutex // guards what follows
	primary string
	aeads   map[string]cipher.AEAD
}

// Another is a box of the same key file, for the data key of another workspace.
func (b *Box) Another() *Box { return &Box{keyring: b.keyring} }

// Seal encrypts, bound to the additional data in its order: the id of the owner
// and the name of the field.
func (b *Box) Seal(plain Secret, aad ...string) (string, error) {
	d := b.data.Load()
	if d == nil {
		return b.SealByFile(plain, aad...)
	}
	return join(byData, d.id, d.aead.Seal(nil, nil, []byte(plain.Reveal()), additional(byData, d.id, aad))), nil
}

// SealByFile encrypts under the primary key of the file, whatever data key there
// is.
func (b *keyring) SealByFile(plain Secret, aad ...string) (string, error) {
	b.mu.RLock()
	id, aead := b.primary, b.aeads[b.primary]
	b.mu.RUnlock()
	return join(byFile, id, aead.Seal(nil, nil, []byte(plain.Reveal()), additional(byFile, id, aad))), nil
}

func join(form, id string, sealed []byte) string {
	return form + "." + id + "." + base64.RawURLEncoding.EncodeToString(sealed)
}

// Unseal decrypts what Seal made with the same additional data.
func (b *Box) Unseal(sealed string, aad ...string) (Secret, error) {
	const op = crm.Op("seal.Unseal")
	form, rest, ok := strings.Cut(sealed, ".")
	id, text, cut := strings.Cut(rest, ".")
	if !ok || !cut || form != byFile && form != byData {
		return Secret{}, crm.Errorf(crm.Internal, op, "this is not a sealed secret").
			WithHint("enter the secret again")
	}
	aead, err := b.keyFor(form, id)
	if err != nil {
		return Secret{}, err
	}
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return Secret{}, crm.Errorf(crm.Internal, op, "the sealed secret is damaged").WithHint("enter the secret again")
	}
	plain, err := aead.Open(nil, nil, raw, additional(form, id, aad))
	if err != nil {
		return Secret{}, crm.Errorf(crm.Internal, op, "the sealed secret does not belong here or is damaged").
			WithHint("enter the secret again")
	}
	return NewSecret(string(plain)), nil
}

// keyFor finds the key that a secret was sealed with.
func (b *Box) keyFor(form, id string) (cipher.AEAD, error) {
	if form == byData {
		d := b.data.Load()
		if d == nil || d.id != id {
			return nil, crm.Errorf(crm.Internal, "seal.Unseal", "the secret was sealed with another data key than that of this workspace").
				WithHint("enter the secret again")
		}
		return d.aead, nil
	}
	b.mu.RLock()
	defer b.mu.RUnlock()
	aead, ok := b.aeads[id]
	if !ok {
		return nil, crm.Errorf(crm.Unavailable, "seal.Unseal", "the secret was sealed with key %s, which %s does not hold", crm.Clip(id, 40), b.path).
			WithHint("put back the key file that belongs to this data, or enter the secret again")
	}
	return aead, nil
}

// additional joins the parts so that no two lists give the same bytes.
func additional(form, keyID string, aad []string) []byte {
	var out []byte
	for _, part := range append([]string{form, keyID}, aad...) {
		out = binary.AppendUvarint(out, uint64(len(part)))
		out = append(out, part...)
	}
	return out
}

func newAEAD(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCMWithRandomNonce(block)
}
