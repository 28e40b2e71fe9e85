// Package source says what a mailbox is to Threadline: a few verbs that IMAP
// and Gmail can both keep, and a conformance suite (package sourcetest) that
// holds every implementation to them.
//
// What a source promises:
//   - A cursor is one snapshot of one folder. Whatever changed on the server
//     after it is in the next Delta or in a List; nothing in between is lost.
//   - Fetch yields only complete copies: a literal cut short is an error, never
//     a short message.
//   - Every call ends when its context does, and none waits for ever on a mute
//     server: the source sets its own deadline on every command and fails with
//     crm.Unavailable.
//   - A refused login is crm.Unauthorized, too many requests crm.Throttled, a
//     dead or refused connection crm.Unavailable, a folder that vanished
//     crm.NotFound, an answer that cannot be understood crm.Internal.
//   - A folder that is there but that the server does not open is ErrClosed; the
//     session is good for the others.
//
// A source stores nothing and knows neither the store nor the engine.
package source

import (
	"context"
	"errors"
	"iter"
	"strings"
	"unicode"

	"threadline/internal/crm"
	"threadline/internal/mail"
)

// ErrClosed is in the error of a folder that the server has and does not open, as it
// does those of others without the right to read them.
var ErrClosed = errors.New("the server does not open the folder")

// Source opens sessions on one mailbox. It is safe for concurrent use.
type Source interface {
	// Open connects and signs in.
	Open(ctx context.Context) (Session, error)
}

// Session is one signed-in connection. It is used by one goroutine at a time;
// a session that returned crm.Unavailable or crm.Internal is to be closed.
type Session interface {
	// Folders lists every folder with its role and its present cursor, in one
	// round trip where the server can.
	Folders(ctx context.Context) ([]Folder, error)

	// Delta tells what changed in the folder since the cursor; an empty cursor
	// asks for a first snapshot, whose Added covers everything on the server.
	Delta(ctx context.Context, folder, cursor string) (Delta, error)

	// List is a complete listing of the folder at one moment. With since set,
	// Recent holds the keys whose server date is not before that day.
	List(ctx context.Context, folder string, since crm.Time) (Listing, error)

	// Flags yields the flags of every copy in the folder: the sweep for servers
	// whose Delta cannot tell flag changes.
	Flags(ctx context.Context, folder string) iter.Seq2[FlagChange, error]

	// Fetch yields the copies among keys that exist, in the server's order. It
	// fails with crm.Conflict when the folder's epoch is not the given one.
	// After a pass without error a key that was not yielded does not exist.
	Fetch(ctx context.Context, folder string, epoch uint64, keys crm.KeySet, want Want) iter.Seq2[Item, error]

	// Find asks the server for the copies in the folder that fit a clue; of very
	// many it may leave out the oldest. A clue of nothing is crm.Invalid.
	Find(ctx context.Context, folder string, clue Clue) (Found, error)

	// Wait returns nil when the folder may have changed, and at the latest
	// after some minutes; it blocks until then or until ctx ends.
	Wait(ctx context.Context, folder string) error

	// Close ends the connection at once.
	Close() error
}

// Chooser is a Session that can tell whose mail a copy is without fetching it.
type Chooser interface {
	// Of is the copies of a folder that name one of the addresses or domains as
	// sender or recipient, and those whose server date is not before since. It may
	// hold copies of other folders.
	Of(ctx context.Context, folder string, known []crm.Token, since crm.Time) (crm.KeySet, error)
}

// Clue is what somebody knows of a mail. All that is set holds of what is found,
// as far as the server can tell: one looks for words, another for parts of them.
type Clue struct {
	ID      crm.RFCID // its Message-ID, with or without brackets
	With    string    // an address, a domain or a name among its sender and recipients
	Subject string    // words of its subject, in any order
	From    crm.Time  // the server's date is not before it; 0 for any
	Until   crm.Time  // the server's date is before it; 0 for any
}

