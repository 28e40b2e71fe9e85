package timeline

import "threadline/internal/crm"

// SheetAccess is how much of a message the reader of a Sheet may see.
type SheetAccess string

const (
	SheetFull     SheetAccess = "full"
	SheetMetadata SheetAccess = "metadata" // people, time, class and direction; no words of the mail
)

// Sheet is all that the card of one message shows to one viewer. It is data
// only: access has been decided and applied when it was made, so whoever draws
// it hides nothing more.
//
// A message that is not stored has a sheet too: Missing says what is known
// about it, and nothing else is set.
type Sheet struct {
	Message SheetMessage   `json:"message"`
	Person  *SheetPerson   `json:"person,omitempty"`  // the main one; nil when nobody outside takes part
	Others  []SheetPerson  `json:"others,omitempty"`  // everybody else outside, in header order
	More    int            `json:"more,omitempty"`    // people beyond those in Others
	Company *SheetCompany  `json:"company,omitempty"` // of the main person, or the linked one
	Deals   []SheetDeal    `json:"deals,omitempty"`   // linked to the message first, then open ones, newest first
	Tasks   []SheetTask    `json:"tasks,omitempty"`   // open ones of these records, those that are due first at the top
	Touches []SheetTouch   `json:"touches,omitempty"` // last ones with the main person or company, newest first, without this message
	Because []Because      `json:"because,omitempty"` // one per link: where the message is logged and why
	Updates []Update       `json:"updates,omitempty"` // what the signature says that the records do not know
	Asked   []Because      `json:"asked,omitempty"`   // deals among which somebody has to choose, the likeliest first
	Not     NotLogged      `json:"not_logged,omitempty"`
	Missing Missing        `json:"missing,omitempty"`
	Skip    crm.SkipReason `json:"skip,omitempty"` // of a message that is missing because it was skipped
	AsOf    crm.Time       `json:"as_of"`          // when the sheet was read; dates of its year need no year
	Zone    string         `json:"zone"`           // IANA zone of the workspace, for viewers whose own is not known
}

// SheetMessage is the message itself.
type SheetMessage struct {
	ID        crm.MessageID `json:"id"`
	Thread    crm.ThreadID  `json:"thread,omitempty"`  // the conversation
	Subject   string        `json:"subject,omitempty"` // empty when Access is metadata
	Date      crm.Time      `json:"date"`
	Direction crm.Direction `json:"direction"`
	Class     crm.Class     `json:"class"`
	Access    SheetAccess   `json:"access"`
	Owner     string        `json:"owner,omitempty"`   // whose mailbox holds it, by name; set for readers of metadata
	Private   bool          `json:"private,omitempty"` // others do not know of it
	Marks     []crm.Mark    `json:"marks,omitempty"`
	Origin    crm.MessageID `json:"origin,omitempty"` // the message of another conversation that it passes on
	Split     bool          `json:"split,omitempty"`  // the subject is another than that of what it answers: a split is proposed
	State
}

// SheetPerson is somebody outside the workspace who takes part: a contact, or
// an address that nobody holds yet.
type SheetPerson struct {
	Contact crm.RecordID `json:"contact,omitempty"` // empty for an address that nobody holds
	Name    string       `json:"name,omitempty"`    // of the contact; else the name that the mail gives, as a proposal
	Title   string       `json:"title,omitempty"`   // job title
	Address crm.Address  `json:"address,omitempty"` // the one in this message
	Phone   crm.Phone    `json:"phone,omitempty"`
	Role    crm.Role     `json:"role,omitempty"`  // where they stand in this message
	Owner   string       `json:"owner,omitempty"` // who looks after the contact, by name
}

// SheetCompany is an organisation.
type SheetCompany struct {
	ID     crm.RecordID `json:"id"`
	Name   string       `json:"name"`
	Domain crm.Domain   `json:"domain,omitempty"`
}

