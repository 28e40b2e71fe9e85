package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/base64"
	"encoding/binary"
	"strings"
	"sync"

	"threadline/internal/crm"
)

const version = "v1"

// Box seals and opens with the keys of one key file. It is safe for concurrent
// use.
type Box struct {
	path    string       // of the key file
	storing sync.RWMutex // held for reading from sealing a secret until it is stored
	mu      sync.RWMutex // guards what follows
	primary string
	aeads   map[string]cipher.AEAD
}

// Seal encrypts under the primary key, bound to the additional data in its
// order: the id of the owner and the name of the field.
func (b *Box) Seal(plain Secret, aad ...string) (string, error) {
	b.mu.RLock()
	id, aead := b.primary, b.aeads[b.primary]
	b.mu.RUnlock()
	sealed := aead.Seal(nil, nil, []byte(plain.Reveal()), additional(id, aad))
	return version + "." + id + "." + base64.RawURLEncoding.EncodeToString(sealed), nil
}

// Unseal decrypts what Seal made with the same additional data.
func (b *Box) Unseal(sealed string, aad ...string) (Secret, error) {
	const op = crm.Op("seal.Unseal")
	form, rest, ok := strings.Cut(sealed, ".")
	id, text, cut := strings.Cut(rest, ".")
	if !ok || !cut || form != version {
		return Secret{}, crm.Errorf(crm.Internal, op, "this is not a sealed secret").
			WithHint("enter the secret again")
	}
	b.mu.RLock()
	aead, ok := b.aeads[id]
	b.mu.RUnlock()
	if !ok {
		return Secret{}, crm.Errorf(crm.Unavailable, op, "the secret was sealed with key %s, which %s does not hold", crm.Clip(id, 40), b.path).
			WithHint("put back the key file that belongs to this data, or enter the secret again")
	}
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return Secret{}, crm.Errorf(crm.Internal, op, "the sealed secret is damaged").WithHint("enter the secret again")
	}
	plain, err := aead.Open(nil, nil, raw, additional(id, aad))
	if err != nil {
		return Secret{}, crm.Errorf(crm.Internal, op, "the sealed secret does not belong here or is damaged").
			WithHint("enter the secret again")
	}
	return NewSecret(string(plain)), nil
}

// additional joins the parts so that no two lists give the same bytes.
func additional(keyID string, aad []string) []byte {
	var out []byte
	for _, part := range append([]string{version, keyID}, aad...) {
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
