package records

import (
	"threadline/internal/crm"
	"threadline/internal/store"
)

// Service reads and writes the records of one workspace. It is safe for
// concurrent use.
type Service struct {
	sp     *store.Space
	policy policies
	kept   schemas
	asked  askers
}

// New makes the service of a workspace.
func New(sp *store.Space) *Service { return &Service{sp: sp} }

// By says who writes, through which door and why.
type By struct {
	Actor crm.UserID // empty for the operator
	Cause crm.Cause
	Batch string   // joins an earlier batch; empty starts a new one
	Title string   // what is being done, for people
	At    crm.Time // when it came about: stage moves, identities gained and left; zero means now
}

// Draft is a record to be made.
type Draft struct {
	ID     crm.RecordID // derived from a natural key by the caller; empty makes a random one
	Kind   crm.Kind
	Values map[string]any
	of     *crm.Record // that it comes from: its telephones are good as they are
}

// Patch changes some values of a record: nil clears one, others stay.
type Patch struct {
	Values  map[string]any
	IfMatch store.Version // 0 takes any version
	// MovedOn says that addresses, domains and phones that the patch takes away
	// were right until now: mail before stays linked. Otherwise they are
	// corrected, as if the record had never held them.
	MovedOn bool
}

// Saved is a record after a write.
type Saved struct {
	Record  crm.Record
	Version store.Version
	Batch   string // to undo the write
	// Duplicates are, of a new record, others that are perhaps the same.
	Duplicates []Duplicate
}

// Created is the outcome of CreateMany.
type Created struct {
	Batch string
	IDs   []crm.RecordID // one per draft
	New   int            // how many of them did not exist before
}

// Page asks for a part of a list.
type Page struct {
	Limit  int    // 0 means store.DefaultLimit
	Cursor string // Next of the page before
}
