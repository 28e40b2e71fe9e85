package crm

import (
	"slices"
	"strings"
)

// Role says where in the header a participant stands.
type Role string

const (
	RoleFrom    Role = "from"
	RoleSender  Role = "sender"
	RoleReplyTo Role = "reply_to"
	RoleTo      Role = "to"
	RoleCc      Role = "cc"
	RoleBcc     Role = "bcc"
)

// Participant is one address of a message's header.
type Participant struct {
	Role    Role    `cbor:"role" json:"role"`
	Address Address `cbor:"address,omitempty" json:"address,omitempty"` // empty when it could not be understood
	Name    string  `cbor:"name,omitempty" json:"name,omitempty"`
	Raw     string  `cbor:"raw,omitempty" json:"raw,omitempty"` // what the mail wrote, kept when it was salvaged or not understood
}

// Class says what sort of mail a message is, from its headers alone.
type Class string

const (
	ClassPerson       Class = "person"
	ClassBulk         Class = "bulk"
	ClassAutoReply    Class = "auto_reply"
	ClassBounce       Class = "bounce"
	ClassCalendar     Class = "calendar"
	ClassNotification Class = "notification"
)

// Direction of a message, from identities alone.
type Direction string

const (
	Inbound  Direction = "inbound"  // from somebody outside
	Outbound Direction = "outbound" // from us to somebody outside
	Within   Direction = "internal" // among ourselves
)

// Mark names something about a message that a reader should know: what was
// guessed, cut or not understood.
type Mark string

const (
	MarkDateGuessed     Mark = "date_guessed"      // no usable Date header: the server's date stands in
	MarkNoMessageID     Mark = "no_message_id"     // our id stands on the content alone
	MarkHeaderTruncated Mark = "header_truncated"  // header over the limit
	MarkPartsTruncated  Mark = "parts_truncated"   // too many or too deep parts; the rest was not opened
	MarkTextTruncated   Mark = "text_truncated"    // text over the limit
	MarkCharset         Mark = "charset_guessed"   // unknown or wrong charset
	MarkEncoding        Mark = "encoding_broken"   // transfer encoding unknown or broken
	MarkAddress         Mark = "address_salvaged"  // an address could not be understood or was salvaged
	MarkManyFrom        Mark = "several_from"      // more than one From header or address
	MarkTwice           Mark = "headers_twice"     // From, Subject, Date or Message-ID stands more than once: the first counts
	MarkPacked          Mark = "packed_outlook"    // something in winmail.dat could not be taken out of it
	MarkSealed          Mark = "encrypted"         // S/MIME or PGP: only its reader can open it
	MarkStructure       Mark = "structure_broken"  // unclosed or contradictory MIME structure
	MarkUnparsable      Mark = "unparsable"        // nothing but the raw bytes could be kept
	MarkHeadersOnly     Mark = "headers_only"      // the body was not fetched
	MarkTooLarge        Mark = "over_size_gate"    // body above the size gate
	MarkControlBytes    Mark = "control_bytes"     // NUL or bare CR were replaced
	MarkSameID          Mark = "same_message_id"   // another message has this Message-ID with other content
	MarkParticipantsCut Mark = "participants_many" // more participants than are indexed
)

// Attachment describes a part that is not the text of the message.
type Attachment struct {
	Name string `cbor:"name" json:"name"` // neutralised: no path, no control or direction characters
	Type string `cbor:"type" json:"type"` // media type
	Size int64  `cbor:"size" json:"size"` // decoded bytes
}

// Flag is a state of a remote copy that people see.
type Flag string

const (
	FlagSeen     Flag = "seen"
	FlagAnswered Flag = "answered"
	FlagFlagged  Flag = "flagged"
	FlagDraft    Flag = "draft"
	FlagDeleted  Flag = "deleted"
)

// keywordPrefix begins the flags that people made themselves.
const keywordPrefix = "k:"

// KeywordFlag is a label that a person put on a copy; its case says nothing
// (RFC 9051 §2.3.2).
func KeywordFlag(name string) Flag { return Flag(keywordPrefix + strings.ToLower(name)) }

// Keyword is the label of a flag, "" when it is none.
func (f Flag) Keyword() string {
	name, ok := strings.CutPrefix(string(f), keywordPrefix)
	if !ok {
		return ""
	}
	return name
}

// Keywords are the labels among flags.
func Keywords(flags []Flag) []string {
	var out []string
	for _, f := range flags {
		if k := f.Keyword(); k != "" {
			out = append(out, k)
		}
	}
	return out
}

// Limits of a message document. Participants beyond the indexed number are kept
// in the body.
const (
	MaxIndexedParticipants = 100
	MaxReferences          = 40   // the first and the last halves are kept
	MaxSubject             = 1000 // runes
	MaxSnippet             = 200  // runes
	MaxHeads               = 16   // header fields kept for exclusions
	MaxHead                = 120  // runes of one
)

