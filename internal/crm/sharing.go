package crm

import "slices"

// MailLevel is how much of a message somebody sees. Stored.
type MailLevel string

const (
	MailNone     MailLevel = "none"
	MailMetadata MailLevel = "metadata" // people, time, class and direction
	MailSubject  MailLevel = "subject"  // and the subject
	MailFull     MailLevel = "full"
)

// MailLevels lists them, the least first.
func MailLevels() []MailLevel { return []MailLevel{MailNone, MailMetadata, MailSubject, MailFull} }

// Less tells whether a level shows less than another one.
func (l MailLevel) Less(other MailLevel) bool {
	return slices.Index(MailLevels(), l) < slices.Index(MailLevels(), other)
}

// Sharing is what a person says of who sees the mail in their mailboxes. Without
// one, colleagues see metadata.
type Sharing struct {
	Owner      UserID                  `cbor:"owner" json:"owner"`
	Mailboxes  map[MailboxID]MailLevel `cbor:"mailboxes,omitempty" json:"mailboxes,omitempty" doc:"What colleagues see of the mail in a mailbox"`
	Exceptions []Exception             `cbor:"exceptions,omitempty" json:"exceptions,omitempty"`
}

// Exception is a level of its own for a message, for the mail about a record, or
// for all mail; for one colleague or for all of them.
type Exception struct {
	Message MessageID `cbor:"message,omitempty" json:"message,omitempty"`
	Record  RecordID  `cbor:"record,omitempty" json:"record,omitempty"`
	To      UserID    `cbor:"to,omitempty" json:"to,omitempty" doc:"A colleague; empty for all of them"`
	Level   MailLevel `cbor:"level" json:"level" enum:"none,metadata,subject,full"`
}

// maxExceptions is how many exceptions one person makes.
const maxExceptions = 500

// SharingSetting is the setting that holds a person's sharing.
func SharingSetting(s Sharing) Setting { return Setting{ID: "sharing_" + string(s.Owner), Sharing: &s} }

// Check refuses a sharing that says what cannot be.
func (s Sharing) Check() error {
	const op = Op("crm.Sharing")
	known := func(l MailLevel) bool { return slices.Contains(MailLevels(), l) }
	for id, l := range s.Mailboxes {
		if !known(l) {
			return Errorf(Invalid, op, "there is no level %q", Clip(string(l), 20)).WithField("mailboxes." + Clip(string(id), 40))
		}
	}
	if len(s.Exceptions) > maxExceptions {
		return Errorf(TooLarge, op, "at most %d exceptions", maxExceptions).WithField("exceptions")
	}
	for _, x := range s.Exceptions {
		switch {
		case !known(x.Level):
			return Errorf(Invalid, op, "there is no level %q", Clip(string(x.Level), 20)).WithField("exceptions")
		case x.Message != "" && x.Record != "":
			return Errorf(Invalid, op, "an exception is for a message or for a record").WithField("exceptions")
		case x.Message == "" && x.Record == "" && x.To == "":
			return Errorf(Invalid, op, "an exception names a message, a record or a colleague").WithField("exceptions").
				WithHint("what everybody sees is said of the mailbox")
		}
	}
	return nil
}