// SheetDeal is a deal of the people or the company of the message.
type SheetDeal struct {
	ID       crm.RecordID  `json:"id"`
	Name     string        `json:"name"`
	Stage    string        `json:"stage"` // name of the stage, as the workspace calls it
	Key      string        `json:"stage_key,omitempty"`
	Pipeline string        `json:"pipeline,omitempty"`
	Kind     crm.StageKind `json:"kind"`
	Amount   crm.Money     `json:"amount"`                   // no currency: no amount is known
	Expected crm.Time      `json:"expected_close,omitempty"` // a date: midnight UTC
	Next     string        `json:"next_step,omitempty"`
	Late     int           `json:"late,omitempty"`   // days by which an open deal has passed its expected close
	Linked   bool          `json:"linked,omitempty"` // this message is logged there
	Stages   []SheetStage  `json:"stages,omitempty"` // of an open deal: where it may go
}

// SheetStage is a stage of a deal's pipeline.
type SheetStage struct {
	Key  string        `json:"key"`
	Name string        `json:"name"`
	Kind crm.StageKind `json:"kind"`
}

// SheetTask is an open task about somebody or something on the sheet.
type SheetTask struct {
	ID       crm.RecordID `json:"id"`
	Title    string       `json:"title"`
	Due      crm.Time     `json:"due,omitempty"`  // a date: midnight UTC; zero for none
	Late     int          `json:"late,omitempty"` // days overdue
	Assignee string       `json:"assignee,omitempty"`
	Waits    bool         `json:"waits,omitempty"` // until somebody whom it is about writes
}

// TouchKind is what sort of contact a SheetTouch was.
type TouchKind string

const (
	TouchMail    TouchKind = "mail"
	TouchCall    TouchKind = "call"
	TouchNote    TouchKind = "note"
	TouchTask    TouchKind = "task"
	TouchMeeting TouchKind = "meeting"
	TouchComment TouchKind = "comment"
)

// SheetTouch is one entry of the timeline.
type SheetTouch struct {
	Kind      TouchKind     `json:"kind"`
	ID        string        `json:"id"` // of the message or the activity
	Date      crm.Time      `json:"date"`
	Direction crm.Direction `json:"direction,omitempty"` // of mail and calls
	Title     string        `json:"title,omitempty"`
	Hidden    bool          `json:"hidden,omitempty"`   // mail of which only metadata may be seen: no title
	Off       bool          `json:"off,omitempty"`      // a meeting that was called off
	Repeats   bool          `json:"repeats,omitempty"`  // a meeting of a series
	Proposed  *crm.Proposal `json:"proposed,omitempty"` // another time that somebody asks for a meeting
}

// Because is one link of the message in words that a person knows. A reader of
// metadata gets it without Evidence.Quote.
type Because struct {
	crm.Link
	Kind crm.Kind `json:"kind"`
	Name string   `json:"name"`           // of the record that is linked
	Via  string   `json:"via,omitempty"`  // name of the record Evidence.Via
	User string   `json:"user,omitempty"` // who made the rule or gave the answer, by name
}

// NotLogged says why a message stands on no timeline. Empty when it does.
type NotLogged string

const (
	NotMatched  NotLogged = "no_match"      // nobody and no company in it is known
	NotBulk     NotLogged = "bulk"          // newsletter or other mass mail
	NotRobot    NotLogged = "robot"         // bounce, automatic reply or notification
	NotOutside  NotLogged = "internal_only" // only colleagues take part
	NotExcluded NotLogged = "excluded"      // an exclusion keeps it away
	NotFolder   NotLogged = "off_timeline"  // lies in drafts, spam or trash
	NotAnswered NotLogged = "unlinked"      // a person or a rule took it away
)

// Missing says why there is nothing to show for a message that a viewer asked
// for. Empty when it is stored.
type Missing string

const (
	MissingWaiting Missing = "waiting"    // in the fetch queue
	MissingSkipped Missing = "skipped"    // left out on purpose; Sheet.Skip has the reason
	MissingUnseen  Missing = "never_seen" // on no server that we read
)
