package seal

import (
	"crypto/cipher"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"io"
	"strings"

	"threadline/internal/crm"
)

// dataKey seals the secrets of one workspace. It is stored wrapped: sealed by
// the key file, which can then be changed without touching the secrets.
type dataKey struct {
	id   string // follows from the key
	aead cipher.AEAD
}

const opData = crm.Op("seal.Adopt")

// WrapField binds a wrapped data key to being one, after its workspace.
const WrapField = "data key"

// NewDataKey makes a data key for a workspace and returns it wrapped, to be stored
// and then adopted.
func (b *Box) NewDataKey(random io.Reader, workspace string) (wrapped string, err error) {
	key := make([]byte, keyBytes)
	if _, err := io.ReadFull(random, key); err != nil {
		return "", crm.E(crm.Internal, opData, "the source of randomness failed", err)
	}
	return b.SealByFile(NewSecret(base64.RawStdEncoding.EncodeToString(key)), workspace, WrapField)
}

// Adopt opens the data key of a workspace and seals with it from now on. It
// fails with crm.Unavailable when the key file is not the one that wrapped it.
func (b *Box) Adopt(wrapped, workspace string) error {
	text, err := b.Unseal(wrapped, workspace, WrapField)
	if err != nil {
		return crm.Errorf(crm.Unavailable, opData, "the key file %s is not the one that this data was sealed with (that was key %s)", b.path, crm.Clip(KeyOf(wrapped), 40)).
			WithField("key-file").WithHint("put back the key file that belongs to this data, or name it with --key-file; if it is lost for good: threadline keys lost")
	}
	key, err := base64.RawStdEncoding.DecodeString(text.Reveal())
	if err != nil || len(key) != keyBytes {
		return crm.Errorf(crm.Internal, opData, "the data key of the workspace is damaged").WithHint("restore a backup")
	}
	aead, err := newAEAD(key)
	if err != nil {
		return crm.E(crm.Internal, opData, "the cipher cannot be set up", err)
	}
	sum := sha256.Sum256(append([]byte("threadline data key\x00"), key...))
	b.data.Store(&dataKey{id: "d_" + hex.EncodeToString(sum[:8]), aead: aead})
	return nil
}

// Enveloped tells whether a secret was sealed by the data key of a workspace,
// and so needs no key of the file itself.
func Enveloped(sealed string) bool { return strings.HasPrefix(sealed, byData+".") }
