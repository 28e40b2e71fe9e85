package query

import "threadline/internal/crm"

// Query asks for records of one noun.
type Query struct {
	Kind  crm.Kind
	Where []Condition // all of them must hold
	Order string      // field; empty leaves the order to the store
	Desc  bool
	Limit int // 0 when not given
}

// Condition compares a field.
type Condition struct {
	Field string
	Op    Op
	Value any // the stored type of the field; []any for In
}

// CreatedAt can be compared and ordered by on every noun: when the record was
// made in Threadline.
const CreatedAt = "created_at"

// Op is a comparison.
type Op string

const (
	Eq  Op = "="
	Lt  Op = "<"
	Le  Op = "<="
	Gt  Op = ">"
	Ge  Op = ">="
	In  Op = "in"  // one of a list
	Has Op = "has" // a list field holds the value
)