// Found is what fits a clue: keys that are good within the epoch.
type Found struct {
	Epoch uint64
	Keys  crm.KeySet
}

// Parse checks a clue at the door of a source: every part in one line, and at
// least one that names the mail.
func (c Clue) Parse(op crm.Op) (Clue, error) {
	c.ID = crm.RFCID(strings.Trim(string(c.ID), "<> "))
	c.With, c.Subject = strings.TrimSpace(c.With), strings.TrimSpace(c.Subject)
	switch {
	case strings.ContainsFunc(string(c.ID)+c.With+c.Subject, unicode.IsControl):
		return c, crm.Errorf(crm.Invalid, op, "What is looked for has to stand in one line.")
	case c.ID == "" && c.With == "" && c.Subject == "":
		return c, crm.Errorf(crm.Invalid, op, "Nothing is said of the mail that is looked for.").WithField("with").
			WithHint("give its Message-ID, somebody whom it names, or words of its subject")
	}
	return c, nil
}

// Folder is one folder on the server.
type Folder struct {
	Name   string
	Role   crm.BoxRole
	Cursor string // equal to a stored cursor: nothing changed that Delta could tell
	Count  int64  // copies on the server, -1 when not told
	Within string // another folder that holds every mail of this one as well; "" for none
}

// Delta is what changed in one folder, as of one snapshot.
type Delta struct {
	Epoch   uint64       // keys are valid within it
	Cursor  string       // of this snapshot
	Added   crm.KeySet   // new keys; may cover keys that do not exist, unless Count is -1
	Gone    crm.KeySet   // keys that left the folder, of a system that names them; it asks for no Recount then
	Flags   []FlagChange // flag changes of older keys
	Count   int64        // copies on the server; -1: not told, Added and Gone say how many more and fewer
	Lost    bool         // what happened since the cursor cannot be told, but keys are good: compare with List and Flags
	Recount bool         // copies may have gone: compare with List
	Void    bool         // the given cursor means nothing any more: every key is void
	NoFlags bool         // flag changes cannot be told: sweep with Flags now and then
}

// FlagChange is the present flags of one copy, sorted.
type FlagChange struct {
	Key   crm.Key
	Flags []crm.Flag
}

// Listing is every key of a folder at one moment.
type Listing struct {
	Epoch  uint64
	All    crm.KeySet // exact: covers existing keys only
	Recent crm.KeySet // All, or those not older than the since-date
	// Strange are kept out of Recent, because nobody whom they name is known: no
	// source sets it, but who asks a Chooser.
	Strange crm.KeySet
}

// Want says how much of each copy to fetch.
type Want struct {
	HeadersOnly bool
	MaxSize     int64 // bytes; the header alone of a larger copy
	Raw         bool  // bytes, of a system that could hand over a tree without what is attached
	Swift       bool  // a copy that needs care may fail: it is asked for again without this
}

// Item is one complete remote copy. Either Raw is set, or Headers and Root for
// a system that delivers a parsed tree; of such a one only the header is here
// when Part is set.
type Item struct {
	Key      crm.Key
	Flags    []crm.Flag // sorted
	Size     int64      // bytes on the server
	Internal crm.Time   // the server's date; 0 when it was not usable
	Raw      []byte     // whole message, or its header when Part is set
	Part     crm.Mark   // why only the header is here: headers_only or over_size_gate; "" for a whole message
	Headers  []crm.Header
	Root     *mail.Part
}

// Parse reads the message of the item. It is pure and may run on any goroutine.
func (it Item) Parse() *mail.Parsed {
	switch {
	case it.Part != "" && it.Headers != nil:
		return mail.FromHeader(it.Headers, it.Part)
	case it.Part != "":
		return mail.ParseHeader(it.Raw, it.Part)
	case it.Root != nil:
		return mail.FromTree(it.Headers, it.Root)
	}
	return mail.Parse(it.Raw)
}
