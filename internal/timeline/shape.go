package timeline

import (
	"threadline/internal/access"
	"threadline/internal/crm"
)

// Person is somebody who takes part in a message.
type Person struct {
	Name    string      `json:"name,omitempty"`
	Address crm.Address `json:"address"` // empty when it could not be understood
}

// Logged is one record that a message is logged on, and why.
type Logged struct {
	Record     crm.RecordID `json:"record"`
	Kind       crm.Kind     `json:"kind" enum:"contact,company,deal,task,note,call"`
	Name       string       `json:"name"`
	Rule       crm.RuleName `json:"rule"`
	Confidence int          `json:"confidence"` // percent
	Because    string       `json:"because"`    // one sentence in the caller's language
}

// Appointment is when a meeting of a timeline is; of a series, the one that goes
// on or comes next.
type Appointment struct {
	Ends       crm.Time      `json:"ends,omitempty"`
	AllDay     bool          `json:"all_day,omitempty"`
	Repeats    string        `json:"repeats,omitempty"`    // daily, weekly, monthly or yearly
	Attendance string        `json:"attendance,omitempty"` // the best answer of our own people
	Moves      []crm.Move    `json:"moves,omitempty"`      // what else it was to be, or its neighbours in the series are
	Proposed   *crm.Proposal `json:"proposed,omitempty"`   // another time that somebody asks for; of a single meeting it can be taken over
}

// Entry is one entry of a record's timeline: a mail, a task, a note, a call or a
// meeting.
type Entry struct {
	Kind      TouchKind     `json:"kind" enum:"mail,call,note,task"`
	ID        string        `json:"id"` // of the message or the activity
	Date      crm.Time      `json:"date"`
	Level     access.Level  `json:"level" enum:"full,metadata"`
	Direction crm.Direction `json:"direction,omitempty"` // of mail and calls
	Class     crm.Class     `json:"class,omitempty"`     // of mail
	Title     string        `json:"title,omitempty"`     // subject of a mail; empty when only metadata may be seen
	Snippet   string        `json:"snippet,omitempty"`   // of a mail; the text of an activity, shortened
	From      *Person       `json:"from,omitempty"`      // of mail
	To        []Person      `json:"to,omitempty"`        // of mail: To and Cc
	Thread    crm.ThreadID  `json:"thread,omitempty"`
	Status    string        `json:"status,omitempty"`  // of a task or a meeting
	Due       string        `json:"due,omitempty"`     // of a task, a date
	Because   *Logged       `json:"because,omitempty"` // why a mail stands on this timeline
	Seen      *crm.Seen     `json:"seen,omitempty"`    // of a mail tracked by name, for those who see it in full
	Meeting   *Appointment  `json:"meeting,omitempty"`
}

// Page is one page of a timeline, newest first. Next is empty on the last one.
type Page struct {
	Items []Entry `json:"items"`
	Next  string  `json:"next,omitempty"`
}

// Filter chooses the messages of a list. The zero Filter is all mail.
type Filter struct {
	Record  crm.RecordID  // mail of this record
	Mailbox crm.MailboxID // mail of this mailbox, for those who may see its state
}

// Row is a message in a list.
type Row struct {
	ID          crm.MessageID `json:"id"`
	Date        crm.Time      `json:"date"`
	Direction   crm.Direction `json:"direction" enum:"inbound,outbound,internal"`
	Class       crm.Class     `json:"class" enum:"person,bulk,auto_reply,bounce,calendar,notification"`
	Level       access.Level  `json:"level" enum:"full,metadata"`
	Subject     string        `json:"subject,omitempty"` // empty when only metadata may be seen, as are snippet, flags and attachments
	Snippet     string        `json:"snippet,omitempty"`
	From        Person        `json:"from"`
	To          []Person      `json:"to"` // To and Cc, at most 10
	Flags       []crm.Flag    `json:"flags"`
	Attachments int           `json:"attachments"`
	Links       []Logged      `json:"links"`
	Not         NotLogged     `json:"not_logged,omitempty"` // why Links is empty
	Thread      crm.ThreadID  `json:"thread"`
}

