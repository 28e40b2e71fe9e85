package crm

import "strings"

// OutgoingState says how a mail stands that is to be sent.
type OutgoingState string

const (
	OutDraft   OutgoingState = "draft"   // its writer has not said that it is to go
	OutQueued  OutgoingState = "queued"  // written down; nobody was handed it
	OutSending OutgoingState = "sending" // handed over, or about to be
	OutSent    OutgoingState = "sent"    // the mail system took it
	OutFailed  OutgoingState = "failed"  // it was refused, and nobody got it
	OutUnknown OutgoingState = "unknown" // it may have gone out; it is looked up, and then a person decides
)

// Outgoing is one mail that is sent from a mailbox. Its Message-ID is made with
// it and never changes; the copy that comes back from the mailbox is the same
// message.
type Outgoing struct {
	ID       string        `cbor:"-" json:"id"`
	Mailbox  MailboxID     `cbor:"mailbox" json:"mailbox"`
	By       UserID        `cbor:"by" json:"by"`
	Origin   string        `cbor:"origin,omitempty" json:"origin,omitempty"` // what asked for it, such as a campaign's id; empty for a person
	State    OutgoingState `cbor:"state" json:"state" enum:"draft,queued,sending,sent,failed,unknown"`
	RFCID    RFCID         `cbor:"rfc_id" json:"rfc_id"`
	From     Address       `cbor:"from" json:"from"`
	To       []Address     `cbor:"to" json:"to"` // everybody who gets it
	Subject  string        `cbor:"subject,omitempty" json:"subject,omitempty"`
	Answers  RFCID         `cbor:"answers,omitempty" json:"answers,omitempty"` // of the mail that it replies to
	Reply    MessageID     `cbor:"reply,omitempty" json:"reply,omitempty" doc:"The message that it answers"`
	Forward  MessageID     `cbor:"forward,omitempty" json:"forward,omitempty" doc:"The message that it passes on"`
	Quoted   []string      `cbor:"quoted,omitempty" json:"quoted,omitempty" doc:"What stands above the mail that it answers or passes on, which stands below it; none: it is not quoted"`
	Raw      []byte        `cbor:"raw,omitempty" json:"-"`                   // until it is sent
	Files    []SentFile    `cbor:"files,omitempty" json:"files,omitempty"`   // that go with it
	Draft    string        `cbor:"draft,omitempty" json:"-"`                 // what the mail system calls its draft
	Remote   string        `cbor:"remote,omitempty" json:"remote,omitempty"` // what the mail system calls it
	Thread   string        `cbor:"thread,omitempty" json:"thread,omitempty"`
	Created  Time          `cbor:"created" json:"created"`
	NextAt   Time          `cbor:"next_at,omitempty" json:"next_at,omitempty"` // when something is to be done about it
	SentAt   Time          `cbor:"sent_at,omitempty" json:"sent_at,omitempty"` // when it was handed over, or may have been
	Attempts int           `cbor:"attempts,omitempty" json:"attempts,omitempty"`
	Asked    int           `cbor:"asked,omitempty" json:"-"` // how often an unknown outcome was looked up
	Trouble  string        `cbor:"trouble,omitempty" json:"trouble,omitempty"`
	Hint     string        `cbor:"hint,omitempty" json:"hint,omitempty"`
	Said     string        `cbor:"said,omitempty" json:"-"` // hash of what was asked for with a key: a repeat is told from another mail by it
	Track    TrackMode     `cbor:"track,omitempty" json:"track,omitempty" enum:",aggregate,individual" doc:"What is found out about its reading; aggregate: of recipients who did not agree to be named"`
}

// SentFile is a file that goes with a mail: one that was put into the store before
// (StoredFile), under the name that its recipients see.
type SentFile struct {
	Blob  string `cbor:"blob" json:"blob" minLength:"64" maxLength:"64" doc:"Of a file that was uploaded: its blob"`
	Name  string `cbor:"name" json:"name,omitempty" maxLength:"200" doc:"Empty: the name under which it was uploaded"`
	Type  string `cbor:"type" json:"type,omitempty" readOnly:"true"`
	Size  int64  `cbor:"size" json:"size,omitempty" readOnly:"true" doc:"Bytes"`
	Shown bool   `cbor:"shown,omitempty" json:"shown,omitempty" readOnly:"true" doc:"A picture that stands in the text"`
}

// MaxSentFiles is how many bytes the files of one mail have at most: as mail they
// are a third larger, and few mail systems take more than 25 MB (Gmail:
// https://support.google.com/mail/answer/6584).
const MaxSentFiles = 18 << 20

const sentIDs = "tl."

// SentAs is the Message-ID of a mail that is sent. It is short and ASCII: mail
// systems replace others.
func SentAs(id string, from Address) RFCID {
	_, domain, _ := strings.Cut(string(from), "@")
	return RFCID(sentIDs + strings.TrimPrefix(id, PrefixOutgoing+"_") + "@" + domain)
}

// SentID is the mail that was sent under a Message-ID; ok is false for those of
// others.
func SentID(rfc RFCID) (id string, ok bool) {
	rest, ok := strings.CutPrefix(string(rfc), sentIDs)
	rest, _, _ = strings.Cut(rest, "@")
	return PrefixOutgoing + "_" + rest, ok
}

// Drafting is what a person began in their Gmail a moment ago: it cannot be asked for
// there, and is told here to whoever clicks again.
type Drafting struct {
	ID    UserID       `cbor:"-" json:"id"`
	Begun []BegunDraft `cbor:"begun" json:"begun"`
}

// BegunDraft is one click that makes a draft.
type BegunDraft struct {
	Key    string `cbor:"key" json:"key"` // the same for the same click
	At     Time   `cbor:"at" json:"at"`
	Draft  string `cbor:"draft,omitempty" json:"draft,omitempty"` // "": it is not made yet
	Thread string `cbor:"thread,omitempty" json:"thread,omitempty"`
}
