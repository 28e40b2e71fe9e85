package crm

import (
	"slices"
	"strings"
)

// ExclusionEffect says what an exclusion takes away. All but NeverStore are
// inputs of matching and access, so they can be undone.
type ExclusionEffect string

const (
	DropParticipant ExclusionEffect = "drop_participant" // the participant matches nothing
	DropCopy        ExclusionEffect = "drop_copy"        // the message stands on no timeline because of this copy
	OwnerOnly       ExclusionEffect = "owner_only"       // nobody but the owner knows of it
	MetadataOnly    ExclusionEffect = "metadata_only"    // nobody but the owner sees more than metadata
	NeverStore      ExclusionEffect = "never_store"      // acts before storage; leaves a keyed hash and the reason
	Erased          ExclusionEffect = "erased"           // so does this, on mail from before a person was erased; see ErasedFrom
)

// Exclusion keeps mail away. With Owner it is about the mail in that person's
// mailboxes, with Mailbox about that one; with neither about all mail. A message
// that several people hold is kept away when it is for each of them.
type Exclusion struct {
	ID      string          `cbor:"-" json:"id"`
	Owner   UserID          `cbor:"owner,omitempty" json:"owner,omitempty"`
	Mailbox MailboxID       `cbor:"mailbox,omitempty" json:"mailbox,omitempty"` // of never_store
	Pattern Token           `cbor:"pattern" json:"pattern" doc:"a:address, d:domain and what is below it, l:folder and what is below it or a label (IMAP keyword), s:words of the subject, h:name or h:name:words of a header field"`
	Effect  ExclusionEffect `cbor:"effect" json:"effect" enum:"drop_participant,drop_copy,owner_only,metadata_only,never_store"`
	By      UserID          `cbor:"by,omitempty" json:"by,omitempty"`
	At      Time            `cbor:"at" json:"at"`
}

// Prefixes of tokens that only exclusions have; their values are in lower case.
const (
	labelPrefix   = "l:"
	subjectPrefix = "s:"
	headerPrefix  = "h:"
	erasedPrefix  = "e:" // of a hash
)

// LabelToken returns the pattern for mail in a folder.
func LabelToken(folder string) Token { return Token(labelPrefix + strings.ToLower(folder)) }

// ErasedFrom keeps the mail of a person who was erased from being stored again,
// when a mail server lists it anew. Of the address it holds a keyed hash. Mail
// that is sent later is new, and is not kept away.
func ErasedFrom(key IDKey, a Address, at Time) Exclusion {
	hash := DerivedID("erased", key, string(a))
	return Exclusion{ID: DerivedID(PrefixExclusion, key, hash), Pattern: Token(erasedPrefix + hash), Effect: Erased, At: at}
}

// Erased returns the keyed hash of the address of an erased person, "" when the
// token has none.
func (t Token) Erased() string { return t.value(erasedPrefix) }

// SubjectToken returns the pattern for mail whose subject holds the words.
func SubjectToken(words string) Token { return Token(subjectPrefix + strings.ToLower(words)) }

// HeaderToken returns the pattern for mail with a header field that holds the
// words; without words for mail that has the field.
func HeaderToken(name, words string) Token {
	t := headerPrefix + strings.ToLower(name)
	if words != "" {
		t += ":" + strings.ToLower(words)
	}
	return Token(t)
}

// Address returns the address of a token, "" when it has none.
func (t Token) Address() Address { return Address(t.value("a:")) }

// Domain returns the domain of a token, "" when it has none.
func (t Token) Domain() Domain { return Domain(t.value("d:")) }

// Label returns the folder of a token, "" when it has none.
func (t Token) Label() string { return t.value(labelPrefix) }

// Subject returns the words of a subject, "" when the token has none.
func (t Token) Subject() string { return t.value(subjectPrefix) }

// Header returns the name of a header field, "" when the token has none, and the
// words that its value holds.
func (t Token) Header() (name, words string) {
	name, words, _ = strings.Cut(t.value(headerPrefix), ":")
	return name, words
}

func (t Token) value(prefix string) string {
	if rest, ok := strings.CutPrefix(string(t), prefix); ok {
		return rest
	}
	return ""
}

// traces are header fields that say nothing but how the mail travelled or what
// other parts of a message hold, by name or beginning of the name.
var traces = []string{"received", "x-received", "dkim-", "arc-", "authentication-results", "received-spf", "return-path",
	"mime-version", "content-", "message-id", "in-reply-to", "references", "thread-", "from", "sender", "reply-to", "to", "cc", "bcc",
	"date", "subject", "x-google-", "x-gm-", "x-ms-", "x-microsoft-", "x-forefront-", "x-exchange-", "x-proofpoint-", "x-mimecast-",
	"x-ironport-", "x-provags-id", "x-ui-", "x-me-", "feedback-id", "domainkey-", "user-agent", "x-mailer", "list-unsubscribe"}

// Excludable tells whether exclusions may ask for a header field: mail keeps it
// at hand.
func Excludable(name string) bool {
	name = strings.ToLower(name)
	return name != "" && !slices.ContainsFunc(traces, func(t string) bool {
		return name == t || strings.HasSuffix(t, "-") && strings.HasPrefix(name, t)
	})
}
