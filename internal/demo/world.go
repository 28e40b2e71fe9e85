package demo

import (
	"time"

	"github.com/emersion/go-imap/v2"

	"threadline/internal/crm"
)

// Folders of the demo mailbox. The server does not advertise special use (RFC
// 6154), so these are the names that a client can guess.
const (
	Inbox   = "INBOX"
	Sent    = "Sent"
	Archive = "Archive"
	Drafts  = "Drafts"
	Junk    = "Junk"
	Trash   = "Trash"
)

// Folders lists every folder of the demo mailbox.
func Folders() []string { return []string{Inbox, Sent, Drafts, Junk, Trash, Archive} }

// Workspace is the team of the world.
type Workspace struct {
	Name      string
	OwnDomain crm.Domain
	FreeMail  []crm.Domain // invented free-mail providers, to be declared as such
	Currency  crm.Currency
	Zone      string // IANA
}

// Person is somebody with a mail address.
type Person struct {
	Name    string
	Address crm.Address
}

// Company is a customer or prospect.
type Company struct {
	Name     string
	Domains  []crm.Domain // empty for a firm that lives at a free-mail provider
	Phones   []crm.Phone
	Website  string
	City     string
	Language string // en, fr, it, pl
	Currency crm.Currency
}

// Contact is a person at a company. The first of Emails is the one they write
// from, unless a mail shows another.
type Contact struct {
	Name     string
	Title    string
	Emails   []crm.Address
	Phones   []crm.Phone
	Company  int // index into World.Companies
	Language string
}

// Deal is one possible sale. Stage is a key of crm.DefaultPipeline and agrees
// with what the mails of the deal say.
type Deal struct {
	Name          string
	Stage         string
	Amount        int64 // minor units of Currency
	Currency      crm.Currency
	Company       int   // index into World.Companies
	Contacts      []int // indexes into World.Contacts
	Created       time.Time
	ExpectedClose time.Time
	Closed        time.Time // zero while the deal is open
	LostReason    string
	NextStep      string
}

// Mail is one raw message (RFC 5322, CRLF) with its place in the mailbox.
type Mail struct {
	Folder string
	Raw    []byte
	Date   time.Time // of the Date header, and the INTERNALDATE
	Flags  []imap.Flag
}

// World is everything that the demo shows. Treat it as read-only.
type World struct {
	Workspace Workspace
	Rep       Person
	Colleague Person
	Companies []Company
	Contacts  []Contact
	Deals     []Deal
	Mails     []Mail // sorted by date, the oldest first

	seed  uint64
	texts texts
	open  []liveDeal // what Next goes on with
}

// NewWorld builds the world as it stands at now.
func NewWorld(now time.Time, seed uint64) *World {
	now = now.UTC().Truncate(time.Second)
	w := &World{
		Workspace: workspace(), Rep: nora(), Colleague: tom(),
		Companies: companies(), Contacts: contacts(),
		seed: seed, texts: loadTexts(),
	}
	b := newBuilder(w, now, seed)
	b.deals()
	b.others()
	b.finish()
	return w
}
