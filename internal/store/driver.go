package store

import (
	"context"

	"threadline/internal/crm"
)

// Driver is one engine. The shared layer above it validates, plans and encodes;
// a driver stores bytes, keeps the index entries of a document (Indexes.Entries)
// and answers plans. Package storetest holds every driver to the same
// semantics.
type Driver interface {
	// Get returns one Raw a key, in the order of the keys; a missing document
	// has nil Data.
	Get(ctx context.Context, keys []Key) ([]Raw, error)
	// Query returns at most plan.Limit documents in the plan's order.
	Query(ctx context.Context, plan *Plan) ([]Raw, error)
	// Aggregate counts the documents of a plan, or sums a number field of them,
	// leaving out values that are no whole numbers.
	Aggregate(ctx context.Context, plan *Plan, sum string) (int64, error)
	// Commit applies the writes atomically. A failed precondition fails with
	// crm.Exists, crm.NotFound or crm.Conflict.
	Commit(ctx context.Context, writes []Write) error
	// Transact runs fn with serialisable reads and commits the writes it
	// returns. fn may run several times.
	Transact(ctx context.Context, fn func(ctx context.Context, r DriverReader) ([]Write, error)) error
	// Feed returns changes and arrivals of a workspace committed after the
	// position, in order, and the position behind them: at most limit, and fewer
	// when they are large. Empty means the start.
	Feed(ctx context.Context, ws crm.WorkspaceID, after Position, limit int) ([]Raw, Position, error)
	// Workspaces lists the workspaces that hold documents.
	Workspaces(ctx context.Context) ([]crm.WorkspaceID, error)
	// Room says how much one commit should hold.
	Room() Room
	// Alone tells that no other process writes to the engine, so that this one
	// knows of everything that changes.
	Alone() bool
	// Close releases the engine; nothing may be running.
	Close() error
}

// Room is how much callers that choose the size of a commit or of a look-up put
// into it. An
// engine that takes less fails larger ones with crm.TooLarge.
type Room struct {
	Writes int  // documents
	Bytes  int  // of their data, with what an engine adds
	Ahead  bool // a transaction may begin while the one before is written (Ahead); where not, they would be in each other's way

	Width  int // values of one filter of a look-up, at least as many as anybody may ask for
	AtOnce int // queries of one look-up that are worth running at once
}

// DriverReader is what a transaction reads with.
type DriverReader interface {
	Get(ctx context.Context, keys []Key) ([]Raw, error)
	Query(ctx context.Context, plan *Plan) ([]Raw, error)
}

// Key names a document.
type Key struct {
	Workspace  crm.WorkspaceID
	Collection string
	ID         string
}

// Version changes with the content of a document and with nothing else; 0 is
// "does not exist".
type Version int64

// Raw is a stored document; Data is nil when it does not exist, or when a query
// did not read it (Query.Skips): then Place is where it stands in the order.
type Raw struct {
	Key     Key
	Version Version
	Data    []byte
	Place   []byte
}

// Position is a place in the feed, opaque to all but its driver.
type Position string

// Write is one write of a commit: Data puts a whole document, nil deletes it.
// Transforms apply to Data, or, when Data is nil, to the present document or an
// empty one; a Write without Data and without Transforms is a deletion.
type Write struct {
	Key        Key
	Data       []byte
	Transforms []Transform
	Pre        Precondition
}

// Deletes tells whether the write deletes the document.
func (w Write) Deletes() bool { return w.Data == nil && len(w.Transforms) == 0 }

// Precondition must hold for the present document, else the commit fails.
type Precondition struct {
	Must    Must
	Version Version // of MustMatch
}

// Must is the kind of a precondition.
type Must string

const (
	MustNothing  Must = ""
	MustNotExist Must = "not_exist" // else crm.Exists
	MustExist    Must = "exist"     // else crm.NotFound
	MustMatch    Must = "match"     // else crm.Conflict
)

// Check compares a precondition with the version of the present document.
func (p Precondition) Check(k Key, have Version) error {
	const op = crm.Op("store.Commit")
	switch {
	case p.Must == MustNotExist && have != 0:
		return crm.Errorf(crm.Exists, op, "%s %s exists already", k.Collection, k.ID)
	case p.Must == MustExist && have == 0:
		return crm.Errorf(crm.NotFound, op, "%s %s does not exist", k.Collection, k.ID)
	case p.Must == MustMatch && have != p.Version:
		return crm.Errorf(crm.Conflict, op, "%s %s changed in the meantime", k.Collection, k.ID).WithHint("read it again and repeat the change")
	}
	return nil
}

// Transform changes one field on the server side.
type Transform struct {
	Field []string // path of map keys
	Kind  TransformKind
	Value any // int64 or float64 of Increment, []any of the unions
}

// TransformKind is the kind of a transform.
type TransformKind string

const (
	// Increment adds; saturates at the ends of int64; a field that is missing
	// or no number becomes the operand.
	Increment TransformKind = "increment"
	// ArrayUnion appends the values that are not there; a field that is missing
	// or no array becomes the list.
	ArrayUnion TransformKind = "array_union"
	// ArrayRemove removes every occurrence; a missing field becomes [].
	ArrayRemove TransformKind = "array_remove"
	// ServerTime sets the engine's time of the commit, equal for all fields.
	ServerTime TransformKind = "server_time"
)

// Plan is a query together with the one index that serves it. An engine with
// queries of its own uses Query; one with an index table scans: for each of
// Prefixes the keys from prefix+Low up to, not including, prefix+High (all keys
// of the prefix when nil), backwards when Desc, starting after prefix+After,
// merged by what follows the prefix, each document once.
type Plan struct {
	Workspace  crm.WorkspaceID
	Collection string
	Query      Query
	Index      *Index // nil: in order of id
	Prefixes   [][]byte
	Low, High  []byte
	After      []byte // order value and id of the last document of the page before
	Desc       bool
	Limit      int
}