// Message is one mail, however many copies of it lie in however many mailboxes.
//
// Whatever depends on several copies is commutative: Date is the minimum, Flags
// and Marks are unions, Owners only grows. Direction, Thread, Links, Seek, Feed,
// Private and Excluded are derived: a pure function of all messages, rules,
// directory and answers, see package match.
type Message struct {
	ID           MessageID       `cbor:"-" json:"id"`
	RFCID        RFCID           `cbor:"rfc_id,omitempty" json:"rfc_id,omitempty"`
	InReplyTo    []RFCID         `cbor:"in_reply_to,omitempty" json:"in_reply_to,omitempty"`
	References   []RFCID         `cbor:"references,omitempty" json:"references,omitempty"`
	Mentions     []RFCID         `cbor:"mentions,omitempty" json:"-"` // own id and all referenced ids: the index of the reference graph
	Date         Time            `cbor:"date" json:"date"`
	Subject      string          `cbor:"subject,omitempty" json:"subject,omitempty"`
	Snippet      string          `cbor:"snippet,omitempty" json:"snippet,omitempty"`
	Words        string          `cbor:"words,omitempty" json:"-"` // folded words of the text by which a deal may be known, see package match
	Participants []Participant   `cbor:"participants,omitempty" json:"participants,omitempty"`
	Omitted      int             `cbor:"omitted,omitempty" json:"omitted,omitempty"` // participants beyond the indexed number
	Class        Class           `cbor:"class" json:"class"`
	Direction    Direction       `cbor:"direction" json:"direction"`
	Flags        []Flag          `cbor:"flags,omitempty" json:"flags,omitempty"` // union over the copies, sorted
	Marks        []Mark          `cbor:"marks,omitempty" json:"marks,omitempty"` // union, sorted
	Size         int64           `cbor:"size" json:"size"`                       // smallest size of a copy, bytes
	Attachments  []Attachment    `cbor:"attachments,omitempty" json:"attachments,omitempty"`
	Stub         bool            `cbor:"stub,omitempty" json:"stub,omitempty"` // known by its header only
	Thread       ThreadID        `cbor:"thread" json:"thread"`
	Copies       []CopyRef       `cbor:"copies,omitempty" json:"copies,omitempty"`     // where it lies now, sorted by id
	Owners       []UserID        `cbor:"owners,omitempty" json:"owners,omitempty"`     // whose mailboxes hold or held it, sorted
	Heads        []Header        `cbor:"heads,omitempty" json:"-"`                     // header fields that exclusions ask for: lower-case name, clipped value; sorted
	Left         []Place         `cbor:"left,omitempty" json:"-"`                      // where it lay last in mailboxes that hold no copy any more, sorted
	Was          []MessageID     `cbor:"was,omitempty" json:"-"`                       // ids under which it was known by its header only, sorted
	Sides        *Sides          `cbor:"sides,omitempty" json:"-"`                     // of a text that copies without text have joined: what either side says
	Private      bool            `cbor:"private,omitempty" json:"private,omitempty"`   // nobody but the owners knows of it
	Excluded     ExclusionEffect `cbor:"excluded,omitempty" json:"excluded,omitempty"` // the strongest exclusion that reaches it: drop_copy, owner_only or metadata_only
	Links        []Link          `cbor:"links,omitempty" json:"links,omitempty"`
	Asked        []Link          `cbor:"asked,omitempty" json:"-"`    // deals among which a person has to choose, likeliest first
	Answered     bool            `cbor:"answered,omitempty" json:"-"` // a person said something about this message or its thread
	RuleSet      int             `cbor:"rule_set" json:"rule_set"`    // version of the matching rules that made Links
	Seek         []Token         `cbor:"seek,omitempty" json:"-"`     // addresses and domains that may match a record
	Feed         []FeedToken     `cbor:"feed,omitempty" json:"-"`     // timelines it stands on, and for whom

	// Derived with Thread, see Talk.
	Part   ThreadID    `cbor:"part,omitempty" json:"-"`                  // its conversation within Thread, empty for the one that is called like Thread
	Origin MessageID   `cbor:"origin,omitempty" json:"origin,omitempty"` // of what was passed on: the message that it passes on, of another conversation unless the thread is too long for several
	Topic  string      `cbor:"topic,omitempty" json:"-"`                 // hash of the cleaned subject, after TopicOrphan or TopicKnown
	Turn   Turn        `cbor:"turn,omitempty" json:"-"`                  // of the message that decides whose turn it is: whose
	Wait   []WaitToken `cbor:"wait,omitempty" json:"-"`                  // of the same message: whose lists it stands on
}