// List is one page of messages, newest first. Next is empty on the last one; a
// page of a filter may be short, even empty, and still have a next one.
type List struct {
	Items []Row  `json:"items"`
	Next  string `json:"next,omitempty"`
}

// Message is one message whole, as a viewer may see it.
type Message struct {
	ID           crm.MessageID     `json:"id"`
	RFCID        crm.RFCID         `json:"rfc_id,omitempty"`
	Date         crm.Time          `json:"date"`
	Direction    crm.Direction     `json:"direction" enum:"inbound,outbound,internal"`
	Class        crm.Class         `json:"class" enum:"person,bulk,auto_reply,bounce,calendar,notification"`
	Level        access.Level      `json:"level" enum:"full,metadata"`
	Subject      string            `json:"subject,omitempty"`
	Snippet      string            `json:"snippet,omitempty"`
	From         Person            `json:"from"`
	To           []Person          `json:"to"`
	Participants []crm.Participant `json:"participants"` // all of them at level full, else the first 100
	Omitted      int               `json:"omitted,omitempty"`
	Flags        []crm.Flag        `json:"flags"`
	Marks        []crm.Mark        `json:"marks"`
	Size         int64             `json:"size"` // bytes
	Attachments  []crm.Attachment  `json:"attachments"`
	Links        []Logged          `json:"links"`
	Not          NotLogged         `json:"not_logged,omitempty"`
	Thread       crm.ThreadID      `json:"thread"`
	Copies       []Copy            `json:"copies"` // where it lies now; none at level metadata
	Body         *Body             `json:"body,omitempty"`
	Seen         *crm.Seen         `json:"seen,omitempty"` // of a mail tracked by name; only at level full
}

// Copy is a remote copy of a message.
type Copy struct {
	ID      crm.CopyID  `json:"id"`
	Mailbox crm.Address `json:"mailbox"` // address of the mailbox
	Box     string      `json:"box"`     // name of the folder
	Role    crm.BoxRole `json:"role,omitempty"`
	Flags   []crm.Flag  `json:"flags,omitempty"`
}

// Body is the content of a message; only viewers at level full get one.
type Body struct {
	Text    string `json:"text"`
	HTML    string `json:"html,omitempty"`    // sanitised, safe to show in a frame without network
	Quoted  int    `json:"quoted,omitempty"`  // byte offset in Text where quoted text begins; 0 for none
	Blocked int    `json:"blocked,omitempty"` // pictures in HTML that were replaced because they would load from elsewhere
}

// Explanation says what became of a message and why it is where it is.
type Explanation struct {
	Ref     string      `json:"ref"` // what was asked for
	Stored  []Explained `json:"stored"`
	RuleSet int         `json:"rule_set"` // version of the rules of this program
}

// Explained is one stored message: several may share a Message-ID.
type Explained struct {
	ID      crm.MessageID `json:"id"`
	RFCID   crm.RFCID     `json:"rfc_id,omitempty"`
	Date    crm.Time      `json:"date"`
	Subject string        `json:"subject,omitempty"` // empty at level metadata
	Level   access.Level  `json:"level" enum:"full,metadata"`
	Class   crm.Class     `json:"class"`
	Thread  crm.ThreadID  `json:"thread"`
	RuleSet int           `json:"rule_set"` // version of the rules that made the links
	Links   []Reason      `json:"links"`
	Asked   []Logged      `json:"asked"` // deals among which somebody has to choose, the likeliest first
	Not     NotLogged     `json:"not_logged,omitempty"`
	NotText string        `json:"not_logged_text,omitempty"` // the same as a sentence
	Copies  []Copy        `json:"copies"`
	Marks   []crm.Mark    `json:"marks"`
}

// Reason is a link with all that is known about it. A viewer of metadata gets
// no Evidence.Quote.
type Reason struct {
	Logged
	Evidence crm.Evidence `json:"evidence"`
	Via      string       `json:"via,omitempty"` // name of the record Evidence.Via
	User     string       `json:"by,omitempty"`  // who made the rule or gave the answer, by name
}
