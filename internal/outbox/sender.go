package outbox

import (
	"context"
	"errors"
	"io"

	"threadline/internal/crm"
)

// Sender hands finished mail to one mail system for one mailbox. It is safe for
// concurrent use.
type Sender interface {
	// Send hands the mail over once; it never tries again by itself. A nil
	// error says that the mail system took responsibility for it. An error for
	// which Unknown is true says that the body may have gone out; any other
	// error says that it did not: crm.Invalid for a mail or recipient that is
	// refused for good, crm.Throttled over a limit, crm.Unauthorized for refused
	// credentials, crm.Unavailable when nobody was reached, and for these two
	// Unreached when it had not heard of the mail.
	Send(ctx context.Context, m Mail) (Receipt, error)

	// Find looks for mails that were sent, by their Message-IDs, and returns those
	// that the mail system has now. An error for which Nowhere is true says that
	// nothing that was sent is kept where it could be looked for.
	Find(ctx context.Context, ids ...crm.RFCID) (map[crm.RFCID]Receipt, error)

	// Proves tells whether a mail that Find does not have, some minutes after a
	// Send whose outcome is not known, was not sent: the mail system itself keeps
	// a copy of whatever it sends.
	Proves() bool
}

// Mail is one finished mail.
type Mail struct {
	ID     crm.RFCID     // Message-ID without brackets; also stands in Raw
	From   crm.Address   // envelope sender: an address of the mailbox
	To     []crm.Address // envelope recipients: To, Cc and Bcc
	Raw    []byte        // header and body with CRLF line ends, without a Bcc field; the sender's until Send returns
	Copy   func() []byte // what is put among the sent mail where it is not to be Raw; nil: it is
	NoCopy bool          // no copy of it has to be put among the sent mail, where somebody else than the mail system does that
	Draft  string        // what the mail system calls the draft of it, which goes with it; "" for none
	Thread string        // conversation in the mail system (Receipt.Thread of the mail that is answered); "" starts one, or is not known
}

// Drafter is a Sender whose mail system shows its owner what they are writing.
type Drafter interface {
	Sender

	// SaveDraft puts a mail among the drafts of the mailbox, in the place of the
	// draft that m names. What it returns is its name from now on, which may be
	// another one with every change. A draft that its owner took away is put there
	// anew. crm.Denied: this account keeps no drafts for us.
	SaveDraft(ctx context.Context, m Mail) (name string, err error)

	// DropDraft takes the draft that m names away; one that is gone is no failure.
	DropDraft(ctx context.Context, m Mail) error
}

// Close ends what a sender keeps open; most keep nothing.
func Close(s Sender) error {
	if c, ok := s.(io.Closer); ok {
		return c.Close()
	}
	return nil
}

// Receipt is what the mail system calls a mail that it took.
type Receipt struct {
	Remote string `cbor:"remote,omitempty" json:"remote,omitempty"` // its id there: Gmail's message id, or what an SMTP server said; may be ""
	Thread string `cbor:"thread,omitempty" json:"thread,omitempty"` // its conversation there; "" where there is no such thing
}

// errUnknown marks an error after which nobody knows whether the mail went out.
var errUnknown = errors.New("the outcome is not known")

// ErrUnasked says that a mail server spoke without being asked, so that which answer
// belongs to what is not known any more.
var ErrUnasked = errors.New("the mail server says something that it was not asked")

// NotKnown wraps what ended a Send after the body may have gone out.
func NotKnown(op crm.Op, err error) error {
	return crm.E(crm.Unavailable, op, "whether the mail was sent is not known", errors.Join(errUnknown, err)).
		WithHint("it is looked up among the sent mail before anything else is done")
}

// unreached marks an error of a mail system that heard of no mail.
type unreached struct{ error }

func (u unreached) Unwrap() error { return u.error }

// NotReached marks what ended a Send before the mail system heard of the mail:
// that is no fault of the mail nor of its recipients.
func NotReached(err error) error {
	if err == nil {
		return nil
	}
	return unreached{err}
}

// Unreached tells whether a failed Send ended before the mail system heard of the
// mail: another one would have fared no better.
func Unreached(err error) bool {
	var u unreached
	return errors.As(err, &u)
}

// errNowhere marks an error of a Find that has nowhere to look.
var errNowhere = errors.New("no sent mail is kept")

// NotKept is the error of a Find that has nowhere to look.
func NotKept(op crm.Op) error {
	return crm.E(crm.Denied, op, "the mailbox keeps no sent mail that could be looked up", errNowhere)
}

// Nowhere tells whether a Find failed because it has nowhere to look.
func Nowhere(err error) bool { return errors.Is(err, errNowhere) }

// Unknown tells whether the mail of a failed Send may have gone out.
func Unknown(err error) bool { return errors.Is(err, errUnknown) }
