package crm

// OutgoingState says how a mail stands that is to be sent.
type OutgoingState string

const (
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
	State    OutgoingState `cbor:"state" json:"state" enum:"queued,sending,sent,failed,unknown"`
	RFCID    RFCID         `cbor:"rfc_id" json:"rfc_id"`
	From     Address       `cbor:"from" json:"from"`
	To       []Address     `cbor:"to" json:"to"` // everybody who gets it
	Subject  string        `cbor:"subject,omitempty" json:"subject,omitempty"`
	Answers  RFCID         `cbor:"answers,omitempty" json:"answers,omitempty"` // of the mail that it replies to
	Raw      []byte        `cbor:"raw,omitempty" json:"-"`                     // until it is sent
	Remote   string        `cbor:"remote,omitempty" json:"remote,omitempty"`   // what the mail system calls it
	Thread   string        `cbor:"thread,omitempty" json:"thread,omitempty"`
	Created  Time          `cbor:"created" json:"created"`
	NextAt   Time          `cbor:"next_at,omitempty" json:"next_at,omitempty"` // when something is to be done about it
	SentAt   Time          `cbor:"sent_at,omitempty" json:"sent_at,omitempty"` // when it was handed over, or may have been
	Attempts int           `cbor:"attempts,omitempty" json:"attempts,omitempty"`
	Asked    int           `cbor:"asked,omitempty" json:"-"` // how often an unknown outcome was looked up
	Trouble  string        `cbor:"trouble,omitempty" json:"trouble,omitempty"`
	Hint     string        `cbor:"hint,omitempty" json:"hint,omitempty"`
	Track    TrackMode     `cbor:"track,omitempty" json:"track,omitempty" enum:",aggregate,individual" doc:"What is found out about its reading; aggregate: of recipients who did not agree to be named"`
}
