package auth

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base32"
	"encoding/hex"
	"io"
	"strings"

	"threadline/internal/crm"
)

// secretBytes gives secrets 256 bits, so that an unsalted hash of one cannot be
// searched for.
const secretBytes = 32

var secretEncoding = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

func newSecret(r io.Reader) (string, error) {
	var b [secretBytes]byte
	if _, err := io.ReadFull(r, b[:]); err != nil {
		return "", crm.E(crm.Internal, "auth.newSecret", "the source of randomness failed", err)
	}
	return secretEncoding.EncodeToString(b[:]), nil
}

// purpose keeps the hashes of one sort of secret from standing for another.
type purpose string

const (
	forLink    purpose = "link"
	forSession purpose = "session"
	forKey     purpose = "key"
	forHalf    purpose = "half"
	forCode    purpose = "code"
)

func hash(p purpose, secret string) string {
	sum := sha256.Sum256([]byte(string(p) + "\x00" + secret))
	return hex.EncodeToString(sum[:])
}

// sessionID is the id under which a link or session lies: a lookup by hash
// takes a time that says nothing about the secret.
func sessionID(p purpose, secret string) string {
	return crm.PrefixSession + "_" + hash(p, secret)
}

func sameHash(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

// keyToken is how a person sees an API key: tl_<id>_<secret>.
func keyToken(id, secret string) string {
	return "tl_" + strings.TrimPrefix(id, crm.PrefixAPIKey+"_") + "_" + secret
}

// splitKey takes a key token apart; ok is false when it has another form.
func splitKey(token string) (id, secret string, ok bool) {
	rest, ok := strings.CutPrefix(token, "tl_")
	tail, secret, cut := strings.Cut(rest, "_")
	if !ok || !cut || secret == "" {
		return "", "", false
	}
	id, err := crm.ParseID[string](crm.PrefixAPIKey, crm.PrefixAPIKey+"_"+tail)
	return id, secret, err == nil
}
