package crm

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"io"
	"strings"
)

// Ids are a prefix that names the noun, an underscore and 128 bits in
// lower-case base32 without padding: con_5k3…, 26 characters after the prefix.
type (
	// WorkspaceID names a workspace; every key of the store starts with one.
	WorkspaceID string
	// UserID names a person who signs in.
	UserID string
	// RecordID names a contact, company, deal or any other record; its prefix
	// tells which.
	RecordID string
	// MailboxID names one connected mailbox.
	MailboxID string
	// BoxID names one server folder of a mailbox.
	BoxID string
	// CopyID names one remote copy of a message.
	CopyID string
	// MessageID is our id of a message, see MessageKey.
	MessageID string
	// ThreadID is the smallest MessageID of a conversation.
	ThreadID string
	// RFCID is a Message-ID as the mail wrote it, without angle brackets
	// (RFC 5322 §3.6.4); never required to follow the syntax.
	RFCID string
)

// Prefixes of ids that are not records; those of records stand in Nouns.
const (
	PrefixWorkspace  = "wsp"
	PrefixUser       = "usr"
	PrefixSession    = "ses"
	PrefixAPIKey     = "key"
	PrefixMailbox    = "mbx"
	PrefixBox        = "box"
	PrefixCopy       = "cpy"
	PrefixQueue      = "que"
	PrefixMessage    = "msg"
	PrefixIdentity   = "idn"
	PrefixRule       = "rul"
	PrefixExclusion  = "exc"
	PrefixAnswer     = "ans"
	PrefixSuggestion = "sug"
	PrefixChange     = "chg"
	PrefixBatch      = "bat"
	PrefixArrival    = "arr"
	PrefixJob        = "job"
	PrefixLease      = "lea"
	PrefixClaim      = "clm"
	PrefixTemplate   = "tpl"
	PrefixOutgoing   = "out"
)

const idBytes = 16

var idEncoding = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// RandomID makes an id from 128 bits of r: for what a person's click creates.
func RandomID(prefix string, r io.Reader) (string, error) {
	var b [idBytes]byte
	if _, err := io.ReadFull(r, b[:]); err != nil {
		return "", E(Internal, "crm.RandomID", "the source of randomness failed", err)
	}
	return prefix + "_" + idEncoding.EncodeToString(b[:]), nil
}

// DerivedID makes an id from a natural key: the same parts give the same id, so
// that repeating a piece of work repeats its ids. The parts cannot be read back
// from it without the key.
func DerivedID(prefix string, key IDKey, parts ...string) string {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(prefix))
	for _, p := range parts {
		mac.Write([]byte{0})
		mac.Write([]byte(p))
	}
	var sum [sha256.Size]byte
	return prefix + "_" + idEncoding.EncodeToString(mac.Sum(sum[:0])[:idBytes])
}

// IDKey is the workspace's secret from which derived ids are made. It lies in
// the workspace document, travels with the full export and never rotates.
type IDKey []byte

// ParseID checks that s is an id with the given prefix and returns it.
func ParseID[T ~string](prefix, s string) (T, error) {
	rest, ok := strings.CutPrefix(s, prefix+"_")
	if !ok || !validIDTail(rest) {
		return "", Errorf(Invalid, "crm.ParseID", "%q is not an id of the form %s_…", Clip(s, 40), prefix)
	}
	return T(s), nil
}

func validIDTail(s string) bool {
	if len(s) != 26 {
		return false
	}
	for i := range len(s) {
		c := s[i]
		if (c < 'a' || c > 'z') && (c < '2' || c > '7') {
			return false
		}
	}
	return true
}

// IDPrefix returns the part before the underscore, or "" if there is none.
func IDPrefix(id string) string {
	p, _, ok := strings.Cut(id, "_")
	if !ok {
		return ""
	}
	return p
}

// Clip shortens s to at most n runes for messages to people.
func Clip(s string, n int) string {
	count := 0
	for i := range s {
		if count == n {
			return s[:i] + "…"
		}
		count++
	}
	return s
}