// Sides are what a message with text and the copies that joined it by their header
// would be without one another. They part when a second text with that header
// appears. Derived fields and ids of the two are empty.
type Sides struct {
	Header MessageID `cbor:"header"` // what the header is called by itself
	Text   Message   `cbor:"text"`
	Stub   Message   `cbor:"stub"`
	Body   []byte    `cbor:"body,omitempty"` // Body.Data of the header
}

// HasTextOf tells whether a message with text has the header of which the text is
// missing, as far as the documents can tell.
func (m *Message) HasTextOf(stub *Message) bool {
	guessed := slices.Contains(m.Marks, MarkDateGuessed) && slices.Contains(stub.Marks, MarkDateGuessed)
	return !m.Stub && m.RFCID != "" && m.RFCID == stub.RFCID && m.Subject == stub.Subject &&
		m.From().Address == stub.From().Address && (guessed || m.Date == stub.Date)
}

// CopyRef names a remote copy inside its message.
type CopyRef struct {
	Copy    CopyID    `cbor:"copy" json:"copy"`
	Mailbox MailboxID `cbor:"mailbox" json:"mailbox"`
	Box     BoxID     `cbor:"box" json:"box"`
	BoxRole BoxRole   `cbor:"role,omitempty" json:"role,omitempty"`
	Flags   []Flag    `cbor:"flags,omitempty" json:"flags,omitempty"`
}

// Place is a folder of a mailbox, with the labels that a copy had there.
type Place struct {
	Mailbox MailboxID `cbor:"mailbox" json:"mailbox"`
	Box     BoxID     `cbor:"box" json:"box"`
	Labels  string    `cbor:"labels,omitempty" json:"labels,omitempty"` // sorted, a space between them
}

// From returns the first From participant, or an empty one.
func (m *Message) From() Participant {
	for _, p := range m.Participants {
		if p.Role == RoleFrom {
			return p
		}
	}
	return Participant{}
}

// FeedToken places a message on the timeline of a record for an audience:
// <record>/<audience>.
type FeedToken string

// Audience is a set of viewers that is kept elsewhere: a person (their user
// id) or everybody in the workspace.
type Audience string

// Members is the audience of everybody in the workspace.
const Members Audience = "members"

// AllRecords stands in a FeedToken for "any record": the list of all mail.
const AllRecords RecordID = "all"

// Questions stands in a FeedToken for the list of mail of which somebody has to
// say to which deal it belongs: one message of each such conversation.
const Questions RecordID = "questions"

// Feed makes the token of a record's timeline for an audience.
func Feed(r RecordID, a Audience) FeedToken { return FeedToken(string(r) + "/" + string(a)) }

// FeedIn is Feed for many tokens in one text, which is grown for them.
func FeedIn(b *strings.Builder, r RecordID, a Audience) FeedToken {
	from := b.Len()
	b.WriteString(string(r))
	b.WriteByte('/')
	b.WriteString(string(a))
	return FeedToken(b.String()[from:])
}

// Token is an address or domain in the form in which identities and messages
// are found by it: a:anna@acme.example or d:acme.example.
type Token string

// AddressToken returns the token of an address.
func AddressToken(a Address) Token { return Token("a:" + string(a)) }

// DomainToken returns the token of a domain.
func DomainToken(d Domain) Token { return Token("d:" + string(d)) }

// Body is the part of a message that lists and timelines do not need. Data is
// a compressed BodyContent below MaxInlineBody; a larger one lies in the blob
// store under the content address Blob.
type Body struct {
	ID   MessageID `cbor:"-" json:"id"`
	Data []byte    `cbor:"data,omitempty" json:"-"`
	Blob string    `cbor:"blob,omitempty" json:"-"`
	Raw  string    `cbor:"raw,omitempty" json:"-"` // content address of the raw bytes, kept when parsing was in trouble
}

// MaxInlineBody is the largest compressed content that stays in the document.
const MaxInlineBody = 256 << 10

// BodyContent is what a Body holds.
type BodyContent struct {
	Text         string        `cbor:"text,omitempty" json:"text,omitempty"`
	HTML         string        `cbor:"html,omitempty" json:"html,omitempty"`
	Quoted       int           `cbor:"quoted,omitempty" json:"quoted,omitempty"`             // byte offset in Text where quoted text begins; 0 when there is none
	Participants []Participant `cbor:"participants,omitempty" json:"participants,omitempty"` // beyond the indexed ones
	Reports      []Report      `cbor:"reports,omitempty" json:"-"`                           // of a bounce or complaint
	Invites      []Invite      `cbor:"invites,omitempty" json:"-"`                           // of a calendar file
	Headers      []Header      `cbor:"headers,omitempty" json:"headers,omitempty"`           // in order, decoded to UTF-8, up to the header limit
}

// Header is one header field.
type Header struct {
	Name  string `cbor:"n" json:"name"`
	Value string `cbor:"v" json:"value"`
}
