package query

import "threadline/internal/crm"

// Query asks for records of one noun.
type Query struct {
	Kind  crm.Kind `json:"kind"`
	Where *Expr    `json:"where,omitempty"` // nil: all of them
	Order string   `json:"order,omitempty"` // field; empty leaves the order to whoever answers
	Desc  bool     `json:"desc,omitempty"`
	Limit int      `json:"limit,omitempty"` // 0 when not given
}

// Expr is one condition, or a group of them: exactly one of its parts is set.
// A group has at least two members.
type Expr struct {
	And  []Expr     `json:"and,omitempty"`
	Or   []Expr     `json:"or,omitempty"`
	Not  *Expr      `json:"not,omitempty"`
	Test *Condition `json:"test,omitempty"`
}

// Condition compares a field.
type Condition struct {
	Field  string   `json:"field"` // of the record, or relation.field of related ones
	Op     Op       `json:"op"`
	Values []string `json:"values,omitempty"` // as the language writes them, without quotes
}

// CreatedAt can be compared and ordered by on every noun: when the record was
// made in Threadline.
const CreatedAt = "created_at"

// Op is a comparison.
type Op string

const (
	Eq       Op = "="
	Ne       Op = "!="
	Lt       Op = "<"
	Le       Op = "<="
	Gt       Op = ">"
	Ge       Op = ">="
	In       Op = "in"      // one of a list
	NotIn    Op = "not in"  // none of a list
	Has      Op = "has"     // a list field holds the value, or any of a list
	Between  Op = "between" // from the first value to the second, both included
	Like     Op = "~"       // holds the text, whatever its case and accents
	Empty    Op = "is empty"
	NotEmpty Op = "is not empty"
)

// all joins conditions with and.
func all(parts []Expr) *Expr {
	switch len(parts) {
	case 0:
		return nil
	case 1:
		return &parts[0]
	}
	return &Expr{And: parts}
}

// NoLimit refuses a query with a limit where all that it finds are meant: a limit
// bounds one answer, and passed over it would mean more than was asked for. The
// error is about the field that holds the query.
func (q *Query) NoLimit(field string) error {
	if q.Limit == 0 {
		return nil
	}
	return crm.Errorf(crm.Invalid, "query.NoLimit", "all records are meant that the query finds, and a limit leaves out none").WithField(field).
		WithHint("leave out: limit " + itoa(q.Limit))
}
