package crm

import "slices"

// NoticeKind says why somebody is told something.
type NoticeKind string

const (
	NoticeReminder NoticeKind = "reminder" // the time that a task was to be remembered at
	NoticeDue      NoticeKind = "due"      // the day of a task has come
	NoticeAssigned NoticeKind = "assigned" // somebody gave them a task
	NoticeMention  NoticeKind = "mention"  // somebody named them in a comment or a note
	NoticeReply    NoticeKind = "reply"    // somebody answered for whom a task waited
	NoticeAsked    NoticeKind = "asked"    // a colleague asks to read a mail of theirs
	NoticeGranted  NoticeKind = "granted"  // they may read a mail that they asked for
	NoticeRefused  NoticeKind = "refused"  // they may not
)

// NoticeKinds lists them.
func NoticeKinds() []NoticeKind {
	return []NoticeKind{NoticeReminder, NoticeDue, NoticeAssigned, NoticeMention, NoticeReply, NoticeAsked, NoticeGranted, NoticeRefused}
}

// Notice tells a user something, once: its id follows from what it is about.
// What that says is read when the notice is, so that it shows nothing that was
// hidden since.
type Notice struct {
	ID      string     `cbor:"-" json:"id"`
	User    UserID     `cbor:"user" json:"user"`
	Kind    NoticeKind `cbor:"kind" json:"kind"`
	About   RecordID   `cbor:"about" json:"about"` // a task, a comment, a note; empty when it is about a message alone
	Message MessageID  `cbor:"message,omitempty" json:"message,omitempty"`
	By      UserID     `cbor:"by,omitempty" json:"by,omitempty"`
	At      Time       `cbor:"at" json:"at"`
	Unread  bool       `cbor:"unread" json:"unread"`
	Mail    MailChoice `cbor:"mail,omitempty" json:"-"` // how it still has to be mailed; empty when it has not
}

// MailChoice says how somebody is told by mail.
type MailChoice string

const (
	MailNever  MailChoice = "never"
	MailNow    MailChoice = "now"
	MailDigest MailChoice = "digest" // one mail a day
)

// NoticeChoices are what a user wants to be told and how. A kind that is not
// named is shown and not mailed.
type NoticeChoices struct {
	ID    UserID                    `cbor:"-" json:"user"`
	Mail  map[NoticeKind]MailChoice `cbor:"mail,omitempty" json:"mail,omitempty"`
	Muted []NoticeKind              `cbor:"muted,omitempty" json:"muted,omitempty" doc:"Not told at all"`
	Hour  int                       `cbor:"hour" json:"hour" doc:"Of the day, in the zone of the user, at which a digest is sent"`
}

// DefaultNoticeChoices are those of a user who said nothing.
func DefaultNoticeChoices(u UserID) NoticeChoices { return NoticeChoices{ID: u, Hour: 8} }

// Check refuses choices that cannot be.
func (c NoticeChoices) Check() error {
	const op = Op("crm.NoticeChoices")
	for kind, how := range c.Mail {
		if !slices.Contains(NoticeKinds(), kind) {
			return Errorf(Invalid, op, "nobody is told of %q", Clip(string(kind), 40)).WithField("mail")
		}
		if !slices.Contains([]MailChoice{MailNever, MailNow, MailDigest}, how) {
			return Errorf(Invalid, op, "mail goes never, now or in a digest").WithField("mail." + string(kind))
		}
	}
	for _, kind := range c.Muted {
		if !slices.Contains(NoticeKinds(), kind) {
			return Errorf(Invalid, op, "nobody is told of %q", Clip(string(kind), 40)).WithField("muted")
		}
	}
	if c.Hour < 0 || c.Hour > 23 {
		return Errorf(Invalid, op, "a day has the hours 0 to 23").WithField("hour")
	}
	return nil
}

// Tells tells whether the user wants to know, and how by mail.
func (c NoticeChoices) Tells(k NoticeKind) (bool, MailChoice) {
	how := c.Mail[k]
	if how == MailNever {
		how = ""
	}
	return !slices.Contains(c.Muted, k), how
}

// PrefixNotice begins the ids of notices.
const PrefixNotice = "ntc"
